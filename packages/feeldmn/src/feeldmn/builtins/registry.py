"""How built-in functions are declared and called: names, overloads, types of parameters, named arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from feeldmn.runtime import FeelNull
from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from feeldmn.values import Function, Range, kind_of

_KINDS: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "days and time duration": (DaysTimeDuration,),
    "years and months duration": (YearsMonthsDuration,),
    "duration": (DaysTimeDuration, YearsMonthsDuration),
    "range": (Range,),
    "list": (list,),
    "context": (dict,),
    "function": (Function,),
}
_DECLARATION = re.compile(r"\s*(?P<name>[^:?]+?)(?P<optional>\?)?(?P<many>\.\.\.)?\s*:\s*(?P<kinds>.+?)\s*")


@dataclass(frozen=True, slots=True)
class BuiltInParameter:
    """A parameter of a built-in; `accepted` None takes any value, null included."""

    name: str
    kinds: str
    accepted: frozenset[type] | None
    optional: bool = False
    many: bool = False

    def fit(self, value: Any) -> Any:
        """Return `value` as this parameter takes it, after the implicit conversions; raise `FeelNull` else."""
        accepted = self.accepted
        if accepted is None or type(value) in accepted:
            return value
        if type(value) is list and len(value) == 1 and type(value[0]) in accepted:
            return value[0]
        if list in accepted and value is not None:
            return [value]
        raise FeelNull(
            "feel.argument",
            f"{self.name!r} takes {self.kinds}, but {kind_of(value)} was found: convert it first",
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in."""

    parameters: tuple[BuiltInParameter, ...]
    function: Callable[..., Any]
    result: str
    least: int
    most: int | None

    def positional(self, arguments: Sequence[Any]) -> list[Any] | None:
        """Return the arguments for `function`, or None when their number does not fit."""
        count = len(arguments)
        if count < self.least or (self.most is not None and count > self.most):
            return None
        parameters = self.parameters
        if self.most is None:
            fixed = len(parameters) - 1
            rest = list(arguments[fixed:])
            if len(rest) == 1 and fixed == 0 and type(rest[0]) is list:
                rest = rest[0]
            many = parameters[fixed]
            return [p.fit(a) for p, a in zip(parameters[:fixed], arguments, strict=False)] + [
                rest if many.accepted is None else [many.fit(item) for item in rest]
            ]
        fitted = [p.fit(a) for p, a in zip(parameters, arguments, strict=False)]
        if count < len(parameters):
            fitted.extend([None] * (len(parameters) - count))
        return fitted

    def named(self, names: Sequence[str], arguments: Sequence[Any]) -> list[Any] | None:
        """Return the arguments for `function` by name, or None when the names are not those of this way."""
        given = dict(zip(names, arguments, strict=True))
        if len(given) != len(names):
            return None
        fitted: list[Any] = []
        for parameter in self.parameters:
            if parameter.name in given:
                value = given.pop(parameter.name)
                if parameter.many:
                    value = value if type(value) is list else [value]
                    fitted.append(value if parameter.accepted is None else [parameter.fit(v) for v in value])
                else:
                    fitted.append(parameter.fit(value))
            elif parameter.optional:
                fitted.append(None)
            else:
                return None
        return None if given else fitted


class BuiltIn(Function):
    """A built-in function: a function value with several signatures."""

    __slots__ = ("signatures", "summary")

    def __init__(self, name: str) -> None:
        super().__init__(name, (), self.invoke, variadic=True)
        self.signatures: list[Signature] = []
        self.summary = ""

    def invoke(self, runtime: Any, arguments: list[Any]) -> Any:
        """Call with positional arguments; raises `FeelNull` when no signature takes them."""
        refused: FeelNull | None = None
        for signature in self.signatures:
            try:
                fitted = signature.positional(arguments)
            except FeelNull as null:
                refused = refused or null
                continue
            if fitted is not None:
                return signature.function(runtime, *fitted)
        raise refused or self._no_signature(f"{len(arguments)} arguments")

    def invoke_named(self, runtime: Any, names: Sequence[str], arguments: list[Any]) -> Any:
        """Call with named arguments; raises `FeelNull` when no signature has these names."""
        refused: FeelNull | None = None
        for signature in self.signatures:
            try:
                fitted = signature.named(names, arguments)
            except FeelNull as null:
                refused = refused or null
                continue
            if fitted is not None:
                return signature.function(runtime, *fitted)
        raise refused or self._no_signature("the parameters " + ", ".join(names))

    def takes(self, count: int) -> bool:
        """Say whether some signature takes `count` positional arguments."""
        return any(s.least <= count and (s.most is None or count <= s.most) for s in self.signatures)

    def _no_signature(self, found: str) -> FeelNull:
        ways = " or ".join(
            f"{self.name}({', '.join(p.name + ('?' if p.optional else '') for p in s.parameters)})"
            for s in self.signatures
        )
        return FeelNull("feel.arguments", f"{self.name}() was called with {found}; it is called as {ways}")


#: All built-in functions by name.
BUILT_INS: dict[str, BuiltIn] = {}


def built_in(name: str, parameters: str, result: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a Python function as a signature of the built-in `name`.

    `parameters` is `name: kind | kind, …`; `name?` may be left out, `name...` collects the rest. The function
    takes the runtime and then one argument per parameter (None for what was left out).
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        declared = tuple(_declare(part) for part in parameters.split(",") if part.strip())
        variadic = bool(declared) and declared[-1].many
        least = sum(1 for parameter in declared if not parameter.optional)
        function_of = BUILT_INS.setdefault(name, BuiltIn(name))
        function_of.signatures.append(
            Signature(declared, function, result, least, None if variadic else len(declared))
        )
        function_of.summary = function_of.summary or (function.__doc__ or "").strip().split("\n")[0]
        return function

    return register


def _declare(text: str) -> BuiltInParameter:
    match = _DECLARATION.fullmatch(text)
    assert match is not None, text
    kinds = match["kinds"]
    accepted: frozenset[type] | None = None
    if kinds != "any":
        accepted = frozenset(kind for word in kinds.split("|") for kind in _KINDS[word.strip()])
    return BuiltInParameter(
        match["name"].strip(),
        kinds.replace("|", "or"),
        accepted,
        bool(match["optional"]),
        bool(match["many"]),
    )
