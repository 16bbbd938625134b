"""A unit recalls an answer that turned out wrong. It stays on record, marked, and its reader is told at once."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import LetterNotFound, NothingToDo
from lianban.actions.permissions import require, require_reason
from lianban.actions.send_back import STANDS
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.process import return_targets
from lianban.engines.process.events import SentBack
from lianban.records import answer_reads, scenes
from lianban.records.history import Entry
from lianban.records.letters import LetterRow


def recall_answer(acting: Acting, answer_id: UUID, reason: str) -> None:
    """Before the court has checked it, the letter goes back to the unit to be answered anew, by a person also where a
    registry had answered. After, the answer is only marked: what was done on it is the court's to judge. Everyone who
    read it is told either way (``answer_read``; the database sees to it)."""
    require(acting, "recall_answer")
    reason = require_reason("撤回反馈", reason)
    with working(acting) as work:
        work.cursor.execute(
            "SELECT letter_id, matter_id, collision_id FROM answer WHERE id = %s AND agency_id = %s",
            [answer_id, acting.agency],
        )
        row = work.cursor.fetchone()
        if row is None:
            raise LetterNotFound
        letter_id, matter_id, collision = row
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
        readers = [one for one in answer_reads.of_letter(work.cursor, letter_id) if one.answer == answer_id]
        work.happen(
            matter, "answer.recalled", acting.now, unit=unit, answer=str(answer_id), readers=len(readers)
        )
        work.enter(
            Entry("answer.recalled", matter_id,
                  said={"answer": str(answer_id), "reason": reason,
                        "readers": sorted({str(one.officer or one.post) for one in readers})})
        )  # fmt: skip
        work.tell(letter.sender_id, letter.addressee_id)
        if collision is not None:
            work.letters.change(letter, by_registry=[])
        if letter.state == "answered" and letter.scope_id:
            _back_to_unit(work, matter, letter)


def _back_to_unit(work: Work, matter: MatterRow, letter: LetterRow) -> None:
    """To the desk that answered; where a registry did, and nobody has signed for the letter, to the signing."""
    assert letter.scope_id is not None
    work.load([letter.scope_id])
    tokens = [t for t in work.loaded[matter.id].state.tokens.values() if t.scope_id == letter.scope_id]
    if not tokens:
        return
    graph = scenes.graph_of(work.cursor, matter.drawing)
    verb = "letters.answer" if letter.signed_at else "letters.sign"
    targets = [key for key in return_targets(graph, work.loaded[matter.id].state, tokens[0].id)
               if graph.nodes[key].properties.get("action") == verb]  # fmt: skip
    if targets:
        changes = {} if letter.signed_at else {"clock_from": None, "due_at": None}
        work.letters.change(letter, state=STANDS[verb], **changes)
        work.advance(matter, SentBack(tokens[0].id, targets[-1]), work.acting.now, letter)
