"""Read listings and limits on consumption of a matter, and the birth date that decides whether somebody may be listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.engines.identifiers import birth_date
from lianban.records import envelopes
from lianban.records.envelopes import Sealed


@dataclass(frozen=True, slots=True)
class ListingRow:
    id: UUID
    matter: UUID
    party: UUID
    party_kind: str
    party_name: str
    origin: str
    ground: str
    ground_item: int | None
    facts: str
    adult_checked_at: datetime | None
    term_years: int
    grace_months: int
    state: str
    requested_at: datetime | None
    proposed_at: datetime | None
    signed_at: datetime | None
    signed_by: UUID | None
    published_on: date | None
    term_ends_on: date | None
    removal_event: str
    removal_due_on: date | None
    removed_at: datetime | None
    reason: str


_LISTING = """SELECT l.id, l.matter_id, l.party_id, l.party_kind, p.name, l.origin, l.ground, l.ground_item, l.facts,
                     l.adult_checked_at, l.term_years, l.grace_months, l.state, l.requested_at, l.proposed_at, l.signed_at,
                     l.signed_by_id, l.published_on, l.term_ends_on, l.removal_event, l.removal_due_on, l.removed_at, l.reason
                FROM listing l JOIN party p ON p.id = l.party_id """


def listing(cursor: Any, wanted: UUID) -> ListingRow | None:
    cursor.execute(_LISTING + "WHERE l.id = %s", [wanted])
    row = cursor.fetchone()
    return ListingRow(*row) if row else None


def of_matter(cursor: Any, matter: UUID) -> list[ListingRow]:
    cursor.execute(_LISTING + "WHERE l.matter_id = %s ORDER BY l.id DESC", [matter])
    return [ListingRow(*row) for row in cursor.fetchall()]


def deleted_on_request(cursor: Any, party: UUID) -> datetime | None:
    """When a listing of this party was last deleted because its creditor asked."""
    cursor.execute(
        "SELECT max(removed_at) FROM listing WHERE party_id = %s AND removal_event = 'creditor_asked'",
        [party],
    )
    return cursor.fetchone()[0]


@dataclass(frozen=True, slots=True)
class LimitRow:
    id: UUID
    matter: UUID
    party: UUID
    party_kind: str
    party_name: str
    capacity: str
    person: str
    masked: str
    ordered_at: datetime
    succeeds: UUID | None
    lift_event: str
    lift_due_on: date | None
    lifted_at: datetime | None
    reason: str

    @property
    def whom(self) -> str:
        """The person who is limited."""
        return self.person or self.party_name


_LIMIT = """SELECT c.id, c.matter_id, c.party_id, c.party_kind, p.name, c.capacity, c.person, c.masked, c.ordered_at, c.succeeds_id,
                   c.lift_event, c.lift_due_on, c.lifted_at, c.reason
              FROM consumption_limit c JOIN party p ON p.id = c.party_id """


def limit(cursor: Any, wanted: UUID) -> LimitRow | None:
    cursor.execute(_LIMIT + "WHERE c.id = %s", [wanted])
    row = cursor.fetchone()
    return LimitRow(*row) if row else None


def limits_of_matter(cursor: Any, matter: UUID) -> list[LimitRow]:
    cursor.execute(_LIMIT + "WHERE c.matter_id = %s ORDER BY c.id DESC", [matter])
    return [LimitRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party as a decision needs it."""

    id: UUID
    role: str
    kind: str
    name: str


def party(cursor: Any, matter: UUID, wanted: UUID) -> PartyRow | None:
    """A party of this matter, as far as the reader sees it."""
    cursor.execute(
        "SELECT id, role, kind, name FROM party WHERE id = %s AND matter_id = %s", [wanted, matter]
    )
    row = cursor.fetchone()
    return PartyRow(*row) if row else None


def born(cursor: Any, party: UUID) -> tuple[UUID | None, date | None]:
    """The identifier that was opened and the birth date in it; (None, None) where there is no resident number.

    Opening it is a look at personal data: whoever calls this enters it in the ledger. The date is used and not kept.
    """
    cursor.execute(
        "SELECT id, data_key_id, sealed FROM party_identifier WHERE party_id = %s AND kind = 'resident_id'"
        " ORDER BY id LIMIT 1",
        [party],
    )
    row = cursor.fetchone()
    if row is None:
        return None, None
    key, data_key, sealed = row
    return key, birth_date(envelopes.unseal(cursor, Sealed(data_key, bytes(sealed)), key))
