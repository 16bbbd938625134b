"""Write many rows with one statement.

The rows travel as one JSON parameter, which the server takes apart (``json_to_recordset``): the statement is
planned once, and quoting a thousand arrays in Python, which cost more than inserting them, is not done at all.
COPY would be faster still for very many rows, but it does not pass row-level security.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson


@lru_cache(maxsize=256)
def _shape(columns: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    names = ", ".join(name for name, _ in columns)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns)
    return names, typed


def _plain(value: Any) -> Any:
    """What JSON has no word for: bytes as PostgreSQL writes them, read-only mappings, sets."""
    if isinstance(value, bytes | bytearray | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    return str(value)


def packed(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as ``json_to_recordset`` takes them."""
    records = [dict(zip(names, row, strict=True)) for row in rows]
    return orjson.dumps(records, default=_plain).decode()


def insert_many(
    cursor: Any, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]], tail: str = ""
) -> None:
    """Insert ``rows`` (tuples in the order of ``columns``: name → PostgreSQL type) with one statement."""
    rows = list(rows)
    if not rows:
        return
    names, typed = _shape(tuple(columns.items()))
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM json_to_recordset(%s::json) AS d({typed}) {tail}",  # noqa: S608
        [packed(list(columns), rows)],
    )


def insert_beside(
    cursor: Any,
    table: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
    beside: str,
    taken: Mapping[str, str],
) -> None:
    """As :func:`insert_many`, and with the same statement a row of ``beside`` for each: its columns ``taken`` from
    those of the first (name there → name here)."""
    rows = list(rows)
    if not rows:
        return
    names, typed = _shape(tuple(columns.items()))
    cursor.execute(
        f"WITH d AS MATERIALIZED (SELECT {names} FROM json_to_recordset(%s::json) AS d({typed})),"  # noqa: S608
        f" main AS (INSERT INTO {table} ({names}) SELECT {names} FROM d)"
        f" INSERT INTO {beside} ({', '.join(taken)}) SELECT {', '.join(taken.values())} FROM d",
        [packed(list(columns), rows)],
    )


def update_many(
    cursor: Any,
    table: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
    change: str,
    where: str,
) -> None:
    """Update with one statement: ``UPDATE table t SET change FROM rows d WHERE where``."""
    rows = list(rows)
    if not rows:
        return
    _, typed = _shape(tuple(columns.items()))
    cursor.execute(
        f"UPDATE {table} AS t SET {change} FROM json_to_recordset(%s::json) AS d({typed}) WHERE {where}",  # noqa: S608
        [packed(list(columns), rows)],
    )
