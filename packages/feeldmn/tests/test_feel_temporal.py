"""Dates, times and durations."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from feeldmn import compile_expression
from feeldmn.temporal import Date, YearsMonthsDuration


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('date("2024-01-31") + duration("P1M")', "2024-02-29"),
        ('date("2024-03-31") - duration("P1M")', "2024-02-29"),
        ('date("2024-02-28") + duration("P2D")', "2024-03-01"),
        ('date("2024-03-01") - date("2024-02-01")', "P29D"),
        ('date and time("2024-02-29T23:30:00") + duration("PT1H")', "2024-03-01T00:30:00"),
        ('date and time("2024-02-29T24:00:00")', "2024-03-01T00:00:00"),
        ('time("23:30:00") + duration("PT1H")', "00:30:00"),
        ('time("10:00:00+08:00") - time("10:00:00Z")', "-PT8H"),
        ('duration("P1Y") * 1.5', "P1Y6M"),
        ('duration("P1D") / 2', "PT12H"),
        ('-duration("PT90M")', "-PT1H30M"),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', "P1Y8M"),
        ('date("999999999-12-31") - duration("P1D")', "999999999-12-30"),
        ('date("-0001-01-01") - duration("P1D")', "-0002-12-31"),
        (
            'date and time("2024-03-31T01:30:00@Europe/Paris") + duration("PT1H")',
            "2024-03-31T03:30:00@Europe/Paris",
        ),
        ('time("10:15:30.123456789")', "10:15:30.123456789"),
    ],
)
def test_arithmetic(source, text):
    """Months follow the calendar, days and hours the clock, zones their daylight saving."""
    assert compile_expression(f"string({source})")() == text


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('@"2024-02-29".year', 2024),
        ('@"2024-02-29".weekday', 4),
        ('@"2024-02-29T10:20:30.5".second', 30.5),
        ('day of year(@"2024-12-31")', 366),
        ('day of week(@"2024-02-29")', "Thursday"),
        ('month of year(@"2024-02-29")', "February"),
        ('week of year(@"2021-01-03")', 53),
        ('@"P1Y14M".years', 2),
        ('@"-PT36H".days', -1),
        ('@"10:00:00@Asia/Shanghai".timezone', "Asia/Shanghai"),
        ('string(@"2024-02-29T10:00:00@Asia/Shanghai".time offset)', "PT8H"),
        ('@"2024-02-29T10:00:00+08:00" = @"2024-02-29T02:00:00Z"', True),
        ('@"2024-02-29T10:00:00" = @"2024-02-29T10:00:00Z"', None),
        ('is(@"2024-02-29T10:00:00+08:00", @"2024-02-29T02:00:00Z")', False),
        ('[@"2024-01-01"..@"2024-12-31"].end', dt.date(2024, 12, 31)),
        ('for d in @"2024-02-28"..@"2024-03-01" return d.day', [28, 29, 1]),
        ('date("2024-02-30")', None),
        ('time("25:00:00")', None),
        ('duration("P1Y1D")', None),
    ],
)
def test_properties_and_functions(feel, source, value):
    """Properties, the calendar's functions, and what is no date."""
    assert feel(source) == value


def test_now_is_the_moment_handed_in():
    """No clock of the machine is read: `now()` and `today()` are what the caller says."""
    moment = dt.datetime(2024, 2, 29, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert compile_expression("now()").evaluate(now=moment).value == moment
    assert compile_expression("today()").evaluate(now=moment).value == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    "value",
    [
        dt.date(2024, 2, 29),
        dt.time(10, 15, 30, 250000),
        dt.time(10, 15, tzinfo=dt.UTC),
        dt.datetime(2024, 2, 29, 10, 15, 30, 1),
        dt.datetime(2024, 2, 29, 10, 15, tzinfo=dt.timezone(dt.timedelta(hours=8))),
        dt.timedelta(days=-3, hours=5, microseconds=7),
        YearsMonthsDuration(14),
    ],
)
def test_values_come_out_as_they_went_in(value):
    """Python's own types go in and come out unchanged."""
    assert compile_expression("x")({"x": value}) == value


def test_values_python_cannot_hold_keep_their_own_type():
    """A year beyond 9999 comes out as the package's date."""
    assert compile_expression('date("12024-02-29")')() == Date(12024, 2, 29)
