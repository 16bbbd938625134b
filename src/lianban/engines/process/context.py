"""What an expression sees: the matter, the variables of the scopes around a token, the item of its branch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lianban.engines.process.errors import ExpressionFailed
from lianban.engines.process.expressions import CannotEvaluate, plain
from lianban.engines.process.graph import Formula, Mapped, Source
from lianban.engines.process.plans import Plan
from lianban.engines.process.rows import ScopeKind, ScopeRow


class Context:
    """Variables of the loaded scopes, with what the step has set on top; inner scopes hide outer ones."""

    __slots__ = ("_full", "_matter", "_merged", "_plans", "_scopes", "_set")

    def __init__(
        self, matter: Mapping[str, Any], scopes: Mapping[UUID, ScopeRow], plans: Mapping[str, Plan]
    ) -> None:
        self._matter = matter
        self._scopes = scopes
        self._plans = plans
        self._set: dict[UUID, dict[str, Any]] = {}
        self._merged: dict[UUID, dict[str, Any]] = {}
        self._full: dict[UUID, dict[str, Any]] = {}

    def set(self, scope_id: UUID, variables: Mapping[str, Any]) -> None:
        """Remember variables that the step has set."""
        self._set.setdefault(scope_id, {}).update(variables)
        self._merged.clear()
        self._full.clear()

    def own(self, scope_id: UUID, name: str) -> Any:
        """A variable of this very scope, or None."""
        changed = self._set.get(scope_id)
        if changed is not None and name in changed:
            return changed[name]
        return self._scopes[scope_id].variables.get(name)

    def has(self, scope_id: UUID, name: str) -> bool:
        """Whether this very scope has the variable."""
        return name in self._scopes[scope_id].variables or name in self._set.get(scope_id, ())

    def variables(self, scope_id: UUID) -> dict[str, Any]:
        """All variables seen from a scope, without the matter. Not to be changed by the caller."""
        merged = self._merged.get(scope_id)
        if merged is None:
            scope = self._scopes[scope_id]
            parent_id = scope.parent_id
            merged = dict(self.variables(parent_id)) if parent_id is not None else {}
            if scope.kind is not ScopeKind.MULTI:
                merged.update(scope.variables)
            if changed := self._set.get(scope_id):
                merged.update(changed)
            if scope.kind is ScopeKind.BRANCH:
                loop = self._plans[scope.element].loop
                if loop is not None and loop.item:
                    merged[loop.item] = scope.item
                merged["loopCounter"] = (scope.index or 0) + 1
            self._merged[scope_id] = merged
        return merged

    def of(self, scope_id: UUID, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What an expression sees: matter, variables, then ``extra``, later ones winning."""
        full = self._full.get(scope_id)
        if full is None:
            full = self._full[scope_id] = {**self._matter, **self.variables(scope_id)}
        return {**full, **extra} if extra else full

    def value(
        self, plan: Plan, source: Source, scope_id: UUID, extra: Mapping[str, Any] | None = None
    ) -> Any:
        """The value of a constant or an expression, as plain JSON."""
        if source.formula is None:
            return source.text
        try:
            return plain(source.formula(self.of(scope_id, extra)))
        except CannotEvaluate as error:
            raise failed(plan, source, error, "可以计算的数据", "data that can be computed with") from None

    def text(self, plan: Plan, source: Source, scope_id: UUID, zh: str, en: str) -> str:
        """A value that must be a text that is not empty."""
        value = self.value(plan, source, scope_id)
        if not isinstance(value, str) or not value:
            raise failed(plan, source, value, zh, en)
        return value

    def holds(
        self, plan: Plan, condition: Formula, scope_id: UUID, extra: Mapping[str, Any] | None = None
    ) -> bool:
        """A condition: true or not. ``null`` is not true; any other value is an error in the drawing."""
        try:
            value = condition(self.of(scope_id, extra))
        except CannotEvaluate as error:
            value = error
        if value is True:
            return True
        if value is False or value is None:
            return False
        raise ExpressionFailed(
            element=plan.id,
            name=plan.name,
            expression=str(getattr(condition, "source", "")),
            value=repr(plain(value))[:200],
            wanted_zh="真或假",
            wanted_en="true or false",
        )

    def mapped(
        self, plan: Plan, mappings: tuple[Mapped, ...], scope_id: UUID, extra: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The values of input or output mappings; ``a.b`` as target sets ``b`` inside ``a``."""
        result: dict[str, Any] = {}
        for mapping in mappings:
            seen = {**(extra or {}), **result}
            value = self.value(plan, mapping.source, scope_id, seen)
            name, *path = mapping.target.split(".")
            if path:
                value = _inside(result.get(name, self.variables(scope_id).get(name)), path, value)
            result[name] = value
        return result


def _inside(outer: Any, path: list[str], value: Any) -> Any:
    outer = dict(outer) if isinstance(outer, Mapping) else {}
    outer[path[0]] = _inside(outer.get(path[0]), path[1:], value) if path[1:] else value
    return outer


def failed(plan: Plan, source: Source, value: Any, zh: str, en: str) -> ExpressionFailed:
    """An expression gave a value of the wrong kind."""
    return ExpressionFailed(
        element=plan.id,
        name=plan.name,
        expression=source.text,
        value=repr(value)[:200],
        wanted_zh=zh,
        wanted_en=en,
    )
