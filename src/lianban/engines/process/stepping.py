"""``start`` and ``step``: (graph, state, events) → (changes, effects). Nothing is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from lianban.engines.process.arriving import produce, quiesce, throw
from lianban.engines.process.errors import NothingToAsk, WorkIsOver, WrongEvent
from lianban.engines.process.events import (
    BranchCancelled,
    CallService,
    Ended,
    ErrorRaised,
    Event,
    MatterCancelled,
    MessageReceived,
    SentBack,
    ServiceCompleted,
    SignalReceived,
    Step,
    TaskCompleted,
    TimerFired,
)
from lianban.engines.process.graph import Graph, Kind
from lianban.engines.process.plans import Plan
from lianban.engines.process.returning import refuse_return
from lianban.engines.process.rows import EMPTY, RowState, ScopeKind, ScopeRow, TokenRow
from lianban.engines.process.running import Run
from lianban.engines.process.state import State, settle
from lianban.engines.process.timers import TimerSpec, next_due, timer_spec

Ids: TypeAlias = Callable[[], UUID]
Due: TypeAlias = Callable[[TimerSpec, datetime], datetime]
Decide: TypeAlias = Callable[[str, Mapping[str, Any]], Any]


def no_clocks(spec: TimerSpec, now: datetime) -> datetime:
    """The default ``due``: for drawings whose timers name no clock."""
    raise NothingToAsk(what="clock", key=spec.clock, argument="due=")


def no_decisions(decision: str, context: Mapping[str, Any]) -> Any:
    """The default ``decide``: for drawings without business rules."""
    raise NothingToAsk(what="decision", key=decision, argument="decide=")


def start(
    graph: Graph,
    *,
    variables: Mapping[str, Any],
    now: datetime,
    ids: Ids,
    due: Due = no_clocks,
    decide: Decide = no_decisions,
    matter: Mapping[str, Any] = EMPTY,
    message: str | None = None,
) -> Step:
    """Open the process: its scope, then everything up to the first places where it rests.

    ``message`` starts it at the message start event of that name. The first id asked for is that of the
    process scope. Raises :class:`WrongEvent` if there is no such start event, and what :func:`step` raises.
    """
    element = (
        graph.bodies[graph.process_id].start if message is None else graph.message_starts.get(message, "")
    )
    if not element:
        raise WrongEvent(
            element=graph.process_id, name=graph.name, event=f"start({message})" if message else "start"
        )
    run = Run(graph, State.of(), matter, now, ids, due, decide)
    root = ScopeRow(ids(), None, graph.process_id, ScopeKind.PROCESS, variables=dict(variables))
    run.open_scope(root)
    run.live[root.id] = 1
    run.arrive(run.plans[element], root.id, None)
    quiesce(run)
    return _step(run)


def step(
    graph: Graph,
    state: State,
    events: Iterable[Event],
    *,
    now: datetime,
    ids: Ids,
    due: Due = no_clocks,
    decide: Decide = no_decisions,
    matter: Mapping[str, Any] = EMPTY,
) -> Step:
    """What the events do, one after the other, to the rows of ``state``.

    ``state`` may be partial: see :class:`State`. ``matter`` is what expressions see beneath the variables.
    ``due(spec, now)`` is asked for timers that name a clock, ``decide(decision_id, context)`` for business
    rules. Either all events are carried out or an error is raised and nothing has happened:

    * :class:`WorkIsOver`, :class:`WrongEvent`, :class:`CannotSendBack` — the event does not fit the state;
    * :class:`NoFlowChosen`, :class:`ExpressionFailed`, :class:`UncaughtError`, :class:`EndlessLoop`,
      :class:`Stuck`, :class:`TooManyBranches` — the drawing cannot go on with these data.
    """
    run = Run(graph, state, matter, now, ids, due, decide)
    for event in events:
        run.begin_event()
        _HANDLE[type(event)](run, event)
        quiesce(run)
    return _step(run)


def _step(run: Run) -> Step:
    changes = settle(run.changes) if run.unsettled else tuple(run.changes)
    # A service that was reached and cancelled again within the step is not called.
    effects = tuple(e for e in run.effects if not isinstance(e, CallService) or e.token_id in run.tokens)
    return Step(changes, effects)


# --- events ------------------------------------------------------------------------------------------


def _token(run: Run, token_id: UUID) -> TokenRow:
    token = run.tokens.get(token_id)
    if token is None:
        raise WorkIsOver(what="token", id=str(token_id))
    return token


def _wrong(plan: Plan, event: object) -> WrongEvent:
    return WrongEvent(element=plan.id, name=plan.name, event=type(event).__name__)


def _completed(run: Run, event: TaskCompleted | ServiceCompleted, kind: Kind) -> None:
    token = _token(run, event.token_id)
    plan = run.plans[token.element]
    if plan.kind is not kind or (plan.loop is not None and not run.in_own_branch(plan, token.scope_id)):
        raise _wrong(plan, event)
    run.close_token(token, plan)
    produce(run, plan, token.scope_id, event.variables, event.variables)
    run.leave(plan, token.scope_id)


def _task_completed(run: Run, event: TaskCompleted) -> None:
    _completed(run, event, Kind.USER)


def _service_completed(run: Run, event: ServiceCompleted) -> None:
    _completed(run, event, Kind.SERVICE)


def _error_raised(run: Run, event: ErrorRaised) -> None:
    token = _token(run, event.token_id)
    plan = run.plans[token.element]
    if plan.kind is not Kind.SERVICE:
        raise _wrong(plan, event)
    run.thrower = plan.id
    run.store(token.scope_id, event.variables)
    throw(run, "error", event.error, token, token.scope_id)


def _timer_fired(run: Run, event: TimerFired) -> None:
    timer = run.timers.get(event.timer_id)
    if timer is None:
        raise WorkIsOver(what="timer", id=str(event.timer_id))
    token = _token(run, timer.token_id)
    plan = run.plans[timer.element]
    if plan.kind is Kind.BOUNDARY and not plan.node.interrupting:
        if timer.repeat_left == 0:
            run.close_timer(timer.id)
        else:
            due_at = next_due(timer_spec(timer.spec), timer.due_at, run.now)
            left = None if timer.repeat_left is None else timer.repeat_left - 1
            run.rearm_timer(timer, due_at, left)
        run.live[token.scope_id] += 1
    elif plan.kind is Kind.BOUNDARY:
        run.cancel_token(token)
    else:
        run.close_token(token, run.plans[token.element])
    produce(run, plan, token.scope_id, EMPTY, EMPTY)
    run.leave(plan, token.scope_id)


def _message_received(run: Run, event: MessageReceived) -> None:
    if event.token_id is not None:
        candidates = [_token(run, event.token_id)]
    else:
        candidates = [token for token in run.tokens.values() if token.scope_id == event.scope_id]
    _caught(run, event, candidates, Kind.MESSAGE, "message")


def _signal_received(run: Run, event: SignalReceived) -> None:
    _caught(run, event, [_token(run, event.token_id)], Kind.SIGNAL, "signal")


def _caught(
    run: Run,
    event: MessageReceived | SignalReceived,
    candidates: list[TokenRow],
    kind: Kind,
    boundary_type: str,
) -> None:
    """The first candidate that waits for the name takes it."""
    for token in candidates:
        plan = run.plans[token.element]
        own = run.in_own_branch(plan, token.scope_id)
        if plan.kind is kind and plan.node.event == event.name and (plan.loop is None or own):
            run.close_token(token, plan)
            return _go_on(run, event, plan, token.scope_id)
        for waited in plan.waits_for:
            if waited.kind is kind and waited.node.event == event.name:
                run.close_token(token, plan)
                return _go_on(run, event, waited, token.scope_id)
        for boundary in () if own else plan.boundary:
            if boundary.node.type == boundary_type and boundary.node.event == event.name:
                if boundary.node.interrupting:
                    run.cancel_token(token)
                else:
                    run.live[token.scope_id] += 1
                return _go_on(run, event, boundary, token.scope_id)
    if not candidates:
        raise WorkIsOver(what="scope", id=str(getattr(event, "scope_id", None)))
    plan = run.plans[candidates[0].element]
    raise WrongEvent(element=plan.id, name=plan.name, event=f"{type(event).__name__}({event.name})")


def _go_on(run: Run, event: MessageReceived | SignalReceived, plan: Plan, scope_id: UUID) -> None:
    produce(run, plan, scope_id, event.variables, event.variables)
    run.leave(plan, scope_id)


def _branch_cancelled(run: Run, event: BranchCancelled) -> None:
    branch = run.scopes.get(event.scope_id)
    if branch is None:
        raise WorkIsOver(what="scope", id=str(event.scope_id))
    plan = run.plans.get(branch.element)
    if branch.kind is not ScopeKind.BRANCH or plan is None or branch.parent_id is None:
        raise WrongEvent(element=branch.element, name=plan.name if plan else "", event="BranchCancelled")
    run.cancel_tree(branch.id)
    run.count_down(plan, branch.parent_id)


def _matter_cancelled(run: Run, event: MatterCancelled) -> None:
    root = next((scope for scope in run.scopes.values() if scope.parent_id is None), None)
    if root is None:
        raise WorkIsOver(what="scope", id="-")
    run.cancel_tree(root.id)
    run.effects.append(Ended(RowState.CANCELLED))


def _sent_back(run: Run, event: SentBack) -> None:
    token = _token(run, event.token_id)
    plan = run.plans[token.element]
    target = run.plans.get(event.to_element)
    in_scope = [other for other in run.tokens.values() if other.scope_id == token.scope_id]
    own = run.in_own_branch(plan, token.scope_id)
    refuse_return(run.graph, token, in_scope, event.to_element, own)
    assert target is not None
    run.cancel_token(token)
    run.store(token.scope_id, event.variables)
    run.arrive(target, token.scope_id, None)


_HANDLE: dict[type, Callable[[Run, Any], None]] = {
    TaskCompleted: _task_completed,
    ServiceCompleted: _service_completed,
    ErrorRaised: _error_raised,
    TimerFired: _timer_fired,
    MessageReceived: _message_received,
    SignalReceived: _signal_received,
    BranchCancelled: _branch_cancelled,
    MatterCancelled: _matter_cancelled,
    SentBack: _sent_back,
}
