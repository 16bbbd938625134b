"""Arithmetic, comparisons, `and`, `or`, `instance of`."""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from feeldmn import arithmetic, nodes
from feeldmn.comparison import compare, equal
from feeldmn.compiler.core import Closure, Compiler, Frame, compiles
from feeldmn.errors import LimitExceeded
from feeldmn.numeric import DECIMAL128
from feeldmn.runtime import FeelNull
from feeldmn.values import kind_of

_ARITHMETIC: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Decimal, Decimal], Decimal]]] = {
    "+": (arithmetic.add, DECIMAL128.add),
    "-": (arithmetic.subtract, DECIMAL128.subtract),
    "*": (arithmetic.multiply, DECIMAL128.multiply),
    "/": (arithmetic.divide, DECIMAL128.divide),
    "**": (arithmetic.power, DECIMAL128.power),
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}
#: Chains of the same operators longer than this run in a loop instead of nested closures.
_CHAIN = 6


@compiles(nodes.Binary)
def _binary(compiler: Compiler, node: nodes.Binary) -> Closure:
    operator = node.operator
    if operator in ("and", "or"):
        return _logical(compiler, node)
    chain = _chain(node)
    if len(chain) > _CHAIN:
        return _long_chain(compiler, chain)
    return _pair(compiler, operator, compiler.compile(node.left), node)


def _pair(compiler: Compiler, operator: str, left: Closure, node: nodes.Binary) -> Closure:
    right = compiler.compile(node.right)
    constant = node.right.value if isinstance(node.right, nodes.Literal) else None
    if operator in _ARITHMETIC:
        return _arithmetic(compiler, operator, left, right, node.operator_at)
    if operator in _ORDER:
        return _ordering(compiler, operator, left, right, node.operator_at, constant)
    return _equality(compiler, operator, left, right, node.operator_at, constant)


def _chain(node: nodes.Node) -> list[nodes.Binary]:
    """Return the left spine of a chain, leftmost first."""
    spine: list[nodes.Binary] = []
    while isinstance(node, nodes.Binary) and node.operator not in ("and", "or"):
        spine.append(node)
        node = node.left
    return spine[::-1]


def _long_chain(compiler: Compiler, chain: list[nodes.Binary]) -> Closure:
    first = compiler.compile(chain[0].left)
    slot = compiler.slot()
    steps = [_pair(compiler, link.operator, lambda frame: frame[slot], link) for link in chain]

    def run(frame: Frame) -> Any:
        value = first(frame)
        for step in steps:
            frame[slot] = value
            value = step(frame)
        return value

    return run


def _arithmetic(compiler: Compiler, operator: str, left: Closure, right: Closure, at: int) -> Closure:
    general, decimal = _ARITHMETIC[operator]
    unit = compiler.unit

    def run(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        try:
            if type(a) is Decimal and type(b) is Decimal:
                return decimal(a, b)
            if type(a) is str and type(b) is str and operator == "+":
                return _joined(frame, a, b)
            return general(a, b)
        except FeelNull as null:
            return frame[0].fail(null, at, unit)
        except ArithmeticError:
            try:
                return general(a, b)  # once more, for the reason in words
            except FeelNull as null:
                return frame[0].fail(null, at, unit)

    return run


def _joined(frame: Frame, left: str, right: str) -> str:
    limit = frame[0].limits.text
    if len(left) + len(right) > limit:
        raise LimitExceeded(
            f"a string grew beyond {limit} characters",
            code="feel.limit.text",
            remedy="raise Limits.text when this is meant",
        )
    return left + right


def _ordering(
    compiler: Compiler, operator: str, left: Closure, right: Closure, at: int, constant: Any
) -> Closure:
    test, unit = _ORDER[operator], compiler.unit

    def slow(frame: Frame, a: Any, b: Any) -> bool | None:
        order = compare(a, b)
        if order is None:
            return frame[0].note(
                "feel.comparison", f"{kind_of(a)} {operator} {kind_of(b)} cannot be compared", at, unit
            )
        return test(order, 0)

    if type(constant) is Decimal:

        def against_number(frame: Frame) -> bool | None:
            a = left(frame)
            return test(a, constant) if type(a) is Decimal else slow(frame, a, constant)

        return against_number

    def run(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        if type(a) is Decimal and type(b) is Decimal:
            return test(a, b)
        return slow(frame, a, b)

    return run


def _equality(
    compiler: Compiler, operator: str, left: Closure, right: Closure, at: int, constant: Any
) -> Closure:
    unit, wanted = compiler.unit, operator == "="

    def slow(frame: Frame, a: Any, b: Any) -> bool | None:
        same = equal(a, b)
        if same is None:
            return frame[0].note(
                "feel.comparison", f"{kind_of(a)} {operator} {kind_of(b)} cannot be compared", at, unit
            )
        return same is wanted

    if type(constant) is Decimal or type(constant) is str:
        kind = type(constant)

        def against_constant(frame: Frame) -> bool | None:
            a = left(frame)
            return (a == constant) is wanted if type(a) is kind else slow(frame, a, constant)

        return against_constant

    def run(frame: Frame) -> bool | None:
        return slow(frame, left(frame), right(frame))

    return run


def _logical(compiler: Compiler, node: nodes.Binary) -> Closure:
    """Compile `and` and `or` by the three-valued truth table of DMN 1.5; anything but a boolean counts as null."""
    operator, unit, at = node.operator, compiler.unit, node.operator_at
    operands: list[nodes.Node] = []
    left: nodes.Node = node
    while isinstance(left, nodes.Binary) and left.operator == operator:
        operands.append(left.right)
        left = left.left
    operands.append(left)
    closures = [compiler.compile(operand) for operand in reversed(operands)]
    decisive = operator == "or"

    def run(frame: Frame) -> bool | None:
        unknown = False
        for closure in closures:
            value = closure(frame)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                unknown = True
                if value is not None:
                    frame[0].note(
                        "feel.operands",
                        f"{operator!r} joins booleans, but {kind_of(value)} was found",
                        at,
                        unit,
                    )
        return None if unknown else not decisive

    return run


@compiles(nodes.Unary)
def _negation(compiler: Compiler, node: nodes.Unary) -> Closure:
    operand, unit, at = compiler.compile(node.operand), compiler.unit, node.at

    def run(frame: Frame) -> Any:
        try:
            return arithmetic.negate(operand(frame))
        except FeelNull as null:
            return frame[0].fail(null, at, unit)

    return run


@compiles(nodes.InstanceOf)
def _instance_of(compiler: Compiler, node: nodes.InstanceOf) -> Closure:
    from feeldmn.types import NULL, NamedType, plain, unconstrained

    value, kind, unit, at = compiler.compile(node.value), unconstrained(node.type), compiler.unit, node.at

    def run(frame: Frame) -> bool | None:
        found = value(frame)
        if isinstance(kind, NamedType) and kind.target() is None:
            return frame[0].note("feel.unknown_type", f"the type {kind} is not known here", at, unit)
        if found is None:
            return plain(kind) is NULL
        return kind.accepts(found)

    return run
