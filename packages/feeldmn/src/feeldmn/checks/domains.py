"""The values of an input column, cut into the pieces between which no cell of the column changes its answer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from feeldmn import nodes
from feeldmn.comparison import compare
from feeldmn.compiler import compile_program
from feeldmn.compiler.tests import mentions_input
from feeldmn.errors import LimitExceeded
from feeldmn.runtime import Runtime, Unit
from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from feeldmn.texts import literal_of

_ORDERED = (Decimal, Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration, str)
_UNFOLDABLE = frozenset({"now", "today"})


class NotAnalysable(Exception):
    """A cell depends on more than the input of its column."""


@dataclass(frozen=True, slots=True)
class Span:
    """Values between two bounds; None is open to infinity. A single value has both bounds."""

    low: Any
    high: Any
    low_in: bool = True
    high_in: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as spans of values, or all others when `negated`; no spans at all means any value."""

    spans: tuple[Span, ...] | None
    negated: bool = False


def constant(node: nodes.Node) -> Any:
    """Return the value of an expression without names; raises `NotAnalysable` when it has some."""
    if isinstance(node, nodes.Literal):
        return node.value
    if mentions_input(node):
        raise NotAnalysable
    program = compile_program(node, Unit(""))
    if program.places or any(name in _UNFOLDABLE for name, _slot in program.free):
        raise NotAnalysable
    if _calls(node) & _UNFOLDABLE:
        raise NotAnalysable
    try:
        return program.run_feel(Runtime(), {})
    except (LimitExceeded, RecursionError):
        raise NotAnalysable from None


def _calls(node: nodes.Node) -> set[str]:
    calls = (part.function for part in nodes.walk(node) if isinstance(part, nodes.Call))
    return {function.name for function in calls if isinstance(function, nodes.Name)}


def cell_of(node: nodes.Node) -> Cell:
    """Return what a tests cell matches; raises `NotAnalysable`."""
    inner = node.value if isinstance(node, nodes.Sourced) else node
    if not isinstance(inner, nodes.Tests):
        raise NotAnalysable
    if not inner.alternatives:
        return Cell(None)
    return Cell(tuple(span for part in inner.alternatives for span in _spans(part)), inner.negated)


def _spans(node: nodes.Node) -> list[Span]:
    if isinstance(node, nodes.Comparison):
        bound = _bound(constant(node.operand))
        if node.operator == "!=":
            return [Span(None, bound, high_in=False), Span(bound, None, low_in=False)]
        return [_SIDES[node.operator](bound)]
    if isinstance(node, nodes.RangeLiteral) and not node.operator:
        if node.start is None or node.end is None:
            raise NotAnalysable
        low, high = _bound(constant(node.start)), _bound(constant(node.end))
        return [Span(low, high, node.start_included, node.end_included)]
    value = constant(node)
    values = value if type(value) is list else [value]
    return [Span(bound, bound) for bound in map(_bound, values)]


def _bound(value: Any) -> Any:
    if type(value) is bool or type(value) in _ORDERED:
        return value
    raise NotAnalysable


_SIDES: dict[str, Callable[[Any], Span]] = {
    "=": lambda bound: Span(bound, bound),
    "<": lambda bound: Span(None, bound, high_in=False),
    "<=": lambda bound: Span(None, bound),
    ">": lambda bound: Span(bound, None, low_in=False),
    ">=": lambda bound: Span(bound, None),
}


class Domain:
    """The pieces of a column's values: the bounds that occur, and what lies between them.

    Piece 2i+1 is the bound i; piece 2i lies below it, the last piece above all bounds. A column of booleans,
    or of strings that are only tested for equality, has no pieces between: one piece stands for "any other".
    """

    def __init__(self, cells: Sequence[Cell], allowed: Cell | None, *, closed: Sequence[Any] = ()) -> None:
        all_cells = [*cells, *([allowed] if allowed is not None else [])]
        bounds = [
            b
            for cell in all_cells
            for span in cell.spans or ()
            for b in (span.low, span.high)
            if b is not None
        ]
        bounds += closed
        kinds = {type(bound) for bound in bounds}
        if len(kinds) > 1:
            raise NotAnalysable
        self.kind = kinds.pop() if kinds else None
        self.bounds = _sorted_unique(bounds)
        equality_only = all(
            span.low is not None and compare_equal(span.low, span.high)
            for cell in all_cells
            for span in cell.spans or ()
        )
        self.discrete = self.kind is bool or (self.kind is str and equality_only)
        pieces = set(range(2 * len(self.bounds) + 1))
        if self.discrete:
            pieces = {2 * at + 1 for at in range(len(self.bounds))}
            if self.kind is not bool or not closed:
                pieces.add(2 * len(self.bounds))
        if allowed is not None and allowed.spans is not None:
            pieces &= self.matched(allowed)
        if closed and self.kind is bool:
            pieces &= {2 * at + 1 for at in range(len(self.bounds))}
        self.pieces = sorted(pieces)

    def matched(self, cell: Cell) -> set[int]:
        """Return the pieces a cell matches."""
        everything = set(range(2 * len(self.bounds) + 1))
        if cell.spans is None:
            return everything
        found: set[int] = set()
        for span in cell.spans:
            low = 0 if span.low is None else 2 * self._index(span.low) + (1 if span.low_in else 2)
            high = (
                2 * len(self.bounds)
                if span.high is None
                else 2 * self._index(span.high) + (1 if span.high_in else 0)
            )
            found.update(range(low, high + 1))
        return everything - found if cell.negated else found

    def _index(self, bound: Any) -> int:
        if self.kind is bool:
            return self.bounds.index(bound)
        return bisect_left(self.bounds, 0, key=lambda known: compare(known, bound) or 0)

    def text(self, pieces: Sequence[int]) -> str:
        """Return unary tests for some pieces of this domain."""
        if len(pieces) == len(self.pieces):
            return "-"
        if self.discrete:
            other = 2 * len(self.bounds)
            if other in pieces:
                excluded = [
                    _text(self.bounds[at // 2]) for at in self.pieces if at != other and at not in pieces
                ]
                return f"not({', '.join(excluded)})" if excluded else "-"
            return ", ".join(_text(self.bounds[at // 2]) for at in pieces)
        runs: list[list[int]] = []
        for piece in pieces:
            if runs and piece == runs[-1][1] + 1:
                runs[-1][1] = piece
            else:
                runs.append([piece, piece])
        return ", ".join(self._run(first, last) for first, last in runs)

    def _run(self, first: int, last: int) -> str:
        low_in, high_in = first % 2 == 1, last % 2 == 1
        low = None if first == 0 else _text(self.bounds[(first - 1) // 2])
        high = None if last == 2 * len(self.bounds) else _text(self.bounds[last // 2])
        if first == last and low_in:
            return str(low)
        if low is None:
            return f"{'<=' if high_in else '<'} {high}"
        if high is None:
            return f"{'>=' if low_in else '>'} {low}"
        return f"{'[' if low_in else '('}{low}..{high}{']' if high_in else ')'}"


def compare_equal(left: Any, right: Any) -> bool:
    """Say whether two bounds are the same value."""
    if type(left) is bool or type(right) is bool:
        return left is right
    return compare(left, right) == 0


def _sorted_unique(bounds: list[Any]) -> list[Any]:
    if any(type(bound) is bool for bound in bounds):
        return [value for value in (False, True) if value in bounds]
    for bound in bounds:
        if compare(bounds[0], bound) is None:
            raise NotAnalysable
    ordered = sorted(bounds, key=cmp_to_key(lambda a, b: compare(a, b) or 0))
    unique: list[Any] = []
    for bound in ordered:
        if not unique or not compare_equal(unique[-1], bound):
            unique.append(bound)
    return unique


def _text(bound: Any) -> str:
    """Return a bound as a cell would write it."""
    text = literal_of(bound)
    return text if type(bound) in (Decimal, str, bool) else f'@"{text}"'
