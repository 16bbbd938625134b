"""Document numbers 文号 without gaps: the next number per organ, kind and year.

The counter is one row, locked from the moment a number is taken until the caller's transaction ends. So the
number belongs to the transaction: it rolls back with it, and the next taker gets the same number. A sequence
would be faster and leave gaps, which an archive does not accept. Take the number last, just before the
commit: everybody else who numbers the same kind in the same organ waits for it.

How a number is written is in ``lianban.engines.documents.numbering``.
"""

from __future__ import annotations

from typing import Any, Protocol


class Cursor(Protocol):
    """A cursor of psycopg or of Django, inside a transaction of the caller."""

    def execute(self, query: Any, params: Any = ...) -> Any: ...

    def fetchone(self) -> Any: ...


_TAKE = """
INSERT INTO document_number AS counter (organ, kind, year, last) VALUES (%s, %s, %s, %s)
ON CONFLICT (organ, kind, year) DO UPDATE SET last = counter.last + EXCLUDED.last
RETURNING last
"""


def take_number(cursor: Cursor, organ: str, kind: str, year: int) -> int:
    """The next number, from 1. It is given back if the transaction rolls back."""
    return take_numbers(cursor, organ, kind, year, 1)[0]


def take_numbers(cursor: Cursor, organ: str, kind: str, year: int, count: int) -> range:
    """``count`` numbers in a row, in one statement, for letters that go out together."""
    if count < 1:
        raise ValueError(f"count must be at least 1, not {count}")
    cursor.execute(_TAKE, (organ, kind, year, count))
    last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)
