"""Millions at once give the same dates as one by one."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianban.engines import clocks
from lianban.engines.clocks import ClockBook, Unit
from lianban.engines.clocks.bulk import ClockColumns, columns, due_between, due_columns, moved
from lianban.engines.clocks.errors import CalendarTooEarly, CalendarTooLate, DateNeedsMoment, NoVersionInForce

BOOK = ClockBook.standard()
COUNTED = [
    rule.code for rule in BOOK if not rule.versions[-1].needs_length
]  # what only a document can say has no length to count with
BY_DAY = [code for code in COUNTED if not BOOK.rule(code).versions[-1].length.unit.is_instant]

dates = st.dates(min_value=date(1996, 1, 1), max_value=date(2060, 12, 31))


def in_force(code, day):
    """Whether the clock counts days on that day; an older version may count none, or be done at once."""
    try:
        return not BOOK.version(code, day).length.unit.is_instant
    except NoVersionInForce:
        return False


def as_date(value):
    return value.astype("datetime64[D]").astype(object)


def as_instant(value):
    return value.astype("datetime64[us]").astype(object).replace(tzinfo=UTC)


@given(st.lists(st.tuples(st.sampled_from(BY_DAY), dates), min_size=1, max_size=40))
@settings(max_examples=150)
def test_columns_of_dates_agree_with_one_by_one(pairs):
    """Every clock of days, on any day of sixty years: date, instant and provisional mark are the same."""
    pairs = [(code, day) for code, day in pairs if in_force(code, day)]
    if not pairs:
        return
    codes, triggers = zip(*pairs, strict=True)
    found = due_columns(BOOK, columns(codes, np.array(triggers, dtype="datetime64[D]")))
    for row, (code, day) in enumerate(pairs):
        due = BOOK.due(code, day)
        assert as_date(found.legal_date[row]) == due.legal_date, (code, day)
        assert as_instant(found.at[row]) == due.at
        assert bool(found.provisional[row]) == due.provisional


@given(
    st.lists(
        st.tuples(
            st.sampled_from(COUNTED),
            st.datetimes(
                min_value=datetime(2026, 11, 2), max_value=datetime(2059, 1, 1), timezones=st.just(UTC)
            ),
        ),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=150)
def test_columns_of_instants_agree_with_one_by_one(pairs):
    """Clocks of hours, minutes, days and seasons mixed, from instants."""
    codes, triggers = zip(*pairs, strict=True)
    naive = np.array([t.replace(tzinfo=None) for t in triggers], dtype="datetime64[us]")
    found = due_columns(BOOK, columns(codes, naive))
    for row, (code, trigger) in enumerate(pairs):
        due = BOOK.due(code, trigger)
        assert as_instant(found.at[row]) == due.at, (code, trigger)
        assert as_date(found.legal_date[row]) == due.legal_date


@given(st.sampled_from([c for c in BY_DAY if BOOK.rule(c).versions[-1].pauses]), st.integers(0, 200))
def test_columns_days_not_counted_agree_with_a_pause(code, count):
    """Days left out move the end as a pause of that many days does."""
    version = BOOK.rule(code).versions[-1]
    ground = next((p for p in version.pauses if p.tops_up is None), None)
    if ground is None:
        return
    trigger = date(2026, 3, 2)
    clock = clocks.start(BOOK, code, trigger)
    begin = datetime(2026, 3, 3, 4, tzinfo=UTC)
    if version.length.unit is Unit.WORKING_DAYS:
        end_day = BOOK.calendar.add_working_days(date(2026, 3, 3), count)
    else:
        end_day = date(2026, 3, 3) + timedelta(days=count)
    end = datetime(end_day.year, end_day.month, end_day.day, 4, tzinfo=UTC)
    clock = clocks.exclude(BOOK, clock, ground.code, begin, end)
    found = due_columns(
        BOOK, columns([code], np.array([trigger], dtype="datetime64[D]"), not_counted=np.array([count]))
    )
    assert as_date(found.legal_date[0]) == clock.due_on


def test_columns_printed_end_earlier_counts_and_missing_does_not():
    """Printed ends count for periods of effect only, and only where they are earlier."""
    codes = ["enforcement.freeze_deposit"] * 3 + ["enforcement.file_application"]
    triggers = np.array(["2025-10-08"] * 4, dtype="datetime64[D]")
    printed = np.array(["2026-09-30", "2026-12-31", "NaT", "2025-10-09"], dtype="datetime64[D]")
    found = due_columns(BOOK, columns(codes, triggers, printed_end=printed))
    assert found.legal_date.astype(str).tolist() == ["2026-09-30", "2026-10-08", "2026-10-08", "2025-10-15"]


def test_due_between_is_inclusive_and_in_order():
    """What ends from the first day to the last, both included, earliest first, by the index of the clock."""
    codes = ["enforcement.file_application"] * 4
    triggers = np.array(["2026-03-04", "2026-03-02", "2026-03-03", "2026-03-06"], dtype="datetime64[D]")
    found = due_between(BOOK, columns(codes, triggers), date(2026, 3, 9), date(2026, 3, 11))
    assert found.tolist() == [1, 2, 0]
    assert due_between(BOOK, columns(codes, triggers), date(2026, 3, 14), date(2026, 3, 15)).tolist() == []


def test_columns_use_the_deployments_settings():
    """A length the deployment set counts in bulk too."""
    book = BOOK.with_settings({"assistance.answer": 5})
    found = due_columns(book, columns(["assistance.answer"], np.array(["2026-03-02"], dtype="datetime64[D]")))
    assert str(found.legal_date[0]) == "2026-03-09"


def test_moved_reports_what_a_new_calendar_changes():
    """Without the notice of 2026 three clocks are provisional; with it one moves, one is settled, one was settled."""
    codes = ["assistance.answer"] * 3
    triggers = np.array(["2026-02-02", "2026-03-02", "2025-03-03"], dtype="datetime64[D]")
    unknown = BOOK.with_calendar(BOOK.calendar.without_years([2026]))
    before, after = (due_columns(book, columns(codes, triggers)) for book in (unknown, BOOK))
    assert before.provisional.tolist() == [True, True, False]
    assert moved(before, after).tolist() == [0, 1]
    assert before.legal_date[0] != after.legal_date[0]  # make-up Saturday 14 February
    assert before.legal_date[1] == after.legal_date[1]


def test_columns_without_clocks_are_empty():
    """Nothing in, nothing out."""
    empty = np.array([], dtype="datetime64[D]")
    found = due_columns(BOOK, ClockColumns(("assistance.answer",), np.array([], dtype=int), empty))
    assert found.legal_date.size == 0
    assert found.between(date(2026, 1, 1), date(2027, 1, 1)).tolist() == []


def test_columns_refuse_what_one_by_one_refuses():
    """The same errors: no version, hours from dates, days before the calendar, instants of summer time."""

    def count(code, text, kind="datetime64[D]"):
        return due_columns(BOOK, columns([code], np.array([text], dtype=kind)))

    with pytest.raises(NoVersionInForce, match="2026-11-01"):
        count("corrections.prison_handover", "2026-10-31")
    with pytest.raises(DateNeedsMoment):
        count("disputes.protection_order", "2026-03-02")
    with pytest.raises(DateNeedsMoment):  # days today, at once until 2017
        count("enforcement.verify_lead_urgent", "2010-03-02")
    with pytest.raises(CalendarTooEarly):
        count("maritime.penalty_challenge", "1990-01-01")
    with pytest.raises(CalendarTooEarly):
        count("maritime.penalty_challenge", "1990-01-01T00:00", "datetime64[us]")
    with pytest.raises(CalendarTooLate):
        count("assistance.answer", "2100-12-30")
    with pytest.raises(CalendarTooLate):
        count("assistance.answer", "2101-12-30")


def test_a_hundred_thousand_mixed_clocks_spot_checked():
    """A large batch in one go; every thousandth is counted again by itself."""
    rng = np.random.default_rng(20261124)
    size = 100_000
    codes = [code for code in BY_DAY if in_force(code, date(2022, 3, 1))]
    index = rng.integers(0, len(codes), size)
    trigger = np.datetime64("2022-03-01") + rng.integers(0, 1500, size).astype("timedelta64[D]")
    found = due_columns(BOOK, ClockColumns(tuple(codes), index, trigger))
    for row in range(0, size, 1000):
        due = BOOK.due(codes[index[row]], as_date(trigger[row]))
        assert as_date(found.legal_date[row]) == due.legal_date
