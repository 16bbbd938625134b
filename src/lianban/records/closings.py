"""Read closings, what would prove the lines of the checklist, the queries after 终本, re-openings and links to insolvency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.engines.closing import CaseFacts, ClosingBook, Item, Proof, ProofKind
from lianban.records.letters import OF_CASE


@dataclass(frozen=True, slots=True)
class ClosingRow:
    id: UUID
    matter: UUID
    mode: str
    ground: str
    ruling_no: str
    filed_on: date
    closed_on: date
    legal_end_on: date
    case_type: str
    required: list[str]
    claimed_fen: int
    recovered_fen: int
    closed_at: datetime
    queries_until: date | None
    reopened_at: datetime | None
    source: str = "act"


_READ = """SELECT id, matter_id, mode, ground, ruling_no, filed_on, closed_on, legal_end_on, case_type, required, claimed_fen,
                  recovered_fen, closed_at, queries_until, reopened_at, source FROM closing """


def book(cursor: Any) -> ClosingBook:
    """The book as this court uses it: without the unverified lines that its setting ``closing_items_off`` names."""
    cursor.execute("SELECT lianban.setting_text('closing_items_off')")
    return ClosingBook.standard().without(*str(cursor.fetchone()[0] or "").replace(",", " ").split())


def of_matter(cursor: Any, matter: UUID) -> list[ClosingRow]:
    """Every closing of a matter, the last first."""
    cursor.execute(_READ + "WHERE matter_id = %s ORDER BY closed_at DESC", [matter])
    return [ClosingRow(*row) for row in cursor.fetchall()]


def standing(cursor: Any, matter: UUID) -> ClosingRow | None:
    """The closing by which a matter is closed now."""
    cursor.execute(_READ + "WHERE matter_id = %s AND reopened_at IS NULL", [matter])
    row = cursor.fetchone()
    return ClosingRow(*row) if row else None


@dataclass(frozen=True, slots=True)
class ProofRow:
    closing: UUID
    item: str
    kind: str
    reference: UUID | None
    statement: str


def proofs_of(cursor: Any, closing: UUID) -> list[ProofRow]:
    cursor.execute(
        "SELECT closing_id, item, kind, reference, statement FROM closing_proof WHERE closing_id = %s ORDER BY item, id",
        [closing],
    )
    return [ProofRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class QueryRow:
    id: UUID
    closing: UUID
    number: int
    due_on: date
    done_at: datetime | None
    found: bool | None
    summary: str


def queries_of(cursor: Any, closing: UUID) -> list[QueryRow]:
    cursor.execute(
        "SELECT id, closing_id, number, due_on, done_at, found, summary FROM terminated_query WHERE closing_id = %s"
        " ORDER BY number",
        [closing],
    )
    return [QueryRow(*row) for row in cursor.fetchall()]


def query(cursor: Any, wanted: UUID) -> tuple[QueryRow, UUID] | None:
    """A query and its matter."""
    cursor.execute(
        "SELECT id, closing_id, number, due_on, done_at, found, summary, matter_id FROM terminated_query WHERE id = %s",
        [wanted],
    )
    row = cursor.fetchone()
    return (QueryRow(*row[:7]), row[7]) if row else None


@dataclass(frozen=True, slots=True)
class ReopeningRow:
    closing: UUID
    number: str
    reason: str
    reopened_at: datetime


def reopenings_of(cursor: Any, matter: UUID) -> list[ReopeningRow]:
    cursor.execute(
        "SELECT closing_id, number, reason, reopened_at FROM reopening WHERE matter_id = %s ORDER BY reopened_at DESC",
        [matter],
    )
    return [ReopeningRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class InsolvencyRow:
    id: UUID
    party_name: str
    way: str
    court: str
    case_no: str
    sent_on: date | None
    accepted_on: date | None
    linked_at: datetime


def insolvencies_of(cursor: Any, matter: UUID) -> list[InsolvencyRow]:
    cursor.execute(
        """SELECT i.id, p.name, i.way, i.court, i.case_no, i.sent_on, i.accepted_on, i.linked_at
             FROM insolvency_link i JOIN party p ON p.id = i.party_id WHERE i.matter_id = %s ORDER BY i.id DESC""",
        [matter],
    )
    return [InsolvencyRow(*row) for row in cursor.fetchall()]


def facts_of(
    cursor: Any, matter: UUID, on: date, *, circumstances: frozenset[str] = frozenset(), proofs: tuple[Proof, ...] = ()
) -> CaseFacts:  # fmt: skip
    """What the records say of a case on a day, as the engine asks it."""
    cursor.execute(
        """SELECT lianban.round_began(%(m)s), lianban.owed(%(m)s, %(on)s), lianban.undistributed(%(m)s),
                  (SELECT count(*) FROM objection WHERE matter_id = %(m)s AND state <> 'decided'),
                  (SELECT count(*) FROM measure WHERE matter_id = %(m)s AND state IN ('ordered', 'effective', 'waiting')),
                  (SELECT count(*) FROM party p WHERE p.matter_id = %(m)s AND p.role = 'debtor' AND NOT EXISTS (
                      SELECT FROM consumption_limit l WHERE l.party_id = p.id AND l.lifted_at IS NULL)),
                  (SELECT count(*) FROM property_lead WHERE matter_id = %(m)s AND state = 'reported')""",
        {"m": matter, "on": on},
    )
    began, owed, kept, objections, measures, not_limited, leads = cursor.fetchone()
    return CaseFacts(began, owed, kept, objections, measures, not_limited, leads, circumstances, proofs)


def proofs_found(cursor: Any, matter: UUID, items: tuple[Item, ...]) -> tuple[Proof, ...]:
    """What the records prove by themselves, line by line: answers, collisions, measures, leads, townships, limits, listings.

    An answer proves the lines whose questions it was asked; it may have come to a letter of this matter, or to one that names
    this case's number. A document or a statement is the officer's to add.
    """
    found: list[Proof] = []
    asked = _answers(cursor, matter)
    collisions = _collisions(cursor, matter)
    measures = _of(
        cursor,
        "SELECT m.id, a.kind FROM measure m JOIN asset a ON a.id = m.asset_id WHERE m.matter_id = %s",
        matter,
    )
    plain = {
        ProofKind.LEAD: "SELECT id, '' FROM property_lead WHERE matter_id = %s AND state <> 'reported'",
        ProofKind.COLLABORATION: "SELECT id, '' FROM collaboration WHERE matter_id = %s AND answered_at IS NOT NULL",
        ProofKind.LIMIT: "SELECT id, '' FROM consumption_limit WHERE matter_id = %s AND lifted_at IS NULL",
        ProofKind.LISTING: "SELECT id, '' FROM listing WHERE matter_id = %s AND state IN ('grace', 'listed')",
    }  # fmt: skip
    rows = {kind: _of(cursor, query, matter) for kind, query in plain.items()}
    for item in items:
        if ProofKind.ANSWER in item.proof:
            found += [Proof(item.code, ProofKind.ANSWER, key) for key, codes in asked if item.answers & codes]
        if ProofKind.COLLISION in item.proof:
            found += [
                Proof(item.code, ProofKind.COLLISION, key)
                for key, codes in collisions
                if item.answers & codes
            ]
        if ProofKind.MEASURE in item.proof:
            found += [
                Proof(item.code, ProofKind.MEASURE, key) for key, kind in measures if kind in item.assets
            ]
        for kind in plain:
            if kind in item.proof:
                found += [Proof(item.code, kind, key) for key, _ in rows[kind]]
    return tuple(found)


def _of(cursor: Any, query: str, matter: UUID) -> list[tuple[UUID, str]]:
    cursor.execute(query, [matter])
    return [(row[0], row[1]) for row in cursor.fetchall()]


def _answers(cursor: Any, matter: UUID) -> list[tuple[UUID, frozenset[str]]]:
    cursor.execute(
        f"""SELECT a.id, l.questions FROM answer a JOIN letter l ON l.id = a.letter_id
             WHERE a.state IN ('sent', 'accepted') AND a.result IN ('yes', 'no', 'partial') AND l.id IN ({OF_CASE})
             ORDER BY a.id""",  # noqa: S608
        {"m": matter},
    )
    return [(row[0], frozenset(row[1])) for row in cursor.fetchall()]


def _collisions(cursor: Any, matter: UUID) -> list[tuple[UUID, frozenset[str]]]:
    """Questions that a collision settled: what is late or broken proves nothing."""
    cursor.execute(
        """SELECT id, (SELECT coalesce(array_agg(q), '{}') FROM unnest(questions) q WHERE NOT unsettled ? q)
             FROM collision WHERE matter_id = %s ORDER BY id""",
        [matter],
    )
    return [(row[0], frozenset(row[1])) for row in cursor.fetchall()]
