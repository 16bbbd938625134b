"""Read and write the bank's side 银行对账: statements, their lines, and which movement of ours each line is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.engines.payments import Entry
from lianban.records.bulk import insert_many
from lianban.records.identity import new_id


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line of a statement: positive in, negative out."""

    id: UUID
    statement: UUID
    line: int
    on: date
    amount_fen: int
    reference: str
    counterparty: str
    remark: str

    @property
    def entry(self) -> Entry:
        return Entry(str(self.id), self.on, self.amount_fen, self.reference)


@dataclass(frozen=True, slots=True)
class StatementRow:
    id: UUID
    name: str
    first_day: date
    last_day: date
    opening_fen: int
    closing_fen: int
    lines: int
    recorded_at: datetime
    unmatched: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of the court's books: an arrival, a payout, or a payout that came back. ``id`` tells which."""

    id: str
    on: date
    amount_fen: int
    reference: str
    fund: UUID | None
    payout: UUID | None
    returned: bool
    matter: UUID | None
    who: str

    @property
    def entry(self) -> Entry:
        return Entry(self.id, self.on, self.amount_fen, self.reference)


def statements(cursor: Any, limit: int = 20) -> list[StatementRow]:
    """The statements of the reader's court, newest first."""
    cursor.execute(
        """SELECT s.id, s.name, s.first_day, s.last_day, s.opening_fen, s.closing_fen, s.lines, s.recorded_at,
                  (SELECT count(*) FROM bank_entry e WHERE e.statement_id = s.id AND NOT EXISTS (
                      SELECT FROM bank_match m WHERE m.entry_id = e.id AND m.undone_at IS NULL))
             FROM bank_statement s ORDER BY s.last_day DESC, s.recorded_at DESC LIMIT %s""",
        [limit],
    )
    return [StatementRow(*row) for row in cursor.fetchall()]


def already(cursor: Any, digest: str) -> str | None:
    """The name under which this very file was imported before."""
    cursor.execute("SELECT name FROM bank_statement WHERE digest = %s", [digest])
    row = cursor.fetchone()
    return row[0] if row else None


def known_references(cursor: Any, references: Sequence[str]) -> dict[str, str]:
    """Of these references of the bank, those imported before, each with the name of its statement."""
    cursor.execute(
        "SELECT e.reference, s.name FROM bank_entry e JOIN bank_statement s ON s.id = e.statement_id"
        " WHERE e.reference = ANY(%s) AND e.reference <> ''",
        [list(references)],
    )
    return dict(cursor.fetchall())


def unmatched_lines(cursor: Any, limit: int = 1000) -> list[BankLine]:
    """Lines that are no movement of ours yet, oldest first: each is something to do."""
    cursor.execute(
        """SELECT e.id, e.statement_id, e.line, e.on_day, e.amount_fen, e.reference, e.counterparty, e.remark FROM bank_entry e
            WHERE NOT EXISTS (SELECT FROM bank_match m WHERE m.entry_id = e.id AND m.undone_at IS NULL)
            ORDER BY e.on_day, e.line LIMIT %s""",
        [limit],
    )
    return [BankLine(*row) for row in cursor.fetchall()]


def line(cursor: Any, key: UUID) -> BankLine | None:
    cursor.execute(
        "SELECT id, statement_id, line, on_day, amount_fen, reference, counterparty, remark FROM bank_entry WHERE id = %s",
        [key],
    )
    row = cursor.fetchone()
    return BankLine(*row) if row else None


def unmatched_movements(
    cursor: Any, until: date | None = None, limit: int = 1000, key: str = ""
) -> list[Movement]:
    """Movements of the court's books that are on no statement yet, oldest first. ``key`` asks for one of them."""
    cursor.execute(
        """SELECT * FROM (
               SELECT 'fund:' || f.id AS key, (f.arrived_at AT TIME ZONE 'Asia/Shanghai')::date AS day, f.amount_fen,
                      f.bank_reference, f.id, NULL::uuid, false, f.matter_id, f.payer
                 FROM fund f WHERE f.superseded_at IS NULL
                  AND NOT EXISTS (SELECT FROM bank_match m WHERE m.fund_id = f.id AND m.undone_at IS NULL)
               UNION ALL
               SELECT 'payout:' || p.id, (p.paid_at AT TIME ZONE 'Asia/Shanghai')::date, -p.amount_fen, p.bank_reference,
                      NULL, p.id, false, p.matter_id, p.payee
                 FROM payout p WHERE p.state IN ('paid', 'returned')
                  AND NOT EXISTS (SELECT FROM bank_match m WHERE m.payout_id = p.id AND NOT m.returned AND m.undone_at IS NULL)
               UNION ALL
               SELECT 'returned:' || p.id, (p.returned_at AT TIME ZONE 'Asia/Shanghai')::date, p.amount_fen, '',
                      NULL, p.id, true, p.matter_id, p.payee
                 FROM payout p WHERE p.state = 'returned'
                  AND NOT EXISTS (SELECT FROM bank_match m WHERE m.payout_id = p.id AND m.returned AND m.undone_at IS NULL)
           ) AS d WHERE (%s::date IS NULL OR d.day <= %s) AND (%s = '' OR d.key = %s) ORDER BY d.day, d.key LIMIT %s""",
        [until, until, key, key, limit],
    )
    return [Movement(*row) for row in cursor.fetchall()]


def balances(cursor: Any) -> tuple[int, int, int, date | None]:
    """What the books say is in the account, what the last statement says, what the books have in open matches, its day."""
    cursor.execute(
        """SELECT (coalesce((SELECT sum(amount_fen) FROM fund WHERE superseded_at IS NULL), 0)
                   - coalesce((SELECT sum(amount_fen) FROM payout WHERE state = 'paid'), 0))::bigint,
                  coalesce((SELECT closing_fen FROM bank_statement ORDER BY last_day DESC, recorded_at DESC LIMIT 1), 0),
                  coalesce((SELECT sum(difference_fen) FROM bank_match WHERE undone_at IS NULL), 0)::bigint,
                  (SELECT max(last_day) FROM bank_statement)"""
    )
    return tuple(cursor.fetchone())


def add_statement(
    cursor: Any, *, agency: UUID, name: str, digest: str, first_day: date, last_day: date, opening_fen: int,
    closing_fen: int, rows: Sequence[tuple[int, date, int, str, str, str]], officer: UUID | None, recorded_at: datetime,
) -> UUID:  # fmt: skip
    """``rows``: line, day, fen, reference, counterparty, remark."""
    key = new_id()
    insert_many(
        cursor, "bank_statement",
        {"id": "uuid", "agency_id": "uuid", "name": "text", "digest": "text", "first_day": "date", "last_day": "date",
         "opening_fen": "bigint", "closing_fen": "bigint", "lines": "integer", "officer_id": "uuid",
         "recorded_at": "timestamptz"},
        [(key, agency, name, digest, first_day, last_day, opening_fen, closing_fen, len(rows), officer, recorded_at)],
    )  # fmt: skip
    insert_many(
        cursor, "bank_entry",
        {"id": "uuid", "statement_id": "uuid", "agency_id": "uuid", "line": "integer", "on_day": "date",
         "amount_fen": "bigint", "reference": "text", "counterparty": "text", "remark": "text"},
        [(new_id(), key, agency, *row) for row in rows],
    )  # fmt: skip
    return key


@dataclass(frozen=True, slots=True)
class MatchRow:
    entry: UUID
    fund: UUID | None
    payout: UUID | None
    returned: bool
    by: str
    difference_fen: int


def add_matches(
    cursor: Any, rows: Iterable[MatchRow], *, agency: UUID, officer: UUID | None, recorded_at: datetime
) -> None:
    insert_many(
        cursor, "bank_match",
        {"id": "uuid", "agency_id": "uuid", "entry_id": "uuid", "fund_id": "uuid", "payout_id": "uuid",
         "returned": "boolean", "by": "text", "difference_fen": "bigint", "officer_id": "uuid", "recorded_at": "timestamptz",
         "undo_reason": "text"},
        [(new_id(), agency, m.entry, m.fund, m.payout, m.returned, m.by, m.difference_fen, officer, recorded_at, "")
         for m in rows],
    )  # fmt: skip


def undo_match(cursor: Any, entry: UUID, officer: UUID | None, reason: str, at: datetime) -> bool:
    cursor.execute(
        "UPDATE bank_match SET undone_at = %s, undone_by_id = %s, undo_reason = %s WHERE entry_id = %s AND undone_at IS NULL",
        [at, officer, reason, entry],
    )
    return bool(cursor.rowcount)
