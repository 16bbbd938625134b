"""A dry run of a migration: what it would do to each open matter. It reads, locks nothing and writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
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
