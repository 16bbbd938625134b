"""约定协同日: the day on which court and township act together."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.case_errors import OutOfPeriod
from lianban.actions.collaborating import a_date, in_hand, move, subjects
from lianban.engines.clocks.moments import end_of_day, legal_date
from lianban.engines.collaboration import Step


@acts("collaborations.agree_day")
def agree_day(doing: Doing) -> Outcome:
    work, matter, at = doing.work, doing.matter, doing.at
    row = in_hand(work, matter, doing.record)
    day = a_date(doing.data["day"])
    assert day is not None
    if day < legal_date(at):
        raise OutOfPeriod(day=day.isoformat(), why_zh="协同日不能早于今天", why_en="it lies in the past")
    move(work, row, Step.DAY_AGREED, at, agreed_on=day)
    work.close_asked([row.id], at, elements=["collaborations.record_result"])
    work.ask(matter, row.township, "grid_worker", "到场协同并登记结果", element="collaborations.record_result",
             form="collaboration_result", action="collaborations.record_result", about=row.id, due_at=end_of_day(day),
             at=at)  # fmt: skip
    return Outcome(
        said={"collaboration": str(row.id), "day": day.isoformat()},
        shown={"day": day.isoformat()}, subjects=subjects(row), milestone=False, record=row.id,
    )  # fmt: skip
