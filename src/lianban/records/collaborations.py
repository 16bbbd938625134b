"""Read townships' collaborations: how they stand, what was pushed, their steps and leads, the month's counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CollaborationRow:
    """How one stands, with the four facts that were pushed where the reader may see them."""

    id: UUID
    matter: UUID
    lead_agency: UUID
    township: UUID
    asked: str
    state: str
    pushed_at: datetime
    signed_at: datetime | None
    answered_at: datetime | None
    due_on: date | None
    agreed_on: date | None
    result: str
    result_at: datetime | None
    rating: str
    leads: int
    party: UUID | None
    name: str | None
    case_no: str | None
    amount_fen: int | None
    question: str | None


_READ = """SELECT c.id, c.matter_id, c.lead_agency_id, c.township_id, c.asked, c.state, c.pushed_at, c.signed_at, c.answered_at,
                  c.due_on, c.agreed_on, c.result, c.result_at, c.rating, c.leads, p.party_id, p.name, p.case_no, p.amount_fen,
                  p.question
             FROM collaboration c LEFT JOIN collaboration_push p ON p.collaboration_id = c.id """


def collaboration(cursor: Any, wanted: UUID) -> CollaborationRow | None:
    cursor.execute(_READ + "WHERE c.id = %s", [wanted])
    row = cursor.fetchone()
    return CollaborationRow(*row) if row else None


def of_matter(cursor: Any, matter: UUID) -> list[CollaborationRow]:
    """Those of a matter that the reader may see, the newest first."""
    cursor.execute(_READ + "WHERE c.matter_id = %s ORDER BY c.id DESC", [matter])
    return [CollaborationRow(*row) for row in cursor.fetchall()]


def of_township(
    cursor: Any, township: UUID, *, open_only: bool = True, limit: int = 100
) -> list[CollaborationRow]:
    """What a township has in hand, the first due first; closed ones newest first."""
    order = "c.due_on NULLS LAST, c.id" if open_only else "c.id DESC"
    states = (
        "c.state NOT IN ('result_recorded', 'rated')"
        if open_only
        else "c.state IN ('result_recorded', 'rated')"
    )
    cursor.execute(
        _READ + f"WHERE c.township_id = %s AND {states} ORDER BY {order} LIMIT %s", [township, limit]
    )
    return [CollaborationRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class StepRow:
    """Who did which step when; ``helper`` is which of the 三员 was there."""

    collaboration: UUID
    step: str
    helper: str
    agency: UUID
    officer: UUID
    officer_name: str
    occurred_at: datetime


def steps(cursor: Any, collaborations: Iterable[UUID]) -> dict[UUID, list[StepRow]]:
    """By collaboration, in order."""
    cursor.execute(
        """SELECT s.collaboration_id, s.step, s.helper, s.agency_id, s.officer_id, o.name, s.occurred_at
             FROM collaboration_step s JOIN officer o ON o.id = s.officer_id
            WHERE s.collaboration_id = ANY(%s) ORDER BY s.occurred_at, s.id""",
        [list(collaborations)],
    )
    found: dict[UUID, list[StepRow]] = defaultdict(list)
    for row in cursor.fetchall():
        found[row[0]].append(StepRow(*row))
    return found


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One lead: facts about property, and what the court found when it looked."""

    id: UUID
    collaboration: UUID
    matter: UUID
    township: UUID
    kind: str
    place: str
    quantity: Decimal | None
    measured: str
    opens_on: date | None
    closes_on: date | None
    buyer: str
    note: str
    helper: str
    officer_name: str
    occurred_at: datetime
    state: str
    verified_at: datetime | None
    finding: str


_LEAD = """SELECT l.id, l.collaboration_id, l.matter_id, l.township_id, l.kind, l.place, l.quantity, l.measured, l.opens_on,
                  l.closes_on, l.buyer, l.note, l.helper, o.name, l.occurred_at, l.state, l.verified_at, l.finding
             FROM property_lead l JOIN officer o ON o.id = l.officer_id """


def lead(cursor: Any, wanted: UUID) -> LeadRow | None:
    cursor.execute(_LEAD + "WHERE l.id = %s", [wanted])
    row = cursor.fetchone()
    return LeadRow(*row) if row else None


def leads(cursor: Any, *, matter: UUID) -> dict[UUID, list[LeadRow]]:
    """The leads of one matter, by collaboration. There is no way to ask for those of several."""
    cursor.execute(_LEAD + "WHERE l.matter_id = %s ORDER BY l.id", [matter])
    found: dict[UUID, list[LeadRow]] = defaultdict(list)
    for row in cursor.fetchall():
        found[row[1]].append(LeadRow(*row))
    return found


@dataclass(frozen=True, slots=True)
class BulletinLine:
    """One township's month, in counts."""

    township: UUID
    pushed: int
    signed: int
    answered: int
    in_time: int
    overdue: int
    leads: int
    results: int
    closed: int


def bulletin(cursor: Any, first: datetime, until: datetime) -> dict[UUID, BulletinLine]:
    """The counts of a period, for whoever asks: the supervisor of all, a court of its own, a township of itself."""
    cursor.execute("SELECT * FROM lianban.township_bulletin(%s, %s)", [first, until])
    return {row[0]: BulletinLine(*row) for row in cursor.fetchall()}


def townships(cursor: Any) -> list[tuple[UUID, str, str]]:
    """(id, code, area code) of every township, in the order of their area codes: never by any count."""
    cursor.execute("SELECT id, code, area_code FROM agency WHERE kind = 'township' ORDER BY area_code, code")
    return [(row[0], row[1], row[2]) for row in cursor.fetchall()]


def case_number(cursor: Any, matter: UUID) -> str:
    """The number a case goes by now: of its last re-opening, or its own."""
    cursor.execute(
        """SELECT coalesce((SELECT number FROM reopening r WHERE r.matter_id = m.id ORDER BY reopened_at DESC LIMIT 1), m.number)
             FROM matter m WHERE m.id = %s""",
        [matter],
    )
    row = cursor.fetchone()
    return str(row[0]) if row else ""


def outstanding(cursor: Any, matter: UUID, on: date) -> int | None:
    """What the matter's own claims demand on a day, in fen; None where no claim is recorded or it is not the reader's."""
    cursor.execute("SELECT lianban.owed(%s, %s)", [matter, on])
    row = cursor.fetchone()
    return None if row is None or row[0] is None else int(row[0])
