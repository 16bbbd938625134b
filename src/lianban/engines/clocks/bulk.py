"""Millions of clocks at once: due dates as columns, and what is due between two dates.

For the sweeps that look at everything (the radar of freezes that lapse next month, the recount after a calendar is
loaded, what-if over a year's matters). The same rules as :mod:`.arithmetic`, on numpy arrays; tests prove that both give
the same dates. Clocks with a history of their own (several pauses, extensions of another unit) are counted one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from .arithmetic import EXACT, MONTHLIKE
from .book import ClockBook
from .calendar import LAST_DAY, Calendar
from .errors import CalendarTooEarly, CalendarTooLate, DateNeedsMoment, NoVersionInForce
from .rules import ClockVersion, Direction, FirstDay, Length, Unit

Dates = npt.NDArray[np.datetime64]  # datetime64[D], legal dates in Asia/Shanghai
Instants = npt.NDArray[np.datetime64]  # datetime64[us], UTC
Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]

# Since 15 September 1991 Shanghai has been eight hours ahead of UTC without summer time; earlier instants would need
# the zone's history and are counted one by one.
_AHEAD = np.timedelta64(8, "h")
_SUMMER_TIME_ENDED = np.datetime64("1991-09-15T00:00:00", "us")
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class ClockColumns:
    """Clocks as columns of one length.

    ``code`` indexes into ``codes``. ``trigger`` is ``datetime64[D]`` (legal dates) or ``datetime64[us]`` (instants in UTC).
    ``not_counted`` are days (working days for a working-day clock) that pauses take out; ``printed_end`` is a date
    or NaT, for periods of effect.
    """

    codes: tuple[str, ...]
    code: npt.NDArray[np.integer[Any]]
    trigger: Dates | Instants
    not_counted: npt.NDArray[np.integer[Any]] | None = None
    printed_end: Dates | None = None


@dataclass(frozen=True)
class DueColumns:
    """The ends, in the order of the clocks: legal dates, instants in UTC, and which are provisional."""

    legal_date: Dates
    at: Instants
    provisional: Flags

    def between(self, first: date, last: date) -> Index:
        """Which clocks end from ``first`` to ``last``, both included, earliest first."""
        chosen = np.flatnonzero(
            (self.legal_date >= np.datetime64(first)) & (self.legal_date <= np.datetime64(last))
        )
        return chosen[np.argsort(self.at[chosen], kind="stable")]


class _Days:
    """The calendar as arrays: one entry a day since its first."""

    def __init__(self, calendar: Calendar) -> None:
        works, is_open = calendar.tables()
        self.first_day = calendar.weekends_from
        self.first = np.datetime64(calendar.weekends_from, "D")
        self.works = np.frombuffer(works, dtype=np.uint8)
        self.before = np.concatenate(([0], np.cumsum(self.works, dtype=np.int64)))
        self.working = np.flatnonzero(self.works)
        self.open_before = np.concatenate(
            ([0], np.cumsum(np.frombuffer(is_open, dtype=np.uint8), dtype=np.int64))
        )

    def index(self, days: Dates) -> Index:
        index = (days - self.first).astype(np.intp)
        if index.size and index.min() < 0:
            raise CalendarTooEarly(day=str(days.min()), first=self.first_day.isoformat())
        if index.size and index.max() >= self.works.size:
            raise CalendarTooLate(day=str(days.max()), last=LAST_DAY.isoformat())
        return index

    def add_working(self, days: Dates, count: npt.NDArray[np.int64] | int) -> Dates:
        """As Calendar.add_working_days; all counts positive or all negative."""
        index = self.index(days)
        ahead = np.asarray(count) > 0
        position = np.where(ahead, self.before[index + 1] - 1, self.before[index]) + count
        if position.size and position.min() < 0:
            raise CalendarTooEarly(day=str(days.min()), first=self.first_day.isoformat())
        if position.size and position.max() >= self.working.size:
            raise CalendarTooLate(day=str(days.max()), last=LAST_DAY.isoformat())
        return self.first + self.working[position].astype("timedelta64[D]")

    def first_working(self, days: Dates) -> Dates:
        index = self.index(days)
        return self.first + self.working[self.before[index]].astype("timedelta64[D]")

    def unsettled(self, first: Dates, last: Dates) -> Flags:
        """Whether any day from ``first`` to ``last`` rests on no published notice."""
        open_days: Flags = self.open_before[self.index(last) + 1] != self.open_before[self.index(first)]
        return open_days


def due_columns(book: ClockBook, clocks: ClockColumns) -> DueColumns:
    """Count all clocks to their ends. Raises as :meth:`.book.ClockBook.due`, for the first that cannot be counted."""
    size = clocks.trigger.shape[0]
    instants = clocks.trigger.dtype != np.dtype("datetime64[D]")
    trigger = clocks.trigger.astype("datetime64[us]") if instants else clocks.trigger
    if instants and size and trigger.min() < _SUMMER_TIME_ENDED:
        raise CalendarTooEarly(day=str(trigger.min()), first=str(_SUMMER_TIME_ENDED))
    day0 = (trigger + _AHEAD).astype("datetime64[D]") if instants else trigger
    days = _Days(book.calendar)
    dates = np.empty(size, dtype="datetime64[D]")
    at = np.empty(size, dtype="datetime64[us]")
    provisional = np.zeros(size, dtype=np.bool_)
    for rows, code, version in _groups(book, clocks, day0):
        length = book.length(code, version)
        backward = book.rule(code).direction is Direction.BEFORE
        if length.unit.is_instant:
            if length.unit is Unit.FIXED:
                at[rows] = _fixed(version, day0[rows])
            elif instants:
                at[rows] = _moments(version, length, trigger[rows], backward)
            else:
                raise DateNeedsMoment(clock=code, day=str(day0[rows][0]))
            dates[rows] = (at[rows] + _AHEAD).astype("datetime64[D]")
            continue
        lost = clocks.not_counted[rows] if clocks.not_counted is not None else 0
        end, unsure = _days_on(days, version, length, day0[rows], backward, lost)
        if clocks.printed_end is not None and book.rule(code).printed_end:
            end = np.fmin(end, clocks.printed_end[rows])
        dates[rows], provisional[rows] = end, unsure
        at[rows] = (end + _DAY).astype("datetime64[us]") - _AHEAD - np.timedelta64(1, "us")
    return DueColumns(dates, at, provisional)


def due_between(book: ClockBook, clocks: ClockColumns, first: date, last: date) -> Index:
    """Which of the clocks end from ``first`` to ``last``, both included, earliest first."""
    return due_columns(book, clocks).between(first, last)


def moved(before: DueColumns, after: DueColumns) -> Index:
    """Which ends of the same clocks differ, or are settled now: the report after a calendar or a setting changed."""
    return np.flatnonzero((before.at != after.at) | (before.provisional != after.provisional))


def columns(codes: Sequence[str], trigger: Dates | Instants, **more: Any) -> ClockColumns:
    """Columns from one code a clock, as text."""
    names, index = np.unique(np.asarray(codes), return_inverse=True)
    return ClockColumns(tuple(str(name) for name in names), index, trigger, **more)


def _groups(book: ClockBook, clocks: ClockColumns, day0: Dates) -> list[tuple[Index, str, ClockVersion]]:
    """Rows that share a code and a version of the law."""
    order = np.argsort(clocks.code, kind="stable")
    bounds = np.searchsorted(clocks.code[order], np.arange(len(clocks.codes) + 1))
    groups = []
    for number, code in enumerate(clocks.codes):
        rows = order[bounds[number] : bounds[number + 1]]
        if not rows.size:
            continue
        left = rows.size
        for version in book.rule(code).versions:
            of_version = rows[_in_force(version, day0[rows])]
            left -= of_version.size
            if of_version.size:
                groups.append((of_version, code, version))
        if left:
            first = book.rule(code).versions[0].id
            raise NoVersionInForce(clock=code, day=str(day0[rows].min()), first=first)
    return groups


def _in_force(version: ClockVersion, day0: Dates) -> Flags:
    flags: Flags = day0 >= np.datetime64(version.from_day)
    if version.to_day is not None:
        flags &= day0 <= np.datetime64(version.to_day)
    return flags


def _days_on(
    days: _Days, version: ClockVersion, length: Length, day0: Dates, backward: bool, lost: Any
) -> tuple[Dates, Flags]:
    count = -length.count if backward else length.count
    unsure = np.zeros(day0.shape[0], dtype=np.bool_)
    if length.unit is Unit.WORKING_DAYS:
        end = days.add_working(day0, count + lost)
        unsure = days.unsettled(np.minimum(day0, end), np.maximum(day0, end))
    elif length.unit in MONTHLIKE:
        end = _months_on(day0, count * MONTHLIKE[length.unit]) + _as_days(lost)
    else:
        end = day0 + np.timedelta64(count, "D") + _as_days(lost)
    if version.rolls:
        rolled = days.first_working(end)
        unsure |= days.unsettled(end, rolled)
        end = rolled
    return end, unsure


def _as_days(count: Any) -> Any:
    return np.asarray(count).astype("timedelta64[D]")


def _months_on(day0: Dates, months: int) -> Dates:
    month = day0.astype("datetime64[M]")
    day_of_month = (day0 - month.astype("datetime64[D]")).astype(np.int64)
    target = month + np.timedelta64(months, "M")
    begins = target.astype("datetime64[D]")
    last = ((target + 1).astype("datetime64[D]") - begins).astype(np.int64) - 1
    return cast(Dates, begins + np.minimum(day_of_month, last).astype("timedelta64[D]"))


def _moments(version: ClockVersion, length: Length, trigger: Instants, backward: bool) -> Instants:
    start = trigger
    if version.first_day is FirstDay.NEXT_HOUR and not backward:
        start = cast(
            Instants, trigger.astype("datetime64[h]").astype("datetime64[us]") + np.timedelta64(1, "h")
        )
    span = np.timedelta64(length.count * EXACT[length.unit])
    return start - span if backward else start + span


def _fixed(version: ClockVersion, day0: Dates) -> Instants:
    assert version.fixed_until is not None
    until = version.fixed_until
    month = day0.astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(until.month - 1, "M")
    day = month.astype("datetime64[D]") + np.timedelta64(until.day - 1, "D")
    wall = day.astype("datetime64[us]") + np.timedelta64(until.hour * 60 + until.minute, "m")
    return cast(Instants, wall - _AHEAD)
