"""Payout clocks, holds, instalments and reconciliation."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.clocks import ClockBook, State
from lianban.engines.payments import (
    FROM_CONDITIONS,
    Consent,
    Entry,
    Fund,
    Ground,
    Hold,
    HoldKind,
    Instalment,
    InstalmentPlan,
    PaymentSettings,
    Payout,
    Receipt,
    may_resume,
    overdue,
    payout_clock,
    performance,
    reconcile,
    resume_until,
)
from lianban.engines.payments.errors import (
    AmountNotAllowed,
    EventsOutOfOrder,
    FundHeld,
    HoldNeedsReason,
    InstalmentsDoNotAddUp,
    InstalmentsNotAgreed,
    SameIdTwice,
)

BOOK = ClockBook.standard()
SHANGHAI = timezone(timedelta(hours=8))
BEIJING = PaymentSettings(payout_clock=FROM_CONDITIONS)
D = date.fromisoformat


def at(text):
    return datetime.combine(D(text), time(10), SHANGHAI)


FUND = Fund("f", "x", 1000, at("2026-03-02"), notified_at=at("2026-03-03"), ready_at=at("2026-03-10"))


def held(kind=HoldKind.OBJECTION, since="2026-03-09", until=None, id="h", amount=None):
    return Hold(id, kind, "案外人主张权属", at(since), amount, at(until) if until else None)


def due(fund, now="2026-12-31", settings=None):
    clock = payout_clock(BOOK, fund, at(now), settings)
    return clock and clock.due_on


def test_payout_clock_of_thirty_days_runs_from_the_notice():
    """From the finance office's notice, not from the arrival; the thirtieth day is 2 April 2026."""
    assert due(FUND) == D("2026-04-02")
    assert due(replace(FUND, notified_at=None)) is None


def test_payout_clock_of_twenty_days_runs_from_the_conditions():
    """The Beijing setting has another trigger: twenty days from 10 March."""
    assert due(FUND, settings=BEIJING) == D("2026-03-30")
    assert due(replace(FUND, ready_at=None), settings=BEIJING) is None


def test_hold_that_stops_the_clock_pushes_the_end_back():
    """Ten days of an objection push thirty days back by ten; overlapping holds count once; one that only delays does not."""
    ten = FUND.hold(held(until="2026-03-19"))
    assert due(ten) == D("2026-04-13")  # 12 April is a Sunday
    assert due(ten.hold(held(HoldKind.DISPUTE, "2026-03-12", "2026-03-19", "g"))) == D("2026-04-13")
    assert due(FUND.hold(held(HoldKind.ACCOUNT_MISSING, until="2026-03-19"))) == D("2026-04-02")


def test_open_hold_pauses_the_clock():
    """While it lasts there is no end and nothing is overdue; before it began the clock ran."""
    fund = FUND.hold(held())
    clock = payout_clock(BOOK, fund, at("2026-06-01"))
    assert (clock.state, clock.due_on, overdue(BOOK, fund, at("2026-06-01"))) == (State.PAUSED, None, False)
    assert due(fund, "2026-03-08") == D("2026-04-02")
    assert due(fund, settings=BEIJING) is None
    assert due(fund.lift("h", at("2026-05-11")), settings=BEIJING) == D(
        "2026-06-01"
    )  # twenty days; 31 May is a Sunday


def test_hold_after_the_end_excuses_nothing():
    """A hold that begins when the clock has run out does not make the delay undone."""
    fund = FUND.hold(held(since="2026-05-06", until="2026-05-20"))
    assert due(fund) == D("2026-04-02")
    assert overdue(BOOK, fund, at("2026-05-07"))


def test_payout_in_full_finishes_the_clock():
    """Paid in time or late, the clock says which; paid in part it runs on."""
    assert (
        payout_clock(BOOK, FUND.pay(Payout("p", "a", 1000, at("2026-04-02"))), at("2026-05-01")).in_time
        is True
    )
    assert (
        payout_clock(BOOK, FUND.pay(Payout("p", "a", 1000, at("2026-04-03"))), at("2026-05-01")).in_time
        is False
    )
    part = FUND.pay(Payout("p", "a", 999, at("2026-04-02")))
    assert overdue(BOOK, part, at("2026-04-03"))


def test_payout_never_exceeds_what_is_there_and_not_held():
    """A hold on a part leaves the rest payable; one fen more is refused and says why."""
    fund = FUND.hold(held(amount=300)).hold(held(HoldKind.DISPUTE, id="g", amount=200))
    assert fund.payable_fen(at("2026-03-10")) == 700  # the same money twice is held once
    paid = fund.pay(Payout("p", "a", 700, at("2026-03-10")))
    with pytest.raises(FundHeld) as caught:
        paid.pay(Payout("q", "a", 1, at("2026-03-11")))
    assert "objection" in caught.value.text("en")
    assert paid.lift("h", at("2026-03-12")).payable_fen(at("2026-03-13")) == 100


def test_fund_mistakes_are_named():
    """A hold without a reason or backwards, notified before arrival, ids twice, a hold that is not there."""
    with pytest.raises(HoldNeedsReason):
        Hold("h", HoldKind.DISPUTE, " ", at("2026-03-09"))
    with pytest.raises(EventsOutOfOrder):
        held(until="2026-03-08")
    with pytest.raises(EventsOutOfOrder):
        replace(FUND, notified_at=at("2026-03-01"))
    with pytest.raises(SameIdTwice):
        FUND.hold(held()).hold(held())
    with pytest.raises(AmountNotAllowed):
        Payout("p", "a", -1, at("2026-03-09"))
    with pytest.raises(KeyError):
        FUND.lift("h", at("2026-03-09"))


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 600), st.none() | st.integers(0, 1200)), max_size=12
    )
)
def test_fund_is_never_overdrawn(steps):
    """Whatever is held and paid in whatever order, paid and left are the fund."""
    fund = FUND
    for number, (day, pay, hold) in enumerate(sorted(steps, key=lambda s: s[0])):
        moment = at("2026-03-05") + timedelta(days=day)
        if hold is not None:
            fund = fund.hold(
                Hold(f"h{number}", HoldKind.DISPUTE, "争议", moment, hold, moment + timedelta(days=30))
            )
        payable = fund.payable_fen(moment)
        assert 0 <= payable <= fund.amount_fen - fund.paid_fen
        if pay <= payable:
            fund = fund.pay(Payout(f"p{number}", "a", pay, moment))
        else:
            with pytest.raises(FundHeld):
                fund.pay(Payout(f"p{number}", "a", pay, moment))
    assert 0 <= fund.paid_fen <= fund.amount_fen


AGREED = Consent(Ground.AGREEMENT, "执行和解协议")
PLAN = InstalmentPlan(
    AGREED,
    300,
    (Instalment(D("2026-03-31"), 100), Instalment(D("2026-04-30"), 100), Instalment(D("2026-05-31"), 100)),
)


@pytest.mark.parametrize(("ground", "consent", "security"), [
    (Ground.AGREEMENT, "", ""), (Ground.SECURITY, "", "担保书"), (Ground.SECURITY, "同意书", ""),
])  # fmt: skip
def test_instalments_without_consent_or_security_cannot_be(ground, consent, security):
    """The court cannot impose them: no agreement, security without consent, consent to a security that is not there."""
    with pytest.raises(InstalmentsNotAgreed):
        Consent(ground, consent, security)
    assert Consent(Ground.SECURITY, "同意书", "担保书").ground is Ground.SECURITY


def test_instalments_must_add_up_and_rise():
    """One fen off, none at all, and days out of order are refused."""
    with pytest.raises(InstalmentsDoNotAddUp):
        replace(PLAN, total_fen=301)
    with pytest.raises(InstalmentsDoNotAddUp):
        InstalmentPlan(AGREED, 0, ())
    with pytest.raises(EventsOutOfOrder):
        replace(PLAN, instalments=PLAN.instalments[::-1])


def test_instalment_is_missed_the_day_after():
    """Paid early counts; one fen short on the day after is missed, and only then may the creditor resume."""
    paid = [Receipt("a", D("2026-03-20"), 199)]
    assert [s.missed for s in performance(PLAN, paid, D("2026-04-30"))] == [False] * 3
    assert not may_resume(PLAN, paid, D("2026-04-30"))
    assert [s.paid_fen for s in performance(PLAN, paid, D("2026-05-01"))] == [100, 99, 0]
    assert may_resume(PLAN, paid, D("2026-05-01"))
    assert not may_resume(PLAN, [*paid, Receipt("b", D("2026-05-01"), 1)], D("2026-05-01"))
    assert resume_until(BOOK, PLAN).legal_date == D("2028-05-31")


def test_reconciliation_matches_by_reference_then_by_sum_and_day():
    """The bank's number decides; a different sum under one number is a difference; equal sums are not guessed."""
    day = D("2026-03-02")
    book = [
        Entry("b1", day, 100, "R1"),
        Entry("b2", day, 200, "R2"),
        Entry("b3", day, 50),
        Entry("b4", day, 70),
        Entry("b5", day, 70),
        Entry("b6", day, -30),
    ]
    bank = [
        Entry("k1", day, 100, "R1"),
        Entry("k2", day, 201, "R2"),
        Entry("k3", day, 50, "R9"),
        Entry("k4", day, 70),
        Entry("k6", day, 30),
    ]
    found = reconcile(book, bank, opening_fen=1000)
    assert [(m.book, m.bank, m.by, m.difference_fen) for m in found.matches] == [
        ("b1", "k1", "reference", 0), ("b2", "k2", "reference", 1), ("b3", "k3", "amount_and_day", 0),
    ]  # fmt: skip
    assert ([e.id for e in found.only_book], [e.id for e in found.only_bank]) == (
        ["b4", "b5", "b6"],
        ["k4", "k6"],
    )
    assert not found.balanced
    assert reconcile(book[:1], bank[:1]).balanced


entries = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-5, 5), st.sampled_from(["", "R1", "R2", "R3"])), max_size=10
).map(
    lambda rows: [
        Entry(str(n), D("2026-03-02") + timedelta(days=d), fen, ref) for n, (d, fen, ref) in enumerate(rows)
    ]
)


@given(entries, entries, st.randoms(use_true_random=False))
def test_reconciliation_explains_every_fen(book, bank, random):
    """The difference of the balances is exactly what is open and what differs; each line is used once; order decides nothing."""
    found = reconcile(book, bank, opening_fen=7)
    explained = sum(e.amount_fen for e in found.only_bank) - sum(e.amount_fen for e in found.only_book)
    assert found.difference_fen == explained + sum(m.difference_fen for m in found.matches)
    assert len(found.matches) + len(found.only_book) == len(book)
    assert len(found.matches) + len(found.only_bank) == len(bank)
    assert len({m.bank for m in found.matches}) == len(found.matches)
    random.shuffle(book)
    random.shuffle(bank)
    assert reconcile(book, bank, opening_fen=7) == found
