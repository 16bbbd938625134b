"""What holds for every process that moves: checked on generated ones, in memory."""

import re
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from process_blocks import blocks, choices, draw_process, engine_offers
from process_drawings import NOW

from lianban.engines.migration import Changes, ElementMap, Situation, changes, compare, judge, route
from lianban.engines.process import RowState, Simulation, State, TaskCompleted, compile_bpmn

IDS = re.compile(r'\b(id|sourceRef|targetRef|attachedToRef|errorRef|default)="([^"]+)"')


def begin(block, random):
    """The block compiled and started, and moved on a little."""
    graph = compile_bpmn(draw_process(block).xml(), source="generated")
    simulation = Simulation(graph, NOW, choices(block, random))
    for _ in range(random.randint(0, 12)):
        event = pick(simulation, random)
        if event is None:
            break
        simulation.feed(event)
    return simulation


def pick(simulation, random, ending=False):
    """A random event the process offers, or None; when ``ending``, loops are left."""
    offers = engine_offers(simulation.graph, simulation.state)
    if not offers:
        return None
    offer = random.choice(sorted(offers))
    event = offers[offer]
    if offer[1].endswith("_again"):
        more = offer[1].removesuffix("_again").removeprefix("n_") + "_more"
        event = TaskCompleted(event.token_id, {more: not ending and random.random() < 0.3})
    return event


def renamed(block):
    """The same drawing with every id another."""
    xml = draw_process(block).xml()
    text = xml.decode() if isinstance(xml, bytes) else xml
    return compile_bpmn(IDS.sub(r'\1="n_\2"', text).encode(), source="renamed")


def situations(state):
    """As the database says them."""
    for scope in state.scopes.values():
        rests = sorted(
            ((t.element, t.flow) for t in state.tokens.values() if t.scope_id == scope.id),
            key=lambda rest: (rest[0], rest[1] or ""),
        )
        yield Situation(scope.element, scope.kind, tuple(rests))


def moved(way, state):
    """The rows in the new version, where only ids are other."""
    done = changes(way)

    def at(element):
        return done.elements.get(element, element)

    return State.of(
        [replace(row, element=at(row.element)) for row in state.scopes.values()],
        [
            replace(row, element=at(row.element), flow=done.flows.get(row.flow, row.flow))
            for row in state.tokens.values()
        ],
        [replace(row, element=done.timers.get(row.element, row.element)) for row in state.timers.values()],
        [replace(row, element=at(row.element)) for row in state.tasks.values()],
    )


@settings(max_examples=60, deadline=None)
@given(blocks(), st.randoms(use_true_random=False))
def test_migration_identity_changes_nothing(block, random):
    """From a version to itself: no difference, nothing to change, and no place a matter can be at is refused."""
    simulation = begin(block, random)
    way = route(simulation.graph, simulation.graph)
    assert compare(way.old, way.new) == ()
    assert changes(way) == Changes()
    for situation in situations(simulation.state):
        assert judge(way, situation) == (), situation
    assert moved(way, simulation.state) == simulation.state


@settings(max_examples=60, deadline=None)
@given(blocks(), st.randoms(use_true_random=False))
def test_migration_then_completing_ends(block, random):
    """Moved in the middle to a version with other ids, a matter offers the same work and comes to its end."""
    simulation = begin(block, random)
    assume(simulation.ended is None)
    new = renamed(block)
    chosen = ElementMap(
        {key: f"n_{key}" for key in simulation.graph.nodes},
        {key: f"n_{key}" for key in simulation.graph.flows},
    )
    way = route(simulation.graph, new, chosen)
    for situation in situations(simulation.state):
        assert judge(way, situation) == (), situation
    state = moved(way, simulation.state)
    assert {
        (kind, element.removeprefix("n_"), path) for kind, element, path in engine_offers(new, state)
    } == set(engine_offers(simulation.graph, simulation.state))
    other = Simulation(new, NOW, simulation.variables, ids=simulation.ids)
    other.state, other.ended = state, None
    for _ in range(400):
        event = pick(other, random, ending=True)
        if event is None:
            break
        other.feed(event)
    assert other.ended is RowState.DONE
    assert other.state == State.of()


@settings(max_examples=60, deadline=None)
@given(blocks(), st.randoms(use_true_random=False), st.integers(0, 10**6))
def test_migration_removed_element_is_refused(block, random, number):
    """A matter that rests at an element which is not in the new version is refused, whichever it is."""
    simulation = begin(block, random)
    assume(simulation.ended is None)
    resting = sorted({token.element for token in simulation.state.tokens.values()})
    gone = resting[number % len(resting)]
    way = route(simulation.graph, simulation.graph)
    way = replace(way, elements={key: value for key, value in way.elements.items() if key != gone})
    found = [obstacle for situation in situations(simulation.state) for obstacle in judge(way, situation)]
    assert (("removed", gone)) in {(obstacle.code, obstacle.element) for obstacle in found}
