"""催办: a reminder, sent by the drawing's timer or by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.actions.abilities import serves
from lianban.actions.acting import Acting
from lianban.actions.errors import NothingToDo
from lianban.actions.letter_in_hand import letters_of_ours
from lianban.actions.permissions import require
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.process.events import CallService
from lianban.records.bulk import insert_many
from lianban.records.history import Entry
from lianban.records.identity import new_id
from lianban.records.letters import LetterRow

WAITING = ("delivered", "signed", "routed", "returned")


@serves("letters.remind")
def remind_by_timer(work: Work, matter: MatterRow, call: CallService, at: datetime) -> Mapping[str, Any]:
    """What the drawing's timer does. A letter that no longer waits is not reminded of."""
    unit = work.branch_of(matter, call.scope_id)
    letter = work.letters.to(work.cursor, matter.id, unit) if unit else None
    if letter is not None and letter.state in WAITING:
        write_reminder(work, matter, letter, "remind", at, "")
    return {}


def remind_letters(acting: Acting, letters: Sequence[UUID], note: str = "") -> None:
    """Remind the units of one or many letters by hand, all or none. Any clerk or judge of the sender may."""
    require(acting, "remind_letter")
    with working(acting) as work:
        for matter, letter in letters_of_ours(work, letters):
            require_waiting("催办", letter)
            write_reminder(work, matter, letter, "remind", acting.now, note.strip()[:500])


def remind_letter(acting: Acting, letter: UUID, note: str = "") -> None:
    remind_letters(acting, [letter], note)


def require_waiting(act: str, letter: LetterRow) -> None:
    """Raises :class:`NothingToDo` where a letter waits for nobody's answer."""
    if letter.state not in WAITING:
        raise NothingToDo(act=act, reason_zh="该函已反馈或已撤回", reason="it is answered or withdrawn")


def write_reminder(
    work: Work, matter: MatterRow, letter: LetterRow, kind: str, at: datetime, note: str
) -> None:
    """Row, count, event and entry of one reminder; ``kind`` is ``remind`` or ``supervise``."""
    _keep(
        work,
        (
            new_id(),
            letter.id,
            matter.id,
            kind,
            work.acting.agency,
            letter.addressee_id,
            note,
            at,
            work.acting.now,
        ),
    )
    unit = work.directory.agencies[letter.addressee_id].code
    if kind == "remind":
        work.letters.change(letter, reminded_count=letter.reminded_count + 1)
    else:
        work.letters.change(letter, supervised_at=letter.supervised_at or at)
    act = f"letters.{kind}"
    work.happen(matter, act, at, milestone=False, unit=unit, letter=str(letter.id))
    work.enter(Entry(act, matter.id, said={"letter": str(letter.id), "unit": unit, "note": note}))
    work.tell(letter.addressee_id)


_REMINDER = {"id": "uuid", "letter_id": "uuid", "matter_id": "uuid", "kind": "text", "by_agency_id": "uuid",
             "to_agency_id": "uuid", "note": "text", "occurred_at": "timestamptz", "recorded_at": "timestamptz"}  # fmt: skip


def _keep(work: Work, row: tuple[Any, ...]) -> None:
    """Reminders of one act are written with one statement: a night's timers remind of thousands of letters."""
    rows = work.memory.get(("reminders",))
    if rows is None:
        rows = work.memory["reminders",] = []
        work.after(lambda: insert_many(work.cursor, "reminder", _REMINDER, rows))
    rows.append(row)
