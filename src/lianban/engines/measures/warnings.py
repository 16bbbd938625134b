"""Who is told, and on which day: warnings that reach a person at work before the measure lapses.

A warning at a desk where nobody sits is no warning. It is given on a working day to the officer, in her absence to the
deputy, then to the head of division; if all three are away, on the working day before. Columns of numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from lianban.engines.clocks import Calendar

Dates = npt.NDArray[np.datetime64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

NOBODY = -1


@dataclass(frozen=True)
class Roster:
    """Who is at work on which day, from ``first`` on.

    ``works``: is the day a working day; ``away[person, day]``: on leave. ``deputy`` and ``head`` are the people asked next.
    """

    first: np.datetime64
    works: Flags
    away: Flags
    deputy: Whole
    head: Whole

    @classmethod
    def of(
        cls, calendar: Calendar, first: date, last: date, leaves: list[tuple[int, date, date]],
        deputy: Whole, head: Whole,
    ) -> Roster:  # fmt: skip
        """A roster from the calendar and leaves as (person, first day, last day)."""
        size = (last - first).days + 1
        days = [date.fromordinal(first.toordinal() + n) for n in range(size)]
        works = np.array([calendar.is_working_day(day) for day in days], dtype=np.bool_)
        away = np.zeros((deputy.shape[0], size), dtype=np.bool_)
        for person, begin, end in leaves:
            away[person, max((begin - first).days, 0) : max((end - first).days + 1, 0)] = True
        return cls(np.datetime64(first), works, away, deputy, head)

    def present(self, person: Whole, index: Whole) -> Flags:
        """Whether each person is at work on each day, given as days since ``first``."""
        flags: Flags = self.works[index] & ~self.away[person, index]
        return flags


def deliver(roster: Roster, ends_on: Dates, officer: Whole, days_before: int) -> tuple[Dates, Whole]:
    """The day of each warning T−``days_before`` and who gets it.

    Never later than that day; back to the beginning of the roster if need be (``NOBODY`` and NaT where even that fails).
    """
    index = (ends_on - np.timedelta64(days_before, "D") - roster.first).astype(np.int64)
    index = np.minimum(index, roster.works.shape[0] - 1)
    day = np.full(ends_on.shape[0], np.datetime64("NaT"), dtype="datetime64[D]")
    person = np.full(ends_on.shape[0], NOBODY, dtype=np.int64)
    open_rows = np.flatnonzero(index >= 0)
    while open_rows.size:
        at, whom = index[open_rows], officer[open_rows]
        for asked in (whom, roster.deputy[whom], roster.head[whom]):
            here = (person[open_rows] == NOBODY) & roster.present(asked, at)
            person[open_rows[here]] = asked[here]
            day[open_rows[here]] = roster.first + at[here].astype("timedelta64[D]")
        open_rows = open_rows[person[open_rows] == NOBODY]
        index[open_rows] -= 1
        open_rows = open_rows[index[open_rows] >= 0]
    return day, person
