"""When a timer is due: ISO 8601 as drawn in the editors, or the clock of a scene.

Accepted texts (BPMN 2.0 ``timeDuration``, ``timeDate``, ``timeCycle``; ISO 8601):

==========================  ======================================================================
``PT24H``, ``P3D``, ``P1M``   after that long
``2026-12-01T09:00:00+08:00`` at that instant; without an offset it is Beijing time
``R/PT24H``, ``R3/P1D``       again and again, or three times, the first after one period
``R2/<start>/P1D``            the first at the start (an instant or a clock), then every period
``clock:assistance.answer``   when that clock of the scene ends
``clock:KEY-P1D``, ``+PT2H``, ``+3WD``  so long before or after it; ``WD`` are working days
==========================  ======================================================================

A day, month or year is a calendar one in Beijing time (UTC+8; there has been no summer time since 1991),
the corresponding day being the last of a shorter month. Clocks are not computed here: the engine asks the
``due`` function it is handed, which knows the matter's clocks and the published rest days.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TypeAlias

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:\.(\d{1,6}))?S)?)?"
)
_CYCLE = re.compile(r"R(\d{0,6})/(?:(?!P)(?P<start>.+)/)?(?P<period>P[^/]+)")
_CLOCK = re.compile(r"clock:(?P<key>\w+(?:\.\w+)*)(?P<offset>[+-](?:\d{1,4}WD|P.+))?")


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of ISO 8601: months and days of the calendar, seconds exact."""

    months: int = 0
    days: int = 0
    seconds: float = 0
    sign: int = 1

    def after(self, moment: datetime) -> datetime:
        """``moment`` plus this span (minus it when ``sign`` is -1)."""
        if self.months:
            local = moment.astimezone(BEIJING)
            total = local.year * 12 + local.month - 1 + self.sign * self.months
            year, month = divmod(total, 12)
            day = min(local.day, monthrange(year, month + 1)[1])
            moment = local.replace(year=year, month=month + 1, day=day).astimezone(moment.tzinfo)
        return moment + self.sign * timedelta(days=self.days, seconds=self.seconds)

    @property
    def is_zero(self) -> bool:
        return not (self.months or self.days or self.seconds)


@dataclass(frozen=True, slots=True)
class TimerSpec:
    """A timer text, read. Exactly one of ``date``, ``clock`` and ``duration`` says when it is first due.

    ``period`` and ``repeats`` belong to cycles: ``repeats`` is how often in all, ``None`` without end.
    ``clock_offset`` is a :class:`Duration`; ``working_days`` is a signed number of working days.
    """

    text: str
    duration: Duration | None = None
    date: datetime | None = None
    clock: str | None = None
    clock_offset: Duration | None = None
    working_days: int = 0
    period: Duration | None = None
    repeats: int | None = 1

    @property
    def repeat_left(self) -> int | None:
        """What a fresh :class:`TimerRow` stores: firings after the first."""
        return None if self.repeats is None else self.repeats - 1


DueFunction: TypeAlias = Callable[[TimerSpec, datetime], datetime]


class NotATimer(ValueError):
    """The text is none of the accepted forms. Internal: callers say where it was found."""


@lru_cache(maxsize=4096)
def timer_spec(text: str) -> TimerSpec:
    """Read a timer text; raises :class:`NotATimer`."""
    text = text.strip()
    if text.startswith("P"):
        return TimerSpec(text, duration=_duration(text))
    if text.startswith("R"):
        found = _CYCLE.fullmatch(text)
        if found is None:
            raise NotATimer(text)
        repeats = int(found[1]) if found[1] else None
        period = _duration(found["period"])
        if repeats == 0 or (period.is_zero and repeats is None):
            raise NotATimer(text)
        start = _start(found["start"]) if found["start"] else TimerSpec(text, duration=period)
        return TimerSpec(
            text,
            start.duration,
            start.date,
            start.clock,
            start.clock_offset,
            start.working_days,
            period,
            repeats,
        )
    return _start(text)


def _start(text: str) -> TimerSpec:
    if text.startswith("clock:"):
        found = _CLOCK.fullmatch(text)
        if found is None:
            raise NotATimer(text)
        offset = found["offset"]
        if offset is None:
            return TimerSpec(text, clock=found["key"])
        sign = -1 if offset[0] == "-" else 1
        if offset.endswith("WD"):
            return TimerSpec(text, clock=found["key"], working_days=sign * int(offset[1:-2]))
        span = _duration(offset[1:])
        return TimerSpec(
            text, clock=found["key"], clock_offset=Duration(span.months, span.days, span.seconds, sign)
        )
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise NotATimer(text) from None
    return TimerSpec(text, date=date if date.tzinfo else date.replace(tzinfo=BEIJING))


def _duration(text: str) -> Duration:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise NotATimer(text)
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[:7])
    fraction = float(f"0.{found[8]}") if found[8] else 0
    return Duration(years * 12 + months, weeks * 7 + days, hours * 3600 + minutes * 60 + seconds + fraction)


def first_due(spec: TimerSpec, now: datetime, clock_due: DueFunction) -> datetime:
    """When the timer is first due. ``clock_due(spec, now)`` answers for clocks, offset included."""
    if spec.clock is not None:
        return clock_due(spec, now)
    if spec.date is not None:
        return spec.date
    assert spec.duration is not None
    return spec.duration.after(now)


def next_due(spec: TimerSpec, last_due: datetime, now: datetime) -> datetime:
    """When a repeating timer is due again: the next of its series after ``now``.

    The series does not drift with the moment a worker got round to firing. Instants missed while the
    system stood still are not made up for, so that nobody gets twenty reminders on a Monday morning.
    """
    period = spec.period
    assert period is not None
    due = period.after(last_due)
    if due <= now and not period.months and not period.is_zero:
        length = timedelta(days=period.days, seconds=period.seconds)
        due += ((now - due) // length + 1) * length
    while due <= now and not period.is_zero:
        due = period.after(due)
    return due
