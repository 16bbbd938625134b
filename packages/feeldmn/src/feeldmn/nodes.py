"""The syntax tree of FEEL and of boxed expressions: frozen nodes, each with its place in the source.

`at` is the offset of the node's first character in its source text.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feeldmn.types import FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """Any node of the tree."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant: number, string, boolean, null, or an at-literal already read."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name looked up in scope; `?` is the input of a unary test."""

    name: str


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[1, 2]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """One entry of a context; `type` coerces its value, when a boxed context says so."""

    key: str
    value: Node
    at: int
    type: FeelType | None = None


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{a: 1, b: a + 1}`; `result` is the final entry without a name of a boxed context.

    The entries of a row of a relation are not `scoped`: they do not see each other.
    """

    entries: tuple[ContextEntry, ...]
    result: Node | None = None
    scoped: bool = True


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[1..10)`; a missing end is None. `operator` for `(< 10)`."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """Arithmetic negation."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`+ - * / **`, comparisons, `and`, `or`; `operator_at` is the place of the operator."""

    operator: str
    left: Node
    right: Node
    operator_at: int


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`x between a and b`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`x in tests`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """A positive unary test such as `< 10`, on the input `?`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests: `-` (no tests, always true), a list of alternatives, `negated` under `not(…)`."""

    alternatives: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`x instance of T`."""

    value: Node
    type: FeelType


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`x.name`."""

    value: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`list[condition]` or `list[index]`."""

    value: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function call with positional or named arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FunctionParameter:
    """A formal parameter of a function literal."""

    name: str
    type: FeelType | None = None


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`function(a, b) body`; `external` is "java" or "pmml" when the body names a foreign function."""

    parameters: tuple[FunctionParameter, ...]
    body: Node
    external: str = ""
    result_type: FeelType | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if c then a else b`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iteration:
    """One `name in domain` of a for or a quantified expression; `end` is set for `1..10` without brackets."""

    name: str
    domain: Node
    end: Node | None = None
    type: FeelType | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for i in list return body`."""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` (`every` False) or `every x in list satisfies condition`."""

    every: bool
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Coerce(Node):
    """A value made to conform to a declared type, or null (boxed expressions with a `typeRef`)."""

    value: Node
    type: FeelType
    what: str = ""


@dataclass(frozen=True, slots=True)
class Sourced(Node):
    """A part of a boxed expression with its own source text and its own place in the model."""

    value: Node
    source: str
    where: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Invalid(Node):
    """A part that could not be parsed: null with the reason when it is evaluated, a finding when checked."""

    code: str
    message: str


#: The fields of a kind that may hold nodes; None for kinds that are none and hold none.
_PARTS: dict[type, tuple[str, ...] | None] = {tuple: None}
_LEAVES = frozenset({"int", "str", "bool", "Any", "FeelType", "FeelType | None", "tuple[str, ...]"})


def walk(part: object) -> Iterator[Node]:
    """Yield a node and all nodes below it, without recursion: a chain of operators may be thousands long."""
    stack = [part]
    while stack:
        part = stack.pop()
        kind = type(part)
        if kind is tuple:
            stack.extend(reversed(part))  # type: ignore[call-overload]
            continue
        if kind not in _PARTS:
            _PARTS[kind] = _parts_of(kind)
        names = _PARTS[kind]
        if names is not None:
            if isinstance(part, Node):
                yield part
            stack.extend(getattr(part, name) for name in names)


def _parts_of(kind: type) -> tuple[str, ...] | None:
    holds = issubclass(kind, (Node, ContextEntry, Iteration)) or kind.__name__.startswith("Table")
    if not holds or not dataclasses.is_dataclass(kind):
        return None
    return tuple(field.name for field in reversed(dataclasses.fields(kind)) if field.type not in _LEAVES)
