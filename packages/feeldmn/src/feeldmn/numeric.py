"""FEEL numbers: decimal128 of IEEE 754-2008, 34 digits, ties to even (DMN 1.5, 10.3.2.3.1)."""

from __future__ import annotations

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

#: The context of every FEEL calculation. Invalid operations, divisions by zero and overflows raise, and the
#: compiler turns them into a null with a diagnostic: FEEL has neither NaN nor infinity.
DECIMAL128 = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=1,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)

ARITHMETIC_ERRORS = (InvalidOperation, DivisionByZero, Overflow)

ZERO = Decimal(0)
ONE = Decimal(1)


def decimal_of(value: int | float | str | Decimal) -> Decimal:
    """Return `value` as a FEEL number; a float is taken by its shortest decimal text.

    Raises `decimal.InvalidOperation` or `decimal.Overflow` for what is not a finite number.
    """
    if isinstance(value, float):
        value = repr(value)
    elif isinstance(value, int):
        return DECIMAL128.create_decimal(value)
    number = DECIMAL128.create_decimal(value)
    if not number.is_finite():
        raise InvalidOperation(str(value))
    return number


def number_text(number: Decimal) -> str:
    """Return the FEEL text of a number: plain digits, never an exponent unless the plain text is very long.

    Trailing zeros of the fraction are kept, as `string(1.10)` is "1.10" by the standard's number scale.
    """
    _sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        return str(number)
    if not any(digits):
        number = number.copy_abs()  # zero has no sign in FEEL
    if -100 <= exponent <= 100:
        return format(number, "f")
    return str(number)
