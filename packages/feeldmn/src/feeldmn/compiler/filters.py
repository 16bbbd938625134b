"""Filters: `list[condition]`, `list[index]`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from feeldmn import nodes
from feeldmn.compiler.core import Closure, Compiler, Frame, compiles
from feeldmn.runtime import Unit
from feeldmn.values import kind_of


@compiles(nodes.Filter)
def _filter(compiler: Compiler, node: nodes.Filter) -> Closure:
    value, unit, at = compiler.compile(node.value), compiler.unit, node.condition.at
    if isinstance(node.condition, nodes.Literal) and type(node.condition.value) is Decimal:
        index = node.condition.value

        def pick(frame: Frame) -> Any:
            found = value(frame)
            return _at(frame, found if type(found) is list else _listed(found), index, at, unit)

        return pick
    slot = compiler.slot()
    with compiler.block({}, item=slot):
        condition = compiler.compile(node.condition)

    def run(frame: Frame) -> Any:
        found = value(frame)
        items = found if type(found) is list else _listed(found)
        runtime, kept, outer = frame[0], [], frame[slot]
        runtime.spend(len(items))
        try:
            for item in items:
                frame[slot] = item
                answer = condition(frame)
                if answer is True:
                    kept.append(item)
                elif answer is not False and answer is not None:
                    if type(answer) is Decimal:
                        return _at(frame, items, answer, at, unit)
                    return runtime.note(
                        "feel.filter",
                        f"a filter takes a condition or an index, not {kind_of(answer)}",
                        at,
                        unit,
                    )
        finally:
            frame[slot] = outer
        return kept

    return run


def _listed(value: Any) -> list[Any]:
    return [] if value is None else [value]


def _at(frame: Frame, items: list[Any], index: Decimal, at: int, unit: Unit) -> Any:
    position = int(index) if index == index.to_integral_value() else 0
    if position > 0 and position <= len(items):
        return items[position - 1]
    if position < 0 and -position <= len(items):
        return items[position]
    return frame[0].note(
        "feel.index", f"the list of {len(items)} has no element {index}: count from 1", at, unit
    )
