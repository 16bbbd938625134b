"""How a column's value becomes a field of an answer: by DuckDB in bulk, by Python row by row, both alike.

JSON is what an answer holds: dates and times are texts, decimals numbers, money integer fen. The two
executors are held to each other by a test.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from lianban.engines.matching.registries import FieldColumn, Reading


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL text."""
    return "'" + text.replace("'", "''") + "'"


def reading_sql(field: FieldColumn) -> str:
    """The value of a field in DuckDB. What cannot be read as declared is null, never a guess."""
    column = quoted(field.column)
    match field.reading:
        case Reading.YUAN:
            return f"CAST(round(TRY_CAST({column} AS DECIMAL(30, 6)) * 100, 0) AS BIGINT)"
        case Reading.DATE:
            return f"TRY_CAST(left(CAST({column} AS VARCHAR), 10) AS DATE)"
        case Reading.TEXT:
            return f"CAST({column} AS VARCHAR)"
        case _:
            return column


def read_value(value: Any, reading: Reading) -> Any:
    """The value of a field from what a driver gave."""
    if value is None:
        return None
    match reading:
        case Reading.YUAN:
            try:
                return int((Decimal(str(value)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
            except InvalidOperation:
                return None
        case Reading.DATE:
            try:
                return date.fromisoformat(str(value)[:10]).isoformat()
            except ValueError:
                return None
        case Reading.TEXT:
            return str(value)
        case _:
            return _as_json(value)


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date | UUID):
        return str(value)
    return value
