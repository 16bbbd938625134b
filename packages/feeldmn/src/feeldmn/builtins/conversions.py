"""Built-in functions that make a value from another: date(), time(), number(), duration() and the like."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException
from typing import Any

from feeldmn.builtins.numbers import whole
from feeldmn.builtins.registry import built_in
from feeldmn.numeric import DECIMAL128, decimal_of
from feeldmn.runtime import FeelNull
from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, Zone
from feeldmn.temporal.durations import NANOS_A_SECOND
from feeldmn.temporal.texts import (
    make_date,
    make_time,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from feeldmn.temporal.zones import MAX_OFFSET, UTC_ZONE
from feeldmn.values import kind_of

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,6})?", re.ASCII)


def _found(value: Any, text: str, kind: str, example: str) -> Any:
    if value is None:
        raise FeelNull("feel.text", f"{text!r:.60} is no {kind}: write it like {example}")
    return value


@built_in("date", "from: string", "date")
def _date(_: Any, text: str) -> Date:
    """Make a date of a text, of year, month and day, or of a date and time."""
    return _found(parse_date(text), text, "date", "2024-02-29")


@built_in("date", "from: date", "date")
def _date_same(_: Any, value: Date) -> Date:
    return value


@built_in("date", "from: date and time", "date")
def _date_of_moment(_: Any, value: DateTime) -> Date:
    return value.date


@built_in("date", "year: number, month: number, day: number", "date")
def _date_of_parts(_: Any, year: Decimal, month: Decimal, day: Decimal) -> Date:
    parts = [whole(part, name) for part, name in ((year, "year"), (month, "month"), (day, "day"))]
    return _found(make_date(*parts), f"{year}, {month}, {day}", "date", "date(2024, 2, 29)")


@built_in("time", "from: string", "time")
def _time(_: Any, text: str) -> Time:
    """Make a time of a text, of hour, minute, second and offset, or of a date and time."""
    return _found(parse_time(text), text, "time", "10:15:30")


@built_in("time", "from: time", "time")
def _time_same(_: Any, value: Time) -> Time:
    return value


@built_in("time", "from: date and time", "time")
def _time_of_moment(_: Any, value: DateTime) -> Time:
    return value.time


@built_in("time", "from: date", "time")
def _time_of_date(_: Any, value: Date) -> Time:
    return Time(0, UTC_ZONE)


def _clock(hour: Decimal, minute: Decimal, second: Decimal, zone: Zone | None) -> Time:
    seconds = int(second)
    nanos = int(DECIMAL128.multiply(DECIMAL128.subtract(second, Decimal(seconds)), Decimal(NANOS_A_SECOND)))
    made = (
        make_time(whole(hour, "hour"), whole(minute, "minute"), seconds, nanos, zone) if second >= 0 else None
    )
    return _found(made, f"{hour}, {minute}, {second}", "time", "time(10, 15, 30)")


def _zone_of_offset(offset: DaysTimeDuration | None) -> Zone | None:
    if offset is None:
        return None
    seconds = offset.nanos // NANOS_A_SECOND
    if abs(seconds) > MAX_OFFSET or offset.nanos % NANOS_A_SECOND:
        raise FeelNull("feel.zone", f"the offset {offset} lies beyond 18 hours or has a fraction")
    return Zone(seconds)


@built_in(
    "time",
    "hour: number, minute: number, second: number, offset?: days and time duration | null",
    "time",
)
def _time_of_parts(
    _: Any, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None
) -> Time:
    return _clock(hour, minute, second, _zone_of_offset(offset))


@built_in("date and time", "from: string", "date and time")
def _date_and_time(_: Any, text: str) -> DateTime:
    """Make a date and time of a text, or of a date and a time."""
    moment = parse_date_time(text)
    if moment is None and (date := parse_date(text)) is not None:
        moment = DateTime(date, Time(0))
    return _found(moment, text, "date and time", "2024-02-29T10:15:30")


@built_in("date and time", "date: date | date and time, time: time", "date and time")
def _date_and_time_of(_: Any, date: Any, time: Time) -> DateTime:
    return DateTime(date.date if type(date) is DateTime else date, time)


@built_in("date and time", "from: date and time, timezone: string", "date and time")
def _date_and_time_in(_: Any, moment: DateTime, timezone: str) -> DateTime:
    zone = _found(Zone.named(timezone), timezone, "time zone", "Asia/Shanghai")
    if moment.zone is None:
        return DateTime(moment.date, Time(moment.time.nanos, zone))
    return DateTime.of_epoch_nanos(moment.epoch_nanos, zone)


@built_in(
    "date and time",
    "year: number, month: number, day: number, hour: number, minute: number, second: number, "
    "offset?: days and time duration | null",
    "date and time",
)
def _date_and_time_of_parts(
    runtime: Any,
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: DaysTimeDuration | None,
) -> DateTime:
    date = _date_of_parts(runtime, year, month, day)
    return DateTime(date, _clock(hour, minute, second, _zone_of_offset(offset)))


@built_in("duration", "from: string", "duration")
def _duration(_: Any, text: str) -> Any:
    """Make a duration of a text."""
    return _found(parse_duration(text), text, "duration", "P1DT2H or P1Y2M")


@built_in("duration", "from: duration", "duration")
def _duration_same(_: Any, value: Any) -> Any:
    return value


@built_in(
    "number",
    "from: string, grouping separator?: string | null, decimal separator?: string | null",
    "number",
)
def _number(_: Any, text: str, grouping: str | None, point: str | None) -> Decimal:
    """Make a number of a text with a grouping separator (space, comma, period) and a decimal separator."""
    if grouping not in (None, " ", ",", "."):
        raise FeelNull(
            "feel.argument", f"the grouping separator must be a space, comma or period, not {grouping!r}"
        )
    if point not in (None, ",", "."):
        raise FeelNull("feel.argument", f"the decimal separator must be a comma or period, not {point!r}")
    if grouping is not None and grouping == point:
        raise FeelNull("feel.argument", "the grouping and the decimal separator must differ")
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        plain = plain.replace(",", ".") if "." not in plain else ""
    if not _NUMBER.fullmatch(plain):
        raise FeelNull("feel.text", f"{text!r:.60} is no number: write it like 1234.5")
    try:
        return decimal_of(plain)
    except DecimalException:
        raise FeelNull("feel.text", f"{text!r:.60} is no number of 34 digits") from None


@built_in("number", "from: number", "number")
def _number_same(_: Any, value: Decimal) -> Decimal:
    return value


@built_in("not", "negand: any", "boolean")
def _not(_: Any, value: Any) -> bool:
    """Return the opposite of a boolean, and null for anything else."""
    if type(value) is not bool:
        raise FeelNull("feel.argument", f"not() takes a boolean, but {kind_of(value)} was found")
    return not value
