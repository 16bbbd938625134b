"""Clock data files → rules, with every mistake named by file, clock and field.

A file is TOML: ``[[clock]]`` tables, each with ``[[clock.version]]`` tables. Whatever may change with the law stands in
a version, and every version is complete: nothing is carried over silently from an older law.
``docs/reference/clocks.md`` describes the fields.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from .errors import BadClockData
from .rules import (
    Adjustable,
    Basis,
    Bound,
    ClockRule,
    ClockVersion,
    Direction,
    ExtensionRule,
    FirstDay,
    Length,
    Nature,
    PauseRule,
    SetBy,
    Source,
    Tag,
    Unit,
    Words,
    YearlyMoment,
)

CLOCK_KEYS = {
    "code", "zh", "en", "trigger", "whose", "nature", "basis", "bound", "direction", "expiry", "obstacle",
    "printed_end", "note", "version",
}  # fmt: skip
VERSION_KEYS = {
    "from", "to", "length", "first_day", "rolls", "law", "article", "edition", "tag", "note", "pauses", "restarts",
    "extensions", "longest", "set_by", "least", "most", "fixed_from", "fixed_until",
}  # fmt: skip
WHOSE = {"court", "party", "agency", "prosecutor", "police", "registry", "mediator", "other"}

Choice = TypeVar("Choice", Basis, Bound, Direction, FirstDay, Nature, SetBy, Tag)


def read_clock_file(path: Path) -> tuple[ClockRule, ...]:
    """All clocks of one file. Raises :class:`BadClockData`."""
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadClockData(where=path.name, problem=str(error)) from error
    return tuple(_clock(entry, f"{path.name}: {entry.get('code', '?')}") for entry in data.get("clock", []))


def _clock(entry: dict[str, Any], where: str) -> ClockRule:
    _known(entry, CLOCK_KEYS, where)
    nature = _choice(Nature, entry.get("nature", "act"), where)
    bound = _choice(Bound, entry.get("bound", "latest"), where)
    direction = _choice(Direction, entry.get("direction", "after"), where)
    basis = _choice(Basis, entry.get("basis", "procedural"), where)
    if entry.get("whose") not in WHOSE:
        raise BadClockData(where=where, problem=f"whose = {entry.get('whose')!r}; one of {sorted(WHOSE)}")
    if bound is Bound.EARLIEST and nature is Nature.EFFECT:
        raise BadClockData(where=where, problem="a period of effect has a latest end, not an earliest")
    versions: list[ClockVersion] = []
    for item in entry.get("version", []):
        _known(item, VERSION_KEYS, where)
        versions.append(_version(item, nature, bound, direction, basis, f"{where} {item.get('from', '?')}"))
    return ClockRule(
        code=_text(entry, "code", where),
        name=Words(_text(entry, "zh", where), _text(entry, "en", where)),
        trigger=_words(entry.get("trigger"), f"{where} trigger"),
        whose=entry["whose"],
        nature=nature,
        basis=basis,
        bound=bound,
        direction=direction,
        expiry=_words(entry.get("expiry"), f"{where} expiry"),
        versions=_in_order(versions, where),
        party_may_ask_more_time=bool(entry.get("obstacle", False)),
        printed_end=bool(entry.get("printed_end", False)),
        note=entry.get("note", ""),
    )


def _version(
    raw: dict[str, Any], nature: Nature, bound: Bound, direction: Direction, basis: Basis, where: str
) -> ClockVersion:
    if not isinstance(raw.get("from"), date):
        raise BadClockData(where=where, problem="a version needs from = YYYY-MM-DD")
    needs_length = str(raw.get("length", "")).startswith("document ")
    length = Length.parse(str(raw.get("length", "")).removeprefix("document "), where)
    may_roll = length.unit in (Unit.DAYS, Unit.MONTHS, Unit.YEARS)
    by_rule = may_roll and nature is Nature.ACT and bound is Bound.LATEST and direction is Direction.AFTER
    rolls = bool(raw.get("rolls", by_rule))
    if rolls and not by_rule:
        raise BadClockData(where=where, problem="only a period for doing something by its last day can roll")
    if length.unit is Unit.FIXED and not ("fixed_from" in raw and "fixed_until" in raw):
        raise BadClockData(where=where, problem="a fixed period needs fixed_from and fixed_until")
    set_by = frozenset(_choice(SetBy, word, where) for word in raw.get("set_by", ()))
    if needs_length and SetBy.DOCUMENT not in set_by:
        raise BadClockData(where=where, problem="a length left to the document needs set_by = ['document']")
    return ClockVersion(
        from_day=raw["from"],
        to_day=raw.get("to"),
        length=length,
        first_day=_first_day(raw, length, basis, where),
        rolls=rolls,
        source=Source(
            law=_text(raw, "law", where),
            article=str(raw.get("article", "")),
            tag=_choice(Tag, raw.get("tag"), where),
            edition=str(raw.get("edition", "")),
            note=raw.get("note", ""),
        ),
        pauses=tuple(_pause(item, where) for item in raw.get("pauses", ())),
        restarts=tuple(_pause(item, where) for item in raw.get("restarts", ())),
        extensions=tuple(_extension(item, where) for item in raw.get("extensions", ())),
        longest=Length.parse(raw["longest"], where) if "longest" in raw else None,
        adjustable=Adjustable(set_by, int(raw.get("least", 1)), raw.get("most")) if set_by else None,
        needs_length=needs_length,
        fixed_from=_yearly(raw.get("fixed_from"), where),
        fixed_until=_yearly(raw.get("fixed_until"), where),
    )


def _first_day(raw: dict[str, Any], length: Length, basis: Basis, where: str) -> FirstDay:
    if "first_day" in raw:
        return _choice(FirstDay, raw["first_day"], where)
    if length.unit is Unit.HOURS and basis is Basis.PROCEDURAL:
        return FirstDay.NEXT_HOUR
    if length.unit.is_instant:
        return FirstDay.MOMENT
    return FirstDay.NEXT_DAY


def _yearly(text: str | None, where: str) -> YearlyMoment | None:
    if text is None:
        return None
    try:
        moment = datetime.strptime(f"2000-{text}", "%Y-%m-%d %H:%M")
    except ValueError:
        raise BadClockData(where=where, problem=f"{text!r}; write a moment as '05-01 12:00'") from None
    return YearlyMoment(moment.month, moment.day, moment.hour, moment.minute)


def _pause(item: dict[str, Any], where: str) -> PauseRule:
    _known(item, {"code", "zh", "en", "source", "tops_up"}, where)
    tops_up = Length.parse(item["tops_up"], where) if "tops_up" in item else None
    return PauseRule(
        _text(item, "code", where), _words(item, where), _text(item, "source", where), tops_up=tops_up
    )


def _extension(item: dict[str, Any], where: str) -> ExtensionRule:
    keys = {"code", "zh", "en", "approver", "length", "most_times", "apply_by", "source"}
    _known(item, keys, where)
    return ExtensionRule(
        code=_text(item, "code", where),
        name=_words(item, where),
        approver=_words(item.get("approver"), f"{where} approver"),
        length=Length.parse(item["length"], where) if "length" in item else None,
        most_times=item.get("most_times", 1) or None,
        apply_by=Length.parse(item["apply_by"], where) if "apply_by" in item else None,
        source=_text(item, "source", where),
    )


def _in_order(versions: list[ClockVersion], where: str) -> tuple[ClockVersion, ...]:
    if not versions:
        raise BadClockData(where=where, problem="a clock needs at least one version")
    for index, version in enumerate(versions[:-1]):
        following = versions[index + 1].from_day
        last = version.to_day or following - timedelta(days=1)
        if not version.from_day <= last < following:
            raise BadClockData(where=where, problem=f"version {version.id} overlaps the one after it")
        versions[index] = replace(version, to_day=last)
    return tuple(versions)


def _known(entry: dict[str, Any], keys: Iterable[str], where: str) -> None:
    unknown = sorted(set(entry) - set(keys))
    if unknown:
        raise BadClockData(where=where, problem=f"unknown field {unknown[0]!r}; known: {sorted(keys)}")


def _text(entry: dict[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadClockData(where=where, problem=f"{key!r} is missing or empty")
    return value


def _words(entry: Any, where: str) -> Words:
    if not isinstance(entry, dict):
        raise BadClockData(where=where, problem="write { zh = '…', en = '…' }")
    return Words(_text(entry, "zh", where), _text(entry, "en", where))


def _choice(kind: type[Choice], value: Any, where: str) -> Choice:
    try:
        return kind(value)
    except ValueError:
        words = ", ".join(member.value for member in kind)
        raise BadClockData(where=where, problem=f"{value!r} is not one of {words}") from None
