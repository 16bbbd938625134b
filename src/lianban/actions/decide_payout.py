"""审批发放: another officer than the one who proposed says yes or no."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import AnotherOfficer, NotInThisStage, yuan
from lianban.actions.money_in_hand import fund_in, payout_in, require_payable
from lianban.actions.permissions import require_reason
from lianban.actions.propose_payout import said
from lianban.records import funds
from lianban.records.funds import PayoutRow

STATES = {"proposed": "待审批", "approved": "已审批，待发放", "paid": "已发放", "refused": "未获批准",
          "cancelled": "已撤回", "returned": "已退汇"}  # fmt: skip


@acts("payments.approve")
def decide_payout(doing: Doing) -> Outcome:
    """Raises :class:`AnotherOfficer` for who proposed it, unless the setting ``payout_two_officers`` is off."""
    work, matter, data = doing.work, doing.matter, doing.data
    row = require_state(payout_in(work, matter, doing.record), "proposed", "审批", "decided")
    approved = data["decision"] == "approve"
    if work.acting.officer is None:
        raise NothingToDo(
            act="审批发放", reason_zh="须由具名的人员审批", reason="a named officer decides on payouts"
        )
    if approved and row.proposed_by == work.acting.officer:
        work.cursor.execute("SELECT lianban.setting_int('payout_two_officers')")
        if work.cursor.fetchone()[0] == 1:
            raise AnotherOfficer
    reason = (
        data.get("reason", "").strip() if approved else require_reason("不同意发放", data.get("reason", ""))
    )
    if approved:
        fund = fund_in(work, matter, row.fund)
        require_payable(fund, row.amount_fen, work.acting.now, ("approved", "paid"))
    funds.decide_payout(
        work.cursor, row.id, "approved" if approved else "refused", work.acting.officer, reason, doing.at
    )
    return Outcome(
        record=row.id, subjects=(row.party,) if row.party else (), milestone=False,
        said={**said(row), "decision": data["decision"], "reason": reason},
        shown={"amount": yuan(row.amount_fen), "decision": data["decision"], **({"reason": reason} if reason else {})},
    )  # fmt: skip


def require_state(row: PayoutRow, state: str, act_zh: str, act: str) -> PayoutRow:
    """Raises :class:`NotInThisStage`, which says in what state the payout is."""
    if row.state != state:
        raise NotInThisStage(
            what_zh="这笔发放",
            what="The payout",
            state_zh=STATES[row.state],
            state=row.state,
            act_zh=act_zh,
            act=act,
        )
    return row
