"""From a scene's ``indicators.yaml`` to definitions; every mistake is named by file, line and place.

``docs/reference/indicators.md`` describes the format. The input is what a YAML reader gives: plain lists
and mappings, or ruamel's, whose line numbers are used when they are there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lianban.engines.indicators.conditions import read_column, read_conditions
from lianban.engines.indicators.definitions import (
    MICROSECONDS,
    Aggregate,
    Exclusion,
    Indicator,
    Measure,
    Part,
    Published,
    Unit,
)
from lianban.engines.indicators.errors import IndicatorsRefused, Problem
from lianban.engines.indicators.facts import COLUMNS, ColumnType, FactKind
from lianban.engines.indicators.measures import read_measure, read_share
from lianban.engines.indicators.reading import Place, is_list

_CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_KEYS = (
    "code", "title", "description", "of", "unit", "value", "numerator", "denominator", "where", "exclude",
    "period", "source", "opens", "by", "places", "published",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """The definitions that could be read, and the problems of the rest."""

    indicators: tuple[Indicator, ...]
    problems: tuple[Problem, ...]


def parse_indicators(raw: Any, *, source: str) -> tuple[Indicator, ...]:
    """The definitions in ``raw``; :class:`IndicatorsRefused` with every problem if there is any.

    ``raw`` is a list of definitions, or a mapping with the one key ``indicators``. ``source`` is the file's
    name as people know it; it only goes into the problems.
    """
    reading = read_indicators(raw, source=source)
    if reading.problems:
        raise IndicatorsRefused.of(reading.problems)
    return reading.indicators


def read_indicators(raw: Any, *, source: str) -> Reading:
    """As :func:`parse_indicators`, but collects the problems instead of raising."""
    problems: list[Problem] = []
    if raw is None:
        return Reading((), ())
    if is_list(raw):
        file = Place(source, problems, {"indicators": raw}, "")
    elif isinstance(raw, Mapping):
        file = Place(source, problems, raw, "")
        file.known("indicators")
    else:
        found = type(raw).__name__
        problems.append(
            Problem(
                source,
                None,
                "",
                f"应为指标定义的列表，读到 {found}。",
                f"expected a list of definitions, found {found}.",
            )
        )
        return Reading((), tuple(problems))
    indicators: dict[str, Indicator] = {}
    for entry in file.each("indicators"):
        code = entry.raw.get("code")
        place = replace(entry, where=str(code)) if isinstance(code, str) else entry
        before = len(problems)
        indicator = _definition(place)
        if isinstance(code, str) and code in indicators:
            place.bad("code", "代码重复", "this code is used twice")
        if indicator is not None and len(problems) == before:
            indicators[indicator.code] = indicator
    return Reading(tuple(indicators.values()), tuple(problems))


def _definition(place: Place) -> Indicator | None:
    place.known(*_KEYS)
    code, places = place.raw.get("code"), place.raw.get("places")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        place.bad("code", "code 应为小写英文字母、数字、下划线", "code is lower-case letters, digits and _")
    if places is not None and (type(places) is not int or not 0 <= places <= 6):
        place.bad("places", "places 应为 0 到 6 的整数", "places is an integer from 0 to 6")
    title, source = place.words("title"), place.words("source")
    description = place.words("description") if place.has("description") else None
    unit, kind = place.choice(Unit, "unit"), place.choice(FactKind, "of")
    if kind is None:
        return None  # nothing else can be judged without the columns
    types = COLUMNS[kind]
    value = numerator = denominator = None
    if place.has("value") == (place.has("numerator") or place.has("denominator")):
        place.bad(
            None,
            "需要 value，或者 numerator 与 denominator，不可并用",
            "needs either value, or numerator and denominator",
        )
    elif place.has("value"):
        value = read_measure(place, "value", kind)
    else:
        numerator, denominator = read_share(place, "numerator", kind), read_share(place, "denominator", kind)
    where = read_conditions(place, "where", types)
    exclusions = _exclusions(place, kind)
    period = read_column(place, "period", types, (ColumnType.INSTANT,)) if place.has("period") else None
    by = _groups(place, kind)
    if title is None or source is None or unit is None:
        return None
    if value is None and (numerator is None or denominator is None):
        return None
    _check_unit(place, unit, value)
    indicator = Indicator(
        code=str(code), title=title, of=kind, unit=unit, source=source,
        opens=Part.NUMERATOR if value is None else Part.COUNTED,
        value=value, numerator=numerator, denominator=denominator, where=where, exclusions=exclusions,
        period=period, by=by, description=description, places=places, published=_published(place),
    )  # fmt: skip
    return _with_opens(place, indicator)


def _exclusions(place: Place, kind: FactKind) -> tuple[Exclusion, ...]:
    found = []
    for entry in place.each("exclude"):
        entry.known("when", "because")
        when, because = read_conditions(entry, "when", COLUMNS[kind]), entry.words("because")
        if not when:
            entry.bad("when", "when 不能为空，否则会排除所有行", "when is empty, and would exclude every row")
        elif because is not None:
            found.append(Exclusion(when, because))
    return tuple(found)


FLAGS = ("plausibility", "not_this_period", "claim_without_number")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")


def _published(place: Place) -> tuple[Published, ...]:
    """Figures in print: as text, so that no digit is lost; a flag has its reason."""
    found = []
    for entry in place.each("published"):
        entry.known("value", "source", "flag", "because")
        value, flag = entry.raw.get("value"), entry.raw.get("flag", "")
        if not isinstance(value, str) or not _NUMBER.match(value):
            entry.bad(
                "value", 'value 应为加引号的数字，如 "37.74"', 'value is a number in quotes, like "37.74"'
            )
            continue
        if flag and flag not in FLAGS:
            entry.unknown("flag", str(flag), FLAGS)
            continue
        if bool(flag) is not entry.has("because"):
            entry.bad("because", "flag 与 because 应同时写出", "flag and because belong together")
            continue
        source = entry.words("source")
        because = entry.words("because") if flag else None
        if source is not None:
            found.append(Published(value, source, flag, because))
    return tuple(found)


def _groups(place: Place, kind: FactKind) -> tuple[str, ...]:
    names = place.raw.get("by", [])
    if not is_list(names):
        place.bad("by", "应为列的列表", "expected a list of columns")
        return ()
    texts = [name for name, column_type in COLUMNS[kind].items() if column_type is ColumnType.TEXT]
    for name in names:
        if name not in texts:
            place.unknown("by", str(name), texts)
    return tuple(str(name) for name in names if name in texts)


def _check_unit(place: Place, unit: Unit, value: Measure | None) -> None:
    if value is None:
        usable: tuple[Unit, ...] = (Unit.RATIO, Unit.PERCENT)
    else:
        counts = value.aggregate in (Aggregate.COUNT, Aggregate.DISTINCT)
        of_money = not counts and value.field is not None and value.field.endswith("_fen")
        usable = (
            tuple(MICROSECONDS) if value.duration is not None else (Unit.YUAN,) if of_money else (Unit.COUNT,)
        )
    if unit not in usable:
        place.bad(
            "unit",
            f"此指标的单位应为 {'、'.join(usable)}，读到 {unit}",
            f"the unit of this indicator is one of {', '.join(usable)}, found {unit}",
        )


def _with_opens(place: Place, indicator: Indicator) -> Indicator | None:
    if not place.has("opens"):
        return indicator
    opens = place.choice(Part, "opens")
    if opens is None:
        return None
    if opens not in indicator.parts:
        place.unknown("opens", opens.value, [part.value for part in indicator.parts])
        return None
    return replace(indicator, opens=opens)
