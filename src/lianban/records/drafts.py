"""Drafts of a scene's files. The row policies show them to the scene's owner alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Draft:
    """A file being changed. ``base`` is the version it was begun from, ``revision`` how often it was saved."""

    id: UUID
    scene: str
    file: str
    base: int
    content: str
    revision: int
    errors: int
    agency: UUID
    post: UUID
    officer: UUID
    begun_at: datetime
    saved_at: datetime


_COLUMNS = (
    "id, scene, file, base, content, revision, errors, agency_id, post_id, officer_id, begun_at, saved_at"
)


def open_draft(cursor: Any, scene: str, file: str, lock: bool = False) -> Draft | None:
    """The open draft of a file, as far as the reader may see it."""
    cursor.execute(
        f"SELECT {_COLUMNS} FROM draft WHERE scene = %s AND file = %s AND state = 'open'"  # noqa: S608
        + (" FOR UPDATE" if lock else ""),
        [scene, file],
    )
    row = cursor.fetchone()
    return Draft(*row) if row else None


def last_closed(cursor: Any, scene: str, file: str) -> tuple[str, int, UUID, datetime] | None:
    """The draft of a file that was closed last, by its number: (state, revision, who closed it, when)."""
    cursor.execute(
        "SELECT state, revision, officer_id, closed_at FROM draft WHERE scene = %s AND file = %s AND state <> 'open'"
        " ORDER BY closed_at DESC, id DESC LIMIT 1",
        [scene, file],
    )
    return cursor.fetchone()


def open_drafts(cursor: Any, scene: str | None = None) -> list[Draft]:
    """The open drafts of a scene, or of all that the reader owns; without their contents."""
    cursor.execute(
        f"SELECT {_COLUMNS.replace('content', chr(39) * 2)} FROM draft"  # noqa: S608
        " WHERE state = 'open' AND (%s::text IS NULL OR scene = %s) ORDER BY scene, file",
        [scene, scene],
    )
    return [Draft(*row) for row in cursor.fetchall()]


def add_draft(cursor: Any, one: Draft) -> None:
    cursor.execute(
        f"INSERT INTO draft ({_COLUMNS}, state) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'open')",  # noqa: S608
        [one.id, one.scene, one.file, one.base, one.content, one.revision, one.errors, one.agency, one.post,
         one.officer, one.begun_at, one.saved_at],
    )  # fmt: skip


def save(cursor: Any, one: Draft) -> None:
    """The row as it is now, by whoever saved it."""
    cursor.execute(
        """UPDATE draft SET base = %s, content = %s, revision = %s, errors = %s, agency_id = %s, post_id = %s,
                            officer_id = %s, saved_at = %s WHERE id = %s""",
        [one.base, one.content, one.revision, one.errors, one.agency, one.post, one.officer, one.saved_at, one.id],
    )  # fmt: skip


def close(cursor: Any, key: UUID, state: str, agency: UUID, post: UUID, officer: UUID, now: datetime) -> None:
    """``published`` or ``discarded``, and by whom."""
    cursor.execute(
        "UPDATE draft SET state = %s, closed_at = %s, agency_id = %s, post_id = %s, officer_id = %s WHERE id = %s",
        [state, now, agency, post, officer, key],
    )
