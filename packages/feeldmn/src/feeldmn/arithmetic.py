"""Arithmetic on FEEL values by the semantic mappings of DMN 1.5: a value, or `FeelNull` with the reason."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from typing import Any

from feeldmn.numeric import ARITHMETIC_ERRORS, DECIMAL128
from feeldmn.runtime import FeelNull
from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from feeldmn.temporal.calendar import MAX_YEAR, add_months
from feeldmn.temporal.durations import NANOS_A_DAY, NANOS_A_SECOND
from feeldmn.temporal.zones import UTC_ZONE
from feeldmn.values import kind_of

_Pair = tuple[type, type]
_MAX_NANOS = (MAX_YEAR + 1) * 366 * NANOS_A_DAY
_MAX_MONTHS = (MAX_YEAR + 1) * 12


def _checked(date: Date) -> Date:
    if abs(date.year) > MAX_YEAR:
        raise FeelNull("feel.overflow", f"the year lies beyond ±{MAX_YEAR}")
    return date


def _months(total: int) -> YearsMonthsDuration:
    if abs(total) > _MAX_MONTHS:
        raise FeelNull("feel.overflow", "the duration is too long")
    return YearsMonthsDuration(total)


def _nanos(total: int) -> DaysTimeDuration:
    if abs(total) > _MAX_NANOS:
        raise FeelNull("feel.overflow", "the duration is too long")
    return DaysTimeDuration(total)


def _date_plus_months(date: Date, duration: YearsMonthsDuration) -> Date:
    return _checked(Date(*add_months(date.year, date.month, date.day, duration.total_months)))


def _date_plus_time(date: Date, duration: DaysTimeDuration) -> Date:
    return _checked(Date.of_number((date.number * NANOS_A_DAY + duration.nanos) // NANOS_A_DAY))


def _moment_plus_months(moment: DateTime, duration: YearsMonthsDuration) -> DateTime:
    return DateTime(_date_plus_months(moment.date, duration), moment.time)


def _moment_plus_time(moment: DateTime, duration: DaysTimeDuration) -> DateTime:
    zone = moment.zone
    if zone is None or not zone.name:
        result = DateTime.of_local_nanos(moment.local_nanos + duration.nanos, zone)
    else:
        # On the clock of a named zone, hours pass as they do in the world: daylight saving shows.
        result = DateTime.of_epoch_nanos(moment.epoch_nanos + duration.nanos, zone)
    _checked(result.date)
    return result


def _time_plus(time: Time, duration: DaysTimeDuration) -> Time:
    return Time((time.nanos + duration.nanos) % NANOS_A_DAY, time.zone)


def _dates_apart(left: Date, right: Date) -> DaysTimeDuration:
    return DaysTimeDuration((left.number - right.number) * NANOS_A_DAY)


def _moments_apart(left: DateTime, right: DateTime) -> DaysTimeDuration:
    if (left.zone is None) != (right.zone is None):
        raise FeelNull("feel.zone", "one moment has a time zone and the other has none: give both one")
    return DaysTimeDuration(left.epoch_nanos - right.epoch_nanos)


def _times_apart(left: Time, right: Time) -> DaysTimeDuration:
    if left.zone == right.zone:
        return DaysTimeDuration(left.nanos - right.nanos)
    a, b = left.utc_nanos, right.utc_nanos
    if a is None or b is None:
        raise FeelNull("feel.zone", "one time has a time zone with an offset and the other has none")
    return DaysTimeDuration(a - b)


def midnight(date: Date) -> DateTime:
    """Return the midnight in UTC that a date stands for beside a date and time."""
    return DateTime(date, Time(0, UTC_ZONE))


def _negated(duration: Any) -> Any:
    if type(duration) is DaysTimeDuration:
        return DaysTimeDuration(-duration.nanos)
    return YearsMonthsDuration(-duration.total_months)


def _minus(plus: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: plus(left, _negated(right))


def _flip(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: function(right, left)


_ADD: dict[_Pair, Callable[[Any, Any], Any]] = {
    (Decimal, Decimal): DECIMAL128.add,
    (str, str): lambda left, right: left + right,
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: _nanos(a.nanos + b.nanos),
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: _months(a.total_months + b.total_months),
    (Date, YearsMonthsDuration): _date_plus_months,
    (Date, DaysTimeDuration): _date_plus_time,
    (DateTime, YearsMonthsDuration): _moment_plus_months,
    (DateTime, DaysTimeDuration): _moment_plus_time,
    (Time, DaysTimeDuration): _time_plus,
}
_ADD |= {(b, a): _flip(function) for (a, b), function in list(_ADD.items()) if a is not b}

_SUBTRACT: dict[_Pair, Callable[[Any, Any], Any]] = {
    (Decimal, Decimal): DECIMAL128.subtract,
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: _nanos(a.nanos - b.nanos),
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: _months(a.total_months - b.total_months),
    (Date, Date): _dates_apart,
    (DateTime, DateTime): _moments_apart,
    (Date, DateTime): lambda date, moment: _moments_apart(midnight(date), moment),
    (DateTime, Date): lambda moment, date: _moments_apart(moment, midnight(date)),
    (Time, Time): _times_apart,
    **{
        (point, span): _minus(plus) for (point, span), plus in _ADD.items() if point in (Date, DateTime, Time)
    },
}


def _scaled_nanos(duration: DaysTimeDuration, factor: Decimal) -> DaysTimeDuration:
    product = DECIMAL128.multiply(Decimal(duration.nanos), factor)
    return _nanos(int(product.to_integral_value(ROUND_DOWN)))


def _scaled_months(duration: YearsMonthsDuration, factor: Decimal) -> YearsMonthsDuration:
    product = DECIMAL128.multiply(Decimal(duration.total_months), factor)
    return _months(int(product.to_integral_value(ROUND_DOWN)))


_MULTIPLY: dict[_Pair, Callable[[Any, Any], Any]] = {
    (Decimal, Decimal): DECIMAL128.multiply,
    (DaysTimeDuration, Decimal): _scaled_nanos,
    (YearsMonthsDuration, Decimal): _scaled_months,
    (Decimal, DaysTimeDuration): _flip(_scaled_nanos),
    (Decimal, YearsMonthsDuration): _flip(_scaled_months),
}


def _divide_nanos(duration: DaysTimeDuration, divisor: Decimal) -> DaysTimeDuration:
    return _nanos(int(DECIMAL128.divide(Decimal(duration.nanos), divisor).to_integral_value(ROUND_DOWN)))


def _divide_months(duration: YearsMonthsDuration, divisor: Decimal) -> YearsMonthsDuration:
    return _months(
        int(DECIMAL128.divide(Decimal(duration.total_months), divisor).to_integral_value(ROUND_DOWN))
    )


_DIVIDE: dict[_Pair, Callable[[Any, Any], Any]] = {
    (Decimal, Decimal): DECIMAL128.divide,
    (DaysTimeDuration, Decimal): _divide_nanos,
    (YearsMonthsDuration, Decimal): _divide_months,
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: DECIMAL128.divide(Decimal(a.nanos), Decimal(b.nanos)),
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: DECIMAL128.divide(
        Decimal(a.total_months), Decimal(b.total_months)
    ),
}
_POWER: dict[_Pair, Callable[[Any, Any], Any]] = {(Decimal, Decimal): DECIMAL128.power}


def _operation(symbol: str, table: dict[_Pair, Callable[[Any, Any], Any]]) -> Callable[[Any, Any], Any]:
    def operate(left: Any, right: Any) -> Any:
        function = table.get((type(left), type(right)))
        if function is None:
            raise FeelNull("feel.operands", f"{kind_of(left)} {symbol} {kind_of(right)} has no value")
        try:
            return function(left, right)
        except ZeroDivisionError:
            raise FeelNull(
                "feel.division_by_zero", "a division by 0 has no value: check the divisor first"
            ) from None
        except ARITHMETIC_ERRORS:
            raise FeelNull("feel.overflow", f"{left} {symbol} {right} is no number of 34 digits") from None

    operate.__doc__ = f"Return `left {symbol} right`; raises `FeelNull` when it has no value."
    return operate


add = _operation("+", _ADD)
subtract = _operation("-", _SUBTRACT)
multiply = _operation("*", _MULTIPLY)
divide = _operation("/", _DIVIDE)
power = _operation("**", _POWER)


def negate(value: Any) -> Any:
    """Return `-value`; raises `FeelNull` when it has no value."""
    kind = type(value)
    if kind is Decimal:
        return DECIMAL128.minus(value)
    if kind in (DaysTimeDuration, YearsMonthsDuration):
        return _negated(value)
    raise FeelNull("feel.operands", f"- {kind_of(value)} has no value")


def seconds_of(nanos: int) -> Decimal:
    """Return nanoseconds as a number of seconds."""
    return DECIMAL128.divide(Decimal(nanos), Decimal(NANOS_A_SECOND))
