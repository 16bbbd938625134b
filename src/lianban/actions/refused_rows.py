"""The rows of an import that were refused, as they came and with what is wrong beside them, to correct and hand in again."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.importing import run_in_hand
from lianban.actions.permissions import require
from lianban.actions.work import working
from lianban.engines.imports.tables import as_text
from lianban.records import imports
from lianban.records.history import Entry

MOST = 20_000


def refused_rows(acting: Acting, run: UUID) -> tuple[list[str], list[list[str]]]:
    """Heads and rows; two columns before them say in which row of the file each stood and what is wrong. One ledger entry:
    the rows hold names and numbers."""
    require(acting, "start_import")
    with working(acting) as work:
        found = run_in_hand(work, run)
        errors = dict(imports.errors_in(work.cursor, run, MOST))
        rows = [
            [str(one.number), "；".join(f"{e['column']}：{e['zh']}" if e["column"] else e["zh"] for e in errors.get(one.number, [])),
             *(as_text(cell) for cell in one.cells)]
            for one in imports.rows_in(work.cursor, run, "bad", MOST)
        ]  # fmt: skip
        work.enter(Entry("imports.refused_rows", said={"import": str(run), "rows": len(rows)}))
    return ["行号", "需要改正", *found.heads], rows
