"""What a matter may hold: ceilings, excess, releases, and the sweep over time that must agree."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_making import BOOK, LIMITS, at, measure

from lianban.engines.measures import (
    Asset,
    ClaimKind,
    MeasureKind,
    MeasureSettings,
    Outcome,
    Outstanding,
    check_order,
    control,
    latest_printable,
    stand_all,
)
from lianban.engines.measures.errors import (
    BadAmount,
    ConditionMissing,
    ExcessBlocksOrders,
    MeasureForbidden,
    OrderAboveClaim,
    PrintedTermTooLong,
)
from lianban.engines.measures.sweeps import first_excess, held_on

FOUND = at("2026-03-06")


def held(measures, claim, costs=0, settings=MeasureSettings(), now="2026-03-06"):  # noqa: B008
    standings = stand_all(BOOK, LIMITS, measures, at(now)).values()
    return control(BOOK, standings, Outstanding(claim, costs), found_at=at(now), settings=settings)


def deposits(*amounts):
    return [measure(f"m{n}", f"2026-03-0{n + 1}", key=f"a{n}", found=fen) for n, fen in enumerate(amounts)]


def house(value, id="h", served="2026-03-02", **more):
    return measure(id, served, asset=Asset(id, "immovable", value, divisible=False), **more)


@pytest.mark.parametrize(("name", "measures", "claim", "over", "releases", "excused"), [
    ("exactly the claim", deposits(600, 400), 1000, 0, [], False),
    ("one fen too much", deposits(600, 401), 1000, 1, [("m1", 1, False)], False),
    ("the latest goes first", deposits(1000, 300, 200), 1000, 500, [("m2", 200, True), ("m1", 300, True)], False),
    ("a house that is all there is", [house(2000)], 1000, 1000, [], True),
    ("a house, and money that does not suffice", [house(2000), *deposits(100)], 1000, 1100, [("m0", 100, True)], False),
    ("two houses, one suffices", [house(2000), house(1500, "g")], 1000, 2500, [("h", 2000, True)], False),
    ("a house, and money that suffices", [house(2000), *deposits(1000)], 1000, 2000, [("h", 2000, True)], False),
    ("nothing is owed any more", deposits(5), 0, 5, [("m0", 5, True)], False),
])  # fmt: skip
def test_control_examples(name, measures, claim, over, releases, excused):
    """What is over, what goes, and when nothing can go (查扣冻规定 19)."""
    found = held(measures, claim)
    assert found.over_fen == over
    assert [(r.measure, r.amount_fen, r.whole) for r in found.releases] == releases
    assert found.excused is excused
    assert found.blocks_orders is bool(releases)


def test_excess_opens_a_release_clock():
    """Five days from the day it was found; the sixth of March is a Friday."""
    found = held(deposits(2000), 1000)
    assert found.due.code == "enforcement.release_on_ground"
    assert found.due.legal_date == date(2026, 3, 11)
    assert held(deposits(1000), 1000).due is None


@pytest.mark.parametrize(("asset", "answered", "net"), [
    (Asset("a", "immovable", 1_000_01, 1, 2), None, 500_00),
    (Asset("a", "immovable", 1_000_00, 1, 2, encumbrance_fen=600_00), None, 0),
    (Asset("a", "immovable", 1_000_00, encumbrance_fen=400_00), None, 600_00),
    (Asset("a", "deposit", 1_000_00), 123, 123),
    (Asset("a", "equity"), None, 0),
])  # fmt: skip
def test_net_value(asset, answered, net):
    """The debtor's share, rounded down, less what goes before; the unit's amount goes before the estimate; unknown is nothing."""
    assert held([measure(asset=asset, found=answered)], 1).held_fen == net


def test_only_effective_first_rank_answered_value_counts():
    """Waiting, unanswered, not found, released and lapsed hold nothing for the claim."""
    measures = [
        measure("m1", found=100),
        measure("m2", "2026-03-03", found=100),  # second on the same account
        measure("m3", key="a3", found=100, answered=False),
        measure("m4", key="a4", found=100, outcome=Outcome.NOT_FOUND),
        measure("m5", key="a5", found=100).released(at("2026-03-05")),
        measure("m6", "2024-03-05", key="a6", found=100),
        measure("m7", served=None, key="a7"),
    ]
    assert held(measures, 1000).held_fen == 100


def test_promotion_brings_an_excess_about():
    """Nobody orders anything: the court before releases, ours comes first, and the matter holds too much."""
    before = measure("other", "2026-02-02", key="h", kind="immovable", matter="y9")
    ours = [
        *deposits(1000),
        measure("m9", "2026-03-02", found=800, key="h", kind="immovable", outcome=Outcome.WAITING, rank=2),
    ]

    def of_x1(measures, now):
        standings = [
            s for s in stand_all(BOOK, LIMITS, measures, at(now)).values() if s.measure.matter == "x1"
        ]
        return control(BOOK, standings, Outstanding(1000), found_at=at(now))

    assert of_x1([before, *ours], "2026-04-01").over_fen == 0
    assert of_x1([before.released(at("2026-03-31")), *ours], "2026-04-01").over_fen == 800


def test_tolerance_is_a_setting():
    """明显 has no number in law: a court may set one, and the fen below it are no excess."""
    chosen = MeasureSettings(tolerance_permille=50)
    assert held(deposits(1050), 1000, settings=chosen).over_fen == 0
    assert held(deposits(1051), 1000, settings=chosen).over_fen == 51


def order(**more):
    return measure("new", served=None, key="new", ordered_on=date(2026, 3, 6), **more)


def test_order_within_the_claim_is_allowed():
    """Claim and costs together are the ceiling of one order; the permission brings its alarm."""
    quiet = held([], 1000)
    found = check_order(BOOK, LIMITS, order(ceiling_fen=1100, kind="deposit"), Outstanding(1000, 100), quiet)
    assert found.allowed and found.alarm is None
    fund = replace(order(ceiling_fen=1), asset=Asset("f", "housing_fund"))
    assert check_order(BOOK, LIMITS, fund, Outstanding(1000), quiet).alarm.zh.startswith("公积金")


def test_order_above_the_claim_is_refused():
    """One fen above claim and costs is too much."""
    with pytest.raises(OrderAboveClaim):
        check_order(BOOK, LIMITS, order(ceiling_fen=1101), Outstanding(1000, 100), held([], 1000))


def test_open_excess_blocks_orders():
    """While something can and must be released, nothing new is controlled; an excused excess blocks nothing by itself."""
    with pytest.raises(ExcessBlocksOrders):
        check_order(BOOK, LIMITS, order(ceiling_fen=1), Outstanding(1000), held(deposits(1001), 1000))
    check_order(BOOK, LIMITS, order(ceiling_fen=1), Outstanding(1000), held([house(2000)], 1000))


def test_deduction_is_not_blocked_by_an_excess():
    """Paying the creditor from what is held makes the excess smaller."""
    taken = replace(order(ceiling_fen=1000), asset=Asset("a0", "deposit"))
    taken = replace(taken, kind=MeasureKind.DEDUCT)
    assert check_order(BOOK, LIMITS, taken, Outstanding(1000), held(deposits(1001), 1000)).allowed


def test_order_may_not_print_a_longer_term():
    """printed_end ≤ the longest term; a vehicle sealed by registration has two years, not three."""
    car = replace(order(ceiling_fen=1), asset=Asset("浙J12345", "vehicle"))
    assert latest_printable(BOOK, LIMITS, car) == date(2028, 3, 6)
    check_order(BOOK, LIMITS, replace(car, printed_end=date(2028, 3, 6)), Outstanding(9), held([], 9))
    with pytest.raises(PrintedTermTooLong):
        check_order(BOOK, LIMITS, replace(car, printed_end=date(2028, 3, 7)), Outstanding(9), held([], 9))


def test_order_on_a_wage_account_needs_wages_of_the_project():
    """Refused for another debt, asked for the fact, allowed with it."""
    account = replace(order(ceiling_fen=1), asset=Asset("w", "farm_wage_account"))
    with pytest.raises(MeasureForbidden):
        check_order(BOOK, LIMITS, account, Outstanding(9), held([], 9))
    wages = Outstanding(9, kind=ClaimKind.FARM_WAGES)
    with pytest.raises(ConditionMissing):
        check_order(BOOK, LIMITS, account, wages, held([], 9))
    assert check_order(BOOK, LIMITS, account, wages, held([], 9), facts={"same_project"}).allowed


def test_amounts_that_cannot_be_are_refused():
    """Negative money and shares above one are mistakes, not values."""
    for wrong in (
        lambda: Outstanding(-1),
        lambda: Asset("a", "deposit", -1),
        lambda: Asset("a", "deposit", 1, 3, 2),
        lambda: order(ceiling_fen=-1),
        lambda: MeasureSettings(radar_days=(7, 15)),
        lambda: MeasureSettings(tolerance_permille=-1),
    ):
        with pytest.raises(BadAmount):
            wrong()


amounts = st.lists(st.tuples(st.integers(0, 10_000), st.booleans()), max_size=8)


@given(amounts, st.integers(0, 20_000), st.randoms(use_true_random=False))
def test_releases_never_uncover_the_claim_and_leave_nothing_to_go(values, claim, random):
    """After the proposed releases the claim is still covered, nothing more could go, and the order given does not matter."""
    measures = [
        measure(f"m{n}", (date(2026, 3, 1) + timedelta(days=n % 5)).isoformat(),
                asset=Asset(f"a{n}", "immovable", fen, divisible=cut))
        for n, (fen, cut) in enumerate(values)
    ]  # fmt: skip
    found = held(measures, claim)
    total = sum(fen for fen, _ in values)
    assert found.held_fen == total
    gone = {r.measure: r for r in found.releases}
    left = total - sum(r.amount_fen for r in found.releases)
    assert left >= min(claim, total)
    for n, (fen, cut) in enumerate(values):
        rest = fen - (gone[f"m{n}"].amount_fen if f"m{n}" in gone else 0)
        assert rest >= 0
        if left > claim and rest > 0:
            assert not cut, "a divisible one could still be cut"
            assert left - rest < claim, "a whole one could still go"
    random.shuffle(measures)
    assert held(measures, claim) == found


spans = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.none() | st.integers(0, 60),
        st.integers(0, 40),
        st.booleans(),
        st.integers(0, 500),
    ),
    max_size=25,
)


@given(spans, st.lists(st.integers(0, 900), min_size=4, max_size=4))
def test_sweep_agrees_with_counting_day_by_day(rows, limits):
    """The columns find the first day of excess that a plain loop over the days finds."""
    zero = np.datetime64("2026-01-01")
    matter = np.array([r[0] for r in rows], dtype=np.int64)
    begins = np.array(
        [zero + r[1] if r[1] is not None else np.datetime64("NaT") for r in rows], dtype="datetime64[D]"
    )
    ends = np.array(
        [zero + (r[1] or 0) + r[2] if r[3] else np.datetime64("NaT") for r in rows], dtype="datetime64[D]"
    )
    net = np.array([r[4] for r in rows], dtype=np.int64)
    limit = np.array(limits, dtype=np.int64)
    found = first_excess(matter, begins, ends, net, limit)
    for number in range(4):
        expected = None
        for day in range(110):
            live = sum(
                fen for owner, start, length, closes, fen in rows
                if owner == number and start is not None and start <= day and (not closes or day <= start + length)
            )  # fmt: skip
            if live > limits[number]:
                expected = zero + day
                break
            assert held_on(matter, begins, ends, net, 4, zero + day)[number] == live
        assert (found[number] == expected) if expected is not None else np.isnat(found[number])


@pytest.mark.parametrize(("second", "expected"), [("2026-01-10", "2026-01-10"), ("2026-01-11", "NaT")])
def test_sweep_counts_the_last_day(second, expected):
    """A measure still holds on its last day: with one that begins that day there is too much, a day later there is not."""
    found = first_excess(
        np.array([0, 0]),
        np.array(["2026-01-01", second], dtype="datetime64[D]"),
        np.array(["2026-01-10", "2026-02-01"], dtype="datetime64[D]"),
        np.array([600, 600]),
        np.array([1000]),
    )
    assert found.astype(str).tolist() == [expected]
