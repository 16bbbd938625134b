"""Ledger entries as their reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.records.ledger_tree import PLACE

_PLACE = PLACE.format(entry="e.id", recorded_at="e.recorded_at")


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
    wanted = {"e.matter_id = %(matter)s": matter, "e.act = %(act)s": act, "e.id < %(before)s": before}
    where = " AND ".join(["true", *(condition for condition, value in wanted.items() if value)])
    cursor.execute(
        f"""SELECT e.id, e.recorded_at, e.act, e.agency_id, e.officer_id, e.post_id, e.matter_id,
                   cardinality(e.subjects), e.payload, {_PLACE}
              FROM (SELECT * FROM ledger_entry e WHERE {where} ORDER BY e.id DESC LIMIT %(limit)s) e
             ORDER BY e.id DESC""",  # noqa: S608
        {"matter": matter, "act": act, "before": before, "limit": limit},
    )
    return [_entry(*row) for row in cursor.fetchall()]


def _entry(*row: Any) -> EntryLine:
    *plain, payload, index = row
    return EntryLine(*[*plain, orjson.loads(payload) if payload else None, index])


def last_looked(
    cursor: Any, *, agency: UUID | None, officer: UUID | None, since: datetime, limit: int = 6
) -> list[UUID]:
    """The matters an officer looked at last, newest first."""
    cursor.execute(
        """SELECT matter_id FROM ledger_entry
            WHERE agency_id = %s AND officer_id = %s AND act = 'look' AND recorded_at > %s AND matter_id IS NOT NULL
            GROUP BY matter_id ORDER BY max(recorded_at) DESC LIMIT %s""",
        [agency, officer, since, limit],
    )
    return [row[0] for row in cursor.fetchall()]


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
