"""Put a task on hold until a day; it leaves the list and comes back by itself. Its due date does not move."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import NothingToDo
from lianban.actions.permissions import require, require_reason, require_task
from lianban.actions.task_in_hand import require_open, task_in_hand
from lianban.actions.work import working
from lianban.engines.clocks.moments import legal_date
from lianban.records.history import Entry


def hold_task(acting: Acting, task_id: UUID, until: date | None, reason: str = "") -> None:
    """``until`` None takes it off hold."""
    require(acting, "hold_task")
    if until is not None:
        reason = require_reason("暂挂", reason)
        if until <= legal_date(acting.now):
            raise NothingToDo(
                act="暂挂", reason_zh="恢复日期必须晚于今天", reason="the day must be later than today"
            )
    with working(acting) as work:
        task = task_in_hand(work, task_id)
        require_task(acting, task)
        require_open(work, task)
        work.cursor.execute("UPDATE task SET held_until = %s WHERE id = %s", [until, task_id])
        act = "task.held" if until else "task.resumed"
        work.happen(work.open(task.matter), act, acting.now, element=task.element, name=task.name,
                    until=until.isoformat() if until else None)  # fmt: skip
        work.enter(Entry(act, task.matter, said={"task": str(task_id), "until": until, "reason": reason}))
