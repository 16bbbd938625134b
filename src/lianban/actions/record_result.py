"""结果: how the collaboration ended, written by whoever was there: the township, or the court."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lianban.actions.abilities import Completing, Doing, Outcome, acts, completes
from lianban.actions.collaborating import ANSWER, in_hand, move, subjects
from lianban.actions.running_clocks import meet_clocks
from lianban.actions.work import MatterRow, Work
from lianban.engines.collaboration import Result, Step


@completes("collaborations.record_result")
def result_task(completing: Completing) -> Outcome:
    """As the township's task on the agreed day."""
    data = completing.data
    return _record(completing.work, completing.matter, completing.task.about, str(data["result"]),
                   str(data.get("helper", "")), completing.at)  # fmt: skip


@acts("collaborations.record_result")
def record_result(doing: Doing) -> Outcome:
    data = doing.data
    return _record(
        doing.work, doing.matter, doing.record, str(data["result"]), str(data.get("helper", "")), doing.at
    )


def _record(
    work: Work, matter: MatterRow, record: UUID | None, result: str, helper: str, at: datetime
) -> Outcome:
    row = in_hand(work, matter, record)
    move(work, row, Step.RESULT_RECORDED, at, helper=helper, result=Result(result).value, result_at=at)
    meet_clocks(work, row.id, at, [ANSWER])
    work.close_asked([row.id], at)
    return Outcome(said={"collaboration": str(row.id), "result": result, "helper": helper}, shown={"result": result},
                   subjects=subjects(row), milestone=False, record=row.id)  # fmt: skip
