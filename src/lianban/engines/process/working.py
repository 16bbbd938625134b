"""The rows as they are in the middle of a step, and every change made to them so far.

``live`` counts, for every loaded scope, its tokens at rest and its arrivals under way. At zero the scope is
complete. A fan-out is the exception: its branches are not loaded, its ``pending`` counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.engines.process.context import Context, failed
from lianban.engines.process.events import (
    CancelTree,
    Change,
    CloseScope,
    CloseTask,
    CloseTimer,
    CloseToken,
    Effect,
    OpenScope,
    OpenTimer,
    OpenToken,
    RearmTimer,
    SetVariables,
)
from lianban.engines.process.graph import Graph, Kind
from lianban.engines.process.plans import BoundaryTimer, Plan
from lianban.engines.process.rows import RowState, ScopeKind, ScopeRow, TimerRow, TokenRow
from lianban.engines.process.state import State
from lianban.engines.process.timers import NotATimer, TimerSpec, first_due, timer_spec


class Working:
    """Opens, closes and cancels rows; sets variables. It does not know where a token goes."""

    def __init__(
        self,
        graph: Graph,
        state: State,
        matter: Mapping[str, Any],
        now: datetime,
        ids: Callable[[], UUID],
        due: Callable[[TimerSpec, datetime], datetime],
        decide: Callable[[str, Mapping[str, Any]], Any],
    ) -> None:
        self.graph = graph
        self.plans: Mapping[str, Plan] = graph.plans
        self.scopes = dict(state.scopes)
        self.tokens = dict(state.tokens)
        self.timers = dict(state.timers)
        self.context = Context(matter, self.scopes, self.plans)
        self.now, self.ids, self.due, self.decide = now, ids, due, decide
        self.changes: list[Change] = []
        self.effects: list[Effect] = []
        self.live: dict[UUID, int] = dict.fromkeys(self.scopes, 0)
        self.joins: set[UUID] = set()  # scopes with tokens at joins
        self.born: set[UUID] = set()
        self.unsettled = False
        self.thrower = ""  # the element whose error is on its way out
        for token in self.tokens.values():
            self.live[token.scope_id] = self.live.get(token.scope_id, 0) + 1
            if self.plans[token.element].is_join:
                self.joins.add(token.scope_id)

    def in_own_branch(self, plan: Plan, scope_id: UUID) -> bool:
        """Whether the scope is a branch of ``plan`` itself, so that the plan is one instance here."""
        scope = self.scopes[scope_id]
        return scope.kind is ScopeKind.BRANCH and scope.element == plan.id

    # --- rows -----------------------------------------------------------------------------------------

    def rest(self, plan: Plan, scope_id: UUID, flow: str | None) -> UUID:
        """Open a token that stays at ``plan``."""
        token_id = self.ids()
        token = TokenRow(token_id, scope_id, plan.id, flow)
        self.tokens[token_id] = token
        self.born.add(token_id)
        self.changes.append(OpenToken(token))
        return token_id

    def arm(self, plan: Plan, scope_id: UUID, token_id: UUID) -> None:
        """Start the timers that run while a token rests. In a branch of its own an activity arms none:
        they belong to the fan-out as a whole, whose token armed them."""
        for boundary in plan.boundary_timers:
            self.open_timer(plan, boundary, scope_id, token_id)

    def open_timer(self, plan: Plan, boundary: BoundaryTimer, scope_id: UUID, token_id: UUID) -> None:
        spec = boundary.spec
        if spec is None:
            value = self.context.value(plan, boundary.source, scope_id)
            try:
                spec = timer_spec(value if isinstance(value, str) else "")
            except NotATimer:
                raise failed(
                    plan, boundary.source, value, "时长、时刻或周期", "a duration, a moment or a cycle"
                ) from None
        timer = TimerRow(
            self.ids(),
            scope_id,
            token_id,
            boundary.element,
            first_due(spec, self.now, self.due),
            spec.repeat_left,
            spec.text,
        )
        self.timers[timer.id] = timer
        self.born.add(timer.id)
        self.changes.append(OpenTimer(timer))

    def close_timers(self, token_id: UUID) -> None:
        for timer_id in [key for key, timer in self.timers.items() if timer.token_id == token_id]:
            self.close_timer(timer_id)

    def close_timer(self, timer_id: UUID) -> None:
        del self.timers[timer_id]
        self.unsettled |= timer_id in self.born
        self.changes.append(CloseTimer(timer_id))

    def rearm_timer(self, timer: TimerRow, due_at: datetime, repeat_left: int | None) -> None:
        self.timers[timer.id] = replace(timer, due_at=due_at, repeat_left=repeat_left)
        self.changes.append(RearmTimer(timer.id, due_at, repeat_left))

    def close_token(self, token: TokenRow, plan: Plan, state: RowState = RowState.DONE) -> None:
        """The token leaves its place. It stays counted in ``live`` until it is consumed."""
        del self.tokens[token.id]
        self.unsettled |= token.id in self.born
        self.changes.append(CloseToken(token.id, state))
        if plan.kind is Kind.USER and (plan.loop is None or self.in_own_branch(plan, token.scope_id)):
            self.changes.append(CloseTask(token.id, state))
        if plan.boundary_timers or plan.kind is Kind.TIMER:
            self.close_timers(token.id)

    def cancel_token(self, token: TokenRow) -> None:
        """The token's work is cut off, with everything it opened."""
        plan = self.plans[token.element]
        opens = plan.kind is Kind.SUBPROCESS or plan.loop is not None
        if opens and not self.in_own_branch(plan, token.scope_id):
            self.cancel_tree(token.id)
        self.close_token(token, plan, RowState.CANCELLED)

    def open_scope(self, scope: ScopeRow) -> None:
        self.scopes[scope.id] = scope
        self.live[scope.id] = 0
        self.born.add(scope.id)
        self.changes.append(OpenScope(scope))

    def close_scope(self, scope_id: UUID) -> None:
        del self.scopes[scope_id]
        self.unsettled |= scope_id in self.born
        self.changes.append(CloseScope(scope_id))

    def cancel_tree(self, scope_id: UUID) -> None:
        """Cancel a scope and all below it; what is loaded of it disappears from the step as well."""
        self.unsettled |= scope_id in self.born
        self.changes.append(CancelTree(scope_id))
        doomed = {scope_id}
        growing = True
        while growing:
            below = {key for key, row in self.scopes.items() if row.parent_id in doomed and key not in doomed}
            doomed |= below
            growing = bool(below)
        for key in doomed:
            self.scopes.pop(key, None)
        for token_id in [key for key, token in self.tokens.items() if token.scope_id in doomed]:
            del self.tokens[token_id]
        for timer_id in [key for key, timer in self.timers.items() if timer.scope_id in doomed]:
            del self.timers[timer_id]

    # --- variables ------------------------------------------------------------------------------------

    def set_variables(self, scope_id: UUID, variables: Mapping[str, Any]) -> None:
        """Set variables of this very scope."""
        if variables:
            self.context.set(scope_id, variables)
            self.changes.append(SetVariables(scope_id, variables))

    def store(self, scope_id: UUID, variables: Mapping[str, Any]) -> None:
        """Set each variable where it lives: in the nearest scope that has it, otherwise in the home scope.

        The home scope is the nearest branch, called process that keeps its variables, or the process. It
        is never crossed, so that an answer stays in its branch unless an output mapping takes it out.
        """
        if not variables:
            return
        chain = self._chain_to_home(scope_id)
        if len(chain) == 1:
            self.set_variables(scope_id, variables)
            return
        targets: dict[UUID, dict[str, Any]] = {}
        for name, value in variables.items():
            home = next((key for key in chain if self.context.has(key, name)), chain[-1])
            targets.setdefault(home, {})[name] = value
        for key, values in targets.items():
            self.set_variables(key, values)

    def _chain_to_home(self, scope_id: UUID) -> list[UUID]:
        chain = []
        scope = self.scopes[scope_id]
        while True:
            chain.append(scope.id)
            if scope.kind is not ScopeKind.SUBPROCESS or self.plans[scope.element].node.local:
                return chain
            assert scope.parent_id is not None
            scope = self.scopes[scope.parent_id]
