"""Read and write claims 债权 and what was received for them; the engine of payments computes, these rows remember."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from lianban.engines.payments import (
    Bucket,
    GeneralInterest,
    MoneyClaim,
    Pause,
    PaymentSettings,
    Receipt,
    Statement,
    Tranche,
    settle,
)
from lianban.records.bulk import insert_many
from lianban.records.identity import new_id


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as its last version says it. ``money`` is what the engine computes with."""

    id: UUID
    matter: UUID
    creditor: UUID
    creditor_name: str
    own: bool
    version: UUID
    number: int
    basis: str
    attribution: str
    buckets: tuple[Bucket, ...]
    reason: str
    occurred_at: datetime
    money: MoneyClaim
    pause_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """So much of a fund (or of a ruling in kind) that counts as paid on a claim."""

    id: UUID
    claim: UUID
    fund: UUID | None
    paid_on: date
    amount_fen: int
    ruling: str = ""
    supersedes: UUID | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewClaim:
    """What a version of a claim is made of."""

    basis: str
    money: MoneyClaim
    attribution: str
    buckets: tuple[Bucket, ...]
    pause_reasons: tuple[str, ...] = ()
    reason: str = ""


def settings(cursor: Any) -> PaymentSettings:
    """The choices of this deployment, from ``lianban.setting``."""
    cursor.execute(
        "SELECT lianban.setting_text('payout_clock'), lianban.setting_int('interest_last_day_counts'),"
        " lianban.setting_int('doubled_last_in_distribution')"
    )
    clock, last_day, doubled_last = cursor.fetchone()
    return PaymentSettings(
        payout_clock=clock, last_day_counts=bool(last_day), doubled_last_in_distribution=bool(doubled_last)
    )


def claims(
    cursor: Any, matters: Sequence[UUID], *, only: UUID | None = None, versions: bool = False
) -> list[ClaimRow]:
    """The claims of matters, each as its last version says; with ``versions`` every version, oldest first."""
    cursor.execute(
        f"""SELECT c.id, c.matter_id, c.creditor_id, p.name, c.own, v.id, v.number, v.basis, v.attribution, v.buckets, v.reason,
                   v.occurred_at, v.interest_fen, v.costs_fen, v.enforcement_costs_fen, v.doubled_before_fen, v.doubled_from
              FROM claim c JOIN party p ON p.id = c.creditor_id JOIN claim_version v ON v.claim_id = c.id
             WHERE c.matter_id = ANY(%s) AND (%s::uuid IS NULL OR c.id = %s)
               {"" if versions else "AND v.number = (SELECT max(n.number) FROM claim_version n WHERE n.claim_id = c.id)"}
             ORDER BY c.own DESC, c.id, v.number""",  # noqa: S608
        [list(matters), only, only],
    )
    rows = cursor.fetchall()
    tranches, interests, pauses = _lines(cursor, [row[5] for row in rows])
    made = []
    for (key, matter, creditor, name, own, version, number, basis, order, buckets, reason, occurred_at,
         interest, costs, enforcement, before, doubled_from) in rows:  # fmt: skip
        money = MoneyClaim(
            str(key), tuple(tranches[version]), tuple(interests[version]), interest, costs, enforcement,
            tuple(pause for pause, _ in pauses[version]), before, doubled_from,
        )  # fmt: skip
        made.append(
            ClaimRow(key, matter, creditor, name, own, version, number, basis, order, tuple(map(Bucket, buckets)), reason,
                     occurred_at, money, tuple(why for _, why in pauses[version]))
        )  # fmt: skip
    return made


def _lines(cursor: Any, versions: list[UUID]) -> tuple[Any, Any, Any]:
    tranches: dict[UUID, list[Tranche]] = defaultdict(list)
    interests: dict[UUID, list[GeneralInterest]] = defaultdict(list)
    pauses: dict[UUID, list[tuple[Pause, str]]] = defaultdict(list)
    cursor.execute(
        "SELECT version_id, number, amount_fen, last_day FROM claim_tranche WHERE version_id = ANY(%s)"
        " ORDER BY version_id, number",
        [versions],
    )
    for version, number, fen, day in cursor.fetchall():
        tranches[version].append(Tranche(str(number), fen, day))
    cursor.execute(
        "SELECT version_id, yearly_percent, first_day, last_day, day_basis, base_fen FROM claim_interest"
        " WHERE version_id = ANY(%s) ORDER BY version_id, number",
        [versions],
    )
    for version, percent, first, last, basis, base in cursor.fetchall():
        interests[version].append(GeneralInterest(Fraction(percent) / 100, first, last, basis, base))
    cursor.execute(
        "SELECT version_id, first_day, last_day, reason FROM claim_pause WHERE version_id = ANY(%s)"
        " ORDER BY version_id, number",
        [versions],
    )
    for version, first, last, reason in cursor.fetchall():
        pauses[version].append((Pause(first, last), reason))
    return tranches, interests, pauses


def receipts(cursor: Any, matters: Sequence[UUID]) -> dict[UUID, list[ReceiptRow]]:
    """By claim, what counts today: a receipt that was corrected is not among it."""
    cursor.execute(
        """SELECT id, claim_id, fund_id, paid_on, amount_fen, ruling, supersedes_id, reason FROM receipt
            WHERE matter_id = ANY(%s) AND superseded_at IS NULL AND amount_fen > 0 ORDER BY paid_on, id""",
        [list(matters)],
    )
    found: dict[UUID, list[ReceiptRow]] = defaultdict(list)
    for row in cursor.fetchall():
        receipt = ReceiptRow(*row)
        found[receipt.claim].append(receipt)
    return found


def statement(
    claim: ClaimRow, received: Iterable[ReceiptRow], on: date, chosen: PaymentSettings
) -> Statement:
    """The statement of a claim on a day, with what had been received by then."""
    until = [Receipt(str(r.id), r.paid_on, r.amount_fen) for r in received if r.paid_on <= on]
    return settle(claim.money, until, on, replace(chosen, agreed=claim.buckets))


_VERSION = {"id": "uuid", "claim_id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "number": "smallint",
            "basis": "text", "principal_fen": "bigint", "tranches": "smallint", "interests": "smallint",
            "pauses": "smallint", "interest_fen": "bigint", "costs_fen": "bigint", "enforcement_costs_fen": "bigint",
            "doubled_before_fen": "bigint", "doubled_from": "date", "attribution": "text", "buckets": "text[]",
            "reason": "text", "officer_id": "uuid", "occurred_at": "timestamptz", "recorded_at": "timestamptz"}  # fmt: skip


def add_claim(
    cursor: Any, *, matter: UUID, lead: UUID, creditor: UUID, own: bool, recorded_at: datetime
) -> UUID:
    key = new_id()
    cursor.execute(
        "INSERT INTO claim (id, matter_id, lead_agency_id, creditor_id, own, recorded_at) VALUES (%s, %s, %s, %s, %s, %s)",
        [key, matter, lead, creditor, own, recorded_at],
    )
    return key


def add_version(
    cursor: Any, claim: UUID, number: int, new: NewClaim, *, matter: UUID, lead: UUID, officer: UUID | None,
    occurred_at: datetime, recorded_at: datetime,
) -> UUID:  # fmt: skip
    """Write a version with its lines; the database checks at the end that they add up."""
    key, money = new_id(), new.money
    insert_many(
        cursor, "claim_version", _VERSION,
        [(key, claim, matter, lead, number, new.basis, money.principal_fen, len(money.tranches), len(money.general),
          len(money.pauses), money.interest_fen, money.costs_fen, money.enforcement_costs_fen, money.doubled_before_fen,
          money.doubled_from, new.attribution, list(new.buckets), new.reason, officer, occurred_at, recorded_at)],
    )  # fmt: skip
    insert_many(
        cursor, "claim_tranche",
        {"version_id": "uuid", "number": "smallint", "lead_agency_id": "uuid", "amount_fen": "bigint", "last_day": "date"},
        [(key, n, lead, t.amount_fen, t.last_day) for n, t in enumerate(money.tranches, 1)],
    )  # fmt: skip
    insert_many(
        cursor, "claim_interest",
        {"version_id": "uuid", "number": "smallint", "lead_agency_id": "uuid", "yearly_percent": "numeric",
         "first_day": "date", "last_day": "date", "day_basis": "smallint", "base_fen": "bigint"},
        [(key, n, lead, _percent(g.yearly), g.first_day, g.last_day, g.day_basis, g.base_fen)
         for n, g in enumerate(money.general, 1)],
    )  # fmt: skip
    insert_many(
        cursor, "claim_pause",
        {"version_id": "uuid", "number": "smallint", "lead_agency_id": "uuid", "first_day": "date", "last_day": "date",
         "reason": "text"},
        [(key, n, lead, p.first_day, p.last_day, reason)
         for n, (p, reason) in enumerate(zip(money.pauses, new.pause_reasons, strict=True), 1)],
    )  # fmt: skip
    return key


def _percent(yearly: Fraction) -> Decimal:
    """Of a hundred, exactly: what is entered has at most six decimals."""
    scaled = yearly * 100
    return Decimal(scaled.numerator) / Decimal(scaled.denominator)


def add_receipts(
    cursor: Any, rows: Iterable[ReceiptRow], *, matter: UUID, lead: UUID, officer: UUID | None, recorded_at: datetime
) -> None:  # fmt: skip
    insert_many(
        cursor, "receipt",
        {"id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "claim_id": "uuid", "fund_id": "uuid",
         "paid_on": "date", "amount_fen": "bigint", "ruling": "text", "supersedes_id": "uuid", "reason": "text",
         "officer_id": "uuid", "recorded_at": "timestamptz"},
        [(r.id, matter, lead, r.claim, r.fund, r.paid_on, r.amount_fen, r.ruling, r.supersedes, r.reason, officer, recorded_at)
         for r in rows],
    )  # fmt: skip
