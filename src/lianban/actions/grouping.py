"""From what a step changed to the rows that are written: who does a task, in which branch, by when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lianban.actions import timing
from lianban.engines.process import events
from lianban.engines.process.rows import At, RowState, ScopeRow, TaskRow
from lianban.engines.process.timers import timer_spec
from lianban.records.process_rows import Writes

if TYPE_CHECKING:
    from lianban.actions.work import MatterRow, Work


def group(work: Work, matter: MatterRow, changes: Iterable[events.Change], writes: Writes) -> None:
    """Sort one matter's settled changes into the statements that will write them."""
    at, by = work.at.get(matter.id, work.acting.now), work.acting.officer
    for change in changes:
        match change:
            case events.OpenScope(scope):
                writes.scopes.append(_scope(work, matter, scope))
            case events.OpenToken(token):
                agency = work.branch_of(matter, token.scope_id)
                writes.tokens.append(
                    (token.id, matter.id, agency, token.scope_id, token.element, token.flow, "open")
                )
            case events.OpenTimer(timer):
                agency = work.branch_of(matter, timer.scope_id)
                writes.timers.append(
                    (timer.id, matter.id, agency, timer.scope_id, timer.token_id, timer.element, timer.due_at,
                     timer.repeat_left, timer.spec)
                )  # fmt: skip
            case events.OpenTask(task):
                writes.tasks.append(_task(work, matter, task))
            case events.CountDown(scope_id, by_count):
                writes.count_down.append((scope_id, by_count))
            case events.SetVariables(scope_id, variables):
                writes.variables.append((scope_id, variables))
            case events.CloseScope(scope_id, state):
                writes.closed_scopes.append((scope_id, state.value))
            case events.CancelTree(scope_id):
                writes.cancelled_trees.append(scope_id)
            case events.CloseToken(token_id, _):
                writes.closed_tokens.append(token_id)
            case events.CloseTask(token_id, state):
                done_by = by if state is RowState.DONE else None
                writes.closed_tasks.append((token_id, matter.id, state.value, done_by, at))
            case events.CloseTimer(timer_id):
                writes.closed_timers.append(timer_id)
            case events.RearmTimer(timer_id, due_at, repeat_left):
                writes.rearmed.append((timer_id, due_at, repeat_left))


def _scope(work: Work, matter: MatterRow, scope: ScopeRow) -> tuple[Any, ...]:
    return (
        scope.id, matter.id, work.branch_of(matter, scope.id), scope.parent_id, scope.element, scope.kind.value,
        scope.item, scope.index or 0, scope.pending, scope.total, dict(scope.variables), scope.state.value,
    )  # fmt: skip


def _task(work: Work, matter: MatterRow, task: TaskRow) -> tuple[Any, ...]:
    """A task's row. The agency is the branch's or the lead; a handler the unit chose narrows it to a post."""
    agency = matter.lead_agency
    letter = None
    post: UUID | None = None
    role = task.role
    if (branch := work.branch_of(matter, task.scope_id)) is not None:
        letter = work.letters.to(work.cursor, matter.id, branch)
    if task.at is At.BRANCH and branch is not None:
        agency = branch
        if role.startswith("post:"):
            chosen = work.directory.post(agency, role.removeprefix("post:"))
            post, role = chosen.id, chosen.role
    at = work.at.get(matter.id, work.acting.now)
    due_at = None
    if task.clock:
        trigger = letter.clock_from if letter and letter.clock_from else at
        spec = timer_spec(f"clock:{task.clock}")
        due_at = timing.instant(spec, trigger)
    return (
        task.id, matter.id, matter.lead_agency, task.scope_id, task.token_id, letter.id if letter else None,
        task.element, task.name, task.properties.get("stage", "").partition(":")[0].strip(), role, agency, post, None,
        task.form or "", task.action or "", "open", at, due_at, None, None,
    )  # fmt: skip
