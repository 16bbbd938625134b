"""The state a step is given: some live rows of one matter, not all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from lianban.engines.process.events import (
    CancelTree,
    Change,
    CloseScope,
    CloseTask,
    CloseTimer,
    CloseToken,
    CountDown,
    OpenScope,
    OpenTask,
    OpenTimer,
    OpenToken,
    RearmTimer,
    SetVariables,
)
from lianban.engines.process.rows import ScopeRow, TaskRow, TimerRow, TokenRow


@dataclass(frozen=True, slots=True)
class State:
    """Live rows by id. Closed rows are not in it.

    For one event load the scopes from the token's own up to the process, and the tokens and timers of
    exactly those scopes. Sibling branches stay in the database. ``tasks`` (by token id) are never read by
    a step; they are here for tests, replay and simulation.
    """

    scopes: Mapping[UUID, ScopeRow]
    tokens: Mapping[UUID, TokenRow]
    timers: Mapping[UUID, TimerRow]
    tasks: Mapping[UUID, TaskRow]

    @classmethod
    def of(
        cls,
        scopes: Iterable[ScopeRow] = (),
        tokens: Iterable[TokenRow] = (),
        timers: Iterable[TimerRow] = (),
        tasks: Iterable[TaskRow] = (),
    ) -> State:
        """From rows as a database gives them."""
        return cls(
            {row.id: row for row in scopes},
            {row.id: row for row in tokens},
            {row.id: row for row in timers},
            {row.token_id: row for row in tasks},
        )

    def apply(self, changes: Iterable[Change]) -> State:
        """The state after the changes. Changes to rows that were not loaded are passed over."""
        scopes, tokens = dict(self.scopes), dict(self.tokens)
        timers, tasks = dict(self.timers), dict(self.tasks)
        for change in changes:
            match change:
                case OpenScope(scope):
                    scopes[scope.id] = scope
                case CountDown(scope_id, by):
                    if row := scopes.get(scope_id):
                        scopes[scope_id] = replace(row, pending=row.pending - by)
                case SetVariables(scope_id, variables):
                    if row := scopes.get(scope_id):
                        scopes[scope_id] = replace(row, variables={**row.variables, **variables})
                case CloseScope(scope_id, _):
                    scopes.pop(scope_id, None)
                case CancelTree(scope_id):
                    _cancel(scope_id, scopes, tokens, timers, tasks)
                case OpenToken(token):
                    tokens[token.id] = token
                case CloseToken(token_id, _):
                    tokens.pop(token_id, None)
                case OpenTask(task):
                    tasks[task.token_id] = task
                case CloseTask(token_id, _):
                    tasks.pop(token_id, None)
                case OpenTimer(timer):
                    timers[timer.id] = timer
                case CloseTimer(timer_id):
                    timers.pop(timer_id, None)
                case RearmTimer(timer_id, due_at, repeat_left):
                    if timer_row := timers.get(timer_id):
                        timers[timer_id] = replace(timer_row, due_at=due_at, repeat_left=repeat_left)
        return State(scopes, tokens, timers, tasks)

    def around(self, token_id: UUID) -> State:
        """The partial state an event on one token needs, cut out of a fuller one: what a database loads."""
        return self.chain(self.tokens[token_id].scope_id)

    def chain(self, scope_id: UUID | None) -> State:
        """The partial state of a scope: the scopes up to the process, with their tokens and timers."""
        chain: dict[UUID, ScopeRow] = {}
        while scope_id is not None and scope_id in self.scopes:
            chain[scope_id] = self.scopes[scope_id]
            scope_id = chain[scope_id].parent_id
        return State(
            chain,
            {key: row for key, row in self.tokens.items() if row.scope_id in chain},
            {key: row for key, row in self.timers.items() if row.scope_id in chain},
            {key: row for key, row in self.tasks.items() if row.scope_id in chain},
        )


def _cancel(scope_id: UUID, scopes: dict[UUID, ScopeRow], *others: dict[UUID, Any]) -> None:
    doomed = {scope_id}
    growing = True
    while growing:
        below = {row.id for row in scopes.values() if row.parent_id in doomed and row.id not in doomed}
        doomed |= below
        growing = bool(below)
    for key in doomed:
        scopes.pop(key, None)
    for rows in others:
        for key in [key for key, row in rows.items() if row.scope_id in doomed]:
            del rows[key]


def settle(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Drop what opened and closed again within ``changes``, so that it never becomes a row.

    Several steps of one action (a service call and its completion) are joined before they are settled.
    Applying the settled changes gives the same state as applying all of them.
    """
    changes = tuple(changes)
    opened = {c.token.id for c in changes if isinstance(c, OpenToken)}
    closed = {c.id for c in changes if isinstance(c, CloseToken)}
    tokens = opened & closed
    timers = {c.timer.id for c in changes if isinstance(c, OpenTimer)} & {
        c.id for c in changes if isinstance(c, CloseTimer)
    }
    scopes = {c.scope.id for c in changes if isinstance(c, OpenScope)} & {
        c.scope_id for c in changes if isinstance(c, CloseScope | CancelTree)
    }
    if not (tokens or timers or scopes):
        return changes
    for change in changes:  # parents open before their children
        if isinstance(change, OpenScope) and change.scope.parent_id in scopes:
            scopes.add(change.scope.id)
    kept: list[Change] = []
    for change in changes:
        match change:
            case OpenScope(scope) if scope.id in scopes:
                continue
            case CountDown(scope_id, _) | SetVariables(scope_id, _) | CloseScope(scope_id, _) if (
                scope_id in scopes
            ):
                continue
            case CancelTree(scope_id) if scope_id in scopes:
                continue
            case OpenToken(token) if token.id in tokens or token.scope_id in scopes:
                continue
            case CloseToken(token_id, _) if token_id in tokens:
                continue
            case OpenTask(task) if task.token_id in tokens or task.scope_id in scopes:
                continue
            case CloseTask(token_id, _) if token_id in tokens:
                continue
            case OpenTimer(timer) if timer.id in timers or timer.scope_id in scopes:
                continue
            case CloseTimer(timer_id) if timer_id in timers:
                continue
        kept.append(change)
    return tuple(kept)
