"""登记分期到账: money of an instalment plan, as an arrival that counts for its claim."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.money_in_hand import plan_in
from lianban.actions.receive_payment import receive_payment


@acts("payments.record_instalment")
def record_instalment(doing: Doing) -> Outcome:
    """The same as an arrival, for the plan's own claim; the instalments it fills are met, the oldest first."""
    plan = plan_in(doing.work, doing.matter, doing.record)
    data = {**doing.data, "claim": str(plan.claim), "kind": "payment"}
    made = receive_payment(Doing(doing.work, doing.matter, data, doing.at))
    return Outcome(
        record=plan.id,
        subjects=made.subjects,
        said={**made.said, "plan": str(plan.id)},
        shown=made.shown,
        milestone=False,
    )
