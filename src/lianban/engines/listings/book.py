"""The rows of ``data/listings.toml``: grounds, bars, events that remove, items and persons of a limit.

::

    book = ListingBook.standard()
    book.row(Kind.GROUND, "obstructs", on=date(2026, 3, 2)).term    # True: two years, and one to three more
    [row.name.zh for row in book.rows(Kind.LIMITED, on=day)]        # the nine items

What no row in force says does not exist. A record keeps the code and the day, so it is read by the law of its day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from lianban.engines.clocks import Tag, Words
from lianban.engines.clocks.rules import Source

from .errors import BadListingData, UnknownGround

STANDARD_LISTINGS = Path(__file__).parent / "data" / "listings.toml"


class Kind(StrEnum):
    """The tables of the file."""

    GROUND = "ground"
    BAR = "bar"
    REMOVAL = "removal"
    CORRECTION = "correction"
    LIMITED = "limited"
    CAPACITY = "capacity"
    LIFT = "lift"

    @property
    def words(self) -> Words:
        return _KINDS[self]


_KINDS = {
    Kind.GROUND: Words("失信情形", "ground for a listing"),
    Kind.BAR: Words("不得纳入的情形", "bar to a listing"),
    Kind.REMOVAL: Words("删除事由", "event that removes a listing"),
    Kind.CORRECTION: Words("纠正事由", "ground for a correction"),
    Kind.LIMITED: Words("限制消费事项", "limited item"),
    Kind.CAPACITY: Words("被限制人身份", "capacity of a limited person"),
    Kind.LIFT: Words("解除事由", "event that lifts a limit"),
}


class WithTerm(StrEnum):
    """Which listings an event removes: those without a term, only those with one, or either."""

    NEVER = "never"
    ONLY = "only"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of law. Flags that a kind does not use keep their defaults.

    ``term``: a listing on this ground has a term. ``with_term``: see :class:`WithTerm`. ``bars_request``: after this removal
    the creditor's own request waits. ``must``: the court has no choice. ``organisation``: only of an organisation's people.
    """

    kind: Kind
    code: str
    name: Words
    source: Source
    from_day: date
    to_day: date | None = None
    item: int = 0
    term: bool = False
    with_term: WithTerm = WithTerm.NEVER
    bars_request: bool = False
    must: bool = False
    organisation: bool = False
    succeeds: bool = False

    def in_force(self, day: date) -> bool:
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


_FLAGS = {
    Kind.GROUND: {"item", "term"},
    Kind.BAR: set[str](),
    Kind.REMOVAL: {"item", "with_term", "bars_request"},
    Kind.CORRECTION: set[str](),
    Kind.LIMITED: {"item"},
    Kind.CAPACITY: {"of", "succeeds"},
    Kind.LIFT: {"must"},
}
_USUAL = {"code", "zh", "en", "law", "article", "edition", "tag", "note", "from", "to"}


@dataclass(frozen=True)
class ListingBook:
    """Every row, in the order of the file. Immutable."""

    all: tuple[Row, ...]

    @classmethod
    def standard(cls) -> ListingBook:
        """The rows shipped with the package, read once."""
        return _standard()

    @classmethod
    def from_file(cls, path: Path) -> ListingBook:
        """Read a file. Raises :class:`BadListingData` with the place and the problem."""
        try:
            with path.open("rb") as file:
                data = tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise BadListingData(where=path.name, problem=str(error)) from error
        unknown = sorted(set(data) - {kind.value for kind in Kind})
        if unknown:
            raise BadListingData(where=path.name, problem=f"unknown table {unknown[0]!r}")
        rows = tuple(_row(kind, raw, path.name) for kind in Kind for raw in data.get(kind.value, ()))
        book = cls(rows)
        book._check(path.name)
        return book

    def _check(self, name: str) -> None:
        for kind in Kind:
            if not any(row.kind is kind for row in self.all):
                raise BadListingData(where=name, problem=f"no row of {kind.value!r}")
        for row in self.all:
            twice = [
                other
                for other in self.all
                if other is not row
                and (other.kind, other.code) == (row.kind, row.code)
                and other.from_day <= (row.to_day or date.max)
                and row.from_day <= (other.to_day or date.max)
            ]
            if twice:
                raise BadListingData(where=f"{name} {row.code}", problem="two rows are in force on one day")

    def rows(self, kind: Kind, on: date) -> tuple[Row, ...]:
        """What is in force on a day."""
        return tuple(row for row in self.all if row.kind is kind and row.in_force(on))

    def row(self, kind: Kind, code: str, on: date) -> Row:
        """The row with this code. Raises :class:`UnknownGround`, naming those in force."""
        known = self.rows(kind, on)
        for row in known:
            if row.code == code:
                return row
        raise UnknownGround(
            day=on.isoformat(), found=str(code)[:60], what_zh=kind.words.zh, what_en=kind.words.en,
            known="、".join(row.code for row in known) or "—",
        )  # fmt: skip


def _row(kind: Kind, raw: Mapping[str, Any], name: str) -> Row:
    where = f"{name} {kind.value} {raw.get('code', '?')}"
    unknown = sorted(set(raw) - _USUAL - _FLAGS[kind])
    if unknown:
        raise BadListingData(where=where, problem=f"unknown field {unknown[0]!r}")
    try:
        return Row(
            kind=kind,
            code=raw["code"],
            name=Words(raw["zh"], raw["en"]),
            source=Source(
                raw["law"], raw["article"], Tag(raw["tag"]), raw.get("edition", ""), raw.get("note", "")
            ),
            from_day=raw["from"],
            to_day=raw.get("to"),
            item=raw.get("item", 0),
            term=raw.get("term", False),
            with_term=WithTerm(raw.get("with_term", "never")),
            bars_request=raw.get("bars_request", False),
            must=raw.get("must", False),
            organisation=raw.get("of", "either") == "organisation",
            succeeds=raw.get("succeeds", False),
        )
    except (KeyError, ValueError) as error:
        raise BadListingData(where=where, problem=repr(error)) from error


@lru_cache(maxsize=1)
def _standard() -> ListingBook:
    return ListingBook.from_file(STANDARD_LISTINGS)
