"""核验: the court accepts an answer, returns it 退回, or amends its own letter 补正."""

from __future__ import annotations

from datetime import datetime

from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.permissions import require_reason
from lianban.actions.reply_clock import start_reply_clock
from lianban.actions.work import Work
from lianban.records.letters import LetterRow


@completes("letters.check")
def check_answer(completing: Completing) -> Outcome:
    work, letter = completing.work, completing.letter
    decision = str(completing.data["decision"])
    remark = str(completing.data.get("remark", ""))
    if decision == "accept":
        mark_answer(work, letter, "accepted", remark)
        work.letters.change(letter, state="accepted", accepted_at=completing.at)
    else:
        require_reason("退回反馈" if decision == "return" else "补正", remark)
        return_answer(work, letter, remark, completing.at, whole_period=decision == "return")
    work.tell(letter.addressee_id)
    return Outcome(
        variables=completing.data,
        said={"letter": str(letter.id), "decision": decision, "remark": remark},
        shown={"unit": completing.unit, "decision": decision},
        milestone=False,
    )


def return_answer(
    work: Work, letter: LetterRow, remark: str, at: datetime, *, whole_period: bool = True
) -> None:
    """The answer stays on record as returned, and the letter is with its unit again."""
    mark_answer(work, letter, "returned", remark)
    # What registries answered of it is returned with the rest: the officer answers all of the letter.
    work.letters.change(letter, state="returned", returned_count=letter.returned_count + 1, by_registry=[])
    if whole_period:
        # A returned answer gets the whole period again, from the return.
        start_reply_clock(work, letter, at)


def mark_answer(work: Work, letter: LetterRow, state: str, remark: str) -> None:
    """What became of the answer that lies before the court. Earlier rounds stay as they are."""
    work.cursor.execute(
        "UPDATE answer SET state = %s, state_reason = %s WHERE letter_id = %s AND state = 'sent'",
        [state, remark, letter.id],
    )
