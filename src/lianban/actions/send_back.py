"""退回: whoever has a task sends it back to an earlier step of the same part of the drawing."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import CannotSendBack, TaskAlreadyClosed, TaskNotFound
from lianban.actions.permissions import require, require_reason, require_task
from lianban.actions.timing import local
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.process import return_targets
from lianban.engines.process.events import SentBack
from lianban.records import scenes
from lianban.records.history import Entry
from lianban.records.tasks import TaskRow, tasks


def steps_before(work: Work, matter: MatterRow, task: TaskRow) -> dict[str, str]:
    """The user tasks a task can go back to, in drawing order: element → name. The engine proves for each that
    the drawing cannot hang on it."""
    assert task.scope is not None and task.token is not None
    work.load([task.scope])
    graph = scenes.graph_of(work.cursor, matter.drawing)
    targets = return_targets(graph, work.loaded[matter.id].state, task.token)
    return {element: graph.nodes[element].name for element in targets}


def send_back(acting: Acting, task_id: UUID, reason: str, to_element: str = "") -> None:
    """``to_element`` empty: the nearest user task before this one."""
    require(acting, "send_back")
    reason = require_reason("退回", reason)
    with working(acting) as work:
        task = tasks(work.cursor, [task_id]).get(task_id)
        if task is None or task.token is None or task.scope is None:
            raise TaskNotFound
        work.lock([task.matter])
        task = tasks(work.cursor, [task_id])[task_id]
        require_task(acting, task)
        if task.state != "open":
            raise TaskAlreadyClosed(task=task.name, closed_at=local(task.closed_at or acting.now), closed_by="—",
                                    how="办结", how_en="closed")  # fmt: skip
        matter = work.open(task.matter)
        known = steps_before(work, matter, task)
        target = to_element or next(reversed(known), "")
        if target not in known:
            raise CannotSendBack(task=task.name, known="、".join(known.values()) or "—")
        letter = None
        if task.letter:
            work.letters.read(work.cursor, [task.letter])
            letter = work.letters.rows.get(task.letter)
        work.happen(
            matter, "task.sent_back", acting.now, element=task.element, name=task.name, to=known[target]
        )
        work.enter(
            Entry("task.sent_back", matter.id, said={"task": str(task.id), "to": target, "reason": reason})
        )
        assert task.token is not None
        work.advance(matter, SentBack(task.token, target), acting.now, letter)
