"""Decisions, business knowledge models and decision services: what of a model can be evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feeldmn import nodes
from feeldmn.compiler.functions import matched
from feeldmn.conversion import to_feel
from feeldmn.dmn.elements import MISSING, Element, Invocable, Session, evaluate_with
from feeldmn.expression import Evaluation
from feeldmn.runtime import DEFAULT_LIMITS, Externals, FeelNull, Limits, Runtime, Unit
from feeldmn.values import Function, Parameter


class Decision(Invocable):
    """A decision."""

    __slots__ = ()

    @property
    def noun(self) -> str:
        return "decision"

    def value(self, session: Session) -> Any:
        found = session.results.get(self, MISSING)
        if found is not MISSING:
            return found
        if self in session.underway:
            return session.runtime.note(
                "dmn.cycle", f"the decision {self.name!r} requires itself", 0, Unit("", self.where, self.line)
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
        trace: bool = False,
    ) -> Evaluation:
        """Decide with input data by name.

        An input of an imported model is found by `{namespace}name` or by its name. With `trace` the rules that
        matched are kept in `hits`. Raises `LimitExceeded`.
        """
        return evaluate_with(self.value, context, now, limits, externals, trace)


class BusinessKnowledge(Invocable):
    """A business knowledge model: a function."""

    __slots__ = ()

    @property
    def noun(self) -> str:
        return "business knowledge model"

    @property
    def own_names(self) -> frozenset[str]:
        return frozenset({self.variable})

    def value(self, session: Session) -> Any:
        found = session.results.get(self, MISSING)
        if found is not MISSING:
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
        trace: bool = False,
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
                return session.runtime.fail(null, 0, Unit("", self.where, self.line))

        return evaluate_with(call, arguments, now, limits, externals, trace)


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
        trace: bool = False,
    ) -> Evaluation:
        """Call the service with input decisions and input data by name; what is missing is null."""

        def call(session: Session) -> Any:
            given = {}
            for element in self.parameters:
                value = session.handed_in(element)
                if value is MISSING:
                    session.runtime.note(
                        "dmn.input_missing",
                        f"the input {element.variable!r} was not handed in",
                        0,
                        Unit("", self.where, self.line),
                    )
                    value = None
                given[element] = session.fitted(value, element)
            return self.decide(session, session.runtime, given)

        return evaluate_with(call, context, now, limits, externals, trace)
