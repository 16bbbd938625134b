"""Instants and legal dates.

An instant is an aware ``datetime``; it is kept and returned in UTC. A legal date is a plain ``date`` in
Asia/Shanghai. The last day of a period ends at 24:00 (民法典 203); :func:`end_of_day` gives the last microsecond
before it, so that its Shanghai date is the legal date and ``now > due`` means late.
"""

from __future__ import annotations

import calendar as month_lengths
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .errors import CalendarTooLate, MomentWithoutZone

SHANGHAI = ZoneInfo("Asia/Shanghai")
_LAST_MOMENT = time(23, 59, 59, 999_999)


def in_utc(moment: datetime) -> datetime:
    """The instant in UTC. Raises :class:`MomentWithoutZone` for a naive one: guessing a zone would move a date."""
    if moment.tzinfo is None:
        raise MomentWithoutZone(moment=moment.isoformat())
    return moment.astimezone(UTC)


def legal_date(moment: datetime | date) -> date:
    """The date in Asia/Shanghai on which an instant falls; a date stays what it is."""
    if isinstance(moment, datetime):
        return in_utc(moment).astimezone(SHANGHAI).date()
    return moment


def end_of_day(day: date) -> datetime:
    """The last microsecond of a legal date, in UTC."""
    return datetime.combine(day, _LAST_MOMENT, SHANGHAI).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """Midnight at which a legal date begins, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def in_shanghai(day_and_time: datetime) -> datetime:
    """A wall time of Shanghai, as an instant in UTC."""
    return day_and_time.replace(tzinfo=SHANGHAI).astimezone(UTC)


def next_full_hour(moment: datetime) -> datetime:
    """次时: the hour in which the trigger falls is not counted, so counting starts at the next full hour.

    A trigger at exactly 09:00 falls in the hour that begins at 09:00; counting starts at 10:00.
    """
    whole = in_utc(moment).replace(minute=0, second=0, microsecond=0)
    return whole + timedelta(hours=1)


def add_months(day: date, months: int) -> date:
    """The corresponding day ``months`` later (earlier, if negative), else the last day of that month (民法典 202)."""
    index = day.year * 12 + (day.month - 1) + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        raise CalendarTooLate(day=day.isoformat(), last=date.max.isoformat())
    last = month_lengths.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
