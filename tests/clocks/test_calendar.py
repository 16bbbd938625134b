"""The calendar against every published day, and what it says where nothing is published."""

import csv
import json
from datetime import date, timedelta

import chinese_calendar
import pytest

from lianban.engines.clocks import Calendar
from lianban.engines.clocks.calendar import read_notice
from lianban.engines.clocks.errors import BadNoticeFile, CalendarTooEarly, CalendarTooLate

CALENDAR = Calendar.standard()


def every_day(first: date, last: date):
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def test_every_day_of_2004_to_2026_agrees_with_chinesecalendar():
    """Our data and the chinesecalendar package say the same on all 8,401 published days."""
    days = list(every_day(date(2004, 1, 1), date(2026, 12, 31)))
    assert len(days) == 8401
    assert [d for d in days if CALENDAR.is_working_day(d) != chinese_calendar.is_workday(d)] == []


@pytest.mark.data
def test_day_matrix_2020_to_2026_is_reproduced_and_2027_is_provisional(real_inputs):
    """The matrix on which three sources agree is reproduced on all its published days; no later day is settled."""
    with (real_inputs / "holidays" / "workday_matrix_2020_2027.csv").open(encoding="utf-8") as file:
        rows = [(date.fromisoformat(row["date"]), row["holiday_cn"]) for row in csv.DictReader(file)]
    published = [(day, says == "True") for day, says in rows if says]
    assert len(published) == 2557
    assert [day for day, works in published if CALENDAR.is_working_day(day) != works] == []
    assert not any(CALENDAR.settled(day) for day, says in rows if not says)


@pytest.mark.data
def test_every_holiday_cn_file_reads_as_the_notice_we_ship(real_inputs):
    """Each published year read from its JSON file equals the notice in our data."""
    for year in range(2007, 2027):
        read = read_notice(real_inputs / "holidays" / "holiday-cn" / f"{year}.json")
        assert (read.off, read.work) == (CALENDAR.notices[year].off, CALENDAR.notices[year].work), year


@pytest.mark.data
def test_read_notice_year_not_published_is_refused(real_inputs):
    """An empty year must not turn a provisional year into one without holidays."""
    with pytest.raises(BadNoticeFile, match="not published"):
        CALENDAR.with_notice_file(real_inputs / "holidays" / "holiday-cn" / "2027.json")


def test_read_notice_damaged_files_name_the_problem(tmp_path):
    """Broken JSON, missing fields and days of another year are refused by name."""
    bad = {
        "broken.json": "{",
        "fields.json": json.dumps({"year": 2027, "days": [{"date": "2027-01-01"}]}),
        "stray.json": json.dumps(
            {"year": 2027, "days": [{"name": "元旦", "date": "2029-01-01", "isOffDay": True}]}
        ),
    }
    for name, text in bad.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(BadNoticeFile, match=name):
            read_notice(tmp_path / name)


def test_last_days_of_the_last_published_year_are_provisional():
    """New year's notices have reached back to 29 December, so those days wait for the next notice."""
    assert CALENDAR.settled(date(2026, 12, 27))
    assert not CALENDAR.settled(date(2026, 12, 28))
    assert CALENDAR.settled(date(2025, 12, 31))


def test_notices_never_reached_back_further_than_the_data_says():
    """The reach of four days covers every notice since 2007."""
    earliest = [
        (date(notice.year, 1, 1) - min(notice.off | notice.work)).days for notice in CALENDAR.notices.values()
    ]
    assert max(earliest) == 3
    assert max(earliest) <= CALENDAR.notice_reaches_back_days


def test_with_notice_makes_a_year_settled_and_leaves_the_old_calendar_alone(tmp_path):
    """Loading 2027 settles it and the last days of 2026, in the new calendar only."""
    path = tmp_path / "2027.json"
    days = [
        {"name": "元旦", "date": "2026-12-31", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-03", "isOffDay": False},
    ]
    path.write_text(json.dumps({"year": 2027, "papers": ["x"], "days": days}), encoding="utf-8")
    loaded = CALENDAR.with_notice_file(path)
    assert loaded.settled(date(2026, 12, 31))
    assert not loaded.is_working_day(date(2026, 12, 31))
    assert loaded.is_working_day(date(2027, 1, 3))
    assert loaded.holiday_name(date(2027, 1, 3)) == "元旦"
    assert not CALENDAR.settled(date(2027, 1, 3))
    assert CALENDAR.last_year == 2026


def test_unpublished_year_assumes_weekends_and_statutory_days():
    """Spring Festival of 2027 (6 February) is assumed off although it is not published, and marked so."""
    assert not CALENDAR.is_working_day(date(2027, 2, 8))
    assert CALENDAR.is_working_day(date(2027, 2, 9))
    assert not CALENDAR.is_working_day(date(2027, 10, 1))
    assert not CALENDAR.settled(date(2027, 2, 9))


def test_before_2004_weekends_only_and_not_settled():
    """2003 has no notice in the data: weekends count, and the answer is not called settled."""
    assert CALENDAR.is_working_day(date(2003, 12, 31))
    assert not CALENDAR.is_working_day(date(2003, 12, 27))
    assert not CALENDAR.settled(date(2003, 12, 26))


def test_before_the_five_day_week_and_past_2100_are_refused():
    """Where rest days cannot be known, there is an error and no guess."""
    with pytest.raises(CalendarTooEarly, match="1995-05-01"):
        CALENDAR.is_working_day(date(1995, 4, 30))
    with pytest.raises(CalendarTooLate):
        CALENDAR.first_working_day(date(2101, 1, 1))
    with pytest.raises(CalendarTooEarly):
        CALENDAR.add_working_days(date(1995, 5, 2), -5)
    with pytest.raises(CalendarTooLate):
        CALENDAR.add_working_days(date(2100, 12, 30), 5)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # across the October holiday
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday made a workday
        (date(2026, 10, 3), 1, date(2026, 10, 8)),  # from a rest day
        (date(2026, 10, 8), -1, date(2026, 9, 30)),  # backwards
        (date(2026, 10, 4), -1, date(2026, 9, 30)),  # backwards from a rest day
        (date(2026, 10, 8), 0, date(2026, 10, 8)),
        (date(2020, 1, 23), 1, date(2020, 2, 3)),  # the lengthened Spring Festival of 2020
    ],
)
def test_add_working_days_edges(day, count, expected):
    """Counting goes round holidays and uses make-up workdays, forwards and backwards."""
    assert CALENDAR.add_working_days(day, count) == expected
