"""A unit recalls an answer that turned out wrong. It stays on record, marked, and its reader is told at once."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import LetterNotFound, NothingToDo
from lianban.actions.permissions import require, require_reason
from lianban.actions.work import working
from lianban.engines.process.events import SentBack
from lianban.records.history import Entry


def recall_answer(acting: Acting, answer_id: UUID, reason: str) -> None:
    """Before the court has checked it, the letter goes back to the unit to be answered anew. After, the answer
    is only marked: what was done on it is the court's to judge."""
    require(acting, "recall_answer")
    reason = require_reason("撤回反馈", reason)
    with working(acting) as work:
        work.cursor.execute(
            "SELECT letter_id, matter_id, state FROM answer WHERE id = %s AND agency_id = %s",
            [answer_id, acting.agency],
        )
        row = work.cursor.fetchone()
        if row is None:
            raise LetterNotFound
        letter_id, matter_id, _ = row
        work.lock([matter_id])
        work.cursor.execute(
            "UPDATE answer SET state = 'recalled', state_reason = %s WHERE id = %s AND state IN ('sent', 'accepted')",
            [reason, answer_id],
        )
        if work.cursor.rowcount == 0:
            raise NothingToDo(
                act="撤回反馈", reason_zh="该反馈已被退回或已撤回", reason="it was returned or recalled"
            )
        matter = work.matters[matter_id]
        work.letters.read(work.cursor, [letter_id])
        letter = work.letters.rows[letter_id]
        unit = work.directory.agencies[letter.addressee_id].code
        work.happen(matter, "answer.recalled", acting.now, unit=unit)
        work.enter(Entry("answer.recalled", matter_id, said={"answer": str(answer_id), "reason": reason}))
        work.tell(letter.sender_id, letter.addressee_id)
        if letter.state == "answered" and letter.scope_id:
            work.cursor.execute(
                "SELECT token, element FROM task WHERE letter_id = %s AND state = 'done' AND action = 'letters.answer'"
                " ORDER BY closed_at DESC LIMIT 1",
                [letter_id],
            )
            answered = work.cursor.fetchone()
            work.load([letter.scope_id])
            waiting = [
                t for t in work.loaded[matter_id].state.tokens.values() if t.scope_id == letter.scope_id
            ]
            if answered and waiting:
                work.letters.change(letter, state="routed")
                work.advance(matter, SentBack(waiting[0].id, answered[1]), acting.now, letter)
