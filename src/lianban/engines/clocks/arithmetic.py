"""The counting itself: trigger, rule, calendar → end, with every step on record.

Rules counted here, with their sources: the first day is not counted (民诉法 85, 民法典 201); procedural hours start at
the next full hour (民诉解释 125); months and years end on the corresponding day or the last of the month (民法典 202);
a last day on a rest day moves to the first working day after it, unless the period is one of effect (民诉法 85, 民法典
203). Not counted days push the end back one for one; overlapping grounds count once.

Everything is a pure function of its arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from .calendar import Calendar
from .errors import CalendarTooLate, DateNeedsMoment
from .moments import add_months, end_of_day, in_shanghai, in_utc, legal_date, next_full_hour
from .rules import ClockRule, ClockVersion, Direction, FirstDay, Length, Unit, Words

MONTHLIKE = {Unit.MONTHS: 1, Unit.YEARS: 12}
EXACT = {Unit.AT_ONCE: timedelta(0), Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}


class StepKind(StrEnum):
    START = "start"
    NEXT_HOUR = "next_hour"
    COUNT = "count"
    MONTH_END = "month_end"
    EXTENSION = "extension"
    PAUSE = "pause"
    TOP_UP = "top_up"
    ROLL = "roll"
    FIXED_FROM = "fixed_from"
    FIXED = "fixed"
    PRINTED = "printed"
    PRINTED_TOO_LATE = "printed_too_late"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic: ``result`` is where the count stands after it."""

    kind: StepKind
    result: date | datetime
    length: Length | None = None
    count: int = 0
    name: Words | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time that is not counted, from one instant to another. ``tops_up`` as in :class:`.rules.PauseRule`."""

    start: datetime
    end: datetime
    name: Words
    tops_up: Length | None = None


@dataclass(frozen=True, slots=True)
class Longer:
    """An extension as granted."""

    length: Length
    name: Words


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The result of counting: the legal date, the instant, whether a missing calendar makes it provisional."""

    legal_date: date
    at: datetime
    provisional: bool
    steps: tuple[Step, ...]


def reckon(
    rule: ClockRule,
    version: ClockVersion,
    trigger: datetime | date,
    calendar: Calendar,
    *,
    length: Length | None = None,
    stretches: Sequence[Stretch] = (),
    longer: Sequence[Longer] = (),
    printed_end: date | None = None,
) -> Reckoning:
    """Count one clock to its end."""
    length = length or version.length
    if length.unit is Unit.FIXED:
        return _fixed(version, legal_date(trigger).year)
    if length.unit in EXACT:
        return _exact(rule, version, trigger, length, stretches, longer)
    try:
        return _by_day(rule, version, legal_date(trigger), calendar, length, stretches, longer, printed_end)
    except OverflowError as error:  # date arithmetic past year 9999
        raise CalendarTooLate(day=legal_date(trigger).isoformat(), last=date.max.isoformat()) from error


def _by_day(
    rule: ClockRule,
    version: ClockVersion,
    day0: date,
    calendar: Calendar,
    length: Length,
    stretches: Sequence[Stretch],
    longer: Sequence[Longer],
    printed_end: date | None,
) -> Reckoning:
    steps = [Step(StepKind.START, day0)]
    sign = 1 if rule.direction is Direction.AFTER else -1
    parts = [
        (StepKind.COUNT, length, None),
        *((StepKind.EXTENSION, more.length, more.name) for more in longer),
    ]
    end = _fold(day0, parts, sign, calendar, steps)
    end = _without_stretches(day0, end, length.unit, stretches, calendar, steps)
    provisional = length.unit is Unit.WORKING_DAYS and not calendar.all_settled(*sorted((day0, end)))
    if version.rolls:
        rolled = calendar.first_working_day(end)
        provisional = provisional or not calendar.all_settled(end, rolled)
        if rolled != end:
            steps.append(Step(StepKind.ROLL, rolled, count=(rolled - end).days))
        end = rolled
    if printed_end is not None and rule.printed_end:
        if printed_end <= end:
            end = printed_end
            steps.append(Step(StepKind.PRINTED, end))
        else:
            steps.append(Step(StepKind.PRINTED_TOO_LATE, end))
    return Reckoning(end, end_of_day(end), provisional, tuple(steps))


def _fold(
    day0: date,
    parts: Iterable[tuple[StepKind, Length, Words | None]],
    sign: int,
    calendar: Calendar,
    steps: list[Step],
) -> date:
    """Count the period and then each extension from its end.

    Months that follow months are counted together from the first day: 6 + 6 months from 31 August end on 31
    August, not on the 28th because February lies between.
    """
    base, months, end = day0, 0, day0
    for kind, length, name in parts:
        count = sign * length.count
        if length.unit in MONTHLIKE:
            months += count * MONTHLIKE[length.unit]
            end = add_months(base, months)
            steps.append(Step(kind, end, length, name=name))
            if end.day != base.day:
                steps.append(Step(StepKind.MONTH_END, end, count=base.day))
            continue
        if length.unit is Unit.WORKING_DAYS:
            end = calendar.add_working_days(end, count)
        else:
            end += timedelta(days=count)
        base, months = end, 0
        steps.append(Step(kind, end, length, name=name))
    return end


def _without_stretches(
    day0: date, end: date, unit: Unit, stretches: Sequence[Stretch], calendar: Calendar, steps: list[Step]
) -> date:
    days = [(max(legal_date(s.start), day0), legal_date(s.end)) for s in stretches if s.tops_up is None]
    for first, last in merged(days):
        if unit is Unit.WORKING_DAYS:
            lost = Length(calendar.working_days_between(first, last), Unit.WORKING_DAYS)
            end = calendar.add_working_days(end, lost.count)
        else:
            lost = Length((last - first).days, Unit.DAYS)
            end += timedelta(days=lost.count)
        names = {s.name for s in stretches if legal_date(s.start) <= last and legal_date(s.end) >= first}
        steps.append(Step(StepKind.PAUSE, end, lost, name=_together(names)))
    for stretch in sorted((s for s in stretches if s.tops_up), key=lambda s: (s.end, s.start)):
        end = _topped_up(end, stretch, steps)
    return end


def _topped_up(end: date, stretch: Stretch, steps: list[Step]) -> date:
    """民法典 194: a ground in the last six months of a limitation leaves six months from the day it ends."""
    assert stretch.tops_up is not None
    months = stretch.tops_up.count * MONTHLIKE[stretch.tops_up.unit]
    if legal_date(stretch.end) < add_months(end, -months):
        return end
    later = max(end, add_months(legal_date(stretch.end), months))
    if later != end:
        steps.append(Step(StepKind.TOP_UP, later, stretch.tops_up, name=stretch.name))
    return later


def _exact(
    rule: ClockRule,
    version: ClockVersion,
    trigger: datetime | date,
    length: Length,
    stretches: Sequence[Stretch],
    longer: Sequence[Longer],
) -> Reckoning:
    if not isinstance(trigger, datetime):
        raise DateNeedsMoment(clock=rule.code, day=trigger.isoformat())
    moment = in_utc(trigger)
    steps = [Step(StepKind.START, moment)]
    sign = 1 if rule.direction is Direction.AFTER else -1
    if version.first_day is FirstDay.NEXT_HOUR and sign > 0 and length.unit is Unit.HOURS:
        moment = next_full_hour(moment)
        steps.append(Step(StepKind.NEXT_HOUR, moment))
    start = moment
    moment += sign * length.count * EXACT[length.unit]
    steps.append(Step(StepKind.COUNT, moment, length))
    for more in longer:
        moment += more.length.count * (EXACT.get(more.length.unit) or timedelta(days=1))
        steps.append(Step(StepKind.EXTENSION, moment, more.length, name=more.name))
    spans = [(max(s.start, start), s.end) for s in stretches]
    for first, last in merged(spans):
        moment += last - first
        minutes = int((last - first).total_seconds() // 60)
        names = {s.name for s in stretches if s.start <= last and s.end >= first}
        steps.append(
            Step(StepKind.PAUSE, moment, Length(max(minutes, 0), Unit.MINUTES), name=_together(names))
        )
    return Reckoning(legal_date(moment), moment, provisional=False, steps=tuple(steps))


def _fixed(version: ClockVersion, year: int) -> Reckoning:
    assert version.fixed_from is not None
    assert version.fixed_until is not None
    begin, end = (in_shanghai(moment.in_year(year)) for moment in (version.fixed_from, version.fixed_until))
    return Reckoning(
        legal_date(end),
        end,
        provisional=False,
        steps=(Step(StepKind.FIXED_FROM, begin), Step(StepKind.FIXED, end)),
    )


def merged(spans: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The union of spans, in order, empty ones dropped: days that two grounds cover are not counted once, not twice."""
    union: list[tuple[Any, Any]] = []
    for first, last in sorted(span for span in spans if span[0] < span[1]):
        if union and first <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], last))
        else:
            union.append((first, last))
    return union


def _together(names: set[Words]) -> Words:
    ordered = sorted(names, key=lambda words: words.en)
    return Words("、".join(w.zh for w in ordered), ", ".join(w.en for w in ordered))
