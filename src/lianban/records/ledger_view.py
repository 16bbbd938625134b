"""Ledger entries as their reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson


@dataclass(frozen=True, slots=True)
class EntryLine:
    id: UUID
    recorded_at: datetime
    act: str
    agency: UUID | None
    officer: UUID | None
    post: UUID | None
    matter: UUID | None
    subjects: int
    payload: dict[str, Any] | None
    index: int | None


def entries(
    cursor: Any, *, matter: UUID | None = None, act: str = "", before: UUID | None = None, limit: int = 50
) -> list[EntryLine]:
    """Newest first."""
    cursor.execute(
        """SELECT e.id, e.recorded_at, e.act, e.agency_id, e.officer_id, e.post_id, e.matter_id,
                  cardinality(e.subjects), e.payload, l.index
             FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry = e.id
            WHERE (%(matter)s::uuid IS NULL OR e.matter_id = %(matter)s) AND (%(act)s = '' OR e.act = %(act)s)
              AND (%(before)s::uuid IS NULL OR e.id < %(before)s)
            ORDER BY e.recorded_at DESC, e.id DESC LIMIT %(limit)s""",
        {"matter": matter, "act": act, "before": before, "limit": limit},
    )
    return [
        EntryLine(*row[:8], orjson.loads(row[8]) if row[8] else None, row[9]) for row in cursor.fetchall()
    ]


@dataclass(frozen=True, slots=True)
class TreeHead:
    size: int
    root: str
    signed_at: datetime | None
    note: str


def tree_head(cursor: Any) -> TreeHead:
    cursor.execute("SELECT size, root, signed_at, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1")
    row = cursor.fetchone()
    return TreeHead(row[0], bytes(row[1]).hex(), row[2], row[3]) if row else TreeHead(0, "", None, "")
