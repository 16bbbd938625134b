"""Where a token goes: out of a node, through the queue, into a fan-out and out of it, to the end of its scope.

An event consumes the token it names; the token's exits put *arrivals* into a queue; each arrival either
passes through (gateway, decision, end) or comes to rest as a row (task, timer, join, open scope). When the
queue is empty the step is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.engines.process.context import failed
from lianban.engines.process.errors import NoFlowChosen, Stuck, TooManyBranches
from lianban.engines.process.events import CountDown, Ended
from lianban.engines.process.expressions import plain
from lianban.engines.process.graph import Graph, Kind
from lianban.engines.process.plans import Exit, Plan
from lianban.engines.process.rows import RowState, ScopeKind, ScopeRow, TokenRow
from lianban.engines.process.state import State
from lianban.engines.process.timers import TimerSpec
from lianban.engines.process.working import Working

#: Arrivals one event may cause before its automatic steps count as endless; every branch opened adds some.
MAX_ARRIVALS = 2_000
ARRIVALS_A_BRANCH = 100
#: Branches one fan-out may open.
MAX_BRANCHES = 10_000


class Run(Working):
    """One call of ``start`` or ``step``."""

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
        super().__init__(graph, state, matter, now, ids, due, decide)
        self.queue: deque[tuple[Plan, UUID, str | None]] = deque()
        self.budget = MAX_ARRIVALS
        self.visited: dict[str, None] = {}

    def begin_event(self) -> None:
        """Each event has a budget of automatic steps of its own."""
        self.budget = MAX_ARRIVALS
        self.visited.clear()

    def arrive(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        """A token is under way to ``plan``. The caller has counted it."""
        self.queue.append((plan, scope_id, flow))

    # --- going on -------------------------------------------------------------------------------------

    def leave(self, plan: Plan, scope_id: UUID) -> None:
        """A token at ``plan`` is done there: it takes the exits, or completes the branch it belongs to."""
        if plan.loop is not None and self.in_own_branch(plan, scope_id):
            self.consume(scope_id)
            return
        exits = plan.exits
        if plan.choice or plan.kind is Kind.EXCLUSIVE:
            exits = self._chosen(plan, scope_id) if exits else exits
        if not exits:
            self.consume(scope_id)
            return
        if len(exits) > 1:
            self.live[scope_id] += len(exits) - 1
        for one in exits:
            self.queue.append((one.target, scope_id, one.flow))

    def _chosen(self, plan: Plan, scope_id: UUID) -> tuple[Exit, ...]:
        exclusive = plan.kind is Kind.EXCLUSIVE
        if exclusive and len(plan.exits) == 1 and plan.exits[0].condition is None:
            return plan.exits
        chosen = []
        for one in plan.exits:
            if one is plan.default:
                continue
            if one.condition is None or self.context.holds(plan, one.condition, scope_id):
                chosen.append(one)
                if exclusive:
                    break
        if not chosen:
            if plan.default is None:
                raise NoFlowChosen(element=plan.id, name=plan.name, values=self._seen_values(plan, scope_id))
            chosen.append(plan.default)
        return tuple(chosen)

    def _seen_values(self, plan: Plan, scope_id: UUID) -> str:
        seen = self.context.of(scope_id)
        names: dict[str, None] = {}
        for one in plan.exits:
            names.update(dict.fromkeys(getattr(one.condition, "names_used", ())))
        return "; ".join(f"{name} = {plain(seen.get(name))!r:.80}" for name in sorted(names)) or "-"

    def consume(self, scope_id: UUID) -> None:
        """One token less in the scope; the last one completes it."""
        left = self.live[scope_id] - 1
        self.live[scope_id] = left
        if left == 0:
            self.complete(scope_id)

    def complete(self, scope_id: UUID) -> None:
        """Nothing is left in a scope."""
        scope = self.scopes[scope_id]
        if scope.kind is ScopeKind.PROCESS:
            self.close_scope(scope_id)
            self.effects.append(Ended(RowState.DONE))
        elif scope.kind is ScopeKind.BRANCH:
            self.complete_branch(scope)
        else:
            plan = self.plans[scope.element]
            outer = self.tokens[scope_id]
            produced = self.context.mapped(plan, plan.outputs, scope_id) if plan.outputs else None
            self.close_scope(scope_id)
            self.close_token(outer, plan)
            if produced:
                self.store(outer.scope_id, produced)
            self.leave(plan, outer.scope_id)

    # --- joins ----------------------------------------------------------------------------------------

    def try_joins(self) -> bool:
        """Fire an inclusive join that nothing more can reach; refuse a scope whose joins wait for ever."""
        for scope_id in list(self.joins):
            if scope_id not in self.scopes:
                self.joins.discard(scope_id)
                continue
            resting = [token for token in self.tokens.values() if token.scope_id == scope_id]
            waiting: dict[str, dict[str | None, TokenRow]] = {}
            for token in resting:
                if self.plans[token.element].is_join:
                    waiting.setdefault(token.element, {}).setdefault(token.flow, token)
            if not waiting:
                self.joins.discard(scope_id)
                continue
            for element, arrived in waiting.items():
                plan = self.plans[element]
                if plan.kind is Kind.INCLUSIVE:
                    others = [token.element for token in resting if token.element != element]
                    flows = {flow for flow in arrived if flow}
                    if plan.soundness.inclusive_ready(plan.node, flows, others):
                        self.fire_join(plan, scope_id, list(arrived.values()))
                        return True
            if all(token.element in waiting for token in resting):
                plan = self.plans[next(iter(waiting))]
                raise Stuck(element=plan.id, name=plan.name)
        return False

    def fire_join(self, plan: Plan, scope_id: UUID, arrived: list[TokenRow]) -> None:
        for token in arrived:
            self.close_token(token, plan)
        self.live[scope_id] -= len(arrived) - 1
        self.leave(plan, scope_id)

    # --- multi-instance -------------------------------------------------------------------------------

    def fan_out(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        """Open a multi-instance activity."""
        loop = plan.loop
        assert loop is not None
        items = self.context.value(plan, loop.collection, scope_id)
        if not isinstance(items, list):
            raise failed(plan, loop.collection, items, "一个列表", "a list")
        if len(items) > MAX_BRANCHES:
            raise TooManyBranches(element=plan.id, name=plan.name, count=len(items), limit=MAX_BRANCHES)
        if not items:
            if loop.output_collection:
                self.store(scope_id, {loop.output_collection: []})
            self.leave(plan, scope_id)
            return
        token_id = self.rest(plan, scope_id, flow)
        self.arm(plan, scope_id, token_id)
        count = len(items)
        collected = {loop.output_collection: [None] * count} if loop.output_collection else {}
        self.open_scope(
            ScopeRow(
                token_id, scope_id, plan.id, ScopeKind.MULTI, items if loop.sequential else None, None, count, count,
                collected,
            )
        )  # fmt: skip
        for index, item in enumerate(items[:1] if loop.sequential else items):
            self.open_branch(plan, token_id, item, index)

    def open_branch(self, plan: Plan, multi_id: UUID, item: Any, index: int) -> None:
        branch_id = self.ids()
        self.open_scope(ScopeRow(branch_id, multi_id, plan.id, ScopeKind.BRANCH, item, index))
        self.live[branch_id] = 1
        self.budget += ARRIVALS_A_BRANCH
        if plan.inner_start is not None:
            if plan.inputs:
                self.set_variables(branch_id, self.context.mapped(plan, plan.inputs, branch_id))
            self.queue.append((plan.inner_start, branch_id, None))
        else:
            self.queue.append((plan, branch_id, None))

    def complete_branch(self, branch: ScopeRow) -> None:
        """A branch has done its work: collect its result and count it down."""
        plan = self.plans[branch.element]
        loop = plan.loop
        multi_id = branch.parent_id
        assert loop is not None
        assert multi_id is not None
        if plan.outputs:
            produced = self.context.mapped(plan, plan.outputs, branch.id)
            outer = self.scopes[multi_id].parent_id
            assert outer is not None
            self.store(outer, produced)
        if loop.output is not None and loop.output_collection:
            collected = list(self.context.own(multi_id, loop.output_collection) or ())
            collected[branch.index or 0] = self.context.value(plan, loop.output, branch.id)
            self.set_variables(multi_id, {loop.output_collection: collected})
        self.close_scope(branch.id)
        self.count_down(plan, multi_id)

    def count_down(self, plan: Plan, multi_id: UUID) -> None:
        """One branch less to wait for: go on to the next, or close the fan-out."""
        loop = plan.loop
        assert loop is not None
        multi = self.scopes[multi_id]
        multi = replace(multi, pending=multi.pending - 1)
        self.scopes[multi_id] = multi
        self.changes.append(CountDown(multi_id, 1))
        enough = False
        if loop.condition is not None and loop.condition.formula is not None and multi.pending:
            assert multi.parent_id is not None
            done = multi.total - multi.pending
            counters = {
                "numberOfInstances": multi.total,
                "numberOfCompletedInstances": done,
                "numberOfActiveInstances": 1 if loop.sequential else multi.pending,
            }
            enough = self.context.holds(
                plan, loop.condition.formula, multi_id, {**counters, **self._collected(plan, multi_id)}
            )
        if multi.pending and not enough:
            if loop.sequential:
                index = multi.total - multi.pending
                self.open_branch(plan, multi_id, multi.item[index], index)
            return
        collected = self._collected(plan, multi_id)
        outer = self.tokens[multi_id]
        self.close_scope(multi_id)
        if multi.pending:
            self.cancel_tree(multi_id)
        self.close_token(outer, plan)
        if collected:
            self.store(outer.scope_id, collected)
        self.leave(plan, outer.scope_id)

    def _collected(self, plan: Plan, multi_id: UUID) -> dict[str, Any]:
        name = plan.loop.output_collection if plan.loop else None
        return {name: self.context.own(multi_id, name)} if name else {}
