"""Function calls: built-ins bound when compiled, and function values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from feeldmn import nodes
from feeldmn.builtins import BUILT_INS, BuiltIn, Signature
from feeldmn.compiler.core import Closure, Compiler, Frame, compiles
from feeldmn.errors import LimitExceeded
from feeldmn.numeric import ARITHMETIC_ERRORS
from feeldmn.runtime import FeelNull, Runtime
from feeldmn.values import Function, kind_of


@compiles(nodes.Call)
def _call(compiler: Compiler, node: nodes.Call) -> Closure:
    function = node.function
    if isinstance(function, nodes.Name) and function.name not in compiler.declared:
        built_in = BUILT_INS.get(function.name)
        items, slot = compiler.resolve(function.name)
        if built_in is not None and slot is None and not items:
            return _built_in_call(compiler, built_in, node)
    return _value_call(compiler, node)


def _built_in_call(compiler: Compiler, built_in: BuiltIn, node: nodes.Call) -> Closure:
    arguments = [compiler.compile(argument) for argument in node.arguments]
    unit, at = compiler.unit, node.at
    names = node.names
    if names is None:
        values = [argument.value for argument in node.arguments if isinstance(argument, nodes.Literal)]
        if len(values) == len(arguments) and values:
            folded = _folded(built_in, values)
            if folded is not None:
                return lambda frame: folded
        fast = _fast_call(compiler, built_in, arguments, at)
        if fast is not None:
            return fast

    def run(frame: Frame) -> Any:
        values = [argument(frame) for argument in arguments]
        try:
            if names is None:
                return built_in.invoke(frame[0], values)
            return built_in.invoke_named(frame[0], names, values)
        except FeelNull as null:
            return frame[0].fail(null, at, unit)
        except ARITHMETIC_ERRORS:
            return frame[0].note("feel.overflow", f"{built_in.name}() gives no number of 34 digits", at, unit)

    return run


def _folded(built_in: BuiltIn, values: list[Any]) -> Any:
    """Return the value of a call with constant arguments, such as `date("2024-02-29")`, if it has one.

    A call without arguments is not folded: `now()` and `today()` differ from one evaluation to the next. One
    that yields null is not folded either, so that each evaluation says why.
    """
    try:
        return built_in.invoke(Runtime(), values)
    except (FeelNull, LimitExceeded, ArithmeticError):
        return None


def _fast_call(compiler: Compiler, built_in: BuiltIn, arguments: list[Closure], at: int) -> Closure | None:
    """Return a direct call when exactly one signature takes this many arguments."""
    count = len(arguments)
    ways = [s for s in built_in.signatures if s.least <= count and (s.most is None or count <= s.most)]
    if len(ways) != 1 or ways[0].most is None or not 1 <= count <= 2:
        return None
    signature: Signature = ways[0]
    function, name, unit = signature.function, built_in.name, compiler.unit
    first = signature.parameters[0]
    accepts = first.accepted
    padding = [None] * (len(signature.parameters) - count)
    if count == 1 and not padding and accepts is not None:
        argument = arguments[0]

        def one(frame: Frame) -> Any:
            value = argument(frame)
            try:
                return function(frame[0], value if type(value) in accepts else first.fit(value))
            except FeelNull as null:
                return frame[0].fail(null, at, unit)
            except ARITHMETIC_ERRORS:
                return frame[0].note("feel.overflow", f"{name}() gives no number of 34 digits", at, unit)

        return one
    fits = [parameter.fit for parameter in signature.parameters]

    def some(frame: Frame) -> Any:
        values = [argument(frame) for argument in arguments]
        try:
            fitted = [fit(value) for fit, value in zip(fits, values, strict=False)]
            return function(frame[0], *fitted, *padding)
        except FeelNull as null:
            return frame[0].fail(null, at, unit)
        except ARITHMETIC_ERRORS:
            return frame[0].note("feel.overflow", f"{name}() gives no number of 34 digits", at, unit)

    return some


def invoke(runtime: Runtime, function: Any, names: Sequence[str] | None, values: list[Any]) -> Any:
    """Call a function value; raises `FeelNull` when it is none or the arguments do not fit."""
    if not isinstance(function, Function):
        raise FeelNull("feel.not_a_function", f"{kind_of(function)} was called, but only a function can be")
    if isinstance(function, BuiltIn):
        if names is not None:
            return function.invoke_named(runtime, names, values)
        return function.invoke(runtime, values)
    if names is not None:
        given = dict(zip(names, values, strict=True))
        wanted = [parameter.name for parameter in function.parameters]
        if set(given) != set(wanted) or len(names) != len(wanted):
            raise FeelNull(
                "feel.arguments",
                f"{function.name or 'the function'} takes {', '.join(wanted) or 'nothing'}, "
                f"but {', '.join(names)} were found",
            )
        values = [given[name] for name in wanted]
    return function.call(runtime, values)


def _value_call(compiler: Compiler, node: nodes.Call) -> Closure:
    function = compiler.compile(node.function)
    arguments = [compiler.compile(argument) for argument in node.arguments]
    unit, at, names = compiler.unit, node.at, node.names

    def run(frame: Frame) -> Any:
        called = function(frame)
        values = [argument(frame) for argument in arguments]
        try:
            return invoke(frame[0], called, names, values)
        except FeelNull as null:
            return frame[0].fail(null, at, unit)
        except ARITHMETIC_ERRORS:
            return frame[0].note("feel.overflow", "the call gives no number of 34 digits", at, unit)

    return run
