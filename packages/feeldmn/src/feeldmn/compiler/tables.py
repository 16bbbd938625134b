"""Decision tables: inputs are evaluated once, rules are found by bit masks, then the hit policy decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feeldmn import nodes
from feeldmn.compiler.columns import Column, column
from feeldmn.compiler.core import Closure, Compiler, Frame, compiles
from feeldmn.compiler.hits import Outputs, policy
from feeldmn.compiler.structures import coercion
from feeldmn.runtime import Hit
from feeldmn.table_nodes import DecisionTable, TableInput


@compiles(nodes.Invalid)
def _invalid(compiler: Compiler, node: nodes.Invalid) -> Closure:
    unit, at, code, message = compiler.unit, node.at, node.code, node.message
    return lambda frame: frame[0].note(code, message, at, unit)


@compiles(DecisionTable)
def _table(compiler: Compiler, node: DecisionTable) -> Closure:
    every_rule = (1 << len(node.rules)) - 1
    columns: list[tuple[Closure, int, Column]] = []
    for number, part in enumerate(node.inputs):
        value, slot = _input(compiler, part), compiler.slot()
        with compiler.block({"?": slot}):
            cells = [
                rule.tests[number] if number < len(rule.tests) else nodes.Tests(0, ()) for rule in node.rules
            ]
            columns.append((value, slot, column(compiler, cells, slot)))
    outputs = Outputs(compiler, node)
    decide = policy(compiler, node, outputs)
    return _run(columns, every_rule, _traced(compiler, node, decide))


def _traced(
    compiler: Compiler, node: DecisionTable, decide: Callable[[Frame, int], Any]
) -> Callable[[Frame, int], Any]:
    """Record the rules that matched, when the evaluation is traced."""
    unit, rules = compiler.unit, node.rules

    def traced(frame: Frame, hits: int) -> Any:
        trace = frame[0].hits
        if trace is not None and len(trace) < frame[0].limits.diagnostics:
            matched = [rule for at, rule in enumerate(rules) if hits >> at & 1]
            numbers, notes = (
                tuple(rule.number for rule in matched),
                tuple(rule.annotations for rule in matched),
            )
            trace.append(Hit(unit.where, unit.line, numbers, notes))
        return decide(frame, hits)

    return traced


def _run(
    columns: list[tuple[Closure, int, Column]], every_rule: int, decide: Callable[[Frame, int], Any]
) -> Closure:
    def run(frame: Frame) -> Any:
        values = [value(frame) for value, _slot, _column in columns]
        hits = every_rule
        for value, (_closure, slot, match) in zip(values, columns, strict=True):
            frame[slot] = value
            hits &= match(frame, value, hits)
            if not hits:
                break
        return decide(frame, hits)

    def one(frame: Frame) -> Any:
        value = closure(frame)
        frame[slot] = value
        return decide(frame, match(frame, value, every_rule))

    if len(columns) == 1:
        closure, slot, match = columns[0]
        return one
    return run


def _input(compiler: Compiler, part: TableInput) -> Closure:
    """Compile an input expression; a value outside the allowed ones is null with a diagnostic."""
    value = compiler.compile(part.expression)
    if part.type is not None:
        value = coercion(compiler, value, part.type, 0, f"the input {part.label!r}")
    if part.allowed is None:
        return value
    slot, unit, label = compiler.slot(), compiler.unit, part.label
    with compiler.block({"?": slot}):
        allowed = compiler.compile(part.allowed)

    def checked(frame: Frame) -> Any:
        found = frame[slot] = value(frame)
        if found is not None and allowed(frame) is not True:
            return frame[0].note(
                "dmn.input_not_allowed", f"the input {label!r} has a value that is not allowed", 0, unit
            )
        return found

    return checked
