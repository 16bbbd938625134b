"""Read and write warrants 查询授权, and ask the database why a collision may not be made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.records.bulk import insert_many

COLUMNS = {
    "id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "kind": "text", "legal_basis": "text",
    "basis_from": "date", "basis_to": "date", "questions": "text[]", "requester_id": "uuid", "post_id": "uuid",
    "reason": "text", "issued_at": "timestamptz", "expires_at": "timestamptz", "quota": "integer", "used": "integer",
    "revoked_reason": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WarrantRow:
    id: UUID
    matter: UUID
    lead: UUID
    kind: str
    legal_basis: str
    basis_from: date
    basis_to: date | None
    questions: list[str]
    requester: UUID
    post: UUID
    reason: str
    issued_at: datetime
    expires_at: datetime
    quota: int
    used: int = 0
    revoked_reason: str = ""
    revoked_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Not revoked, not expired, not used up. Whether its matter and its basis still bear it, the database says."""
        return self.revoked_at is None and self.expires_at > now and self.used < self.quota


_SELECT = f"SELECT {', '.join(f'w.{name}' for name in COLUMNS)}, w.revoked_at FROM warrant w "  # noqa: S608


def insert(cursor: Any, rows: Sequence[WarrantRow], subjects: Iterable[tuple[UUID, UUID]]) -> None:
    """Warrants, and for each (warrant, party) whom it lets one ask about."""
    insert_many(
        cursor, "warrant", COLUMNS,
        [(w.id, w.matter, w.lead, w.kind, w.legal_basis, w.basis_from, w.basis_to, w.questions, w.requester, w.post,
          w.reason, w.issued_at, w.expires_at, w.quota, 0, "") for w in rows],
    )  # fmt: skip
    leads = {w.id: w.lead for w in rows}
    insert_many(
        cursor, "warrant_subject", {"warrant_id": "uuid", "party_id": "uuid", "lead_agency_id": "uuid"},
        [(warrant, party, leads[warrant]) for warrant, party in subjects],
    )  # fmt: skip


def of_matter(cursor: Any, matter: UUID) -> list[WarrantRow]:
    """Every warrant of a matter, the newest first."""
    cursor.execute(_SELECT + "WHERE w.matter_id = %s ORDER BY w.issued_at DESC, w.id DESC", [matter])
    return [WarrantRow(*row) for row in cursor.fetchall()]


def by_id(cursor: Any, warrant: UUID) -> WarrantRow | None:
    cursor.execute(_SELECT + "WHERE w.id = %s", [warrant])
    row = cursor.fetchone()
    return WarrantRow(*row) if row else None


def for_nights(cursor: Any, lead: UUID, now: datetime) -> list[WarrantRow]:
    """The live warrants of one court that let its registries be asked unasked, matter by matter.

    A standing one is asked every night. One of a follow-up is asked once in each period of the clock that runs on its
    matter: where no collision on it is younger than the clock.
    """
    cursor.execute(
        _SELECT  # noqa: S608
        + """JOIN matter m ON m.id = w.matter_id
            WHERE w.lead_agency_id = %(lead)s AND w.revoked_at IS NULL AND w.expires_at > %(now)s AND w.used < w.quota
              AND (w.kind = 'standing' AND m.state = 'open'
                   OR w.kind = 'follow_up' AND (m.state = 'open' OR lianban.in_follow_up(m.id)) AND NOT EXISTS (
                       SELECT FROM collision c WHERE c.warrant_id = w.id AND c.occurred_at >= coalesce(
                           (SELECT max(k.from_at) FROM clock k WHERE k.matter_id = m.id AND k.state = 'running'
                               AND k.verb IN ('registries.follow_up', 'closing.query')), w.issued_at)))
            ORDER BY w.matter_id, w.issued_at""",
        {"lead": lead, "now": now},
    )
    return [WarrantRow(*row) for row in cursor.fetchall()]


def subjects_of(cursor: Any, warrants: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The parties each warrant names."""
    cursor.execute(
        "SELECT warrant_id, array_agg(party_id ORDER BY party_id) FROM warrant_subject"
        " WHERE warrant_id = ANY(%s) GROUP BY 1",
        [list(warrants)],
    )
    return dict(cursor.fetchall())


def revoke(cursor: Any, ids: Iterable[UUID], reason: str, at: datetime) -> int:
    cursor.execute(
        "UPDATE warrant SET revoked_at = %s, revoked_reason = %s WHERE id = ANY(%s) AND revoked_at IS NULL",
        [at, reason, list(ids)],
    )
    return int(cursor.rowcount)


def refused(
    cursor: Any, warrant: UUID, holder: UUID, questions: Sequence[str], about: Sequence[UUID]
) -> str | None:
    """Why the collision may not be made, as the database's code; None where it may."""
    cursor.execute(
        "SELECT lianban.collision_refused(%s, %s, %s, %s::uuid[])",
        [warrant, holder, list(questions), list(about)],
    )
    return cursor.fetchone()[0]


def setting(cursor: Any, name: str) -> int:
    cursor.execute("SELECT lianban.setting_int(%s)", [name])
    return int(cursor.fetchone()[0])
