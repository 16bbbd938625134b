"""Who read which answer: written at every look, so that a recall reaches each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.records.identity import new_id


def keep(
    cursor: Any, answers: Iterable[UUID], *, agency: UUID, post: UUID, officer: UUID | None, at: datetime
) -> None:
    """This officer (or, without one, this machine's post) read these answers of other agencies."""
    for answer in answers:
        cursor.execute(
            """INSERT INTO answer_read (id, answer_id, letter_id, matter_id, answering_id, agency_id, post_id, officer_id,
                                        first_at, last_at, times, remark)
               SELECT %(id)s, a.id, a.letter_id, a.matter_id, a.agency_id, %(agency)s, %(post)s, %(officer)s, %(at)s, %(at)s,
                      1, '' FROM answer a WHERE a.id = %(answer)s AND a.agency_id <> %(agency)s
               ON CONFLICT (answer_id, post_id, officer_id) DO UPDATE
              SET last_at = excluded.last_at, times = answer_read.times + 1""",
            {"id": new_id(), "answer": answer, "agency": agency, "post": post, "officer": officer, "at": at},
        )


@dataclass(frozen=True, slots=True)
class ReadLine:
    id: UUID
    answer: UUID
    letter: UUID
    letter_number: str
    matter: UUID
    answering: UUID
    agency: UUID
    post: UUID
    officer: UUID | None
    first_at: datetime
    last_at: datetime
    times: int
    recalled_at: datetime | None
    acknowledged_at: datetime | None
    remark: str
    recall_reason: str


_LINE = """SELECT r.id, r.answer_id, r.letter_id, l.number, r.matter_id, r.answering_id, r.agency_id, r.post_id, r.officer_id,
                  r.first_at, r.last_at, r.times, r.recalled_at, r.acknowledged_at, r.remark,
                  CASE WHEN r.recalled_at IS NULL THEN '' ELSE a.state_reason END
             FROM answer_read r JOIN letter l ON l.id = r.letter_id JOIN answer a ON a.id = r.answer_id """


def of_letter(cursor: Any, letter: UUID) -> list[ReadLine]:
    """Who read the answers of a letter: for the unit that answered, and for the readers' own agency."""
    cursor.execute(_LINE + "WHERE r.letter_id = %s ORDER BY r.first_at, r.id", [letter])
    return [ReadLine(*row) for row in cursor.fetchall()]


def recalled_for(cursor: Any, *, agency: UUID, post: UUID, officer: UUID | None) -> list[ReadLine]:
    """What this reader read that was recalled since, and has not acknowledged. What a colleague in the same post read is
    the post's as well: whoever sits there now is told."""
    cursor.execute(
        _LINE
        + "WHERE r.agency_id = %s AND (r.officer_id = %s OR r.post_id = %s) AND r.recalled_at IS NOT NULL"
        " AND r.acknowledged_at IS NULL ORDER BY r.recalled_at, r.id LIMIT 50",
        [agency, officer, post],
    )
    return [ReadLine(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Resting:
    """An asset that was recorded from an answer, or from a hit that stands in it, with the measures that hold it."""

    asset: UUID
    name: str
    matter: UUID
    matter_number: str
    measures: list[str]


def resting_on(cursor: Any, answers: Iterable[UUID]) -> dict[UUID, list[Resting]]:
    """By answer, the property that rests on it, as far as the reader may see it: what a recall puts in question."""
    cursor.execute(
        """SELECT x.answer, a.id, a.name, a.matter_id, t.number,
                  ARRAY(SELECT m.number FROM measure m WHERE m.asset_id = a.id ORDER BY m.number)
             FROM unnest(%s::uuid[]) AS x(answer)
             JOIN asset a ON a.found_ref = x.answer
                  OR a.found_ref IN (SELECT h.id FROM collision_hit h WHERE h.answer_id = x.answer)
             JOIN matter t ON t.id = a.matter_id ORDER BY a.id""",
        [list(answers)],
    )
    found: dict[UUID, list[Resting]] = {}
    for answer, *row in cursor.fetchall():
        found.setdefault(answer, []).append(Resting(*row))
    return found


def by_id(cursor: Any, key: UUID) -> ReadLine | None:
    cursor.execute(_LINE + "WHERE r.id = %s", [key])
    row = cursor.fetchone()
    return ReadLine(*row) if row else None


def acknowledge(cursor: Any, key: UUID, at: datetime, remark: str) -> int:
    cursor.execute(
        "UPDATE answer_read SET acknowledged_at = %s, remark = %s WHERE id = %s AND recalled_at IS NOT NULL"
        " AND acknowledged_at IS NULL",
        [at, remark, key],
    )
    return int(cursor.rowcount)
