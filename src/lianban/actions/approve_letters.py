"""审批: the judge approves the drafts or returns them with a reason."""

from __future__ import annotations

from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.permissions import require_reason


@completes("letters.approve")
def approve_letters(completing: Completing) -> Outcome:
    decision = completing.data.get("decision")
    reason = str(completing.data.get("reason", ""))
    if decision != "approve":
        require_reason("退回修改", reason)
    return Outcome(
        variables=completing.data,
        said={"decision": decision, "reason": reason},
        shown={"decision": decision},
        milestone=False,
    )
