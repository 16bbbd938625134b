"""签收: the unit's liaison signs for the letter. From here its reply clock runs, not from sending."""

from __future__ import annotations

from lianban.actions import timing
from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.reply_clock import start_reply_clock


@completes("letters.sign")
def sign_letter(completing: Completing) -> Outcome:
    work, letter = completing.work, completing.letter
    due = start_reply_clock(work, letter, completing.at)
    work.letters.change(letter, state="signed", signed_at=letter.signed_at or completing.at)
    return Outcome(
        variables=completing.data,
        said={
            "letter": str(letter.id),
            "due_at": due.at if due else None,
            "clock": due.version if due else None,
        },
        shown={"unit": completing.unit, "due": timing.local(due.at) if due else None},
        milestone=False,
    )
