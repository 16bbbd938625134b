"""A dry run of a migration: what it would do to each open matter. It reads, locks nothing and writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lianban.actions.migrate_matters import BATCH
from lianban.actions.surveying import Surveyor
from lianban.engines.migration import Obstacle, Route
from lianban.records import migrating, scenes

COLUMNS = ("number", "matter", "moves", "rests", "changes", "reasons_zh", "reasons_en")
"""Of a report in a file."""
NAMED = 20
"""Matters that stay and are named in a summary; all are in the file."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One matter of the report: where it rests, what would change (or why it stays)."""

    matter: UUID
    number: str
    rests: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]
    changes: dict[str, int] = field(default_factory=dict)

    @property
    def moves(self) -> bool:
        return not self.obstacles

    def cells(self) -> list[str]:
        """As a row of a file, under :data:`COLUMNS`."""
        return [
            self.number, str(self.matter), "yes" if self.moves else "no", " ".join(self.rests),
            " ".join(f"{key}={count}" for key, count in self.changes.items()),
            " ".join(obstacle.zh for obstacle in self.obstacles), " ".join(obstacle.en for obstacle in self.obstacles),
        ]  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "matter": str(self.matter),
            "number": self.number,
            "moves": self.moves,
            "rests": list(self.rests),
            "obstacles": [obstacle.as_dict() for obstacle in self.obstacles],
            "changes": self.changes,
        }


def plan_migration(
    drawing: UUID, route: Route, now: datetime, batch: int = BATCH, after: UUID | None = None
) -> Iterator[Planned]:
    """The report, matter by matter, in the order of their ids, from the one behind ``after``. As the worker, or as
    whoever may see them."""
    last = after
    with transaction.atomic(), connection.cursor() as cursor:
        surveyor = Surveyor(cursor, route, now)
        while rows := migrating.next_matters(cursor, drawing, last, batch):
            found = surveyor.survey(rows)
            rests = migrating.places(cursor, list(found.matters))
            counts = migrating.counts(cursor, found.moving, surveyor.changes)
            for key, matter in found.matters.items():
                obstacles = tuple(found.kept.get(key, ()))
                changed: Counter[str] = Counter() if obstacles else counts[key] + found.counts[key]
                yield Planned(key, matter.number, tuple(rests.get(key, ())), obstacles, dict(changed))
            last = rows[-1][0]


def newly_read(route: Route) -> tuple[str, ...]:
    """Variables the new version reads and the old one did not keep: open matters have no value for them."""
    return tuple(sorted(scenes.names_read(route.new) - scenes.names_read(route.old)))


@dataclass(slots=True)
class Tally:
    """A plan summed up as far as it has been looked at: it grows with the drawing, never with the number of matters.

    ``reasons`` are told by obstacle and element, each with the words of the first matter that has it; ``staying`` names
    the first matters that stay. ``last`` is the matter looked at last, ``done`` that there was none after it.
    """

    moves: int = 0
    kept: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    rests: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    obstacles: dict[tuple[str, str], Obstacle] = field(default_factory=dict)
    staying: list[tuple[str, str]] = field(default_factory=list)
    last: UUID | None = None
    done: bool = False

    @property
    def looked_at(self) -> int:
        return self.moves + self.kept

    def why(self) -> list[tuple[Obstacle, int]]:
        """The reasons, those of most matters first."""
        return [(self.obstacles[key], count) for key, count in self.reasons.most_common()]

    def go_on(self, found: Iterable[Planned], most: int) -> None:
        """Add the next ``most`` matters of the plan; fewer of them are the last."""
        count = 0
        for one in islice(found, most):
            count += 1
            self.last = one.matter
            self.rests.update(one.rests)
            self.changes.update(one.changes)
            self.moves += one.moves
            self.kept += not one.moves
            for key in {(obstacle.code, obstacle.element): obstacle for obstacle in one.obstacles}:
                self.reasons[key] += 1
            for obstacle in one.obstacles:
                self.obstacles.setdefault((obstacle.code, obstacle.element), obstacle)
            if not one.moves and len(self.staying) < NAMED:
                self.staying.append((str(one.matter), one.number))
        self.done = count < most

    def as_dict(self) -> dict[str, Any]:
        return {
            "moves": self.moves, "kept": self.kept, "changes": dict(self.changes), "rests": dict(self.rests),
            "reasons": [[self.obstacles[key].as_dict(), count] for key, count in self.reasons.items()],
            "staying": self.staying, "last": str(self.last) if self.last else None, "done": self.done,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Tally:
        made = cls(
            said["moves"], said["kept"], Counter(said["changes"]), Counter(said["rests"]), done=said["done"],
            staying=[(matter, number) for matter, number in said["staying"]],
            last=UUID(said["last"]) if said["last"] else None,
        )  # fmt: skip
        for obstacle, count in said["reasons"]:
            key = obstacle["code"], obstacle["element"]
            made.reasons[key], made.obstacles[key] = count, Obstacle(**obstacle)
        return made
