"""Read delegations 代理 of one's agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DelegationLine:
    id: UUID
    post: UUID
    from_officer: UUID
    from_name: str
    to_officer: UUID
    to_name: str
    begins_at: datetime
    ends_at: datetime
    reason: str
    ended_at: datetime | None


def delegations_of(cursor: Any, officer: UUID, limit: int = 50) -> list[DelegationLine]:
    """Given and held by this officer, newest first."""
    cursor.execute(
        """SELECT d.id, d.post_id, d.from_officer_id, f.name, d.to_officer_id, t.name, d.begins_at, d.ends_at, d.reason,
                  d.ended_at
             FROM delegation d JOIN officer f ON f.id = d.from_officer_id JOIN officer t ON t.id = d.to_officer_id
            WHERE %s IN (d.from_officer_id, d.to_officer_id) ORDER BY d.begins_at DESC LIMIT %s""",
        [officer, limit],
    )
    return [DelegationLine(*row) for row in cursor.fetchall()]
