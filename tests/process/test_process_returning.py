"""Return 退回: to an earlier task, and never so that a join could wait for ever."""

import pytest
from process_drawings import NOW, Drawing, drawn, due_in_five_days

from lianban.engines.process import (
    CannotSendBack,
    CloseTask,
    RowState,
    Simulation,
    WorkIsOver,
    compile_bpmn,
    return_targets,
)


def office():
    """draft → check → fork(law → law2, money) → join → sign → end, with sign → draft by choice."""
    drawing = Drawing()
    drawing.start()
    for name in ("draft", "check", "law", "law2", "money", "sign", "file"):
        drawing.user(name)
    drawing.gateway("parallel", "fork")
    drawing.gateway("parallel", "join")
    drawing.end()
    drawing.path("start", "draft", "check", "fork", "law", "law2", "join", "sign", "file", "end")
    drawing.path("fork", "money", "join")
    return drawing.run()


def targets(simulation, element):
    return return_targets(simulation.graph, simulation.state, simulation.task(element).token_id)


def test_return_to_the_step_before():
    """The task is cancelled, the earlier one opens again with what was said, and work goes on from there."""
    simulation = office()
    simulation.complete("draft")
    task = simulation.task("check")
    simulation.send_back("check", "draft", {"reason": "不清楚"})
    assert simulation.at() == {"draft": 1}
    assert CloseTask(task.token_id, RowState.CANCELLED) in simulation.changes
    (root,) = simulation.state.scopes.values()
    assert root.variables == {"reason": "不清楚"}
    simulation.complete("draft")
    assert simulation.at() == {"check": 1}


def test_return_over_a_finished_block():
    """After the join the whole block may be done again."""
    simulation = office()
    for name in ("draft", "check", "law", "law2", "money"):
        simulation.complete(name)
    assert targets(simulation, "sign") == ("draft", "check")
    simulation.send_back("sign", "draft")
    for name in ("draft", "check", "law", "law2", "money", "sign", "file"):
        simulation.complete(name)
    assert simulation.ended is RowState.DONE


def test_return_inside_one_path_of_a_block():
    """Within its own path of an open block a task may be returned, not out of it."""
    simulation = office()
    for name in ("draft", "check", "law"):
        simulation.complete(name)
    assert targets(simulation, "law2") == ("law",)
    assert targets(simulation, "money") == ()
    simulation.send_back("law2", "law")
    assert simulation.at() == {"law": 1, "money": 1}


def test_return_out_of_an_open_block_is_refused():
    """While another path is open the block cannot be left backwards: its join would wait for ever."""
    simulation = office()
    for name in ("draft", "check"):
        simulation.complete(name)
    with pytest.raises(CannotSendBack) as refused:
        simulation.send_back("law", "check")
    assert refused.value.found["possible"] == "—"
    assert "永远等待" in refused.value.text("zh")
    assert simulation.at() == {"law": 1, "money": 1}


def test_return_into_a_joined_block_is_refused():
    """A path of a block that has been joined cannot be opened alone."""
    simulation = office()
    for name in ("draft", "check", "law", "law2", "money"):
        simulation.complete(name)
    with pytest.raises(CannotSendBack) as refused:
        simulation.send_back("sign", "law")
    assert refused.value.found["possible"] == "draft、check"


@pytest.mark.parametrize("target", ["file", "sign", "join", "start", "nothing"])
def test_return_to_what_is_not_an_earlier_task_is_refused(target):
    """Not forwards, not to itself, not to a gateway, not to what does not exist."""
    simulation = office()
    for name in ("draft", "check", "law", "law2", "money"):
        simulation.complete(name)
    with pytest.raises(CannotSendBack):
        simulation.send_back("sign", target)


def test_later_step_of_a_loop_is_not_earlier():
    """In a loop every task reaches every other; earlier is what comes first from the start."""
    drawing = Drawing()
    drawing.start()
    for name in ("a", "b", "c"):
        drawing.user(name)
    drawing.gateway("exclusive", "x", "out")
    drawing.end()
    drawing.path("start", "a", "b", "c", "x")
    drawing.flow("x", "a", "=again")
    drawing.flow("x", "end", flow_id="out")
    simulation = drawing.run()
    simulation.complete("a")
    assert targets(simulation, "b") == ("a",)


def test_return_in_a_branch_stays_in_the_branch():
    """Inside a fan-out a task returns within its own branch; the fan-out's own task has nowhere to go."""
    simulation = run_fan_out()
    simulation.complete("Answer", {"answer": "需补正"}, item="甲")
    assert targets(simulation, "Supplement") == ("Answer",)
    simulation.send_back("Supplement", "Answer", item="甲")
    assert sorted(task.branch_item for task in simulation.tasks) == sorted(["甲", "乙"])
    with pytest.raises(CannotSendBack):
        simulation.send_back("Answer", "Draft", item="甲")


def run_fan_out():
    graph = compile_bpmn(drawn("fanout"), source="x")
    simulation = Simulation(graph, NOW, {"units": ["甲", "乙"], "handler": "judge"}, due=due_in_five_days)
    simulation.complete("Draft")
    simulation.complete("Approve")
    return simulation


def test_return_of_closed_work_is_refused():
    """What is done cannot be returned."""
    simulation = office()
    token_id = simulation.task("draft").token_id
    simulation.complete("draft")
    with pytest.raises(WorkIsOver):
        return_targets(simulation.graph, simulation.state, token_id)


def test_return_to_a_fan_out_task_opens_it_again():
    """A multi-instance task before this one may be done again as a whole."""
    drawing = Drawing()
    drawing.start()
    drawing.user("answer", "liaison", drawing.loop())
    drawing.user("check", "judge")
    drawing.end()
    drawing.path("start", "answer", "check", "end")
    simulation = drawing.run(variables={"items": ["甲", "乙"]})
    for item in ("甲", "乙"):
        simulation.complete("answer", item=item)
    simulation.send_back("check", "answer")
    assert [task.branch_item for task in simulation.tasks] == ["甲", "乙"]
