"""County codes 行政区划代码 (GB/T 2260) with the dates between which each was in use.

Two sources, both data: the table inside python-stdnum (years; every code since 1980, abolished ones too)
and ``area_changes.csv`` beside this file (days, with the decision that made the change), which overrides
it. A court's 法院代字 must never be derived from these codes: it keeps the old number until the court
itself is changed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

from stdnum import numdb

_RANGE = re.compile(r"^\[(\d{4})?-(\d{4})?\](.*)$")


@dataclass(frozen=True)
class Area:
    """One code during the time it meant one place. ``until`` is the first day it no longer did."""

    code: str
    name: str
    since: date | None
    until: date | None
    successor: str | None = None
    source: str = "python-stdnum cn/loc"
    # False where only the years are known: then ``since`` is 1 January of the first year, and ``until``
    # 1 January after the last, so that in the year of the change both codes are accepted.
    exact: bool = False

    def in_force(self, on: date) -> bool:
        """Whether the code meant this place on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@lru_cache(maxsize=8192)
def areas_with_code(code: str) -> tuple[Area, ...]:
    """Every place the six-digit code has ever meant, oldest first; empty if it was never assigned."""
    dated = _changes().get(code)
    if dated:
        return dated
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return ()
    properties: dict[str, str] = {}
    for _part, found in numdb.get("cn/loc").info(code):
        properties.update(found)
    if "county" not in properties:
        return ()
    return tuple(_from_years(code, item) for item in properties["county"].split(","))


def _from_years(code: str, item: str) -> Area:
    match = _RANGE.match(item)
    if not match:
        return Area(code, item, None, None)
    first, last, name = match.groups()
    return Area(
        code,
        name,
        date(int(first), 1, 1) if first else None,
        date(int(last) + 1, 1, 1) if last else None,
    )


@lru_cache(maxsize=1)
def _changes() -> dict[str, tuple[Area, ...]]:
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
    return {code: tuple(areas) for code, areas in grouped.items()}
