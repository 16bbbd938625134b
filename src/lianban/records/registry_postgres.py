"""A registry that is a table or a query of an agency's own PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

import duckdb
import numpy as np
import psycopg
from psycopg import errors, sql

from lianban.engines.matching import Reason, Registry, SourceTrouble

CONNECT_SECONDS = 5
FETCH_MS = 5_000
_CHUNK = 50_000
# What a column is where it is copied: numbers stay numbers, everything else is text as PostgreSQL writes it.
_TYPES = {
    20: "BIGINT",
    21: "BIGINT",
    23: "BIGINT",
    700: "DOUBLE",
    701: "DOUBLE",
    1700: "DECIMAL(30, 6)",
    16: "BOOLEAN",
}


class PostgresTable:
    """One table, read with an account that may only read; a row is found again by ``row_key``."""

    def __init__(self, registry: Registry, address: str) -> None:
        self.registry, self.address = registry, address
        self.connection: psycopg.Connection[Any] | None = None
        self.lock = Lock()

    def fingerprint(self) -> str:
        return ""

    def modified(self) -> float | None:
        return None

    def stage(self, connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        """Everything as of one moment, streamed by a cursor of the server."""
        key = self.registry.source.row_key
        chosen = [column for column in columns if column != key]
        with (
            self._errors(),
            psycopg.connect(self.address, connect_timeout=CONNECT_SECONDS, options=_READ_ONLY) as source,
        ):
            source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            types = self._types(source, chosen)
            names = [*chosen, *([key] if key else [])]
            declared = ", ".join(f"{_quoted(name)} {types.get(name, 'BIGINT')}" for name in names)
            connection.execute(f"CREATE TABLE {_quoted(table)} (lianban_row UBIGINT, {declared})")
            first = (
                sql.SQL("{}::bigint").format(sql.Identifier(key))
                if key
                else sql.SQL("row_number() OVER () - 1")
            )
            texts = [sql.SQL("{}::text").format(sql.Identifier(column)) for column in chosen]
            casts = [f"CAST(c{place} AS {types[column]})" for place, column in enumerate(chosen)]
            casts += ["r"] if key else []
            with source.cursor(name="lianban_registry") as cursor:
                cursor.execute(
                    sql.SQL("SELECT {} FROM {} {}").format(
                        sql.SQL(", ").join([first, *texts]), self._relation(),
                        sql.SQL("ORDER BY {}").format(sql.Identifier(key)) if key else sql.SQL(""),
                    )
                )  # fmt: skip
                while rows := cursor.fetchmany(_CHUNK):
                    chunk: dict[str, Any] = {"r": np.array([row[0] for row in rows], np.uint64)}
                    for place in range(len(chosen)):
                        # A text at the end tells DuckDB the type of a column that is empty throughout.
                        chunk[f"c{place}"] = np.array([*(row[place + 1] for row in rows), ""], dtype=object)[
                            :-1
                        ]
                    connection.register("postgres_chunk", chunk)
                    connection.execute(
                        f"INSERT INTO {_quoted(table)} SELECT r, {', '.join(casts)} FROM postgres_chunk"  # noqa: S608
                    )
                    connection.unregister("postgres_chunk")

    def fetch(self, rows: Sequence[int], columns: Sequence[str]) -> Mapping[int, Sequence[Any]]:
        """Some rows as they are now. A connection that was lost meanwhile is made once more."""
        query = sql.SQL("SELECT {}::bigint, {} FROM {} WHERE {} = ANY(%s)").format(
            sql.Identifier(self.registry.source.row_key), sql.SQL(", ").join(map(sql.Identifier, columns)),
            self._relation(), sql.Identifier(self.registry.source.row_key),
        )  # fmt: skip
        with self._errors(), self.lock:
            try:
                found = self._connected().execute(query, [list(rows)]).fetchall()
            except psycopg.OperationalError:
                self._disconnect()
                found = self._connected().execute(query, [list(rows)]).fetchall()
        return {row[0]: row[1:] for row in found}

    def close(self) -> None:
        with self.lock:
            self._disconnect()

    def _connected(self) -> psycopg.Connection[Any]:
        if self.connection is None or self.connection.closed:
            self.connection = psycopg.connect(
                self.address, autocommit=True, connect_timeout=CONNECT_SECONDS, options=f"{_READ_ONLY} -c statement_timeout={FETCH_MS}"
            )  # fmt: skip
        return self.connection

    def _disconnect(self) -> None:
        if self.connection is not None:
            with suppress(psycopg.Error):
                self.connection.close()
        self.connection = None

    def _relation(self) -> sql.Composable:
        source = self.registry.source
        if source.query:
            # Checked when the declaration was loaded: one SELECT that writes out its columns.
            return sql.SQL("({}) AS registry").format(sql.SQL(source.query))
        return sql.Identifier(*source.table.split("."))

    def _types(self, source: psycopg.Connection[Any], columns: Sequence[str]) -> dict[str, str]:
        cursor = source.execute(
            sql.SQL("SELECT {} FROM {} LIMIT 0").format(
                sql.SQL(", ").join(map(sql.Identifier, columns)), self._relation()
            )
        )
        assert cursor.description is not None
        return {column.name: _TYPES.get(column.type_code, "VARCHAR") for column in cursor.description}

    def _errors(self) -> _Errors:
        return _Errors()


class _Errors:
    """Turns what the driver raises into what the engine knows; the driver's text may quote a row and is left out."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, errors.UndefinedColumn):
            raise SourceTrouble(Reason.SCHEMA_CHANGED, "a declared column is not there") from None
        if isinstance(error, errors.UndefinedTable):
            raise SourceTrouble(Reason.MISSING) from None
        if isinstance(error, psycopg.OperationalError):
            raise SourceTrouble(Reason.UNREACHABLE, type(error).__name__) from None
        # A row key that is negative, or empty, is none.
        if isinstance(error, psycopg.Error | duckdb.Error | OverflowError | TypeError):
            raise SourceTrouble(Reason.UNREADABLE, type(error).__name__) from None


_READ_ONLY = "-c default_transaction_read_only=on"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
