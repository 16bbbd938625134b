"""督办: an overdue letter goes up to the supervising post, by the drawing's timer or by the supervisor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.actions.abilities import serves
from lianban.actions.acting import Acting
from lianban.actions.letter_in_hand import letters_in_hand
from lianban.actions.permissions import require, require_reason
from lianban.actions.remind_letter import WAITING, require_waiting, write_reminder
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.process.events import CallService
from lianban.records.identity import new_id
from lianban.records.letters import LetterRow


@serves("letters.supervise")
def supervise_by_timer(work: Work, matter: MatterRow, call: CallService, at: datetime) -> Mapping[str, Any]:
    """What the drawing's timer does. A letter that no longer waits is not supervised."""
    unit = work.branch_of(matter, call.scope_id)
    letter = work.letters.to(work.cursor, matter.id, unit) if unit else None
    if letter is not None and letter.state in WAITING:
        write_reminder(work, matter, letter, "supervise", at, "")
        _ask_supervisors(work, matter, letter, at)
    return {}


def supervise_letters(acting: Acting, letters: Sequence[UUID], note: str) -> None:
    """The supervisor presses the units of one or many letters, all or none. What was asked and answered stays unseen:
    letters, not answers."""
    require(acting, "supervise_letter")
    note = require_reason("督办", note)
    with working(acting) as work:
        found = letters_in_hand(work, letters)
        for letter in (found[key] for key in letters):
            require_waiting("督办", letter)
            write_reminder(work, work.open(letter.matter_id), letter, "supervise", acting.now, note)


def supervise_letter(acting: Acting, letter: UUID, note: str) -> None:
    supervise_letters(acting, [letter], note)


def _ask_supervisors(work: Work, matter: MatterRow, letter: LetterRow, at: datetime) -> None:
    """A task for each supervising agency: no token waits for it, so the drawing is not held up by it. It ends
    with the letter's answer or withdrawal, or when the supervisor completes it."""
    unit = work.directory.agencies[letter.addressee_id]
    work.cursor.execute(
        "SELECT agency_id FROM task WHERE matter_id = %s AND letter_id = %s AND token IS NULL AND state = 'open'",
        [matter.id, letter.id],
    )
    asked = {row[0] for row in work.cursor.fetchall()}
    for agency in {post.agency for post in work.directory.supervisors()} - asked:
        work.open_task(
            (new_id(), matter.id, matter.lead_agency, None, None, letter.id, "supervision",
             f"督办：{unit.name_zh}逾期未反馈", "督办", "supervisor", agency, None, None, "", "", "open", at, None,
             None, None)
        )  # fmt: skip
