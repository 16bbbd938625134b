"""Sign in, sign out, change posts. The only actions on the sign-in connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.db import connections, transaction

from lianban.actions.errors import SignInRefused
from lianban.records.context import hashed, new_key

_hasher = PasswordHasher()  # argon2id, RFC 9106's second recommended parameters
# Verified for names that do not exist, so that an answer takes as long for a wrong name as for a wrong password.
_NOBODY = _hasher.hash("nobody signs in with this")


@dataclass(frozen=True, slots=True)
class SignedIn:
    key: bytes
    officer: UUID
    post: UUID
    language: str


def hash_password(password: str) -> str:
    """Argon2id, with a salt of its own."""
    return _hasher.hash(password)


def sign_in(username: str, password: str, now: datetime, *, demo: bool = False) -> SignedIn:
    """Open a session in the officer's first post. Raises :class:`SignInRefused`, with one sentence for all.

    ``demo`` says that demo officers may sign in here: a door passes it only in demo mode and for a loopback
    address, because their password is printed.
    """
    with transaction.atomic(using="signin"), connections["signin"].cursor() as cursor:
        cursor.execute(
            """SELECT o.id, o.language, s.password, s.locked_until FROM officer o
                 JOIN officer_secret s ON s.officer_id = o.id
                WHERE o.username = %s AND o.state = 'active' AND (NOT o.demo OR %s)""",
            [username, demo],
        )
        row = cursor.fetchone()
        officer, language, kept, locked_until = row or (None, "", _NOBODY, None)
        right = _verified(kept, password)
        locked = locked_until is not None and locked_until > now
        if officer and not right and not locked:
            cursor.execute("SELECT lianban.sign_in_failed(%s)", [officer])
        made = _open(cursor, officer, None, language) if officer and right and not locked else None
        cursor.execute(
            "SELECT lianban.setting_int('sign_in_failures'), lianban.setting_int('lock_out_minutes')"
        )
        failures, minutes = cursor.fetchone()
    # Raised after the commit: the failure must be counted.
    if made is None:
        raise SignInRefused(failures=failures, minutes=minutes)
    return made


def _verified(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def change_post(officer: UUID, post: UUID, language: str = "") -> SignedIn | None:
    """A new session in another of the officer's posts, by appointment or delegation; None if it is not one."""
    with transaction.atomic(using="signin"), connections["signin"].cursor() as cursor:
        return _open(cursor, officer, post, language)


def posts_of(officer: UUID) -> list[UUID]:
    """The posts an officer may act in now, by appointment or delegation."""
    with transaction.atomic(using="signin"), connections["signin"].cursor() as cursor:
        cursor.execute("SELECT lianban.posts_of(%s)", [officer])
        return [row[0] for row in cursor.fetchall()]


def _open(cursor: Any, officer: UUID, post: UUID | None, language: str) -> SignedIn | None:
    if post is None:
        cursor.execute(
            "SELECT p.id FROM lianban.posts_of(%s) AS mine(id) JOIN post p ON p.id = mine.id ORDER BY p.code LIMIT 1",
            [officer],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        post = row[0]
    key = new_key()
    cursor.execute("SELECT lianban.open_session(%s, %s, %s)", [officer, post, hashed(key)])
    if cursor.fetchone()[0] is None:
        return None
    assert post is not None
    return SignedIn(key, officer, post, language)


def sign_out(key: bytes) -> None:
    """End the session of this key, at once and for good."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT lianban.close_session(%s)", [key])
