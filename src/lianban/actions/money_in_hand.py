"""Money taken in hand: found in its matter, reckoned by the engine, and its clocks kept as the holds and payouts move them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from lianban.actions import timing
from lianban.actions.money_errors import MoneyNotEnough, MoneyNotFound, MoreThanReceived, yuan
from lianban.actions.running_clocks import meet_clocks, start_clock, stop_clocks
from lianban.actions.work import MatterRow, Work
from lianban.engines.clocks import State
from lianban.engines.clocks.moments import legal_date, start_of_day
from lianban.engines.payments import Bucket, Statement, payout_clock
from lianban.records import claims, clocks, distributions, funds, instalments
from lianban.records.claims import ClaimRow, ReceiptRow
from lianban.records.distributions import DistributionRow
from lianban.records.funds import FundRow, PayoutRow
from lianban.records.identity import new_id
from lianban.records.instalments import PlanRow

PAYOUT_VERB, INSTALMENT_VERB = "payments.payout", "payments.instalment"
MISSED = "enforcement.instalment_missed"
RESUME = "enforcement.settlement_resume"
# DOMAIN 12 (7): alarms on day 15 and 20 of the thirty; as days before the end.
WARN_DAYS = {"business.fund_payout": (15, 10), "business.fund_payout_beijing": (10, 5)}


def fund_in(work: Work, matter: MatterRow, key: UUID | None) -> FundRow:
    """The arrival of this matter, locked. Raises :class:`MoneyNotFound`."""
    row = funds.fund(work.cursor, key, lock=True) if key else None
    if row is None or row.matter != matter.id:
        raise MoneyNotFound(what_zh="到账", what="an arrival")
    return row


def payout_in(work: Work, matter: MatterRow, key: UUID | None) -> PayoutRow:
    row = funds.payout(work.cursor, key) if key else None
    if row is None or row.matter != matter.id:
        raise MoneyNotFound(what_zh="发放", what="a payout")
    return row


def claim_in(work: Work, matter: MatterRow, key: Any) -> ClaimRow:
    """The claim of this matter, by its id or its text. Raises :class:`MoneyNotFound`."""
    for row in claims.claims(work.cursor, [matter.id]):
        if str(row.id) == str(key):
            return row
    raise MoneyNotFound(what_zh="债权", what="a claim")


def distribution_in(work: Work, matter: MatterRow, key: UUID | None) -> DistributionRow:
    row = distributions.distribution(work.cursor, key) if key else None
    if row is None or row.matter != matter.id:
        raise MoneyNotFound(what_zh="分配方案", what="a plan of distribution")
    return row


def plan_in(work: Work, matter: MatterRow, key: UUID | None) -> PlanRow:
    row = instalments.plan(work.cursor, key) if key else None
    if row is None or row.matter != matter.id:
        raise MoneyNotFound(what_zh="分期方案", what="a plan of instalments")
    return row


def plan_of_fund(work: Work, fund: FundRow) -> DistributionRow | None:
    """The plan that divides this money, unless it was taken back."""
    assert fund.matter is not None
    plans = distributions.distributions(work.cursor, fund.matter)
    return next((one for one in plans if one.fund == fund.id and one.state != "cancelled"), None)


def statement_of(work: Work, claim: ClaimRow, on: date | None = None) -> Statement:
    """The claim on a day; without a day, as of its last receipt: what was received and what it paid."""
    received = claims.receipts(work.cursor, [claim.matter]).get(claim.id, [])
    day = on or max((r.paid_on for r in received), default=legal_date(work.acting.now))
    return claims.statement(claim, received, day, claims.settings(work.cursor))


def count_receipt(work: Work, matter: MatterRow, claim: UUID, fund: UUID | None, fen: int, paid_on: date,
                  **more: Any) -> UUID:  # fmt: skip
    """So much of an arrival counts as paid on a claim; the instalments it fills are met."""
    row = ReceiptRow(new_id(), claim, fund, paid_on, fen, **more)
    claims.add_receipts(
        work.cursor, [row], matter=matter.id, lead=matter.lead_agency, officer=work.acting.officer,
        recorded_at=work.acting.now,
    )  # fmt: skip
    return row.id


def after_receipts(work: Work, matter: MatterRow, at: datetime) -> None:
    """What was received has changed: instalments may be met, and less may be under control."""
    received = claims.receipts(work.cursor, [matter.id])
    today = legal_date(work.acting.now)
    for plan in instalments.plans(work.cursor, matter.id):
        if plan.state == "running":
            for number, one in enumerate(plan.states(received.get(plan.claim, []), today), 1):
                if one.paid_fen == one.instalment.amount_fen:
                    meet_clocks(work, instalment_key(plan.id, number), at, [MISSED])
    work.cursor.execute("SELECT lianban.watch_control(%s, %s)", [matter.id, work.acting.now])


def instalment_key(plan: UUID, number: int) -> UUID:
    """What the clock of one instalment is about: instalments have no id of their own."""
    return uuid5(plan, str(number))


def refresh_payout_clock(work: Work, matter: MatterRow, key: UUID, at: datetime) -> None:
    """The clock of an arrival as its notice, its holds and its payouts have it now.

    A hold that stops the clock takes it off the list; when the last one ends, it runs again with the days added.
    """
    fund = funds.fund(work.cursor, key)
    chosen = claims.settings(work.cursor)
    if fund is None or fund.paid_fen >= fund.amount_fen:
        meet_clocks(work, key, at, [chosen.payout_clock])
        return
    now = work.acting.now
    clock = payout_clock(timing.book(), fund.money(), now, chosen)
    # One that ended counts as standing too: its alarm was given, and is not given again for the same day.
    standing = [
        row
        for row in clocks.of(work.cursor, about=[key])
        if row.code == chosen.payout_clock and row.state in ("running", "expired")
    ][-1:]
    wanted = clock.due_on if clock is not None and clock.state is State.RUNNING else None
    if [row.due_on for row in standing] == [wanted]:
        return
    stop_clocks(work, [key], at, [chosen.payout_clock])
    if clock is not None and wanted is not None:
        start_clock(
            work, matter, code=chosen.payout_clock, about_kind="fund", about=key, from_at=clock.trigger, verb=PAYOUT_VERB,
            warn_days=WARN_DAYS.get(chosen.payout_clock, (3,)), due_on=wanted,
        )  # fmt: skip


def require_payable(fund: FundRow, fen: int, now: datetime, counted: Sequence[str]) -> None:
    """Raises :class:`MoneyNotEnough`, with what holds the money back, in the officers' own words."""
    money = fund.money(counted)
    payable = money.payable_fen(now)
    if fen <= payable:
        return
    why = [hold.reason for hold in fund.open_holds]
    raise MoneyNotEnough(
        amount=yuan(fund.amount_fen), committed=yuan(money.paid_fen), held=yuan(money.held_fen(now)), payable=yuan(payable),
        wanted=yuan(fen), reasons_zh=f"暂缓原因：{'；'.join(why)}。请先办结暂缓事项。" if why else "请核对金额。",
        reasons=f"Held for: {'; '.join(why)}. End the holds first." if why else "Check the amount.",
    )  # fmt: skip


def require_received(work: Work, claim: ClaimRow, purpose: str, fen: int, fund: FundRow) -> None:
    """A claim is not paid more than was received for it, as a whole and of this money. Raises :class:`MoreThanReceived`."""
    statement = statement_of(work, claim)
    out = funds.paid_by_claim(work.cursor, claim.matter)
    received = claims.receipts(work.cursor, [claim.matter]).get(claim.id, [])
    in_kind = sum(r.amount_fen for r in received if r.fund is None)
    costs = statement.paid[Bucket.ENFORCEMENT_COSTS]
    if purpose == "costs":
        most = costs - out[claim.id, "costs"]
        what_zh, what = "本债权的执行费用", "the costs of enforcement of this claim"
    else:
        most = sum(statement.paid.values()) - costs - in_kind - out[claim.id, "claim"]
        what_zh, what = f"“{claim.creditor_name}”的债权", f"the claim of “{claim.creditor_name}”"
    of_this = sum(r.amount_fen for r in received if r.fund == fund.id) - sum(
        p.amount_fen for p in fund.payouts if p.live and p.claim == claim.id and p.purpose != "surplus"
    )
    most = max(0, min(most, of_this))
    if fen > most:
        raise MoreThanReceived(what_zh=what_zh, what=what, most=yuan(most), wanted=yuan(fen))


def returnable(work: Work, matter: MatterRow) -> int:
    """What nobody is owed and is not on its way back yet."""
    work.cursor.execute("SELECT lianban.returnable(%s)", [matter.id])
    return int(work.cursor.fetchone()[0] or 0)


def day_of(text: Any, fallback: datetime) -> date:
    """A day of a form, or the legal date of the act."""
    return date.fromisoformat(text) if text else legal_date(fallback)


def moment_of(text: Any, at: datetime) -> datetime:
    """The instant of a day of a form: now, if it is today's; else the beginning of that day."""
    day = day_of(text, at)
    return at if day == legal_date(at) else start_of_day(day)
