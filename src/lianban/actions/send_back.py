"""退回: whoever has a task sends it back to an earlier step of the same part of the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.check_answer import return_answer
from lianban.actions.errors import CannotSendBack
from lianban.actions.permissions import require, require_reason, require_task
from lianban.actions.task_in_hand import require_open, require_still_open, tasks_in_hand
from lianban.actions.work import Work, working
from lianban.engines.process import Graph, return_targets
from lianban.engines.process.events import SentBack
from lianban.records import process_rows, scenes
from lianban.records.history import Entry
from lianban.records.letters import LetterRow
from lianban.records.process_rows import Loaded
from lianban.records.tasks import TaskRow

# Where a letter stands when its branch waits for this verb again.
STANDS = {"letters.sign": "delivered", "letters.route": "signed", "letters.answer": "routed"}


@dataclass(frozen=True, slots=True)
class Return:
    """One task to send back, and why. ``to_element`` empty: to the nearest user task before it."""

    task: UUID
    reason: str
    to_element: str = ""


def steps_before(cursor: Any, drawing: UUID, task: TaskRow) -> dict[str, str]:
    """The user tasks a task can go back to, in drawing order: element → name. The engine proves for each that
    the drawing cannot hang on it. Reads only: a page that offers the choice locks nothing."""
    assert task.scope is not None and task.token is not None
    loaded = process_rows.load(cursor, [task.scope]).get(task.matter)
    if loaded is None:
        return {}
    return _steps_before(scenes.graph_of(cursor, drawing), loaded, task.token)


def _steps_before(graph: Graph, loaded: Loaded, token: UUID) -> dict[str, str]:
    if token not in loaded.state.tokens:
        return {}
    return {element: graph.nodes[element].name for element in return_targets(graph, loaded.state, token)}


def send_back_tasks(acting: Acting, returns: Sequence[Return]) -> None:
    """Send one or many tasks back, all or none. The order given is the order within a matter."""
    require(acting, "send_back")
    reasons = [require_reason("退回", one.reason) for one in returns]
    with working(acting) as work:
        found = tasks_in_hand(work, [one.task for one in returns])
        for task in found.values():
            require_task(acting, task)
            require_open(work, task)
        work.load({task.scope for task in found.values() if task.scope})
        work.letters.read(work.cursor, [task.letter for task in found.values() if task.letter])
        for one, reason in zip(returns, reasons, strict=True):
            _send_back(work, found[one.task], reason, one.to_element)


def send_back(acting: Acting, task: UUID, reason: str, to_element: str = "") -> None:
    send_back_tasks(acting, [Return(task, reason, to_element)])


def _send_back(work: Work, task: TaskRow, reason: str, to_element: str) -> None:
    require_still_open(work, task)
    if task.token is None or task.scope is None:
        raise CannotSendBack(task=task.name, known="—")
    matter = work.open(task.matter)
    graph = scenes.graph_of(work.cursor, matter.drawing)
    loaded = work.loaded.get(matter.id)
    known = _steps_before(graph, loaded, task.token) if loaded else {}
    target = to_element or _nearest(graph, known, task.element)
    if target not in known:
        raise CannotSendBack(task=task.name, known="、".join(known.values()) or "—")
    letter = None
    if task.letter:
        letter = work.letters.rows[task.letter]
        _letter_follows(work, letter, graph.nodes[target].properties.get("action", ""), reason)
    at = work.acting.now
    work.happen(matter, "task.sent_back", at, element=task.element, name=task.name, to=known[target])
    said = {"task": str(task.id), "to": target, "reason": reason}
    work.enter(Entry("task.sent_back", matter.id, said=said))
    work.advance(matter, SentBack(task.token, target), at, letter)


def _nearest(graph: Graph, known: Iterable[str], element: str) -> str:
    """The last one drawn before this step; where a loop leads back here from later steps too, these are not meant."""
    places = {key: place for place, key in enumerate(graph.nodes)}
    return max(known, key=lambda key: (places[key] < places[element], places[key]), default="")


def _letter_follows(work: Work, letter: LetterRow, action: str, reason: str) -> None:
    """The letter goes back with its task: an answer that is not accepted is returned, as by the check's own form."""
    if letter.state == "answered" and action in STANDS:
        return_answer(work, letter, reason, work.acting.now)
    elif action in STANDS:
        work.letters.change(letter, state=STANDS[action])
    work.tell(letter.addressee_id)
