"""What holds for every clock, every trigger and every history."""

import re
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lianban.engines import clocks
from lianban.engines.clocks import Bound, ClockBook, Direction, Nature, Unit, end_of_day, legal_date
from lianban.engines.clocks.arithmetic import StepKind, merged
from lianban.engines.clocks.moments import SHANGHAI, add_months, next_full_hour

BOOK = ClockBook.standard()
CALENDAR = BOOK.calendar
RULES = list(BOOK)
CURRENT = [(rule, rule.versions[-1]) for rule in RULES]
DAY_CLOCKS = [(r, v) for r, v in CURRENT if not v.length.unit.is_instant]
PAUSABLE = [(r, v) for r, v in DAY_CLOCKS if v.pauses and not any(p.tops_up for p in v.pauses)]

instants = st.datetimes(
    min_value=datetime(2026, 11, 2), max_value=datetime(2060, 12, 31), timezones=st.just(UTC)
)
days = st.dates(min_value=date(2004, 1, 1), max_value=date(2060, 12, 31))
published_days = st.dates(min_value=date(2004, 1, 1), max_value=date(2026, 12, 20))


def needed_length(version):
    return version.adjustable.least if version.needs_length else None


@given(st.sampled_from(CURRENT), instants)
@settings(max_examples=400)
def test_never_earlier_than_the_trigger(pair, trigger):
    """No clock that runs forward ends before it began; none that runs backward ends after."""
    rule, version = pair
    assume(version.length.unit is not Unit.FIXED)
    due = BOOK.due(rule.code, trigger, length=needed_length(version))
    if rule.direction is Direction.AFTER:
        assert due.at >= trigger
        assert due.legal_date >= legal_date(trigger)
    else:
        assert due.legal_date <= legal_date(trigger)


@given(st.sampled_from(CURRENT), instants)
@settings(max_examples=400)
def test_adding_then_explaining_agrees(pair, trigger):
    """The last date in either sentence is the date that was counted, and each step leads on from the one before."""
    rule, version = pair
    due = BOOK.due(rule.code, trigger, length=needed_length(version))
    zh, en = due.explain("zh"), due.explain("en")
    body_zh, body_en = zh.split("。依据")[0], en.split(". Source:")[0]
    year, month, day = map(int, re.findall(r"(\d{4})年(\d+)月(\d+)日", body_zh)[-1])
    assert date(year, month, day) == due.legal_date
    assert date(*map(int, re.findall(r"(\d{4})-(\d{2})-(\d{2})", body_en)[-1])) == due.legal_date
    last = due.reckoning.steps[-1].result
    assert (legal_date(last) if isinstance(last, datetime) else last) == due.legal_date


@given(st.sampled_from(DAY_CLOCKS), days)
@settings(max_examples=400)
def test_steps_of_the_explanation_add_up(pair, trigger):
    """Doing the sentence's own arithmetic again, step by step, gives the same date."""
    rule, version = pair
    assume(version.in_force(trigger))
    due = BOOK.due(rule.code, trigger, length=needed_length(version))
    sign = 1 if rule.direction is Direction.AFTER else -1
    day = trigger
    for step in due.reckoning.steps:
        match step.kind:
            case StepKind.COUNT if step.length.unit is Unit.DAYS:
                day += timedelta(days=sign * step.length.count)
            case StepKind.COUNT if step.length.unit is Unit.WORKING_DAYS:
                left = step.length.count
                while left:
                    day += timedelta(days=sign)
                    left -= CALENDAR.is_working_day(day)
            case StepKind.COUNT:
                months = step.length.count * (12 if step.length.unit is Unit.YEARS else 1)
                day = add_months(day, sign * months)
            case StepKind.ROLL:
                while not CALENDAR.is_working_day(day):
                    day += timedelta(days=1)
        assert step.result == day
    assert day == due.legal_date


@given(st.sampled_from(DAY_CLOCKS), days)
@settings(max_examples=300)
def test_rolled_ends_are_worked_and_effects_stay(pair, trigger):
    """A period for doing something ends on a working day; one of effect on the day that the count gives."""
    rule, version = pair
    assume(version.in_force(trigger))
    due = BOOK.due(rule.code, trigger, length=needed_length(version))
    kinds = [step.kind for step in due.reckoning.steps]
    if version.rolls or version.length.unit is Unit.WORKING_DAYS:
        assert CALENDAR.is_working_day(due.legal_date)
    if rule.nature is Nature.EFFECT or rule.bound is Bound.EARLIEST or rule.direction is Direction.BEFORE:
        assert StepKind.ROLL not in kinds


@given(st.sampled_from(DAY_CLOCKS), days)
@settings(max_examples=300)
def test_provisional_exactly_where_an_unpublished_day_was_asked(pair, trigger):
    """Settled results rest on published days only; provisional ones on at least one that is not."""
    rule, version = pair
    assume(version.in_force(trigger))
    due = BOOK.due(rule.code, trigger, length=needed_length(version))
    touched = []
    if version.length.unit is Unit.WORKING_DAYS:
        first, last = sorted((trigger, due.legal_date))
        touched = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    elif version.rolls:
        before = next(s.result for s in reversed(due.reckoning.steps) if s.kind is not StepKind.ROLL)
        touched = [before + timedelta(days=n) for n in range((due.legal_date - before).days + 1)]
    assert due.provisional == any(not CALENDAR.settled(day) for day in touched)


@st.composite
def histories(draw):
    """A clock and some stretches, each beginning within the period as it stands without any of them."""
    rule, version = draw(st.sampled_from(PAUSABLE))
    trigger = draw(st.dates(min_value=max(version.from_day, date(2016, 12, 1)), max_value=date(2026, 6, 1)))
    clock = clocks.start(BOOK, rule.code, trigger)
    span = (clock.due_on - trigger).days
    stretches = []
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, max(span - 1, 0)))
        length = draw(st.integers(0, 90))
        ground = draw(st.sampled_from(version.pauses)).code
        start = end_of_day(trigger + timedelta(days=begin))
        stretches.append((ground, start, start + timedelta(days=length)))
    return clock, stretches, draw(st.permutations(stretches))


@given(histories())
@settings(max_examples=200)
def test_pauses_commute(history):
    """The order in which time is left out does not matter."""
    clock, one_order, other_order = history
    first = second = clock
    for ground, start, end in one_order:
        first = clocks.exclude(BOOK, first, ground, start, end)
    for ground, start, end in other_order:
        second = clocks.exclude(BOOK, second, ground, start, end)
    assert first == second
    assert first.due_at >= clock.due_at


@given(histories())
@settings(max_examples=200)
def test_pauses_move_the_end_by_the_days_they_cover_once(history):
    """The unrolled end moves by exactly the number of days that at least one ground covers."""
    clock, stretches, _ = history
    version = BOOK.version_by_id(clock.code, clock.version)
    moved = clock
    for ground, start, end in stretches:
        moved = clocks.exclude(BOOK, moved, ground, start, end)
    covered = set()
    for _, start, end in stretches:
        day = legal_date(start) + timedelta(days=1)
        while day <= legal_date(end):
            covered.add(day)
            day += timedelta(days=1)
    covered = {day for day in covered if day > legal_date(clock.trigger)}
    unrolled = [
        next(
            s.result for s in reversed(clocks.due_of(BOOK, c).reckoning.steps) if s.kind is not StepKind.ROLL
        )
        for c in (clock, moved)
    ]
    if version.length.unit is Unit.WORKING_DAYS:
        worked = sum(CALENDAR.is_working_day(day) for day in covered)
        assert CALENDAR.working_days_between(*unrolled) == worked
    else:
        assert (unrolled[1] - unrolled[0]).days == len(covered)


@given(histories())
@settings(max_examples=100)
def test_state_survives_json(history):
    """Whatever happened to a clock, its stored form gives it back."""
    clock, stretches, _ = history
    for ground, start, end in stretches:
        clock = clocks.exclude(BOOK, clock, ground, start, end)
    assert clocks.from_json(clocks.to_json(clock)) == clock


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)), st.integers(-600, 600))
def test_months_end_on_the_corresponding_day_or_the_last(day, months):
    """The corresponding day, or the month's last day where there is none; never in another month."""
    end = add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    if end.day != day.day:
        assert end.day < day.day
        assert (end + timedelta(days=1)).day == 1


@given(instants)
def test_next_full_hour_is_after_and_within_the_hour(moment):
    """次时 is a full hour in Shanghai, later than the trigger by an hour at most."""
    start = next_full_hour(moment)
    assert timedelta(0) < start - moment <= timedelta(hours=1)
    assert (start.astimezone(SHANGHAI).minute, start.second, start.microsecond) == (0, 0, 0)


@given(
    st.sampled_from(
        [r for r, v in CURRENT if v.length.unit is Unit.HOURS and r.direction is Direction.AFTER]
    ),
    instants,
)
def test_hours_run_through_midnight_and_holidays(rule, trigger):
    """The hours between start and end are exactly as many as the rule says, whatever days lie between."""
    version = rule.versions[-1]
    due = BOOK.due(rule.code, trigger)
    start = next_full_hour(trigger) if version.first_day.value == "next_hour" else trigger
    assert due.at - start == timedelta(hours=version.length.count)
    assert due.provisional is False


@given(published_days, st.integers(1, 400))
def test_working_days_count_back_to_where_they_started(day, count):
    """Counting forward and asking how many working days lie between agree."""
    end = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.working_days_between(day, end) == count
    if CALENDAR.is_working_day(day):
        assert CALENDAR.add_working_days(end, -count) == day


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
def test_merged_spans_cover_the_same_points_without_overlap(spans):
    """The union has the points of the spans, in order, and no point twice."""
    union = merged(spans)
    points = [n for first, last in union for n in range(first, last)]
    assert points == sorted(set(points))
    assert set(points) == {n for first, last in spans for n in range(first, last)}
