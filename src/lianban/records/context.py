"""How identity enters a transaction.

The app role cannot say who it is: it hands a session key to ``lianban.enter`` and the database answers.
Outside of such a transaction no policy matches, so a forgotten ``entered`` shows nothing instead of all.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connections, transaction

from lianban.records.sending import without_waiting

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the database says is asking. ``officer`` is None for an agency's own system."""

    session: UUID | None
    officer: UUID | None
    post: UUID
    agency: UUID
    role: str
    administrator: str = ""
    machine: UUID | None = None


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def hashed(key: bytes) -> bytes:
    """What is stored of a key. Keys are 256 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(key).digest()


def enter(key: bytes, using: str = "default") -> Identity | None:
    """Validate a session key for the transaction under way; None where it is unknown, ended or idle."""
    # The transaction's beginning goes along with it.
    with connections[using].cursor() as cursor, without_waiting(using):
        cursor.execute("SELECT * FROM lianban.enter(%s)", [key])
        session, officer, post, agency, role, administrator, machine = cursor.fetchone()
    if session is None and machine is None:
        return None
    return Identity(session, officer, post, agency, role, administrator or "", machine)


@contextmanager
def entered(key: bytes, using: str = "default") -> Iterator[Identity | None]:
    """A transaction in the context of a session key."""
    with transaction.atomic(using=using):
        yield enter(key, using)
