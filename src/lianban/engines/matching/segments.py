"""One registry, read once and prepared: packed keys and permitted fields as columns, and the row store.

The segment is a DuckDB file with one table. A key column of place ``i`` gives ``r{i}`` (packed resident
number, 64 bits), ``c{i}`` (packed credit code, 128 bits), ``t{i}`` (compact text of what is no valid
identifier), ``n{i}`` (comparison key of the name where the row has no valid identifier) and ``name{i}``;
field ``j`` is ``f{j}``. Batches join on it, and the postings of all registries are sorted out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from lianban.engines.identifiers.names import comparison_key
from lianban.engines.matching.files import ROW
from lianban.engines.matching.keys import PackedTexts, pack_texts
from lianban.engines.matching.postings import ROW_MASK
from lianban.engines.matching.registries import KeyColumn, Registry, Rows
from lianban.engines.matching.results import Reason
from lianban.engines.matching.row_store import RowWriter
from lianban.engines.matching.sources import SourceTrouble, Table
from lianban.engines.matching.values import literal, quoted, reading_sql

TABLE = "rows"
LOOSE = "loose"
# Names of Chinese characters alone are their own comparison key; all others are compared in Python.
PLAIN_SQL = "regexp_full_match({0}, '[\\x{{4E00}}-\\x{{9FA5}}]+')"
# Rows checked at once: their texts are Python objects for as long.
_CHUNK = 1 << 19
# Registries write local time; PRC law knows one time zone.
SHANGHAI = timezone(timedelta(hours=8))


@dataclass
class Counted:
    """What the key texts of a registry were."""

    rows: int = 0
    valid: int = 0
    old: int = 0
    invalid: int = 0
    blank: int = 0
    repeated: int = 0
    as_of: datetime | None = None


def prepare(
    registry: Registry,
    table: Table,
    connection: duckdb.DuckDBPyConnection,
    segment: Path,
    store: Path | None,
    *,
    demo: bool,
) -> Counted:
    """Read the table of ``registry`` into ``segment`` and ``store``. Raises :class:`SourceTrouble`.

    ``connection`` is the build's own database, on disk, so that a table larger than memory spills.
    """
    connection.execute("DROP TABLE IF EXISTS staged")
    table.stage(connection, "staged", [column for column in registry.columns if column])
    counted = Counted(rows=_one(connection, "SELECT count(*) FROM staged"))
    if (_one(connection, f"SELECT max({ROW}) FROM staged") or 0) > ROW_MASK:  # noqa: S608
        raise SourceTrouble(Reason.UNREADABLE, "row key beyond 48 bits")
    counted.as_of = _as_of(registry, table, connection)
    writer = RowWriter(store) if store is not None else None
    connection.execute(f"ATTACH {literal(str(segment))} AS segment")
    try:
        connection.execute(f"CREATE TABLE segment.{TABLE} AS {_selection(registry, _no_keys(registry))}")
        for start in range(0, counted.rows, _CHUNK):
            _prepare_chunk(registry, connection, start, counted, demo=demo)
            if writer is not None:
                lines = connection.execute(_lines(registry, start)).fetchnumpy()["line"]
                writer.add(lines.tolist())
        lost = " OR ".join(
            f"t{place} IS NOT NULL OR n{place} IS NOT NULL" for place in range(len(registry.keys))
        )
        connection.execute(f"CREATE TABLE segment.{LOOSE} AS SELECT * FROM segment.{TABLE} WHERE {lost}")  # noqa: S608
        counted.repeated = _repeated(registry, connection)
        connection.execute("CHECKPOINT segment")
    except duckdb.Error as error:
        # A column that cannot be read as declared, say; the text may quote a row and is left out.
        raise SourceTrouble(Reason.SCHEMA_CHANGED, type(error).__name__) from None
    finally:
        connection.execute("DETACH segment")
        connection.execute("DROP TABLE IF EXISTS staged")
    if writer is not None:
        writer.finish()
    return counted


def field_columns(registry: Registry) -> list[str]:
    """The segment's columns that a hit is read from: names, then fields, as the row store holds them."""
    places = {key.name: place for place, key in enumerate(registry.keys) if key.name}
    return [f"name{places[name]}" for name in registry.names] + [
        f"f{place}" for place in range(len(registry.fields))
    ]


def _selection(registry: Registry, keys: str) -> str:
    """The staged table with its packed keys; ``keys`` names the relation that holds them, one entry a row."""
    row = f"staged.{ROW}" if registry.rows is Rows.SOURCE else "staged.rowid"
    columns = [f"CAST({row} AS UBIGINT) AS row_no"]
    for place, key in enumerate(registry.keys):
        columns += [
            f"CASE WHEN k.rv{place} THEN k.r{place}::UBIGINT END AS r{place}",
            f"CASE WHEN k.cv{place} THEN (k.ch{place}::UHUGEINT << 64) | k.cl{place}::UBIGINT END AS c{place}",
            f"nullif(k.t{place}::VARCHAR, '') AS t{place}",
            f"nullif(k.n{place}::VARCHAR, '') AS n{place}",
            f"{_name(key)} AS name{place}",
            f"{PLAIN_SQL.format(_name(key))} AS p{place}",
        ]
    if registry.rows is Rows.PREPARED:
        columns += [f"{reading_sql(field)} AS f{place}" for place, field in enumerate(registry.fields)]
    return f"SELECT {', '.join(columns)} FROM staged JOIN {keys} k ON staged.rowid = k.i"  # noqa: S608


def _name(key: KeyColumn) -> str:
    return f"CAST({quoted(key.name)} AS VARCHAR)" if key.name else "NULL::VARCHAR"


def _no_keys(registry: Registry) -> str:
    """The relation of packed keys with no entry: it gives a new segment its columns and types."""
    columns = (
        f"false rv{place}, 0 r{place}, false cv{place}, 0 ch{place}, 0 cl{place}, '' t{place}, '' n{place}"
        for place in range(len(registry.keys))
    )
    return f"(SELECT 0 AS i, {', '.join(columns)} WHERE false)"


def _prepare_chunk(
    registry: Registry, connection: duckdb.DuckDBPyConnection, start: int, counted: Counted, *, demo: bool
) -> None:
    arrays: dict[str, Any] = {}
    size = 0
    for place, key in enumerate(registry.keys):
        texts = _texts(connection, key, start)
        size = len(texts["key"])
        packed = pack_texts(texts["key"], key.kinds, demo=demo)
        counted.valid += int(packed.valid.sum())
        counted.old += packed.old
        counted.invalid += len(packed.invalid)
        counted.blank += int(packed.blank.sum())
        arrays |= _arrays(place, packed, texts["name"])
    arrays["i"] = np.arange(start, start + size)
    connection.register("packed", arrays)
    connection.execute(
        f"INSERT INTO segment.{TABLE} {_selection(registry, 'packed')} "
        f"WHERE staged.rowid >= {start} AND staged.rowid < {start + size} ORDER BY staged.rowid"
    )
    connection.unregister("packed")


def _texts(connection: duckdb.DuckDBPyConnection, key: KeyColumn, start: int) -> dict[str, list[str]]:
    name = f"coalesce(CAST({quoted(key.name)} AS VARCHAR), '')" if key.name else "''"
    found = connection.execute(
        f"SELECT coalesce(CAST({quoted(key.column)} AS VARCHAR), '') AS key, {name} AS name FROM staged "  # noqa: S608
        f"WHERE rowid >= {start} AND rowid < {start + _CHUNK} ORDER BY rowid"
    ).fetchnumpy()
    return {"key": found["key"].tolist(), "name": found["name"].tolist()}


def _arrays(place: int, packed: PackedTexts, names: list[str]) -> dict[str, Any]:
    size = len(names)
    texts, named = np.full(size, "", object), np.full(size, "", object)
    for row, text in packed.invalid.items():
        texts[row] = text
    for row in np.flatnonzero(~packed.valid).tolist():
        named[row] = comparison_key(names[row])
    return {
        f"rv{place}": packed.resident_valid,
        f"r{place}": packed.resident,
        f"cv{place}": packed.credit_valid,
        f"ch{place}": packed.credit_high,
        f"cl{place}": packed.credit_low,
        f"t{place}": texts,
        f"n{place}": named,
    }


def _lines(registry: Registry, start: int) -> str:
    """The rows of the store as JSON arrays, each name and field in the place that ``field_columns`` gives it."""
    columns = ", ".join(field_columns(registry))
    return (
        f"SELECT CAST(json_array({columns}) AS VARCHAR) AS line FROM segment.{TABLE} "  # noqa: S608
        f"WHERE rowid >= {start} AND rowid < {start + _CHUNK} ORDER BY rowid"
    )


def _repeated(registry: Registry, connection: duckdb.DuckDBPyConnection) -> int:
    lanes = [f"{lane}{place}" for place in range(len(registry.keys)) for lane in "rc"]
    return sum(
        _one(connection, f"SELECT count({lane}) - count(DISTINCT {lane}) FROM segment.{TABLE}")  # noqa: S608
        for lane in lanes
    )


def _as_of(registry: Registry, table: Table, connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """Of when the table is; a column's dates and times are those of Shanghai unless they say otherwise."""
    if registry.as_of.declared is not None:
        return registry.as_of.declared
    if registry.as_of.of_file:
        modified = table.modified()
        return datetime.fromtimestamp(modified, SHANGHAI) if modified is not None else None
    column = quoted(registry.as_of.column)
    found = _one(connection, f"SELECT CAST(max({column}) AS VARCHAR) FROM staged")  # noqa: S608
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(found)
    except ValueError:
        raise SourceTrouble(Reason.SCHEMA_CHANGED, registry.as_of.column) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
