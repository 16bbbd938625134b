"""Read and write money in the court's account 案款: arrivals, holds, payouts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.engines.payments import Fund, Hold, HoldKind, Payout
from lianban.records.bulk import insert_many


@dataclass(frozen=True, slots=True)
class HoldRow:
    id: UUID
    fund: UUID
    kind: HoldKind
    reason: str
    approval: str
    amount_fen: int | None
    since: datetime
    until: datetime | None
    lift_reason: str


@dataclass(frozen=True, slots=True)
class PayoutRow:
    id: UUID
    matter: UUID
    fund: UUID
    purpose: str
    claim: UUID | None
    distribution: UUID | None
    party: UUID | None
    payee: str
    account_tail: str
    amount_fen: int
    state: str
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str
    paid_at: datetime | None
    bank_reference: str
    returned_at: datetime | None

    @property
    def live(self) -> bool:
        """Whether it takes money of its fund: about to be paid, or paid and not come back."""
        return self.state in ("proposed", "approved", "paid")


@dataclass(frozen=True, slots=True)
class FundRow:
    """An arrival with all that happened to it."""

    id: UUID
    agency: UUID
    matter: UUID | None
    kind: str
    amount_fen: int
    payer: str
    bank_reference: str
    remark: str
    arrived_at: datetime
    counts_on: date
    claimed_at: datetime | None
    notified_at: datetime | None
    ready_at: datetime | None
    holds: list[HoldRow] = field(default_factory=list)
    payouts: list[PayoutRow] = field(default_factory=list)

    def money(self, counted: Sequence[str] = ("paid",)) -> Fund:
        """As the engine sees it; ``counted``: the states of payouts that take money (proposals may be counted in)."""
        return Fund(
            str(self.id), str(self.matter), self.amount_fen, self.arrived_at, self.notified_at, self.ready_at,
            tuple(Hold(str(h.id), h.kind, h.reason, h.since, h.amount_fen, h.until) for h in self.holds),
            tuple(
                Payout(str(p.id), p.payee, p.amount_fen, p.paid_at or p.proposed_at)
                for p in self.payouts
                if p.state in counted
            ),
        )  # fmt: skip

    @property
    def open_holds(self) -> list[HoldRow]:
        return [hold for hold in self.holds if hold.until is None]

    @property
    def paid_fen(self) -> int:
        return sum(p.amount_fen for p in self.payouts if p.state == "paid")

    @property
    def committed_fen(self) -> int:
        """Paid, and proposed or approved to be."""
        return sum(p.amount_fen for p in self.payouts if p.live)


_FUND = """SELECT f.id, f.agency_id, f.matter_id, f.kind, f.amount_fen, f.payer, f.bank_reference, f.remark, f.arrived_at,
                  f.counts_on, f.claimed_at, f.notified_at, f.ready_at FROM fund f WHERE f.superseded_at IS NULL """


def funds(cursor: Any, matters: Sequence[UUID]) -> list[FundRow]:
    """The arrivals of matters, oldest first, with their holds and payouts."""
    cursor.execute(_FUND + "AND f.matter_id = ANY(%s) ORDER BY f.arrived_at, f.id", [list(matters)])
    return _filled(cursor, [FundRow(*row) for row in cursor.fetchall()])


def fund(cursor: Any, key: UUID, *, lock: bool = False) -> FundRow | None:
    """One arrival of the reader's own court."""
    cursor.execute(_FUND + "AND f.id = %s" + (" FOR NO KEY UPDATE" if lock else ""), [key])
    found = _filled(cursor, [FundRow(*row) for row in cursor.fetchall()])
    return found[0] if found else None


def unclaimed(cursor: Any, limit: int = 200) -> list[FundRow]:
    """What arrived in the reader's account and belongs to no matter yet, oldest first."""
    cursor.execute(_FUND + "AND f.matter_id IS NULL ORDER BY f.arrived_at, f.id LIMIT %s", [limit])
    return [FundRow(*row) for row in cursor.fetchall()]


def unpaid(cursor: Any, limit: int = 500) -> list[FundRow]:
    """Claimed arrivals that have not left in full, oldest first."""
    cursor.execute(
        _FUND  # noqa: S608
        + """AND f.matter_id IS NOT NULL
             AND f.amount_fen > coalesce((SELECT sum(p.amount_fen) FROM payout p WHERE p.fund_id = f.id AND p.state = 'paid'), 0)
           ORDER BY f.arrived_at, f.id LIMIT %s""",
        [limit],
    )  # fmt: skip
    return _filled(cursor, [FundRow(*row) for row in cursor.fetchall()])


def _filled(cursor: Any, rows: list[FundRow]) -> list[FundRow]:
    by_id = {row.id: row for row in rows}
    if not rows:
        return rows
    cursor.execute(
        "SELECT id, fund_id, kind, reason, approval, amount_fen, since, until, lift_reason FROM fund_hold"
        " WHERE fund_id = ANY(%s) ORDER BY since, id",
        [list(by_id)],
    )
    for key, of, kind, *rest in cursor.fetchall():
        by_id[of].holds.append(HoldRow(key, of, HoldKind(kind), *rest))
    for payout in _payouts(cursor, "fund_id = ANY(%s)", [list(by_id)]):
        by_id[payout.fund].payouts.append(payout)
    return rows


_PAYOUT = """SELECT id, matter_id, fund_id, purpose, claim_id, distribution_id, party_id, payee, account_tail, amount_fen,
                    state, proposed_by_id, proposed_at, decided_by_id, decided_at, decision_reason, paid_at, bank_reference,
                    returned_at FROM payout WHERE """


def _payouts(cursor: Any, where: str, params: list[Any]) -> list[PayoutRow]:
    cursor.execute(_PAYOUT + where + " ORDER BY proposed_at, id", params)
    return [PayoutRow(*row) for row in cursor.fetchall()]


def payout(cursor: Any, key: UUID) -> PayoutRow | None:
    return next(iter(_payouts(cursor, "id = %s", [key])), None)


def waiting_payouts(cursor: Any, limit: int = 200) -> list[PayoutRow]:
    """Proposed and approved ones of the reader's court, oldest first."""
    return _payouts(cursor, "state IN ('proposed', 'approved')", [])[:limit]


def paid_by_claim(cursor: Any, matter: UUID) -> dict[tuple[UUID, str], int]:
    """What of each claim is on its way out or out, by purpose."""
    cursor.execute(
        """SELECT claim_id, purpose, sum(amount_fen)::bigint FROM payout WHERE matter_id = %s AND claim_id IS NOT NULL
              AND state IN ('proposed', 'approved', 'paid') GROUP BY 1, 2""",
        [matter],
    )
    found: dict[tuple[UUID, str], int] = defaultdict(int)
    found.update({(claim, purpose): fen for claim, purpose, fen in cursor.fetchall()})
    return found


_FUND_COLUMNS = {"id": "uuid", "agency_id": "uuid", "matter_id": "uuid", "kind": "text", "amount_fen": "bigint",
                 "payer": "text", "bank_reference": "text", "remark": "text", "arrived_at": "timestamptz",
                 "counts_on": "date", "claimed_at": "timestamptz", "claimed_by_id": "uuid", "notified_at": "timestamptz",
                 "ready_at": "timestamptz", "supersedes_id": "uuid", "reason": "text", "officer_id": "uuid",
                 "recorded_at": "timestamptz"}  # fmt: skip


def add_funds(
    cursor: Any, rows: Iterable[FundRow], *, officer: UUID | None, recorded_at: datetime, supersedes: UUID | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    insert_many(
        cursor, "fund", _FUND_COLUMNS,
        [(f.id, f.agency, f.matter, f.kind, f.amount_fen, f.payer, f.bank_reference, f.remark, f.arrived_at, f.counts_on,
          f.claimed_at, officer if f.matter else None, f.notified_at, f.ready_at, supersedes, reason, officer, recorded_at)
         for f in rows],
    )  # fmt: skip


def claim_fund(cursor: Any, key: UUID, matter: UUID, officer: UUID | None, at: datetime) -> bool:
    """The arrival is this matter's. False where somebody was faster."""
    cursor.execute(
        "UPDATE fund SET matter_id = %s, claimed_at = %s, claimed_by_id = %s"
        " WHERE id = %s AND matter_id IS NULL AND superseded_at IS NULL",
        [matter, at, officer, key],
    )
    return bool(cursor.rowcount)


def mark_fund(cursor: Any, key: UUID, *, notified_at: datetime | None, ready_at: datetime | None) -> None:
    """The finance office told of it, or the conditions for payout were met."""
    cursor.execute(
        "UPDATE fund SET notified_at = coalesce(notified_at, %s), ready_at = coalesce(ready_at, %s) WHERE id = %s",
        [notified_at, ready_at, key],
    )


def add_hold(
    cursor: Any, hold: HoldRow, *, matter: UUID, lead: UUID, officer: UUID | None, recorded_at: datetime
) -> None:
    cursor.execute(
        """INSERT INTO fund_hold (id, matter_id, lead_agency_id, fund_id, kind, reason, approval, amount_fen, since, held_by_id,
                                  lift_reason, recorded_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', %s)""",
        [hold.id, matter, lead, hold.fund, hold.kind.value, hold.reason, hold.approval, hold.amount_fen, hold.since, officer,
         recorded_at],
    )  # fmt: skip


def lift_holds(cursor: Any, keys: Sequence[UUID], officer: UUID | None, reason: str, at: datetime) -> None:
    cursor.execute(
        "UPDATE fund_hold SET until = greatest(%s, since), lifted_by_id = %s, lift_reason = %s"
        " WHERE id = ANY(%s) AND until IS NULL",
        [at, officer, reason, list(keys)],
    )


def add_payouts(cursor: Any, rows: Iterable[PayoutRow], *, lead: UUID, recorded_at: datetime) -> None:
    insert_many(
        cursor, "payout",
        {"id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "fund_id": "uuid", "purpose": "text",
         "claim_id": "uuid", "distribution_id": "uuid", "party_id": "uuid", "payee": "text", "account_tail": "text",
         "amount_fen": "bigint", "state": "text", "proposed_by_id": "uuid", "proposed_at": "timestamptz",
         "decision_reason": "text", "bank_reference": "text", "recorded_at": "timestamptz"},
        [(p.id, p.matter, lead, p.fund, p.purpose, p.claim, p.distribution, p.party, p.payee, p.account_tail, p.amount_fen,
          "proposed", p.proposed_by, p.proposed_at, "", "", recorded_at) for p in rows],
    )  # fmt: skip


def decide_payout(
    cursor: Any, key: UUID, state: str, officer: UUID | None, reason: str, at: datetime
) -> None:
    cursor.execute(
        "UPDATE payout SET state = %s, decided_by_id = %s, decided_at = %s, decision_reason = %s WHERE id = %s",
        [state, officer, at, reason, key],
    )


def pay(cursor: Any, key: UUID, officer: UUID | None, reference: str, at: datetime) -> None:
    cursor.execute(
        "UPDATE payout SET state = 'paid', paid_at = %s, paid_by_id = %s, bank_reference = %s WHERE id = %s",
        [at, officer, reference, key],
    )


def take_back(cursor: Any, key: UUID, state: str, at: datetime, reason: str) -> None:
    """An approved payout is cancelled, or the bank returned a paid one."""
    cursor.execute(
        "UPDATE payout SET state = %s, returned_at = CASE WHEN %s = 'returned' THEN %s::timestamptz END,"
        " decision_reason = CASE WHEN %s = '' THEN decision_reason ELSE %s END WHERE id = %s",
        [state, state, at, reason, reason, key],
    )
