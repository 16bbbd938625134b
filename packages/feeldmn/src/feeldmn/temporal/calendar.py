"""The proleptic Gregorian calendar for any year.

The day count is the algorithm of Howard Hinnant's paper "chrono-compatible low-level date algorithms"; day 0
is 1970-01-01. Python's `datetime.date` ends at the years 1 and 9999, FEEL's dates at ±999,999,999.
"""

from __future__ import annotations

MAX_YEAR = 999_999_999
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Say whether `year` has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Return the number of days of the month."""
    return 29 if month == 2 and is_leap(year) else _MONTH_LENGTHS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Return the days since 1970-01-01."""
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146097 + day_of_era - 719468


def civil(number: int) -> tuple[int, int, int]:
    """Return year, month and day of a day number."""
    number += 719468
    era = number // 146097
    day_of_era = number - era * 146097
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def weekday(number: int) -> int:
    """Return the ISO weekday (1 Monday … 7 Sunday) of a day number."""
    return (number + 3) % 7 + 1


def iso_week(year: int, month: int, day: int) -> int:
    """Return the ISO 8601 week number: week 1 holds the first Thursday of the year."""
    number = day_number(year, month, day)
    thursday = number - weekday(number) + 4
    thursday_year = civil(thursday)[0]
    return (thursday - day_number(thursday_year, 1, 1)) // 7 + 1


def add_months(year: int, month: int, day: int, months: int) -> tuple[int, int, int]:
    """Add months; a day past the end of the new month becomes its last day (XPath `op:add-yearMonthDuration…`)."""
    total = year * 12 + month - 1 + months
    year, month0 = divmod(total, 12)
    return year, month0 + 1, min(day, month_length(year, month0 + 1))
