"""What an asset of a case may be recorded from: answers that found something, and hits that are facts.

An answer belongs to a case if it came to a letter of this matter, or to a letter that names the case's number: assistance
letters are matters of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.records.letters import OF_CASE


@dataclass(frozen=True, slots=True)
class Finding:
    """``kind`` as an asset says how it was found: ``answer`` or ``collision``. ``recalled``: its unit took it back."""

    kind: str
    id: UUID
    letter: UUID | None
    letter_number: str
    unit: UUID
    question: str
    occurred_at: datetime
    answer: UUID | None
    recalled: bool


_FOUND = f"""
SELECT * FROM (
    SELECT 'answer' AS kind, a.id, l.id AS letter, l.number, a.agency_id AS unit, '' AS question, a.occurred_at, a.id AS answer,
           a.state = 'recalled' AS recalled
      FROM answer a JOIN letter l ON l.id = a.letter_id
     WHERE l.id IN ({OF_CASE})
       AND a.state IN ('sent', 'accepted', 'recalled') AND a.result IN ('yes', 'partial')
    UNION ALL
    SELECT 'collision', h.id, h.letter_id, coalesce(l.number, ''), h.agency_id, h.question, h.occurred_at, h.answer_id,
           coalesce(a.state = 'recalled', false)
      FROM collision_hit h LEFT JOIN letter l ON l.id = h.letter_id LEFT JOIN answer a ON a.id = h.answer_id
     WHERE (h.matter_id = %(m)s OR h.letter_id IN ({OF_CASE})) AND h.state IN ('fact', 'confirmed')) f
"""  # noqa: S608


def of_case(cursor: Any, matter: UUID) -> list[Finding]:
    """What was found for a case and stands, the latest first."""
    cursor.execute(_FOUND + "WHERE NOT recalled ORDER BY occurred_at DESC, id LIMIT 200", {"m": matter})
    return [Finding(*row) for row in cursor.fetchall()]


def in_case(cursor: Any, matter: UUID, key: UUID) -> Finding | None:
    """One of them, recalled or not; None for what was not found for this case."""
    cursor.execute(_FOUND + "WHERE id = %(key)s", {"m": matter, "key": key})
    row = cursor.fetchone()
    return Finding(*row) if row else None


def recalled(cursor: Any, references: Iterable[UUID]) -> dict[UUID, str]:
    """Of what assets rest on (answers, hits), that which was recalled: reference → the unit's reason."""
    cursor.execute(
        """SELECT x.key, a.state_reason FROM unnest(%s::uuid[]) AS x(key) LEFT JOIN collision_hit h ON h.id = x.key
             JOIN answer a ON a.id = coalesce(h.answer_id, x.key) WHERE a.state = 'recalled'""",
        [list(references)],
    )
    return dict(cursor.fetchall())
