"""核验: the court accepts an answer, returns it 退回, or amends its own letter 补正."""

from __future__ import annotations

from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.permissions import require_reason
from lianban.actions.reply_clock import start_reply_clock


@completes("letters.check")
def check_answer(completing: Completing) -> Outcome:
    work, letter = completing.work, completing.letter
    decision = str(completing.data["decision"])
    reason = str(completing.data.get("reason", ""))
    if decision == "accept":
        _mark(completing, "accepted", reason)
        work.letters.change(letter, state="accepted", accepted_at=completing.at)
    else:
        require_reason("退回反馈" if decision == "return" else "补正", reason)
        _mark(completing, "returned", reason)
        work.letters.change(letter, state="returned", returned_count=letter.returned_count + 1)
        if decision == "return":
            # A returned answer gets the whole period again, from the return.
            start_reply_clock(work, letter, completing.at)
    work.tell(letter.addressee_id)
    return Outcome(
        variables=completing.data,
        said={"letter": str(letter.id), "decision": decision, "reason": reason},
        shown={"unit": completing.unit, "decision": decision},
    )


def _mark(completing: Completing, state: str, reason: str) -> None:
    completing.work.cursor.execute(
        "UPDATE answer SET state = %s, state_reason = %s WHERE letter_id = %s AND state = 'sent'",
        [state, reason, completing.letter.id],
    )
