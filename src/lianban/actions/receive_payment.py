"""登记到账: money arrived in the court's account. In a matter, or, where nobody knows yet for what, unclaimed 待认领."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.acting import Acting
from lianban.actions.count_payment import count_in
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import yuan
from lianban.actions.money_in_hand import day_of, moment_of, refresh_payout_clock
from lianban.actions.permissions import require
from lianban.actions.work import Work, working
from lianban.engines.clocks.moments import legal_date
from lianban.records import funds
from lianban.records.funds import FundRow
from lianban.records.history import Entry
from lianban.records.identity import new_id


@dataclass(frozen=True, slots=True)
class Arrival:
    """One arrival, as the finance office or the bank tells it."""

    amount_fen: int
    arrived_at: datetime
    payer: str = ""
    bank_reference: str = ""
    kind: str = "payment"
    counts_on: date | None = None
    notified_at: datetime | None = None
    remark: str = ""


@acts("payments.receive")
def receive_payment(doing: Doing) -> Outcome:
    """An arrival of this matter; counted for its claim at once where there is one claim, or one is chosen."""
    work, matter, data = doing.work, doing.matter, doing.data
    arrived = moment_of(data.get("arrived_on"), doing.at)
    row = _row(
        work.acting.agency,
        Arrival(
            int(data["amount"]), arrived, data.get("payer", "").strip(), data.get("bank_reference", "").strip(),
            data.get("kind", "payment"), day_of(data.get("counts_on"), arrived),
            moment_of(data["notified_on"], doing.at) if data.get("notified_on") else None, data.get("remark", ""),
        ),
        matter.id, work.acting.now,
    )  # fmt: skip
    _require_new(work, [row])
    funds.add_funds(work.cursor, [row], officer=work.acting.officer, recorded_at=work.acting.now)
    claim = count_in(work, matter, row, data.get("claim"), doing.at)
    refresh_payout_clock(work, matter, row.id, doing.at)
    return Outcome(
        record=row.id, subjects=(claim.creditor,) if claim else (), said=said(row), milestone=False,
        shown={"amount": yuan(row.amount_fen), "payer": row.payer},
    )  # fmt: skip


def receive_payments(acting: Acting, arrivals: list[Arrival]) -> list[UUID]:
    """Arrivals nobody has claimed yet, of the acting court. One ledger entry each."""
    require(acting, "receive_payment")
    with working(acting) as work:
        return receive_in(work, arrivals)


def receive_in(work: Work, arrivals: list[Arrival]) -> list[UUID]:
    """The same within a unit of work that is already open."""
    rows = [_row(work.acting.agency, arrival, None, work.acting.now) for arrival in arrivals]
    _require_new(work, rows)
    funds.add_funds(work.cursor, rows, officer=work.acting.officer, recorded_at=work.acting.now)
    for row in rows:
        work.enter(Entry("payments.receive", said=said(row)))
    return [row.id for row in rows]


def said(row: FundRow) -> dict[str, object]:
    """What the ledger keeps of an arrival."""
    return {
        "fund": str(row.id), "amount_fen": row.amount_fen, "bank_reference": row.bank_reference,
        "arrived_at": row.arrived_at, "counts_on": row.counts_on, "kind": row.kind,
    }  # fmt: skip


def _row(agency: UUID | None, arrival: Arrival, matter: UUID | None, now: datetime) -> FundRow:
    assert agency is not None
    return FundRow(
        new_id(), agency, matter, arrival.kind, arrival.amount_fen, arrival.payer, arrival.bank_reference, arrival.remark,
        arrival.arrived_at, arrival.counts_on or legal_date(arrival.arrived_at), now if matter else None,
        max(arrival.notified_at, arrival.arrived_at) if arrival.notified_at else None, None,
    )  # fmt: skip


def _require_new(work: Work, rows: list[FundRow]) -> None:
    """The bank's number names one movement. Raises :class:`NothingToDo` for one that is recorded already."""
    references = [row.bank_reference for row in rows if row.bank_reference]
    work.cursor.execute(
        "SELECT bank_reference FROM fund WHERE bank_reference = ANY(%s) AND superseded_at IS NULL",
        [references],
    )
    known = [row[0] for row in work.cursor.fetchall()] + [
        r for r in set(references) if references.count(r) > 1
    ]
    if known:
        raise NothingToDo(
            act="登记到账", reason_zh=f"银行流水号 {'、'.join(sorted(set(known)))} 已经登记过",
            reason=f"the bank's reference {', '.join(sorted(set(known)))} is recorded already",
        )  # fmt: skip
