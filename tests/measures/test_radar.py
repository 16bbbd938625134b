"""The radar, its warnings on working days, batch renewal, and the three years of simulation."""

import time
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_making import BOOK, LIMITS, at, measure

from lianban.engines.measures import (
    Control,
    LegalBasis,
    RadarColumns,
    Release,
    Renewal,
    RenewalState,
    WhyNot,
    plan_renewals,
    radar,
    renewal_for,
    stand,
    stand_all,
    warning_day,
    warning_days,
)
from lianban.engines.measures.errors import RenewalRefused
from lianban.engines.measures.simulation import simulate
from lianban.engines.measures.warnings import NOBODY, Roster, deliver

TODAY = date(2026, 3, 2)


def ending(id, days, **more):
    """A deposit frozen so that it ends ``days`` after today."""
    end = TODAY + timedelta(days=days)
    return measure(id, (end - timedelta(days=300)).isoformat(), key=id, printed_end=end, **more)


def standings(measures, today=TODAY):
    return list(stand_all(BOOK, LIMITS, measures, at(today.isoformat())).values())


def test_radar_buckets_and_what_is_unsigned():
    """Each measure is in the nearest bucket only; a signed renewal is not unsigned, a drafted one is."""
    cases = {"a": 0, "b": 7, "c": 8, "d": 15, "e": 16, "f": 30, "g": 31, "h": 60, "i": 61}
    measures = [ending(id, days) for id, days in cases.items()]
    measures[0] = replace(measures[0], renewals=(Renewal(TODAY, RenewalState.SIGNED),))
    measures[1] = replace(measures[1], renewals=(Renewal(TODAY, RenewalState.DRAFTED),))
    measures[2] = replace(measures[2], renewals=(Renewal(TODAY, RenewalState.NOT_WANTED),))
    found = radar(RadarColumns.of(standings(measures)), TODAY)
    assert {days: found.ids(days) for days in (7, 15, 30, 60)} == {
        7: ["a", "b"], 15: ["c", "d"], 30: ["e", "f"], 60: ["g", "h"],
    }  # fmt: skip
    assert found.unsigned_ids() == ["b", "d", "e", "f", "g", "h"]
    assert found.counts() == {60: 2, 30: 2, 15: 2, 7: 2}
    assert found.past.size == 0


def test_radar_ignores_what_has_no_end_and_shows_what_is_past():
    """A waiting measure without an end is in no bucket; an end behind today is shown apart, never hidden."""
    columns = RadarColumns(
        ["x", "y"], np.array(["NaT", "2026-03-01"], dtype="datetime64[D]"), np.zeros(2, dtype=np.int8)
    )
    found = radar(columns, TODAY)
    assert [columns.ids[row] for row in found.past] == ["y"]
    assert sum(found.counts().values()) == 0


@given(st.lists(st.integers(-100, 200), max_size=60))
def test_radar_loses_nobody(days):
    """Past, buckets and later together are all of them, each once."""
    ends = np.array([np.datetime64(TODAY) + n for n in days], dtype="datetime64[D]")
    found = radar(
        RadarColumns([str(n) for n in range(len(days))], ends, np.zeros(len(days), dtype=np.int8)), TODAY
    )
    rows = np.concatenate([found.past, *found.buckets.values()])
    assert len(set(rows.tolist())) == rows.size == sum(n <= 60 for n in days)
    for bound, nearer in ((7, -1), (15, 7), (30, 15), (60, 30)):
        assert all(nearer < days[row] <= bound for row in found.buckets[bound])


def test_radar_of_one_judge_is_well_under_a_second():
    """2,200 measures from their facts to the buckets; the goal of the whole screen is one second."""
    measures = [ending(f"m{n}", n % 400 - 100, found=n) for n in range(2200)]
    begin = time.process_time()
    found = radar(RadarColumns.of(standings(measures)), TODAY)
    spent = time.process_time() - begin
    assert sum(found.counts().values()) > 300
    assert spent < 1.0, f"{spent:.2f} s of CPU"


@pytest.mark.parametrize(("ends", "days", "given_on"), [
    ("2026-03-16", 7, "2026-03-09"),
    ("2026-10-12", 7, "2026-09-30"),  # the fifth of October is a holiday, and so are the days before it
    ("2026-03-15", 7, "2026-03-06"),  # the eighth of March is a Sunday
])  # fmt: skip
def test_warning_is_given_on_a_working_day_before(ends, days, given_on):
    """A warning that falls on a rest day comes before it, never after."""
    assert warning_day(BOOK.calendar, date.fromisoformat(ends), days) == date.fromisoformat(given_on)


@given(st.dates(min_value=date(2005, 1, 1), max_value=date(2026, 12, 31)))
def test_warnings_are_working_days_before_their_day(ends):
    """All warnings are on working days, none later than it should be."""
    given_on = warning_days(BOOK.calendar, ends)
    assert all(BOOK.calendar.is_working_day(day) for day in given_on)
    assert given_on[-1] <= ends - timedelta(days=7)
    assert given_on[0] <= ends - timedelta(days=60)


def test_warning_goes_to_the_deputy_then_the_head_then_a_day_earlier():
    """Whoever sits there gets it; where nobody does, it is given on the working day before."""
    first = date(2026, 3, 2)
    leaves = [
        (0, date(2026, 3, 12), date(2026, 3, 31)),
        (1, date(2026, 3, 13), date(2026, 3, 31)),
        (2, date(2026, 3, 16), date(2026, 3, 31)),
    ]
    roster = Roster.of(
        BOOK.calendar, first, date(2026, 4, 30), leaves, np.array([1, 2, 0]), np.array([2, 2, 2])
    )
    ends = np.array(
        ["2026-03-18", "2026-03-19", "2026-03-20", "2026-03-25", "2026-03-05"], dtype="datetime64[D]"
    )
    days, people = deliver(roster, ends, np.zeros(5, dtype=np.int64), 7)
    assert days.astype(str).tolist() == ["2026-03-11", "2026-03-12", "2026-03-13", "2026-03-13", "NaT"]
    assert people.tolist() == [0, 1, 2, 2, NOBODY]


def test_renewal_plan_groups_by_unit_and_says_until_when():
    """By unit, by deadline; three working days ahead; the longest end that may be printed."""
    plan = plan_renewals(
        BOOK,
        LIMITS,
        standings([ending("a", 20, unit="icbc"), ending("b", 10, unit="abc"), ending("c", 11, unit="icbc")]),
        TODAY,
    )
    assert [(unit, [p.measure for p in items]) for unit, items in plan.batches] == [
        ("abc", ["b"]),
        ("icbc", ["c", "a"]),
    ]
    first = plan.batches[0][1][0]
    assert (first.ends_on, first.send_by, first.latest) == (
        date(2026, 3, 12),
        date(2026, 3, 9),
        date(2027, 3, 12),
    )
    assert len(plan) == 3 and not plan.left_out


def test_renewal_plan_leaves_out_with_a_reason():
    """Closed, to be released, being renewed, not wanted, not allowed again, and too late to send."""
    admin = measure("adm", "2026-02-02", key="adm", basis=LegalBasis.ADMINISTRATIVE)
    admin = replace(admin, renewals=(Renewal(date(2026, 2, 20), RenewalState.SERVED, at("2026-02-20")),))
    measures = [
        ending("closed", 20, matter="done"),
        ending("excess", 20, matter="rich"),
        replace(ending("signed", 20), renewals=(Renewal(TODAY, RenewalState.SIGNED),)),
        replace(ending("unwanted", 20), renewals=(Renewal(TODAY, RenewalState.NOT_WANTED),)),
        admin,
        ending("late", 2),
    ]
    control = Control(2, 1, 1, (Release("excess", 1, whole=True),), None)
    plan = plan_renewals(
        BOOK, LIMITS, standings(measures), TODAY, controls={"rich": control}, closed=frozenset({"done"})
    )
    assert dict(plan.left_out) == {
        "closed": WhyNot.MATTER_CLOSED, "excess": WhyNot.RELEASE_INSTEAD, "signed": WhyNot.BEING_RENEWED,
        "unwanted": WhyNot.NOT_WANTED, "adm": WhyNot.NOT_ALLOWED, "late": WhyNot.TOO_LATE,
    }  # fmt: skip
    assert [(p.measure, p.send_by) for _, items in plan.batches for p in items] == [("late", TODAY)]


def test_renewal_drafted_and_served_goes_on_for_the_planned_term():
    """What the plan says is what the queue gives once the renewal has reached the unit."""
    held = ending("a", 10)
    found = standings([held])[0]
    draft = renewal_for(BOOK, LIMITS, found, TODAY)
    planned = plan_renewals(BOOK, LIMITS, [found], TODAY).batches[0][1][0]
    assert draft.printed_end == planned.latest
    done = held.renewed(draft).renewed(replace(draft, state=RenewalState.SERVED, served_at=at("2026-03-09")))
    assert len(done.renewals) == 1
    assert stand(BOOK, LIMITS, [done], at("2026-12-01")).of("a").ends_on == planned.latest


def test_renewal_that_may_not_be_is_refused():
    """Ended, beyond the maximum, earlier than the running end, and a term that has none."""
    found = standings([ending("a", 10)])[0]
    with pytest.raises(RenewalRefused):
        renewal_for(BOOK, LIMITS, found, date(2026, 3, 13))
    for end in (date(2027, 3, 13), date(2026, 3, 12)):
        with pytest.raises(RenewalRefused):
            renewal_for(BOOK, LIMITS, found, TODAY, end)
    with pytest.raises(RenewalRefused):
        renewal_for(BOOK, LIMITS, standings([ending("b", -10)])[0], TODAY)


def test_simulation_has_no_unannounced_lapse_and_finds_every_plant():
    """Three years, leave and holidays: 0 unannounced, 0 beyond the longest term, every planted over-freeze on its day."""
    found = simulate(BOOK, measures=20_000)
    assert found.lapses > 1000 and found.on_rest_days > 100
    assert found.unannounced == 0
    assert found.outlived == 0
    assert found.found == found.planted == 80
    assert found.false_alarms == 0
    assert found == simulate(BOOK, measures=20_000)


def test_simulation_referee_sees_the_misses_of_a_plain_reminder():
    """A note to the officer on the very day misses some: the referee is no rubber stamp."""
    assert simulate(BOOK, measures=20_000, naive=True).unannounced > 0


def test_renewal_that_can_still_be_sent_today_is_not_too_late():
    """It ends on Thursday, three working days from Monday: today is the last day to send it, and it is in the batch only."""
    plan = plan_renewals(BOOK, LIMITS, standings([ending("a", 3)]), TODAY)
    assert [(p.measure, p.send_by) for _, items in plan.batches for p in items] == [("a", TODAY)]
    assert not plan.left_out
