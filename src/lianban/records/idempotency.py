"""What arrived once is done once, however often it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.records.bulk import insert_many


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier arrival of the same key: the hash of what was asked, and what was answered."""

    request: bytes
    status: int
    response: Any


@dataclass(frozen=True, slots=True)
class Arrival:
    """A key that arrives, the hash of what is asked, and what it will be answered if what is asked is done."""

    key: str
    request: bytes
    status: int
    response: Any


def arrive_and_answer(
    cursor: Any, agency: UUID, arrivals: Iterable[Arrival], now: datetime
) -> dict[str, Before]:
    """Take many keys for this transaction, each with its answer; what was known of those that are not new. The
    caller does what they ask in the same transaction, or takes the keys back with it."""
    # In one order everywhere: two transactions that take the same keys wait for each other, and never in a circle.
    rows = sorted(arrivals, key=lambda arrival: arrival.key)
    if not rows:
        return {}
    insert_many(
        cursor, "idempotency_key",
        {"agency": "uuid", "key": "text", "request": "bytea", "recorded_at": "timestamptz", "status": "integer",
         "response": "jsonb"},
        [(agency, row.key, row.request, now, row.status, row.response) for row in rows],
        "ON CONFLICT (agency, key) DO NOTHING RETURNING key",
    )  # fmt: skip
    known = {row.key for row in rows} - {key for (key,) in cursor.fetchall()}
    if not known:
        return {}
    cursor.execute(
        "SELECT key, request, status, response::text FROM idempotency_key WHERE agency = %s AND key = ANY(%s)",
        [agency, list(known)],
    )
    return {key: _before(*row) for key, *row in cursor.fetchall()}


def _before(request: bytes, status: int | None, response: str | None) -> Before:
    return Before(bytes(request), status or 200, orjson.loads(response) if response else None)


def arrive(cursor: Any, agency: UUID, key: str, request: bytes, now: datetime) -> Before | None:
    """Take the key for this transaction; None if it is new. Of two that arrive at once the second waits for the
    first to commit, and then sees its answer."""
    cursor.execute(
        """INSERT INTO idempotency_key (agency, key, request, recorded_at) VALUES (%s, %s, %s, %s)
           ON CONFLICT (agency, key) DO NOTHING""",
        [agency, key, request, now],
    )
    if cursor.rowcount:
        return None
    cursor.execute(
        "SELECT request, status, response::text FROM idempotency_key WHERE agency = %s AND key = %s",
        [agency, key],
    )
    return _before(*cursor.fetchone())


def done(cursor: Any, agency: UUID, key: str, status: int, response: Any) -> None:
    cursor.execute(
        "UPDATE idempotency_key SET status = %s, response = %s::jsonb WHERE agency = %s AND key = %s",
        [status, orjson.dumps(response).decode(), agency, key],
    )
