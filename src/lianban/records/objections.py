"""Read objections and reviews of a matter, and whether an asset may be disposed of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    id: UUID
    matter: UUID
    kind: str
    follows: UUID | None
    about_kind: str
    about: UUID | None
    party: UUID | None
    objector: str
    request: str
    received_on: date
    state: str
    filed_at: datetime | None
    decision: str
    reasons: str
    decided_at: datetime | None
    served_on: date | None
    bars: bool
    bars_until: date | None


_READ = """SELECT o.id, o.matter_id, o.kind, o.follows_id, o.about_kind, o.about, o.party_id, coalesce(nullif(o.objector, ''), p.name, ''),
                  o.request, o.received_on, o.state, o.filed_at, o.decision, o.reasons, o.decided_at, o.served_on, o.bars, o.bars_until
             FROM objection o LEFT JOIN party p ON p.id = o.party_id """


def objection(cursor: Any, wanted: UUID) -> ObjectionRow | None:
    cursor.execute(_READ + "WHERE o.id = %s", [wanted])
    row = cursor.fetchone()
    return ObjectionRow(*row) if row else None


def of_matter(cursor: Any, matter: UUID) -> list[ObjectionRow]:
    cursor.execute(_READ + "WHERE o.matter_id = %s ORDER BY o.id DESC", [matter])
    return [ObjectionRow(*row) for row in cursor.fetchall()]


def disposal_barred(cursor: Any, matter: UUID, asset: UUID | None, on: date) -> bool:
    """Whether somebody's claim bars the disposal of an asset (None: of anything in the matter) on a day."""
    cursor.execute("SELECT lianban.disposal_barred(%s, %s, %s)", [matter, asset, on])
    return bool(cursor.fetchone()[0])
