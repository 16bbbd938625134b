"""Literals, names, lists, contexts, ranges and coercions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from feeldmn import nodes
from feeldmn.builtins import BUILT_INS
from feeldmn.comparison import compare
from feeldmn.compiler.core import MISSING, Closure, Compiler, Frame, compiles
from feeldmn.runtime import Unit
from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from feeldmn.types import FeelType, SimpleType, coerce
from feeldmn.values import Range, kind_of

_ENDPOINTS = frozenset({Decimal, str, Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration})


@compiles(nodes.Literal)
def _literal(_: Compiler, node: nodes.Literal) -> Closure:
    value = node.value
    return lambda frame: value


@compiles(nodes.Name)
def _name(compiler: Compiler, node: nodes.Name) -> Closure:
    name = node.name
    items, slot = compiler.resolve(name)
    if slot is None:
        if not items:
            compiler.places.setdefault(name, (node.at, compiler.unit))
        read = _free_name(compiler, node)
    elif not items:
        return lambda frame: frame[slot]
    else:
        bound = slot
        read = lambda frame: frame[bound]  # noqa: E731
    for item in reversed(items):
        read = _item_entry(name, item, read)
    return read


def _item_entry(name: str, slot: int, otherwise: Closure) -> Closure:
    if name == "item":

        def read_item(frame: Frame) -> Any:
            item = frame[slot]
            return item["item"] if type(item) is dict and "item" in item else item

        return read_item

    def read(frame: Frame) -> Any:
        item = frame[slot]
        if type(item) is dict and name in item:
            return item[name]
        return otherwise(frame)

    return read


def _free_name(compiler: Compiler, node: nodes.Name) -> Closure:
    name, at, unit = node.name, node.at, compiler.unit
    slot = compiler.free_slot(name)
    built_in = None if name in compiler.declared else BUILT_INS.get(name)

    def read(frame: Frame) -> Any:
        value = frame[slot]
        if value is MISSING:
            if built_in is not None:
                return built_in
            return frame[0].note("feel.unknown_name", f"the name {name!r} is not known here", at, unit)
        return value

    return read


@compiles(nodes.ListLiteral)
def _list(compiler: Compiler, node: nodes.ListLiteral) -> Closure:
    items = [compiler.compile(item) for item in node.items]
    if all(isinstance(item, nodes.Literal) for item in node.items):
        values = [item.value for item in node.items if isinstance(item, nodes.Literal)]
        return lambda frame: values
    return lambda frame: [item(frame) for item in items]


@compiles(nodes.ContextLiteral)
def _context(compiler: Compiler, node: nodes.ContextLiteral) -> Closure:
    names: dict[str, int] = {}
    entries: list[tuple[str, int, Closure]] = []
    seen: set[str] = set()
    duplicate: nodes.ContextEntry | None = None
    unit = compiler.unit
    with compiler.block(names):
        for entry in node.entries:
            if entry.key in seen:
                duplicate = duplicate or entry
            seen.add(entry.key)
            slot = compiler.slot()
            if _is_function(entry.value) and node.scoped:
                names[entry.key] = slot  # a function may call itself by the name of its entry
                compiler.own_slot = slot
            value = compiler.compile(entry.value)
            if entry.type is not None:
                value = coercion(compiler, value, entry.type, entry.at, f"the entry {entry.key!r}")
            if node.scoped:
                names[entry.key] = slot
            entries.append((entry.key, slot, value))
        result = compiler.compile(node.result) if node.result is not None else None
    if duplicate is not None:
        key, at = duplicate.key, duplicate.at
        return lambda frame: frame[0].note("feel.duplicate", f"the key {key!r} occurs twice", at, unit)
    return _context_closure(entries, result)


def _context_closure(entries: list[tuple[str, int, Closure]], result: Closure | None) -> Closure:
    if result is not None:

        def run(frame: Frame) -> Any:
            for _key, slot, value in entries:
                frame[slot] = value(frame)
            return result(frame)

        return run

    def make(frame: Frame) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, slot, value in entries:
            made[key] = frame[slot] = value(frame)
        return made

    return make


def _is_function(node: nodes.Node) -> bool:
    while isinstance(node, (nodes.Sourced, nodes.Coerce)):
        node = node.value
    return isinstance(node, nodes.FunctionLiteral)


@compiles(nodes.RangeLiteral)
def _range(compiler: Compiler, node: nodes.RangeLiteral) -> Closure:
    unit, at = compiler.unit, node.at
    start = compiler.compile(node.start) if node.start is not None else None
    end = compiler.compile(node.end) if node.end is not None else None
    low_in, high_in, operator = node.start_included, node.end_included, node.operator

    def refuse(frame: Frame, found: str) -> None:
        frame[0].note("feel.range", f"a range cannot be made of {found}", at, unit)

    def make(frame: Frame) -> Range | None:
        low = start(frame) if start is not None else None
        high = end(frame) if end is not None else None
        if (start is not None and low is None) or (end is not None and high is None):
            refuse(frame, "null")
            return None
        for point in (low, high):
            if point is not None and type(point) not in _ENDPOINTS and not operator:
                refuse(frame, kind_of(point))
                return None
        if low is not None and high is not None and not operator and compare(low, high) is None:
            refuse(frame, f"{kind_of(low)} and {kind_of(high)}")
            return None
        return Range(low, high, low_in, high_in, operator)

    if all(end is None or isinstance(end, nodes.Literal) for end in (node.start, node.end)):
        low_value = node.start.value if isinstance(node.start, nodes.Literal) else None
        high_value = node.end.value if isinstance(node.end, nodes.Literal) else None
        kinds = {type(value) for value in (low_value, high_value) if value is not None}
        if len(kinds) == 1 and kinds <= _ENDPOINTS:
            constant = Range(low_value, high_value, low_in, high_in, operator)
            return lambda frame: constant
    return make


def coercion(compiler: Compiler, value: Closure, kind: FeelType, at: int, what: str) -> Closure:
    """Return a closure whose value conforms to `kind`, or is null with a diagnostic."""
    unit = compiler.unit
    at_once = kind.python if isinstance(kind, SimpleType) else frozenset[type]()

    def checked(frame: Frame) -> Any:
        found = value(frame)
        if found is None or type(found) in at_once:
            return found
        fitted, fits = coerce(found, kind)
        if not fits:
            frame[0].note("feel.type", f"{what} should be {kind}, but {kind_of(found)} was found", at, unit)
        return fitted

    return checked


@compiles(nodes.Coerce)
def _coerce(compiler: Compiler, node: nodes.Coerce) -> Closure:
    return coercion(compiler, compiler.compile(node.value), node.type, node.at, node.what or "the value")


@compiles(nodes.Sourced)
def _sourced(compiler: Compiler, node: nodes.Sourced) -> Closure:
    with compiler.within(Unit(node.source, node.where, node.line)):
        return compiler.compile(node.value)
