"""Elements of a requirement graph: what they have in common, input data, and one evaluation of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from feeldmn import nodes
from feeldmn.compiler import Program, compile_program
from feeldmn.conversion import to_feel
from feeldmn.errors import FeelDmnError
from feeldmn.expression import Evaluation, too_deep
from feeldmn.runtime import Externals, Limits, Runtime, Unit
from feeldmn.types import FeelType, coerce
from feeldmn.values import kind_of

if TYPE_CHECKING:
    from feeldmn.dmn.model import Model

MISSING = object()


@dataclass(frozen=True, slots=True)
class Reference:
    """A requirement: the element it leads to, the name it has in scope, and the import it comes through."""

    target: Element
    name: str
    through: str = ""


@dataclass(slots=True, eq=False)
class Element:
    """What has a name in a requirement graph."""

    model: Model
    id: str
    name: str
    variable: str
    type: FeelType | None
    line: int = 0
    requires: list[Reference] = field(default_factory=list)

    @property
    def where(self) -> str:
        """The place of the element, for errors and diagnostics."""
        return ", ".join(part for part in (self.model.source, f"{self.noun} {self.name!r}") if part)

    @property
    def noun(self) -> str:
        """What the element is called in messages."""
        return "element"

    @property
    def inputs(self) -> tuple[InputData, ...]:
        """The input data this element needs, directly and through what it requires."""
        found: dict[Element, None] = {}
        ahead: list[Element] = [self]
        while ahead:
            element = ahead.pop()
            if element not in found:
                found[element] = None
                ahead += [reference.target for reference in reversed(element.requires)]
        return tuple(element for element in found if isinstance(element, InputData))

    def value(self, session: Session) -> Any:
        """Return the FEEL value of the element within an evaluation."""
        raise NotImplementedError


class InputData(Element):
    """Input data: a value the caller hands in."""

    __slots__ = ()

    @property
    def noun(self) -> str:
        return "input"

    def value(self, session: Session) -> Any:
        value = session.handed_in(self)
        if value is MISSING:
            return session.runtime.note(
                "dmn.input_missing",
                f"the input {self.variable!r} was not handed in",
                0,
                Unit("", self.where, self.line),
            )
        return session.fitted(value, self)


class Invocable(Element):
    """An element with an expression, compiled when it is first evaluated."""

    __slots__ = ("_imported", "_needed", "_program", "problems", "read", "tree")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.read: Callable[[], tuple[nodes.Node | None, list[FeelDmnError]]] = lambda: (None, [])
        self._program: Program | None = None
        #: The slots of the program with what fills them, and those of imports with what they hold.
        self._needed: list[tuple[int, Element]] = []
        self._imported: list[tuple[int, list[Reference]]] = []
        self.tree: nodes.Node | None = None
        self.problems: list[FeelDmnError] = []

    @property
    def own_names(self) -> frozenset[str]:
        """The name under which the expression may refer to the element itself."""
        return frozenset()

    def prepare(self) -> None:
        """Parse and compile the expression."""
        if self._program is not None:
            return
        self.tree, self.problems = self.read()
        tree = self.tree if self.tree is not None else nodes.Literal(0, None)
        declared = {reference.through or reference.name for reference in self.requires} | self.own_names
        try:
            program = compile_program(tree, Unit("", self.where, self.line), declared)
        except RecursionError:
            raise too_deep() from None
        needed: list[tuple[int, Element]] = []
        imported: list[tuple[int, list[Reference]]] = []
        for name, slot in program.free:
            for reference in self.requires:
                if reference.name == name and not reference.through:
                    needed.append((slot, reference.target))
                    break
            else:
                if name in self.own_names:
                    needed.append((slot, self))
            held = [reference for reference in self.requires if reference.through == name]
            if held:
                imported.append((slot, held))
        # The program comes last: another thread that sees it sees the rest.
        self._needed, self._imported = needed, imported
        self._program = program

    @property
    def places(self) -> dict[str, tuple[int, Unit]]:
        """Where each name that the expression takes from outside stands first."""
        self.prepare()
        assert self._program is not None
        return self._program.places

    def run(self, session: Session) -> Any:
        """Evaluate the expression with what it requires."""
        program = self._program
        if program is None:
            self.prepare()
            program = self._program
            assert program is not None
        frame = program.template[:]
        frame[0] = session.runtime
        for slot, target in self._needed:
            frame[slot] = target.value(session)
        for slot, references in self._imported:
            frame[slot] = {reference.name: reference.target.value(session) for reference in references}
        return program.closure(frame)


class Session:
    """One evaluation of a model: what was handed in, what was decided so far."""

    __slots__ = ("given", "inputs", "results", "runtime", "underway")

    def __init__(self, inputs: Mapping[str, Any], runtime: Runtime) -> None:
        self.inputs = inputs
        self.runtime = runtime
        self.results: dict[Element, Any] = {}
        self.underway: set[Element] = set()
        self.given: dict[Element, Any] = {}

    def handed_in(self, element: Element) -> Any:
        """Return the value handed in for an element, or a mark that there is none."""
        if self.given and element in self.given:
            return self.given[element]
        inputs = self.inputs
        value = inputs.get(element.variable, MISSING)
        if value is MISSING:
            value = inputs.get(f"{{{element.model.namespace}}}{element.variable}", MISSING)
        return value if value is MISSING else to_feel(value)

    def fitted(self, value: Any, element: Element) -> Any:
        """Return the value as the type of the element wants it; null with a diagnostic when it does not fit."""
        if value is None or element.type is None:
            return value
        fitted, fits = coerce(value, element.type)
        if not fits:
            self.runtime.note(
                "dmn.type",
                f"{element.name!r} should be {element.type}, but {kind_of(value)} was found that is not",
                0,
                Unit("", element.where, element.line),
            )
        return fitted


def evaluate_with(
    value: Callable[[Session], Any],
    context: Mapping[str, Any] | None,
    now: datetime | None,
    limits: Limits,
    externals: Externals | None,
    trace: bool,
) -> Evaluation:
    """Run an evaluation with the values handed in."""
    runtime = Runtime(limits, now, externals, trace=trace)
    try:
        return Evaluation(value(Session(context or {}, runtime)), runtime)
    except RecursionError:
        raise too_deep() from None
