"""Machine accounts: made and revoked by the operator's role; nobody can read a key back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.records.context import hashed, new_key
from lianban.records.directory import directory
from lianban.records.identity import new_id


def create(cursor: Any, agency: str, post: str, name: str, now: datetime) -> tuple[UUID, bytes]:
    lookup = directory(cursor)
    found = lookup.agency(agency)
    seat = lookup.post(found.id, post)
    account, key = new_id(), new_key()
    cursor.execute(
        "INSERT INTO machine_account (id, agency_id, post_id, name, key_sha256, created_at) VALUES (%s, %s, %s, %s, %s, %s)",
        [account, found.id, seat.id, name, hashed(key), now],
    )
    return account, key


def revoke(cursor: Any, name: str, now: datetime) -> int:
    cursor.execute(
        "UPDATE machine_account SET revoked_at = %s WHERE name = %s AND revoked_at IS NULL", [now, name]
    )
    return int(cursor.rowcount)
