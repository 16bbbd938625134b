"""What arrived once is done once, however often it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier arrival of the same key: the hash of what was asked, and what was answered."""

    request: bytes
    status: int
    response: Any


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
    said, status, response = cursor.fetchone()
    return Before(bytes(said), status or 200, orjson.loads(response) if response else None)


def done(cursor: Any, agency: UUID, key: str, status: int, response: Any) -> None:
    cursor.execute(
        "UPDATE idempotency_key SET status = %s, response = %s::jsonb WHERE agency = %s AND key = %s",
        [status, orjson.dumps(response).decode(), agency, key],
    )
