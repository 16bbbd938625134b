"""转办: a task goes to another post of the same agency; claim and release are its small forms."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import NotYourTask, TaskNotFound
from lianban.actions.permissions import may_complete, require, require_reason, require_task
from lianban.actions.task_in_hand import require_open, task_in_hand
from lianban.actions.work import Work, working
from lianban.records.history import Entry
from lianban.records.tasks import TaskRow

DISTRIBUTES = ("liaison", "judge")
"""Roles that hand over any task of their agency, also one that a colleague holds."""


def hand_over(acting: Acting, task_id: UUID, post_code: str, reason: str) -> None:
    """To one post of the own agency, whatever its role: the post's holder then completes it."""
    require(acting, "hand_over")
    reason = require_reason("转办", reason)
    with working(acting) as work:
        task = _held(work, task_id)
        post = work.directory.post(task.agency, post_code)
        work.cursor.execute(
            "UPDATE task SET post_id = %s, officer_id = NULL WHERE id = %s", [post.id, task_id]
        )
        matter = work.open(task.matter)
        work.happen(
            matter, "task.handed_over", acting.now, element=task.element, name=task.name, post=post.name_zh
        )
        work.enter(
            Entry(
                "task.handed_over",
                matter.id,
                said={"task": str(task_id), "post": post_code, "reason": reason},
            )
        )


def claim(acting: Acting, task_id: UUID) -> None:
    """领办: one officer takes a task from the pool; colleagues see that it is taken."""
    _assign(acting, task_id, acting.officer, "task.claimed")


def release(acting: Acting, task_id: UUID) -> None:
    """Back to the pool."""
    _assign(acting, task_id, None, "task.released")


def _assign(acting: Acting, task_id: UUID, officer: UUID | None, act: str) -> None:
    with working(acting) as work:
        task = task_in_hand(work, task_id)
        if task.agency != acting.agency:
            raise TaskNotFound
        require_open(work, task)
        # Whoever may complete it: a colleague's task is not taken out of the colleague's hands.
        require_task(acting, task)
        work.cursor.execute("UPDATE task SET officer_id = %s WHERE id = %s", [officer, task_id])
        work.happen(work.open(task.matter), act, acting.now, element=task.element, name=task.name)
        work.enter(Entry(act, task.matter, said={"task": str(task_id)}))


def _held(work: Work, task_id: UUID) -> TaskRow:
    """An open task of the acting agency, with its matter locked, that this post may dispose of: its own or the
    pool's. A task that lies with somebody else is moved by that somebody or by whoever distributes the work."""
    task = task_in_hand(work, task_id)
    acting = work.acting
    if task.agency != acting.agency:
        raise TaskNotFound
    require_open(work, task)
    if not may_complete(acting, task) and acting.role not in DISTRIBUTES:
        raise NotYourTask(task=task.name, role=task.role, own=acting.role)
    return task
