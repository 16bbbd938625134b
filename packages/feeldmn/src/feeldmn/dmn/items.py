"""Item definitions: the types of a model, with their constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feeldmn import nodes, types
from feeldmn.compiler import Program, compile_program
from feeldmn.dmn.xml import child, children, line_of, text_of
from feeldmn.errors import FeelSyntaxError
from feeldmn.parsing import Parser, normalize_name
from feeldmn.runtime import Runtime, Unit
from feeldmn.types import (
    BUILT_IN_TYPES,
    ConstrainedType,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    NamedType,
)

#: Type names that older modelers (Camunda 7, DMN 1.1 exporters) write.
OLD_NAMES = {
    "integer": types.NUMBER,
    "long": types.NUMBER,
    "double": types.NUMBER,
    "int": types.NUMBER,
    "decimal": types.NUMBER,
    "bool": types.BOOLEAN,
    "days and time duration": types.DAYS_TIME,
    "time duration": types.DAYS_TIME,
}
Problem = Callable[[str, str, str], None]


class TypeTable:
    """The types of one model by name; imported ones as `import name.type name`."""

    def __init__(self, where: str, problem: Problem) -> None:
        self.where = where
        self.problem = problem
        self.types: dict[str, FeelType] = {}
        self.imports: dict[str, TypeTable] = {}
        #: The names of types that are referred to, and the first line that does.
        self.references: dict[str, int] = {}
        #: Names of components anywhere, so that paths and filters read names of several words.
        self.component_names: set[str] = set()

    def find(self, name: str) -> FeelType | None:
        """Return the type of that name, or None."""
        name = normalize_name(name)
        found = self.types.get(name)
        if found is not None:
            return found
        prefix, dot, rest = name.partition(".")
        while dot:
            if prefix in self.imports:
                return self.imports[prefix].find(rest)
            more, dot, rest = rest.partition(".")
            prefix = f"{prefix}.{more}"
        return OLD_NAMES.get(name)

    def reference(self, name: str | None, line: int = 0) -> FeelType | None:
        """Return the type of a `typeRef`, or None where there is none; `feel:number` is `number`."""
        if name is None or not name.strip():
            return None
        name = normalize_name(name)
        if name in self.types:
            return NamedType(name, self.find)
        _prefix, colon, rest = name.partition(":")
        plain = rest if colon else name
        known = BUILT_IN_TYPES.get(plain) or OLD_NAMES.get(plain)
        if known is None:
            self.references.setdefault(name, line)
        return known or NamedType(name, self.find)

    def read(self, definitions: Any) -> None:
        """Read all item definitions of a model."""
        elements = list(children(definitions, "itemDefinition"))
        for element in elements:
            self.types[normalize_name(element.get("name", ""))] = types.ANY  # known before any is read
        for element in elements:
            name = normalize_name(element.get("name", ""))
            self.types[name] = self._item(element, name)
        for name in list(self.types):
            if self._refers_to_itself(self.types[name]):
                self.types[name] = types.ANY
                self.problem("dmn.type_cycle", f"the type {name!r} is defined by itself alone", self.where)

    def unknown(self) -> dict[str, int]:
        """Return the names of types that are referred to but not defined, with a line that refers to them."""
        return {name: line for name, line in self.references.items() if self.find(name) is None}

    def _refers_to_itself(self, kind: FeelType) -> bool:
        """Say whether following names and constraints never ends in a structure."""
        for _ in range(len(self.types) + 50):
            if isinstance(kind, NamedType):
                target = kind.target()
                if target is None:
                    return False
                kind = target
            elif isinstance(kind, ConstrainedType):
                kind = kind.base
            else:
                return False
        return True

    def _item(self, element: Any, name: str) -> FeelType:
        base = self._base(element)
        allowed = child(element, "allowedValues")
        collection = element.get("isCollection") == "true"
        allows = self._constraint(allowed, name) if allowed is not None else None
        kind: FeelType = ConstrainedType("" if collection else name, base, allows)
        if collection:
            kind = ListType(kind)
            whole = child(element, "typeConstraint")
            kind = ConstrainedType(name, kind, self._constraint(whole, name) if whole is not None else None)
        elif (whole := child(element, "typeConstraint")) is not None:
            kind = ConstrainedType(name, kind, self._constraint(whole, name))
        return kind

    def _base(self, element: Any) -> FeelType:
        components = list(children(element, "itemComponent"))
        if components:
            entries = []
            for component in components:
                name = normalize_name(component.get("name", ""))
                self.component_names.add(name)
                entries.append((name, self._item(component, name)))
            return ContextType(tuple(entries))
        function = child(element, "functionItem")
        if function is not None:
            parameters = tuple(
                self.reference(parameter.get("typeRef"), parameter.sourceline or 0) or types.ANY
                for parameter in children(function, "parameters")
            )
            return FunctionType(
                parameters,
                self.reference(function.get("outputTypeRef"), function.sourceline or 0) or types.ANY,
            )
        reference = child(element, "typeRef")
        return self.reference(text_of(reference), line_of(reference)) or types.ANY

    def _constraint(self, element: Any, name: str) -> Constraint | None:
        text = text_of(element)
        where = ", ".join(part for part in (self.where, f"item definition {name!r}") if part)
        if not text.strip():
            return None
        try:
            tests = Parser(text, self.component_names).unary_tests_text()
            program = compile_program(tests, Unit(text, where), tested=True)
        except FeelSyntaxError as error:
            self.problem(error.code, str(error), where)
            return None
        return Constraint(tests, program)


class Constraint:
    """Allowed values of a type: holds when the tests are true of a value."""

    __slots__ = ("_program", "listed", "tests")

    def __init__(self, tests: nodes.Tests, program: Program) -> None:
        self.tests = tests
        self._program = program
        literals = [part.value for part in tests.alternatives if isinstance(part, nodes.Literal)]
        #: The values in their order when all of them are constants, else None: the order of PRIORITY tables.
        self.listed: list[Any] | None = literals if len(literals) == len(tests.alternatives) else None

    def __call__(self, value: Any) -> bool:
        return self._program.run_feel(Runtime(), {"?": value}) is True
