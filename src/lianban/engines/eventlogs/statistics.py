"""The reference figures of a log: what the indicators must reproduce through the database.

All sums are of integer microseconds, so nothing depends on the order of addition. The duration of a case is
from its first to its last event.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from lianban.engines.eventlogs.logs import LoggedCase

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class LogStatistics:
    """Counts, and durations as exact microseconds.

    ``mean`` and ``median`` are exact rationals; the median of an even number of cases is the mean of the
    middle two.
    """

    cases: int
    events: int
    activities: int
    variants: int
    start: datetime
    end: datetime
    mean: Fraction
    median: Fraction
    longest: int

    def as_dict(self) -> dict[str, Any]:
        """The keys of the published figures, in seconds: ``cases … mean_s, median_s, max_s``.

        Durations are rounded to the millisecond by :func:`milliseconds`.
        """
        return {
            "cases": self.cases,
            "events": self.events,
            "activities": self.activities,
            "variants": self.variants,
            "start": self.start.isoformat(sep=" "),
            "end": self.end.isoformat(sep=" "),
            "mean_s": float(milliseconds(self.mean)),
            "median_s": float(milliseconds(self.median)),
            "max_s": float(milliseconds(Fraction(self.longest))),
        }


def milliseconds(microseconds: Fraction) -> Decimal:
    """Seconds with three decimals from an exact number of microseconds.

    Exactly half a millisecond is rounded down: a duration is not stated longer than it was, and tools that
    compute in binary fractions land a hair below the half.
    """
    return Decimal(ceil(microseconds / 1000 - Fraction(1, 2))).scaleb(-3)


def statistics(cases: Iterable[LoggedCase]) -> LogStatistics | None:
    """The figures of ``cases``, or None when there are none. A case without events does not count."""
    durations: list[int] = []
    activities: set[str] = set()
    variants: set[tuple[str, ...]] = set()
    events = 0
    start = end = None
    for case in cases:
        if not case.events:
            continue
        first, last = case.events[0].occurred_at, case.events[-1].occurred_at
        durations.append((last - first) // _MICROSECOND)
        events += len(case.events)
        variant = case.variant
        variants.add(variant)
        activities.update(variant)
        start = first if start is None else min(start, first)
        end = last if end is None else max(end, last)
    if start is None or end is None:
        return None
    durations.sort()
    count = len(durations)
    return LogStatistics(
        cases=count,
        events=events,
        activities=len(activities),
        variants=len(variants),
        start=start,
        end=end,
        mean=Fraction(sum(durations), count),
        median=Fraction(durations[(count - 1) // 2] + durations[count // 2], 2),
        longest=durations[-1],
    )
