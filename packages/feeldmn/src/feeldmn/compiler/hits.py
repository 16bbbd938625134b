"""Hit policies, aggregations and defaults (DMN 1.5, 8.2.8 and 8.2.11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import reduce
from typing import Any

from feeldmn import nodes
from feeldmn.arithmetic import add
from feeldmn.comparison import compare, equal
from feeldmn.compiler.core import Closure, Compiler, Frame
from feeldmn.compiler.structures import coercion
from feeldmn.runtime import FeelNull
from feeldmn.table_nodes import Aggregation, DecisionTable, HitPolicy, TableOutput
from feeldmn.types import ConstrainedType, FeelType
from feeldmn.values import kind_of

Decide = Callable[[Frame, int], Any]


class Outputs:
    """The output entries of a table as closures: one value, or a context when there are several columns."""

    def __init__(self, compiler: Compiler, node: DecisionTable) -> None:
        self.node = node
        self.names = [output.name for output in node.outputs]
        self.rules = [self._row(compiler, node, rule.number - 1) for rule in node.rules]
        self.default = self._default(compiler, node)
        self.priorities = [_priorities(compiler, output) for output in node.outputs]

    def _cell(self, compiler: Compiler, output: TableOutput, entry: nodes.Node, what: str) -> Closure:
        value = compiler.compile(entry)
        if output.type is None:
            return value
        inner = entry.value if isinstance(entry, nodes.Sourced) else entry
        if isinstance(inner, nodes.Literal) and inner.value is not None and output.type.accepts(inner.value):
            return value
        return coercion(compiler, value, output.type, 0, what)

    def _row(self, compiler: Compiler, node: DecisionTable, row: int) -> Closure:
        rule = node.rules[row]
        cells = [
            self._cell(compiler, output, entry, f"rule {rule.number}, output {output.name!r}")
            for output, entry in zip(node.outputs, rule.outputs, strict=False)
        ]
        if len(self.names) == 1 and len(cells) == 1:
            return cells[0]
        pairs = list(zip(self.names, cells, strict=False))
        return lambda frame: {name: cell(frame) for name, cell in pairs}

    def _default(self, compiler: Compiler, node: DecisionTable) -> Closure | None:
        if not any(output.default is not None for output in node.outputs):
            return None
        cells = [
            self._cell(compiler, output, output.default or nodes.Literal(0, None), "the default output")
            for output in node.outputs
        ]
        if len(cells) == 1:
            return cells[0]
        pairs = list(zip(self.names, cells, strict=True))
        return lambda frame: {name: cell(frame) for name, cell in pairs}

    def rank(self, frame: Frame, value: Any) -> tuple[int, ...]:
        """Return the place of an output in the order of priority; values that are not listed come last."""
        parts = [value.get(name) for name in self.names] if len(self.names) > 1 else [value]
        ranks = []
        for part, priorities in zip(parts, self.priorities, strict=True):
            listed = priorities(frame) if priorities is not None else []
            place = next((at for at, item in enumerate(listed) if equal(item, part)), len(listed))
            ranks.append(place)
        return tuple(ranks)


def _priorities(compiler: Compiler, output: TableOutput) -> Callable[[Frame], list[Any]] | None:
    """Return a closure for the output values in their order, from the column or from its type."""
    node = output.values.value if isinstance(output.values, nodes.Sourced) else output.values
    if isinstance(node, nodes.Tests):
        items = [
            compiler.compile(part) for part in node.alternatives if not isinstance(part, nodes.Comparison)
        ]
        return lambda frame: [item(frame) for item in items]
    kind: FeelType | None = output.type
    seen = 0
    while kind is not None and seen < 20:
        seen += 1
        if isinstance(kind, ConstrainedType):
            values = getattr(kind.allows, "listed", None)
            if values:
                listed: list[Any] = values
                return lambda frame: listed
            kind = kind.base
        else:
            target = getattr(kind, "target", None)
            kind = target() if target is not None else None
    return None


def _rules(hits: int) -> Iterator[int]:
    """Yield the numbers of the set bits from the first rule on."""
    while hits:
        low = hits & -hits
        yield low.bit_length() - 1
        hits ^= low


def policy(compiler: Compiler, node: DecisionTable, outputs: Outputs) -> Decide:
    """Return the function that makes the result of the rules that match."""
    unit, hit_policy = compiler.unit, node.hit_policy
    rules, default = outputs.rules, outputs.default

    def none(frame: Frame) -> Any:
        if default is not None:
            return default(frame)
        return frame[0].note("dmn.no_rule", "no rule of the decision table matches", 0, unit)

    def numbers(hits: int) -> str:
        return ", ".join(str(node.rules[rule].number) for rule in _rules(hits))

    def unique(frame: Frame, hits: int) -> Any:
        if not hits:
            return none(frame)
        if hits & (hits - 1):
            return frame[0].note(
                "dmn.not_unique", f"the table is UNIQUE, but the rules {numbers(hits)} match", 0, unit
            )
        return rules[hits.bit_length() - 1](frame)

    def first(frame: Frame, hits: int) -> Any:
        return rules[(hits & -hits).bit_length() - 1](frame) if hits else none(frame)

    def any_rule(frame: Frame, hits: int) -> Any:
        if not hits:
            return none(frame)
        values = [rules[rule](frame) for rule in _rules(hits)]
        if not all(value is values[0] or equal(value, values[0]) for value in values):
            return frame[0].note(
                "dmn.not_same",
                f"the table is ANY, but the rules {numbers(hits)} give different values",
                0,
                unit,
            )
        return values[0]

    def priority(frame: Frame, hits: int) -> Any:
        if not hits:
            return none(frame)
        values = [rules[rule](frame) for rule in _rules(hits)]
        return min(values, key=lambda value: outputs.rank(frame, value))

    def rule_order(frame: Frame, hits: int) -> Any:
        if not hits:
            return _listed(default(frame)) if default is not None else []
        return [rules[rule](frame) for rule in _rules(hits)]

    def output_order(frame: Frame, hits: int) -> Any:
        return sorted(rule_order(frame, hits), key=lambda value: outputs.rank(frame, value))

    if hit_policy is HitPolicy.COLLECT and node.aggregation is not None:
        return _aggregated(compiler, node, outputs, none)
    return {
        HitPolicy.UNIQUE: unique,
        HitPolicy.FIRST: first,
        HitPolicy.ANY: any_rule,
        HitPolicy.PRIORITY: priority,
        HitPolicy.COLLECT: rule_order,
        HitPolicy.RULE_ORDER: rule_order,
        HitPolicy.OUTPUT_ORDER: output_order,
    }[hit_policy]


def _listed(value: Any) -> list[Any]:
    return value if type(value) is list else [value]


def _aggregated(
    compiler: Compiler, node: DecisionTable, outputs: Outputs, none: Callable[[Frame], Any]
) -> Decide:
    unit, aggregation, rules = compiler.unit, node.aggregation, outputs.rules
    assert aggregation is not None

    def decide(frame: Frame, hits: int) -> Any:
        if not hits:
            if aggregation is Aggregation.COUNT and outputs.default is None:
                return Decimal(0)
            return none(frame)
        values = [rules[rule](frame) for rule in _rules(hits)]
        try:
            if len(outputs.names) > 1 and aggregation is not Aggregation.COUNT:
                return {
                    name: _aggregate(aggregation, [value.get(name) for value in values])
                    for name in outputs.names
                }
            return _aggregate(aggregation, values)
        except FeelNull as null:
            return frame[0].fail(null, 0, unit)

    return decide


def _aggregate(aggregation: Aggregation, values: list[Any]) -> Any:
    if aggregation is Aggregation.COUNT:
        return Decimal(len(values))
    if aggregation is Aggregation.SUM:
        return reduce(add, values)
    best = values[0]
    for value in values[1:]:
        order = compare(value, best)
        if order is None:
            raise FeelNull("feel.comparison", f"{kind_of(value)} and {kind_of(best)} cannot be compared")
        if (order < 0) is (aggregation is Aggregation.MIN) and order:
            best = value
    return best
