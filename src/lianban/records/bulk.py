"""Write many rows with one statement.

Columns travel as arrays (``unnest``), one parameter a column however many rows there are, so the statement
is planned once and one row costs what many rows cost each. COPY would be faster still for very many rows,
but it does not pass row-level security.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

# PostgreSQL type -> how its array is sent. jsonb travels as text, because an array of jsonb would have to be
# written element by element in Python.
_SENT_AS = {"jsonb": "text", "uuid[]": "text", "text[]": "text"}


@lru_cache(maxsize=256)
def _statement(head: str, columns: tuple[tuple[str, str], ...], tail: str) -> str:
    arrays = ", ".join(f"%s::{_SENT_AS.get(kind, kind)}[]" for _, kind in columns)
    names = ", ".join(name for name, _ in columns)
    casts = ", ".join(f"d.{name}::{kind}" if kind in _SENT_AS else f"d.{name}" for name, kind in columns)
    return head.format(names=names, casts=casts, arrays=arrays) + tail


def _sent(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "jsonb":
        return orjson.dumps(value, default=str).decode()
    if kind in ("uuid[]", "text[]"):
        return (
            "{"
            + ",".join('"' + str(item).replace("\\", "\\\\").replace('"', '\\"') + '"' for item in value)
            + "}"
        )
    return value


def _arrays(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    turned = zip(*rows, strict=True)
    return [
        [_sent(kind, value) for value in column] if kind in _SENT_AS else list(column)
        for (_, kind), column in zip(columns, turned, strict=True)
    ]


def insert_many(
    cursor: Any, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]], tail: str = ""
) -> None:
    """Insert ``rows`` (tuples in the order of ``columns``: name → PostgreSQL type) with one statement."""
    rows = list(rows)
    if not rows:
        return
    shape = tuple(columns.items())
    head = f"INSERT INTO {table} ({{names}}) SELECT {{casts}} FROM unnest({{arrays}}) AS d({{names}})"  # noqa: S608
    cursor.execute(_statement(head, shape, tail), _arrays(shape, rows))


def update_many(
    cursor: Any,
    table: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
    change: str,
    where: str,
) -> int:
    """Update with one statement: ``UPDATE table t SET change FROM rows d WHERE where``. Returns the count."""
    rows = list(rows)
    if not rows:
        return 0
    shape = tuple(columns.items())
    head = (
        f"UPDATE {table} AS t SET {change} FROM (SELECT {{casts}} FROM unnest({{arrays}}) AS d({{names}}))"  # noqa: S608
        f" AS d({{names}}) WHERE {where}"
    )
    cursor.execute(_statement(head, shape, ""), _arrays(shape, rows))
    return int(cursor.rowcount)
