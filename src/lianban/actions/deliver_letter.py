"""送达: the letter reaches the unit's inbox, and the unit gets its leg in the matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lianban.actions.abilities import serves
from lianban.actions.errors import NothingToDo
from lianban.actions.work import MatterRow, Work
from lianban.engines.process.events import CallService
from lianban.records.history import Entry


@serves("letters.deliver")
def deliver_letter(work: Work, matter: MatterRow, call: CallService, at: datetime) -> Mapping[str, Any]:
    unit = work.branch_of(matter, call.scope_id)
    letter = work.letters.to(work.cursor, matter.id, unit) if unit else None
    if unit is None or letter is None:
        raise NothingToDo(
            act="送达", reason_zh="该单位没有已签章的函件", reason="this unit has no sealed letter"
        )
    again = letter.delivered_at is not None
    work.letters.change(
        letter, state="delivered", delivered_at=letter.delivered_at or at, scope_id=work.branch_scope(matter, call.scope_id),
        clock_from=None, due_at=None,
    )  # fmt: skip
    work.join_with(matter, unit, at)
    code = work.directory.agencies[unit].code
    work.happen(matter, "letters.deliver", at, milestone=False, unit=code, letter=str(letter.id), again=again)
    work.enter(
        Entry("letters.deliver", matter.id, said={"letter": str(letter.id), "unit": code, "again": again})
    )
    work.tell(unit)
    return {}
