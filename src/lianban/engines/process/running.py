"""How a step runs.

An event consumes the token it names; the token's exits put *arrivals* into a queue; each arrival either
passes through (gateway, decision, end) or comes to rest as a row (task, timer, join, open scope). When the
queue is empty the step is over.

``live`` counts, for every loaded scope, its tokens at rest and its arrivals under way. At zero the scope is
complete. A fan-out is the exception: its branches are not loaded, its ``pending`` counts them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.engines.process.context import Context, failed
from lianban.engines.process.errors import EndlessLoop, NoFlowChosen, Stuck, TooManyBranches, UncaughtError
from lianban.engines.process.events import (
    CallService,
    CancelTree,
    Change,
    CloseScope,
    CloseTask,
    CloseTimer,
    CloseToken,
    CountDown,
    Effect,
    Ended,
    OpenScope,
    OpenTask,
    OpenTimer,
    OpenToken,
    RearmTimer,
    SetVariables,
    ThrowSignal,
)
from lianban.engines.process.expressions import plain
from lianban.engines.process.graph import Graph, Kind
from lianban.engines.process.plans import BoundaryTimer, Exit, Plan, split_role
from lianban.engines.process.rows import (
    At,
    RowState,
    ScopeKind,
    ScopeRow,
    TaskRow,
    TimerRow,
    TokenRow,
)
from lianban.engines.process.state import State
from lianban.engines.process.timers import NotATimer, TimerSpec, first_due, timer_spec

#: Arrivals one event may cause before its automatic steps count as endless; every branch opened adds some.
MAX_ARRIVALS = 2_000
ARRIVALS_A_BRANCH = 100
#: Branches one fan-out may open.
MAX_BRANCHES = 10_000


class Run:
    """The rows as they are in the middle of a step, and what has been done to them so far."""

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
        self.queue: deque[tuple[Plan, UUID, str | None]] = deque()
        self.live: dict[UUID, int] = dict.fromkeys(self.scopes, 0)
        self.joins: set[UUID] = set()  # scopes with tokens at joins
        self.born: set[UUID] = set()
        self.unsettled = False
        self.budget = MAX_ARRIVALS
        self.visited: dict[str, None] = {}
        self.thrower = ""  # the element whose error is on its way out
        for token in self.tokens.values():
            self.live[token.scope_id] = self.live.get(token.scope_id, 0) + 1
            if self.plans[token.element].is_join:
                self.joins.add(token.scope_id)

    # --- the queue ------------------------------------------------------------------------------------

    def arrive(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        """A token is under way to ``plan``. The caller has counted it."""
        self.queue.append((plan, scope_id, flow))

    def quiesce(self) -> None:
        """Run until everything rests."""
        queue = self.queue
        while True:
            while queue:
                plan, scope_id, flow = queue.popleft()
                if scope_id not in self.scopes:
                    continue  # its scope ended while it was under way
                self.budget -= 1
                if self.budget < MAX_ARRIVALS // 2:
                    self.visited[plan.id] = None
                    if self.budget < 0:
                        raise EndlessLoop(elements="、".join(self.visited))
                if plan.loop is not None and not self.in_own_branch(plan, scope_id):
                    self.fan_out(plan, scope_id, flow)
                else:
                    ENTER[plan.kind](self, plan, scope_id, flow)
            if not self.joins or not self._try_joins():
                return

    def _try_joins(self) -> bool:
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

    # --- multi-instance -------------------------------------------------------------------------------

    def in_own_branch(self, plan: Plan, scope_id: UUID) -> bool:
        """Whether the scope is a branch of ``plan`` itself, so that the plan is one instance here."""
        scope = self.scopes[scope_id]
        return scope.kind is ScopeKind.BRANCH and scope.element == plan.id

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

    # --- errors and escalations -----------------------------------------------------------------------

    def throw(self, kind: str, code: str | None, token: TokenRow | None, scope_id: UUID) -> bool:
        """Look for a boundary event that catches, from the thrower outwards. Returns whether it interrupted."""
        while True:
            if token is not None:
                plan = self.plans[token.element]
                own = self.in_own_branch(plan, token.scope_id)
                for catcher in () if own else _catchers(plan, kind, code):
                    if catcher.node.interrupting:
                        self.cancel_token(token)
                    else:
                        self.live[token.scope_id] += 1
                    self.leave(catcher, token.scope_id)
                    return catcher.node.interrupting
            scope = self.scopes[scope_id]
            if scope.kind is ScopeKind.BRANCH:
                assert scope.parent_id is not None
                scope = self.scopes[scope.parent_id]
            if scope.kind is ScopeKind.PROCESS:
                if kind == "error":
                    thrower = self.plans[self.thrower]
                    raise UncaughtError(element=thrower.id, name=thrower.name, error=code or "?")
                return False
            token = self.tokens[scope.id]
            scope_id = token.scope_id

    # --- arrivals, by kind ----------------------------------------------------------------------------

    def through(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        self.leave(plan, scope_id)

    def end(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        self.consume(scope_id)

    def terminate(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        """Everything in the scope stops, and the scope is complete."""
        for token in [token for token in self.tokens.values() if token.scope_id == scope_id]:
            self.cancel_token(token)
        self.live[scope_id] = 0
        self.complete(scope_id)

    def error_end(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        self.thrower = plan.id
        self.throw("error", plan.node.event, None, scope_id)

    def escalation(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        if not self.throw("escalation", plan.node.event, None, scope_id) and scope_id in self.scopes:
            self.leave(plan, scope_id)

    def signal_throw(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        variables = self.context.mapped(plan, plan.inputs, scope_id)
        self.effects.append(ThrowSignal(plan.node.event or "", variables))
        self.leave(plan, scope_id)

    def user(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        in_branch, item = self._branch_item(scope_id)
        if plan.assignment is not None:
            role, at = plan.assignment
        else:
            role, at = self._dynamic_role(plan, scope_id, in_branch)
        if at is None:
            at = At.BRANCH if in_branch else At.LEAD
        inputs = self.context.mapped(plan, plan.inputs, scope_id) if plan.inputs else {}
        token_id = self.rest(plan, scope_id, flow)
        task = TaskRow(
            self.ids(), scope_id, token_id, plan.id, plan.name, role, at, item, plan.form, plan.action, plan.clock,
            plan.properties, inputs,
        )  # fmt: skip
        self.changes.append(OpenTask(task))
        if plan.loop is None:
            self.arm(plan, scope_id, token_id)

    def _branch_item(self, scope_id: UUID) -> tuple[bool, Any]:
        scope = self.scopes[scope_id]
        while scope.kind is not ScopeKind.BRANCH:
            if scope.parent_id is None:
                return False, None
            scope = self.scopes[scope.parent_id]
        return True, scope.item

    def _dynamic_role(self, plan: Plan, scope_id: UUID, in_branch: bool) -> tuple[str, At | None]:
        source = plan.node.role
        assert source is not None
        zh, en = "岗位（可带 @lead 或 @branch）", "a role, with @lead or @branch if need be"
        text = self.context.text(plan, source, scope_id, zh, en)
        try:
            role, at = split_role(text)
        except ValueError:
            raise failed(plan, source, text, zh, en) from None
        if not role or (at is At.BRANCH and not in_branch):
            raise failed(plan, source, text, zh, en)
        return role, at

    def service(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        source = plan.node.service
        assert source is not None
        kind = self.context.text(plan, source, scope_id, "处理程序的名称", "the name of a handler")
        variables = (
            self.context.mapped(plan, plan.inputs, scope_id)
            if plan.inputs
            else dict(self.context.variables(scope_id))
        )
        token_id = self.rest(plan, scope_id, flow)
        if plan.loop is None:
            self.arm(plan, scope_id, token_id)
        self.effects.append(CallService(token_id, scope_id, plan.id, kind, plan.node.headers, variables))

    def rule(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        source = plan.node.decision
        assert source is not None
        decision = self.context.text(plan, source, scope_id, "决策的名称", "the name of a decision")
        inputs = self.context.mapped(plan, plan.inputs, scope_id) if plan.inputs else {}
        result = plain(self.decide(decision, self.context.of(scope_id, inputs)))
        produced = {plan.node.result: result} if plan.node.result else {}
        self.produce(plan, scope_id, {**inputs, **produced}, produced)
        self.leave(plan, scope_id)

    def produce(
        self, plan: Plan, scope_id: UUID, seen: Mapping[str, Any], variables: Mapping[str, Any]
    ) -> None:
        """What leaves an activity: its output mappings if it has any, otherwise its variables as they are.

        Inside a branch of its own the variables stay with the branch, whose completion maps them out.
        """
        if plan.outputs and plan.loop is None:
            self.store(scope_id, self.context.mapped(plan, plan.outputs, scope_id, seen))
        elif variables:
            self.store(scope_id, variables)

    def wait(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        """Message, signal, event-based gateway: rest until an event names the token."""
        token_id = self.rest(plan, scope_id, flow)
        if plan.loop is None:
            self.arm(plan, scope_id, token_id)

    def timer(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        token_id = self.rest(plan, scope_id, flow)
        self.open_timer(plan, BoundaryTimer(plan.node), scope_id, token_id)

    def join(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        """Parallel or inclusive gateway: rest until the others are here, or go on."""
        if not plan.is_join:
            self.leave(plan, scope_id)
            return
        arrived: dict[str | None, TokenRow] = {}
        for token in self.tokens.values():
            if token.element == plan.id and token.scope_id == scope_id:
                arrived.setdefault(token.flow, token)
        if len(arrived.keys() | {flow}) == len(plan.join_flows):
            arrived.pop(flow, None)
            for token in arrived.values():
                self.close_token(token, plan)
            self.live[scope_id] -= len(arrived)
            self.leave(plan, scope_id)
            return
        self.rest(plan, scope_id, flow)
        self.joins.add(scope_id)

    def fire_join(self, plan: Plan, scope_id: UUID, arrived: list[TokenRow]) -> None:
        for token in arrived:
            self.close_token(token, plan)
        self.live[scope_id] -= len(arrived) - 1
        self.leave(plan, scope_id)

    def subprocess(self, plan: Plan, scope_id: UUID, flow: str | None) -> None:
        assert plan.inner_start is not None
        inputs = self.context.mapped(plan, plan.inputs, scope_id) if plan.inputs else {}
        token_id = self.rest(plan, scope_id, flow)
        self.arm(plan, scope_id, token_id)
        self.open_scope(ScopeRow(token_id, scope_id, plan.id, ScopeKind.SUBPROCESS, variables=inputs))
        self.live[token_id] = 1
        self.queue.append((plan.inner_start, token_id, None))


def _catchers(plan: Plan, kind: str, code: str | None) -> list[Plan]:
    """The boundary events that catch, the one that names the code before the one that catches all."""
    fitting = [b for b in plan.boundary if b.node.type == kind and b.node.event in (code, None)]
    return sorted(fitting, key=lambda b: b.node.event is None)[:1]


ENTER: dict[Kind, Callable[[Run, Plan, UUID, str | None], None]] = {
    Kind.START: Run.through,
    Kind.END: Run.end,
    Kind.TERMINATE: Run.terminate,
    Kind.ERROR_END: Run.error_end,
    Kind.ESCALATION: Run.escalation,
    Kind.SIGNAL_THROW: Run.signal_throw,
    Kind.THROUGH: Run.through,
    Kind.USER: Run.user,
    Kind.SERVICE: Run.service,
    Kind.RULE: Run.rule,
    Kind.MESSAGE: Run.wait,
    Kind.SIGNAL: Run.wait,
    Kind.TIMER: Run.timer,
    Kind.EXCLUSIVE: Run.through,
    Kind.PARALLEL: Run.join,
    Kind.INCLUSIVE: Run.join,
    Kind.EVENT_BASED: Run.wait,
    Kind.SUBPROCESS: Run.subprocess,
}
