"""Take a migration back: matters that have not moved on since stand again exactly as they stood. Run by the worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lianban.actions.acting import Acting
from lianban.actions.migrate_matters import BATCH, Kept, Moved, record
from lianban.actions.order_migration import open_order
from lianban.actions.surveying import Candidate
from lianban.engines.migration import Obstacle
from lianban.records import migrating, migration_orders
from lianban.records.migration_orders import Order


def _nothing(moved: Moved) -> None:
    """Nobody is told."""


def roll_back_migration(
    acting: Acting, roll_back: UUID, batch: int = BATCH, told: Callable[[Moved], None] = _nothing
) -> Moved:
    """Carry out an order to take a migration back. Raises :class:`MigrationNotFound`, :class:`MigrationIsFinished`."""
    with connection.cursor() as cursor:
        given = open_order(migration_orders.order(cursor, roll_back), roll_back, undoing=True)
        done = Moved()
        last: UUID | None = None
        while True:
            with transaction.atomic():
                open_order(migration_orders.order(cursor, roll_back, lock=True), roll_back, undoing=True)
                assert given.undoes is not None
                rows = migrating.next_moved(cursor, given.undoes, last, batch)
                if not rows:
                    migration_orders.progress(cursor, roll_back, 0, len(done.kept), acting.now)
                    return done
                back, kept = _sort(cursor, given, rows)
                _restore(cursor, acting, given, back)
                migration_orders.progress(cursor, roll_back, len(back), None, None)
            last = rows[-1].matter
            done.moved += len(back)
            done.kept += kept
            told(done)


def _sort(cursor: Any, given: Order, rows: list[migrating.Moved]) -> tuple[list[migrating.Moved], list[Kept]]:
    stand = migrating.digests(cursor, [row.matter for row in rows])
    back, kept = [], []
    for row in rows:
        obstacle = _obstacle(given, row, stand.get(row.matter))
        if obstacle is None:
            back.append(row)
        else:
            kept.append(Kept(row.matter, row.number, (obstacle,)))
    return back, kept


def _obstacle(given: Order, row: migrating.Moved, digest: str | None) -> Obstacle | None:
    if row.state != "open":
        zh, en = "已办结或撤回", "is closed or withdrawn"
        return Obstacle("closed", "", "", f"事项{zh}，不再退回。", f"The matter {en}; it is not taken back.")
    if row.drawing != given.from_drawing or row.last_event != row.known_event or row.digest != digest:
        return Obstacle(
            "moved-on", "", "",
            "迁移之后事项已有办理，退回会丢失这些办理。请按新版继续办理。",
            "The matter has moved on since; going back would lose what was done. Let it go on in the new version.",
        )  # fmt: skip
    return None


def _restore(cursor: Any, acting: Acting, given: Order, back: list[migrating.Moved]) -> None:
    if not back:
        return
    assert given.undoes is not None
    ids = [row.matter for row in back]
    migrating.restore(cursor, given.undoes, ids, acting.now)
    seqs = migrating.take_drawing(cursor, ids, given.to_drawing)
    matters = [Candidate(row.matter, given.scene, row.number, row.lead, acting.now) for row in back]
    record(cursor, acting, given, matters, seqs, "matter.migration_rolled_back")
