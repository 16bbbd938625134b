"""Timers: what their texts mean, and what they do when they fire."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from process_drawings import NOW, Drawing

from lianban.engines.process import (
    CloseTimer,
    ExpressionFailed,
    NotATimer,
    RearmTimer,
    State,
    TimerFired,
    step,
    timer_spec,
)
from lianban.engines.process.timers import BEIJING, first_due, next_due


def ask_no_clock(spec, now):
    raise AssertionError("no clock is named")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT24H", NOW + timedelta(hours=24)),
        ("P1DT2H30M", NOW + timedelta(days=1, hours=2, minutes=30)),
        ("P2W", NOW + timedelta(days=14)),
        ("PT0.5S", NOW + timedelta(milliseconds=500)),
        ("2026-12-01T09:00:00+08:00", datetime(2026, 12, 1, 1, tzinfo=UTC)),
        ("2026-12-01T09:00:00", datetime(2026, 12, 1, 1, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 11, 30, 16, tzinfo=UTC)),
        ("R/PT24H", NOW + timedelta(hours=24)),
        ("R3/P1D", NOW + timedelta(days=1)),
        ("R2/2026-12-01T00:00:00+08:00/P1D", datetime(2026, 11, 30, 16, tzinfo=UTC)),
    ],
)
def test_timer_text_is_first_due(text, expected):
    """ISO 8601 durations, dates and cycles, without an offset in Beijing time."""
    assert first_due(timer_spec(text), NOW, ask_no_clock) == expected


@pytest.mark.parametrize(
    ("start", "text", "expected"),
    [
        ((2026, 1, 31, 12), "P1M", (2026, 2, 28, 12)),
        ((2024, 1, 31, 12), "P1M", (2024, 2, 29, 12)),
        ((2024, 2, 29, 12), "P1Y", (2025, 2, 28, 12)),
        ((2026, 12, 31, 23), "P2M", (2027, 2, 28, 23)),
    ],
)
def test_months_end_on_the_corresponding_day(start, text, expected):
    """A month is a calendar month in Beijing; past the end of a shorter month it is its last day."""
    moment = datetime(*start, tzinfo=BEIJING)
    assert first_due(timer_spec(text), moment, ask_no_clock) == datetime(*expected, tzinfo=BEIJING)


def test_month_is_counted_on_the_day_in_beijing():
    """An instant that is already the 1st in Beijing, still the 31st in UTC, counts from the 1st."""
    moment = datetime(2026, 1, 31, 17, tzinfo=UTC)  # 1 February, 01:00 in Beijing
    assert first_due(timer_spec("P1M"), moment, ask_no_clock) == datetime(2026, 2, 28, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "clock", "offset_days", "working_days", "repeats"),
    [
        ("clock:assistance.answer", "assistance.answer", None, 0, 1),
        ("clock:assistance.answer-P1D", "assistance.answer", -1, 0, 1),
        ("clock:assistance.answer+P3D", "assistance.answer", 3, 0, 1),
        ("clock:a+3WD", "a", None, 3, 1),
        ("clock:a-1WD", "a", None, -1, 1),
        ("R/clock:a+P1D/P1D", "a", 1, 0, None),
        ("R5/clock:期限.答复/P1D", "期限.答复", None, 0, 5),
    ],
)
def test_clock_references_are_read(text, clock, offset_days, working_days, repeats):
    """A clock with an offset in calendar or working days, once or repeated."""
    spec = timer_spec(text)
    assert (spec.clock, spec.working_days, spec.repeats) == (clock, working_days, repeats)
    days = spec.clock_offset and spec.clock_offset.sign * spec.clock_offset.days
    assert days == offset_days


def test_clock_is_asked_of_the_caller():
    """The engine computes no clock: it asks, and takes the answer."""
    asked = []

    def due(spec, now):
        asked.append((spec.clock, spec.working_days, now))
        return NOW + timedelta(days=9)

    assert first_due(timer_spec("clock:a+3WD"), NOW, due) == NOW + timedelta(days=9)
    assert asked == [("a", 3, NOW)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1S",
        "R0/P1D",
        "R/PT0S",
        "clock:",
        "clock:a+",
        "clock:a+P",
        "tomorrow",
        "R3/P1D/P1D",
        "P-1D",
    ],
)
def test_other_texts_are_no_timers(text):
    """What is none of the forms is refused, not guessed."""
    with pytest.raises(NotATimer):
        timer_spec(text)


@given(
    hours=st.integers(1, 400),
    late=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
    rounds=st.integers(0, 50),
)
def test_repeats_do_not_drift(hours, late, rounds):
    """However late it is fired, the next time is of the original series, the first after now."""
    spec = timer_spec(f"R/PT{hours}H")
    due = NOW + timedelta(hours=hours)
    for _ in range(rounds % 5):
        due = next_due(spec, due, due)
    now = due + late
    following = next_due(spec, due, now)
    assert following > now
    assert following - timedelta(hours=hours) <= now
    assert (following - NOW) % timedelta(hours=hours) == timedelta(0)


# --- at the boundary


def with_timer(text, interrupting):
    drawing = Drawing()
    drawing.start()
    drawing.user("a")
    drawing.timer("t", text, "a", interrupting)
    drawing.service("remind", "letters.remind")
    drawing.end()
    drawing.end("e2")
    drawing.path("start", "a", "end")
    drawing.path("t", "remind", "e2")
    return drawing


def test_interrupting_timer_takes_the_task_away():
    """When it is due the task is cancelled and the timer's path is taken."""
    simulation = with_timer("P3D", True).run()
    simulation.advance(NOW + timedelta(days=2, hours=23))
    assert simulation.at() == {"a": 1}
    simulation.advance(NOW + timedelta(days=3))
    assert simulation.ended == "done"
    assert [call.type for call in simulation.calls] == ["letters.remind"]


def test_non_interrupting_timer_leaves_the_task():
    """A single non-interrupting timer fires once and the task stays."""
    simulation = with_timer("P3D", False).run()
    simulation.advance(NOW + timedelta(days=30))
    assert simulation.at() == {"a": 1}
    assert len(simulation.calls) == 1
    assert simulation.state.timers == {}


@pytest.mark.parametrize(
    ("text", "days", "times"), [("R/P1D", 10, 10), ("R3/P1D", 10, 3), ("R3/PT24H", 2, 2)]
)
def test_repeating_timer_reminds_again(text, days, times):
    """A cycle fires every period, as often as it says, while the task is open."""
    simulation = with_timer(text, False).run()
    simulation.advance(NOW + timedelta(days=days))
    assert len(simulation.calls) == times
    simulation.complete("a")
    assert simulation.state == State.of()


def test_repeating_timer_is_rearmed_in_place():
    """A firing changes the due time and the count of the same row and closes it at the last."""
    simulation = with_timer("R2/P1D", False).run()
    (timer,) = simulation.state.timers.values()
    assert timer.repeat_left == 1
    later = timer.due_at + timedelta(minutes=5)
    result = step(simulation.graph, simulation.state, [TimerFired(timer.id)], now=later, ids=simulation.ids)
    assert RearmTimer(timer.id, timer.due_at + timedelta(days=1), 0) in result.changes
    state = simulation.state.apply(result.changes)
    result = step(simulation.graph, state, [TimerFired(timer.id)], now=later, ids=simulation.ids)
    assert CloseTimer(timer.id) in result.changes


def test_missed_repeats_are_not_made_up_for():
    """After ten days of standstill there is one reminder, and the next is tomorrow at the same hour."""
    simulation = with_timer("R/P1D", False).run()
    (timer,) = simulation.state.timers.values()
    now = NOW + timedelta(days=10, hours=3)
    result = step(simulation.graph, simulation.state, [TimerFired(timer.id)], now=now, ids=simulation.ids)
    assert len(result.effects) == 1
    assert RearmTimer(timer.id, NOW + timedelta(days=11), None) in result.changes


@pytest.mark.parametrize(("value", "hours"), [("PT12H", 12), ("P2D", 48), ("2026-11-24T10:00:00+08:00", 1)])
def test_timer_by_expression(value, hours):
    """A timer may be FEEL that gives a text, or a duration of FEEL."""
    drawing = with_timer("=wait", True)
    for given_value in (value, None):
        variables = {"wait": given_value}
        if given_value is None:
            with pytest.raises(ExpressionFailed) as refused:
                drawing.run(variables=variables)
            assert refused.value.found["expression"] == "=wait"
        else:
            (timer,) = drawing.run(variables=variables).state.timers.values()
            assert timer.due_at == NOW + timedelta(hours=hours)


def test_timer_by_feel_duration():
    """A duration computed by FEEL is a timer."""
    (timer,) = with_timer('=duration("PT6H") * 2', True).run().state.timers.values()
    assert timer.due_at == NOW + timedelta(hours=12)
    (timer,) = with_timer('=duration("P1Y") + duration("P2M")', True).run().state.timers.values()
    assert timer.due_at == datetime(2028, 1, 24, 1, tzinfo=UTC)


def test_intermediate_timer_waits():
    """A timer between two tasks is a place to rest until it is due."""
    drawing = Drawing()
    drawing.start()
    drawing.timer("wait", "P1D")
    drawing.user("a")
    drawing.path("start", "wait", "a")
    simulation = drawing.run()
    assert simulation.at() == {"wait": 1}
    simulation.advance(NOW + timedelta(days=1))
    assert simulation.at() == {"a": 1}
