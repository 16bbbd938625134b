"""The statement of a claim: the table that a judge can read, and what must hold for every claim."""

import csv
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.payments import (
    Bucket,
    GeneralInterest,
    MoneyClaim,
    Pause,
    PaymentSettings,
    RateBook,
    Receipt,
    Tranche,
    settle,
)
from lianban.engines.payments.errors import (
    AmountNotAllowed,
    BadRateData,
    BeforeTheRate,
    EventsOutOfOrder,
    OrderNotAgreed,
    PeriodReversed,
    SameIdTwice,
)
from lianban.engines.payments.interest import days_counted, half_up
from lianban.engines.payments.rates import STANDARD_RATES

with (Path(__file__).parent / "statements.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))

D = date.fromisoformat


def claim_of(row):
    words = row["general"].split()
    general = (GeneralInterest(Fraction(words[1]), D(words[0])),) if words else ()
    pauses = tuple(Pause(*map(D, text.split(".."))) for text in row["pauses"].split())
    return MoneyClaim(
        "c", (Tranche("t", int(row["principal"]), D(row["last_day"])),), general,
        costs_fen=int(row["costs"]), enforcement_costs_fen=int(row["enforcement_costs"]), pauses=pauses,
    )  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[r["no"] for r in ROWS])
def test_statement_row(row):
    """Each row: claim, payments, day → what is owed of each part, to the fen."""
    words = row["receipts"].split()
    receipts = [
        Receipt(str(n), D(day), int(fen))
        for n, (day, fen) in enumerate(zip(words[::2], words[1::2], strict=True))
    ]
    settings = PaymentSettings(order=row["order"]) if row["order"] else None
    found = settle(claim_of(row), receipts, D(row["on"]), settings)
    assert [found.owed[b] for b in (Bucket.COSTS, Bucket.GENERAL_INTEREST, Bucket.PRINCIPAL, Bucket.DOUBLED_INTEREST)] == [
        int(row[name]) for name in ("owed_costs", "owed_general", "owed_principal", "owed_doubled")
    ]  # fmt: skip
    assert found.surplus_fen == int(row["surplus"])


def test_tranches_run_each_from_its_own_day():
    """Instalments of a judgment: each delays from its own last day, and the oldest is paid first (法释〔2014〕8号 2)."""
    claim = MoneyClaim(
        "c", (Tranche("b", 100_000_00, D("2026-02-01")), Tranche("a", 100_000_00, D("2026-01-01")))
    )
    assert settle(claim, [], D("2026-02-11")).owed[Bucket.DOUBLED_INTEREST] == 17_50 * 41 + 17_50 * 10
    paid = settle(claim, [Receipt("r", D("2026-02-11"), 150_000_00)], D("2026-02-11"))
    assert paid.lines[0].tranches == {"a": 100_000_00, "b": 50_000_00}
    assert paid.unpaid_tranches == {"b": 50_000_00, "a": 0}


def test_tranche_that_is_not_due_is_not_paid():
    """Enforcement reaches what is due; the rest of the money is surplus and goes back or is held."""
    claim = MoneyClaim("c", (Tranche("a", 100, D("2026-01-01")), Tranche("b", 100, D("2026-12-31"))))
    found = settle(claim, [Receipt("r", D("2026-01-01"), 150)], D("2026-01-01"))
    assert (found.owed_fen, found.surplus_fen, found.unpaid_tranches) == (0, 50, {"a": 0, "b": 100})


def test_last_day_counts_is_a_setting():
    """A court that counts the last day itself gets one day more."""
    claim = MoneyClaim("c", (Tranche("t", 1_000_000_00, D("2026-01-01")),))
    more = settle(claim, [], D("2026-04-11"), PaymentSettings(last_day_counts=True))
    assert more.owed[Bucket.DOUBLED_INTEREST] == 101 * 17500


def test_general_interest_ends_where_the_document_says():
    """Two rates one after the other, a named base, a bank year, and doubled interest only on principal."""
    claim = MoneyClaim(
        "c",
        (Tranche("t", 360_000_00, D("2026-06-30")),),
        (
            GeneralInterest(Fraction(4, 100), D("2026-01-01"), D("2026-01-31"), 360),
            GeneralInterest(Fraction(5, 100), D("2026-02-01"), D("2026-02-28"), 360, base_fen=180_000_00),
        ),
        interest_fen=77,
    )  # fmt: skip
    found = settle(claim, [], D("2026-07-01"))
    assert found.owed[Bucket.GENERAL_INTEREST] == 77 + 31 * 40_00 + 28 * 25_00
    assert found.owed[Bucket.DOUBLED_INTEREST] == 63_00


def test_agreed_order_goes_before_the_law():
    """Parties may agree that doubled interest is paid first; an order that nobody knows is refused (法释〔2014〕8号 4)."""
    claim = MoneyClaim("c", (Tranche("t", 1_000_000_00, D("2026-01-01")),))
    agreed = (Bucket.DOUBLED_INTEREST, *(b for b in Bucket if b is not Bucket.DOUBLED_INTEREST))
    found = settle(
        claim, [Receipt("r", D("2026-04-11"), 1750000)], D("2026-04-11"), PaymentSettings(agreed=agreed)
    )
    assert (found.owed[Bucket.DOUBLED_INTEREST], found.owed[Bucket.PRINCIPAL]) == (0, 1_000_000_00)
    for wrong in (PaymentSettings(order="my_way"), PaymentSettings(agreed=(Bucket.PRINCIPAL,))):
        with pytest.raises(OrderNotAgreed):
            settle(claim, [], D("2026-04-11"), wrong)


def test_delay_before_the_rate_is_not_guessed():
    """Before 1 August 2014 the older rules apply: refused until their amount is entered (法释〔2014〕8号 7)."""
    tranche = (Tranche("t", 1_000_000_00, D("2013-12-31")),)
    with pytest.raises(BeforeTheRate):
        settle(MoneyClaim("c", tranche), [], D("2014-08-10"))
    known = MoneyClaim("c", tranche, doubled_before_fen=5, doubled_from=D("2014-08-01"))
    assert settle(known, [], D("2014-08-10")).owed[Bucket.DOUBLED_INTEREST] == 5 + 10 * 17500


def test_mistakes_are_named():
    """Two receipts of one id, one after the day, negative money, periods that run backwards, odd rates."""
    claim = MoneyClaim("c", (Tranche("t", 1, D("2026-01-01")),))
    with pytest.raises(SameIdTwice):
        settle(claim, [Receipt("r", D("2026-01-01"), 1)] * 2, D("2026-01-01"))
    with pytest.raises(SameIdTwice):
        MoneyClaim("c", claim.tranches * 2)
    with pytest.raises(EventsOutOfOrder):
        settle(claim, [Receipt("r", D("2026-01-02"), 1)], D("2026-01-01"))
    with pytest.raises(AmountNotAllowed):
        Receipt("r", D("2026-01-01"), -1)
    with pytest.raises(AmountNotAllowed):
        GeneralInterest(Fraction(1, 100), D("2026-01-01"), day_basis=366)
    with pytest.raises(PeriodReversed):
        GeneralInterest(Fraction(1, 100), D("2026-01-02"), D("2026-01-01"))
    with pytest.raises(PeriodReversed):
        Pause(D("2026-01-02"), D("2026-01-01"))


@pytest.mark.parametrize("text", [
    "doubled = 3", "[[doubled]]\nfrom = 2020-01-01", "order = []\ndoubled = []", "nothing",
    "doubled=[{from=2020-01-01,numerator=1,denominator=2,law='x',article='1',tag='V'}]\n[[order]]\ncode='x'\nzh='x'\nen='x'\nbuckets=['costs']\nlaw='x'\narticle='1'\ntag='V'",
])  # fmt: skip
def test_rate_file_mistake_is_named(tmp_path, text):
    """A rates file that cannot be used says why."""
    path = tmp_path / "rates.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRateData):
        RateBook.from_file(path)


def test_new_rate_governs_from_its_day(tmp_path):
    """A change of the rate is a new row: days before it keep the old one."""
    standard = STANDARD_RATES.read_text("utf-8")
    path = tmp_path / "rates.toml"
    row = "\n[[doubled]]\nfrom = 2026-01-12\nnumerator = 1\ndenominator = 10_000\nlaw = 'x'\narticle = '1'\ntag = 'U'\n"
    path.write_text(standard + row, encoding="utf-8")
    claim = MoneyClaim("c", (Tranche("t", 1_000_000_00, D("2026-01-01")),))
    found = settle(claim, [], D("2026-01-21"), PaymentSettings(rates=RateBook.from_file(path)))
    assert found.owed[Bucket.DOUBLED_INTEREST] == 10 * 17500 + 10 * 10000


fen = st.integers(0, 10**11)
day = st.dates(min_value=date(2020, 1, 1), max_value=date(2026, 12, 31))


@st.composite
def claims(draw):
    """A claim with everything that a claim may have."""
    tranches = tuple(Tranche(str(n), draw(fen), draw(day)) for n in range(draw(st.integers(1, 3))))
    general = tuple(
        GeneralInterest(
            Fraction(draw(st.integers(0, 2400)), 10_000),
            draw(day),
            None,
            draw(st.sampled_from([360, 365])),
            draw(st.none() | fen),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        first = draw(day)
        pauses.append(Pause(first, first + timedelta(days=draw(st.integers(0, 300)))))
    return MoneyClaim("c", tranches, general, draw(fen), draw(fen), draw(fen), tuple(pauses))


receipts = st.lists(st.tuples(day, fen), max_size=6).map(
    lambda rows: [Receipt(str(n), on, amount) for n, (on, amount) in enumerate(rows)]
)
orders = st.sampled_from(["statutory", "principal_first"])
LAST = date(2027, 6, 30)


@given(claims(), receipts, orders)
def test_every_fen_is_attributed_and_nothing_overpaid(claim, paid, order):
    """Parts and surplus of each receipt add up to it; nothing is owed below zero; surplus only when nothing due is owed."""
    found = settle(claim, paid, LAST, PaymentSettings(order=order))
    for line in found.lines:
        assert sum(line.parts.values()) + line.surplus_fen == line.receipt.amount_fen
        assert sum(line.tranches.values()) == line.parts.get(Bucket.PRINCIPAL, 0)
        assert all(part > 0 for part in line.parts.values())
    assert all(owed >= 0 for owed in found.owed.values())
    assert sum(found.paid.values()) + found.surplus_fen == sum(r.amount_fen for r in paid)
    assert found.paid[Bucket.PRINCIPAL] + sum(found.unpaid_tranches.values()) == claim.principal_fen
    assert found.owed[Bucket.PRINCIPAL] == sum(found.unpaid_tranches.values())  # all are due on the last day


@given(claims(), receipts, st.randoms(use_true_random=False), orders)
def test_receipts_may_be_given_in_any_order(claim, paid, random, order):
    """What counts is the day of payment, not the order of recording; two of one day may be swapped."""
    settings = PaymentSettings(order=order)
    first = settle(claim, paid, LAST, settings)
    shuffled = [Receipt(str(9 - n), r.paid_on, r.amount_fen) for n, r in enumerate(paid)]
    random.shuffle(shuffled)
    second = settle(claim, shuffled, LAST, settings)
    assert (first.owed, first.paid, first.unpaid_tranches) == (
        second.owed,
        second.paid,
        second.unpaid_tranches,
    )


@given(claims(), receipts, day)
def test_cutting_a_period_changes_nothing(claim, paid, cut):
    """A receipt of nothing in the middle changes no fen: interest is exact and rounded once."""
    plain = settle(claim, paid, LAST)
    assert settle(claim, [*paid, Receipt("cut", cut, 0)], LAST).owed == plain.owed


@given(claims(), receipts, st.integers(1, 10**9), day)
def test_paying_more_never_means_owing_more(claim, paid, more, on):
    """Another receipt lowers what is owed in all, what was received too much counted in.

    Without that it would not hold: a fen that is surplus on its day is not kept for the half fen of interest that is rounded
    up after it.
    """
    less = settle(claim, paid, LAST)
    most = settle(claim, [*paid, Receipt("more", on, more)], LAST)
    assert most.owed_fen - most.surplus_fen < less.owed_fen - less.surplus_fen


@given(
    st.integers(1, 10**11),
    st.integers(0, 2000),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 300)), max_size=4),
)
def test_doubled_interest_agrees_with_a_walk_over_the_days(principal, days, pauses):
    """Day by day, skipping paused days, gives the same sum as the arithmetic."""
    start = date(2020, 1, 1)
    stays = tuple(Pause(start + timedelta(days=a), start + timedelta(days=a + n)) for a, n in pauses)
    on = start + timedelta(days=days)
    counted = sum(
        not any(p.first_day <= start + timedelta(days=n) <= p.last_day for p in stays)
        for n in range(1, days + 1)
    )
    assert days_counted(start + timedelta(days=1), on, stays) == counted
    claim = MoneyClaim("c", (Tranche("t", principal, start),), pauses=stays)
    assert settle(claim, [], on).owed[Bucket.DOUBLED_INTEREST] == half_up(
        Fraction(principal * counted * 175, 1_000_000)
    )


@pytest.mark.parametrize(("amount", "fen"), [("1/2", 1), ("49/100", 0), ("3/2", 2), ("5/2", 3), ("0", 0)])
def test_half_a_fen_is_rounded_up(amount, fen):
    """四舍五入: half up, not to even."""
    assert half_up(Fraction(amount)) == fen


def test_stay_within_a_stay_is_taken_out_once():
    """A short stay inside a long one, and a third that begins inside the long one: the days of their union."""
    stays = tuple(Pause(date(2026, 1, a), date(2026, 1, b)) for a, b in ((1, 20), (3, 4), (15, 25)))
    assert days_counted(date(2026, 1, 1), date(2026, 1, 31), stays) == 6
