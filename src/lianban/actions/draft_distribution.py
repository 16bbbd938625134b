"""制作分配方案: divide an arrival among the creditors of a matter, to the fen, and hold it until the plan may be paid."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import CorrectionBlocked, PlanStandsInTheWay, yuan
from lianban.actions.money_in_hand import distribution_in, fund_in, plan_of_fund, refresh_payout_clock
from lianban.actions.permissions import require_reason
from lianban.actions.running_clocks import stop_clocks
from lianban.actions.work import MatterRow, Work
from lianban.engines.payments import Bucket, Distribution, DistributionWay, Entitled, HoldKind, distribute
from lianban.records import claims, distributions, funds
from lianban.records.funds import FundRow, HoldRow
from lianban.records.identity import new_id

HELD_FOR = "制作分配方案（参与分配）"


@acts("payments.distribute")
def draft_distribution(doing: Doing) -> Outcome:
    """A plan of what is there of the arrival, from what each claim demands on the day it counts as paid.

    ``ranks`` says what a form must say and no table knows: who has priority and for how much, and the order of seizure.
    """
    work, matter, data = doing.work, doing.matter, doing.data
    fund = fund_in(work, matter, doing.record)
    if (plan := plan_of_fund(work, fund)) is not None:
        raise PlanStandsInTheWay(number=plan.number)
    counted = any(
        r.fund == fund.id for rows in claims.receipts(work.cursor, [matter.id]).values() for r in rows
    )
    amount = fund.amount_fen - fund.committed_fen
    if counted or amount <= 0:
        raise NothingToDo(
            act="制作分配方案", reason_zh="该笔案款已经计入某项债权或已发放；请先更正到账",
            reason="it was counted for a claim or paid already; correct the arrival first",
        )  # fmt: skip
    way = DistributionWay(data.get("way", "pro_rata"))
    entitled = _entitled(work, matter, fund.counts_on, {row["claim"]: row for row in data.get("ranks", ())})
    if len(entitled) < 2:
        raise NothingToDo(
            act="制作分配方案",
            reason_zh="本事项不足两项未清偿的债权，直接计入即可",
            reason="fewer than two claims are open; count it for the one",
        )
    made = distribute(amount, entitled, way, claims.settings(work.cursor))
    key = new_id()
    distributions.add_distribution(
        work.cursor, key, matter=matter.id, lead=matter.lead_agency, fund=fund.id,
        number=distributions.next_number(work.cursor, matter.id), plan=made, entitled=entitled, on_day=fund.counts_on,
        note=data.get("note", ""), officer=work.acting.officer, recorded_at=work.acting.now,
    )  # fmt: skip
    if not any(hold.kind is HoldKind.DISTRIBUTION for hold in fund.open_holds):
        hold_for_plan(doing, fund)
    return Outcome(
        record=key, milestone=False, shown={"amount": yuan(amount)}, subjects=_creditors(work, matter, made),
        said={"distribution": str(key), "fund": str(fund.id), "amount_fen": amount, "way": way.value,
              "left_fen": made.left_fen, "shares": {share.creditor: share.fen for share in made.shares}},
    )  # fmt: skip


def hold_for_plan(doing: Doing, fund: FundRow) -> None:
    """The whole arrival waits for the plan; a hold of this kind stops the payout clock (法发〔2017〕6号 10)."""
    work, matter = doing.work, doing.matter
    row = HoldRow(
        new_id(), fund.id, HoldKind.DISTRIBUTION, HELD_FOR, "", None, max(doing.at, fund.arrived_at), None, ""
    )
    funds.add_hold(
        work.cursor, row, matter=matter.id, lead=matter.lead_agency, officer=work.acting.officer, recorded_at=work.acting.now
    )  # fmt: skip
    refresh_payout_clock(work, matter, fund.id, doing.at)


@acts("payments.cancel_distribution")
def cancel_distribution(doing: Doing) -> Outcome:
    """Take a plan back, to make another: an objection nobody answered corrects it, or a claim was corrected."""
    work, matter = doing.work, doing.matter
    plan = distribution_in(work, matter, doing.record)
    reason = require_reason("撤回分配方案", doing.data["reason"])
    if plan.state == "cancelled":
        raise NothingToDo(
            act="撤回分配方案", reason_zh="方案已经撤回", reason="the plan was taken back already"
        )
    if distributions.paid_of(work.cursor, plan.id):
        raise CorrectionBlocked(reason_zh="已按该方案发放", reason="money was paid by this plan")
    distributions.cancel(work.cursor, plan.id, reason, doing.at)
    stop_clocks(work, [plan.id, *(o.id for o in plan.objections)], doing.at)
    work.close_asked([plan.id, *(o.id for o in plan.objections)], doing.at)
    fund = fund_in(work, matter, plan.fund)
    ours = [hold.id for hold in fund.open_holds if hold.kind is HoldKind.DISTRIBUTION]
    funds.lift_holds(work.cursor, ours, work.acting.officer, reason, doing.at)
    refresh_payout_clock(work, matter, fund.id, doing.at)
    return Outcome(
        record=plan.id,
        milestone=False,
        shown={"reason": reason},
        said={"distribution": str(plan.id), "reason": reason},
    )


def _entitled(work: Work, matter: MatterRow, on: date, ranks: dict[str, dict[str, object]]) -> list[Entitled]:
    """What each claim that is still owed something brings, on the day the money counts as paid."""
    received = claims.receipts(work.cursor, [matter.id])
    chosen = claims.settings(work.cursor)
    found = []
    for claim in claims.claims(work.cursor, [matter.id]):
        owed = claims.statement(claim, received.get(claim.id, []), on, chosen).owed
        rank = ranks.get(str(claim.id), {})
        document = sum(owed[b] for b in (Bucket.COSTS, Bucket.GENERAL_INTEREST, Bucket.PRINCIPAL))
        priority = min(int(str(rank.get("priority") or 0)), document)
        entitled = Entitled(
            str(claim.id), document - priority, owed[Bucket.DOUBLED_INTEREST], priority,
            int(str(rank.get("priority_rank") or 1)), owed[Bucket.ENFORCEMENT_COSTS], int(str(rank.get("seizure_rank") or 1)),
        )  # fmt: skip
        if entitled.total_fen:
            found.append(entitled)
    return found


def _creditors(work: Work, matter: MatterRow, made: Distribution) -> tuple[UUID, ...]:
    by_claim = {str(c.id): c.creditor for c in claims.claims(work.cursor, [matter.id])}
    return tuple(dict.fromkeys(by_claim[share.creditor] for share in made.shares))
