"""Read countersignatures 会签."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CountersignRow:
    id: UUID
    task: UUID
    matter: UUID
    agency: UUID
    post: UUID
    decision: str
    remark: str


_SELECT = "SELECT id, task_id, matter_id, agency_id, post_id, decision, remark FROM countersign "


def of_tasks(cursor: Any, tasks: Iterable[UUID]) -> list[CountersignRow]:
    ask_of_tasks(cursor, tasks)
    return take(cursor)


def ask_of_tasks(cursor: Any, tasks: Iterable[UUID]) -> None:
    """Ask for them; :func:`take` has them, when something else was asked for meanwhile."""
    cursor.execute(_SELECT + "WHERE task_id = ANY(%s) ORDER BY asked_at", [list(tasks)])


def take(cursor: Any) -> list[CountersignRow]:
    return [CountersignRow(*row) for row in cursor.fetchall()]


def outstanding_for(cursor: Any, post: UUID) -> list[CountersignRow]:
    """What a post is still asked to countersign, while the task is open."""
    cursor.execute(
        _SELECT + "WHERE post_id = %s AND decision = '' AND EXISTS"
        " (SELECT FROM task WHERE task.id = task_id AND task.state = 'open') ORDER BY asked_at",
        [post],
    )
    return [CountersignRow(*row) for row in cursor.fetchall()]
