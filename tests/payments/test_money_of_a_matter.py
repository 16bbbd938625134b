"""The life of money in a matter, through the acts: claimed, counted, held, approved by two, paid, corrected."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from money_making import open_enforcement
from officials import MONDAY, days, refused

from lianban.actions import money_errors as errors
from lianban.actions.errors import NothingToDo

CLAIM = {
    "basis": "（2025）云9901民初88号民事判决书",
    "tranches": [{"amount": 1_000_000_00, "last_day": "2026-01-31"}],
    "costs": 10_000_00, "enforcement_costs": 12_400_00,
}  # fmt: skip


@pytest.fixture
def court(city):
    return open_enforcement(city)


def claimed(court, **more):
    return court.act(
        "record_claim", {"creditor": str(court.party("周衡")), **CLAIM, **more}, by="court.clerk"
    )


def arrived(court, fen, *, at: datetime = MONDAY, by="court.cashier", **more):
    day = at.date().isoformat()
    return court.act(
        "receive_payment", {"amount": fen, "arrived_on": day, "notified_on": day, "payer": "沈砚", **more}, by=by, at=at
    )  # fmt: skip


def paid(court, fund, fen, *, at: datetime = MONDAY, **more):
    payout = court.act("propose_payout", {"amount": fen, **more}, fund, by="court.clerk", at=at)
    court.act("approve_payout", {"decision": "approve"}, payout, at=at)
    return court.act("pay_out", {"paid_on": at.date().isoformat()}, payout, by="court.cashier", at=at)


def test_money_arrives_is_counted_and_leaves(court):
    """One claim, one arrival: it pays costs of enforcement, costs, principal in that order, and leaves by two officers."""
    claim = claimed(court)
    fund = arrived(court, 500_000_00)
    city = court.city
    assert city.rows("SELECT claim_id, fund_id, amount_fen FROM receipt") == [(claim, fund, 500_000_00)]
    parts = dict(city.rows("SELECT bucket, paid_fen FROM lianban.settle(%s, '2026-03-02')", claim))
    assert parts == {
        "enforcement_costs": 12_400_00, "costs": 10_000_00, "general_interest": 0, "principal": 477_600_00,
        "doubled_interest": 0, "surplus": 0,
    }  # fmt: skip
    # 30 days of delay on a million, then nothing more on this day.
    owed = dict(city.rows("SELECT bucket, owed_fen FROM lianban.settle(%s, '2026-03-02')", claim))
    assert owed["doubled_interest"] == 1_000_000_00 * 175 * 30 // 1_000_000
    assert city.one("SELECT lianban.outstanding_on(%s, '2026-03-02')", court.matter) == 522_400_00 + 5_250_00
    paid(court, fund, 487_600_00)
    paid(court, fund, 12_400_00, purpose="costs")
    assert city.column("SELECT state FROM payout") == ["paid", "paid"]
    assert city.column("SELECT state FROM clock WHERE about = %s", fund) == ["met"]
    acts = city.column("SELECT act FROM ledger_entry WHERE act LIKE 'payments.%%' ORDER BY recorded_at, id")
    assert acts == [
        "payments.claim",
        "payments.receive",
        *["payments.propose", "payments.approve", "payments.pay"] * 2,
    ]
    assert city.column("SELECT subjects FROM ledger_entry WHERE act = 'payments.pay' ORDER BY id") == [
        [court.party("周衡")],
        [],
    ]


def test_payout_by_one_officer_is_refused(court):
    """Who proposed a payout does not approve it, unless the setting says so."""
    claimed(court)
    fund = arrived(court, 100_000_00)
    payout = court.act("propose_payout", {"amount": 50_000_00}, fund)
    refused(
        court.city,
        errors.AnotherOfficer,
        lambda: court.act("approve_payout", {"decision": "approve"}, payout),
    )
    court.city.superuser.execute("UPDATE lianban.setting SET value = '0' WHERE name = 'payout_two_officers'")
    court.act("approve_payout", {"decision": "approve"}, payout)
    assert court.city.one("SELECT state FROM payout") == "approved"


def test_payout_refused_needs_its_reason_and_sets_the_money_free(court):
    """A refusal says why; what was set aside is there again."""
    claimed(court)
    fund = arrived(court, 100_000_00)
    payout = court.act("propose_payout", {"amount": 80_000_00}, fund, by="court.clerk")
    refused(
        court.city,
        errors.MoneyNotEnough,
        lambda: court.act("propose_payout", {"amount": 30_000_00}, fund, by="court.clerk"),
    )
    from lianban.actions.errors import WithoutReason

    refused(court.city, WithoutReason, lambda: court.act("approve_payout", {"decision": "refuse"}, payout))
    court.act("approve_payout", {"decision": "refuse", "reason": "账户名称与债权人不符"}, payout)
    court.act("propose_payout", {"amount": 30_000_00}, fund, by="court.clerk")
    refused(
        court.city,
        errors.NotInThisStage,
        lambda: court.act("approve_payout", {"decision": "approve"}, payout),
    )


def test_hold_keeps_money_and_stops_the_clock(court):
    """A hold with its reason keeps money back and takes the clock off the list; lifted, the days are added."""
    claimed(court)
    fund = arrived(court, 100_000_00)
    city = court.city
    first = city.one("SELECT due_on FROM clock WHERE about = %s AND state = 'running'", fund)
    assert (first - MONDAY.date()).days == 30
    hold = court.act(
        "hold_fund",
        {"kind": "third_party_claim", "reason": "案外人对存款提出异议", "amount": 60_000_00},
        fund,
    )
    assert city.column("SELECT state FROM clock WHERE about = %s ORDER BY id", fund) == ["stopped"]
    told = refused(
        city,
        errors.MoneyNotEnough,
        lambda: court.act("propose_payout", {"amount": 40_000_01}, fund, by="court.clerk"),
    )
    assert "案外人对存款提出异议" in told.text("zh")
    court.act("propose_payout", {"amount": 40_000_00}, fund, by="court.clerk")
    court.act("lift_hold", {"reason": "异议已裁定驳回"}, hold, at=MONDAY + days(7))
    assert city.one(
        "SELECT due_on FROM clock WHERE about = %s AND state = 'running'", fund
    ) - first == timedelta(days=7)
    refused(city, errors.MoneyNotFound, lambda: court.act("lift_hold", {"reason": "再次解除"}, hold))


def test_hold_without_the_president_is_refused(court):
    """A reason that stops no clock needs the president's word; a hold above what is left is refused."""
    claimed(court)
    fund = arrived(court, 100_000_00)
    refused(
        court.city,
        NothingToDo,
        lambda: court.act("hold_fund", {"kind": "account_missing", "reason": "未提供账户"}, fund),
    )
    refused(court.city, NothingToDo, lambda: court.act(
        "hold_fund", {"kind": "dispute", "reason": "权属争议", "amount": 100_000_01}, fund))  # fmt: skip
    court.act(
        "hold_fund",
        {"kind": "account_missing", "reason": "未提供账户", "approval": "院长2026年3月2日批准"},
        fund,
    )
    assert court.city.column("SELECT state FROM clock WHERE about = %s", fund) == ["running"]


def test_overdue_payout_is_explained_to_the_president(court):
    """Day 15 and 20 warn, day 30 passes: the judge is asked why, and the answer stays in history and ledger."""
    from lianban.actions.acting import Acting
    from lianban.actions.run_clocks import run_clocks

    claimed(court)
    fund = arrived(court, 100_000_00)
    city = court.city

    def run(at):
        with city.as_role("worker"):
            while run_clocks(Acting(None, at, "时限")):
                pass

    run(MONDAY + days(16))
    assert city.column("SELECT element FROM task WHERE about = %s AND state = 'open'", fund) == ["payout_due"]
    run(MONDAY + days(33))
    assert set(city.column("SELECT element FROM task WHERE about = %s AND state = 'open'", fund)) == {
        "payout_due",
        "payout_overdue",
    }
    court.city.do(
        "court.judge",
        court.matter,
        "payout_overdue",
        {"reason": "债权人账户冻结，已报告", "told_on": "2026-04-03"},
        MONDAY + days(34),
    )
    assert (
        city.one("SELECT data ->> 'reason' FROM event WHERE kind = 'payments.explain'")
        == "债权人账户冻结，已报告"
    )
    paid(court, fund, 87_600_00, at=MONDAY + days(35))
    assert city.column("SELECT element FROM task WHERE about = %s AND state = 'open'", fund) == ["payout_due"]


def test_surplus_goes_back_and_no_more(court):
    """What is left when everything is paid goes back to who paid it, to the fen."""
    claimed(court, tranches=[{"amount": 100_00, "last_day": "2026-04-01"}], costs=0, enforcement_costs=0)
    fund = arrived(court, 150_00, at=MONDAY + days(30))
    later = MONDAY + days(30)
    told = refused(court.city, errors.MoreThanReceived, lambda: court.act(
        "propose_payout", {"amount": 50_01, "purpose": "surplus"}, fund, by="court.clerk", at=later))  # fmt: skip
    assert "50.00" in told.text("zh")
    refused(court.city, errors.MoreThanReceived, lambda: court.act(
        "propose_payout", {"amount": 100_01}, fund, by="court.clerk", at=later))  # fmt: skip
    paid(court, fund, 50_00, purpose="surplus", at=later)
    paid(court, fund, 100_00, at=later)
    assert court.city.rows("SELECT purpose, payee, amount_fen FROM payout ORDER BY amount_fen") == [
        ("surplus", "沈砚", 50_00), ("claim", "周衡", 100_00)
    ]  # fmt: skip


def test_arrival_is_corrected_with_what_it_counted_for(court):
    """A wrong amount is superseded; what counted follows; once it is being paid it is not corrected any more."""
    claim = claimed(court)
    fund = arrived(court, 10_000_00, bank_reference="B-1")
    right = court.act(
        "correct_payment", {"amount": 1_000_00, "reason": "录入时多写一位"}, fund, by="court.cashier"
    )
    city = court.city
    assert city.one("SELECT superseded_at IS NOT NULL FROM fund WHERE id = %s", fund)
    assert city.rows(
        "SELECT fund_id, amount_fen FROM receipt WHERE claim_id = %s AND superseded_at IS NULL AND amount_fen > 0",
        claim,
    ) == [(right, 1_000_00)]
    refused(
        city,
        errors.MoneyNotFound,
        lambda: court.act("correct_payment", {"amount": 5, "reason": "再改旧的"}, fund, by="court.cashier"),
    )
    court.act("propose_payout", {"amount": 500_00, "purpose": "costs"}, right, by="court.clerk")
    refused(
        city,
        errors.CorrectionBlocked,
        lambda: court.act(
            "correct_payment", {"amount": 5, "reason": "已提请发放"}, right, by="court.cashier"
        ),
    )


def test_claim_correction_below_what_was_paid_is_refused(court):
    """A claim is not corrected to less than what left for it; otherwise the old version stays readable."""
    claim = claimed(court, costs=0, enforcement_costs=0)
    fund = arrived(court, 200_000_00)
    paid(court, fund, 150_000_00)
    less = {
        "basis": CLAIM["basis"],
        "reason": "二审改判",
        "tranches": [{"amount": 100_000_00, "last_day": "2026-01-31"}],
    }
    refused(court.city, errors.CorrectionBlocked, lambda: court.act("correct_claim", less, claim))
    court.act(
        "correct_claim", {**less, "tranches": [{"amount": 180_000_00, "last_day": "2026-01-31"}]}, claim
    )
    assert court.city.column(
        "SELECT principal_fen FROM claim_version WHERE claim_id = %s ORDER BY number", claim
    ) == [1_000_000_00, 180_000_00]


def test_returned_payout_is_there_again(court):
    """The bank sends it back: the money can be paid once more, and its clock runs again."""
    claimed(court, costs=0, enforcement_costs=0)
    fund = arrived(court, 200_000_00)
    payout = paid(court, fund, 200_000_00)
    court.act("take_back", {"reason": "账号与户名不符，银行退汇"}, payout, by="court.cashier")
    assert court.city.one("SELECT state FROM payout WHERE id = %s", payout) == "returned"
    assert court.city.column("SELECT state FROM clock WHERE about = %s ORDER BY id", fund) == [
        "met",
        "running",
    ]
    paid(court, fund, 200_000_00)


def test_debtor_is_no_creditor(court):
    """A claim is a creditor's: the debtor of the matter, or somebody of another one, is refused."""
    for party in (court.party("沈砚"), court.matter):
        refused(
            court.city,
            errors.CreditorUnclear,
            lambda party=party: court.act("record_claim", {"creditor": str(party), **CLAIM}),
        )
