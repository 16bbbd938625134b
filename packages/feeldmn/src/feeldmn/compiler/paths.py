"""Paths: entries of contexts, properties of dates, times, durations and ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from feeldmn import nodes
from feeldmn.arithmetic import seconds_of
from feeldmn.compiler.core import MISSING, Closure, Compiler, Frame, compiles
from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration, Zone
from feeldmn.temporal.durations import NANOS_A_SECOND
from feeldmn.values import Range, kind_of

_Properties = Mapping[str, Callable[[Any], Any]]


def _offset(seconds: int | None) -> DaysTimeDuration | None:
    return None if seconds is None else DaysTimeDuration(seconds * NANOS_A_SECOND)


def _zone_name(zone: Zone | None) -> str | None:
    if zone is None:
        return None
    return zone.name or None


_DATE: dict[str, Callable[[Any], Any]] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(date.weekday),
}
_TIME: dict[str, Callable[[Any], Any]] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: seconds_of(time.second_nanos),
    "time offset": lambda time: _offset(time.zone.time_offset() if time.zone else None),
    "timezone": lambda time: _zone_name(time.zone),
}


def _of_date(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda moment: read(moment.date)


def _of_time(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda moment: read(moment.time)


PROPERTIES: dict[type, _Properties] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _of_date(read) for name, read in _DATE.items()},
        **{name: _of_time(read) for name, read in _TIME.items()},
        "time offset": lambda moment: _offset(moment.offset),
    },
    DaysTimeDuration: {
        "days": lambda duration: Decimal(duration.days),
        "hours": lambda duration: Decimal(duration.hours),
        "minutes": lambda duration: Decimal(duration.minutes),
        "seconds": lambda duration: seconds_of(duration.second_nanos),
    },
    YearsMonthsDuration: {
        "years": lambda duration: Decimal(duration.years),
        "months": lambda duration: Decimal(duration.months),
    },
    Range: {
        "start": lambda interval: interval.start,
        "end": lambda interval: interval.end,
        "start included": lambda interval: interval.start_included,
        "end included": lambda interval: interval.end_included,
    },
}


@compiles(nodes.Path)
def _path(compiler: Compiler, node: nodes.Path) -> Closure:
    value, name, unit, at = compiler.compile(node.value), node.name, compiler.unit, node.at

    def entry(frame: Frame, found: Any) -> Any:
        kind = type(found)
        if kind is dict:
            item = found.get(name, MISSING)
            if item is not MISSING:
                return item
            return frame[0].note(
                "feel.no_entry", f"the context has no entry {name!r}: it has {_keys(found)}", at, unit
            )
        if kind is list:
            frame[0].spend(len(found))
            return [entry(frame, item) for item in found]
        properties = PROPERTIES.get(kind)
        if properties is not None and name in properties:
            return properties[name](found)
        return frame[0].note("feel.no_property", f"{kind_of(found)} has no property {name!r}", at, unit)

    def run(frame: Frame) -> Any:
        found = value(frame)
        if type(found) is dict and name in found:
            return found[name]
        return entry(frame, found)

    return run


def _keys(context: dict[str, Any]) -> str:
    return ", ".join(list(context)[:8]) or "none"
