"""What holds for every process: checked on generated ones, against a second executor and the laws of tokens."""

from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from process_blocks import Reference, blocks, choices, draw_process, engine_offers
from process_drawings import NOW

from lianban.engines.process import (
    BranchCancelled,
    CallService,
    CancelTree,
    CloseScope,
    CloseTask,
    CloseTimer,
    CloseToken,
    CountDown,
    Kind,
    MatterCancelled,
    OpenScope,
    OpenTask,
    OpenTimer,
    OpenToken,
    RearmTimer,
    RowState,
    ScopeKind,
    SentBack,
    ServiceCompleted,
    SetVariables,
    Simulation,
    State,
    TaskCompleted,
    TimerFired,
    WorkIsOver,
    compile_bpmn,
    counting_ids,
    return_targets,
    settle,
    step,
)

MAX_EVENTS = 60


def begin(block, random):
    """The block compiled and started; the simulation."""
    graph = compile_bpmn(draw_process(block).xml(), source="generated")
    return Simulation(graph, NOW, choices(block, random))


def check_laws(simulation):
    """Nothing is orphaned, nothing is missing, counters count."""
    state = simulation.state
    if simulation.ended is not None:
        assert state == State.of()
        return
    held = {token.scope_id for token in state.tokens.values()}
    for scope in state.scopes.values():
        if scope.parent_id is not None:
            assert scope.parent_id in state.scopes
        if scope.kind in (ScopeKind.SUBPROCESS, ScopeKind.MULTI):
            assert state.tokens[scope.id].element == scope.element
            assert state.tokens[scope.id].scope_id == scope.parent_id
        if scope.kind is ScopeKind.MULTI:
            open_branches = [s for s in state.scopes.values() if s.parent_id == scope.id]
            loop = simulation.graph.nodes[scope.element].loop
            assert len(open_branches) == (1 if loop.sequential else scope.pending)
            assert 0 < scope.pending <= scope.total
        else:
            assert scope.id in held
    for token in state.tokens.values():
        assert token.scope_id in state.scopes
        plan = simulation.graph.plans[token.element]
        opens = plan.kind is Kind.SUBPROCESS
        assert (token.id in state.scopes) == opens
        assert (token.id in state.tasks) == (plan.kind is Kind.USER)
    for task in state.tasks.values():
        assert state.tokens[task.token_id].element == task.element
    for timer in state.timers.values():
        assert timer.token_id in state.tokens


@settings(max_examples=300, deadline=None)
@given(blocks(), st.randoms(use_true_random=False))
def test_engine_offers_what_the_blocks_mean(block, random):
    """At every moment the engine offers the same tasks and timers as the reference, until both end."""
    simulation = begin(block, random)
    reference = Reference.start(block, dict(simulation.variables))
    for _ in range(MAX_EVENTS):
        check_laws(simulation)
        offers = engine_offers(simulation.graph, simulation.state)
        assert sorted(offers) == reference.offers()
        assert (simulation.ended is RowState.DONE) == (not offers)
        if not offers:
            break
        offer = random.choice(sorted(offers))
        event = offers[offer]
        again = random.random() < 0.3
        if offer[1].endswith("_again"):
            event = TaskCompleted(event.token_id, {offer[1].removesuffix("_again") + "_more": again})
        simulation.feed(event)
        reference.take(offer, again)


@settings(max_examples=150, deadline=None)
@given(blocks(), st.randoms(use_true_random=False))
def test_no_step_after_an_end(block, random):
    """What has happened cannot happen again, at any moment and after the end: every event of a token or timer that is
    gone is refused, on all rows and on what a database would load for it, and tokens are neither made nor lost."""
    simulation = begin(block, random)
    for _ in range(MAX_EVENTS):
        event = pick(simulation, random)
        if event is None:
            break
        simulation.feed(event)
        for past in random.sample(simulation.events, k=min(3, len(simulation.events))):
            if gone(simulation.state, past):
                for state in (simulation.state, State.of()):
                    with pytest.raises(WorkIsOver):
                        step(simulation.graph, state, [past], now=NOW, ids=counting_from(10**6))
        made = [change.token.id for change in simulation.changes if isinstance(change, OpenToken)]
        assert len(made) == len(set(made)) and set(simulation.state.tokens) <= set(made)
    if simulation.ended is not None:
        assert simulation.state == State.of()
        for past in simulation.events:
            with pytest.raises(WorkIsOver):
                step(simulation.graph, simulation.state, [past], now=NOW, ids=counting_from(10**6))


def gone(state, event):
    return (
        event.timer_id not in state.timers
        if isinstance(event, TimerFired)
        else event.token_id not in state.tokens
    )


@settings(max_examples=150, deadline=None)
@given(blocks(), st.randoms(use_true_random=False))
def test_partial_state_gives_the_same_step(block, random):
    """A step on the rows around its token gives the very changes a step on all rows gives."""
    simulation = begin(block, random)
    for _ in range(MAX_EVENTS):
        event = pick(simulation, random)
        if event is None:
            break
        whole = step(simulation.graph, simulation.state, [event], now=NOW, ids=counting_from(10**6))
        token_id = (
            event.token_id
            if isinstance(event, TaskCompleted)
            else simulation.state.timers[event.timer_id].token_id
        )
        partial = simulation.state.around(token_id)
        part = step(simulation.graph, partial, [event], now=NOW, ids=counting_from(10**6))
        assert part == whole
        simulation.feed(event)


def pick(simulation, random):
    """A random event the process offers, or None."""
    offers = engine_offers(simulation.graph, simulation.state)
    if not offers:
        return None
    offer = random.choice(sorted(offers))
    event = offers[offer]
    if offer[1].endswith("_again"):
        more = offer[1].removesuffix("_again") + "_more"
        event = TaskCompleted(event.token_id, {more: random.random() < 0.3})
    return event


@settings(max_examples=150, deadline=None)
@given(blocks(), st.randoms(use_true_random=False))
def test_several_events_at_once_equal_one_by_one(block, random):
    """Events of different tokens, given together, lead to the same state and effects as one after the other."""
    simulation = begin(block, random)
    for _ in range(MAX_EVENTS):
        offers = engine_offers(simulation.graph, simulation.state)
        if not offers:
            break
        by_token = {}
        for offer in sorted(offers):
            event = offers[offer]
            if not offer[1].endswith("_again"):
                token = (
                    event.token_id
                    if isinstance(event, TaskCompleted)
                    else simulation.state.timers[event.timer_id].token_id
                )
                by_token[token] = event
        together = random.sample(list(by_token.values()), k=min(len(by_token), 3))
        ids, others = counting_from(10**6), counting_from(10**6)
        at_once = step(simulation.graph, simulation.state, together, now=NOW, ids=ids)
        state, effects = simulation.state, ()
        for event in together:
            one = step(simulation.graph, state, [event], now=NOW, ids=others)
            state, effects = state.apply(one.changes), effects + one.effects
        assert simulation.state.apply(at_once.changes) == state
        assert at_once.effects == effects
        event = pick(simulation, random)
        assert event is not None
        simulation.feed(event)


def counting_from(first):
    """Ids that meet no id of the simulation."""
    ids = counting_ids()
    return lambda: UUID(int=first + ids().int)


@settings(max_examples=150, deadline=None)
@given(blocks(), st.randoms(use_true_random=False))
def test_replayed_history_gives_the_same_state(block, random):
    """The recorded changes rebuild the state; the recorded events make the same changes; so do settled ones."""
    simulation = begin(block, random)
    for _ in range(random.randint(0, 12)):
        event = pick(simulation, random)
        if event is None:
            break
        simulation.feed(event)
    assert State.of().apply(simulation.changes) == simulation.state
    assert State.of().apply(settle(simulation.changes)) == simulation.state
    assert State.of().apply(grouped(settle(simulation.changes))) == simulation.state
    again = Simulation(simulation.graph, NOW, simulation.variables)
    for event in simulation.events:
        if isinstance(event, (TaskCompleted, TimerFired)):
            again.feed(event)
    assert again.changes == simulation.changes


ORDER = (
    OpenScope, OpenToken, OpenTask, OpenTimer, SetVariables, CountDown, RearmTimer, CloseTimer, CloseTask,
    CloseToken, CloseScope, CancelTree,
)  # fmt: skip


def grouped(changes):
    """As a database writes them: all of one type in one statement, inserts first."""
    return sorted(changes, key=lambda change: ORDER.index(type(change)))


@settings(max_examples=100, deadline=None)
@given(blocks(), st.randoms(use_true_random=False))
def test_settled_changes_hold_nothing_that_came_and_went(block, random):
    """After settling no row is both opened and closed, so that passing through leaves nothing behind."""
    simulation = begin(block, random)
    for _ in range(random.randint(0, 8)):
        event = pick(simulation, random)
        if event is None:
            break
        simulation.feed(event)
    kept = settle(simulation.changes)
    opened = {c.token.id for c in kept if isinstance(c, OpenToken)}
    assert opened == set(simulation.state.tokens)
    assert {c.scope.id for c in kept if isinstance(c, OpenScope)} == set(simulation.state.scopes)
    assert {c.task.token_id for c in kept if isinstance(c, OpenTask)} == set(simulation.state.tasks)
    assert {c.timer.id for c in kept if isinstance(c, OpenTimer)} == set(simulation.state.timers)


@settings(max_examples=150, deadline=None)
@given(blocks(), st.randoms(use_true_random=False))
def test_withdrawing_and_returning_keep_the_laws(block, random):
    """Withdrawn branches and returned tasks, mixed with ordinary work, never break a law or hang a process."""
    simulation = begin(block, random)
    for _ in range(MAX_EVENTS):
        check_laws(simulation)
        if simulation.ended is not None:
            break
        branches = [s for s in simulation.state.scopes.values() if s.kind is ScopeKind.BRANCH]
        returns = [
            (task, target)
            for task in simulation.tasks
            for target in return_targets(simulation.graph, simulation.state, task.token_id)
        ]
        dice = random.random()
        if branches and dice < 0.2:
            simulation.feed(BranchCancelled(random.choice(branches).id))
        elif returns and dice < 0.35:
            task, target = random.choice(returns)
            simulation.feed(SentBack(task.token_id, target))
        else:
            event = pick(simulation, random)
            assert event is not None, "an open process offers something"
            simulation.feed(event)
    if simulation.ended is None:
        simulation.feed(MatterCancelled())
    assert simulation.state == State.of()


@settings(max_examples=60, deadline=None)
@given(blocks(max_leaves=4), st.integers(0, 2**32))
def test_every_path_of_small_processes_ends(block, seed):
    """Whatever is chosen in whatever order, with every loop taken at most once more, the end is reached."""
    simulation = begin(block, Random(seed))
    graph = simulation.graph
    finished = 0
    budget = 400
    queue = [(simulation.state, {})]
    while queue and budget:
        budget -= 1
        state, rounds = queue.pop()
        offers = engine_offers(graph, state)
        if not offers:
            assert state == State.of()
            finished += 1
            continue
        for offer in sorted(offers):
            event = offers[offer]
            branches = [({}, rounds)]
            if offer[1].endswith("_again"):
                more = offer[1].removesuffix("_again") + "_more"
                branches = [({more: False}, rounds)]
                if not rounds.get(offer[1:]):
                    branches.append(({more: True}, {**rounds, offer[1:]: True}))
            for variables, after in branches:
                taken = TaskCompleted(event.token_id, variables) if variables else event
                queue.append((settled_step(graph, state, taken), after))
    assert finished or not budget


def settled_step(graph, state, event):
    """One step with its services carried out; the state after."""
    ids = counting_from(
        1 + max((key.int for rows in (state.scopes, state.tokens, state.timers) for key in rows), default=0)
    )
    result = step(graph, state, [event], now=NOW, ids=ids)
    state = state.apply(result.changes)
    waiting = [effect for effect in result.effects if isinstance(effect, CallService)]
    while waiting:
        done = step(graph, state, [ServiceCompleted(waiting.pop().token_id)], now=NOW, ids=ids)
        state = state.apply(done.changes)
        waiting += [effect for effect in done.effects if isinstance(effect, CallService)]
    return state
