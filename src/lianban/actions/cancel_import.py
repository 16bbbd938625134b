"""Cancel an import: what was taken stays, what was not is erased."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.import_errors import ImportNotReady
from lianban.actions.importing import run_in_hand
from lianban.actions.permissions import require
from lianban.actions.work import working
from lianban.records import imports
from lianban.records.history import Entry


def cancel_import(acting: Acting, run: UUID) -> None:
    require(acting, "start_import")
    with working(acting) as work:
        found = run_in_hand(work, run)
        if found.state == "cancelled":
            raise ImportNotReady(file=found.file, state=found.state, act="取消", act_en="cancelling",
                                 todo_zh="它已经取消。", todo_en="It is cancelled already.")  # fmt: skip
        imports.finish(work.cursor, run, "done" if found.state == "done" else "cancelled", acting.now)
        work.enter(
            Entry(
                "imports.cancel",
                said={"import": str(run), "taken": found.taken, "left": found.good + found.waiting},
            )
        )
