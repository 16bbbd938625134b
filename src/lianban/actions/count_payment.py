"""计入债权: so much of an arrival counts as paid on a claim, from the day that counts as the day of payment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import ClaimNotChosen, PlanStandsInTheWay, yuan
from lianban.actions.money_in_hand import after_receipts, claim_in, count_receipt, fund_in, plan_of_fund
from lianban.actions.work import MatterRow, Work
from lianban.records import claims
from lianban.records.claims import ClaimRow
from lianban.records.funds import FundRow


def count_in(work: Work, matter: MatterRow, fund: FundRow, chosen: Any, at: datetime) -> ClaimRow | None:
    """Count a whole arrival: for the claim that is chosen, or the only one; with several and none chosen it waits for a
    plan of distribution, or for somebody to say which."""
    known = claims.claims(work.cursor, [matter.id])
    if not chosen and len(known) != 1:
        return None
    claim = claim_in(work, matter, chosen) if chosen else known[0]
    count_receipt(work, matter, claim.id, fund.id, fund.amount_fen, fund.counts_on)
    after_receipts(work, matter, at)
    return claim


@acts("payments.count")
def count_payment(doing: Doing) -> Outcome:
    """Count what is left of an arrival, or a part of it, for a claim."""
    work, matter, data = doing.work, doing.matter, doing.data
    fund = fund_in(work, matter, doing.record)
    if (plan := plan_of_fund(work, fund)) is not None:
        raise PlanStandsInTheWay(number=plan.number)
    known = claims.claims(work.cursor, [matter.id])
    if not data.get("claim") and len(known) != 1:
        raise ClaimNotChosen(count=len(known))
    claim = claim_in(work, matter, data["claim"]) if data.get("claim") else known[0]
    counted = sum(
        r.amount_fen
        for rows in claims.receipts(work.cursor, [matter.id]).values()
        for r in rows
        if r.fund == fund.id
    )
    left = fund.amount_fen - counted
    fen = int(data.get("amount", left))
    if not 0 < fen <= left:
        raise NothingToDo(
            act="计入债权",
            reason_zh=f"该笔到账尚未计入的是 {yuan(left)} 元",
            reason=f"{yuan(left)} yuan of it are not counted yet",
        )
    receipt = count_receipt(work, matter, claim.id, fund.id, fen, fund.counts_on)
    after_receipts(work, matter, doing.at)
    return Outcome(
        record=fund.id, subjects=(claim.creditor,), milestone=False, shown={"amount": yuan(fen)},
        said={"fund": str(fund.id), "claim": str(claim.id), "receipt": str(receipt), "amount_fen": fen,
              "paid_on": fund.counts_on},
    )  # fmt: skip
