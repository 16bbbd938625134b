"""会签: a task is completed only after every post that was asked has agreed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import NothingToDo, TaskNotFound
from lianban.actions.permissions import require, require_reason, require_task
from lianban.actions.work import working
from lianban.records.history import Entry
from lianban.records.identity import new_id
from lianban.records.tasks import tasks


def ask_countersign(acting: Acting, task_id: UUID, post_codes: Sequence[str]) -> None:
    """Ask posts of the own agency. Asking a post again after it disagreed clears its answer."""
    require(acting, "ask_countersign")
    with working(acting) as work:
        task = tasks(work.cursor, [task_id]).get(task_id)
        if task is None or task.state != "open":
            raise TaskNotFound
        require_task(acting, task)
        work.lock([task.matter])
        matter = work.open(task.matter)
        posts = [work.directory.post(task.agency, code) for code in dict.fromkeys(post_codes)]
        for post in posts:
            work.cursor.execute(
                """INSERT INTO countersign (id, task_id, matter_id, agency_id, post_id, asked_by_id, asked_at, decision,
                                            remark) VALUES (%s, %s, %s, %s, %s, %s, %s, '', '')
                   ON CONFLICT (task_id, post_id) DO UPDATE SET decision = '', remark = '', signed_by_id = NULL,
                                                                signed_at = NULL""",
                [new_id(), task_id, matter.id, post.agency, post.id, acting.officer, acting.now],
            )
        work.happen(
            matter, "countersign.asked", acting.now, name=task.name, posts=[post.name_zh for post in posts]
        )
        work.enter(
            Entry("countersign.asked", matter.id, said={"task": str(task_id), "posts": list(post_codes)})
        )


def countersign(acting: Acting, task_id: UUID, agrees: bool, remark: str = "") -> None:
    require(acting, "countersign")
    if not agrees:
        remark = require_reason("不同意会签", remark)
    with working(acting) as work:
        work.cursor.execute(
            "SELECT matter_id FROM countersign WHERE task_id = %s AND post_id = %s AND decision = ''",
            [task_id, acting.post],
        )
        row = work.cursor.fetchone()
        if row is None:
            raise NothingToDo(
                act="会签", reason_zh="没有等待您会签的任务", reason="nothing awaits your countersignature"
            )
        work.lock([row[0]])
        decision = "agree" if agrees else "disagree"
        work.cursor.execute(
            """UPDATE countersign SET decision = %s, remark = %s, signed_by_id = %s, signed_at = %s
                WHERE task_id = %s AND post_id = %s""",
            [decision, remark.strip()[:500], acting.officer, acting.now, task_id, acting.post],
        )
        work.happen(work.open(row[0]), "countersign.given", acting.now, decision=decision)
        work.enter(
            Entry(
                "countersign.given",
                row[0],
                said={"task": str(task_id), "decision": decision, "remark": remark},
            )
        )
