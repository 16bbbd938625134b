"""撤回: the sender takes a letter back. Its branch ends, the others go on, and a late answer is refused."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import NothingToDo
from lianban.actions.letter_in_hand import letter_of_ours
from lianban.actions.permissions import require, require_reason
from lianban.actions.work import working
from lianban.engines.process.events import BranchCancelled
from lianban.records.history import Entry

FINISHED = ("accepted", "withdrawn")


def withdraw_letter(acting: Acting, letter_id: UUID, reason: str) -> None:
    require(acting, "withdraw_letter")
    reason = require_reason("撤回", reason)
    with working(acting) as work:
        matter, letter = letter_of_ours(work, letter_id)
        if letter.state in FINISHED or letter.scope_id is None:
            raise NothingToDo(
                act="撤回",
                reason_zh="该函尚未送达、已核验或已撤回",
                reason="it is not delivered, accepted, or withdrawn",
            )
        # Before the drawing moves on: if this was the last open branch, what follows must already see it.
        work.letters.change(letter, state="withdrawn", withdrawn_at=acting.now, due_at=None)
        unit = work.directory.agencies[letter.addressee_id].code
        work.happen(matter, "letters.withdraw", acting.now, unit=unit, letter=str(letter.id))
        work.enter(
            Entry(
                "letters.withdraw", matter.id, said={"letter": str(letter.id), "unit": unit, "reason": reason}
            )
        )
        work.tell(letter.addressee_id)
        work.load([letter.scope_id])
        work.advance(matter, BranchCancelled(letter.scope_id), acting.now, letter)
