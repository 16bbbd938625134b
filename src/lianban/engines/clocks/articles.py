"""Article numbers through the editions of a law.

Judicial interpretations still cite the numbers of older editions: the objection to an act of enforcement was 225 of
the civil procedure law in 2012 and 2017, 232 in 2021 and is 236 since 2024. The map is data
(``data/articles.toml``); rows tagged ``V`` or ``S`` were compared text by text, others are inferred.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from .errors import BadClockData, UnknownArticle
from .rules import Tag, Words

STANDARD_ARTICLES = Path(__file__).parent / "data" / "articles.toml"


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a law, by the year it is called by, and the day it took effect."""

    name: str
    from_day: date


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One provision through the editions: edition → number."""

    law: str
    about: Words
    numbers: Mapping[str, str]
    tag: Tag


@dataclass(frozen=True)
class ArticleMap:
    """Editions of laws and the numbers their provisions had."""

    editions: Mapping[str, tuple[Edition, ...]]
    rows: tuple[ArticleRow, ...]

    @classmethod
    def standard(cls) -> ArticleMap:
        """The map shipped with the package, read once."""
        return _standard()

    @classmethod
    def from_file(cls, path: Path) -> ArticleMap:
        with path.open("rb") as file:
            data = tomllib.load(file)
        editions = {
            law["name"]: tuple(Edition(str(e["name"]), e["from"]) for e in law["editions"])
            for law in data["law"]
        }
        rows = tuple(
            ArticleRow(row["law"], Words(row["zh"], row["en"]), row["numbers"], Tag(row["tag"]))
            for row in data["row"]
        )
        for row in rows:
            unknown = set(row.numbers) - {e.name for e in editions.get(row.law, ())}
            if unknown:
                raise BadClockData(where=path.name, problem=f"{row.law} has no edition {sorted(unknown)}")
        return cls(editions, rows)

    def edition_on(self, law: str, day: date) -> str | None:
        """The edition of ``law`` in force on ``day``; ``None`` if none is recorded for that day."""
        found = None
        for edition in self.editions.get(law, ()):
            if edition.from_day <= day:
                found = edition.name
        return found

    def row(self, law: str, article: str | int, *, edition: str) -> ArticleRow:
        """The provision that is ``article`` in ``edition``, with all its numbers. Raises :class:`UnknownArticle`."""
        for row in self.rows:
            if row.law == law and row.numbers.get(edition) == str(article):
                return row
        raise UnknownArticle(law=law, edition=edition, article=str(article))

    def renumber(self, law: str, article: str | int, *, edition: str, to: str) -> str:
        """The number in edition ``to`` of what was ``article`` in ``edition``. Raises :class:`UnknownArticle`."""
        numbers = self.row(law, article, edition=edition).numbers
        if to not in numbers:
            raise UnknownArticle(law=law, edition=to, article=f"{edition}/{article}")
        return numbers[to]

    def on(self, law: str, article: str | int, *, edition: str, day: date) -> str:
        """The number that the provision had on ``day``."""
        to = self.edition_on(law, day)
        if to is None:
            raise UnknownArticle(law=law, edition=day.isoformat(), article=str(article))
        return str(article) if to == edition else self.renumber(law, article, edition=edition, to=to)


@lru_cache(maxsize=1)
def _standard() -> ArticleMap:
    return ArticleMap.from_file(STANDARD_ARTICLES)
