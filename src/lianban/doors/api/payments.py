"""Money of a matter and of a court: the statement to the day, arrivals and where they went, what a finance system sends in.

What is done to one record (a hold, a payout, a plan) is an act of its matter (``POST /matters/{id}/acts/…``). Amounts are
integer fen.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from lianban.actions.errors import MatterNotFound
from lianban.actions.import_statement import match_entry, receive_line
from lianban.actions.look import look
from lianban.actions.permissions import require
from lianban.actions.receive_payment import Arrival, receive_payments
from lianban.doors.api import shapes
from lianban.doors.api.matters import REFUSED
from lianban.engines.clocks.moments import legal_date
from lianban.records import bank, claims, clocks, distributions, funds, instalments, matter_view
from lianban.records.funds import FundRow

router = Router(tags=["payments"])


class Part(Schema):
    part: str
    paid_fen: int
    owed_fen: int


class ClaimShown(Schema):
    id: UUID
    creditor: UUID
    creditor_name: str
    own: bool
    basis: str
    version: int
    on: date
    parts: list[Part]
    owed_fen: int
    surplus_fen: int


class HoldShown(Schema):
    id: UUID
    kind: str
    reason: str
    amount_fen: int | None
    since: datetime
    until: datetime | None


class PayoutShown(Schema):
    id: UUID
    purpose: str
    payee: str
    amount_fen: int
    state: str
    proposed_at: datetime
    decided_at: datetime | None
    paid_at: datetime | None
    bank_reference: str


class FundShown(Schema):
    id: UUID
    matter: UUID | None
    kind: str
    amount_fen: int
    payer: str
    bank_reference: str
    arrived_at: datetime
    counts_on: date
    notified_at: datetime | None
    ready_at: datetime | None
    held_fen: int
    payable_fen: int
    due_at: datetime | None
    holds: list[HoldShown]
    payouts: list[PayoutShown]


class ShareShown(Schema):
    claim: UUID
    entitled_fen: int
    given_fen: int
    kept_fen: int


class PlanShown(Schema):
    id: UUID
    fund: UUID
    number: int
    state: str
    amount_fen: int
    left_fen: int
    object_until: date | None
    shares: list[ShareShown]


class InstalmentShown(Schema):
    due_on: date
    amount_fen: int
    paid_fen: int
    missed: bool


class AgreedShown(Schema):
    id: UUID
    claim: UUID
    state: str
    total_fen: int
    instalments: list[InstalmentShown]


class MoneyOfMatter(Schema):
    claims: list[ClaimShown]
    funds: list[FundShown]
    plans: list[PlanShown]
    instalments: list[AgreedShown]


class ArrivalSent(Schema):
    """An arrival as a finance system knows it. The bank's reference makes it one movement, sent once or twice."""

    amount_fen: int = Field(gt=0, lt=10**15)
    arrived_at: datetime
    payer: str = Field("", max_length=100)
    bank_reference: str = Field("", max_length=64)
    counts_on: date | None = None
    notified_at: datetime | None = None
    remark: str = Field("", max_length=200)


class ArrivalsSent(Schema):
    arrivals: list[ArrivalSent] = Field(min_length=1, max_length=500)


class Received(Schema):
    ids: list[UUID]


class LineShown(Schema):
    id: UUID
    on: date
    amount_fen: int
    reference: str
    counterparty: str


class MovementShown(Schema):
    id: str
    on: date
    amount_fen: int
    reference: str
    matter: UUID | None


class Reconciling(Schema):
    lines: list[LineShown]
    movements: list[MovementShown]
    book_fen: int
    bank_fen: int
    until: date | None


class Matching(Schema):
    """``movement``: one of the ids that reconciling lists; empty: the line is an arrival nobody knew of."""

    movement: str = Field("", max_length=60)


@router.get(
    "/matters/{matter}",
    response={200: MoneyOfMatter, **REFUSED},
    summary="The money of a matter, as of today",
)
def of_matter(request: HttpRequest, matter: UUID) -> dict[str, Any]:
    acting = request.acting
    with connection.cursor() as cursor:
        head = matter_view.head(cursor, matter)
        if head is None:
            raise MatterNotFound
        known, received = claims.claims(cursor, [matter]), claims.receipts(cursor, [matter])
        chosen, today = claims.settings(cursor), legal_date(acting.now)
        arrived = funds.funds(cursor, [matter])
        due = {
            row.about: row.due_at
            for row in clocks.of(cursor, matter=matter)
            if row.state in ("running", "expired")
        }
        plans = distributions.distributions(cursor, matter)
        agreed = instalments.plans(cursor, matter)
    look(acting, matter, [row.creditor for row in known], "api:payments")
    return {
        "claims": [_claim(row, claims.statement(row, received.get(row.id, []), today, chosen)) for row in known],
        "funds": [_fund(row, due.get(row.id), acting.now) for row in arrived],
        "plans": [_plan(row) for row in plans],
        "instalments": [
            {"id": row.id, "claim": row.claim, "state": row.state, "total_fen": row.plan.total_fen, "instalments": [
                {"due_on": one.instalment.due_on, "amount_fen": one.instalment.amount_fen, "paid_fen": one.paid_fen,
                 "missed": one.missed} for one in row.states(received.get(row.claim, []), today)]}
            for row in agreed
        ],
    }  # fmt: skip


@router.get(
    "/unclaimed",
    response={200: list[FundShown], **REFUSED},
    summary="Arrivals of one's court that nobody claimed",
)
def unclaimed(request: HttpRequest) -> list[dict[str, Any]]:
    require(request.acting, "receive_payment")
    with connection.cursor() as cursor:
        return [_fund(row, None, request.acting.now) for row in funds.unclaimed(cursor)]


@router.post(
    "/arrivals",
    response={200: Received, **REFUSED},
    summary="Record arrivals nobody has claimed yet, all or none",
)
def arrivals(request: HttpRequest, body: ArrivalsSent) -> dict[str, list[UUID]]:
    sent = [
        Arrival(one.amount_fen, one.arrived_at, one.payer, one.bank_reference, "payment", one.counts_on, one.notified_at, one.remark)
        for one in body.arrivals
    ]  # fmt: skip
    return {"ids": receive_payments(request.acting, sent)}


@router.get(
    "/reconciling",
    response={200: Reconciling, **REFUSED},
    summary="What is open on the bank's side and on ours",
)
def reconciling(request: HttpRequest) -> dict[str, Any]:
    require(request.acting, "match_entry")
    with connection.cursor() as cursor:
        book, said, _, until = bank.balances(cursor)
        lines, ours = bank.unmatched_lines(cursor), bank.unmatched_movements(cursor)
    return {
        "lines": [{"id": one.id, "on": one.on, "amount_fen": one.amount_fen, "reference": one.reference,
                   "counterparty": one.counterparty} for one in lines],
        "movements": [{"id": one.id, "on": one.on, "amount_fen": one.amount_fen, "reference": one.reference,
                       "matter": one.matter} for one in ours],
        "book_fen": book, "bank_fen": said, "until": until,
    }  # fmt: skip


@router.post(
    "/lines/{line}",
    response={200: shapes.Done, **REFUSED},
    summary="Say which movement a line of the bank is",
)
def match(request: HttpRequest, line: UUID, body: Matching) -> dict[str, bool]:
    if body.movement:
        match_entry(request.acting, line, body.movement)
    else:
        receive_line(request.acting, line)
    return {"done": True}


def _claim(row: claims.ClaimRow, statement: Any) -> dict[str, Any]:
    return {
        "id": row.id, "creditor": row.creditor, "creditor_name": row.creditor_name, "own": row.own, "basis": row.basis,
        "version": row.number, "on": statement.on, "owed_fen": statement.owed_fen, "surplus_fen": statement.surplus_fen,
        "parts": [{"part": bucket.value, "paid_fen": statement.paid[bucket], "owed_fen": statement.owed[bucket]}
                  for bucket in row.buckets],
    }  # fmt: skip


def _fund(row: FundRow, due_at: datetime | None, now: datetime) -> dict[str, Any]:
    money = row.money()
    return {
        "id": row.id, "matter": row.matter, "kind": row.kind, "amount_fen": row.amount_fen, "payer": row.payer,
        "bank_reference": row.bank_reference, "arrived_at": row.arrived_at, "counts_on": row.counts_on,
        "notified_at": row.notified_at, "ready_at": row.ready_at, "held_fen": money.held_fen(now),
        "payable_fen": max(0, money.payable_fen(now)), "due_at": due_at,
        "holds": [{"id": h.id, "kind": h.kind.value, "reason": h.reason, "amount_fen": h.amount_fen, "since": h.since,
                   "until": h.until} for h in row.holds],
        "payouts": [{"id": p.id, "purpose": p.purpose, "payee": p.payee, "amount_fen": p.amount_fen, "state": p.state,
                     "proposed_at": p.proposed_at, "decided_at": p.decided_at, "paid_at": p.paid_at,
                     "bank_reference": p.bank_reference} for p in row.payouts],
    }  # fmt: skip


def _plan(row: distributions.DistributionRow) -> dict[str, Any]:
    keep = row.payable.keep
    return {
        "id": row.id, "fund": row.fund, "number": row.number, "state": row.state, "amount_fen": row.amount_fen,
        "left_fen": row.left_fen, "object_until": row.object_until,
        "shares": [{"claim": s.claim, "entitled_fen": s.entitled_fen, "given_fen": s.fen, "kept_fen": keep.get(str(s.claim), 0)}
                   for s in row.shares],
    }  # fmt: skip
