"""How long one step of the process engine takes, without a database.

Prints one line for each kind of step: what, on which rows, CPU microseconds a step (the best of five runs, as noise only
ever adds). The peer is SpiffWorkflow 3.2, completing the same user tasks in memory.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata
from itertools import count
from uuid import UUID

from benchmarks.deployment import tell
from benchmarks.table import PROJECT, BenchRow

sys.path.insert(0, str(PROJECT / "tests" / "process"))

from process_drawings import Drawing, drawn, due_in_five_days

from lianban.engines.process import (
    BranchCancelled,
    Graph,
    ScopeKind,
    ServiceCompleted,
    Simulation,
    State,
    TaskCompleted,
    TimerFired,
    compile_bpmn,
    start,
    step,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
UNITS = [f"单位{number}" for number in range(31)]
ROUNDS = 3000


def ids() -> Callable[[], UUID]:
    numbers = count(10**9)
    return lambda: UUID(int=next(numbers))


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU microseconds for one call: the best of five."""
    times = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(rounds):
            work()
        times.append((time.process_time() - began) / rounds)
    return min(times) * 1e6


def line(what: str, rows: str, micros: float) -> None:
    tell(f"  {what:<58} {rows:<22} {micros:9.1f} µs {1e6 / micros:12,.0f}/s")


def row_of_tasks(length: int) -> Graph:
    drawing = Drawing()
    drawing.start()
    names = [drawing.user(f"t{number}") for number in range(length)]
    drawing.end()
    drawing.path("start", *names, "end")
    return drawing.compile()


def one_event(graph: Graph, state: State, event: object) -> Callable[[], object]:
    fresh = ids()
    return lambda: step(graph, state, [event], now=NOW, ids=fresh, due=due_in_five_days)  # type: ignore[list-item]


def rows_of(state: State) -> str:
    return f"{len(state.scopes)} scopes, {len(state.tokens)} tokens"


def rows(full: bool) -> list[BenchRow]:
    found = []
    graph = row_of_tasks(3)
    simulation = Simulation(graph, NOW, {f"v{n}": n for n in range(100)})
    state = simulation.state
    line(
        "user task → user task",
        rows_of(state),
        best(one_event(graph, state, TaskCompleted(simulation.task("t0").token_id, {"a": 1}))),
    )

    choice = Drawing()
    choice.start()
    choice.user("t0")
    choice.gateway("exclusive", "x", "d")
    choice.user("big")
    choice.user("small")
    choice.path("start", "t0", "x")
    choice.flow("x", "big", "=amount > 1000 and v7 = 7")
    choice.flow("x", "small", flow_id="d")
    simulation = choice.run(variables={f"v{n}": n for n in range(100)})
    done = TaskCompleted(simulation.task("t0").token_id, {"amount": 5})
    line(
        "user task → FEEL choice → user task, 101 variables",
        rows_of(simulation.state),
        best(one_event(simulation.graph, simulation.state, done)),
    )

    graph = compile_bpmn(drawn("fanout"), source="fanout.bpmn")
    simulation = Simulation(graph, NOW, {"units": UNITS, "handler": "judge"}, due=due_in_five_days)
    simulation.complete("Draft")
    approval = simulation.task("Approve").token_id
    line(
        "approval → fan-out of 31",
        rows_of(simulation.state),
        best(one_event(graph, simulation.state, TaskCompleted(approval)), 100),
    )
    simulation.complete("Approve")
    task = simulation.task("Answer", UNITS[5])
    partial = simulation.state.around(task.token_id)
    answer = TaskCompleted(task.token_id, {"answer": "有"})
    of_31 = best(one_event(graph, partial, answer))
    line("answer in a fan-out of 31, partial state", rows_of(partial), of_31)
    line(
        "answer in a fan-out of 31, all rows (for comparison)",
        rows_of(simulation.state),
        best(one_event(graph, simulation.state, answer), 500),
    )
    line(
        "withdraw one letter",
        rows_of(partial),
        best(one_event(graph, partial, BranchCancelled(task.scope_id))),
    )
    timer = next(t for t in partial.timers.values() if t.element == "Remind")
    line(
        "reminder timer fires and is armed again",
        rows_of(partial),
        best(one_event(graph, partial, TimerFired(timer.id))),
    )

    big = Simulation(
        graph, NOW, {"units": [f"u{n}" for n in range(5000)], "handler": "judge"}, due=due_in_five_days
    )
    big.complete("Draft")
    big.complete("Approve")
    task = big.task("Answer", "u77")
    partial = big.state.around(task.token_id)
    of_5000 = best(one_event(graph, partial, TaskCompleted(task.token_id, {"answer": "有"})), 500)
    line("answer in a fan-out of 5,000, partial state", rows_of(partial), of_5000)
    found.append(
        BenchRow(
            "Engine alone: one answer in a fan-out", "5,000 branches beside 31, no database, CPU time",
            f"ours with 31 branches: {of_31:.0f} µs", f"{of_5000:.0f} µs", of_5000 / of_31,
        )
    )  # fmt: skip
    whole_matter(graph)
    found.append(spiff(200))
    return found


def whole_matter(graph: Graph) -> None:
    def run() -> None:
        fresh = ids()
        opened = start(
            graph, variables={"units": UNITS, "handler": "judge"}, now=NOW, ids=fresh, due=due_in_five_days
        )
        state = State.of().apply(opened.changes)
        steps = 1
        while state.tokens:
            token = next(
                t
                for t in state.tokens.values()
                if t.id in state.tasks or graph.nodes[t.element].kind == "service"
            )
            event = (
                TaskCompleted(token.id, {"answer": "有"})
                if token.id in state.tasks
                else ServiceCompleted(token.id)
            )
            result = step(graph, state.around(token.id), [event], now=NOW, ids=fresh, due=due_in_five_days)
            state = state.apply(result.changes)
            steps += 1
        assert steps == 66
        assert not [s for s in state.scopes.values() if s.kind is ScopeKind.PROCESS]

    micros = best(run, 3)
    line("whole matter with 31 letters, in-memory rows (66 steps)", "", micros)


def spiff(length: int) -> BenchRow:
    """The same row of user tasks completed by SpiffWorkflow and by us."""
    from lxml import etree
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

    drawing = Drawing(language="python")
    drawing.start()
    names = [drawing.user(f"t{number}") for number in range(length)]
    drawing.end()
    drawing.path("start", *names, "end")
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(drawing.xml()), filename="drawn.bpmn")
    spec = parser.get_spec("p")

    def theirs() -> None:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        while not workflow.is_completed():
            workflow.get_next_task(state=TaskState.READY, manual=True).run()
            workflow.do_engine_steps()

    graph = drawing.compile()

    def ours() -> None:
        simulation = Simulation(graph, NOW)
        while simulation.ended is None:
            simulation.feed(TaskCompleted(next(iter(simulation.state.tasks))))

    theirs_micros, ours_micros = best(theirs, 1) / length, best(ours, 3) / length
    line(f"SpiffWorkflow: one of {length} user tasks in a row", "in memory", theirs_micros)
    line(f"Lianban: one of {length} user tasks in a row", "in memory", ours_micros)
    return BenchRow(
        "Engine alone: one step of a person", f"a row of {length} user tasks, in memory, nothing kept, CPU time",
        f"SpiffWorkflow {metadata.version('SpiffWorkflow')}: {theirs_micros:.0f} µs", f"{ours_micros:.0f} µs",
        theirs_micros / ours_micros,
    )  # fmt: skip
