"""Read tasks: one by one under lock, or an inbox by what is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TaskRow:
    id: UUID
    matter: UUID
    scope: UUID | None
    token: UUID | None
    letter: UUID | None
    element: str
    name: str
    stage: str
    role: str
    agency: UUID
    post: UUID | None
    officer: UUID | None
    form: str
    action: str
    state: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    closed_by: UUID | None
    about: UUID | None = None


_COLUMNS = (
    "id, matter_id, scope_id, token, letter_id, element, name, stage, role, agency_id, post_id, officer_id, form,"
    " action, state, opened_at, due_at, closed_at, closed_by_id, about"
)


def tasks(cursor: Any, ids: Iterable[UUID]) -> dict[UUID, TaskRow]:
    cursor.execute(f"SELECT {_COLUMNS} FROM task WHERE id = ANY(%s)", [list(ids)])  # noqa: S608
    return {row[0]: TaskRow(*row) for row in cursor.fetchall()}


def matters_of(cursor: Any, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The matter of each task, of those that are seen."""
    cursor.execute("SELECT id, matter_id FROM task WHERE id = ANY(%s)", [list(ids)])
    return dict(cursor.fetchall())


def open_tasks(cursor: Any, matters: Iterable[UUID]) -> list[TaskRow]:
    cursor.execute(
        f"SELECT {_COLUMNS} FROM task WHERE matter_id = ANY(%s) AND state = 'open' ORDER BY id",  # noqa: S608
        [list(matters)],
    )
    return [TaskRow(*row) for row in cursor.fetchall()]
