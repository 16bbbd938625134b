"""Built-in functions on ranges: the relations of Allen's interval algebra, and range()."""

from __future__ import annotations

import re
from typing import Any

from feeldmn.builtins.registry import built_in
from feeldmn.comparison import compare
from feeldmn.runtime import FeelNull
from feeldmn.temporal.texts import parse_at_literal
from feeldmn.values import Range, kind_of

#: `[18..)`: no end at all, where an expression would stand.
_OPEN_START = re.compile(r"^\s*([\[\](])\s*\.\.")
_OPEN_END = re.compile(r"\.\.\s*([\[\])])\s*$")
_POINT = "number | string | date | time | date and time | duration"


def _order(left: Any, right: Any) -> int:
    order = compare(left, right)
    if order is None:
        raise FeelNull("feel.comparison", f"{kind_of(left)} and {kind_of(right)} cannot be compared")
    return order


def _as_range(value: Any) -> Range:
    return value if type(value) is Range else Range(value, value)


def _starts_first(a: Range, b: Range) -> int:
    """Order the starts of two ranges; an open start lies after a closed one at the same point."""
    if a.start is None or b.start is None:
        return (a.start is not None) - (b.start is not None)
    return _order(a.start, b.start) or a.start_included * -1 + b.start_included


def _ends_first(a: Range, b: Range) -> int:
    """Order the ends of two ranges; an open end lies before a closed one at the same point."""
    if a.end is None or b.end is None:
        return (a.end is None) - (b.end is None)
    return _order(a.end, b.end) or a.end_included - b.end_included


def _end_to_start(a: Range, b: Range) -> int:
    """-1 when `a` ends before `b` starts, 0 when they share exactly one point, 1 when they overlap."""
    if a.end is None or b.start is None:
        return 1
    order = _order(a.end, b.start)
    if order:
        return order
    return 0 if a.end_included and b.start_included else -1


def _relation(name: str, first: str, second: str) -> Any:
    def register(test: Any) -> Any:
        def function(_: Any, left: Any, right: Any) -> bool:
            return test(_as_range(left), _as_range(right))

        function.__doc__ = test.__doc__
        for kinds in first.split(";"):
            for others in second.split(";"):
                if kinds == "point" and others == "point" and name not in ("before", "after", "coincides"):
                    continue
                names = [
                    f"{'point' if kind == 'point' else 'range'}{number}: {_POINT if kind == 'point' else 'range'}"
                    for kind, number in (
                        (kinds, _number(kinds, others, 1)),
                        (others, _number(kinds, others, 2)),
                    )
                ]
                built_in(name, ", ".join(names), "boolean")(function)
        return test

    return register


def _number(first: str, second: str, number: int) -> str:
    return str(number) if first == second else ""


@_relation("before", "point;range", "point;range")
def _before(a: Range, b: Range) -> bool:
    """Say whether the first ends before the second starts."""
    return _end_to_start(a, b) < 0


@_relation("after", "point;range", "point;range")
def _after(a: Range, b: Range) -> bool:
    """Say whether the first starts after the second ends."""
    return _end_to_start(b, a) < 0


@_relation("meets", "range", "range")
def _meets(a: Range, b: Range) -> bool:
    """Say whether the first ends at the included point where the second starts."""
    return _end_to_start(a, b) == 0


@_relation("met by", "range", "range")
def _met_by(a: Range, b: Range) -> bool:
    """Say whether the first starts at the included point where the second ends."""
    return _end_to_start(b, a) == 0


@_relation("overlaps", "range", "range")
def _overlaps(a: Range, b: Range) -> bool:
    """Say whether the two share a point."""
    return _end_to_start(a, b) >= 0 and _end_to_start(b, a) >= 0


@_relation("overlaps before", "range", "range")
def _overlaps_before(a: Range, b: Range) -> bool:
    """Say whether the first starts before the second and ends within it."""
    return _starts_first(a, b) < 0 and _end_to_start(a, b) >= 0 and _ends_first(a, b) <= 0


@_relation("overlaps after", "range", "range")
def _overlaps_after(a: Range, b: Range) -> bool:
    """Say whether the first starts within the second and does not end before it."""
    return _starts_first(b, a) < 0 and _end_to_start(b, a) >= 0 and _ends_first(b, a) <= 0


@_relation("finishes", "point;range", "range")
def _finishes(a: Range, b: Range) -> bool:
    """Say whether the first ends where the second ends and starts no earlier."""
    return _ends_first(a, b) == 0 and _starts_first(b, a) <= 0


@_relation("finished by", "range", "point;range")
def _finished_by(a: Range, b: Range) -> bool:
    """Say whether the second ends where the first ends and starts no earlier."""
    return _finishes(b, a)


@_relation("includes", "range", "point;range")
def _includes(a: Range, b: Range) -> bool:
    """Say whether the first holds the whole of the second."""
    return _starts_first(a, b) <= 0 and _ends_first(b, a) <= 0


@_relation("during", "point;range", "range")
def _during(a: Range, b: Range) -> bool:
    """Say whether the second holds the whole of the first."""
    return _includes(b, a)


@_relation("starts", "point;range", "range")
def _starts(a: Range, b: Range) -> bool:
    """Say whether the first starts where the second starts and ends no later."""
    return _starts_first(a, b) == 0 and _ends_first(a, b) <= 0


@_relation("started by", "range", "point;range")
def _started_by(a: Range, b: Range) -> bool:
    """Say whether the second starts where the first starts and ends no later."""
    return _starts(b, a)


@_relation("coincides", "point;range", "point;range")
def _coincides(a: Range, b: Range) -> bool:
    """Say whether the two are the same points."""
    return _starts_first(a, b) == 0 and _ends_first(a, b) == 0


@built_in("range", "from: string", "range")
def _range(_: Any, text: str) -> Range:
    """Make a range of a text such as `[1..10)`."""
    return parse_range(text)


def parse_range(text: str) -> Range:
    """Read a range whose endpoints are literals; raises `FeelNull` when the text is none."""
    from feeldmn import nodes
    from feeldmn.errors import FeelSyntaxError
    from feeldmn.parsing import Parser

    problem = FeelNull("feel.text", f"{text!r:.60} is no range: write it like [1..10)")
    bounded = _OPEN_END.sub(r"..null\1", _OPEN_START.sub(r"\1null..", text))
    try:
        tree = Parser(bounded).expression_text()
    except FeelSyntaxError:
        raise problem from None
    if not isinstance(tree, nodes.RangeLiteral) or tree.operator:
        raise problem
    start, end = _endpoint(tree.start, problem), _endpoint(tree.end, problem)
    if start is None and end is None:
        raise problem
    if start is not None and end is not None:
        if type(start) is not type(end):
            raise problem
        order = compare(start, end)
        if order is None or order > 0:
            raise problem
    if (start is None and tree.start_included) or (end is None and tree.end_included):
        raise problem
    operator = ""
    if end is None:
        operator = ">=" if tree.start_included else ">"
    elif start is None:
        operator = "<=" if tree.end_included else "<"
    return Range(start, end, tree.start_included, tree.end_included, operator)


def _endpoint(node: Any, problem: FeelNull) -> Any:
    from feeldmn import nodes

    if node is None:
        return None
    if isinstance(node, nodes.Literal) and type(node.value) is not bool:
        return node.value
    if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name) and len(node.arguments) == 1:
        argument = node.arguments[0]
        if isinstance(argument, nodes.Literal) and type(argument.value) is str:
            value = parse_at_literal(argument.value)
            if value is not None and node.function.name in (kind_of(value), "duration"):
                return value
    raise problem
