"""登记发放: the bank carried it out; or it is taken back before, or came back from the bank after."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.decide_payout import STATES, require_state
from lianban.actions.money_errors import NotInThisStage, yuan
from lianban.actions.money_in_hand import fund_in, moment_of, payout_in, refresh_payout_clock, require_payable
from lianban.actions.permissions import require_reason
from lianban.actions.propose_payout import said
from lianban.records import funds


@acts("payments.pay")
def pay_out(doing: Doing) -> Outcome:
    """The money left. When nothing of the arrival is left, its clock is met."""
    work, matter, data = doing.work, doing.matter, doing.data
    row = require_state(payout_in(work, matter, doing.record), "approved", "登记发放", "paid")
    fund = fund_in(work, matter, row.fund)
    require_payable(fund, row.amount_fen, work.acting.now, ("paid",))
    paid_at = max(moment_of(data.get("paid_on"), doing.at), fund.arrived_at)
    reference = data.get("bank_reference", "").strip()
    funds.pay(work.cursor, row.id, work.acting.officer, reference, paid_at)
    refresh_payout_clock(work, matter, fund.id, doing.at)
    return Outcome(
        record=row.id, subjects=(row.party,) if row.party else (), milestone=False,
        said={**said(row), "paid_at": paid_at, "bank_reference": reference},
        shown={"amount": yuan(row.amount_fen), "purpose": row.purpose},
    )  # fmt: skip


@acts("payments.take_back")
def take_back(doing: Doing) -> Outcome:
    """Before it left, a payout is cancelled; after, the bank returned it 退汇 and the money is there again."""
    work, matter, data = doing.work, doing.matter, doing.data
    row = payout_in(work, matter, doing.record)
    reason = require_reason("撤回或退汇", data["reason"])
    if row.state in ("proposed", "approved"):
        state = "cancelled"
    elif row.state == "paid":
        state = "returned"
    else:
        raise NotInThisStage(
            what_zh="这笔发放",
            what="The payout",
            state_zh=STATES[row.state],
            state=row.state,
            act_zh="撤回",
            act="taken back",
        )
    at = moment_of(data.get("on"), doing.at)
    if row.state == "proposed":
        funds.decide_payout(work.cursor, row.id, "cancelled", work.acting.officer, reason, doing.at)
    else:
        funds.take_back(work.cursor, row.id, state, max(at, row.paid_at) if row.paid_at else at, reason)
    refresh_payout_clock(work, matter, row.fund, doing.at)
    return Outcome(
        record=row.id, subjects=(row.party,) if row.party else (), milestone=False,
        said={**said(row), "state": state, "reason": reason}, shown={"amount": yuan(row.amount_fen), "reason": reason},
    )  # fmt: skip
