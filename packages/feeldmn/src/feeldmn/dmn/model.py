"""A DMN model: its decisions, services and knowledge models, compiled when first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from feeldmn import nodes
from feeldmn.compiler import Program, compile_program
from feeldmn.conversion import to_feel
from feeldmn.dmn.items import TypeTable
from feeldmn.errors import DmnNotFound, FeelDmnError
from feeldmn.expression import Evaluation, too_deep
from feeldmn.runtime import DEFAULT_LIMITS, Externals, FeelNull, Limits, Runtime, Unit
from feeldmn.types import FeelType, coerce
from feeldmn.values import Function, Parameter, kind_of

if TYPE_CHECKING:
    from feeldmn.checks import Finding

_MISSING = object()


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
    requires: list[Reference] = field(default_factory=list)

    @property
    def where(self) -> str:
        """The place of the element, for errors and diagnostics."""
        return ", ".join(part for part in (self.model.source, f"{self.noun} {self.name!r}") if part)

    @property
    def noun(self) -> str:
        """What the element is called in messages."""
        return "element"

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
        if value is _MISSING:
            return session.runtime.note(
                "dmn.input_missing", f"the input {self.variable!r} was not handed in", 0, Unit("", self.where)
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

    def prepare(self) -> None:
        """Parse and compile the expression."""
        if self._program is not None:
            return
        self.tree, self.problems = self.read()
        tree = self.tree if self.tree is not None else nodes.Literal(0, None)
        declared = {reference.through or reference.name for reference in self.requires}
        try:
            program = compile_program(tree, Unit("", self.where), declared)
        except RecursionError:
            raise too_deep() from None
        for name, slot in program.free:
            for reference in self.requires:
                if reference.name == name and not reference.through:
                    self._needed.append((slot, reference.target))
                    break
            held = [reference for reference in self.requires if reference.through == name]
            if held:
                self._imported.append((slot, held))
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


class Decision(Invocable):
    """A decision."""

    __slots__ = ()

    @property
    def noun(self) -> str:
        return "decision"

    def value(self, session: Session) -> Any:
        found = session.results.get(self, _MISSING)
        if found is not _MISSING:
            return found
        if self in session.underway:
            return session.runtime.note(
                "dmn.cycle", f"the decision {self.name!r} requires itself", 0, Unit("", self.where)
            )
        session.underway.add(self)
        try:
            value = session.fitted(self.run(session), self)
        finally:
            session.underway.discard(self)
        session.results[self] = value
        return value

    def evaluate(
        self,
        context: Mapping[str, Any] | None = None,
        *,
        now: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
        externals: Externals | None = None,
    ) -> Evaluation:
        """Decide with input data by name.

        An input of an imported model is found by `{namespace}name` or by its name. Raises `LimitExceeded`.
        """
        return _evaluate(self.value, context, now, limits, externals)


class BusinessKnowledge(Invocable):
    """A business knowledge model: a function."""

    __slots__ = ()

    @property
    def noun(self) -> str:
        return "business knowledge model"

    def value(self, session: Session) -> Any:
        found = session.results.get(self, _MISSING)
        if found is not _MISSING:
            return found
        if self in session.underway:
            # A model that calls itself, directly or round about, gets a function that looks it up when called.
            return Function(
                self.name,
                self._parameters(),
                lambda runtime, arguments: self._later(session, runtime, arguments),
            )
        session.underway.add(self)
        try:
            value = self.run(session)
        finally:
            session.underway.discard(self)
        if isinstance(value, Function):
            value.name = value.name or self.name
        session.results[self] = value
        return value

    def _parameters(self) -> tuple[Parameter, ...]:
        tree = self.tree
        if isinstance(tree, nodes.FunctionLiteral):
            return tuple(Parameter(parameter.name, parameter.type) for parameter in tree.parameters)
        return ()

    def _later(self, session: Session, runtime: Runtime, arguments: list[Any]) -> Any:
        function = session.results.get(self)
        if not isinstance(function, Function):
            raise FeelNull("dmn.cycle", f"{self.name!r} is called while it is being made")
        return function.call(runtime, arguments)

    def evaluate(
        self,
        arguments: Mapping[str, Any] | None = None,
        *,
        now: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
        externals: Externals | None = None,
    ) -> Evaluation:
        """Call the function with arguments by name."""

        def call(session: Session) -> Any:
            function = self.value(session)
            if not isinstance(function, Function):
                return None
            given = [to_feel(session.inputs.get(parameter.name)) for parameter in function.parameters]
            try:
                return function.call(session.runtime, given)
            except FeelNull as null:
                return session.runtime.fail(null, 0, Unit("", self.where))

        return _evaluate(call, arguments, now, limits, externals)


class DecisionService(Element):
    """A decision service: decisions offered as a function of their inputs."""

    __slots__ = ("input_data", "input_decisions", "outputs")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.outputs: list[Element] = []
        self.input_decisions: list[Element] = []
        self.input_data: list[Element] = []

    @property
    def noun(self) -> str:
        return "decision service"

    @property
    def parameters(self) -> list[Element]:
        """The inputs in the order of the function's parameters: input data, then input decisions."""
        return [*self.input_data, *self.input_decisions]

    def value(self, session: Session) -> Any:
        found = session.results.get(self)
        if found is None:
            parameters = [Parameter(element.variable, element.type) for element in self.parameters]
            found = Function(
                self.name,
                parameters,
                lambda runtime, arguments: self._call(session, runtime, arguments),
                self.type,
            )
            session.results[self] = found
        return found

    def _call(self, session: Session, runtime: Runtime, arguments: list[Any]) -> Any:
        from feeldmn.compiler.functions import matched

        parameters = tuple(Parameter(element.variable, element.type) for element in self.parameters)
        fitted = matched(self.name, parameters, arguments)
        return self.decide(session, runtime, dict(zip(self.parameters, fitted, strict=True)))

    def decide(self, session: Session, runtime: Runtime, given: dict[Element, Any]) -> Any:
        """Evaluate the output decisions with the values given for the inputs."""
        inner = Session(session.inputs, runtime)
        inner.results.update(given)
        inner.given = given
        runtime.enter()
        try:
            if len(self.outputs) == 1:
                result = self.outputs[0].value(inner)
            else:
                result = {output.variable: output.value(inner) for output in self.outputs}
        finally:
            runtime.depth += 1
        return inner.fitted(result, self)

    def evaluate(
        self,
        context: Mapping[str, Any] | None = None,
        *,
        now: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
        externals: Externals | None = None,
    ) -> Evaluation:
        """Call the service with input decisions and input data by name; what is missing is null."""

        def call(session: Session) -> Any:
            given = {}
            for element in self.parameters:
                value = session.handed_in(element)
                if value is _MISSING:
                    session.runtime.note(
                        "dmn.input_missing",
                        f"the input {element.variable!r} was not handed in",
                        0,
                        Unit("", self.where),
                    )
                    value = None
                given[element] = session.fitted(value, element)
            return self.decide(session, session.runtime, given)

        return _evaluate(call, context, now, limits, externals)


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
        value = inputs.get(element.variable, _MISSING)
        if value is _MISSING:
            value = inputs.get(f"{{{element.model.namespace}}}{element.variable}", _MISSING)
        return value if value is _MISSING else to_feel(value)

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
                Unit("", element.where),
            )
        return fitted


def _evaluate(
    value: Callable[[Session], Any],
    context: Mapping[str, Any] | None,
    now: datetime | None,
    limits: Limits,
    externals: Externals | None,
) -> Evaluation:
    runtime = Runtime(limits, now, externals)
    try:
        return Evaluation(value(Session(context or {}, runtime)), runtime)
    except RecursionError:
        raise too_deep() from None


class Model:
    """A DMN model as read from a file; `source` names it in errors."""

    def __init__(self, name: str, namespace: str, source: str, types: TypeTable) -> None:
        self.name = name
        self.namespace = namespace
        self.source = source
        self.types = types
        self.elements: dict[str, Element] = {}
        self.imports: dict[str, Model] = {}
        #: What could not be read, found when the model was read.
        self.problems: list[FeelDmnError] = []

    def _all(self, kind: type) -> Iterator[Any]:
        return (element for element in self.elements.values() if isinstance(element, kind))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions in the order of the file."""
        return tuple(self._all(Decision))

    @property
    def inputs(self) -> tuple[InputData, ...]:
        """The input data in the order of the file."""
        return tuple(self._all(InputData))

    @property
    def services(self) -> tuple[DecisionService, ...]:
        """The decision services in the order of the file."""
        return tuple(self._all(DecisionService))

    @property
    def knowledge(self) -> tuple[BusinessKnowledge, ...]:
        """The business knowledge models in the order of the file."""
        return tuple(self._all(BusinessKnowledge))

    def _find(self, kind: type, key: str, noun: str) -> Any:
        for element in self._all(kind):
            if key in (element.name, element.id, element.variable):
                return element
        raise DmnNotFound(
            f"the model has no {noun} {key!r}",
            found=", ".join(element.name for element in self._all(kind)) or "none",
            where=self.source,
            remedy="use one of these names or its id",
        )

    def decision(self, key: str) -> Decision:
        """Return the decision with that name or id; raises `DmnNotFound`."""
        found: Decision = self._find(Decision, key, "decision")
        return found

    def service(self, key: str) -> DecisionService:
        """Return the decision service with that name or id; raises `DmnNotFound`."""
        found: DecisionService = self._find(DecisionService, key, "decision service")
        return found

    def bkm(self, key: str) -> BusinessKnowledge:
        """Return the business knowledge model with that name or id; raises `DmnNotFound`."""
        found: BusinessKnowledge = self._find(BusinessKnowledge, key, "business knowledge model")
        return found

    def check(self) -> list[Finding]:
        """Return what static checks find: unreadable parts, unknown names, clashes of types, gaps, overlaps."""
        from feeldmn.checks import check_model

        return check_model(self)

    def __repr__(self) -> str:
        return f"Model({self.name!r}, {len(self.decisions)} decisions)"
