"""裁定送达当事人: the ruling that orders a measure is served on debtor and creditor (查扣冻规定 1).

A measure has effect without it, from its arrival at the unit; what is owed here is that the people concerned are told. The rule
names no days: the clock's length is a setting, marked unverified.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.measure_errors import RulingServiceWrong
from lianban.actions.measure_in_hand import measure_in, unit_code
from lianban.actions.order_measure import RULING_CLOCK, told
from lianban.actions.running_clocks import meet_clocks
from lianban.engines.clocks.moments import legal_date
from lianban.records import measures


@acts("measures.serve_parties")
def serve_ruling(doing: Doing) -> Outcome:
    """Some of them, or all, on a day. The clock is met when every debtor and every creditor was served.

    Raises :class:`RulingServiceWrong` for a party that need not be served, or a day before the order or after today.
    """
    work, matter, data = doing.work, doing.matter, doing.data
    row = measure_in(work, matter, doing.record)
    on, today = date.fromisoformat(str(data["served_on"])), legal_date(work.acting.now)
    if not row.ordered_on <= on <= today:
        raise RulingServiceWrong(
            number=row.number, why_zh=f"送达日应在裁定之日{row.ordered_on}至今天之间",
            why=f"the day lies between that of the ruling, {row.ordered_on}, and today",
        )  # fmt: skip
    owed = measures.to_be_served(work.cursor, matter.id)
    chosen = [UUID(str(one)) for one in data["parties"]]
    if not set(chosen) <= owed:
        raise RulingServiceWrong(
            number=row.number, why_zh="裁定送达被执行人和申请执行人，所选的不在其中", why="it is served on debtors and creditors; somebody else was chosen"
        )  # fmt: skip
    before = measures.parties_served(work.cursor, matter.id).get(row.id, {})
    left = owed - set(before) - set(chosen)
    if not left:
        meet_clocks(work, row.id, doing.at, [RULING_CLOCK])
    unit = unit_code(work, row.unit)
    said = {"measure": str(row.id), "parties": [str(one) for one in chosen], "served_on": on, "way": data["way"], "left": len(left)}  # fmt: skip
    return Outcome(
        record=row.id, said=said, subjects=tuple(chosen), milestone=False,
        shown=told(row.id, row.number, unit) | {"parties": said["parties"], "served_on": on.isoformat(), "way": data["way"],
                                                "left": len(left)},
    )  # fmt: skip
