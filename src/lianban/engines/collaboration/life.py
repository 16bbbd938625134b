"""The life of one collaboration: which step may follow which, and what a step makes of it."""

from __future__ import annotations

from .errors import StepOutOfOrder
from .kinds import WORDS, Step

# After a step, the steps that may follow. Leads may come again; a result may be recorded without a day where nothing
# was found; rating is last.
FOLLOWS: dict[Step, tuple[Step, ...]] = {
    Step.PUSHED: (Step.SIGNED,),
    Step.SIGNED: (Step.SURVEYED, Step.LEAD_REPORTED, Step.DAY_AGREED),
    Step.SURVEYED: (Step.SURVEYED, Step.LEAD_REPORTED, Step.DAY_AGREED, Step.RESULT_RECORDED),
    Step.LEAD_REPORTED: (Step.LEAD_REPORTED, Step.DAY_AGREED, Step.RESULT_RECORDED),
    Step.DAY_AGREED: (Step.LEAD_REPORTED, Step.DAY_AGREED, Step.RESULT_RECORDED),
    Step.RESULT_RECORDED: (Step.RATED,),
    Step.RATED: (),
}
ANSWERS = (Step.SURVEYED, Step.LEAD_REPORTED)
"""The steps that answer what was asked: they stop the answer clock."""


def require_next(state: Step, step: Step) -> None:
    """Raises :class:`StepOutOfOrder`, naming what may follow."""
    if step not in FOLLOWS[state]:
        raise StepOutOfOrder(
            state_zh=WORDS[state].zh, state_en=WORDS[state].en, step_zh=WORDS[step].zh, step_en=WORDS[step].en,
            known="、".join(WORDS[one].zh for one in FOLLOWS[state]) or "—",
        )  # fmt: skip
