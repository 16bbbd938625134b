"""提请发放: one officer proposes that money leaves; it is set aside until another decides."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import ClaimNotChosen, MoreThanReceived, PlanStandsInTheWay, yuan
from lianban.actions.money_in_hand import (
    claim_in,
    fund_in,
    plan_of_fund,
    require_payable,
    require_received,
    returnable,
)
from lianban.records import claims, funds
from lianban.records.claims import ClaimRow
from lianban.records.funds import PayoutRow
from lianban.records.identity import new_id

LIVE = ("proposed", "approved", "paid")


@acts("payments.propose")
def propose_payout(doing: Doing) -> Outcome:
    """Raises :class:`MoneyNotEnough`, :class:`MoreThanReceived`, :class:`PlanStandsInTheWay`."""
    work, matter, data = doing.work, doing.matter, doing.data
    fund = fund_in(work, matter, doing.record)
    purpose, fen = data.get("purpose", "claim"), int(data["amount"])
    plan = plan_of_fund(work, fund)
    if plan is not None and purpose != "surplus":
        raise PlanStandsInTheWay(number=plan.number)
    require_payable(fund, fen, work.acting.now, LIVE)
    claim: ClaimRow | None = None
    if purpose == "surplus":
        if fen > (most := returnable(work, matter)):
            raise MoreThanReceived(
                what_zh="无人应得的余款", what="what nobody is owed", most=yuan(most), wanted=yuan(fen)
            )
        payee = data.get("payee", "").strip() or fund.payer
    else:
        known = claims.claims(work.cursor, [matter.id])
        if not data.get("claim") and len(known) != 1:
            raise ClaimNotChosen(count=len(known))
        claim = claim_in(work, matter, data["claim"]) if data.get("claim") else known[0]
        require_received(work, claim, purpose, fen, fund)
        payee = data.get("payee", "").strip() or (
            "国库（执行费用）" if purpose == "costs" else claim.creditor_name
        )
    if not payee:
        raise NothingToDo(act="提请发放", reason_zh="没有收款人", reason="there is no payee")
    party = claim.creditor if claim and purpose == "claim" else None
    row = new_payout(
        doing, fund.id, purpose, fen, payee, claim=claim.id if claim else None, party=party,
        distribution=plan.id if plan else None, account_tail=data.get("account_tail", ""),
    )  # fmt: skip
    funds.add_payouts(work.cursor, [row], lead=matter.lead_agency, recorded_at=work.acting.now)
    return Outcome(
        record=row.id, subjects=(party,) if party else (), milestone=False, said=said(row),
        shown={"amount": yuan(fen), "purpose": purpose},
    )  # fmt: skip


def new_payout(
    doing: Doing, fund: UUID, purpose: str, fen: int, payee: str, *, claim: UUID | None = None,
    distribution: UUID | None = None, party: UUID | None = None, account_tail: str = "",
) -> PayoutRow:  # fmt: skip
    """A proposal by the acting officer. Raises :class:`NothingToDo` for a machine: a person proposes payouts."""
    officer = doing.work.acting.officer
    if officer is None:
        raise NothingToDo(
            act="提请发放", reason_zh="须由具名的人员提请", reason="a named officer proposes payouts"
        )
    return PayoutRow(
        new_id(), doing.matter.id, fund, purpose, claim, distribution, party, payee[:100], account_tail, fen, "proposed",
        officer, doing.at, None, None, "", None, "", None,
    )  # fmt: skip


def said(row: PayoutRow) -> dict[str, object]:
    """What the ledger keeps of a payout."""
    return {
        "payout": str(row.id), "fund": str(row.fund), "claim": str(row.claim or ""), "purpose": row.purpose,
        "amount_fen": row.amount_fen, "distribution": str(row.distribution or ""),
    }  # fmt: skip
