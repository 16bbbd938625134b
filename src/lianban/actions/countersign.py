"""会签: a task is completed only after every post that was asked has agreed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import NothingToDo
from lianban.actions.permissions import require, require_reason, require_task
from lianban.actions.task_in_hand import require_open, task_in_hand
from lianban.actions.work import working
from lianban.records import countersigns
from lianban.records.history import Entry
from lianban.records.identity import new_id


def ask_countersign(acting: Acting, task_id: UUID, post_codes: Sequence[str]) -> None:
    """Ask posts of the own agency. Asking a post again after it disagreed clears its answer."""
    require(acting, "ask_countersign")
    with working(acting) as work:
        task = task_in_hand(work, task_id)
        require_task(acting, task)
        require_open(work, task)
        matter = work.open(task.matter)
        posts = [work.directory.post(task.agency, code) for code in dict.fromkeys(post_codes)]
        if not posts:
            raise NothingToDo(act="请求会签", reason_zh="没有选择岗位", reason="no post was chosen")
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
        task = task_in_hand(work, task_id)
        asked = countersigns.of_tasks(work.cursor, [task_id])
        if not any(row.post == acting.post and not row.decision for row in asked):
            raise NothingToDo(
                act="会签", reason_zh="没有等待您会签的任务", reason="nothing awaits your countersignature"
            )
        require_open(work, task)
        decision = "agree" if agrees else "disagree"
        work.cursor.execute(
            """UPDATE countersign SET decision = %s, remark = %s, signed_by_id = %s, signed_at = %s
                WHERE task_id = %s AND post_id = %s""",
            [decision, remark.strip()[:500], acting.officer, acting.now, task_id, acting.post],
        )
        work.happen(work.open(task.matter), "countersign.given", acting.now, decision=decision)
        work.enter(
            Entry(
                "countersign.given",
                task.matter,
                said={"task": str(task_id), "decision": decision, "remark": remark},
            )
        )
