"""送达分配方案: from the day the last of them received it, fifteen days to object (民诉解释 509)."""

from __future__ import annotations

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.money_errors import NotInThisStage
from lianban.actions.money_in_hand import day_of, distribution_in
from lianban.actions.running_clocks import start_clock
from lianban.engines.clocks.moments import start_of_day
from lianban.records import distributions

OBJECTION, COUNTER, SUIT = (f"enforcement.distribution_{what}" for what in ("objection", "counter", "suit"))
NEXT_VERB = "payments.next"


@acts("payments.serve_distribution")
def serve_distribution(doing: Doing) -> Outcome:
    """``served_on``: the last day on which a creditor or the debtor received the plan. Nothing is paid before the time to
    object is over."""
    work, matter = doing.work, doing.matter
    plan = distribution_in(work, matter, doing.record)
    if plan.state != "draft":
        raise NotInThisStage(
            what_zh="分配方案",
            what="The plan",
            state_zh="已送达或撤回",
            state=plan.state,
            act_zh="再次送达",
            act="served again",
        )
    served = day_of(doing.data.get("served_on"), doing.at)
    until = timing.book().due(OBJECTION, served).legal_date
    distributions.serve(work.cursor, plan.id, served, until)
    start_clock(
        work,
        matter,
        code=OBJECTION,
        about_kind="distribution",
        about=plan.id,
        from_at=start_of_day(served),
        verb=NEXT_VERB,
    )
    return Outcome(
        record=plan.id, shown={"until": until.isoformat()}, milestone=False,
        said={"distribution": str(plan.id), "served_on": served, "object_until": until},
        subjects=tuple(dict.fromkeys(share.creditor for share in plan.shares)),
    )  # fmt: skip
