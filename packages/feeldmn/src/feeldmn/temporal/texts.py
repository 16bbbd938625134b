"""The texts of dates, times and durations (XML Schema lexical forms, and `@zone` as FEEL adds it)."""

from __future__ import annotations

import re

from feeldmn.temporal.calendar import MAX_YEAR, month_length
from feeldmn.temporal.durations import NANOS_A_SECOND, DaysTimeDuration, YearsMonthsDuration
from feeldmn.temporal.points import Date, DateTime, Time
from feeldmn.temporal.zones import MAX_OFFSET, Zone

_DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(
    r"(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:(Z|z)|([+-])(\d{2}):(\d{2})(?::(\d{2}))?|@([A-Za-z0-9_+\-/]+))?",
    re.ASCII,
)
_DAYS_TIME = re.compile(
    r"(-?)P(?:(\d+)D)?(?:T(?=\d|\.\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII
)
_YEARS_MONTHS = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_MAX_DIGITS = 40


def make_date(year: int, month: int, day: int) -> Date | None:
    """Return the date, or None when there is no such day."""
    if not (-MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        return None
    return Date(year, month, day)


def make_time(hour: int, minute: int, second: int, nanos: int, zone: Zone | None) -> Time | None:
    """Return the time of day, or None when the clock never shows it."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return None
    return Time((hour * 3600 + minute * 60 + second) * NANOS_A_SECOND + nanos, zone)


def parse_date(text: str) -> Date | None:
    """Read `2017-08-10`; None when it is not a date."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year = int(match[2])
    return make_date(-year if match[1] else year, int(match[3]), int(match[4]))


def parse_time(text: str) -> Time | None:
    """Read `10:15:30.5+08:00` or `10:15:30@Asia/Shanghai`; None when it is not a time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, fraction, utc, sign, off_h, off_m, off_s, name = match.groups()
    zone: Zone | None = None
    if utc:
        zone = Zone(0)
    elif sign:
        offset = int(off_h) * 3600 + int(off_m) * 60 + int(off_s or 0)
        if int(off_m) > 59 or int(off_s or 0) > 59 or offset > MAX_OFFSET:
            return None
        zone = Zone(-offset if sign == "-" else offset)
    elif name:
        zone = Zone.named(name)
        if zone is None:
            return None
    nanos = int((fraction or "0")[:9].ljust(9, "0"))
    return make_time(int(hour), int(minute), int(second), nanos, zone)


def parse_date_time(text: str) -> DateTime | None:
    """Read `2017-08-10T10:15:30+08:00`; 24:00:00 is midnight of the next day; None when it is no moment."""
    day, found, clock = text.partition("T")
    date = parse_date(day)
    if not found or date is None:
        return None
    next_day = clock.startswith("24:00:00")
    time = parse_time("00" + clock[2:] if next_day else clock)
    if time is None or (next_day and time.nanos):
        return None
    return DateTime(Date.of_number(date.number + 1) if next_day else date, time)


def parse_duration(text: str) -> DaysTimeDuration | YearsMonthsDuration | None:
    """Read `P1DT2H` or `P1Y2M`; None when it is neither."""
    if len(text) > 4 * _MAX_DIGITS:
        return None
    match = _YEARS_MONTHS.fullmatch(text)
    if match is not None and (match[2] or match[3]):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonthsDuration(-months if match[1] else months)
    match = _DAYS_TIME.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        return None
    sign, days, hours, minutes, seconds, fraction = match.groups()
    total = int(days or 0) * 86400 + int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    nanos = total * NANOS_A_SECOND + int((fraction or "0")[:9].ljust(9, "0"))
    return DaysTimeDuration(-nanos if sign else nanos)


def parse_at_literal(text: str) -> Date | Time | DateTime | DaysTimeDuration | YearsMonthsDuration | None:
    """Read the text of an at-literal `@"…"`; None when it is no temporal value."""
    return parse_date(text) or parse_date_time(text) or parse_time(text) or parse_duration(text)
