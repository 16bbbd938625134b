"""Very many matters from one real one: INSERT … SELECT as the superuser, each copy with ids of its own.

What is measured needs a full database, not its history: the rows of a matter that was opened and moved on by the actions
are copied, history and ledger are not. Ids of copies grow with their number, as UUIDv7 ids grow with time.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

# Tables a matter consists of, and which of their columns are ids that a copy has for itself.
COPIED = {
    "matter": ("id",),
    "matter_content": ("matter_id",),
    "leg": ("id", "matter_id"),
    "party": ("id", "matter_id"),
    "scope": ("id", "matter_id", "parent_id"),
    "token": ("id", "matter_id", "scope_id"),
    "timer": ("id", "matter_id", "scope_id", "token_id"),
    "letter_content": ("id", "matter_id"),
    "letter_subject": ("id", "content_id", "party_id", "matter_id"),
    "letter": ("id", "matter_id", "scope_id", "content_id"),
    "answer": ("id", "matter_id", "letter_id"),
    "task": ("id", "matter_id", "scope_id", "token", "letter_id"),
}
AT_ONCE = 50_000  # copies a transaction


def copy(
    city: Any, matter: UUID, copies: int, first: int = 1, tables: tuple[str, ...] = tuple(COPIED)
) -> None:
    """``copies`` of one matter, numbered from ``first``: two calls for one matter use different numbers."""
    for start in range(first, first + copies, AT_ONCE):
        _copy(city, matter, start, min(start + AT_ONCE, first + copies) - 1, tables)


def _copy(city: Any, matter: UUID, first: int, last: int, tables: tuple[str, ...]) -> None:
    with city.superuser.transaction():
        city.superuser.execute("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys
        for table in tables:
            own = COPIED[table]
            columns = city.column(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                table,
            )
            chosen = [
                f"(lpad(to_hex(n), 12, '0') || substr(md5({name}::text), 13))::uuid" if name in own
                else f"{name} || '-' || n" if name == "number" else f'"{name}"'
                for name in columns
            ]  # fmt: skip
            key = "id" if table == "matter" else "matter_id"
            names = ", ".join(f'"{name}"' for name in columns)
            city.superuser.execute(
                f"INSERT INTO {table} ({names}) SELECT {', '.join(chosen)} FROM generate_series(%s::bigint, %s) n"
                f" CROSS JOIN {table} WHERE {key} = %s ORDER BY n", [first, last, matter],
            )  # fmt: skip
