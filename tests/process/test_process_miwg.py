"""The reference models of the BPMN Model Interchange Working Group: read, diagnosed, and run if they can be."""

import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from process_drawings import NOW

from lianban.engines.process import (
    CallService,
    DrawingRefused,
    Kind,
    OpenToken,
    ServiceCompleted,
    State,
    TaskCompleted,
    TimerFired,
    compile_bpmn,
    counting_ids,
    start,
    step,
)
from lianban.engines.process.events import MessageReceived
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

#: Where a token rests after a step, so that it can be seen there (a sub-process may be passed in one step).
RESTS = {Kind.USER, Kind.SERVICE, Kind.MESSAGE, Kind.TIMER, Kind.SIGNAL}

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


def test_models_inside_the_profile_run_every_path_to_the_end(real_inputs):
    """From every state every possible event is tried; the end is reached and nothing else raises."""
    for name, _, _, graph in outcomes(real_inputs):
        if isinstance(graph, tuple):
            continue
        visited = explore(graph)
        assert {key for key in visited if graph.nodes[key].kind in RESTS} == {
            node.id for node in graph.nodes.values() if node.kind in RESTS
        }, name


def explore(graph):
    """Try every event from every distinct situation; the elements at which a token has rested."""
    ids = counting_ids()
    opened = start(graph, variables={}, now=NOW, ids=ids)
    queue = [(State.of().apply(opened.changes), opened.effects, [])]
    known, visited, ended = set(), {c.token.element for c in opened.changes if isinstance(c, OpenToken)}, 0
    while queue:
        state, effects, fired = queue.pop()
        calls = [effect for effect in effects if isinstance(effect, CallService)]
        situation = (
            tuple(sorted(t.element for t in state.tokens.values())),
            tuple(c.element for c in calls),
            tuple(sorted(fired)),
        )
        if situation in known:
            continue
        known.add(situation)
        if not state.tokens:
            ended += 1
            continue
        events = [TaskCompleted(task.token_id) for task in state.tasks.values()]
        events += [
            ServiceCompleted(t.id) for t in state.tokens.values() if graph.plans[t.element].kind == "service"
        ]
        events += [TimerFired(t.id) for t in state.timers.values() if fired.count(t.element) < 2]
        events += [
            MessageReceived(graph.nodes[t.element].event, t.id)
            for t in state.tokens.values()
            if graph.nodes[t.element].kind == "message"
        ]
        for event in events:
            result = step(graph, state, [event], now=NOW, ids=ids)
            more = [*fired, state.timers[event.timer_id].element] if isinstance(event, TimerFired) else fired
            visited.update(c.token.element for c in result.changes if isinstance(c, OpenToken))
            queue.append((state.apply(result.changes), result.effects, more))
    assert ended
    return visited
