"""签收: the township takes the task; the agreed period for its answer begins."""

from __future__ import annotations

from lianban.actions import timing
from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.collaborating import ABOUT, ANSWER, in_hand, move, subjects
from lianban.actions.running_clocks import meet_clocks, start_clock
from lianban.engines.collaboration import Step


@completes("collaborations.sign")
def sign_collaboration(completing: Completing) -> Outcome:
    work, matter, at = completing.work, completing.matter, completing.at
    row = in_hand(work, matter, completing.task.about)
    due = timing.due(ANSWER, at)
    move(work, row, Step.SIGNED, at, signed_at=at, due_on=due.legal_date)
    meet_clocks(work, row.id, at, [ANSWER])
    start_clock(work, matter, code=ANSWER, about_kind=ABOUT, about=row.id, from_at=at, verb="collaborations.watch",
                warn_days=(2,))  # fmt: skip
    work.ask(matter, row.township, "grid_worker", "摸排并反馈线索", element="collaborations.report",
             form="collaboration_report", action="collaborations.report", about=row.id, due_at=due.at, at=at)  # fmt: skip
    return Outcome(
        said={"collaboration": str(row.id), "due_on": due.legal_date.isoformat()},
        subjects=subjects(row), milestone=False,
    )  # fmt: skip
