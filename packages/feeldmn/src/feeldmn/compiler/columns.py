"""Columns of decision tables: which rules a value matches, as a mask with one bit per rule.

A column whose cells are all constants of one kind is not tested cell by cell: equal values are looked up in a
dictionary, and numbers in the sorted bounds of all intervals of the column. Any other value (of another kind,
or null) goes through the cells themselves, so that the result and the diagnostics are those of the tests.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from feeldmn import nodes
from feeldmn.compiler.core import Closure, Compiler, Frame

#: Takes the frame, the value of the input, and the rules still open; returns the rules that match.
Column = Callable[[Frame, Any, int], int]


def column(compiler: Compiler, cells: Sequence[nodes.Node], slot: int) -> Column:
    """Compile the cells of a column; the value to test is in `slot`."""
    del slot  # the cells read it by the name `?`
    always, tested = 0, dict[str, tuple[int, Closure]]()
    plain: list[tuple[int, nodes.Tests | None]] = []
    for number, cell in enumerate(cells):
        bit, tests = 1 << number, _tests_of(cell)
        if tests is not None and not tests.alternatives:
            always |= bit
            continue
        key = cell.source if isinstance(cell, nodes.Sourced) else f"#{number}"
        mask, closure = tested.get(key) or (0, compiler.compile(cell))
        tested[key] = (mask | bit, closure)
        plain.append((bit, tests))
    general = _general(always, list(tested.values()))
    return _by_key(plain, always, general) or _by_interval(plain, always, general) or general


def _tests_of(cell: nodes.Node) -> nodes.Tests | None:
    inner = cell.value if isinstance(cell, nodes.Sourced) else cell
    return inner if isinstance(inner, nodes.Tests) else None


def _general(always: int, tested: list[tuple[int, Closure]]) -> Column:
    def match(frame: Frame, value: Any, open_rules: int) -> int:
        hits = always
        for mask, closure in tested:
            if mask & open_rules and closure(frame) is True:
                hits |= mask
        return hits

    return match


def _by_key(plain: list[tuple[int, nodes.Tests | None]], always: int, general: Column) -> Column | None:
    """Match a column of equal strings (or of equal booleans) by one look-up."""
    if len(plain) < 2:
        return None
    masks: dict[Any, int] = {}
    kinds: set[type] = set()
    negated: list[tuple[int, set[Any]]] = []
    for bit, tests in plain:
        if tests is None or not all(isinstance(part, nodes.Literal) for part in tests.alternatives):
            return None
        values = [part.value for part in tests.alternatives if isinstance(part, nodes.Literal)]
        kinds |= {type(value) for value in values}
        if tests.negated:
            negated.append((bit, set(values)))
            for value in values:
                masks.setdefault(value, 0)
        else:
            for value in values:
                masks[value] = masks.get(value, 0) | bit
    if kinds != {str} and kinds != {bool}:
        return None
    for bit, excluded in negated:
        for value in masks:
            if value not in excluded:
                masks[value] |= bit
    kind = kinds.pop()
    otherwise = always
    for bit, _excluded in negated:
        otherwise |= bit
    found = {value: mask | always for value, mask in masks.items()}

    def match(frame: Frame, value: Any, open_rules: int) -> int:
        if type(value) is kind:
            return found.get(value, otherwise)
        return general(frame, value, open_rules)

    return match


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between two bounds; None is infinity."""

    low: Decimal | None
    high: Decimal | None
    low_in: bool = True
    high_in: bool = True


def intervals_of(tests: nodes.Tests) -> list[Interval] | None:
    """Return the numbers that constant tests match, or None when they are not constant tests of numbers."""
    found: list[Interval] = []
    for part in tests.alternatives:
        if isinstance(part, nodes.Literal) and type(part.value) is Decimal:
            found.append(Interval(part.value, part.value))
        elif isinstance(part, nodes.Comparison) and isinstance(part.operand, nodes.Literal):
            bound = part.operand.value
            if type(bound) is not Decimal or part.operator not in _SIDES:
                return None
            found.append(_SIDES[part.operator](bound))
        elif isinstance(part, nodes.RangeLiteral) and not part.operator:
            ends = [end.value if isinstance(end, nodes.Literal) else None for end in (part.start, part.end)]
            if type(ends[0]) is not Decimal or type(ends[1]) is not Decimal:
                return None
            found.append(Interval(ends[0], ends[1], part.start_included, part.end_included))
        else:
            return None
    return found


_SIDES: dict[str, Callable[[Decimal], Interval]] = {
    "=": lambda bound: Interval(bound, bound),
    "<": lambda bound: Interval(None, bound, high_in=False),
    "<=": lambda bound: Interval(None, bound),
    ">": lambda bound: Interval(bound, None, low_in=False),
    ">=": lambda bound: Interval(bound, None),
}


def _by_interval(plain: list[tuple[int, nodes.Tests | None]], always: int, general: Column) -> Column | None:
    """Match a column of constant numbers by a binary search among the bounds of its intervals.

    The bounds cut the numbers into pieces within which no cell changes its answer: piece 2i+1 is the bound i
    itself, piece 2i lies just below it.
    """
    if len(plain) < 3:
        return None
    rules: list[tuple[int, list[Interval], bool]] = []
    for bit, tests in plain:
        intervals = intervals_of(tests) if tests is not None else None
        if tests is None or intervals is None:
            return None
        rules.append((bit, intervals, tests.negated))
    bounds = sorted({b for _, found, _ in rules for i in found for b in (i.low, i.high) if b is not None})
    place_of = {bound: place for place, bound in enumerate(bounds)}
    pieces = [always] * (2 * len(bounds) + 1)
    for bit, intervals, negated in rules:
        covered: set[int] = set()
        for interval in intervals:
            first = 0 if interval.low is None else 2 * place_of[interval.low] + (1 if interval.low_in else 2)
            last = (
                len(pieces) - 1
                if interval.high is None
                else 2 * place_of[interval.high] + (1 if interval.high_in else 0)
            )
            covered.update(range(first, last + 1))
        for piece in range(len(pieces)):
            if (piece in covered) is not negated:
                pieces[piece] |= bit
    count = len(bounds)

    def match(frame: Frame, value: Any, open_rules: int) -> int:
        if type(value) is not Decimal:
            return general(frame, value, open_rules)
        place = bisect_left(bounds, value)
        return pieces[2 * place + 1 if place < count and bounds[place] == value else 2 * place]

    return match
