"""Rest days and working days in China, year by year as the State Council publishes them.

A :class:`Calendar` answers three questions in constant time: is this a working day, which day is *n* working
days on, and is the answer settled or only provisional. It is immutable; loading a new year's notice gives a new
calendar, so that two results can be compared.

Source of the rules: 民事诉讼法 (2023) 85 and 民法典 203 (a last day on a statutory rest day moves to the first day
after it; adjusted days count as the notice says). Source of the days: ``data/calendar.toml``.

Days are plain dates in Asia/Shanghai. No wall clock is read.
"""

from __future__ import annotations

import json
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from .errors import BadNoticeFile, CalendarTooEarly, CalendarTooLate

STANDARD_CALENDAR = Path(__file__).parent / "data" / "calendar.toml"
LAST_DAY = date(2100, 12, 31)  # arithmetic stops here: a result beyond it is a typing mistake


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's published arrangement: which days are off, which are worked, and where it was published."""

    year: int
    off: frozenset[date]
    work: frozenset[date]
    names: Mapping[date, str] = field(default_factory=dict)
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """Working days from ``weekends_from`` to :data:`LAST_DAY`.

    ``assumed_off`` are statutory days used for years without a notice; results resting on such years are
    *provisional* (:meth:`settled` is false for the days they touch).
    """

    notices: Mapping[int, Notice]
    assumed_off: frozenset[date]
    weekends_from: date = date(1995, 5, 1)
    notice_reaches_back_days: int = 4

    # --- making one

    @classmethod
    def standard(cls) -> Calendar:
        """The calendar shipped with the package, read once."""
        return _standard()

    @classmethod
    def from_file(cls, path: Path) -> Calendar:
        """Read a calendar in the TOML form of ``data/calendar.toml``."""
        with path.open("rb") as file:
            data = tomllib.load(file)
        notices = {}
        for entry in data["year"]:
            days = entry["days"]
            notices[entry["year"]] = Notice(
                year=entry["year"],
                off=frozenset(day for holiday in days for day in holiday["off"]),
                work=frozenset(day for holiday in days for day in holiday["work"]),
                names={d: holiday["name"] for holiday in days for d in (*holiday["off"], *holiday["work"])},
                papers=tuple(entry["notices"]),
            )
        return cls(
            notices=notices,
            assumed_off=_assumed_days(data["assumed"]["fixed"], data["assumed"]["lunar"], since=min(notices)),
            weekends_from=data["weekends_from"],
            notice_reaches_back_days=data["notice_reaches_back_days"],
        )

    def with_notice(self, notice: Notice) -> Calendar:
        """This calendar with a year added, or replaced where a notice was issued anew (as in January 2020)."""
        return replace(self, notices={**self.notices, notice.year: notice})

    def with_notice_file(self, path: Path) -> Calendar:
        """This calendar with the year in a holiday-cn JSON file added. Raises :class:`BadNoticeFile`."""
        return self.with_notice(read_notice(path))

    def without_years(self, years: Iterable[int]) -> Calendar:
        """This calendar as it was before the notices of ``years`` were published."""
        gone = set(years)
        return replace(self, notices={y: notice for y, notice in self.notices.items() if y not in gone})

    # --- asking it

    @property
    def first_year(self) -> int:
        return min(self.notices)

    @property
    def last_year(self) -> int:
        """The last year whose notice is loaded."""
        return max(self.notices)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on ``day``, by the notice or, where there is none, by assumption."""
        return bool(self._work[self._index(day)])

    def settled(self, day: date) -> bool:
        """Whether a published notice decides ``day``; false means provisional."""
        return not self._open[self._index(day)]

    def all_settled(self, first: date, last: date) -> bool:
        """Whether every day from ``first`` to ``last``, both included, is settled."""
        return self._open_before[self._index(last) + 1] == self._open_before[self._index(first)]

    def holiday_name(self, day: date) -> str | None:
        """The holiday under which a notice names ``day`` (also for make-up workdays)."""
        for year in (day.year, day.year + 1):
            notice = self.notices.get(year)
            if notice and day in notice.names:
                return notice.names[day]
        return None

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it, if negative). ``day`` itself is not counted."""
        before = self._work_before[self._index(day)]
        if count > 0:
            position = before + self._work[self._index(day)] + count - 1
        else:
            position = before + count
        if count == 0:
            return day
        if position < 0:
            raise CalendarTooEarly(day=day.isoformat(), first=self.weekends_from.isoformat())
        if position >= len(self._working_days):
            raise CalendarTooLate(day=day.isoformat(), last=LAST_DAY.isoformat())
        return self._day(self._working_days[position])

    def first_working_day(self, day: date) -> date:
        """``day`` if it is worked, else the first working day after it."""
        index = self._index(day)
        position = bisect_left(self._working_days, index)
        if position == len(self._working_days):
            raise CalendarTooLate(day=day.isoformat(), last=LAST_DAY.isoformat())
        return self._day(self._working_days[position])

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after ``first``, up to and including ``last``."""
        return self._work_before[self._index(last) + 1] - self._work_before[self._index(first) + 1]

    def tables(self) -> tuple[bytes, bytes]:
        """One byte a day from ``weekends_from`` to :data:`LAST_DAY`: worked or not, unsettled or not."""
        return bytes(self._work), bytes(self._open)

    # --- tables, built once: one entry a day since weekends_from

    @cached_property
    def _work(self) -> bytearray:
        return bytearray(self._decide(day) for day in self._days())

    @cached_property
    def _open(self) -> bytearray:
        reach = timedelta(days=self.notice_reaches_back_days)
        return bytearray(
            day.year not in self.notices
            or ((day + reach).year != day.year and day.year + 1 not in self.notices)
            for day in self._days()
        )

    @cached_property
    def _work_before(self) -> list[int]:
        return [0, *accumulate(self._work)]

    @cached_property
    def _open_before(self) -> list[int]:
        return [0, *accumulate(self._open)]

    @cached_property
    def _working_days(self) -> list[int]:
        return [index for index, works in enumerate(self._work) if works]

    def _decide(self, day: date) -> bool:
        for year in (day.year + 1, day.year):  # the later notice may move the last days of the year before
            notice = self.notices.get(year)
            if notice and day in notice.off:
                return False
            if notice and day in notice.work:
                return True
        if day.year not in self.notices and day in self.assumed_off:
            return False
        return day.weekday() < 5

    def _days(self) -> Iterable[date]:
        first = self.weekends_from.toordinal()
        return (date.fromordinal(first + offset) for offset in range(LAST_DAY.toordinal() - first + 1))

    def _day(self, index: int) -> date:
        return date.fromordinal(self.weekends_from.toordinal() + index)

    def _index(self, day: date) -> int:
        if day < self.weekends_from:
            raise CalendarTooEarly(day=day.isoformat(), first=self.weekends_from.isoformat())
        if day > LAST_DAY:
            raise CalendarTooLate(day=day.isoformat(), last=LAST_DAY.isoformat())
        return day.toordinal() - self.weekends_from.toordinal()


def read_notice(path: Path) -> Notice:
    """Read one year in the JSON form of holiday-cn: ``year``, ``papers``, ``days[{name, date, isOffDay}]``.

    An empty list of days means that nothing is published yet, and is refused: loading it would turn a
    provisional year into a settled one without a single holiday.
    """
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        days = [
            (date.fromisoformat(entry["date"]), entry["name"], entry["isOffDay"]) for entry in data["days"]
        ]
        year = int(data["year"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadNoticeFile(path=path.name, problem=f"{type(error).__name__}: {error}") from error
    if not days:
        raise BadNoticeFile(path=path.name, problem=f"{year} 尚未公布 (not published yet)")
    stray = [day for day, _, _ in days if day.year != year and not (day.year == year - 1 and day.month == 12)]
    if stray:
        raise BadNoticeFile(path=path.name, problem=f"{stray[0].isoformat()} ∉ {year}")
    return Notice(
        year=year,
        off=frozenset(day for day, _, is_off in days if is_off),
        work=frozenset(day for day, _, is_off in days if not is_off),
        names={day: name for day, name, _ in days},
        papers=tuple(data.get("papers", ())),
    )


def _assumed_days(fixed: list[str], lunar: list[date], *, since: int) -> frozenset[date]:
    years = range(since, LAST_DAY.year + 1)
    return frozenset(lunar) | {
        date.fromisoformat(f"{year}-{month_day}") for year in years for month_day in fixed
    }


@lru_cache(maxsize=1)
def _standard() -> Calendar:
    return Calendar.from_file(STANDARD_CALENDAR)
