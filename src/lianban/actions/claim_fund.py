"""认领案款: an arrival that nobody knew what for is this matter's."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.count_payment import count_in
from lianban.actions.money_errors import FundTaken, MoneyNotFound, yuan
from lianban.actions.money_in_hand import moment_of, refresh_payout_clock
from lianban.records import funds


@acts("payments.claim_fund")
def claim_fund(doing: Doing) -> Outcome:
    """One officer is faster than the others, who are told so. Raises :class:`FundTaken`."""
    work, matter, data = doing.work, doing.matter, doing.data
    fund = funds.fund(work.cursor, doing.record, lock=True) if doing.record else None
    if fund is None:
        raise MoneyNotFound(what_zh="待认领到账", what="an unclaimed arrival")
    if fund.matter is not None or not funds.claim_fund(
        work.cursor, fund.id, matter.id, work.acting.officer, work.acting.now
    ):
        raise FundTaken
    if data.get("notified_on"):
        told = max(moment_of(data["notified_on"], doing.at), fund.arrived_at)
        funds.mark_fund(work.cursor, fund.id, notified_at=told, ready_at=None)
    claim = count_in(work, matter, fund, data.get("claim"), doing.at)
    refresh_payout_clock(work, matter, fund.id, doing.at)
    return Outcome(
        record=fund.id, subjects=(claim.creditor,) if claim else (), milestone=False,
        said={"fund": str(fund.id), "amount_fen": fund.amount_fen}, shown={"amount": yuan(fund.amount_fen), "payer": fund.payer},
    )  # fmt: skip
