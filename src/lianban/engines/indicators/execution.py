"""The Python executor: a definition over rows of facts. The reference for :mod:`.compilation`.

Slow and plain on purpose. Both executors must agree on every figure and every list, which a property test
shows against PostgreSQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lianban.engines.indicators.definitions import (
    Aggregate,
    Censoring,
    Condition,
    Duration,
    Indicator,
    Measure,
    Op,
    Part,
    Share,
)
from lianban.engines.indicators.errors import BadScope, NotThisGroup, NotThisPart
from lianban.engines.indicators.facts import MATTER_COLUMN, Facts
from lianban.engines.indicators.figures import Figure, median_survival
from lianban.engines.indicators.scope import EVERYTHING, Scope

Row = Mapping[str, Any]
_MICROSECOND = timedelta(microseconds=1)


def evaluate(indicator: Indicator, facts: Facts, scope: Scope = EVERYTHING) -> Figure:
    """The indicator's figure over ``facts``."""
    return _figure(indicator, list(_population(indicator, facts, scope)))


def evaluate_by(
    indicator: Indicator,
    facts: Facts,
    by: str,
    scope: Scope = EVERYTHING,
) -> dict[str | None, Figure]:
    """One figure for each value of the column ``by``, which the definition must allow."""
    check_group(indicator, by)
    groups: dict[str | None, list[_Member]] = {}
    for member in _population(indicator, facts, scope):
        groups.setdefault(member.row.get(by), []).append(member)
    return {group: _figure(indicator, members) for group, members in groups.items()}


def matters_behind(
    indicator: Indicator,
    facts: Facts,
    scope: Scope = EVERYTHING,
    part: Part | None = None,
) -> list[UUID]:
    """The matters of one part (default: what the definition opens), in the order of their ids."""
    part = check_part(indicator, part)
    return sorted(_matters(indicator, list(_population(indicator, facts, scope)), part))


def check_part(indicator: Indicator, part: Part | None) -> Part:
    """``part``, or the definition's own; :class:`NotThisPart` if the indicator has no such list."""
    part = part or indicator.opens
    if part not in indicator.parts:
        raise NotThisPart(indicator=indicator.code, part=part, known=", ".join(indicator.parts))
    return part


def check_group(indicator: Indicator, by: str) -> None:
    """:class:`NotThisGroup` unless the definition allows a breakdown by this column."""
    if by not in indicator.by:
        raise NotThisGroup(indicator=indicator.code, by=by, known=", ".join(indicator.by) or "-")


def check_scope(indicator: Indicator, scope: Scope) -> None:
    """:class:`BadScope` when the definition needs an instant of counting and the scope has none."""
    if (
        indicator.value is not None
        and indicator.value.censoring is Censoring.KAPLAN_MEIER
        and scope.as_of is None
    ):
        raise BadScope(
            problem_zh="kaplan_meier 需要统计时点 as_of",
            problem_en="kaplan_meier needs as_of, the instant of counting",
        )


def holds(condition: Condition, row: Row) -> bool:
    """Whether the row fulfils the condition. A comparison with an absent value never holds."""
    found = row.get(condition.field)
    if condition.op is Op.ABSENT:
        return found is None
    if condition.op is Op.PRESENT:
        return found is not None
    wanted = condition.value
    if condition.other is not None:
        wanted = row.get(condition.other)
        if wanted is not None and condition.plus:
            wanted += condition.plus * _MICROSECOND
    if found is None or wanted is None:
        return False
    return bool(_COMPARE[condition.op](found, wanted))


_COMPARE = {
    Op.EQ: lambda found, wanted: found == wanted,
    Op.NE: lambda found, wanted: found != wanted,
    Op.LT: lambda found, wanted: found < wanted,
    Op.LE: lambda found, wanted: found <= wanted,
    Op.GT: lambda found, wanted: found > wanted,
    Op.GE: lambda found, wanted: found >= wanted,
    Op.IN: lambda found, wanted: found in wanted,
    Op.NOT_IN: lambda found, wanted: found not in wanted,
}


@dataclass(frozen=True, slots=True)
class _Member:
    """A row of the population: ``length`` in microseconds if its duration ended, or so far if it is open."""

    row: Row
    matter: UUID
    excluded: bool
    length: int | None
    open: bool


def _population(indicator: Indicator, facts: Facts, scope: Scope) -> Iterator[_Member]:
    check_scope(indicator, scope)
    column = MATTER_COLUMN[indicator.of]
    duration = _duration(indicator)
    for row in facts.of(indicator.of):
        if scope.scene is not None and row.get("scene") != scope.scene:
            continue
        if not all(holds(condition, row) for condition in (*indicator.where, *scope.also)):
            continue
        length, ended, is_open = _lapse(duration, row, scope)
        if not _in_period(indicator, row, scope, ended, is_open):
            continue
        excluded = any(all(holds(c, row) for c in exclusion.when) for exclusion in indicator.exclusions)
        yield _Member(row, row[column], excluded, length, is_open)


def _duration(indicator: Indicator) -> Duration | None:
    """The row-wise duration that the value measures, which decides what is open."""
    if indicator.value is None or indicator.value.duration is None or indicator.value.duration.per_matter:
        return None
    return indicator.value.duration


def _lapse(duration: Duration | None, row: Row, scope: Scope) -> tuple[int | None, bool, bool]:
    if duration is None:
        return None, False, False
    start, end = row.get(duration.start), row.get(duration.end)
    if start is None:
        return None, False, False
    if end is not None and (scope.as_of is None or end <= scope.as_of):
        return (end - start) // _MICROSECOND, True, False
    if scope.as_of is None:
        return None, False, True
    if start > scope.as_of:
        return None, False, False
    return (scope.as_of - start) // _MICROSECOND, False, True


def _in_period(indicator: Indicator, row: Row, scope: Scope, ended: bool, is_open: bool) -> bool:
    if indicator.period is None or not scope.has_period:
        return True
    duration = _duration(indicator)
    if duration is not None and duration.end == indicator.period:
        if is_open:
            return scope.end is None or row[duration.start] < scope.end
        return ended and _between(row[duration.end], scope)
    return _between(row.get(indicator.period), scope)


def _between(instant: datetime | None, scope: Scope) -> bool:
    if instant is None:
        return False
    return (scope.start is None or instant >= scope.start) and (scope.end is None or instant < scope.end)


def _figure(indicator: Indicator, members: Sequence[_Member]) -> Figure:
    kept = [member for member in members if not member.excluded]
    if indicator.value is None:
        whole, part = _shares(indicator, kept)
        numerator, denominator, rows = (
            _added(indicator.numerator, part),
            _added(indicator.denominator, whole),
            len(whole),
        )
    else:
        numerator, denominator, rows = _value(indicator.value, kept)
    return Figure(
        indicator,
        numerator,
        denominator,
        rows,
        matters=len(_matters(indicator, members, indicator.opens)),
        open=sum(member.open for member in kept),
        excluded=len(members) - len(kept),
    )


def _shares(indicator: Indicator, kept: Sequence[_Member]) -> tuple[list[_Member], list[_Member]]:
    """The rows of the denominator, and those of them that are in the numerator."""
    assert indicator.numerator is not None
    assert indicator.denominator is not None
    whole = [m for m in kept if all(holds(c, m.row) for c in indicator.denominator.where)]
    return whole, [m for m in whole if all(holds(c, m.row) for c in indicator.numerator.where)]


def _added(share: Share | None, members: Sequence[_Member]) -> int:
    assert share is not None
    if share.measure.aggregate is Aggregate.COUNT:
        return len(members)
    values = [value for m in members if (value := m.row.get(share.measure.field or "")) is not None]
    return len(set(values)) if share.measure.aggregate is Aggregate.DISTINCT else sum(values)


def _value(measure: Measure, kept: Sequence[_Member]) -> tuple[int, int, int]:
    """Numerator, denominator and how many entered."""
    values = [value for _, value in _counted(measure, kept)]
    count = len(values)
    if measure.aggregate is Aggregate.COUNT:
        return count, 1, count
    if measure.aggregate in (Aggregate.DISTINCT, Aggregate.VARIANTS):
        return len(set(values)), 1, count
    if measure.aggregate is Aggregate.SUM:
        return sum(values), 1, count
    if measure.censoring is Censoring.KAPLAN_MEIER:
        median = median_survival(_steps(kept))
        return (0, 0, count) if median is None else (median, 1, count)
    if not values:
        return 0, 0, 0
    if measure.aggregate is Aggregate.MEAN:
        return sum(values), count, count
    values.sort()
    if measure.aggregate is Aggregate.MEDIAN:
        middle = values[(count - 1) // 2 : count // 2 + 1]
        return sum(middle), len(middle), count
    return values[0 if measure.aggregate is Aggregate.MIN else -1], 1, count


def _counted(measure: Measure, kept: Sequence[_Member]) -> list[tuple[UUID, Any]]:
    """What enters the number: (matter, value), one for each row, or for each matter where it is per matter."""
    if measure.aggregate is Aggregate.VARIANTS or (
        measure.duration is not None and measure.duration.per_matter
    ):
        by_matter: dict[UUID, list[Row]] = {}
        for member in kept:
            by_matter.setdefault(member.matter, []).append(member.row)
        return [(matter, _of_matter(measure, rows)) for matter, rows in by_matter.items()]
    if measure.duration is not None:
        return [(m.matter, m.length) for m in kept if m.length is not None and not m.open]
    if measure.field is not None:
        return [(m.matter, value) for m in kept if (value := m.row.get(measure.field)) is not None]
    return [(m.matter, 1) for m in kept]


def _of_matter(measure: Measure, rows: Sequence[Row]) -> Any:
    if measure.aggregate is Aggregate.VARIANTS:
        ordered = sorted(rows, key=lambda row: (row["occurred_at"], row["seq"]))
        return tuple(row["activity"] for row in ordered)
    instants = [row["occurred_at"] for row in rows]
    return (max(instants) - min(instants)) // _MICROSECOND


def _steps(kept: Sequence[_Member]) -> list[tuple[int, int, int]]:
    """Times at which something ended, how many ended then, and how many were at risk just before."""
    lengths = [(m.length, m.open) for m in kept if m.length is not None]
    ended = Counter(length for length, is_open in lengths if not is_open)
    return [(time, ended[time], sum(1 for length, _ in lengths if length >= time)) for time in sorted(ended)]


def _matters(indicator: Indicator, members: Sequence[_Member], part: Part) -> set[UUID]:
    if part is Part.EXCLUDED:
        return {member.matter for member in members if member.excluded}
    kept = [member for member in members if not member.excluded]
    if part is Part.OPEN:
        return {member.matter for member in kept if member.open}
    if indicator.value is not None:
        counted = _counted(indicator.value, kept)
        if part is Part.EXTREME and counted:
            best = (min if indicator.value.aggregate is Aggregate.MIN else max)(value for _, value in counted)
            return {matter for matter, value in counted if value == best}
        return {matter for matter, _ in counted}
    whole, inside = _shares(indicator, kept)
    if part is Part.DENOMINATOR:
        return {member.matter for member in whole}
    if part is Part.NUMERATOR:
        return {member.matter for member in inside}
    numerators = {id(member) for member in inside}
    return {member.matter for member in whole if id(member) not in numerators}
