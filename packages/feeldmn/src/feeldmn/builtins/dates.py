"""Built-in functions on dates and times."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from feeldmn.builtins.registry import built_in
from feeldmn.comparison import equal
from feeldmn.conversion import now_value
from feeldmn.runtime import FeelNull
from feeldmn.temporal import Date, DateTime, Time, YearsMonthsDuration
from feeldmn.temporal.calendar import day_number, iso_week

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _day(value: Date | DateTime) -> Date:
    return value.date if type(value) is DateTime else value  # type: ignore[return-value]


@built_in("day of year", "date: date | date and time", "number")
def _day_of_year(_: Any, value: Any) -> Decimal:
    """Return the number of the day in its year."""
    day = _day(value)
    return Decimal(day.number - day_number(day.year, 1, 1) + 1)


@built_in("day of week", "date: date | date and time", "string")
def _day_of_week(_: Any, value: Any) -> str:
    """Return the English name of the weekday."""
    return _DAYS[_day(value).weekday - 1]


@built_in("month of year", "date: date | date and time", "string")
def _month_of_year(_: Any, value: Any) -> str:
    """Return the English name of the month."""
    return _MONTHS[_day(value).month - 1]


@built_in("week of year", "date: date | date and time", "number")
def _week_of_year(_: Any, value: Any) -> Decimal:
    """Return the number of the ISO 8601 week."""
    day = _day(value)
    return Decimal(iso_week(day.year, day.month, day.day))


@built_in("now", "", "date and time")
def _now(runtime: Any) -> DateTime:
    """Return the moment the evaluation was given as `now`."""
    if runtime.now is None:
        raise FeelNull("feel.now", "the evaluation was given no present moment: hand in now=…")
    return now_value(runtime.now)


@built_in("today", "", "date")
def _today(runtime: Any) -> Date:
    """Return the day of the moment the evaluation was given as `now`."""
    return _now(runtime).date


@built_in("is", "value1?: any, value2?: any", "boolean")
def _is(_: Any, left: Any, right: Any) -> bool:
    """Say whether two values are the same element of the semantic domain: kind, value and time zone."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (Time, DateTime)):
        return bool(left == right)
    return equal(left, right) is True


@built_in(
    "years and months duration",
    "from: date | date and time, to: date | date and time",
    "years and months duration",
)
def _years_and_months(_: Any, start: Any, end: Any) -> YearsMonthsDuration:
    """Return the whole months between two dates."""
    first, last = _day(start), _day(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonthsDuration(months)
