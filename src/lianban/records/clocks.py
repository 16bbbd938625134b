"""Rows of clocks: written set-wise, read under lock, claimed by the worker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.records.bulk import insert_many, update_many

COLUMNS = {
    "id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "about_kind": "text", "about": "uuid", "code": "text",
    "verb": "text", "from_at": "timestamptz", "due_on": "date", "due_at": "timestamptz", "provisional": "boolean",
    "unverified": "boolean", "warn_days": "integer[]", "next_at": "timestamptz", "state": "text", "closed_at": "timestamptz",
}  # fmt: skip
_READ = ", ".join(COLUMNS)


@dataclass(frozen=True, slots=True)
class ClockRow:
    id: UUID
    matter: UUID
    lead_agency: UUID
    about_kind: str
    about: UUID
    code: str
    verb: str
    from_at: datetime
    due_on: date
    due_at: datetime
    provisional: bool
    unverified: bool
    warn_days: Sequence[int]
    next_at: datetime | None
    state: str
    closed_at: datetime | None


def insert(cursor: Any, rows: Iterable[ClockRow]) -> None:
    insert_many(
        cursor, "clock", COLUMNS,
        [(c.id, c.matter, c.lead_agency, c.about_kind, c.about, c.code, c.verb, c.from_at, c.due_on, c.due_at,
          c.provisional, c.unverified, list(c.warn_days), c.next_at, c.state, c.closed_at) for c in rows],
    )  # fmt: skip


def looked_at(cursor: Any, rows: Iterable[tuple[UUID, Sequence[int], datetime | None]]) -> None:
    """Keep which warnings are left, and when to look next: (clock, days, instant)."""
    update_many(cursor, "clock", {"id": "uuid", "warn_days": "integer[]", "next_at": "timestamptz"},
                [(key, list(days), at) for key, days, at in rows],
                "warn_days = d.warn_days, next_at = d.next_at", "t.id = d.id")  # fmt: skip


def close(cursor: Any, ids: Iterable[UUID], state: str, at: datetime) -> None:
    cursor.execute(
        "UPDATE clock SET state = %s, closed_at = %s, next_at = NULL WHERE id = ANY(%s) AND state = 'running'",
        [state, at, list(ids)],
    )


def of(cursor: Any, *, matter: UUID | None = None, about: Iterable[UUID] | None = None,
       running: bool = False) -> list[ClockRow]:  # fmt: skip
    """The clocks of a matter, or of records, by when they end. What the reader may not see is not among them."""
    cursor.execute(
        f"SELECT {_READ} FROM clock WHERE (%(matter)s::uuid IS NULL OR matter_id = %(matter)s)"  # noqa: S608
        " AND (%(about)s::uuid[] IS NULL OR about = ANY(%(about)s)) AND (NOT %(running)s OR state = 'running')"
        " ORDER BY due_at, id",
        {"matter": matter, "about": None if about is None else list(about), "running": running},
    )
    return [ClockRow(*row) for row in cursor.fetchall()]


def due(cursor: Any, matters: Iterable[UUID], now: datetime, limit: int) -> list[ClockRow]:
    """What of these matters is due to be looked at, the longest due first."""
    cursor.execute(
        f"SELECT {_READ} FROM clock WHERE matter_id = ANY(%s) AND next_at <= %s ORDER BY next_at, id LIMIT %s",  # noqa: S608
        [list(matters), now, limit],
    )
    return [ClockRow(*row) for row in cursor.fetchall()]
