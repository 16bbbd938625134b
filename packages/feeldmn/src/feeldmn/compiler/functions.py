"""Function literals and foreign (external) functions."""

from __future__ import annotations

from typing import Any

from feeldmn import nodes
from feeldmn.compiler.core import Closure, Compiler, Frame, compiles
from feeldmn.conversion import to_feel, to_python
from feeldmn.errors import FeelDmnError
from feeldmn.runtime import FeelNull, Runtime
from feeldmn.types import coerce
from feeldmn.values import Function, Parameter, kind_of


def matched(name: str, parameters: tuple[Parameter, ...], arguments: list[Any]) -> list[Any]:
    """Return the arguments converted to the types of the parameters; raises `FeelNull` when they do not fit."""
    if len(arguments) != len(parameters):
        raise FeelNull(
            "feel.arguments",
            f"{name or 'the function'} takes {len(parameters)} arguments, but {len(arguments)} were found",
        )
    fitted = []
    for parameter, argument in zip(parameters, arguments, strict=True):
        if parameter.type is not None and argument is not None:
            value, fits = coerce(argument, parameter.type)
            if not fits:
                raise FeelNull(
                    "feel.argument",
                    f"{parameter.name!r} of {name or 'the function'} takes {parameter.type}, "
                    f"but {kind_of(argument)} was found",
                )
            argument = value
        fitted.append(argument)
    return fitted


def fitted_result(name: str, kind: Any, value: Any) -> Any:
    """Return the result converted to the declared type; raises `FeelNull` when it does not fit."""
    if kind is None or value is None:
        return value
    fitted, fits = coerce(value, kind)
    if not fits:
        raise FeelNull("feel.type", f"{name or 'the function'} should return {kind}, not {kind_of(value)}")
    return fitted


@compiles(nodes.FunctionLiteral)
def _function(compiler: Compiler, node: nodes.FunctionLiteral) -> Closure:
    parameters = tuple(Parameter(parameter.name, parameter.type) for parameter in node.parameters)
    if node.external:
        return _external(compiler, node, parameters)
    slots = [compiler.slot() for _ in parameters]
    own_slot, compiler.own_slot = compiler.own_slot, None
    with compiler.block({parameter.name: slot for parameter, slot in zip(parameters, slots, strict=True)}):
        body = compiler.compile(node.body)
    name, result_type = node.name, node.result_type

    def make(frame: Frame) -> Function:
        # The frame is copied, for a loop around this literal goes on changing it.
        captured: Frame = frame[:]

        def call(runtime: Runtime, arguments: list[Any]) -> Any:
            fitted = matched(made.name, parameters, arguments)
            local = captured[:]
            local[0] = runtime
            for slot, value in zip(slots, fitted, strict=True):
                local[slot] = value
            runtime.enter()
            try:
                result = body(local)
            finally:
                runtime.depth += 1
            return fitted_result(made.name, result_type, result)

        made = Function(name, parameters, call, result_type)
        if own_slot is not None:
            captured[own_slot] = made
        return made

    return make


def _external(compiler: Compiler, node: nodes.FunctionLiteral, parameters: tuple[Parameter, ...]) -> Closure:
    described, unit, at = compiler.compile(node.body), compiler.unit, node.at

    def make(frame: Frame) -> Function | None:
        key = external_key(described(frame), node.external)
        if key is None:
            return frame[0].note(
                "feel.external",
                "a foreign function is described by {java: {class, method signature}} or "
                "{pmml: {document, model}}",
                at,
                unit,
            )

        def call(runtime: Runtime, arguments: list[Any]) -> Any:
            fitted = matched(key, parameters, arguments)
            foreign = (runtime.externals or {}).get(key)
            if foreign is None:
                raise FeelNull(
                    "feel.external", f"the foreign function {key!r} is not bound: hand it in with externals="
                )
            runtime.enter()
            try:
                result = to_feel(foreign(*[to_python(argument) for argument in fitted]))
            except (ArithmeticError, LookupError, TypeError, ValueError, FeelDmnError) as error:
                raise FeelNull("feel.external", f"the foreign function {key!r} failed: {error}") from error
            finally:
                runtime.depth += 1
            return fitted_result(key, node.result_type, result)

        return Function(key, parameters, call, node.result_type)

    return make


def external_key(described: Any, kind: str) -> str | None:
    """Return the name a foreign function is bound by, such as `java:java.lang.Math#max(double,double)`."""
    if type(described) is not dict:
        return None
    if kind == "external":
        for kind in ("java", "pmml"):
            if type(described.get(kind)) is dict:
                described = described[kind]
                break
        else:
            return None
    first, second = ("class", "method signature") if kind == "java" else ("document", "model")
    left, right = described.get(first), described.get(second)
    if type(left) is not str or type(right) is not str:
        return None
    return f"{kind}:{left.strip()}#{''.join(right.split())}"
