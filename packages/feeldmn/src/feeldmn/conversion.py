"""Python values in, Python values out (the table is in `feeldmn.values`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any

from feeldmn.errors import UnsupportedValue
from feeldmn.numeric import decimal_of
from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration, Zone
from feeldmn.temporal.durations import NANOS_A_DAY, NANOS_A_SECOND
from feeldmn.values import Function, Parameter, Range

MAX_NESTING = 200


def _date(value: dt.date) -> Date:
    return Date(value.year, value.month, value.day)


def _time(value: dt.time | dt.datetime) -> Time:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return Time(seconds * NANOS_A_SECOND + value.microsecond * 1000, _zone(value))


def _zone(value: dt.time | dt.datetime) -> Zone | None:
    if value.tzinfo is None:
        return None
    zone = Zone.named(key) if isinstance(key := getattr(value.tzinfo, "key", None), str) else None
    if zone is not None:
        return zone
    offset = value.utcoffset()
    if offset is None:
        raise UnsupportedValue(
            "a time has a zone whose offset depends on the date",
            found=repr(value),
            remedy="hand in a datetime, or a time with a fixed offset or a zone of zoneinfo",
        )
    return Zone(int(offset.total_seconds()))


def _timedelta(value: dt.timedelta) -> DaysTimeDuration:
    return DaysTimeDuration((value.days * 86400 + value.seconds) * NANOS_A_SECOND + value.microseconds * 1000)


def _number(value: Any) -> Decimal:
    try:
        return decimal_of(value)
    except (InvalidOperation, Overflow):
        raise UnsupportedValue(
            "a number is not finite or has too large an exponent",
            found=repr(value)[:60],
            remedy="FEEL has neither NaN nor infinity; hand in None",
        ) from None


def _integer(value: int) -> Decimal:
    return Decimal(value) if -_EXACT < value < _EXACT else _number(value)


def _decimal(value: Decimal) -> Decimal:
    if value.is_finite() and len(value.as_tuple().digits) <= 34 and abs(value.adjusted()) < 6000:
        return value
    return _number(value)


_EXACT = 10**34
_UNCHANGED = frozenset(
    {str, bool, type(None), Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration, Range, Function}
)
_IN: dict[type, Callable[[Any], Any]] = {
    int: _integer,
    float: _number,
    Decimal: _decimal,
    dt.datetime: lambda value: DateTime(_date(value), _time(value)),
    dt.date: _date,
    dt.time: _time,
    dt.timedelta: _timedelta,
}


def to_feel(value: Any, depth: int = 0) -> Any:
    """Return a Python value as a FEEL value; lists and contexts are copied.

    Raises `UnsupportedValue` for what FEEL has no value for.
    """
    kind = type(value)
    if kind in _UNCHANGED:
        return value
    convert = _IN.get(kind)
    if convert is not None:
        return convert(value)
    if depth > MAX_NESTING:
        raise UnsupportedValue(
            f"a value is nested more than {MAX_NESTING} deep", remedy="hand in a flatter value without cycles"
        )
    depth += 1
    if kind is list:
        return [to_feel(item, depth) for item in value]
    if kind is dict or isinstance(value, Mapping):
        return {_KEYS.get(key) or _key(key): to_feel(item, depth) for key, item in value.items()}
    return _other(value, depth)


def _other(value: Any, depth: int) -> Any:
    """Convert what is no plain Python value: subclasses, other iterables, callables."""
    if isinstance(value, (bytes, bytearray)):
        raise UnsupportedValue(
            "bytes have no FEEL value", found=repr(value[:20]), remedy="decode them to a string"
        )
    if isinstance(value, Function):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    for base, known in _IN.items():
        if isinstance(value, base):
            return known(value)
    if isinstance(value, Iterable):
        return [to_feel(item, depth) for item in value]
    if callable(value):
        return _callable(value)
    raise UnsupportedValue(
        "a value has no counterpart in FEEL",
        found=f"{type(value).__name__}: {value!r:.60}",
        remedy="hand in numbers, strings, dates, lists or mappings",
    )


#: Keys already seen, as they are compared: with their white space reduced to single spaces.
_KEYS: dict[Any, str] = {}


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise UnsupportedValue(
            "a context has a key that is no string", found=repr(key)[:60], remedy="use string keys"
        )
    plain = " ".join(key.split())
    if len(_KEYS) < 10_000 and len(key) < 200:
        _KEYS[key] = plain
    return plain


def _callable(function: Callable[..., Any]) -> Function:
    import inspect

    try:
        names = [
            parameter.name
            for parameter in inspect.signature(function).parameters.values()
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
    except (TypeError, ValueError):
        names = []
    return Function(
        getattr(function, "__name__", ""),
        [Parameter(name) for name in names],
        lambda _runtime, arguments: to_feel(function(*[to_python(argument) for argument in arguments])),
    )


def to_python(value: Any) -> Any:
    """Return a FEEL value as plain Python where Python can hold it; lists and contexts are copied."""
    convert = _OUT.get(type(value))
    return value if convert is None else convert(value)


def _out_date(value: Date) -> Any:
    return dt.date(value.year, value.month, value.day) if 1 <= value.year <= 9999 else value


def _out_zone(zone: Zone | None) -> dt.tzinfo | None:
    if zone is None:
        return None
    if zone.name:
        from zoneinfo import ZoneInfo

        return ZoneInfo(zone.name)
    return dt.timezone(dt.timedelta(seconds=zone.offset))


def _out_time(value: Time) -> Any:
    if value.nanos % 1000:
        return value
    micros = value.nanos // 1000
    seconds, micro = divmod(micros, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return dt.time(hour, minute, second, micro, tzinfo=_out_zone(value.zone))


def _out_date_time(value: DateTime) -> Any:
    day, clock = _out_date(value.date), _out_time(value.time)
    if isinstance(day, Date) or isinstance(clock, Time):
        return value
    return dt.datetime.combine(day, clock)


def _out_duration(value: DaysTimeDuration) -> Any:
    if value.nanos % 1000 or abs(value.nanos) >= 999_999_999 * NANOS_A_DAY:
        return value
    return dt.timedelta(microseconds=value.nanos // 1000)


_OUT: dict[type, Callable[[Any], Any]] = {
    Date: _out_date,
    Time: _out_time,
    DateTime: _out_date_time,
    DaysTimeDuration: _out_duration,
    list: lambda value: [to_python(item) for item in value],
    dict: lambda value: {key: to_python(item) for key, item in value.items()},
    Range: lambda value: Range(
        to_python(value.start), to_python(value.end), value.start_included, value.end_included, value.operator
    ),
}


def now_value(now: dt.datetime) -> DateTime:
    """Return the moment handed in as `now`."""
    return DateTime(_date(now), _time(now))
