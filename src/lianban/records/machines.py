"""Machine accounts: made and revoked by the operator's role; nobody can read a key back.

An agency's own system is given its key once. The two accounts this installation itself acts in (:data:`RESPONDER`, which
writes the automatic answers of an agency's registries, and :data:`NIGHT`, which asks for a court at night) have keys that
are derived from the master key and kept nowhere: who has the database alone, its backups or its app role, cannot act as
them; revoking the account ends it at once (docs/adr/0012).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.records import envelopes
from lianban.records.context import Identity, enter, hashed, new_key
from lianban.records.directory import directory, forget
from lianban.records.identity import new_id

RESPONDER = "registries"
NIGHT = "night queries"
ROLE = "machine"
"""The role of a post no person holds. No task is ever for it."""

_POSTS = {RESPONDER: ("registries", "登记库自动应答", "Registries, answering by themselves"),
          NIGHT: ("night_queries", "夜间查询", "Nightly queries")}  # fmt: skip


def create(cursor: Any, agency: str, post: str, name: str, now: datetime) -> tuple[UUID, bytes]:
    lookup = directory(cursor)
    found = lookup.agency(agency)
    seat = lookup.post(found.id, post)
    account, key = new_id(), new_key()
    _insert(cursor, account, found.id, seat.id, name, key, now)
    return account, key


def enrol(cursor: Any, agency: UUID, name: str, now: datetime) -> UUID:
    """The live account ``name`` of this agency, made with its post where there is none. Run by the owner role."""
    cursor.execute(
        "SELECT id, key_sha256 FROM machine_account WHERE agency_id = %s AND name = %s AND revoked_at IS NULL",
        [agency, name],
    )
    for known, hash_kept in cursor.fetchall():
        if bytes(hash_kept) == hashed(_derived(known)):
            return UUID(str(known))
        # Of another master key: nobody can act as it any more.
        cursor.execute("UPDATE machine_account SET revoked_at = %s WHERE id = %s", [now, known])
    code, zh, en = _POSTS[name]
    cursor.execute("SELECT id FROM post WHERE agency_id = %s AND code = %s", [agency, code])
    row = cursor.fetchone()
    seat = row[0] if row else new_id()
    if row is None:
        cursor.execute(
            "INSERT INTO post (id, agency_id, code, role, name_zh, name_en) VALUES (%s, %s, %s, %s, %s, %s)",
            [seat, agency, code, ROLE, zh, en],
        )
        forget()
    account = new_id()
    _insert(cursor, account, agency, seat, name, _derived(account), now)
    return account


def _insert(
    cursor: Any, account: UUID, agency: UUID, post: UUID, name: str, key: bytes, now: datetime
) -> None:
    cursor.execute(
        "INSERT INTO machine_account (id, agency_id, post_id, name, key_sha256, created_at) VALUES (%s, %s, %s, %s, %s, %s)",
        [account, agency, post, name, hashed(key), now],
    )


def _derived(account: UUID) -> bytes:
    return envelopes.derived_key(b"machine account " + account.bytes)


def key_of(cursor: Any, agency: UUID, name: str) -> bytes | None:
    """The key of this installation's own account ``name`` of an agency; None where it has none that is live."""
    cursor.execute("SELECT lianban.machine_named(%s, %s)", [agency, name])
    account = cursor.fetchone()[0]
    return _derived(UUID(str(account))) if account else None


def agencies_with(cursor: Any, name: str) -> frozenset[UUID]:
    """The agencies whose own account ``name`` is live."""
    cursor.execute("SELECT lianban.agencies_with_machine(%s)", [name])
    return frozenset(cursor.fetchone()[0])


@contextmanager
def acting_machine(cursor: Any, agency: UUID, name: str) -> Iterator[Identity | None]:
    """For the length of the block the transaction is this machine's; afterwards it is its own again.

    The caller's context is what the database sealed for this transaction, so putting it back forges nothing. Where the
    block fails, the savepoint around it puts it back. None, and nothing changed, where the account is not live.
    """
    cursor.execute("SELECT current_setting('lianban.context', true)")
    own = cursor.fetchone()[0] or ""
    key = key_of(cursor, agency, name)
    identity = enter(key) if key else None
    yield identity
    cursor.execute("SELECT set_config('lianban.context', %s, true)", [own])


def revoke(cursor: Any, name: str, now: datetime) -> int:
    cursor.execute(
        "UPDATE machine_account SET revoked_at = %s WHERE name = %s AND revoked_at IS NULL", [now, name]
    )
    return int(cursor.rowcount)
