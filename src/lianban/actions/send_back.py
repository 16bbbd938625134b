"""退回: whoever has a task sends it back to an earlier step of the same part of the drawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.check_answer import return_answer
from lianban.actions.errors import CannotSendBack
from lianban.actions.permissions import require, require_reason, require_task
from lianban.actions.task_in_hand import require_open, task_in_hand
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.process import return_targets
from lianban.engines.process.events import SentBack
from lianban.records import process_rows, scenes
from lianban.records.history import Entry
from lianban.records.letters import LetterRow
from lianban.records.tasks import TaskRow

# Where a letter stands when its branch waits for this verb again.
STANDS = {"letters.sign": "delivered", "letters.route": "signed", "letters.answer": "routed"}


def steps_before(cursor: Any, drawing: UUID, task: TaskRow) -> dict[str, str]:
    """The user tasks a task can go back to, in drawing order: element → name. The engine proves for each that
    the drawing cannot hang on it. Reads only: a page that offers the choice locks nothing."""
    assert task.scope is not None and task.token is not None
    loaded = process_rows.load(cursor, [task.scope]).get(task.matter)
    if loaded is None or task.token not in loaded.state.tokens:
        return {}
    graph = scenes.graph_of(cursor, drawing)
    return {element: graph.nodes[element].name for element in return_targets(graph, loaded.state, task.token)}


def send_back(acting: Acting, task_id: UUID, reason: str, to_element: str = "") -> None:
    """``to_element`` empty: the nearest user task before this one."""
    require(acting, "send_back")
    reason = require_reason("退回", reason)
    with working(acting) as work:
        task = task_in_hand(work, task_id)
        require_task(acting, task)
        require_open(work, task)
        if task.token is None or task.scope is None:
            raise CannotSendBack(task=task.name, known="—")
        matter = work.open(task.matter)
        known = steps_before(work.cursor, matter.drawing, task)
        work.load([task.scope])
        target = to_element or next(reversed(known), "")
        if target not in known:
            raise CannotSendBack(task=task.name, known="、".join(known.values()) or "—")
        letter = None
        if task.letter:
            work.letters.read(work.cursor, [task.letter])
            letter = work.letters.rows[task.letter]
            _letter_follows(work, letter, task, _action_at(work, matter, target), reason)
        work.happen(
            matter, "task.sent_back", acting.now, element=task.element, name=task.name, to=known[target]
        )
        work.enter(
            Entry("task.sent_back", matter.id, said={"task": str(task.id), "to": target, "reason": reason})
        )
        assert task.token is not None
        work.advance(matter, SentBack(task.token, target), acting.now, letter)


def _action_at(work: Work, matter: MatterRow, element: str) -> str:
    return scenes.graph_of(work.cursor, matter.drawing).nodes[element].properties.get("action", "")


def _letter_follows(work: Work, letter: LetterRow, task: TaskRow, action: str, reason: str) -> None:
    """The letter goes back with its task: an answer that is not accepted is returned, as by the check's own form."""
    if letter.state == "answered" and action in STANDS:
        return_answer(work, letter, reason, work.acting.now)
    elif action in STANDS:
        work.letters.change(letter, state=STANDS[action])
    work.tell(letter.addressee_id)
