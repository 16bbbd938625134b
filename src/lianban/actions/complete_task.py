"""Complete tasks: the one way a person moves a matter on, whatever the task is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from lianban.actions import timing
from lianban.actions.abilities import COMPLETES, Completing, Outcome
from lianban.actions.acting import Acting
from lianban.actions.errors import (
    CountersignPending,
    CountersignRefused,
    OccurredInTheFuture,
)
from lianban.actions.permissions import require_task
from lianban.actions.task_in_hand import require_open, require_still_open, tasks_in_hand
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.process.events import TaskCompleted
from lianban.records import countersigns, scenes
from lianban.records.countersigns import CountersignRow
from lianban.records.history import Entry
from lianban.records.sending import without_waiting
from lianban.records.tasks import TaskRow


@dataclass(frozen=True, slots=True)
class Completion:
    """One task and what its form says. ``occurred_at`` is when it happened, where that is not now: a replayed
    log, an import, an entry made without a signal."""

    task: UUID
    data: Mapping[str, Any] = field(default_factory=dict)
    occurred_at: datetime | None = None


def complete_tasks(acting: Acting, completions: Sequence[Completion]) -> None:
    """Complete one or many tasks, all or none. The order given is the order within a matter."""
    with working(acting) as work:
        complete_in(work, completions)


def complete_task(acting: Acting, task: UUID, data: Mapping[str, Any] | None = None) -> None:
    complete_tasks(acting, [Completion(task, data or {})])


def complete_in(work: Work, completions: Sequence[Completion]) -> None:
    """The same within a unit of work that is already open."""
    found = tasks_in_hand(work, [c.task for c in completions])
    for task in found.values():
        require_task(work.acting, task)
        require_open(work, task)
    with connection.cursor() as signing, without_waiting():
        countersigns.ask_of_tasks(signing, found)
        work.load({task.scope for task in found.values() if task.scope})
        asked = countersigns.take(signing)
    _require_countersigned(work, asked)
    work.letters.read(work.cursor, [task.letter for task in found.values() if task.letter])
    for completion in completions:
        _complete(work, found[completion.task], completion)


def _complete(work: Work, task: TaskRow, completion: Completion) -> None:
    require_still_open(work, task)
    at = completion.occurred_at or work.acting.now
    if at > work.acting.now + timing.TOLERANCE:
        raise OccurredInTheFuture(occurred_at=at.isoformat())
    # What was asked about a record (an order served, a renewal answered) is done in a closed matter too: a freeze lives on.
    matter = work.matters[task.matter] if task.about is not None else work.open(task.matter)
    data = dict(completion.data)
    letter = work.letters.rows.get(task.letter) if task.letter else None
    if task.form:
        scenes.form_of(matter.scene, task.form, letter).check(data, demo=settings.DEMO)
    verb = COMPLETES.get(task.action, _nothing_more)
    outcome = verb(Completing(work, matter, task, data, at))
    work.happen(
        matter, task.action or "task.completed", at, activity=outcome.activity, milestone=outcome.milestone,
        element=task.element, name=task.name, stage=task.stage, **outcome.shown,
    )  # fmt: skip
    work.enter(
        Entry(
            act=task.action or "task.completed",
            matter=matter.id,
            subjects=outcome.subjects,
            said={"task": str(task.id), "element": task.element, "occurred_at": at, **outcome.said},
            evidence=outcome.evidence,  # type: ignore[arg-type]
        )
    )
    work.completed.add(task.id)
    if task.token is None:
        work.close_loose_task(task, at)
        return
    work.advance(matter, TaskCompleted(task.token, _read_by_drawing(work, matter, outcome)), at, letter)


def _nothing_more(completing: Completing) -> Outcome:
    return Outcome(variables=completing.data)


def _read_by_drawing(work: Work, matter: MatterRow, outcome: Outcome) -> Mapping[str, Any]:
    names = scenes.names_read(scenes.graph_of(work.cursor, matter.drawing))
    return {key: value for key, value in outcome.variables.items() if key in names}


def _require_countersigned(work: Work, asked: Sequence[CountersignRow]) -> None:
    for row in asked:
        post = work.directory.posts[row.post]
        if row.decision == "disagree":
            raise CountersignRefused(post=post.name_zh, remark=row.remark)
        if not row.decision:
            raise CountersignPending(posts=post.name_zh)
