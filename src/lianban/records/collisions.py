"""Write and read collisions 数据碰撞 and their hits; keep who read an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.records.bulk import insert_many
from lianban.records.identity import new_id

_COLLISION = {
    "id": "uuid", "warrant_id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "agency_id": "uuid",
    "letter_id": "uuid", "requester_id": "uuid", "legal_basis": "text", "way": "text", "questions": "text[]",
    "subjects": "uuid[]", "queries": "integer", "registries": "jsonb", "unsettled": "jsonb", "found": "integer",
    "pending": "integer", "occurred_at": "timestamptz",
}  # fmt: skip
_HIT = {
    "id": "uuid", "collision_id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "agency_id": "uuid",
    "letter_id": "uuid", "party_id": "uuid", "question": "text", "registry": "text", "kind": "text", "asked": "jsonb",
    "found_name": "text", "fields": "jsonb", "digest": "text", "state": "text", "occurred_at": "timestamptz",
    "reason": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CollisionRow:
    id: UUID
    warrant: UUID
    matter: UUID
    lead: UUID
    agency: UUID
    letter: UUID | None
    requester: UUID
    legal_basis: str
    way: str
    questions: list[str]
    subjects: list[UUID]
    registries: list[dict[str, Any]]
    unsettled: dict[str, str]
    found: int
    pending: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class HitRow:
    """A hit to write. ``asked`` and ``found_name`` are what a person compares, empty for an exact one."""

    party: UUID
    question: str
    registry: str
    kind: str
    fields: Mapping[str, Any]
    digest: str
    asked: Mapping[str, str]
    found_name: str = ""

    @property
    def exact(self) -> bool:
        return self.kind == "exact"


def insert(cursor: Any, rows: Sequence[CollisionRow]) -> None:
    """The database asks the warrant of each again, and counts its queries."""
    insert_many(
        cursor, "collision", _COLLISION,
        [(c.id, c.warrant, c.matter, c.lead, c.agency, c.letter, c.requester, c.legal_basis, c.way, c.questions,
          c.subjects, 0, c.registries, c.unsettled, c.found, c.pending, c.occurred_at) for c in rows],
    )  # fmt: skip


def insert_hits(cursor: Any, of: CollisionRow, hits: Iterable[HitRow]) -> list[UUID]:
    keys: list[UUID] = []
    rows = []
    for hit in hits:
        keys.append(key := new_id())
        rows.append(
            (key, of.id, of.matter, of.lead, of.agency, of.letter, hit.party, hit.question, hit.registry, hit.kind,
             hit.asked, hit.found_name, hit.fields, hit.digest, "fact" if hit.exact else "pending", of.occurred_at, "")
        )  # fmt: skip
    insert_many(cursor, "collision_hit", _HIT, rows)
    return keys


def known_digests(cursor: Any, matters: Iterable[UUID]) -> dict[UUID, set[str]]:
    """By matter, what earlier collisions found already, doubtful ones among it: a night tells only what is new."""
    cursor.execute("SELECT matter, digests FROM lianban.hits_known(%s)", [list(matters)])
    return {matter: set(digests) for matter, digests in cursor.fetchall()}


# --- reading

_LINE = """SELECT c.id, c.warrant_id, c.matter_id, c.lead_agency_id, c.agency_id, c.letter_id, c.requester_id, c.legal_basis,
                  c.way, c.questions, c.subjects, c.registries::text, c.unsettled::text, c.found, c.pending, c.occurred_at
             FROM collision c """


def _line(row: Sequence[Any]) -> CollisionRow:
    plain, (registries, unsettled), rest = row[:11], row[11:13], row[13:]
    return CollisionRow(*[*plain, orjson.loads(registries), orjson.loads(unsettled), *rest])


def of_letter(cursor: Any, letter: UUID) -> list[CollisionRow]:
    """The collisions of a letter, the newest first."""
    cursor.execute(_LINE + "WHERE c.letter_id = %s ORDER BY c.occurred_at DESC, c.id DESC", [letter])
    return [_line(row) for row in cursor.fetchall()]


def of_matter(cursor: Any, matter: UUID, limit: int = 60) -> list[CollisionRow]:
    cursor.execute(
        _LINE + "WHERE c.matter_id = %s ORDER BY c.occurred_at DESC, c.id DESC LIMIT %s", [matter, limit]
    )
    return [_line(row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class HitLine:
    id: UUID
    collision: UUID
    matter: UUID
    lead: UUID
    agency: UUID
    letter: UUID | None
    letter_number: str | None
    party: UUID
    question: str
    registry: str
    kind: str
    asked: dict[str, str]
    found_name: str
    fields: dict[str, Any]
    state: str
    occurred_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str
    legal_basis: str


_HIT_LINE = """SELECT h.id, h.collision_id, h.matter_id, h.lead_agency_id, h.agency_id, h.letter_id, l.number, h.party_id,
                      h.question, h.registry, h.kind, h.asked::text, h.found_name, h.fields::text, h.state, h.occurred_at,
                      h.decided_by_id, h.decided_at, h.reason, c.legal_basis
                 FROM collision_hit h JOIN collision c ON c.id = h.collision_id LEFT JOIN letter l ON l.id = h.letter_id """


def _hit(row: Sequence[Any]) -> HitLine:
    plain, (asked, name, fields), rest = row[:11], row[11:14], row[14:]
    return HitLine(*[*plain, orjson.loads(asked), name, orjson.loads(fields), *rest])


def pending_hits(cursor: Any, agency: UUID, limit: int = 100) -> list[HitLine]:
    """The hits in an agency's registries that wait for a person, the oldest first."""
    cursor.execute(
        _HIT_LINE + "WHERE h.agency_id = %s AND h.state = 'pending' ORDER BY h.occurred_at, h.id LIMIT %s",
        [agency, limit],
    )
    return [_hit(row) for row in cursor.fetchall()]


def decided_hits(cursor: Any, agency: UUID, limit: int = 20) -> list[HitLine]:
    """What was decided last, the newest first."""
    cursor.execute(
        _HIT_LINE + "WHERE h.agency_id = %s AND h.state IN ('confirmed', 'rejected')"
        " ORDER BY h.decided_at DESC, h.id LIMIT %s",
        [agency, limit],
    )
    return [_hit(row) for row in cursor.fetchall()]


def hits_of_matter(cursor: Any, matter: UUID) -> list[HitLine]:
    """The hits of a matter that the reader may see: a court only facts."""
    cursor.execute(_HIT_LINE + "WHERE h.matter_id = %s ORDER BY h.occurred_at DESC, h.id LIMIT 200", [matter])
    return [_hit(row) for row in cursor.fetchall()]


def hits_of_letter(cursor: Any, letter: UUID) -> list[HitLine]:
    cursor.execute(_HIT_LINE + "WHERE h.letter_id = %s ORDER BY h.occurred_at, h.id", [letter])
    return [_hit(row) for row in cursor.fetchall()]


def hit(cursor: Any, key: UUID, lock: bool = False) -> HitLine | None:
    cursor.execute(_HIT_LINE + "WHERE h.id = %s" + (" FOR UPDATE OF h" if lock else ""), [key])
    row = cursor.fetchone()
    return _hit(row) if row else None


def decide(cursor: Any, key: UUID, state: str, officer: UUID | None, at: datetime, reason: str) -> None:
    cursor.execute(
        "UPDATE collision_hit SET state = %s, decided_by_id = %s, decided_at = %s, reason = %s WHERE id = %s",
        [state, officer, at, reason, key],
    )


def count_pending(
    cursor: Any, *, agency: UUID | None = None, letter: UUID | None = None, collision: UUID | None = None
) -> int:
    cursor.execute(
        """SELECT count(*) FROM collision_hit WHERE state = 'pending' AND (%(agency)s::uuid IS NULL OR agency_id = %(agency)s)
              AND (%(letter)s::uuid IS NULL OR letter_id = %(letter)s)
              AND (%(collision)s::uuid IS NULL OR collision_id = %(collision)s)""",
        {"agency": agency, "letter": letter, "collision": collision},
    )
    return int(cursor.fetchone()[0])


def rest_on(cursor: Any, hits: Sequence[UUID], answer: UUID) -> None:
    """These hits stand in an answer. Refused by the database for one that nobody confirmed."""
    if hits:
        cursor.execute("UPDATE collision_hit SET answer_id = %s WHERE id = ANY(%s)", [answer, list(hits)])
