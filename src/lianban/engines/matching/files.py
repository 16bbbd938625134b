"""Tables that are files: Parquet, CSV, DuckDB and SQLite, read through DuckDB (SQLite through Python's own)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from lianban.engines.matching.registries import Registry, SourceKind
from lianban.engines.matching.results import Reason
from lianban.engines.matching.sources import Sources, SourceTrouble, Table
from lianban.engines.matching.values import literal, quoted

ROW = "lianban_row"
_CHUNK = 100_000
# Columns of a table that was written in Chinese Windows.
_GB18030 = "gb18030"


def open_table(registry: Registry, data: Path, sources: Sources | None) -> Table:
    """The table of a registry: a file below ``data``, or what an adapter opens. Raises :class:`SourceTrouble`."""
    kind = registry.source.kind
    if sources and kind in sources:
        return sources[kind](registry)
    opener = _FILES.get(kind)
    if opener is None:
        raise SourceTrouble(Reason.UNREACHABLE, f"no adapter for {kind.value}")
    return opener(registry, data / registry.source.location)


class _File:
    """What all files share. ``size:time:inode`` tells a file that was replaced even by one of equal length."""

    def __init__(self, registry: Registry, path: Path) -> None:
        self.registry, self.path, self.place = registry, path, str(path)

    def fingerprint(self) -> str:
        found = self._stat()
        return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ino}"

    def modified(self) -> float | None:
        return self._stat().st_mtime

    def close(self) -> None:
        """Nothing is kept open between questions."""

    def _stat(self) -> Any:
        try:
            return os.stat(self.place)
        except OSError as error:
            raise SourceTrouble(Reason.MISSING, str(error.strerror)) from None


class _Scanned(_File):
    """A file that DuckDB reads: ``_relation`` is what to select from, ``_row`` numbers the rows from 0."""

    _row = "file_row_number"

    def _relation(self, connection: duckdb.DuckDBPyConnection) -> str:
        return f"read_parquet({literal(str(self.path))}, file_row_number = true)"

    def stage(self, connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        self._stat()
        try:
            relation = self._relation(connection)
            _check_columns(connection, relation, columns)
            chosen = ", ".join(quoted(column) for column in columns)
            connection.execute(
                f"CREATE TABLE {quoted(table)} AS SELECT CAST({self._row} AS UBIGINT) AS {ROW}, {chosen} FROM {relation}"  # noqa: S608
            )
        except duckdb.Error as error:
            raise _unreadable(error) from None

    def fetch(self, rows: Sequence[int], columns: Sequence[str]) -> Mapping[int, Sequence[Any]]:
        chosen = ", ".join(quoted(column) for column in columns)
        wanted = ", ".join(str(int(row)) for row in rows)
        try:
            with closing(duckdb.connect(config={"threads": 1})) as connection:
                found = connection.execute(
                    f"SELECT {self._row}, {chosen} FROM {self._relation(connection)} WHERE {self._row} IN ({wanted})"  # noqa: S608
                ).fetchall()
        except duckdb.Error as error:
            raise _unreadable(error) from None
        return {row[0]: row[1:] for row in found}


class _Csv(_Scanned):
    """A CSV with a header, UTF-8 or GB 18030. Every column is text: an identifier keeps its zeros."""

    _row = "row_number() OVER () - 1"

    def _relation(self, connection: duckdb.DuckDBPyConnection) -> str:
        path = self.path if _is_utf8(self.path) else self._in_utf8(connection)
        return (
            f"read_csv({literal(str(path))}, header = true, all_varchar = true, "
            "strict_mode = true, null_padding = false)"
        )

    def _in_utf8(self, connection: duckdb.DuckDBPyConnection) -> Path:
        """A copy in UTF-8 beside the build's own database, which is removed with it."""
        row = connection.execute(
            "SELECT path FROM duckdb_databases() WHERE path IS NOT NULL LIMIT 1"
        ).fetchone()
        if row is None:
            raise SourceTrouble(Reason.UNREADABLE, "not UTF-8")
        copy = Path(row[0]).with_suffix(f".{self.registry.code}.csv")
        try:
            with (
                self.path.open(encoding=_GB18030, newline="") as old,
                copy.open("w", encoding="utf-8", newline="") as new,
            ):
                while part := old.read(1 << 20):
                    new.write(part)
        except UnicodeDecodeError:
            raise SourceTrouble(Reason.UNREADABLE, "neither UTF-8 nor GB 18030") from None
        return copy


class _DuckDb(_Scanned):
    _row = "rowid"

    def _relation(self, connection: duckdb.DuckDBPyConnection) -> str:
        connection.execute(f"ATTACH IF NOT EXISTS {literal(str(self.path))} AS registry_source (READ_ONLY)")
        return f"registry_source.{quoted(self.registry.source.table)}"

    def stage(self, connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        super().stage(connection, table, columns)
        connection.execute("DETACH registry_source")


class _Sqlite(_File):
    """A table of an SQLite file. A row is found again by its ``rowid``."""

    def stage(self, connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        self._stat()
        try:
            with closing(self._connect()) as source:
                types = {row[1]: row[2] for row in source.execute(f"PRAGMA table_info({quoted(self.registry.source.table)})")}  # fmt: skip
                if not types:
                    raise SourceTrouble(Reason.MISSING, self.registry.source.table)
                _refuse_missing(columns, types)
                declared = ", ".join(f"{quoted(column)} {_affinity(types[column])}" for column in columns)
                connection.execute(f"CREATE TABLE {quoted(table)} ({ROW} UBIGINT, {declared})")
                cursor = source.execute(self._select(columns))
                marks = ", ".join(f"CAST(c{place} AS {_affinity(types[column])})" for place, column in enumerate(columns))  # fmt: skip
                while rows := cursor.fetchmany(_CHUNK):
                    # Texts, as DuckDB scans arrays of one type; the declared types are restored by the casts.
                    chunk: dict[str, Any] = {"r": np.array([row[0] for row in rows], np.uint64)}
                    for place in range(len(columns)):
                        chunk[f"c{place}"] = np.array(
                            [_text(row[place + 1]) for row in rows] + [""], dtype=object
                        )[:-1]
                    connection.register("sqlite_chunk", chunk)
                    connection.execute(f"INSERT INTO {quoted(table)} SELECT r, {marks} FROM sqlite_chunk")  # noqa: S608
                    connection.unregister("sqlite_chunk")
        except (sqlite3.Error, duckdb.Error) as error:
            raise _unreadable(error) from None

    def fetch(self, rows: Sequence[int], columns: Sequence[str]) -> Mapping[int, Sequence[Any]]:
        wanted = ", ".join(str(int(row)) for row in rows)
        try:
            with closing(self._connect()) as source:
                found = source.execute(f"{self._select(columns)} WHERE rowid IN ({wanted})").fetchall()
        except sqlite3.Error as error:
            raise _unreadable(error) from None
        return {row[0]: row[1:] for row in found}

    def _select(self, columns: Sequence[str]) -> str:
        chosen = ", ".join(quoted(column) for column in columns)
        return f"SELECT rowid, {chosen} FROM {quoted(self.registry.source.table)}"  # noqa: S608

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)


_FILES: Mapping[SourceKind, Callable[[Registry, Path], Table]] = {
    SourceKind.PARQUET: _Scanned,
    SourceKind.CSV: _Csv,
    SourceKind.DUCKDB: _DuckDb,
    SourceKind.SQLITE: _Sqlite,
}


def _check_columns(connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str]) -> None:
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()  # noqa: S608
    _refuse_missing(columns, [row[0] for row in described])


def _refuse_missing(columns: Sequence[str], there: Mapping[str, Any] | Sequence[str]) -> None:
    missing = [column for column in columns if column not in there]
    if missing:
        raise SourceTrouble(Reason.SCHEMA_CHANGED, ", ".join(missing))


def _unreadable(error: Exception) -> SourceTrouble:
    """The kind of error alone: the text may quote a row."""
    missing = isinstance(error, duckdb.CatalogException)
    return SourceTrouble(Reason.MISSING if missing else Reason.UNREADABLE, type(error).__name__)


def _affinity(declared: str) -> str:
    """SQLite's own rule of thumb (datatype3.html, 3.1), in DuckDB's types."""
    upper = declared.upper()
    if "INT" in upper:
        return "BIGINT"
    if any(part in upper for part in ("REAL", "FLOA", "DOUB")):
        return "DOUBLE"
    return "VARCHAR"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True
