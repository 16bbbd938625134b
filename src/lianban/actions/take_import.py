"""Take the next good rows of an import: each becomes a matter, open with its tasks or closed with its dates."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from lianban.actions.acting import Acting
from lianban.actions.import_errors import ImportNotReady
from lianban.actions.importing import (
    CLOSED,
    NUMBER,
    OPENED,
    OWN_NAMES,
    closing_told,
    columns_for,
    morning,
    run_in_hand,
)
from lianban.actions.open_matter import Opening, open_in
from lianban.actions.permissions import require
from lianban.actions.record_closed import ClosedMatter, record_closed_in
from lianban.actions.work import Work, working
from lianban.engines.closing import Told
from lianban.engines.imports import CheckedRow, RowChecker, match
from lianban.engines.scenes import Scene
from lianban.records import imports, scenes
from lianban.records.history import Entry
from lianban.records.imports import RunRow

STEP = 1_000
"""Matters one transaction opens: about half a second."""


def take_import(acting: Acting, run: UUID, limit: int = STEP) -> RunRow:
    """Open up to ``limit`` matters of the good rows, all or none, and erase the rows. The last call finishes the import;
    bad rows are never taken, and stay to be looked at until it is cancelled or thirty days have passed."""
    require(acting, "start_import")
    with working(acting) as work:
        found = run_in_hand(work, run)
        if found.state == "done":
            return found
        if found.state != "checked":
            raise ImportNotReady(file=found.file, state=found.state, act="导入", act_en="taking its rows",
                                 todo_zh="请先核对完所有行。", todo_en="Check all its rows first.")  # fmt: skip
        pack = scenes.scene(found.scene)
        staged = imports.rows_in(work.cursor, run, "good", limit)
        checker = RowChecker(
            pack.forms[pack.matter_form], match(found.heads, columns_for(pack)), OWN_NAMES, demo=settings.DEMO
        )
        made = _take(work, pack, found, [checker.read(one.number, one.cells) for one in staged])
        imports.taken(work.cursor, run, made)
        counted = imports.add_counts(work.cursor, run, good=-len(made), taken=len(made))
        if counted.good == 0:
            work.cursor.execute(
                "UPDATE import_run SET state = 'done', finished_at = %s WHERE id = %s", [acting.now, run]
            )
            work.enter(
                Entry("imports.done", said={"import": str(run), "taken": counted.taken, "bad": counted.bad})
            )
            counted = imports.run_of(work.cursor, run) or counted
        return counted


def _take(work: Work, pack: Scene, run: RunRow, rows: list[CheckedRow]) -> list[tuple[int, UUID]]:
    batch = str(run.id)
    open_rows = [row for row in rows if not row.own.get(CLOSED)]
    closed_rows = [row for row in rows if row.own.get(CLOSED)]
    opened = open_in(
        work, pack,
        [Opening(row.data, number=row.own[NUMBER], occurred_at=morning(row.own[OPENED]), batch=batch) for row in open_rows],
        checked=True,
    )  # fmt: skip
    closed = record_closed_in(
        work, pack,
        [ClosedMatter(row.data, row.own[NUMBER], morning(row.own[OPENED]), morning(row.own[CLOSED]), _told(row))
         for row in closed_rows],
        batch,
    )  # fmt: skip
    return [
        (row.number, matter)
        for row, matter in zip([*open_rows, *closed_rows], [*opened, *closed], strict=True)
    ]


def _told(row: CheckedRow) -> Told | None:
    """How the case ended, where its row says so; the row was checked."""
    told = closing_told(row.own)
    return None if isinstance(told, list) else told
