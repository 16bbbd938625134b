"""Alerts on queries about closed matters: raised by the database, read and handled by the auditor alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AlertLine:
    """The auditor learns which matter of which court and how often; whom it is about stays in the matter."""

    id: UUID
    matter: UUID
    lead: UUID
    times: int
    most: int
    raised_at: datetime
    handled_at: datetime | None
    remark: str


def alerts(cursor: Any, limit: int = 50) -> list[AlertLine]:
    """Those not handled first, the newest first."""
    cursor.execute(
        "SELECT id, matter_id, lead_agency_id, times, most, raised_at, handled_at, remark FROM query_alert"
        " ORDER BY handled_at IS NOT NULL, raised_at DESC, id LIMIT %s",
        [limit],
    )
    return [AlertLine(*row) for row in cursor.fetchall()]


def handle(cursor: Any, alert: UUID, officer: UUID | None, at: datetime, remark: str) -> UUID | None:
    """The matter the alert is about; None where there is nothing to handle."""
    cursor.execute(
        "UPDATE query_alert SET handled_at = %s, handled_by_id = %s, remark = %s WHERE id = %s AND handled_at IS NULL"
        " RETURNING matter_id",
        [at, officer, remark, alert],
    )
    row = cursor.fetchone()
    return row[0] if row else None
