"""Who held the ball: the parts are the whole, whatever the intervals."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.indicators import Held, attribute
from lianban.engines.indicators.errors import BackwardInterval, BadScope

START = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MICRO = timedelta(microseconds=1)


def held(agency, start, end, unit=SECOND):
    return Held(agency, START + start * unit, START + end * unit)


def test_one_after_another():
    """Handed from one to the next, each has its own time, a second turn included."""
    shares = attribute([held("court", 0, 10), held("bank", 10, 70), held("court", 70, 75)])
    assert shares == {"court": 15 * SECOND, "bank": 60 * SECOND}


def test_together_and_alone():
    """While two hold it each has half; once one has answered, the other has it alone."""
    shares = attribute([held("bank", 0, 10), held("land", 0, 40)])
    assert shares == {"bank": 5 * SECOND, "land": 35 * SECOND}


def test_nobody():
    """Time in which nobody held the ball is shown, before, between and after."""
    shares = attribute([held("a", 2, 3), held("b", 5, 6)], start=START, end=START + 10 * SECOND)
    assert shares == {"a": SECOND, "b": SECOND, None: 8 * SECOND}


def test_two_letters_to_one_agency_count_once():
    """An agency that holds two letters holds the ball once."""
    shares = attribute([held("a", 0, 10), held("a", 5, 15), held("b", 10, 20)])
    assert shares == {"a": timedelta(seconds=12.5), "b": timedelta(seconds=7.5)}


def test_parts_of_a_microsecond():
    """Three agencies share a hundred microseconds: one gets the microsecond left over, and none is lost."""
    shares = attribute([held(name, 0, 100, MICRO) for name in "cab"])
    assert shares == {"a": 34 * MICRO, "b": 33 * MICRO, "c": 33 * MICRO}


def test_cut_to_the_period():
    """What lies outside the period asked for does not count."""
    shares = attribute(
        [held("a", 0, 10), held("b", 20, 30)], start=START + 5 * SECOND, end=START + 8 * SECOND
    )
    assert shares == {"a": 3 * SECOND, "b": timedelta(0)}


def test_nothing():
    """No intervals and no period: no time to share."""
    assert attribute([]) == {}
    assert attribute([], start=START, end=START + SECOND) == {None: SECOND}


def test_refused():
    """Backward intervals, backward periods and naive instants are refused."""
    with pytest.raises(BackwardInterval, match='"a"'):
        attribute([held("a", 1, 0)])
    with pytest.raises(BackwardInterval):
        attribute([Held("a", datetime(2026, 1, 1), START)])
    with pytest.raises(BadScope):
        attribute([held("a", 0, 1)], start=START + SECOND, end=START)


INTERVALS = st.lists(
    st.tuples(st.sampled_from("abcde"), st.integers(0, 60), st.integers(0, 60)).map(
        lambda row: held(row[0], min(row[1:]), max(row[1:]), MICRO)
    ),
    max_size=12,
)
BOUND = st.none() | st.integers(0, 60).map(lambda micro: START + micro * MICRO)


@given(INTERVALS, st.randoms(use_true_random=False), BOUND, BOUND)
def test_parts_are_the_whole(intervals, random, start, end):
    """Parts add up exactly, are within a microsecond of the fair share, and know no order."""
    if start is not None and end is not None and end < start:
        start, end = end, start
    first = start or min((one.start for one in intervals), default=None)
    last = end or max((one.end for one in intervals), default=None)
    if first is not None and last is not None and last < first:
        with pytest.raises(BadScope):
            attribute(intervals, start=start, end=end)
        return
    shares = attribute(intervals, start=start, end=end)
    if first is None or last is None:
        assert shares == {}
        return
    assert sum(shares.values(), timedelta(0)) == last - first
    shuffled = list(intervals)
    random.shuffle(shuffled)
    assert attribute(shuffled, start=start, end=end) == shares

    fair = {}
    moment = first
    while moment < last:  # the definition, microsecond by microsecond
        holders = {one.agency for one in intervals if one.start <= moment < one.end} or {None}
        for agency in holders:
            fair[agency] = fair.get(agency, 0) + Fraction(1, len(holders))
        moment += MICRO
    for agency, share in shares.items():
        assert abs(share // MICRO - fair.get(agency, 0)) < 1
    assert fair.keys() <= shares.keys()
