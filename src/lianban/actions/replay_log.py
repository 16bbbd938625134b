"""Replay a real case log: each case becomes a matter of a scene, each logged event a completed task.

The same actions that a person's click runs open the matters and complete the tasks; only the times are the
log's. Cases are taken in waves (the first event of many cases, then the second …), so that each statement
carries many rows; within a case the order is that of time, and ties keep the order of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from lianban.actions.acting import Acting
from lianban.actions.complete_task import Completion, complete_in
from lianban.actions.open_matter import Opening, open_matters
from lianban.actions.work import working
from lianban.engines.eventlogs import CaseLog, LoggedCase
from lianban.records.tasks import open_tasks

CASES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Replayed:
    batch: str
    matters: int
    events: int


def replay_log(
    acting: Acting, scene: str, log: CaseLog, batch: str, progress: Callable[[int], None] = lambda events: None,
    cases_at_once: int = CASES_AT_ONCE,
) -> Replayed:  # fmt: skip
    """Drive matters of ``scene`` with the log. All or nothing: a log that breaks off leaves no matter behind.

    ``batch`` names the replay; replaying the same batch again adds nothing, because its matters are found.
    """
    with transaction.atomic():
        done = matters_of(batch)
        cases = [case for case in log.cases if case.events]
        if not done:
            for start in range(0, len(cases), cases_at_once):
                _replay(acting, scene, cases[start : start + cases_at_once], batch, progress)
            refresh_statistics()
    return Replayed(batch, len(cases), sum(len(case.events) for case in cases))


def matters_of(batch: str) -> int:
    """How many matters this batch has opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM matter WHERE batch = %s", [batch])
        return int(cursor.fetchone()[0])


def refresh_statistics() -> None:
    """Tell the planner of what was loaded: the figures asked for next read all of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianban.refresh_statistics()")


def _replay(
    acting: Acting, scene: str, cases: Sequence[LoggedCase], batch: str, progress: Callable[[int], None]
) -> None:
    ids = open_matters(
        acting,
        scene,
        [
            Opening(
                {"case_id": case.name, "log": batch},
                number=case.name,
                title=case.name,
                occurred_at=case.events[0].occurred_at,
                batch=batch,
            )
            for case in cases
        ],
    )
    waiting = dict(zip(ids, cases, strict=True))
    wave = 0
    while waiting:
        with working(acting) as work:
            tasks = {task.matter: task.id for task in open_tasks(work.cursor, waiting)}
            complete_in(work, [_completion(tasks[matter], case, wave) for matter, case in waiting.items()])
        progress(len(waiting))
        wave += 1
        waiting = {matter: case for matter, case in waiting.items() if wave < len(case.events)}


def _completion(task: UUID, case: LoggedCase, wave: int) -> Completion:
    event = case.events[wave]
    data = {"activity": event.activity, "last": wave == len(case.events) - 1}
    return Completion(task, data, event.occurred_at)
