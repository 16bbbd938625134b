"""Carry out an order to migrate: open matters go on in another version of their drawing. Run by the worker.

Batches, each one transaction: lock, survey, move set-wise, one event and one ledger entry a matter. Killed between
or within batches, it goes on where it was when it is called again; matters that cannot move stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lianban.actions.acting import Acting
from lianban.actions.order_migration import open_order
from lianban.actions.surveying import Candidate, Survey, Surveyor
from lianban.engines.migration import ElementMap, Obstacle, route
from lianban.records import history, migrating, migration_orders, scenes
from lianban.records.history import Entry, Happened
from lianban.records.migration_orders import Order

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A matter that was not moved, and why."""

    matter: UUID
    number: str
    obstacles: tuple[Obstacle, ...]


@dataclass(slots=True)
class Moved:
    """What has been done: how many matters moved, and which stayed."""

    moved: int = 0
    kept: list[Kept] = field(default_factory=list)


def _nothing(moved: Moved) -> None:
    """Nobody is told."""


def migrate_matters(
    acting: Acting, migration: UUID, batch: int = BATCH, told: Callable[[Moved], None] = _nothing
) -> Moved:
    """Move every open matter of the order's old version that can move. ``told`` hears of each batch.

    Raises :class:`MigrationNotFound` and :class:`MigrationIsFinished`.
    """
    with connection.cursor() as cursor:
        given = open_order(migration_orders.order(cursor, migration), migration, undoing=False)
        way = route(
            scenes.graph_of(cursor, given.from_drawing),
            scenes.graph_of(cursor, given.to_drawing),
            ElementMap.from_dict(given.map),
        )
        surveyor = Surveyor(cursor, way, acting.now)
        done = Moved()
        last: UUID | None = None
        while True:
            with transaction.atomic():
                # The order is asked for again under a lock: it may have been finished by another worker meanwhile.
                open_order(migration_orders.order(cursor, migration, lock=True), migration, undoing=False)
                rows = migrating.next_matters(cursor, given.from_drawing, last, batch, lock=True)
                if not rows:
                    migration_orders.progress(cursor, migration, 0, len(done.kept), acting.now)
                    return done
                found = surveyor.survey(rows)
                _move(cursor, acting, given, surveyor, found)
                migration_orders.progress(cursor, migration, len(found.moving), None, None)
            last = rows[-1][0]
            done.moved += len(found.moving)
            done.kept += [
                Kept(key, found.matters[key].number, tuple(obstacles))
                for key, obstacles in found.kept.items()
            ]
            told(done)


def _move(cursor: Any, acting: Acting, given: Order, surveyor: Surveyor, found: Survey) -> None:
    moving = found.moving
    if not moving:
        return
    was = migrating.before(cursor, moving, surveyor.changes)
    armed = found.of_moving(found.armed)
    for fresh in armed:
        was[fresh[1]].setdefault("armed", []).append(str(fresh[0]))
    migrating.move_rows(
        cursor,
        moving,
        surveyor.changes,
        found.of_moving(found.roles),
        found.of_moving(found.dues),
        found.of_moving(found.timers),
        armed,
    )
    seqs = migrating.take_drawing(cursor, moving, given.to_drawing)
    migrating.remember(cursor, given.id, was, seqs, acting.now)
    record(cursor, acting, given, [found.matters[key] for key in moving], seqs, "matter.migrated")


def record(
    cursor: Any, acting: Acting, given: Order, matters: list[Candidate], seqs: Mapping[UUID, int], act: str
) -> None:
    """One event and one ledger entry a matter. The system acts; the entry names who ordered it, and when."""
    data = {
        "migration": str(given.id),
        "from_drawing": str(given.from_drawing),
        "to_drawing": str(given.to_drawing),
    }
    said = data | {"ordered_by": str(given.officer), "ordered_at": given.ordered_at.isoformat()}
    history.append_events(
        cursor,
        acting.by,
        (Happened(one.id, seqs[one.id], act, acting.now, data=data) for one in matters),
        acting.now,
    )
    history.append_entries(cursor, acting.by, (Entry(act, one.id, said=said) for one in matters), acting.now)
    history.tell(cursor, [one.id for one in matters], {one.lead for one in matters})
