"""Python counterparts of foreign functions that DMN models call in Java's standard library.

FEEL may name a Java method as the body of a function (external functions, DMN 1.5). There is no Java here; a host binds
such functions by name with `externals=`. `JAVA_LANG` binds those of `java.lang` that models commonly use, with
Java's conversions of arguments: a whole number within the bounds for `int`, one character for `char`, single
precision for `float`.

>>> from feeldmn import compile_expression
>>> from feeldmn.java import JAVA_LANG
>>> source = 'function(a, b) external {java: {class: "java.lang.Math", method signature: "max(double, double)"}}'
>>> compile_expression("(" + source + ")(1, 2)").evaluate(externals=JAVA_LANG).value
Decimal('2.0')
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any

_INTEGERS = {"byte": 8, "short": 16, "int": 32, "long": 64}
_BOXED = {
    "java.lang.Byte": "byte",
    "java.lang.Short": "short",
    "java.lang.Integer": "int",
    "java.lang.Long": "long",
    "java.lang.Float": "float",
    "java.lang.Double": "double",
    "java.lang.Character": "char",
    "java.lang.Boolean": "boolean",
}
_KEY = re.compile(r"java:(?P<class>[\w.$]+)#(?P<method>\w+)\((?P<types>.*)\)")
_FORMAT = re.compile(r"%(?:(?P<flags>[-+ 0,]*)(?P<width>\d+)?(?:\.(?P<precision>\d+))?(?P<kind>[sdfbc%n]))")


def _single(value: float) -> float:
    """Return the shortest decimal that is the same number in single precision, as Java prints a float."""
    packed = struct.pack("f", value)
    for digits in range(1, 10):
        candidate = float(f"{value:.{digits}g}")
        if struct.pack("f", candidate) == packed:
            return candidate
    return value


def _bounded(kind: str) -> Callable[[str], int]:
    def parse(text: Any) -> int:
        return int(_argument(Decimal(int(text)), kind))

    return parse


def _argument(value: Any, kind: str) -> Any:
    """Convert an argument as Java would; raises `TypeError` or `ValueError` when it does not fit."""
    kind = _BOXED.get(kind, kind)
    if kind in _INTEGERS:
        if not isinstance(value, Decimal) or value != value.to_integral_value():
            raise TypeError(f"{value!r} is no {kind}")
        bound = 1 << (_INTEGERS[kind] - 1)
        if not -bound <= value < bound:
            raise ValueError(f"{value} lies beyond {kind}")
        return int(value)
    if kind in ("float", "double"):
        if not isinstance(value, Decimal):
            raise TypeError(f"{value!r} is no {kind}")
        return _single(float(value)) if kind == "float" else float(value)
    if kind == "char":
        if not isinstance(value, str) or len(value) != 1:
            raise TypeError(f"{value!r} is no char")
        return value
    if kind == "boolean" and not isinstance(value, bool):
        raise TypeError(f"{value!r} is no boolean")
    if kind == "java.lang.String" and not isinstance(value, str):
        raise TypeError(f"{value!r} is no String")
    return value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _format(pattern: str, *arguments: Any) -> str:
    """Return what `String.format` gives for %s, %d, %f, %b, %c with flags, width and precision."""
    rest = list(arguments)

    def replace(match: re.Match[str]) -> str:
        kind = match["kind"]
        if kind == "%":
            return "%"
        if kind == "n":
            return "\n"
        if not rest:
            raise ValueError("String.format was given too few arguments")
        value = rest.pop(0)
        if kind in "sbc":
            text = _text(value)
            text = text[: int(match["precision"])] if match["precision"] else text
            width = int(match["width"] or 0)
            return text.ljust(width) if "-" in match["flags"] else text.rjust(width)
        number: Any = int(value) if kind == "d" else Decimal(value)
        flags = "".join(flag for flag in match["flags"] if flag in "+ ")
        align = "<" if "-" in match["flags"] else ""
        zero = "0" if "0" in match["flags"] and not align else ""
        comma = "," if "," in match["flags"] else ""
        precision = "" if kind == "d" else f".{match['precision'] or 6}"
        return format(number, f"{align}{flags}{zero}{match['width'] or ''}{comma}{precision}{kind}")

    return _FORMAT.sub(replace, pattern)


def _round(value: float) -> int:
    return int((Decimal(value) + Decimal("0.5")).to_integral_value(ROUND_FLOOR))


def _parse_float(text: str) -> float:
    return _single(float(text))


_MATH: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "max": max,
    "min": min,
    "pow": math.pow,
    "sqrt": math.sqrt,
    "cbrt": math.cbrt,
    "exp": math.exp,
    "log": math.log,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "atan2": math.atan2,
    "hypot": math.hypot,
    "floor": lambda value: float(math.floor(value)),
    "ceil": lambda value: float(math.ceil(value)),
    "rint": lambda value: float(round(value)),
    "round": _round,
    "toRadians": math.radians,
    "toDegrees": math.degrees,
    "signum": lambda value: math.copysign(1.0, value) if value else value,
}
_METHODS: dict[tuple[str, str], Callable[..., Any]] = {
    **{("java.lang.Math", name): function for name, function in _MATH.items()},
    **{(name, "valueOf"): _bounded(kind) for name, kind in _BOXED.items() if kind in _INTEGERS},
    ("java.lang.Integer", "parseInt"): _bounded("int"),
    ("java.lang.Long", "parseLong"): _bounded("long"),
    ("java.lang.Float", "valueOf"): lambda value: _parse_float(str(value)),
    ("java.lang.Float", "parseFloat"): _parse_float,
    ("java.lang.Double", "valueOf"): float,
    ("java.lang.Double", "parseDouble"): float,
    ("java.lang.String", "valueOf"): _text,
    ("java.lang.String", "format"): _format,
}


class JavaLang(Mapping[str, Callable[..., Any]]):
    """The bindings of `java.lang`, found by class, method and signature."""

    def __getitem__(self, key: str) -> Callable[..., Any]:
        match = _KEY.fullmatch(key)
        method = _METHODS.get((match["class"], match["method"])) if match else None
        if match is None or method is None:
            raise KeyError(key)
        types = [kind for kind in match["types"].split(",") if kind]
        variadic = bool(types) and (types[-1].startswith("[L") or types[-1].endswith("..."))
        numeric = match["class"] == "java.lang.Math"
        known = _PRIMITIVES if numeric else _KNOWN
        if not variadic and not all(kind in known for kind in types):
            raise KeyError(key)

        def call(*arguments: Any) -> Any:
            if variadic:
                fixed = [_argument(a, kind) for a, kind in zip(arguments, types[:-1], strict=False)]
                rest = arguments[len(types) - 1 :]
                more = rest[0] if len(rest) == 1 and isinstance(rest[0], list) else rest
                return method(*fixed, *more)
            if len(arguments) != len(types):
                raise TypeError(f"{len(types)} arguments are taken, {len(arguments)} were found")
            return method(*[_argument(a, kind) for a, kind in zip(arguments, types, strict=True)])

        return call

    def __iter__(self) -> Iterator[str]:
        return (f"java:{name}#{method}" for name, method in _METHODS)

    def __len__(self) -> int:
        return len(_METHODS)


_PRIMITIVES = frozenset({"float", "double", *_INTEGERS})
_KNOWN = frozenset({"char", "boolean", "java.lang.String", "java.lang.Object", *_PRIMITIVES, *_BOXED})

#: The bindings to hand in as `externals=`.
JAVA_LANG = JavaLang()
