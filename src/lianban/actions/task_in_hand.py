"""Take a task in hand: lock its matter, then read it again, so that of two officers the second sees what the first did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db import connection

from lianban.actions import timing
from lianban.actions.errors import LetterIsWithdrawn, MatterNotFound, TaskAlreadyClosed, TaskNotFound
from lianban.actions.work import Work
from lianban.engines.errors import LianbanError
from lianban.records import people
from lianban.records.sending import without_waiting
from lianban.records.tasks import TaskRow, tasks


def tasks_in_hand(work: Work, wanted: Iterable[UUID]) -> dict[UUID, TaskRow]:
    """The tasks, under the lock of their matters. Raises :class:`TaskNotFound` unless all are seen."""
    wanted = set(wanted)
    with connection.cursor() as locking, without_waiting():
        work.ask_locks(locking, "id IN (SELECT matter_id FROM task WHERE id = ANY(%s))", list(wanted))
        # Sent with the lock, run once it is held: a statement sees what was committed before it began.
        found = tasks(work.cursor, wanted)
        work.take_locks(locking)
    if len(found) != len(wanted):
        raise TaskNotFound
    if any(task.matter not in work.matters for task in found.values()):
        raise MatterNotFound
    return found


def task_in_hand(work: Work, wanted: UUID) -> TaskRow:
    return tasks_in_hand(work, [wanted])[wanted]


def require_open(work: Work, task: TaskRow) -> None:
    """Raises :class:`TaskAlreadyClosed`, which says who closed it and when, or :class:`LetterIsWithdrawn`."""
    if task.state != "open":
        raise _closed(work, task)


NO_LONGER_WAIT = ("answered", "accepted", "withdrawn")


def require_still_open(work: Work, task: TaskRow) -> None:
    """Of many tasks in one act, an earlier one may have ended this. Raises what it would if each were an act."""
    by_us = task.id in work.completed
    if task.token is not None:
        over = task.matter in work.loaded and task.token not in work.loaded[task.matter].state.tokens
    else:
        letter = work.letters.rows.get(task.letter) if task.letter else None
        over = letter is not None and letter.state in NO_LONGER_WAIT
    if by_us or over:
        who = work.acting.officer if by_us else None
        raise _closed(
            work,
            replace(task, state="done" if by_us else "cancelled", closed_at=work.acting.now, closed_by=who),
        )


def _closed(work: Work, task: TaskRow) -> LianbanError:
    if task.letter:
        work.letters.read(work.cursor, [task.letter])
        letter = work.letters.rows.get(task.letter)
        if letter and letter.state == "withdrawn" and letter.withdrawn_at:
            return LetterIsWithdrawn(withdrawn_at=timing.local(letter.withdrawn_at))
    return TaskAlreadyClosed(
        task=task.name,
        closed_at=timing.local(task.closed_at or work.acting.now),
        closed_by=people.name(work.cursor, task.closed_by) or "系统 (system)",
        how="办结" if task.state == "done" else "取消",
        how_en="completed" if task.state == "done" else "cancelled",
    )
