"""Built-in functions on numbers."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    InvalidOperation,
)
from typing import Any

from feeldmn.builtins.registry import built_in
from feeldmn.numeric import DECIMAL128, ONE, ZERO
from feeldmn.runtime import FeelNull
from feeldmn.temporal import DaysTimeDuration, YearsMonthsDuration

#: Wide enough for every sum and quotient of two numbers of 34 digits to be exact.
_WIDE = Context(prec=13_000, traps=[InvalidOperation])
_TWO = Decimal(2)


def whole(number: Decimal, what: str) -> int:
    """Return `number` as an int; raises `FeelNull` when it has a fraction."""
    if number != number.to_integral_value():
        raise FeelNull("feel.argument", f"{what} must be a whole number, but {number} was found")
    return int(number)


def _scale(scale: Decimal | None) -> int:
    if scale is None:
        return 0
    places = int(scale)
    if not -6111 <= places <= 6176:
        raise FeelNull("feel.argument", f"the scale must lie between -6111 and 6176, but {scale} was found")
    return places


def _round(number: Decimal, scale: Decimal | None, rounding: str) -> Decimal:
    places = _scale(scale)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if places > 40 and exponent >= -places:
        return number
    rounded = number.quantize(Decimal((0, (1,), -places)), rounding=rounding, context=_WIDE)
    return DECIMAL128.plus(rounded) if rounded else ZERO


@built_in("decimal", "n: number, scale: number", "number")
def _decimal(_: Any, n: Decimal, scale: Decimal) -> Decimal:
    """Round to `scale` decimals, ties to even."""
    return _round(n, scale, ROUND_HALF_EVEN)


@built_in("floor", "n: number, scale?: number", "number")
def _floor(_: Any, n: Decimal, scale: Decimal | None) -> Decimal:
    """Round towards negative infinity."""
    return _round(n, scale, ROUND_FLOOR)


@built_in("ceiling", "n: number, scale?: number", "number")
def _ceiling(_: Any, n: Decimal, scale: Decimal | None) -> Decimal:
    """Round towards positive infinity."""
    return _round(n, scale, ROUND_CEILING)


@built_in("round up", "n: number, scale: number", "number")
def _round_up(_: Any, n: Decimal, scale: Decimal) -> Decimal:
    """Round away from zero."""
    return _round(n, scale, ROUND_UP)


@built_in("round down", "n: number, scale: number", "number")
def _round_down(_: Any, n: Decimal, scale: Decimal) -> Decimal:
    """Round towards zero."""
    return _round(n, scale, ROUND_DOWN)


@built_in("round half up", "n: number, scale: number", "number")
def _round_half_up(_: Any, n: Decimal, scale: Decimal) -> Decimal:
    """Round to the nearest, ties away from zero."""
    return _round(n, scale, ROUND_HALF_UP)


@built_in("round half down", "n: number, scale: number", "number")
def _round_half_down(_: Any, n: Decimal, scale: Decimal) -> Decimal:
    """Round to the nearest, ties towards zero."""
    return _round(n, scale, ROUND_HALF_DOWN)


@built_in("abs", "n: number | duration", "number")
def _abs(_: Any, n: Any) -> Any:
    """Return the absolute value of a number or a duration."""
    if type(n) is DaysTimeDuration:
        return DaysTimeDuration(abs(n.nanos))
    if type(n) is YearsMonthsDuration:
        return YearsMonthsDuration(abs(n.total_months))
    return n.copy_abs()


@built_in("modulo", "dividend: number, divisor: number", "number")
def _modulo(_: Any, dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return dividend - divisor * floor(dividend / divisor): the sign is the divisor's."""
    if not divisor:
        raise FeelNull("feel.division_by_zero", "modulo() by 0 has no value: check the divisor first")
    rest = _WIDE.remainder(dividend, divisor)
    return DECIMAL128.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else DECIMAL128.plus(rest)


@built_in("sqrt", "number: number", "number")
def _sqrt(_: Any, number: Decimal) -> Decimal:
    """Return the square root."""
    if number < 0:
        raise FeelNull("feel.argument", f"the square root of the negative number {number} does not exist")
    return DECIMAL128.sqrt(number)


@built_in("log", "number: number", "number")
def _log(_: Any, number: Decimal) -> Decimal:
    """Return the natural logarithm."""
    if number <= 0:
        raise FeelNull("feel.argument", f"the logarithm takes a number above 0, but {number} was found")
    return DECIMAL128.ln(number)


@built_in("exp", "number: number", "number")
def _exp(_: Any, number: Decimal) -> Decimal:
    """Return e to the power of the number."""
    return DECIMAL128.exp(number)


@built_in("odd", "number: number", "boolean")
def _odd(_: Any, number: Decimal) -> bool:
    """Say whether the integer is odd."""
    return _WIDE.remainder(number, _TWO).copy_abs() == ONE


@built_in("even", "number: number", "boolean")
def _even(_: Any, number: Decimal) -> bool:
    """Say whether the integer is even."""
    return not _WIDE.remainder(number, _TWO)
