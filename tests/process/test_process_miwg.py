"""The reference models of the BPMN Model Interchange Working Group: read, diagnosed, and run if they can be."""

import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from process_drawings import NOW, Drawing

from lianban.engines.process import (
    DrawingRefused,
    Kind,
    ServiceCompleted,
    State,
    TaskCompleted,
    TimerFired,
    arriving,
    compile_bpmn,
    counting_ids,
    start,
    step,
)
from lianban.engines.process.events import ErrorRaised, MessageReceived, SignalReceived
from lianban.engines.process.profile import BPMN, DRAWN_ONLY, SUPPORTED

pytestmark = pytest.mark.data

#: How many processes of each model are inside the executable profile.
INSIDE = {
    "A.1.0.bpmn": 1,
    "A.4.0.bpmn": 2,
    "A.4.1.bpmn": 2,
    "B.1.0.bpmn": 2,
    "B.2.0.bpmn": 1,
    "C.9.1.bpmn": 1,
}

FLOW_NODES = {tag for tag, _ in SUPPORTED}


def models(folder: Path):
    files = sorted((folder / "standards" / "bpmn-miwg").glob("*.bpmn"))
    assert len(files) == 21
    return files


def processes_of(xml):
    return [p.get("id") for p in etree.fromstring(xml).iter(f"{{{BPMN}}}process")]


def ids_of(xml):
    return {element.get("id") for element in etree.fromstring(xml).iter() if element.get("id")}


def outcomes(folder):
    """(file, process id, graph or problems) for every process of every model."""
    for file in models(folder):
        xml = file.read_bytes()
        for process_id in processes_of(xml):
            try:
                yield file.name, xml, process_id, compile_bpmn(xml, source=file.name, process_id=process_id)
            except DrawingRefused as refused:
                yield file.name, xml, process_id, refused.problems


def test_every_model_is_read_or_refused_at_its_elements(real_inputs):
    """Each process compiles, or every problem names an element of the file, its line and both sentences."""
    seen = 0
    for name, xml, process_id, outcome in outcomes(real_inputs):
        seen += 1
        if not isinstance(outcome, tuple):
            continue
        known = ids_of(xml)
        assert outcome, (name, process_id)
        for problem in outcome:
            assert problem.element in known, (name, problem)
            assert problem.line > 0, (name, problem)
            assert problem.zh, (name, problem)
            assert problem.en, (name, problem)
    assert seen >= 30


def test_whole_files_are_diagnosed_as_well(real_inputs):
    """A file with several pools is diagnosed over all of them, never with another kind of exception."""
    compiled, texts = [], []
    for file in models(real_inputs):
        try:
            compile_bpmn(file.read_bytes(), source=file.name)
            compiled.append(file.name)
        except DrawingRefused as refused:
            texts.append(refused.text("en"))
    assert all(re.search(r"^- \d+: \S+", text, re.MULTILINE) for text in texts)
    assert compiled == ["A.1.0.bpmn", "C.9.1.bpmn"]


def test_no_element_is_dropped_silently(real_inputs):
    """Where a process is read without a problem, every element of it is in the graph or in a notice."""
    for name, xml, process_id, outcome in outcomes(real_inputs):
        if isinstance(outcome, tuple):
            continue
        noticed = {notice.element for notice in outcome.notices}
        process = next(
            p for p in etree.fromstring(xml).iter(f"{{{BPMN}}}process") if p.get("id") == process_id
        )
        for element in process.iterdescendants(f"{{{BPMN}}}*"):
            tag = etree.QName(element).localname
            if tag in FLOW_NODES:
                assert element.get("id") in outcome.nodes, (name, element.get("id"))
            elif tag == "sequenceFlow":
                assert element.get("id") in outcome.flows, (name, element.get("id"))
            elif tag in DRAWN_ONLY and element.getparent() is process and element.get("id"):
                assert element.get("id") in noticed, (name, element.get("id"))


def test_models_inside_the_profile_are_the_expected_ones(real_inputs):
    """The number of processes that compile, file by file, changes only on purpose."""
    inside = [name for name, _, _, outcome in outcomes(real_inputs) if not isinstance(outcome, tuple)]
    assert Counter(inside) == INSIDE


@pytest.fixture
def trodden(monkeypatch):
    """Every (element, flow it was reached by) at which a token arrived."""
    seen = set()

    def watched(enter):
        def arrive(run, plan, scope_id, flow):
            seen.add((plan.id, flow))
            enter(run, plan, scope_id, flow)

        return arrive

    monkeypatch.setattr(arriving, "ENTER", {kind: watched(enter) for kind, enter in arriving.ENTER.items()})
    return seen


def test_models_inside_the_profile_run_every_path_to_the_end(real_inputs, trodden):
    """From every situation every possible event is tried: every element is reached, by every flow that leads to it,
    and from wherever one is the end can be reached."""
    ran = 0
    for name, _, process_id, graph in outcomes(real_inputs):
        if isinstance(graph, tuple):
            continue
        trodden.clear()
        before, after = explore(graph)
        stuck = set(before) - reaching_the_end(after)
        assert not stuck, (name, process_id, stuck)
        boundary = {key for key, node in graph.nodes.items() if node.kind is Kind.BOUNDARY}
        assert {element for element, _ in trodden} == set(graph.nodes) - boundary, (name, process_id)
        assert {flow for _, flow in trodden if flow} == set(graph.flows), (name, process_id)
        ran += 1
    assert ran == sum(INSIDE.values())


def test_exploring_tells_a_path_nobody_takes(trodden):
    """The test above can fail: a way that no event leads to is seen as not trodden, a token without a way out as stuck."""
    drawing = Drawing()
    drawing.start()
    drawing.gateway("exclusive", "which", "plainly")
    drawing.end()
    drawing.end("never")
    drawing.path("start", "which")
    drawing.flow("which", "end", flow_id="plainly")
    drawing.flow("which", "never", "=1 = 2", flow_id="not_taken")
    before, after = explore(drawing.compile())
    assert set(before) == reaching_the_end(after)
    assert "not_taken" not in {flow for _, flow in trodden}
    assert reaching_the_end({"a": {"b"}, "b": set(), "c": {END}}) == {"c", END}


END = "the end"


def reaching_the_end(after):
    """The situations from which some way leads to the end."""
    found, more = {END}, True
    while more:
        fresh = {one for one, others in after.items() if one not in found and others & found}
        found |= fresh
        more = bool(fresh)
    return found


def explore(graph):
    """Try every event from every distinct situation: the situations by name, and which follow on which."""
    ids = counting_ids()
    opened = start(graph, variables={}, now=NOW, ids=ids)
    first = State.of().apply(opened.changes)
    queue, after = [(first, ())], {}
    while queue:
        state, fired = queue.pop()
        here = situation(state, fired)
        if here in after:
            continue
        after[here] = set()
        if here == END:
            continue
        for event in events_of(graph, state, fired):
            result = step(graph, state, [event], now=NOW, ids=ids)
            more = fired
            if isinstance(event, TimerFired):
                more = tuple(sorted((*fired, state.timers[event.timer_id].element)))
            then = state.apply(result.changes)
            after[here].add(situation(then, more))
            queue.append((then, more))
    return list(after), after


def situation(state, fired):
    if not state.tokens:
        return END
    return tuple(sorted(token.element for token in state.tokens.values())), fired


def events_of(graph, state, fired):
    """Everything that may happen next; each timer at most twice, for one that repeats without end."""
    for task in state.tasks.values():
        yield TaskCompleted(task.token_id)
    for timer in state.timers.values():
        if fired.count(timer.element) < 2:
            yield TimerFired(timer.id)
    for token in state.tokens.values():
        node = graph.nodes[token.element]
        if node.kind is Kind.SERVICE:
            yield ServiceCompleted(token.id)
        caught = [graph.nodes[key] for key in node.boundary]
        if node.kind is Kind.EVENT_BASED:
            caught += [graph.nodes[graph.flows[flow].target] for flow in node.outgoing]
        for one in (node, *caught):
            what = one.type if one.kind is Kind.BOUNDARY else one.kind.value
            if what == "message":
                yield MessageReceived(one.event, token.id)
            elif what == "signal":
                yield SignalReceived(one.event, token.id)
            elif what == "error" and one is not node:
                yield ErrorRaised(token.id, one.event or "any")
