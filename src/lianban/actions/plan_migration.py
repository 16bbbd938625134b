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

    def as_dict(self) -> dict[str, Any]:
        return {
            "matter": str(self.matter),
            "number": self.number,
            "moves": self.moves,
            "rests": list(self.rests),
            "obstacles": [obstacle.as_dict() for obstacle in self.obstacles],
            "changes": self.changes,
        }


def plan_migration(drawing: UUID, route: Route, now: datetime, batch: int = BATCH) -> Iterator[Planned]:
    """The report, matter by matter, in the order of their ids. As the worker, or as whoever may see them."""
    last: UUID | None = None
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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some matters stay: one obstacle, and how many matters have it."""

    obstacle: Obstacle
    matters: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan as a whole: what moves and changes, what stays and why, and the first of those that stay."""

    looked_at: int
    moves: int
    kept: int
    changes: Mapping[str, int]
    rests: Mapping[str, int]
    reasons: tuple[Reason, ...]
    staying: tuple[Planned, ...]


def summarise(found: Iterable[Planned], most: int, named: int = 20) -> Summary:
    """Sum up the first ``most`` matters of a plan; ``named`` of those that stay are kept by name."""
    changes, reasons, rests = Counter[str](), Counter[Obstacle](), Counter[str]()
    moves = kept = 0
    staying: list[Planned] = []
    for one in islice(found, most):
        rests.update(one.rests)
        changes.update(one.changes)
        reasons.update(one.obstacles)
        moves += one.moves
        kept += not one.moves
        if not one.moves and len(staying) < named:
            staying.append(one)
    return Summary(
        moves + kept, moves, kept, dict(changes), dict(rests.most_common()),
        tuple(Reason(obstacle, count) for obstacle, count in reasons.most_common()), tuple(staying),
    )  # fmt: skip
