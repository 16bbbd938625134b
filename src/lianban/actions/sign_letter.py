"""签收: the unit's liaison signs for the letter. From here its reply clock runs, not from sending."""

from __future__ import annotations

from lianban.actions import timing
from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.reply_clock import start_reply_clock


@completes("letters.sign")
def sign_letter(completing: Completing) -> Outcome:
    work, letter = completing.work, completing.letter
    # Signed for again after a return inside the unit, the clock goes on; only a new delivery begins it anew.
    due = start_reply_clock(work, letter, completing.at) if letter.clock_from is None else None
    work.letters.change(letter, state="signed", signed_at=letter.signed_at or completing.at)
    return Outcome(
        variables=completing.data,
        said={
            "letter": str(letter.id),
            "due_at": letter.due_at,
            "clock": due.version if due else None,
        },
        shown={"unit": completing.unit, "due": timing.local(letter.due_at) if letter.due_at else None},
        milestone=False,
    )
