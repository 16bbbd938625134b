"""Assignments and timers that FEEL decides, for one matter that moves: what the new version says of its variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from lianban.engines.migration.changing import NewTimer, TaskChange
from lianban.engines.migration.mapping import Route
from lianban.engines.process import At, NotATimer, ScopeKind, ScopeRow, TimerSpec, timer_spec
from lianban.engines.process.context import Context, failed
from lianban.engines.process.plans import split_role


class Computing:
    """The expressions of the new version over the scopes of one matter, which still carry the old ids.

    ``facts`` is what expressions see of the matter. Raises :class:`~lianban.engines.process.ExpressionFailed`
    where an expression gives nothing usable.
    """

    def __init__(self, route: Route, scopes: Mapping[UUID, ScopeRow], facts: Mapping[str, Any]) -> None:
        self._scopes = {
            key: replace(row, element=route.elements.get(row.element, row.element))
            for key, row in scopes.items()
        }
        self._plans = route.new.plans
        self._context = Context(facts, self._scopes, route.new.plans)

    def role(self, change: TaskChange, scope: UUID) -> tuple[str, At]:
        """Who does the task now, where FEEL says it: the role, and at which agency."""
        plan, source = self._plans[change.target], change.role
        assert source is not None
        in_branch = self.in_branch(scope)
        zh, en = "岗位（可带 @lead 或 @branch）", "a role, with @lead or @branch if need be"
        text = self._context.text(plan, source, scope, zh, en)
        try:
            role, at = split_role(text)
        except ValueError:
            raise failed(plan, source, text, zh, en) from None
        if not role or (at is At.BRANCH and not in_branch):
            raise failed(plan, source, text, zh, en)
        return role, at or (At.BRANCH if in_branch else At.LEAD)

    def in_branch(self, scope: UUID | None) -> bool:
        while scope is not None and (row := self._scopes.get(scope)) is not None:
            if row.kind is ScopeKind.BRANCH:
                return True
            scope = row.parent_id
        return False

    def spec(self, timer: NewTimer, scope: UUID) -> TimerSpec:
        """What the timer says now."""
        if timer.spec is not None:
            return timer.spec
        plan = self._plans[timer.target]
        value = self._context.value(plan, timer.source, scope)
        try:
            return timer_spec(value if isinstance(value, str) else "")
        except NotATimer:
            zh, en = "时长、时刻或周期", "a duration, a moment or a cycle"
            raise failed(plan, timer.source, value, zh, en) from None
