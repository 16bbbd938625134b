"""What happens when a token arrives, by the kind of element: it passes through, or comes to rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from lianban.engines.process.context import failed
from lianban.engines.process.errors import EndlessLoop, UncaughtError
from lianban.engines.process.events import CallService, OpenTask, ThrowSignal
from lianban.engines.process.expressions import plain
from lianban.engines.process.graph import Kind
from lianban.engines.process.plans import BoundaryTimer, Plan, split_role
from lianban.engines.process.rows import At, ScopeKind, ScopeRow, TaskRow, TokenRow
from lianban.engines.process.running import MAX_ARRIVALS, Run


def quiesce(run: Run) -> None:
    """Run until everything rests."""
    queue = run.queue
    while True:
        while queue:
            plan, scope_id, flow = queue.popleft()
            if scope_id not in run.scopes:
                continue  # its scope ended while it was under way
            run.budget -= 1
            if run.budget < MAX_ARRIVALS // 2:
                run.visited[plan.id] = None
                if run.budget < 0:
                    raise EndlessLoop(elements="、".join(run.visited))
            if plan.loop is not None and not run.in_own_branch(plan, scope_id):
                run.fan_out(plan, scope_id, flow)
            else:
                ENTER[plan.kind](run, plan, scope_id, flow)
        if not run.joins or not run.try_joins():
            return


def through(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    run.leave(plan, scope_id)


def end(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    run.consume(scope_id)


def terminate(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    """Everything in the scope stops, and the scope is complete."""
    for token in [token for token in run.tokens.values() if token.scope_id == scope_id]:
        run.cancel_token(token)
    run.live[scope_id] = 0
    run.complete(scope_id)


def error_end(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    run.thrower = plan.id
    throw(run, "error", plan.node.event, None, scope_id)


def escalation(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    if not throw(run, "escalation", plan.node.event, None, scope_id) and scope_id in run.scopes:
        run.leave(plan, scope_id)


def signal_throw(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    variables = run.context.mapped(plan, plan.inputs, scope_id)
    run.effects.append(ThrowSignal(plan.node.event or "", variables))
    run.leave(plan, scope_id)


def user(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    in_branch, item = _branch_item(run, scope_id)
    if plan.assignment is not None:
        role, at = plan.assignment
    else:
        role, at = _dynamic_role(run, plan, scope_id, in_branch)
    if at is None:
        at = At.BRANCH if in_branch else At.LEAD
    inputs = run.context.mapped(plan, plan.inputs, scope_id) if plan.inputs else {}
    token_id = run.rest(plan, scope_id, flow)
    task = TaskRow(
        run.ids(), scope_id, token_id, plan.id, plan.name, role, at, item, plan.form, plan.action, plan.clock,
        plan.properties, inputs,
    )  # fmt: skip
    run.changes.append(OpenTask(task))
    if plan.loop is None:
        run.arm(plan, scope_id, token_id)


def _branch_item(run: Run, scope_id: UUID) -> tuple[bool, Any]:
    scope = run.scopes[scope_id]
    while scope.kind is not ScopeKind.BRANCH:
        if scope.parent_id is None:
            return False, None
        scope = run.scopes[scope.parent_id]
    return True, scope.item


def _dynamic_role(run: Run, plan: Plan, scope_id: UUID, in_branch: bool) -> tuple[str, At | None]:
    source = plan.node.role
    assert source is not None
    zh, en = "岗位（可带 @lead 或 @branch）", "a role, with @lead or @branch if need be"
    text = run.context.text(plan, source, scope_id, zh, en)
    try:
        role, at = split_role(text)
    except ValueError:
        raise failed(plan, source, text, zh, en) from None
    if not role or (at is At.BRANCH and not in_branch):
        raise failed(plan, source, text, zh, en)
    return role, at


def service(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    source = plan.node.service
    assert source is not None
    kind = run.context.text(plan, source, scope_id, "处理程序的名称", "the name of a handler")
    variables = (
        run.context.mapped(plan, plan.inputs, scope_id)
        if plan.inputs
        else dict(run.context.variables(scope_id))
    )
    token_id = run.rest(plan, scope_id, flow)
    if plan.loop is None:
        run.arm(plan, scope_id, token_id)
    run.effects.append(CallService(token_id, scope_id, plan.id, kind, plan.node.headers, variables))


def rule(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    source = plan.node.decision
    assert source is not None
    decision = run.context.text(plan, source, scope_id, "决策的名称", "the name of a decision")
    inputs = run.context.mapped(plan, plan.inputs, scope_id) if plan.inputs else {}
    result = plain(run.decide(decision, run.context.of(scope_id, inputs)))
    produced = {plan.node.result: result} if plan.node.result else {}
    produce(run, plan, scope_id, {**inputs, **produced}, produced)
    run.leave(plan, scope_id)


def produce(
    run: Run, plan: Plan, scope_id: UUID, seen: Mapping[str, Any], variables: Mapping[str, Any]
) -> None:
    """What leaves an activity: its output mappings if it has any, otherwise its variables as they are.

    Inside a branch of its own the variables stay with the branch, whose completion maps them out.
    """
    if plan.outputs and plan.loop is None:
        run.store(scope_id, run.context.mapped(plan, plan.outputs, scope_id, seen))
    elif variables:
        run.store(scope_id, variables)


def wait(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    """Message, signal, event-based gateway: rest until an event names the token."""
    token_id = run.rest(plan, scope_id, flow)
    if plan.loop is None:
        run.arm(plan, scope_id, token_id)


def timer(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    token_id = run.rest(plan, scope_id, flow)
    run.open_timer(plan, BoundaryTimer(plan.node), scope_id, token_id)


def join(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    """Parallel or inclusive gateway: rest until the others are here, or go on."""
    if not plan.is_join:
        run.leave(plan, scope_id)
        return
    arrived: dict[str | None, TokenRow] = {}
    for token in run.tokens.values():
        if token.element == plan.id and token.scope_id == scope_id:
            arrived.setdefault(token.flow, token)
    if len(arrived.keys() | {flow}) == len(plan.join_flows):
        arrived.pop(flow, None)
        for token in arrived.values():
            run.close_token(token, plan)
        run.live[scope_id] -= len(arrived)
        run.leave(plan, scope_id)
        return
    run.rest(plan, scope_id, flow)
    run.joins.add(scope_id)


def subprocess(run: Run, plan: Plan, scope_id: UUID, flow: str | None) -> None:
    assert plan.inner_start is not None
    inputs = run.context.mapped(plan, plan.inputs, scope_id) if plan.inputs else {}
    token_id = run.rest(plan, scope_id, flow)
    run.arm(plan, scope_id, token_id)
    run.open_scope(ScopeRow(token_id, scope_id, plan.id, ScopeKind.SUBPROCESS, variables=inputs))
    run.live[token_id] = 1
    run.queue.append((plan.inner_start, token_id, None))


def throw(run: Run, kind: str, code: str | None, token: TokenRow | None, scope_id: UUID) -> bool:
    """Look for a boundary event that catches, from the thrower outwards. Returns whether it interrupted."""
    while True:
        if token is not None:
            plan = run.plans[token.element]
            own = run.in_own_branch(plan, token.scope_id)
            for catcher in () if own else _catchers(plan, kind, code):
                if catcher.node.interrupting:
                    run.cancel_token(token)
                else:
                    run.live[token.scope_id] += 1
                run.leave(catcher, token.scope_id)
                return catcher.node.interrupting
        scope = run.scopes[scope_id]
        if scope.kind is ScopeKind.BRANCH:
            assert scope.parent_id is not None
            scope = run.scopes[scope.parent_id]
        if scope.kind is ScopeKind.PROCESS:
            if kind == "error":
                thrower = run.plans[run.thrower]
                raise UncaughtError(element=thrower.id, name=thrower.name, error=code or "?")
            return False
        token = run.tokens[scope.id]
        scope_id = token.scope_id


def _catchers(plan: Plan, kind: str, code: str | None) -> list[Plan]:
    """The boundary events that catch, the one that names the code before the one that catches all."""
    fitting = [b for b in plan.boundary if b.node.type == kind and b.node.event in (code, None)]
    return sorted(fitting, key=lambda b: b.node.event is None)[:1]


ENTER: dict[Kind, Callable[[Run, Plan, UUID, str | None], None]] = {
    Kind.START: through,
    Kind.END: end,
    Kind.TERMINATE: terminate,
    Kind.ERROR_END: error_end,
    Kind.ESCALATION: escalation,
    Kind.SIGNAL_THROW: signal_throw,
    Kind.THROUGH: through,
    Kind.USER: user,
    Kind.SERVICE: service,
    Kind.RULE: rule,
    Kind.MESSAGE: wait,
    Kind.SIGNAL: wait,
    Kind.TIMER: timer,
    Kind.EXCLUSIVE: through,
    Kind.PARALLEL: join,
    Kind.INCLUSIVE: join,
    Kind.EVENT_BASED: wait,
    Kind.SUBPROCESS: subprocess,
}
