"""Sales: what may be announced, at what price, from when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.clocks import ClockBook
from lianban.engines.process.timers import BEIJING
from lianban.engines.sales import (
    Earlier,
    Ground,
    Method,
    Plan,
    SaleRules,
    Valued,
    Way,
    again_until,
    check_plan,
    check_price,
    least_start,
)
from lianban.engines.sales.errors import (
    BiddingTooShort,
    DepositOutOfRange,
    DirectSaleWithoutGround,
    NoMoreAuctions,
    NoticeTooShort,
    PriceBelowFloor,
    PriceNotSettled,
    StartTooLow,
)

BOOK = ClockBook.standard()
BEGINS = datetime(2026, 4, 20, 10, tzinfo=BEIJING)
VALUED = Valued(1_000_000_00, Method.APPRAISAL, date(2026, 2, 1), date(2027, 2, 1))
HOUSE = Plan(
    "禾川路66号房屋", "house", False, Way.AUCTION, date(2026, 3, 21), 700_000_00, 70_000_00, BEGINS, BEGINS + timedelta(hours=25)
)  # fmt: skip
BEEF = Plan("牛肉", "seasonal_goods", True, Way.DIRECT, date(2026, 3, 2), 3_000_00, ground=Ground.PERISHABLE)


def test_auction_as_the_law_wants_it():
    """Seventy percent, five to twenty, thirty days of notice, a day of bidding; the parties are told three days before."""
    assert check_plan(HOUSE, VALUED, BOOK) == date(2026, 4, 17)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"start_fen": 699_999_99}, StartTooLow),
        ({"deposit_fen": 34_999_99}, DepositOutOfRange),
        ({"deposit_fen": 140_000_01}, DepositOutOfRange),
        ({"announced_on": date(2026, 3, 22)}, NoticeTooShort),
        ({"bidding_until": BEGINS + timedelta(hours=23, minutes=59)}, BiddingTooShort),
        ({"bidding_until": None}, BiddingTooShort),
        ({"announced_on": date(2027, 2, 2), "bidding_from": BEGINS + timedelta(days=365)}, PriceNotSettled),
        ({"earlier": (Earlier(700_000_00, date(2026, 3, 1)),) * 2}, NoMoreAuctions),
    ],
)  # fmt: skip
def test_auction_at_each_edge(changed, error):
    """A fen below, a day late, an hour short: each refused in words that say the number."""
    with pytest.raises(error) as caught:
        check_plan(replace(HOUSE, **changed), VALUED, BOOK)
    assert caught.value.text("zh")
    assert caught.value.text("en")


def test_movable_needs_fifteen_days_and_seven_the_second_time():
    """The notice is shorter for movables, and shorter again for a second auction."""
    car = replace(HOUSE, movable=True, kind="vehicle", announced_on=date(2026, 4, 5))
    assert check_plan(car, VALUED, BOOK)
    with pytest.raises(NoticeTooShort):
        check_plan(replace(car, announced_on=date(2026, 4, 6)), VALUED, BOOK)
    again = replace(car, announced_on=date(2026, 4, 13), start_fen=560_000_00, deposit_fen=60_000_00,
                    earlier=(Earlier(700_000_00, date(2026, 4, 1)),))  # fmt: skip
    assert check_plan(again, VALUED, BOOK)
    with pytest.raises(StartTooLow):
        check_plan(replace(again, start_fen=559_999_99), VALUED, BOOK)


def test_auction_needs_a_price():
    """Nothing is auctioned without a reference price, nor at one that is more than a year old."""
    with pytest.raises(PriceNotSettled):
        check_plan(HOUSE, None, BOOK)
    with pytest.raises(PriceNotSettled):
        check_plan(HOUSE, replace(VALUED, valid_until=date(2026, 3, 20)), BOOK)


def test_beef_goes_to_the_market_at_once():
    """What would spoil is sold as it is, without an appraiser and without an auction."""
    assert check_plan(BEEF, None, BOOK) is None


@pytest.mark.parametrize("ground", [None, Ground.UNSOLD])
def test_direct_sale_without_ground(ground):
    """A direct sale needs a ground; unsold is one only after two auctions."""
    with pytest.raises(DirectSaleWithoutGround):
        check_plan(replace(BEEF, ground=ground), VALUED, BOOK)


def test_house_is_not_perishable():
    """The grounds of movables are none for a house; consent is."""
    with pytest.raises(DirectSaleWithoutGround):
        check_plan(replace(HOUSE, way=Way.DIRECT, ground=Ground.SEASONAL), VALUED, BOOK)
    assert check_plan(replace(HOUSE, way=Way.DIRECT, ground=Ground.CONSENT), VALUED, BOOK) is None
    unsold = replace(HOUSE, way=Way.DIRECT, ground=Ground.UNSOLD, start_fen=500_000_00,
                     earlier=(Earlier(700_000_00, date(2026, 1, 5)), Earlier(560_000_00, date(2026, 2, 5))))  # fmt: skip
    assert check_plan(unsold, VALUED, BOOK) is None
    with pytest.raises(StartTooLow):
        check_plan(replace(unsold, start_fen=499_999_99), VALUED, BOOK)


def test_own_sale_under_control_of_the_price():
    """The debtor sells at no less than the reference price."""
    own = replace(HOUSE, way=Way.SELF, start_fen=1_000_000_00)
    assert check_plan(own, VALUED, BOOK) is None
    with pytest.raises(StartTooLow):
        check_plan(replace(own, start_fen=999_999_99), VALUED, BOOK)


def test_price_below_the_floor_does_not_stand():
    """Nobody buys below the starting price."""
    check_price(HOUSE, HOUSE.start_fen)
    with pytest.raises(PriceBelowFloor):
        check_price(HOUSE, HOUSE.start_fen - 1)


def test_failed_auction_is_announced_again_within_thirty_days():
    """Thirty days, and on to the first working day after a rest day."""
    assert again_until(BOOK, date(2026, 3, 2)) == date(2026, 4, 1)


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_least_start_is_never_below_the_share(value, earlier):
    """Rounded up to the fen, so that seventy percent is never undercut by rounding."""
    rules = SaleRules.standard()
    first = replace(HOUSE, start_fen=0)
    assert least_start(first, replace(VALUED, value_fen=value), rules)[0] * 100 >= value * 70
    second = replace(first, earlier=(Earlier(earlier, date(2026, 1, 1)),))
    least = least_start(second, VALUED, rules)[0]
    assert least * 100 >= earlier * 80 > (least - 1) * 100


@given(st.integers(0, 60), st.integers(0, 80), st.booleans(), st.integers(0, 1))
def test_no_plan_passes_with_less_notice_than_the_law(days, hours, movable, rounds):
    """Whatever is planned: what passes has the days of notice and the hours of bidding."""
    plan = replace(
        HOUSE, movable=movable, announced_on=(BEGINS - timedelta(days=days)).astimezone(UTC).date(),
        bidding_until=BEGINS + timedelta(hours=hours), earlier=(Earlier(800_000_00, date(2026, 1, 5)),) * rounds,
    )  # fmt: skip
    try:
        check_plan(plan, VALUED, BOOK)
    except (NoticeTooShort, BiddingTooShort):
        return
    needed = {(True, 0): 15, (False, 0): 30, (True, 1): 7, (False, 1): 15}[movable, rounds]
    assert days >= needed
    assert hours >= 24
