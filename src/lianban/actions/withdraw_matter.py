"""Withdraw a whole matter: every branch ends, every open letter is withdrawn."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import MatterNotFound
from lianban.actions.permissions import require, require_reason
from lianban.actions.withdraw_letter import FINISHED
from lianban.actions.work import working
from lianban.engines.process.events import MatterCancelled
from lianban.records.history import Entry


def withdraw_matter(acting: Acting, matter_id: UUID, reason: str) -> None:
    require(acting, "withdraw_matter")
    reason = require_reason("撤销事项", reason)
    with working(acting) as work:
        work.lock([matter_id])
        matter = work.open(matter_id)
        if matter.lead_agency != acting.agency:
            raise MatterNotFound
        for letter in work.letters.of_matter(work.cursor, matter_id):
            if letter.state not in FINISHED:
                work.letters.change(letter, state="withdrawn", withdrawn_at=acting.now, due_at=None)
                work.tell(letter.addressee_id)
        work.enter(Entry("matter.withdraw", matter_id, said={"reason": reason}))
        work.cursor.execute("SELECT id FROM scope WHERE matter_id = %s AND state = 'open'", [matter_id])
        work.load([row[0] for row in work.cursor.fetchall()])
        work.advance(matter, MatterCancelled(), acting.now)
