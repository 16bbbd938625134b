"""更正到账: an arrival that was recorded wrongly is recorded anew, and what it counted for with it."""

from __future__ import annotations

from dataclasses import replace

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.count_payment import count_in
from lianban.actions.money_errors import CorrectionBlocked, yuan
from lianban.actions.money_in_hand import after_receipts, day_of, fund_in, plan_of_fund, refresh_payout_clock
from lianban.actions.permissions import require_reason
from lianban.actions.receive_payment import said
from lianban.actions.running_clocks import stop_clocks
from lianban.records import claims, funds
from lianban.records.claims import ReceiptRow
from lianban.records.identity import new_id


@acts("payments.correct")
def correct_payment(doing: Doing) -> Outcome:
    """Raises :class:`CorrectionBlocked` once the money is being distributed, held or paid out.

    ``unclaim``: the arrival was claimed for the wrong matter and is nobody's again.
    """
    work, matter, data = doing.work, doing.matter, doing.data
    old = fund_in(work, matter, doing.record)
    reason = require_reason("更正到账", data["reason"])
    if old.committed_fen or old.open_holds or plan_of_fund(work, old) is not None:
        raise CorrectionBlocked(
            reason_zh="该笔案款正在发放、暂缓或分配；请先撤回",
            reason="the money is being paid, held or distributed; take that back first",
        )
    unclaim = bool(data.get("unclaim"))
    new = replace(
        old, id=new_id(), matter=None if unclaim else old.matter, claimed_at=None if unclaim else old.claimed_at,
        amount_fen=int(data.get("amount", old.amount_fen)), payer=data.get("payer", old.payer),
        bank_reference=data.get("bank_reference", old.bank_reference), counts_on=day_of(data.get("counts_on"), old.arrived_at)
        if data.get("counts_on") else old.counts_on, holds=[], payouts=[],
    )  # fmt: skip
    counted = [
        r for rows in claims.receipts(work.cursor, [matter.id]).values() for r in rows if r.fund == old.id
    ]
    # A receipt of nothing takes the place of each that no longer counts; then the new arrival is counted.
    claims.add_receipts(
        work.cursor,
        [ReceiptRow(new_id(), r.claim, old.id, r.paid_on, 0, "", r.id, reason) for r in counted],
        matter=matter.id, lead=matter.lead_agency, officer=work.acting.officer, recorded_at=work.acting.now,
    )  # fmt: skip
    funds.add_funds(
        work.cursor,
        [new],
        officer=work.acting.officer,
        recorded_at=work.acting.now,
        supersedes=old.id,
        reason=reason,
    )
    stop_clocks(work, [old.id], doing.at)
    if not unclaim:
        only = {r.claim for r in counted}
        count_in(work, matter, new, next(iter(only)) if len(only) == 1 else None, doing.at)
        refresh_payout_clock(work, matter, new.id, doing.at)
    after_receipts(work, matter, doing.at)
    return Outcome(
        record=new.id, milestone=False, said={**said(new), "supersedes": str(old.id), "reason": reason, "unclaim": unclaim},
        shown={"amount": yuan(new.amount_fen), "reason": reason},
    )  # fmt: skip
