"""The fan-out of one letter to many agencies."""

from datetime import timedelta

import pytest
from process_drawings import NOW, Drawing, drawn, due_in_five_days, mapping

from lianban.engines.process import (
    BranchCancelled,
    CancelTree,
    CloseScope,
    CloseTask,
    CloseToken,
    CountDown,
    ExpressionFailed,
    OpenScope,
    OpenTimer,
    RowState,
    ScopeKind,
    ServiceCompleted,
    SetVariables,
    Simulation,
    State,
    TaskCompleted,
    TooManyBranches,
    WorkIsOver,
    WrongEvent,
    compile_bpmn,
    counting_ids,
    start,
    step,
)

UNITS = [f"单位{number}" for number in range(1, 32)]


@pytest.fixture
def letters():
    """The hand-drawn fan-out, with thirty-one letters delivered and none answered."""
    simulation = Simulation(
        compile_bpmn(drawn("fanout"), source="fanout.bpmn"),
        NOW,
        {"units": UNITS, "handler": "judge"},
        due=due_in_five_days,
    )
    simulation.complete("Draft")
    simulation.complete("Approve")
    return simulation


def plain_fan_out(**loop):
    """Start → a user task for each item → end."""
    drawing = Drawing()
    drawing.start()
    drawing.user("answer", "liaison", drawing.loop(**loop))
    drawing.user("check", "judge")
    drawing.end()
    drawing.path("start", "answer", "check", "end")
    return drawing


def test_fanout_opens_a_branch_for_each_agency(letters):
    """Thirty-one branches open, each with its own item, task and reminder timer, and one counter."""
    scopes = list(letters.state.scopes.values())
    multi = next(scope for scope in scopes if scope.kind is ScopeKind.MULTI)
    assert (multi.pending, multi.total) == (31, 31)
    assert [s.item for s in scopes if s.kind is ScopeKind.BRANCH] == UNITS
    assert [task.branch_item for task in letters.tasks] == UNITS
    assert {(task.role, task.at) for task in letters.tasks} == {("liaison", "branch")}
    assert len([t for t in letters.state.timers.values() if t.element == "Remind"]) == 31
    assert [t.element for t in letters.state.timers.values() if t.element != "Remind"] == ["Overdue"]


def test_reply_needs_only_its_own_branch():
    """A reply is stepped on the rows of its branch and its ancestors, and names no row of another branch."""
    simulation = plain_fan_out().run(variables={"items": UNITS})
    task = simulation.task("answer", "单位7")
    everything = simulation.state
    process = next(s for s in everything.scopes.values() if s.kind is ScopeKind.PROCESS)
    multi = next(s for s in everything.scopes.values() if s.kind is ScopeKind.MULTI)
    branch = everything.scopes[task.scope_id]
    partial = State.of(
        [process, multi, branch], [everything.tokens[multi.id], everything.tokens[task.token_id]], []
    )

    result = step(
        simulation.graph,
        partial,
        [TaskCompleted(task.token_id, {"answer": "有"})],
        now=NOW,
        ids=simulation.ids,
    )

    assert result.changes == (
        CloseToken(task.token_id),
        CloseTask(task.token_id),
        SetVariables(branch.id, {"answer": "有"}),
        CloseScope(branch.id),
        CountDown(multi.id, 1),
    )
    assert result.effects == ()


def test_last_reply_closes_the_fan_out():
    """The reply that brings the counter to zero closes the fan-out and goes on, still on partial state."""
    simulation = plain_fan_out().run(variables={"items": UNITS})
    for unit in UNITS[:-1]:
        simulation.complete("answer", item=unit)
    assert set(simulation.at()) == {"answer"}
    simulation.complete("answer", item=UNITS[-1])
    assert simulation.at() == {"check": 1}
    assert [scope.kind for scope in simulation.state.scopes.values()] == [ScopeKind.PROCESS]


def test_withdrawn_branch_is_cancelled_and_counted_down(letters):
    """Withdrawing one letter cancels its subtree and counts it down; the others stay as they were."""
    task = letters.task("Answer", "单位3")
    multi_id = letters.state.scopes[task.scope_id].parent_id
    others = [other for other in letters.tasks if other is not task]
    letters.feed(BranchCancelled(task.scope_id))
    assert letters.changes[-2:] == [CancelTree(task.scope_id), CountDown(multi_id, 1)]
    assert list(letters.tasks) == others
    assert not [t for t in letters.state.timers.values() if t.token_id == task.token_id]
    assert letters.state.scopes[multi_id].pending == 30


def test_withdrawing_the_last_open_branch_goes_on():
    """When the only letter still open is withdrawn, the fan-out is complete."""
    simulation = plain_fan_out().run(variables={"items": ["甲", "乙"]})
    simulation.complete("answer", item="甲")
    simulation.feed(BranchCancelled(simulation.task("answer", "乙").scope_id))
    assert simulation.at() == {"check": 1}


def test_withdrawing_a_closed_branch_is_refused(letters):
    """A branch that is answered already cannot be withdrawn."""
    task = letters.task("Answer", "单位3")
    letters.complete("Answer", {"answer": "无"}, item="单位3")
    with pytest.raises(WorkIsOver) as refused:
        letters.feed(BranchCancelled(task.scope_id))
    assert str(task.scope_id) in refused.value.text("zh")


def test_withdrawing_the_whole_fan_out_is_refused(letters):
    """Only a branch can be withdrawn, not the fan-out or the process."""
    root = next(s for s in letters.state.scopes.values() if s.kind is ScopeKind.PROCESS)
    with pytest.raises(WrongEvent):
        step(letters.graph, letters.state, [BranchCancelled(root.id)], now=NOW, ids=letters.ids)


def test_answers_are_collected_in_order(letters):
    """outputCollection holds the answers in the order of the agencies, whatever the order of replies."""
    for number, unit in reversed(list(enumerate(UNITS))):
        letters.complete("Answer", {"answer": f"答{number}"}, item=unit)
    root = next(s for s in letters.state.scopes.values() if s.kind is ScopeKind.PROCESS)
    assert root.variables["answers"] == [f"答{number}" for number in range(31)]
    assert letters.at() == {"Check": 1}
    assert letters.task("Check").role == "judge"


def test_answer_stays_in_its_branch(letters):
    """A variable that comes back in a branch never leaves it by itself."""
    letters.complete("Answer", {"answer": "有"}, item="单位1")
    root = next(s for s in letters.state.scopes.values() if s.kind is ScopeKind.PROCESS)
    assert "answer" not in root.variables


def test_incomplete_answer_goes_round_in_its_branch(letters):
    """An answer that needs supplementing goes back to the same agency without touching the others."""
    letters.complete("Answer", {"answer": "需补正"}, item="单位5")
    assert letters.task("Supplement", "单位5").at == "lead"
    letters.complete("Supplement", item="单位5")
    assert letters.task("Answer", "单位5").branch_item == "单位5"
    letters.complete("Answer", {"answer": "有"}, item="单位5")
    assert len(letters.tasks) == 30


def test_empty_collection_is_passed_over():
    """With nobody to ask the fan-out is complete at once and leaves no rows."""
    simulation = plain_fan_out().run(variables={"items": []})
    assert simulation.at() == {"check": 1}
    assert not [c for c in simulation.changes if isinstance(c, OpenScope) and c.scope.kind is ScopeKind.MULTI]


def test_too_many_branches_are_refused():
    """A collection beyond the limit is refused with both figures before anything is opened."""
    with pytest.raises(TooManyBranches) as refused:
        plain_fan_out().run(variables={"items": list(range(10_001))})
    assert "10001" in refused.value.text("zh")


@pytest.mark.parametrize("value", [None, "公安", 3, {"a": 1}])
def test_collection_must_be_a_list(value):
    """Anything but a list is refused, naming the element and the expression."""
    with pytest.raises(ExpressionFailed) as refused:
        plain_fan_out().run(variables={"items": value})
    assert refused.value.found["element"] == "answer"
    assert refused.value.found["expression"] == "=items"


def test_sequential_opens_one_branch_after_the_other():
    """A sequential fan-out has one open branch at a time, in order, each seeing its item and number."""
    drawing = Drawing()
    drawing.start()
    drawing.user("sign", "=item", drawing.loop(sequential=True))
    drawing.end()
    drawing.path("start", "sign", "end")
    simulation = drawing.run(variables={"items": ["书记", "庭长", "院长"]})
    seen = []
    while simulation.ended is None:
        (task,) = simulation.tasks
        seen.append((task.role, task.branch_item))
        simulation.complete("sign")
    assert seen == [("书记", "书记"), ("庭长", "庭长"), ("院长", "院长")]


def test_withdrawing_a_sequential_branch_opens_the_next():
    """Withdrawing the open one of a sequence moves on to the next."""
    simulation = plain_fan_out(sequential=True).run(variables={"items": ["甲", "乙"]})
    simulation.feed(BranchCancelled(simulation.task("answer").scope_id))
    assert simulation.task("answer").branch_item == "乙"


def test_completion_condition_ends_early_and_cancels_the_rest():
    """When enough have answered, the branches that are still open are cancelled and the process goes on."""
    simulation = plain_fan_out(until="=numberOfCompletedInstances >= 2").run(variables={"items": UNITS})
    simulation.complete("answer", item="单位9")
    assert simulation.at()["answer"] == 31  # thirty branches and the token that waits for them
    simulation.complete("answer", item="单位4")
    assert simulation.at() == {"check": 1}
    assert [scope.kind for scope in simulation.state.scopes.values()] == [ScopeKind.PROCESS]
    assert any(isinstance(change, CancelTree) for change in simulation.changes)


def test_completion_condition_sees_collected_answers():
    """The condition may look at the answers collected so far."""
    simulation = plain_fan_out(
        until='=some a in answers satisfies a = "异议"',
        more='outputCollection="answers" outputElement="=answer"',
    ).run(variables={"items": ["甲", "乙", "丙"]})
    simulation.complete("answer", {"answer": "有"}, item="甲")
    assert "check" not in simulation.at()
    simulation.complete("answer", {"answer": "异议"}, item="丙")
    assert simulation.at() == {"check": 1}
    root = next(iter(simulation.state.scopes.values()))
    assert root.variables["answers"] == ["有", None, "异议"]


def test_nested_fan_outs_look_up_the_nearest_branch():
    """Inside a fan-out in a fan-out, @branch is the inner item and both items are seen."""
    inner = Drawing()
    inner.start("s2")
    inner.user("visit", "grid@branch", inner.loop("=town.villages", "village"))
    inner.end("e2")
    inner.path("s2", "visit", "e2")
    drawing = Drawing()
    drawing.start()
    drawing.sub("towns", inner, drawing.loop("=towns", "town"))
    drawing.end()
    drawing.path("start", "towns", "end")
    towns = [{"name": "甲镇", "villages": ["一村", "二村"]}, {"name": "乙镇", "villages": ["三村"]}]
    simulation = drawing.run(variables={"towns": towns})
    assert [task.branch_item for task in simulation.tasks] == ["一村", "二村", "三村"]
    for village in ("三村", "一村", "二村"):
        simulation.complete("visit", item=village)
    assert simulation.ended is RowState.DONE
    assert simulation.state == State.of()


def test_loop_counter_counts_from_one():
    """loopCounter is seen in a branch and counts from 1, as in Camunda 8."""
    drawing = Drawing()
    drawing.start()
    drawing.user("t", "clerk", drawing.loop(), extensions=mapping({"number": "=loopCounter", "who": "=item"}))
    drawing.end()
    drawing.path("start", "t", "end")
    simulation = drawing.run(variables={"items": ["甲", "乙"]})
    assert [dict(task.inputs) for task in simulation.tasks] == [
        {"number": 1, "who": "甲"},
        {"number": 2, "who": "乙"},
    ]


def test_output_mapping_takes_a_value_out_of_its_branch():
    """An explicit output mapping of a multi-instance task sets the variable outside."""
    drawing = Drawing()
    drawing.start()
    drawing.user("t", "clerk", drawing.loop(), extensions=mapping(outputs={"last": "=answer"}))
    drawing.user("after")
    drawing.end()
    drawing.path("start", "t", "after", "end")
    simulation = drawing.run(variables={"items": ["甲"]})
    simulation.complete("t", {"answer": "有"})
    (root,) = simulation.state.scopes.values()
    assert root.variables["last"] == "有"
    assert "answer" not in root.variables


def test_timer_on_the_fan_out_fires_once_and_inside_per_branch(letters):
    """A boundary timer on the multi-instance itself fires once; one on a task inside, once for each branch."""
    letters.advance(NOW + timedelta(hours=24))
    assert len([call for call in letters.calls if call.type == "letters.remind"]) == 31
    letters.advance(NOW + timedelta(days=30))
    assert len([call for call in letters.calls if call.type == "letters.remind"]) == 93
    assert [task.element for task in letters.tasks].count("Supervise") == 1
    opened = [c.timer.element for c in letters.changes if isinstance(c, OpenTimer)]
    assert opened.count("Overdue") == 1


def test_service_branches_are_called_with_their_item(letters):
    """The delivery handler is called once for each agency, with its headers and the mapped item."""
    calls = [call for call in letters.calls if call.type == "letters.deliver"]
    assert [call.variables for call in calls] == [{"to": unit} for unit in UNITS]
    assert calls[0].headers == {"channel": "electronic"}


def test_multi_instance_service_waits_for_every_handler():
    """A multi-instance service task is one call for each item and goes on when all are back."""
    drawing = Drawing()
    drawing.start()
    drawing.service("ask", "registry.ask", "serviceTask", drawing.loop())
    drawing.user("check")
    drawing.end()
    drawing.path("start", "ask", "check", "end")
    graph = drawing.compile()
    ids = counting_ids()
    opened = start(graph, variables={"items": [1, 2, 3]}, now=NOW, ids=ids)
    state = State.of().apply(opened.changes)
    assert [call.variables["item"] for call in opened.effects] == [1, 2, 3]
    for call in opened.effects:
        result = step(graph, state.around(call.token_id), [ServiceCompleted(call.token_id)], now=NOW, ids=ids)
        state = state.apply(result.changes)
    assert [task.element for task in state.tasks.values()] == ["check"]
