"""Built-in functions that sum up lists of numbers."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import reduce
from typing import Any

from feeldmn.arithmetic import add, divide
from feeldmn.builtins.registry import built_in
from feeldmn.numeric import DECIMAL128, ONE
from feeldmn.runtime import FeelNull
from feeldmn.temporal import DaysTimeDuration, YearsMonthsDuration
from feeldmn.values import kind_of

_SUMMABLE = frozenset({Decimal, DaysTimeDuration, YearsMonthsDuration})


def _numbers(runtime: Any, items: list[Any], *, empty: bool = False) -> list[Decimal]:
    runtime.spend(len(items))
    if not items and not empty:
        raise FeelNull("feel.empty", "an empty list has no such number")
    for item in items:
        if type(item) is not Decimal:
            raise FeelNull("feel.argument", f"the list must hold numbers only, but {kind_of(item)} was found")
    return items


def _summands(runtime: Any, items: list[Any]) -> list[Any]:
    runtime.spend(len(items))
    if not items:
        raise FeelNull("feel.empty", "an empty list has no sum")
    kinds = set(map(type, items))
    if len(kinds) != 1 or not kinds <= _SUMMABLE:
        raise FeelNull("feel.argument", "the list must hold numbers, or durations of one kind, only")
    return items


@built_in("sum", "list...: any", "number")
def _sum(runtime: Any, items: list[Any]) -> Any:
    """Return the sum."""
    return _total(_summands(runtime, items))


def _total(items: list[Any]) -> Any:
    return reduce(DECIMAL128.add if type(items[0]) is Decimal else add, items)


@built_in("mean", "list...: any", "number")
def _mean(runtime: Any, items: list[Any]) -> Any:
    """Return the arithmetic mean."""
    return divide(_total(_summands(runtime, items)), Decimal(len(items)))


@built_in("product", "list...: any", "number")
def _product(runtime: Any, items: list[Any]) -> Decimal:
    """Return the product."""
    return reduce(DECIMAL128.multiply, _numbers(runtime, items), ONE)


@built_in("median", "list...: any", "number")
def _median(runtime: Any, items: list[Any]) -> Decimal:
    """Return the middle number, or the mean of the two in the middle."""
    ordered = sorted(_numbers(runtime, items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return DECIMAL128.divide(DECIMAL128.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@built_in("stddev", "list...: any", "number")
def _stddev(runtime: Any, items: list[Any]) -> Decimal:
    """Return the sample standard deviation (divided by n - 1)."""
    numbers = _numbers(runtime, items)
    if len(numbers) < 2:
        raise FeelNull("feel.empty", "a standard deviation takes at least two numbers")
    mean = DECIMAL128.divide(reduce(DECIMAL128.add, numbers), Decimal(len(numbers)))
    squares = [DECIMAL128.power(DECIMAL128.subtract(number, mean), 2) for number in numbers]
    return DECIMAL128.sqrt(DECIMAL128.divide(reduce(DECIMAL128.add, squares), Decimal(len(numbers) - 1)))


@built_in("mode", "list...: any", "list")
def _mode(runtime: Any, items: list[Any]) -> list[Decimal]:
    """Return the most frequent numbers in ascending order."""
    numbers = _numbers(runtime, items, empty=True)
    counts = Counter(numbers)
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)
