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


_PARTS: dict[type, tuple[str, ...]] = {}


def walk(part: object) -> Iterator[Node]:
    """Yield a node and all nodes below it, without recursion: a chain of operators may be thousands long."""
    stack = [part]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple):
            stack.extend(reversed(part))
        elif (
            dataclasses.is_dataclass(part)
            and type(part).__module__.startswith("feeldmn.")
            and _holds_nodes(part)
        ):
            if isinstance(part, Node):
                yield part
            names = _PARTS.get(type(part))
            if names is None:
                names = _PARTS[type(part)] = tuple(field.name for field in dataclasses.fields(part))
            stack.extend(getattr(part, name) for name in reversed(names))


def _holds_nodes(part: object) -> bool:
    return isinstance(part, (Node, ContextEntry, Iteration)) or type(part).__name__.startswith("Table")
