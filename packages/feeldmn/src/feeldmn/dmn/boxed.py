"""Boxed expressions of a DMN file as nodes of the syntax tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feeldmn import nodes
from feeldmn.dmn.items import TypeTable
from feeldmn.dmn.xml import child, children, line_of, local, text_of
from feeldmn.errors import FeelDmnError, FeelSyntaxError
from feeldmn.parsing import NameIndex, Parser, normalize_name
from feeldmn.table_nodes import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    TableInput,
    TableOutput,
    TableRule,
)
from feeldmn.types import ListType, plain

#: Elements that hold an expression, where a DMN file may have one.
EXPRESSIONS = (
    "literalExpression",
    "decisionTable",
    "context",
    "relation",
    "list",
    "functionDefinition",
    "invocation",
    "conditional",
    "for",
    "some",
    "every",
    "filter",
)
MAX_NESTING = 60
_MULTIPLE_HITS = (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)


class BoxedReader:
    """Reads the expression of one decision or business knowledge model."""

    def __init__(self, types: TypeTable, names: NameIndex, where: str) -> None:
        self.types = types
        self.names = names
        self.where = where
        self.depth = 0
        #: What could not be parsed, with its place.
        self.problems: list[FeelDmnError] = []

    def expression_in(self, element: Any, what: str = "") -> nodes.Node | None:
        """Return the expression held by `element`, or None when there is none."""
        found = child(element, *EXPRESSIONS)
        return None if found is None else self.expression(found, what)

    def _needed(self, element: Any, what: str) -> nodes.Node:
        found = self.expression_in(element, what) if element is not None else None
        return found if found is not None else nodes.Literal(0, None)

    def expression(self, element: Any, what: str = "") -> nodes.Node:
        """Return the node of a boxed expression."""
        self.depth += 1
        try:
            if self.depth > MAX_NESTING:
                return self._too_deep(element, what)
            node = _READERS[local(element)](self, element, what)
        finally:
            self.depth -= 1
        kind = self.types.reference(element.get("typeRef"), element.sourceline or 0)
        if kind is not None and local(element) not in ("functionDefinition", "decisionTable"):
            return nodes.Coerce(0, node, kind, what)
        return node

    def _too_deep(self, element: Any, what: str) -> nodes.Node:
        error = FeelDmnError(
            f"boxed expressions are nested more than {MAX_NESTING} deep",
            code="dmn.depth",
            where=self.place(what),
            line=line_of(element),
            remedy="split the decision",
        )
        self.problems.append(error)
        return nodes.Invalid(0, error.code, error.message)

    # --- texts

    def place(self, what: str) -> str:
        """Return where a part lies, for errors and diagnostics."""
        return ", ".join(part for part in (self.where, what) if part)

    def parse(self, element: Any, what: str, *, tests: bool = False) -> nodes.Node:
        """Parse the FEEL text of an element; what is no FEEL becomes an `Invalid` node and a problem."""
        where, text, line = self.place(what), text_of(element), line_of(element)
        if not text.strip():
            return nodes.Tests(0, ()) if tests else nodes.Literal(0, None)
        try:
            parser = Parser(text, self.names, types=self.types.find)
            tree = parser.unary_tests_text() if tests else parser.expression_text()
        except FeelSyntaxError as error:
            error.where = where
            error.line = line + (error.position.line - 1 if error.position else 0)
            self.problems.append(error)
            offset = error.position.offset if error.position else 0
            tree = nodes.Invalid(offset, error.code, f"{error.message}; found {error.found}")
        return nodes.Sourced(0, tree, text, where, line)

    def text(self, element: Any, what: str, *, tests: bool = False) -> nodes.Node:
        """Parse the text of an element, when it is written in FEEL."""
        language = "" if element is None else element.get("expressionLanguage") or ""
        if language and "feel" not in language.lower():
            error = FeelDmnError(
                "the expression is not written in FEEL",
                code="dmn.language",
                found=language,
                where=self.place(what),
                line=line_of(element),
                remedy="rewrite it in FEEL",
            )
            self.problems.append(error)
            return nodes.Invalid(0, error.code, f"{error.message}; found {language}")
        return self.parse(element, what, tests=tests)

    def literal(self, element: Any, what: str) -> nodes.Node:
        """Read a literal expression."""
        return self.text(element, what)

    # --- structures

    def context(self, element: Any, what: str) -> nodes.Node:
        """Read a boxed context; the entry without a name is its result."""
        entries: list[nodes.ContextEntry] = []
        result: nodes.Node | None = None
        with self._scope():
            for entry in children(element, "contextEntry"):
                variable = child(entry, "variable")
                name = normalize_name(variable.get("name", "")) if variable is not None else ""
                value = self._needed(entry, f"entry {name!r}" if name else what or "result")
                if variable is None:
                    result = value
                    continue
                self.names.add(name)
                entries.append(
                    nodes.ContextEntry(
                        name,
                        value,
                        0,
                        self.types.reference(variable.get("typeRef"), variable.sourceline or 0),
                    )
                )
        return nodes.ContextLiteral(0, tuple(entries), result)

    def listed(self, element: Any, what: str) -> nodes.Node:
        """Read a boxed list."""
        items = [self.expression(item, what) for item in children(element, *EXPRESSIONS)]
        return nodes.ListLiteral(0, tuple(items))

    def relation(self, element: Any, what: str) -> nodes.Node:
        """Read a relation: a list of contexts with the columns as keys."""
        columns = [
            (
                normalize_name(column.get("name", "")),
                self.types.reference(column.get("typeRef"), column.sourceline or 0),
            )
            for column in children(element, "column")
        ]
        rows: list[nodes.Node] = []
        for number, row in enumerate(children(element, "row"), 1):
            cells = [
                self.expression(cell, f"{what} row {number}".strip()) for cell in children(row, *EXPRESSIONS)
            ]
            entries = tuple(
                nodes.ContextEntry(name, cell, 0, kind)
                for (name, kind), cell in zip(columns, cells, strict=False)
            )
            rows.append(nodes.ContextLiteral(0, entries, scoped=False))
        for name, _kind in columns:
            self.names.add(name)
        return nodes.ListLiteral(0, tuple(rows))

    def function(self, element: Any, what: str) -> nodes.Node:
        """Read a function definition."""
        parameters = tuple(
            nodes.FunctionParameter(
                normalize_name(p.get("name", "")), self.types.reference(p.get("typeRef"), p.sourceline or 0)
            )
            for p in children(element, "formalParameter")
        )
        kind = (element.get("kind") or "FEEL").lower()
        with self._scope():
            for parameter in parameters:
                self.names.add(parameter.name)
            body = self._needed(element, what)
        external = "" if kind == "feel" else kind
        return nodes.FunctionLiteral(
            0,
            parameters,
            body,
            external,
            self.types.reference(element.get("typeRef"), element.sourceline or 0),
        )

    def invocation(self, element: Any, what: str) -> nodes.Node:
        """Read an invocation with named bindings."""
        function = self._needed(element, what)
        names, arguments = [], []
        for binding in children(element, "binding"):
            parameter = child(binding, "parameter")
            name = normalize_name(parameter.get("name", "")) if parameter is not None else ""
            names.append(name)
            arguments.append(self._needed(binding, f"{what} binding {name!r}".strip()))
        return nodes.Call(0, function, tuple(arguments), tuple(names) or None)

    def conditional(self, element: Any, what: str) -> nodes.Node:
        """Read a boxed conditional."""
        parts = [
            self._needed(child(element, part), f"{what} {part}".strip()) for part in ("if", "then", "else")
        ]
        return nodes.If(0, *parts)

    def loop(self, element: Any, what: str) -> nodes.Node:
        """Read a boxed for, some or every."""
        kind = local(element)
        domain_element = child(element, "in")
        domain = self._needed(domain_element, f"{what} in".strip())
        variable = normalize_name(element.get("iteratorVariable", "")) or "item"
        declared = (
            self.types.reference(domain_element.get("typeRef"), domain_element.sourceline or 0)
            if domain_element is not None
            else None
        )
        iteration = nodes.Iteration(variable, domain, None, declared)
        body_name = "return" if kind == "for" else "satisfies"
        with self._scope():
            self.names.add(variable)
            self.names.add("partial")
            body = self._needed(child(element, body_name), f"{what} {body_name}".strip())
        if kind == "for":
            return nodes.For(0, (iteration,), body)
        return nodes.Quantified(0, kind == "every", (iteration,), body)

    def filtered(self, element: Any, what: str) -> nodes.Node:
        """Read a boxed filter."""
        value = self._needed(child(element, "in"), f"{what} in".strip())
        with self._scope():
            self.names.add("item")
            match = self._needed(child(element, "match"), f"{what} match".strip())
        return nodes.Filter(0, value, match)

    def table(self, element: Any, what: str) -> nodes.Node:
        """Read a decision table."""
        inputs = [
            self._table_input(part, number) for number, part in enumerate(children(element, "input"), 1)
        ]
        outputs = [
            self._table_output(part, number) for number, part in enumerate(children(element, "output"), 1)
        ]
        rules = [self._table_rule(part, number) for number, part in enumerate(children(element, "rule"), 1)]
        policy = (element.get("hitPolicy") or "UNIQUE").upper()
        aggregation = element.get("aggregation")
        try:
            hit_policy = HitPolicy(policy)
            how = Aggregation(aggregation.upper()) if aggregation else None
        except ValueError:
            error = FeelDmnError(
                "the hit policy is unknown",
                code="dmn.hit_policy",
                found=f"{policy} {aggregation or ''}",
                where=self.place(what),
            )
            self.problems.append(error)
            return nodes.Invalid(0, error.code, error.message)
        if len(outputs) == 1 and outputs[0].type is None:
            # The type of the table is that of its result: of each hit only where there is one hit.
            kind = self.types.reference(element.get("typeRef"), element.sourceline or 0)
            target = plain(kind) if kind is not None else None
            if how is None and hit_policy in _MULTIPLE_HITS:
                kind = target.item if isinstance(target, ListType) else None
            outputs = [TableOutput(outputs[0].name, kind, outputs[0].values, outputs[0].default)]
        return DecisionTable(0, tuple(inputs), tuple(outputs), tuple(rules), hit_policy, how)

    def _table_input(self, element: Any, number: int) -> TableInput:
        expression = child(element, "inputExpression")
        text = text_of(expression)
        values = child(element, "inputValues")
        node = self.text(expression, f"input {number}")
        if not text.strip():
            node = nodes.Literal(0, None)
        kind = (
            self.types.reference(expression.get("typeRef"), expression.sourceline or 0)
            if expression is not None
            else None
        )
        allowed = self.parse(values, f"values of input {number}", tests=True) if values is not None else None
        return TableInput(element.get("label") or " ".join(text.split()), node, kind, _allowed(allowed))

    def _table_output(self, element: Any, number: int) -> TableOutput:
        values, default = child(element, "outputValues"), child(element, "defaultOutputEntry")
        return TableOutput(
            normalize_name(element.get("name") or ""),
            self.types.reference(element.get("typeRef"), element.sourceline or 0),
            self.parse(values, f"values of output {number}", tests=True) if values is not None else None,
            self.parse(default, f"default of output {number}") if default is not None else None,
        )

    def _table_rule(self, element: Any, number: int) -> TableRule:
        cells, results = list(children(element, "inputEntry")), list(children(element, "outputEntry"))
        tests = [self.text(cell, f"rule {number}, input {n}", tests=True) for n, cell in enumerate(cells, 1)]
        outputs = [self.text(cell, f"rule {number}, output {n}") for n, cell in enumerate(results, 1)]
        annotations = tuple(text_of(note) for note in children(element, "annotationEntry"))
        texts = tuple(" ".join(text_of(cell).split()) or "-" for cell in (*cells, *results))
        return TableRule(number, tuple(tests), tuple(outputs), texts, annotations)

    def _scope(self) -> _Names:
        return _Names(self)


class _Names:
    """Names known within a part of a boxed expression."""

    def __init__(self, reader: BoxedReader) -> None:
        self.reader = reader
        self.outer = reader.names

    def __enter__(self) -> None:
        self.reader.names = NameIndex((), self.outer)

    def __exit__(self, *_: object) -> None:
        self.reader.names = self.outer


def _allowed(node: nodes.Node | None) -> nodes.Tests | None:
    """Return the tests of allowed values; an empty or unreadable text allows everything."""
    inner = node.value if isinstance(node, nodes.Sourced) else node
    return node if isinstance(inner, nodes.Tests) and inner.alternatives else None  # type: ignore[return-value]


_READERS: dict[str, Callable[[BoxedReader, Any, str], nodes.Node]] = {
    "literalExpression": BoxedReader.literal,
    "decisionTable": BoxedReader.table,
    "context": BoxedReader.context,
    "relation": BoxedReader.relation,
    "list": BoxedReader.listed,
    "functionDefinition": BoxedReader.function,
    "invocation": BoxedReader.invocation,
    "conditional": BoxedReader.conditional,
    "for": BoxedReader.loop,
    "some": BoxedReader.loop,
    "every": BoxedReader.loop,
    "filter": BoxedReader.filtered,
}
