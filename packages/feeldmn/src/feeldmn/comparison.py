"""Equality and order of FEEL values by the semantics of DMN 1.5: true, false, or None for null."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from feeldmn.values import Function, Range

_ORDERED = frozenset({Decimal, str, Date, DaysTimeDuration, YearsMonthsDuration})
#: Times are compared to the millisecond, as the conformance kit has it (cases time_005 and datetime_003_a of
#: 0068-feel-equality); `is()` tells finer fractions apart.
_TICK = 1_000_000
#: Kinds whose equality in Python is that of FEEL.
PLAIN = frozenset({Decimal, str, bool, Date, DaysTimeDuration, YearsMonthsDuration})


def equal(left: Any, right: Any) -> bool | None:
    """Say whether two values are equal; None when their kinds cannot be compared."""
    kind = type(left)
    if left is None or right is None:
        return left is right
    if kind is not type(right):
        return None
    if kind in PLAIN:
        return bool(left == right)
    if kind is list:
        if len(left) != len(right):
            return False
        return all(equal(a, b) for a, b in zip(left, right, strict=True))
    if kind is dict:
        return left.keys() == right.keys() and all(equal(value, right[key]) for key, value in left.items())
    if kind is DateTime:
        return _equal_moments(left, right)
    if kind is Time:
        return _equal_times(left, right)
    if kind is Range:
        return _equal_ranges(left, right)
    if kind is Function:
        return True if left is right else None
    return None


def _equal_moments(left: DateTime, right: DateTime) -> bool | None:
    if (left.zone is None) != (right.zone is None):
        return None
    return left.epoch_nanos // _TICK == right.epoch_nanos // _TICK


def _equal_times(left: Time, right: Time) -> bool | None:
    if left.zone == right.zone:
        return left.nanos // _TICK == right.nanos // _TICK
    left_utc, right_utc = left.utc_nanos, right.utc_nanos
    if left_utc is None or right_utc is None:
        return None
    return left_utc // _TICK == right_utc // _TICK


def _equal_ranges(left: Range, right: Range) -> bool:
    return (
        left.operator == right.operator
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and bool(equal(left.start, right.start))
        and bool(equal(left.end, right.end))
    )


def compare(left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1 for less, equal or greater; None when the two cannot be ordered."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in _ORDERED:
        return -1 if left < right else (1 if right < left else 0)
    if kind is DateTime:
        if (left.zone is None) != (right.zone is None):
            return None
        a, b = left.epoch_nanos // _TICK, right.epoch_nanos // _TICK
        return (a > b) - (a < b)
    if kind is Time:
        return _compare_times(left, right)
    return None


def _compare_times(left: Time, right: Time) -> int | None:
    a, b = (left.nanos, right.nanos) if left.zone == right.zone else (left.utc_nanos, right.utc_nanos)
    if a is None or b is None:
        return None
    return (a // _TICK > b // _TICK) - (a // _TICK < b // _TICK)


def in_range(value: Any, interval: Range) -> bool | None:
    """Say whether `value` lies in the range; None when it cannot be compared with the endpoints."""
    if interval.operator == "!=":
        same = equal(value, interval.start)
        return None if same is None else not same
    if interval.operator == "=":
        return equal(value, interval.start)
    if not interval.operator and (interval.start is None or interval.end is None):
        return None  # `(null..10]`: only `(<= 10)` and range("(..10]") are open to infinity
    if interval.start is not None:
        order = compare(value, interval.start)
        if order is None:
            return None
        if order < 0 or (order == 0 and not interval.start_included):
            return False
    if interval.end is not None:
        order = compare(value, interval.end)
        if order is None:
            return None
        if order > 0 or (order == 0 and not interval.end_included):
            return False
    return True


def is_in(value: Any, member: Any) -> bool | None:
    """Say whether `value in member` holds: a member of a list, a point of a range, or an equal value."""
    kind = type(member)
    if kind is Range:
        if type(value) is Range:
            return _equal_ranges(value, member)
        return in_range(value, member)
    if kind is list:
        result: bool | None = False
        for item in member:
            inside = (
                in_range(value, item)
                if type(item) is Range and type(value) is not Range
                else equal(value, item)
            )
            if inside:
                return True
            if inside is None and type(item) is Range:
                result = None
        return True if type(value) is list and equal(value, member) else result
    return equal(value, member)
