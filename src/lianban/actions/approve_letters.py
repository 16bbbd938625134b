"""审批: the judge approves the drafts or returns them with a reason."""

from __future__ import annotations

from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.permissions import require_reason


@completes("letters.approve")
def approve_letters(completing: Completing) -> Outcome:
    decision = completing.data.get("decision")
    remark = str(completing.data.get("remark", ""))
    if decision != "approve":
        require_reason("退回修改", remark)
    return Outcome(
        variables=completing.data,
        said={"decision": decision, "remark": remark},
        shown={"decision": decision},
        milestone=False,
    )
