"""The compiler's state: slots, scopes, the place in the source; and the program it yields.

Every closure takes one `frame`, a flat list: slot 0 holds the runtime, the others hold names. A name is bound
to its slot when the expression is compiled, so that reading it costs one index. A function call works on a
copy of the frame in which the function was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from feeldmn import nodes
from feeldmn.conversion import to_feel
from feeldmn.runtime import Runtime, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

Frame = list[Any]
Closure = Callable[[Frame], Any]

#: What a slot holds whose name was not handed in.
MISSING: Any = type("Missing", (), {"__repr__": lambda _: "MISSING"})()

NodeT = TypeVar("NodeT", bound=nodes.Node)
_HANDLERS: dict[type, Callable[[Compiler, Any], Closure]] = {}


def compiles(
    kind: type[NodeT],
) -> Callable[[Callable[[Compiler, NodeT], Closure]], Callable[[Compiler, NodeT], Closure]]:
    """Register the function that compiles nodes of one kind."""

    def register(handler: Callable[[Compiler, NodeT], Closure]) -> Callable[[Compiler, NodeT], Closure]:
        _HANDLERS[kind] = handler
        return handler

    return register


class Scope:
    """Names of one block, or (with `item` set) the entries of a filtered item, known only when it runs."""

    __slots__ = ("item", "names", "parent")

    def __init__(self, parent: Scope | None, names: dict[str, int], item: int | None = None) -> None:
        self.parent = parent
        self.names = names
        self.item = item


class Compiler:
    """Compiles one expression; `declared` are names handed in that shadow built-in functions."""

    def __init__(self, unit: Unit, declared: Iterable[str] = ()) -> None:
        self.unit = unit
        self.declared = frozenset(declared)
        self.size = 1
        self.free: dict[str, int] = {}
        #: Where each free name stands first; names that an item of a filter may hold are not among them.
        self.places: dict[str, tuple[int, Unit]] = {}
        self.scope: Scope | None = None
        #: The slot of the context entry that the next function literal becomes, for recursion.
        self.own_slot: int | None = None

    def compile(self, node: nodes.Node) -> Closure:
        """Return the closure of a node."""
        return _HANDLERS[type(node)](self, node)

    def slot(self) -> int:
        """Return a new slot."""
        self.size += 1
        return self.size - 1

    @contextmanager
    def block(self, names: dict[str, int], item: int | None = None) -> Iterator[Scope]:
        """Compile within an inner scope."""
        outer = self.scope
        self.scope = Scope(outer, names, item)
        try:
            yield self.scope
        finally:
            self.scope = outer

    @contextmanager
    def within(self, unit: Unit) -> Iterator[None]:
        """Compile a part with its own source text."""
        outer, self.unit = self.unit, unit
        try:
            yield
        finally:
            self.unit = outer

    def resolve(self, name: str) -> tuple[list[int], int | None]:
        """Return the filtered items that may hold `name`, innermost first, and the slot it is bound to."""
        items: list[int] = []
        scope = self.scope
        while scope is not None:
            if name in scope.names:
                return items, scope.names[name]
            if scope.item is not None:
                items.append(scope.item)
            scope = scope.parent
        return items, None

    def free_slot(self, name: str) -> int:
        """Return the slot of a name that the caller hands in."""
        found = self.free.get(name)
        if found is None:
            found = self.free[name] = self.slot()
        return found


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression: its closure, the shape of its frame, and the names it takes."""

    closure: Closure
    template: list[Any]
    free: tuple[tuple[str, int], ...]
    places: dict[str, tuple[int, Unit]]

    def run(self, runtime: Runtime, context: Mapping[str, Any]) -> Any:
        """Evaluate with Python values, which are converted when the program names them."""
        frame = self.template[:]
        frame[0] = runtime
        for name, slot in self.free:
            value = context.get(name, MISSING)
            if value is not MISSING:
                frame[slot] = to_feel(value)
        return self.closure(frame)

    def run_feel(self, runtime: Runtime, context: Mapping[str, Any]) -> Any:
        """Evaluate with FEEL values."""
        frame = self.template[:]
        frame[0] = runtime
        for name, slot in self.free:
            frame[slot] = context.get(name, MISSING)
        return self.closure(frame)


def compile_program(
    node: nodes.Node, unit: Unit, declared: Iterable[str] = (), *, tested: bool = False
) -> Program:
    """Compile a tree; `tested` makes `?` a name that the caller hands in."""
    compiler = Compiler(unit, declared)
    if tested:
        compiler.free_slot("?")
    closure = compiler.compile(node)
    template = [MISSING] * compiler.size
    return Program(closure, template, tuple(compiler.free.items()), compiler.places)
