"""执行分配方案: once nobody may object any more, what nobody disputes is counted and proposed for payment; the rest is kept."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import CorrectionBlocked, NotInThisStage, TimeToObject, yuan
from lianban.actions.money_in_hand import (
    after_receipts,
    count_receipt,
    distribution_in,
    fund_in,
    refresh_payout_clock,
)
from lianban.actions.propose_payout import new_payout
from lianban.actions.running_clocks import meet_clocks
from lianban.actions.serve_distribution import OBJECTION
from lianban.engines.clocks.moments import legal_date
from lianban.engines.payments import Class, HoldKind
from lianban.records import claims, distributions, funds
from lianban.records.distributions import DistributionRow, ShareRow
from lianban.records.funds import FundRow, HoldRow, PayoutRow
from lianban.records.identity import new_id


@acts("payments.execute_distribution")
def execute_distribution(doing: Doing) -> Outcome:
    """May be done again when an objection has ended: then the part that was kept is counted and proposed."""
    work, matter = doing.work, doing.matter
    plan = distribution_in(work, matter, doing.record)
    if plan.state != "served" or plan.object_until is None:
        raise NotInThisStage(
            what_zh="分配方案",
            what="The plan",
            state_zh="未送达或已撤回",
            state=plan.state,
            act_zh="执行",
            act="executed",
        )
    if legal_date(work.acting.now) <= plan.object_until:
        raise TimeToObject(day=plan.object_until.isoformat())
    if any(one.outcome in ("upheld", "no_answer") for one in plan.objections):
        raise CorrectionBlocked(
            reason_zh="异议成立或无人反对，应按异议修正方案（民诉解释第510条）：请撤回本方案后重新制作",
            reason="an objection was upheld or not answered: the plan is corrected by it (民诉解释 510); take it back and make another",
        )
    fund = fund_in(work, matter, plan.fund)
    ours = [hold.id for hold in fund.open_holds if hold.kind is HoldKind.DISTRIBUTION]
    funds.lift_holds(work.cursor, ours, work.acting.officer, f"执行第{plan.number}号分配方案", doing.at)
    word = f"第{plan.number}号分配方案异议未了结"
    kept = [hold.id for hold in fund.open_holds if hold.kind is HoldKind.OBJECTION and hold.reason == word]
    funds.lift_holds(work.cursor, kept, work.acting.officer, "按异议处理情况重新核定", doing.at)
    received = claims.receipts(work.cursor, [matter.id])
    already = distributions.paid_of(work.cursor, plan.id)
    proposed: list[PayoutRow] = []
    for share in plan.shares:
        pay = plan.payable.pay[str(share.claim)]
        counted = sum(r.amount_fen for r in received.get(share.claim, []) if r.fund == fund.id)
        if pay > counted:
            count_receipt(work, matter, share.claim, fund.id, pay - counted, fund.counts_on)
        proposed += _proposals(doing, plan, share, pay, already)
    if not proposed:
        raise NothingToDo(
            act="执行分配方案",
            reason_zh="没有尚未提请发放的无争议份额",
            reason="no undisputed share is left to be proposed",
        )
    funds.add_payouts(work.cursor, proposed, lead=matter.lead_agency, recorded_at=work.acting.now)
    _keep(doing, plan, fund, word)
    meet_clocks(work, plan.id, doing.at, [OBJECTION])
    work.close_asked([plan.id], doing.at)
    refresh_payout_clock(work, matter, fund.id, doing.at)
    after_receipts(work, matter, doing.at)
    return Outcome(
        record=plan.id, milestone=False, subjects=tuple(dict.fromkeys(share.creditor for share in plan.shares)),
        shown={"amount": yuan(sum(p.amount_fen for p in proposed))},
        said={"distribution": str(plan.id), "payouts": {str(p.id): p.amount_fen for p in proposed},
              "kept": dict(plan.payable.keep)},
    )  # fmt: skip


def _proposals(
    doing: Doing, plan: DistributionRow, share: ShareRow, pay: int, already: dict[tuple[UUID, str], int]
) -> list[PayoutRow]:
    """What of a share is not on its way yet: the costs of enforcement to the treasury, the rest to the creditor."""
    costs = min(pay, share.given.get(Class.ENFORCEMENT_COSTS, 0))
    made = []
    for purpose, fen, payee in (
        ("costs", costs, "国库（执行费用）"),
        ("claim", pay - costs, share.creditor_name),
    ):
        left = fen - already[share.claim, purpose]
        if left > 0:
            made.append(
                new_payout(doing, plan.fund, purpose, left, payee, claim=share.claim, distribution=plan.id,
                           party=share.creditor if purpose == "claim" else None)
            )  # fmt: skip
    return made


def _keep(doing: Doing, plan: DistributionRow, fund: FundRow, word: str) -> None:
    """What is disputed stays 提存, with the objection as its reason; the hold of an earlier execution was lifted before."""
    work, matter = doing.work, doing.matter
    if kept := sum(plan.payable.keep.values()):
        row = HoldRow(
            new_id(), fund.id, HoldKind.OBJECTION, word, "", kept, max(doing.at, fund.arrived_at), None, ""
        )
        funds.add_hold(
            work.cursor, row, matter=matter.id, lead=matter.lead_agency, officer=work.acting.officer,
            recorded_at=work.acting.now,
        )  # fmt: skip
