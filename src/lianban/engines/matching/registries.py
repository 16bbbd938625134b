"""What a registry 登记库 declares: whose it is, where the table stands, what may be asked and what may leave it.

A declaration names every column that is ever read. Columns it does not name are never selected, so a table
may well hold more than Lianban will look at; a declaration that names a refused column does not load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from lianban.engines.forms.words import Words
from lianban.engines.identifiers.labels import IdentifierKind

KEY_KINDS = (IdentifierKind.RESIDENT_ID, IdentifierKind.CREDIT_CODE)


class SourceKind(StrEnum):
    """Where a table can stand. Files are read here; servers through adapters that are handed in."""

    PARQUET = "parquet"
    CSV = "csv"
    DUCKDB = "duckdb"
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    REST = "rest"


FILES = frozenset({SourceKind.PARQUET, SourceKind.CSV, SourceKind.DUCKDB, SourceKind.SQLITE})


class Rows(StrEnum):
    """Where the fields of a hit are read from.

    ``PREPARED``: from the agency's own row store, which the build writes beside the index and which holds
    the name and the fields that may leave, nothing else. ``SOURCE``: from the table itself at the moment of
    asking, so that no copy exists.
    """

    PREPARED = "prepared"
    SOURCE = "source"


class Reading(StrEnum):
    """How a column is read into a field. Money of an answer is integer fen, a date has no time."""

    AS_IS = "as_is"
    YUAN = "yuan"  # yuan with decimals, to integer fen
    DATE = "date"  # a date and time, or a text YYYY-MM-DD, to a date
    TEXT = "text"  # a number that is a code, to text


@dataclass(frozen=True, slots=True)
class Source:
    """Where the table is. ``location`` is a file below the data folder, or the name of a configured server.

    ``table`` is the table inside a DuckDB, SQLite or PostgreSQL source; ``query`` a SELECT in its place.
    ``row_key`` is the whole-number primary key by which a server finds one row again.
    """

    kind: SourceKind
    location: str
    table: str = ""
    query: str = ""
    row_key: str = ""


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column that identifies somebody. ``kinds`` are what its texts may be; ``name`` is the column beside
    it with the name of the same person or firm ("" where the table has none: no hit is then confirmed)."""

    column: str
    kinds: tuple[IdentifierKind, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """A field of a question and the column it is read from."""

    field: str
    column: str
    reading: Reading = Reading.AS_IS


@dataclass(frozen=True, slots=True)
class Answering:
    """One question that the registry answers, and the only fields that may leave it for that question."""

    question: str
    fields: tuple[FieldColumn, ...]


@dataclass(frozen=True, slots=True)
class AsOf:
    """Of when the table is: the latest value of a column, the file's own time, or a moment declared with it."""

    column: str = ""
    declared: datetime | None = None

    @property
    def of_file(self) -> bool:
        return not self.column and self.declared is None


@dataclass(frozen=True)
class Registry:
    """One registry as declared. ``hash`` changes with anything that makes an index of it out of date."""

    code: str
    title: Words
    agency: str
    source: Source
    keys: tuple[KeyColumn, ...]
    answers: tuple[Answering, ...]
    accepts: frozenset[str]
    as_of: AsOf
    fresh_hours: int
    rows: Rows
    hash: str

    @cached_property
    def questions(self) -> Mapping[str, Answering]:
        return {answering.question: answering for answering in self.answers}

    @cached_property
    def kinds(self) -> frozenset[IdentifierKind]:
        """The kinds of identifier that any of its key columns holds."""
        return frozenset(kind for key in self.keys for kind in key.kinds)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns with names, each once."""
        return tuple(dict.fromkeys(key.name for key in self.keys if key.name))

    @cached_property
    def name_places(self) -> tuple[int | None, ...]:
        """For each key column, which of ``names`` stands beside it."""
        return tuple(self.names.index(key.name) if key.name else None for key in self.keys)

    @cached_property
    def field_places(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """For each question, its fields and which of ``fields`` each is."""
        places = {(field.column, field.reading): place for place, field in enumerate(self.fields)}
        return {
            answering.question: tuple(
                (field.field, places[field.column, field.reading]) for field in answering.fields
            )
            for answering in self.answers
        }

    @cached_property
    def fields(self) -> tuple[FieldColumn, ...]:
        """Every column that may leave, each column and reading once, in the order of the declaration."""
        found: dict[tuple[str, Reading], FieldColumn] = {}
        for answering in self.answers:
            for field in answering.fields:
                found.setdefault((field.column, field.reading), field)
        return tuple(found.values())

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column that is ever read, sorted by first mention."""
        named = [column for key in self.keys for column in (key.column, key.name)]
        named += [field.column for field in self.fields]
        named += [self.as_of.column, self.source.row_key]
        return tuple(dict.fromkeys(column for column in named if column))
