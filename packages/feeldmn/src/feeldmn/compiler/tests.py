"""Unary tests: the cells of decision tables, and `x in tests`."""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from feeldmn import nodes
from feeldmn.comparison import compare, equal, is_in
from feeldmn.compiler.core import Closure, Compiler, Frame, compiles
from feeldmn.values import Range, kind_of

_ORDER: dict[str, Callable[[Any, Any], bool]] = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}


def mentions_input(node: object) -> bool:
    """Say whether the input `?` occurs in the expression."""
    return any(isinstance(part, nodes.Name) and part.name == "?" for part in nodes.walk(node))


@compiles(nodes.Tests)
def _tests(compiler: Compiler, node: nodes.Tests) -> Closure:
    """Compile unary tests on the name `?`: true, false, or null."""
    slot = _input_slot(compiler)
    if not node.alternatives:
        return lambda frame: True
    alternatives = [_alternative(compiler, part, slot, cell=True) for part in node.alternatives]
    matched = _any_of(alternatives)
    if not node.negated:
        return matched

    def negated(frame: Frame) -> bool | None:
        value = matched(frame)
        return None if value is None else not value

    return negated


def _input_slot(compiler: Compiler) -> int:
    _items, slot = compiler.resolve("?")
    return compiler.free_slot("?") if slot is None else slot


def _any_of(alternatives: list[Closure]) -> Closure:
    if len(alternatives) == 1:
        return alternatives[0]

    def run(frame: Frame) -> bool | None:
        result: bool | None = False
        for alternative in alternatives:
            value = alternative(frame)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return run


@compiles(nodes.In)
def _in(compiler: Compiler, node: nodes.In) -> Closure:
    value, slot = compiler.compile(node.value), compiler.slot()
    with compiler.block({"?": slot}):
        matched = _any_of([_alternative(compiler, test, slot) for test in node.tests])

    def run(frame: Frame) -> bool | None:
        frame[slot] = value(frame)
        return matched(frame)

    return run


@compiles(nodes.Comparison)
def _comparison(compiler: Compiler, node: nodes.Comparison) -> Closure:
    return _alternative(compiler, node, _input_slot(compiler))


def _alternative(compiler: Compiler, node: nodes.Node, slot: int, *, cell: bool = False) -> Closure:
    """Compile one alternative. In a `cell` an input of null is no mistake: it matches nothing, silently."""
    if isinstance(node, nodes.Comparison):
        return _compared(compiler, node, slot, cell=cell)
    if isinstance(node, nodes.Literal):
        return _constant(node.value, slot)
    if mentions_input(node):
        return _condition(compiler, node, slot)
    result = compiler.compile(node)
    if isinstance(node, nodes.RangeLiteral):
        return _ranged(compiler, node, result, slot, cell=cell)

    def run(frame: Frame) -> bool | None:
        value, member = frame[slot], result(frame)
        if member is True and type(value) is not bool:
            return True
        return is_in(value, member)

    return run


def _constant(constant: Any, slot: int) -> Closure:
    kind = type(constant)
    if kind is Decimal or kind is str:
        return lambda frame: (
            frame[slot] == constant if type(frame[slot]) is kind else is_in(frame[slot], constant)
        )
    return lambda frame: is_in(frame[slot], constant)


def _ranged(
    compiler: Compiler, node: nodes.RangeLiteral, result: Closure, slot: int, *, cell: bool
) -> Closure:
    unit, at = compiler.unit, node.at

    def run(frame: Frame) -> bool | None:
        value, member = frame[slot], result(frame)
        inside = is_in(value, member)
        if inside is None and type(member) is Range and not (cell and value is None):
            frame[0].note("feel.comparison", f"{kind_of(value)} cannot be compared with the range", at, unit)
        return inside

    numeric = all(
        end is None or (isinstance(end, nodes.Literal) and type(end.value) is Decimal)
        for end in (node.start, node.end)
    )
    if not numeric or node.operator or node.start is None or node.end is None:
        return run
    low, high = node.start.value, node.end.value  # type: ignore[attr-defined]
    above, below = (op.ge if node.start_included else op.gt), (op.le if node.end_included else op.lt)
    return lambda frame: (
        above(frame[slot], low) and below(frame[slot], high) if type(frame[slot]) is Decimal else run(frame)
    )


def _condition(compiler: Compiler, node: nodes.Node, slot: int) -> Closure:
    """Compile an expression that mentions `?`: it holds when it is true."""
    condition = compiler.compile(node)

    def run(frame: Frame) -> bool | None:
        value = condition(frame)
        if type(value) is bool or value is None:
            return value
        return is_in(frame[slot], value)

    return run


def _compared(compiler: Compiler, node: nodes.Comparison, slot: int, *, cell: bool) -> Closure:
    operator, operand, unit, at = node.operator, compiler.compile(node.operand), compiler.unit, node.at

    def fail(frame: Frame, value: Any, other: Any) -> None:
        if cell and value is None:
            return
        frame[0].note(
            "feel.comparison", f"{kind_of(value)} {operator} {kind_of(other)} cannot be compared", at, unit
        )

    if operator in ("=", "!="):
        wanted = operator == "="

        def same(frame: Frame) -> bool | None:
            value, other = frame[slot], operand(frame)
            found = equal(value, other)
            if found is None:
                fail(frame, value, other)
                return None
            return found is wanted

        return same
    test = _ORDER[operator]
    constant = node.operand.value if isinstance(node.operand, nodes.Literal) else None

    def ordered(frame: Frame) -> bool | None:
        value, other = frame[slot], operand(frame)
        order = compare(value, other)
        if order is None:
            fail(frame, value, other)
            return None
        return test(order, 0)

    if type(constant) is Decimal:
        return lambda frame: test(frame[slot], constant) if type(frame[slot]) is Decimal else ordered(frame)
    return ordered
