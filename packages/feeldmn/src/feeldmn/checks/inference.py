"""Types of expressions as far as they can be told beforehand, and clashes between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from feeldmn import nodes, types
from feeldmn.builtins import BUILT_INS
from feeldmn.checks.clashes import DURATIONS, Known, arithmetic_type, clash, refusal, type_of_value
from feeldmn.checks.findings import Finding
from feeldmn.compiler.paths import PROPERTIES
from feeldmn.errors import Severity
from feeldmn.runtime import Unit
from feeldmn.table_nodes import DecisionTable
from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from feeldmn.types import BUILT_IN_TYPES, ContextType, FeelType, ListType, SimpleType, plain
from feeldmn.values import Range

if TYPE_CHECKING:
    from feeldmn.dmn.elements import Invocable

_PYTHON = {
    types.DATE: Date,
    types.TIME: Time,
    types.DATE_TIME: DateTime,
    types.DAYS_TIME: DaysTimeDuration,
    types.YEARS_MONTHS: YearsMonthsDuration,
}


def check_types(element: Invocable) -> list[Finding]:
    """Return the clashes of types in the expression of a decision or business knowledge model."""
    environment: dict[str, Known] = {}
    for reference in element.requires:
        if not reference.through:
            environment[reference.name] = reference.target.type
    inference = Inference(environment, Unit("", element.where, element.line))
    found = inference.of(element.tree) if element.tree is not None else None
    declared = element.type
    if found is not None and declared is not None and element.noun == "decision" and clash(found, declared):
        inference.report(0, f"the result is {found}, but the decision is declared as {declared}")
    return inference.findings


class Inference:
    """Walks an expression; `findings` collects the clashes."""

    def __init__(self, environment: Mapping[str, Known], unit: Unit) -> None:
        self.environment: dict[str, Known] = dict(environment)
        self.unit = unit
        self.findings: list[Finding] = []

    def report(self, at: int, message: str) -> None:
        """Add a clash at an offset of the current source."""
        self.findings.append(
            Finding(
                "check.type",
                Severity.ERROR,
                message,
                self.unit.where,
                self.unit.position(at),
                line=self.unit.line_of(at),
            )
        )

    @contextmanager
    def scope(self, names: Mapping[str, Known]) -> Iterator[None]:
        """Infer with more names."""
        outer = self.environment
        self.environment = {**outer, **names}
        try:
            yield
        finally:
            self.environment = outer

    def of(self, node: nodes.Node) -> Known:
        """Return the type of an expression, or None."""
        handler = _HANDLERS.get(type(node))
        return handler(self, node) if handler is not None else None

    # --- leaves

    def literal(self, node: nodes.Literal) -> Known:
        return None if node.value is None else type_of_value(node.value)

    def name(self, node: nodes.Name) -> Known:
        return self.environment.get(node.name)

    def sourced(self, node: nodes.Sourced) -> Known:
        outer, self.unit = self.unit, Unit(node.source, node.where, node.line)
        try:
            return self.of(node.value)
        finally:
            self.unit = outer

    def coerce(self, node: nodes.Coerce) -> Known:
        found = self.of(node.value)
        if found is not None and clash(found, node.type):
            self.report(node.at, f"the value is {found}, but {node.type} is declared")
        return node.type

    # --- operators

    def unary(self, node: nodes.Unary) -> Known:
        kind = self._plain(node.operand)
        if isinstance(kind, SimpleType) and kind not in (types.NUMBER, *DURATIONS):
            self.report(node.at, f"- {kind} has no value")
        return kind

    def binary(self, node: nodes.Binary) -> Known:
        left, right = self._plain(node.left), self._plain(node.right)
        operator = node.operator
        if operator in ("and", "or"):
            for kind in (left, right):
                if isinstance(kind, SimpleType) and kind is not types.BOOLEAN:
                    self.report(node.operator_at, f"{operator!r} joins booleans, but {kind} was found")
            return types.BOOLEAN
        if not isinstance(left, SimpleType) or not isinstance(right, SimpleType):
            return types.BOOLEAN if operator in _COMPARISONS else None
        if operator in _COMPARISONS:
            if left != right:
                self.report(node.operator_at, f"{left} {operator} {right} cannot be compared")
            return types.BOOLEAN
        result = arithmetic_type(operator, left, right)
        if result is None:
            self.report(node.operator_at, f"{left} {operator} {right} has no value")
        return result

    def between(self, node: nodes.Between) -> Known:
        value = self._plain(node.value)
        for bound in (node.low, node.high):
            kind = self._plain(bound)
            if isinstance(value, SimpleType) and isinstance(kind, SimpleType) and value != kind:
                self.report(bound.at, f"{value} cannot be compared with {kind}")
        return types.BOOLEAN

    def is_in(self, node: nodes.In) -> Known:
        value = self.of(node.value)
        with self.scope({"?": value}):
            for test in node.tests:
                self.cell(test, value)
        return types.BOOLEAN

    def instance_of(self, node: nodes.InstanceOf) -> Known:
        self.of(node.value)
        return types.BOOLEAN

    def condition(self, node: nodes.If) -> Known:
        self._condition(node.condition)
        then, otherwise = self.of(node.then), self.of(node.otherwise)
        return (
            then if then is not None and otherwise is not None and plain(then) == plain(otherwise) else None
        )

    # --- structures

    def listed(self, node: nodes.ListLiteral) -> Known:
        kinds = [self.of(item) for item in node.items]
        first = kinds[0] if kinds else None
        same = first is not None and all(kind is not None and plain(kind) == plain(first) for kind in kinds)
        return ListType(first if same and first is not None else types.ANY)

    def context(self, node: nodes.ContextLiteral) -> Known:
        entries: list[tuple[str, FeelType]] = []
        with self.scope({}):
            for entry in node.entries:
                kind = self.of(entry.value)
                if entry.type is not None and kind is not None and clash(kind, entry.type):
                    self.report(entry.at, f"the entry {entry.key!r} is {kind}, but {entry.type} is declared")
                kind = entry.type or kind
                if node.scoped:
                    self.environment[entry.key] = kind
                entries.append((entry.key, kind or types.ANY))
            if node.result is not None:
                return self.of(node.result)
        return ContextType(tuple(entries))

    def ranged(self, node: nodes.RangeLiteral) -> Known:
        ends = [self._plain(end) for end in (node.start, node.end) if end is not None]
        known = [end for end in ends if isinstance(end, SimpleType)]
        if len(known) == 2 and known[0] != known[1]:
            self.report(node.at, f"a range cannot run from {known[0]} to {known[1]}")
        return types.RangeType(known[0] if known else types.ANY)

    def path(self, node: nodes.Path) -> Known:
        kind = self._plain(node.value)
        listed = isinstance(kind, ListType)
        if isinstance(kind, ListType):
            kind = plain(kind.item)
        result = self._entry(node, kind)
        return ListType(result) if listed and result is not None else result

    def _entry(self, node: nodes.Path, kind: Known) -> Known:
        if isinstance(kind, ContextType) and kind.entries:
            entries = dict(kind.entries)
            if node.name not in entries:
                self.report(node.at, f"the context has no entry {node.name!r}: it has {', '.join(entries)}")
                return None
            return entries[node.name]
        if isinstance(kind, SimpleType):
            properties = PROPERTIES.get(_PYTHON.get(kind, Range), {}) if kind in _PYTHON else {}
            if node.name not in properties:
                self.report(node.at, f"{kind} has no property {node.name!r}")
            elif node.name not in ("timezone", "time offset"):
                return types.NUMBER
        return None

    def filtered(self, node: nodes.Filter) -> Known:
        kind = self._plain(node.value)
        item = kind.item if isinstance(kind, ListType) else kind
        names: dict[str, Known] = {"item": item}
        structure = plain(item) if item is not None else None
        if isinstance(structure, ContextType):
            names.update(structure.entries)
        with self.scope(names):
            condition = self._plain(node.condition)
        if condition is types.NUMBER:
            return item
        if isinstance(condition, SimpleType) and condition is not types.BOOLEAN:
            self.report(node.condition.at, f"a filter takes a condition or an index, not {condition}")
        return ListType(item or types.ANY) if condition is types.BOOLEAN else None

    def loop(self, node: nodes.For) -> Known:
        with self.scope({}):
            self._iterations(node.iterations)
            self.environment["partial"] = types.LIST
            return ListType(self.of(node.body) or types.ANY)

    def quantified(self, node: nodes.Quantified) -> Known:
        with self.scope({}):
            self._iterations(node.iterations)
            self._condition(node.condition)
        return types.BOOLEAN

    def _iterations(self, iterations: tuple[nodes.Iteration, ...]) -> None:
        for iteration in iterations:
            domain = self._plain(iteration.domain)
            if iteration.end is not None:
                self.of(iteration.end)
                item: Known = domain
            elif isinstance(domain, (ListType, types.RangeType)):
                item = domain.item if domain.item is not types.ANY else None
            else:
                item = domain
            self.environment[iteration.name] = iteration.type or item

    # --- functions

    def function(self, node: nodes.FunctionLiteral) -> Known:
        with self.scope({parameter.name: parameter.type for parameter in node.parameters}):
            result = self.of(node.body) if not node.external else None
        if result is not None and node.result_type is not None and clash(result, node.result_type):
            self.report(node.at, f"the function returns {result}, but {node.result_type} is declared")
        parameters = tuple(parameter.type or types.ANY for parameter in node.parameters)
        return types.FunctionType(parameters, node.result_type or result or types.ANY)

    def call(self, node: nodes.Call) -> Known:
        kinds = [self.of(argument) for argument in node.arguments]
        function = node.function
        if isinstance(function, nodes.Sourced):
            function = function.value
        if isinstance(function, nodes.Name) and function.name not in self.environment:
            built_in = BUILT_INS.get(function.name)
            if built_in is not None and node.names is None:
                return self._built_in(node, built_in, kinds)
            return None
        kind = self._plain(node.function)
        if isinstance(kind, types.FunctionType):
            return kind.result if kind.result is not types.ANY else None
        return None

    def _built_in(self, node: nodes.Call, built_in: Any, kinds: list[Known]) -> Known:
        if not built_in.takes(len(kinds)):
            self.report(node.at, f"{built_in.name}() does not take {len(kinds)} arguments")
            return None
        ways = [
            s
            for s in built_in.signatures
            if s.least <= len(kinds) and (s.most is None or len(kinds) <= s.most)
        ]
        refused = [refusal(way, kinds) for way in ways]
        if all(refused):
            self.report(node.at, f"{built_in.name}(): {refused[0]}")
        results = {way.result for way in ways}
        return BUILT_IN_TYPES.get(results.pop()) if len(results) == 1 else None

    # --- tables

    def table(self, node: DecisionTable) -> Known:
        inputs: list[Known] = []
        for part in node.inputs:
            found = self.of(part.expression)
            if found is not None and part.type is not None and clash(found, part.type):
                self.report(0, f"the input {part.label!r} is {found}, but {part.type} is declared")
            inputs.append(part.type or found)
        for rule in node.rules:
            for test, kind in zip(rule.tests, inputs, strict=False):
                with self.scope({"?": kind}):
                    self._tests(test, kind)
            for entry, output in zip(rule.outputs, node.outputs, strict=False):
                self._output(entry, output.type)
        return None

    def _tests(self, node: nodes.Node, kind: Known) -> None:
        outer = self.unit
        if isinstance(node, nodes.Sourced):
            self.unit, node = Unit(node.source, node.where, node.line), node.value
        if isinstance(node, nodes.Tests):
            for part in node.alternatives:
                self.cell(part, kind)
        self.unit = outer

    def _output(self, entry: nodes.Node, kind: Known) -> None:
        found = self.of(entry)
        outer = self.unit
        if isinstance(entry, nodes.Sourced):
            self.unit, entry = Unit(entry.source, entry.where, entry.line), entry.value
        if kind is not None and found is not None and clash(found, kind):
            self.report(0, f"the output is {found}, but {kind} is declared")
        elif (
            kind is not None
            and isinstance(entry, nodes.Literal)
            and entry.value is not None
            and not types.coerce(entry.value, kind)[1]
        ):
            self.report(0, f"the output {entry.value} is not among the allowed values of {kind}")
        self.unit = outer

    def cell(self, node: nodes.Node, kind: Known) -> None:
        """Check one alternative of unary tests against the type of the input."""
        operand = node.operand if isinstance(node, nodes.Comparison) else node
        found = self.of(operand)
        if kind is None or found is None or plain(found) is types.BOOLEAN:
            return
        if not isinstance(plain(kind), SimpleType):
            return
        while isinstance(found, (ListType, types.RangeType)):  # tested against by its members
            found = plain(found.item)
        if clash(found, kind):
            self.report(node.at, f"the input is {kind}, but it is tested against {found}")

    def _plain(self, node: nodes.Node) -> Known:
        kind = self.of(node)
        return None if kind is None else plain(kind)

    def _condition(self, node: nodes.Node) -> None:
        kind = self._plain(node)
        if isinstance(kind, SimpleType) and kind is not types.BOOLEAN:
            self.report(node.at, f"a condition is boolean, but {kind} was found")


_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


_HANDLERS: dict[type, Callable[[Inference, Any], Known]] = {
    nodes.Literal: Inference.literal,
    nodes.Name: Inference.name,
    nodes.Sourced: Inference.sourced,
    nodes.Coerce: Inference.coerce,
    nodes.Unary: Inference.unary,
    nodes.Binary: Inference.binary,
    nodes.Between: Inference.between,
    nodes.In: Inference.is_in,
    nodes.InstanceOf: Inference.instance_of,
    nodes.If: Inference.condition,
    nodes.ListLiteral: Inference.listed,
    nodes.ContextLiteral: Inference.context,
    nodes.RangeLiteral: Inference.ranged,
    nodes.Path: Inference.path,
    nodes.Filter: Inference.filtered,
    nodes.For: Inference.loop,
    nodes.Quantified: Inference.quantified,
    nodes.FunctionLiteral: Inference.function,
    nodes.Call: Inference.call,
    DecisionTable: Inference.table,
}
