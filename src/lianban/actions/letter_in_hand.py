"""Take letters in hand: lock their matters, then read them, so that what another does meanwhile is seen."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from lianban.actions.errors import LetterNotFound, MatterNotFound
from lianban.actions.work import MatterRow, Work
from lianban.records.letters import LetterRow
from lianban.records.sending import without_waiting


def letters_in_hand(work: Work, wanted: Iterable[UUID]) -> dict[UUID, LetterRow]:
    """The letters, under the lock of their matters. Raises :class:`LetterNotFound` unless all are seen."""
    ids = list(set(wanted))
    with connection.cursor() as locking, without_waiting():
        work.ask_locks(locking, "id IN (SELECT matter_id FROM letter WHERE id = ANY(%s))", ids)
        work.letters.read(work.cursor, ids)
        work.take_locks(locking)
    found = {key: work.letters.rows[key] for key in ids if key in work.letters.rows}
    if len(found) != len(ids):
        raise LetterNotFound
    if any(letter.matter_id not in work.matters for letter in found.values()):
        raise MatterNotFound
    return found


def letters_of_ours(work: Work, wanted: Iterable[UUID]) -> list[tuple[MatterRow, LetterRow]]:
    """Letters that the acting agency sent, in the order given. Raises :class:`LetterNotFound` for any other, and
    :class:`MatterIsClosed`."""
    wanted = list(wanted)
    found = letters_in_hand(work, wanted)
    if any(letter.sender_id != work.acting.agency for letter in found.values()):
        raise LetterNotFound
    return [(work.open(found[key].matter_id), found[key]) for key in wanted]


def letter_of_ours(work: Work, wanted: UUID) -> tuple[MatterRow, LetterRow]:
    return letters_of_ours(work, [wanted])[0]
