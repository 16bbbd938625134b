"""暂缓发放与解除: money stays for a reason that is written down; some reasons stop its clock."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import MoneyNotFound, yuan
from lianban.actions.money_in_hand import fund_in, refresh_payout_clock
from lianban.actions.permissions import require_reason
from lianban.engines.payments import HoldKind
from lianban.records import funds
from lianban.records.funds import HoldRow
from lianban.records.identity import new_id


@acts("payments.hold")
def hold_fund(doing: Doing) -> Outcome:
    """Hold an arrival, or a part of it. A reason that stops no clock needs the president's word."""
    work, matter, data = doing.work, doing.matter, doing.data
    fund = fund_in(work, matter, doing.record)
    kind, reason = HoldKind(data["kind"]), require_reason("暂缓发放", data["reason"])
    left = fund.amount_fen - fund.paid_fen
    amount = int(data["amount"]) if data.get("amount") else None
    if left <= 0 or (amount or 0) > left:
        raise NothingToDo(
            act="暂缓发放",
            reason_zh=f"该笔案款还剩 {yuan(left)} 元",
            reason=f"{yuan(left)} yuan of it are left",
        )
    if not kind.stops_clock and not data.get("approval", "").strip():
        raise NothingToDo(
            act="暂缓发放", reason_zh="此类理由须院长批准，请填写批准文号或签报",
            reason="for this kind of reason the president decides: give the approval",
        )  # fmt: skip
    row = HoldRow(
        new_id(),
        fund.id,
        kind,
        reason,
        data.get("approval", "").strip(),
        amount,
        max(doing.at, fund.arrived_at),
        None,
        "",
    )
    funds.add_hold(
        work.cursor, row, matter=matter.id, lead=matter.lead_agency, officer=work.acting.officer, recorded_at=work.acting.now
    )  # fmt: skip
    refresh_payout_clock(work, matter, fund.id, doing.at)
    return Outcome(
        record=row.id, milestone=False, shown={"reason": reason, **({"amount": yuan(amount)} if amount else {})},
        said={"fund": str(fund.id), "hold": str(row.id), "kind": kind.value, "reason": reason, "amount_fen": amount,
              "approval": row.approval},
    )  # fmt: skip


@acts("payments.lift")
def lift_hold(doing: Doing) -> Outcome:
    """End a hold, with the reason why it ends. Its clock, if it stood, runs again with the days added."""
    work, matter = doing.work, doing.matter
    reason = require_reason("解除暂缓", doing.data["reason"])
    fund, hold = _hold_of(doing)
    funds.lift_holds(work.cursor, [hold.id], work.acting.officer, reason, doing.at)
    refresh_payout_clock(work, matter, fund, doing.at)
    return Outcome(
        record=hold.id, milestone=False, shown={"reason": reason},
        said={"fund": str(fund), "hold": str(hold.id), "reason": reason},
    )  # fmt: skip


def _hold_of(doing: Doing) -> tuple[UUID, HoldRow]:
    for fund in funds.funds(doing.work.cursor, [doing.matter.id]):
        for hold in fund.open_holds:
            if hold.id == doing.record:
                return fund.id, hold
    raise MoneyNotFound(what_zh="未解除的暂缓", what="a hold that lasts")
