"""County codes 行政区划代码 (GB/T 2260) with the dates between which each was in use.

Two sources, both data: the table inside python-stdnum (years; every code since 1980, abolished ones too;
read as a file, because its look-up by code cannot answer a look-up by name) and ``area_changes.csv``
beside this module (days, with the decision behind each change), which overrides it. A court's 法院代字 must
never be derived from these codes: the court keeps its old number until the court itself is changed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

from lianban.engines.errors import YourMistake

_RANGE = re.compile(r"^\[(\d{4})?-(\d{4})?\](.*)$")
_PROVINCE_LINE = re.compile(r'^(\d\d) province="([^"]*)"')
_COUNTY_LINE = re.compile(r'^ +(\d{4}) county="([^"]*)"')
# What follows the name proper: 玉环县 and 玉环市 are one place, 托克逊县 is 托克逊.
_ENDING = re.compile(r"(?:(?:[^县市区旗]{1,6}族)+自治(?:县|旗)|地区|林区|特区|新区|县|市|区|旗|盟|自治州)$")


class UnknownArea(YourMistake):
    code = "LB-IDENTIFIERS-050"
    zh = "地区代码或名称“{area}”不存在。请从地区目录中选择。"
    en = 'There is no area with the code or name "{area}". Choose one from the directory of areas.'


class AreaOutOfForce(YourMistake):
    """The code was in use, but not on that day. ``found["instead"]`` is the code in use then, if known."""

    code = "LB-IDENTIFIERS-051"
    zh = "地区代码 {area}（{name}）在 {on} 不使用：使用期间为 {since} 至 {until}。当日代码：{instead}。"
    en = "Area code {area} ({name}) was not in use on {on}, only from {since} to {until}. Code on that day: {instead}."


@dataclass(frozen=True)
class Area:
    """One code during the time it meant one place. ``until`` is the first day it no longer did."""

    code: str
    name: str
    since: date | None
    until: date | None
    successor: str | None = None
    source: str = "python-stdnum cn/loc"
    # False where only years are known. ``since`` is then 1 January of the first year and ``until`` 1 January
    # after the last: in the year of a change both codes are in force, as no source says on which day it was.
    exact: bool = False

    @property
    def stem(self) -> str:
        """The name without 县, 市, 区…: what a place keeps when its rank changes."""
        return stem(self.name)

    def in_force(self, on: date) -> bool:
        """Whether the code meant this place on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


def stem(name: str) -> str:
    """A place's name without its rank; names of one character keep it (吉县)."""
    short = _ENDING.sub("", name)
    return short if len(short) > 1 else name


def areas_with_code(code: str) -> tuple[Area, ...]:
    """Every place the six-digit code has ever meant, oldest first; empty if it was never assigned."""
    return _register().get(code, ())


def area_on(code: str, on: date) -> Area:
    """The place the code meant on that day. Raises :class:`UnknownArea` or :class:`AreaOutOfForce`."""
    known = areas_with_code(code)
    if not known:
        raise UnknownArea(area=code)
    for area in reversed(known):
        if area.in_force(on):
            return area
    last = known[-1]
    instead = counterpart_on(code, on)
    raise AreaOutOfForce(
        area=code,
        name=last.name,
        on=on.isoformat(),
        since=str(known[0].since or "—"),
        until=str(last.until or "—"),
        instead=instead.code if instead else "—",
    )


def counterpart_on(code: str, on: date) -> Area | None:
    """The place of ``code`` as it was coded on ``on``: 331021 is 331083 in 2020, and back in 2010.

    Follows the dated successors, else the one place of the same province that bore the name then; ``None``
    where neither says (崇文区 was merged away: it is resolvable, but nothing took its name).
    """
    known = areas_with_code(code)
    if not known:
        raise UnknownArea(area=code)
    for area in reversed(known):
        if area.in_force(on):
            return area
    followed = _follow(known, on)
    if followed:
        return followed
    level = _level(code)
    for meaning in reversed(known):
        bearers = _by_stem().get((code[:2], meaning.stem), ())
        named = {area.code: area for area in bearers if area.in_force(on) and _level(area.code) == level}
        if named:
            return next(iter(named.values())) if len(named) == 1 else None
    return None


def find_areas(name: str, on: date, *, province: str | None = None) -> tuple[Area, ...]:
    """Places of that name (with or without 县, 市, 区) on that day, ordered by code.

    ``province`` is the two-digit code. 玉环 is 331021 before 2017-04-11 and 331083 since.
    """
    wanted = name.strip()
    found = [
        area
        for (first, place), areas in _by_stem().items()
        if place == stem(wanted) and province in (None, first)
        for area in areas
        if area.in_force(on) and wanted in (area.name, area.stem)
    ]
    return tuple(sorted(found, key=lambda area: area.code))


def province_name(code: str) -> str | None:
    """The province of any area code."""
    known = areas_with_code(code[:2] + "0000")
    return known[-1].name if known else None


def all_areas() -> tuple[Area, ...]:
    """Every place and period known, by code."""
    return tuple(area for _code, areas in sorted(_register().items()) for area in areas)


def _level(code: str) -> int:
    """1 province, 2 city, 3 county."""
    return 1 if code.endswith("0000") else 2 if code.endswith("00") else 3


def _follow(known: tuple[Area, ...], on: date) -> Area | None:
    seen: set[str] = set()
    step: str | None = known[-1].successor
    while step and step not in seen:
        seen.add(step)
        for area in areas_with_code(step):
            if area.in_force(on):
                return area
        later = areas_with_code(step)
        step = later[-1].successor if later else None
    return None


@lru_cache(maxsize=1)
def _register() -> dict[str, tuple[Area, ...]]:
    grouped: dict[str, list[Area]] = {}
    province = ""
    table = resources.files("stdnum").joinpath("cn", "loc.dat")
    for line in table.read_text(encoding="utf-8").splitlines():
        if match := _PROVINCE_LINE.match(line):
            province = match[1]
        elif match := _COUNTY_LINE.match(line):
            code = province + match[1]
            grouped[code] = [_from_years(code, item) for item in match[2].split(",")]
    grouped |= _changes()
    return {code: tuple(sorted(areas, key=_age)) for code, areas in grouped.items()}


@lru_cache(maxsize=1)
def _by_stem() -> dict[tuple[str, str], tuple[Area, ...]]:
    grouped: dict[tuple[str, str], list[Area]] = {}
    for area in all_areas():
        grouped.setdefault((area.code[:2], area.stem), []).append(area)
    return {key: tuple(areas) for key, areas in grouped.items()}


def _age(area: Area) -> date:
    return area.since or date.min


def _from_years(code: str, item: str) -> Area:
    match = _RANGE.match(item)
    if not match:
        return Area(code, item, None, None)
    first, last, name = match.groups()
    if first and last and int(last) < int(first):
        # The table has a period that ends before it begins; both years are kept, in order.
        first, last = last, first
    return Area(
        code,
        name,
        date(int(first), 1, 1) if first else None,
        date(int(last) + 1, 1, 1) if last else None,
    )


def _changes() -> dict[str, list[Area]]:
    table = resources.files("lianban.engines.identifiers").joinpath("area_changes.csv")
    grouped: dict[str, list[Area]] = {}
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        grouped.setdefault(row["code"], []).append(
            Area(
                row["code"],
                row["name"],
                date.fromisoformat(row["since"]) if row["since"] else None,
                date.fromisoformat(row["until"]) if row["until"] else None,
                row["successor"] or None,
                row["source"],
                row["exact"] == "day",
            )
        )
    return grouped
