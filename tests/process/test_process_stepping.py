"""What each element does when a token reaches it."""

from datetime import timedelta

import pytest
from process_drawings import NOW, Drawing, drawn, due_in_five_days, mapping

from lianban.engines.process import (
    CallService,
    CancelTree,
    CloseScope,
    CloseTask,
    CloseTimer,
    CloseToken,
    Ended,
    EndlessLoop,
    ErrorRaised,
    ExpressionFailed,
    MatterCancelled,
    MessageReceived,
    NoFlowChosen,
    NothingToAsk,
    OpenToken,
    RowState,
    ScopeKind,
    ServiceCompleted,
    SetVariables,
    Simulation,
    State,
    Stuck,
    TaskCompleted,
    TimerFired,
    UncaughtError,
    WorkIsOver,
    WrongEvent,
    compile_bpmn,
    counting_ids,
    simulate,
    start,
    step,
)


def row(*kinds):
    """Start → the given elements in a row → end; each kind is (method, arguments)."""
    drawing = Drawing()
    names = [drawing.start()]
    for method, *arguments in kinds:
        names.append(getattr(drawing, method)(*arguments))
    names.append(drawing.end())
    drawing.path(*names)
    return drawing


# --- tasks


def test_user_task_rests_with_all_its_attributes():
    """A user task opens a token and a task that carry what the drawing says."""
    simulation = Simulation(compile_bpmn(drawn("fanout"), source="x"), NOW, {"units": []})
    (task,) = simulation.tasks
    assert (task.element, task.name, task.role, task.at) == ("Draft", "起草协助函", "judge", "lead")
    assert (task.form, task.action, task.clock, task.branch_item) == ("letter", "draft_letter", None, None)
    assert task.properties == {"stage": "draft:起草", "action": "draft_letter"}
    assert simulation.state.tokens[task.token_id].flow == "f1"


def test_completing_the_last_task_ends_the_process():
    """The last token closes its scope and says that the process is done."""
    simulation = row(("user", "a")).run()
    simulation.complete("a")
    assert simulation.ended is RowState.DONE
    assert simulation.state == State.of()


def test_completing_twice_is_refused():
    """The second of two clerks who answer at once is told that it is done."""
    simulation = row(("user", "a"), ("user", "b")).run()
    token_id = simulation.task("a").token_id
    simulation.complete("a")
    with pytest.raises(WorkIsOver) as refused:
        simulation.feed(TaskCompleted(token_id))
    assert refused.value.status == 409
    assert "已经办结" in refused.value.text("zh")


def test_event_that_does_not_fit_is_refused():
    """A user task is not completed as a service, nor the other way round."""
    simulation = row(("user", "a")).run()
    with pytest.raises(WrongEvent) as refused:
        simulation.feed(ServiceCompleted(simulation.task("a").token_id))
    assert refused.value.found["element"] == "a"


def test_several_events_are_all_or_nothing():
    """When the second event cannot happen the step raises and returns nothing of the first."""
    simulation = row(("user", "a"), ("user", "b")).run()
    token_id = simulation.task("a").token_id
    before = simulation.state
    with pytest.raises(WorkIsOver):
        step(
            simulation.graph,
            before,
            [TaskCompleted(token_id), TaskCompleted(token_id)],
            now=NOW,
            ids=simulation.ids,
        )
    assert simulation.state is before


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("clerk", ("clerk", "lead")),
        ("clerk@lead", ("clerk", "lead")),
        ("=handler", ("judge", "lead")),
        ('=handler + "@lead"', ("judge", "lead")),
    ],
)
def test_role_is_resolved_outside_branches(role, expected):
    """Outside branches a role is that of the leading agency, fixed or by expression."""
    simulation = row(("user", "a", role)).run(variables={"handler": "judge"})
    task = simulation.task("a")
    assert (task.role, task.at) == expected


@pytest.mark.parametrize("role", ["=missing", "=3", '="clerk@branch"', '="clerk@moon"', '=""'])
def test_role_that_is_none_is_refused(role):
    """An expression that gives no role, or a branch where there is none, is refused at its element."""
    with pytest.raises(ExpressionFailed) as refused:
        row(("user", "a", role)).run()
    assert refused.value.found["element"] == "a"


def test_service_task_calls_and_waits():
    """A service task asks for its handler with headers and variables and goes on when it is done."""
    graph = row(("service", "s", "letters.deliver"), ("user", "a")).compile()
    ids = counting_ids()
    opened = start(graph, variables={"n": 1}, now=NOW, ids=ids)
    (call,) = opened.effects
    assert (call.element, call.type, call.variables) == ("s", "letters.deliver", {"n": 1})
    state = State.of().apply(opened.changes)
    result = step(graph, state, [ServiceCompleted(call.token_id, {"sent": True})], now=NOW, ids=ids)
    assert [type(c) for c in result.changes][:2] == [CloseToken, SetVariables]
    assert [t.element for t in state.apply(result.changes).tasks.values()] == ["a"]


def test_handler_name_may_be_an_expression():
    """The type of a service may be FEEL."""
    simulation = row(("service", "s", '="letters." + way')).run(variables={"way": "fax"})
    assert [call.type for call in simulation.calls] == ["letters.fax"]


def test_business_rule_decides_with_what_it_sees():
    """A rule hands its decision the matter, the variables and its inputs; the result is a variable."""
    drawing = row(("rule", "grade", "grading", "level"), ("user", "a", "=level"))
    seen = {}

    def decide(decision, context):
        seen.update(context)
        return {"grading": "judge"}[decision]

    simulation = drawing.run(variables={"amount": 5}, matter={"matter": {"kind": "x"}}, decide=decide)
    assert seen["amount"] == 5
    assert seen["matter"] == {"kind": "x"}
    assert simulation.task("a").role == "judge"


def test_manual_and_plain_tasks_are_passed():
    """Manual tasks and tasks without a type leave no row."""
    drawing = row(("element", "manualTask", "m"), ("element", "task", "t"), ("user", "a"))
    simulation = drawing.run()
    assert simulation.at() == {"a": 1}
    assert [c.token.element for c in simulation.changes if isinstance(c, OpenToken)] == ["a"]


# --- variables


def test_input_mapping_is_for_the_task_alone():
    """Inputs are seen at the task and do not become variables of the process."""
    drawing = Drawing()
    drawing.start()
    drawing.user("a", extensions=mapping({"sum": "=x + y", "person.name": "=who"}))
    drawing.end()
    drawing.path("start", "a", "end")
    simulation = drawing.run(variables={"x": 1, "y": 2, "who": "张三"})
    assert simulation.task("a").inputs == {"sum": 3, "person": {"name": "张三"}}
    (root,) = simulation.state.scopes.values()
    assert root.variables == {"x": 1, "y": 2, "who": "张三"}


def test_output_mapping_decides_what_leaves():
    """With outputs only the mapped variables leave the task."""
    drawing = Drawing()
    drawing.start()
    drawing.user("a", extensions=mapping(outputs={"result.kind": "=kind", "n": "=n + 1"}))
    drawing.user("b")
    drawing.end()
    drawing.path("start", "a", "b", "end")
    simulation = drawing.run(variables={"n": 1, "result": {"old": True}})
    simulation.complete("a", {"kind": "有", "secret": 9})
    (root,) = simulation.state.scopes.values()
    assert root.variables == {"n": 2, "result": {"old": True, "kind": "有"}}


def test_variable_is_set_where_it_lives():
    """In a sub-process a variable it has is set there, any other in the process."""
    inner = Drawing()
    inner.start("s2")
    inner.user("a")
    inner.user("b")
    inner.end("e2")
    inner.path("s2", "a", "b", "e2")
    drawing = Drawing()
    drawing.start()
    drawing.sub("box", inner, extensions=mapping({"local": "=1"}, {"out": "=local"}))
    drawing.user("c")
    drawing.end()
    drawing.path("start", "box", "c", "end")
    simulation = drawing.run()
    simulation.complete("a", {"local": 2, "other": 3})
    by_kind = {scope.kind: dict(scope.variables) for scope in simulation.state.scopes.values()}
    assert by_kind == {ScopeKind.PROCESS: {"other": 3}, ScopeKind.SUBPROCESS: {"local": 2}}
    simulation.complete("b")
    (root,) = simulation.state.scopes.values()
    assert root.variables == {"other": 3, "out": 2}


def test_inner_variables_hide_the_matter():
    """Expressions see the matter beneath the variables."""
    simulation = row(("user", "a", "=who")).run(variables={"who": "judge"}, matter={"who": "clerk"})
    assert simulation.task("a").role == "judge"


# --- gateways


def choice(kind, conditions, default=None):
    """Start → gateway → one user task for each condition → joined by the same kind → end."""
    drawing = Drawing()
    drawing.start()
    drawing.gateway(kind, "split", "to_default" if default else "")
    drawing.gateway(kind, "join")
    drawing.end()
    drawing.path("start", "split")
    for name, condition in conditions.items():
        drawing.user(name)
        drawing.flow("split", name, condition)
        drawing.flow(name, "join")
    if default:
        drawing.user(default)
        drawing.flow("split", default, flow_id="to_default")
        drawing.flow(default, "join")
    drawing.path("join", "end")
    return drawing


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({"n": 5}, "big"), ({"n": 2}, "small"), ({"n": 0}, "none"), ({}, "none"), ({"n": None}, "none")],
)
def test_exclusive_takes_the_first_that_holds(variables, expected):
    """One flow is taken: the first in drawing order whose condition is true; null is not true."""
    simulation = choice("exclusive", {"big": "=n > 3", "small": "=n > 1"}, "none").run(variables=variables)
    assert simulation.at() == {expected: 1}


def test_exclusive_without_a_way_is_refused():
    """When nothing holds and there is no default the step is refused and says what was found."""
    with pytest.raises(NoFlowChosen) as refused:
        choice("exclusive", {"big": "=n > 3", "small": "=n > 1"}).run(variables={"n": 0})
    assert refused.value.found["element"] == "split"
    assert "n = 0" in refused.value.text("zh")


def test_condition_that_is_no_truth_value_is_refused():
    """A condition that gives a number is a mistake of the drawing, not a quiet no."""
    with pytest.raises(ExpressionFailed) as refused:
        choice("exclusive", {"a": "=n + 1"}, "b").run(variables={"n": 0})
    assert refused.value.found["value"] == "1"


def test_parallel_waits_for_all():
    """A parallel join goes on when every path is there, once."""
    simulation = choice("parallel", {"a": "", "b": "", "c": ""}).run()
    assert simulation.at() == {"a": 1, "b": 1, "c": 1}
    simulation.complete("b")
    simulation.complete("a")
    assert simulation.at() == {"c": 1, "join": 2}
    simulation.complete("c")
    assert simulation.ended is RowState.DONE


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"a": True, "b": True, "c": False}, {"a", "b"}),
        ({"a": True, "b": False, "c": False}, {"a"}),
        ({"a": False, "b": False, "c": False}, {"d"}),
        ({"a": True, "b": True, "c": True}, {"a", "b", "c"}),
    ],
)
def test_inclusive_takes_all_that_hold_and_joins_them(variables, expected):
    """Every flow whose condition holds is taken; the join waits for exactly those."""
    simulation = choice("inclusive", {"a": "=a", "b": "=b", "c": "=c"}, "d").run(variables=variables)
    assert set(simulation.at()) == expected
    for name in sorted(expected):
        assert simulation.ended is None
        simulation.complete(name)
    assert simulation.ended is RowState.DONE


def test_flows_out_of_a_task_without_gateway_are_all_taken():
    """Several flows out of a task split in parallel, as the standard says."""
    drawing = Drawing()
    drawing.start()
    for name in ("a", "b", "c"):
        drawing.user(name)
    drawing.end("e1")
    drawing.end("e2")
    drawing.path("start", "a", "b", "e1")
    drawing.path("a", "c", "e2")
    simulation = drawing.run()
    simulation.complete("a")
    assert simulation.at() == {"b": 1, "c": 1}


def test_conditional_flow_out_of_a_task():
    """Conditional flows of a task are taken when they hold, unconditional ones always."""
    drawing = Drawing()
    drawing.start()
    for name in ("a", "b", "c"):
        drawing.user(name)
    drawing.path("start", "a", "b")
    drawing.flow("a", "c", "=urgent")
    for urgent, expected in ((True, {"b": 1, "c": 1}), (False, {"b": 1})):
        simulation = drawing.run()
        simulation.complete("a", {"urgent": urgent})
        assert simulation.at() == expected


def test_loop_in_the_drawing():
    """A drawing may go back; each round opens the task again."""
    drawing = Drawing()
    drawing.start()
    drawing.user("a")
    drawing.gateway("exclusive", "x", "out")
    drawing.end()
    drawing.path("start", "a", "x")
    drawing.flow("x", "a", "=again")
    drawing.flow("x", "end", flow_id="out")
    simulation = drawing.run()
    for again in (True, True, False):
        assert simulation.at() == {"a": 1}
        simulation.complete("a", {"again": again})
    assert simulation.ended is RowState.DONE


def test_endless_automatic_loop_is_stopped():
    """A loop that waits for nobody is refused, naming its elements."""
    drawing = Drawing()
    drawing.start()
    drawing.gateway("exclusive", "m", "on")
    drawing.element("task", "t")
    drawing.gateway("exclusive", "x", "back")
    drawing.end()
    drawing.flow("start", "m")
    drawing.flow("m", "t", flow_id="on")
    drawing.path("t", "x")
    drawing.flow("x", "end", "=done")
    drawing.flow("x", "m", flow_id="back")
    with pytest.raises(EndlessLoop) as stopped:
        drawing.run()
    assert stopped.value.found["elements"] == "m、t、x"


def test_join_that_would_wait_for_ever_is_refused(monkeypatch):
    """Where the search of the compiler gave up, a step that would hang is still refused when it happens."""
    drawing = Drawing()
    drawing.start()
    drawing.gateway("parallel", "fork")
    for name in ("a", "b"):
        drawing.user(name)
    drawing.gateway("exclusive", "x", "xd")
    drawing.gateway("parallel", "join")
    drawing.end()
    drawing.end("e2")
    drawing.path("start", "fork", "a", "x")
    drawing.path("fork", "b", "join", "end")
    drawing.flow("x", "join", "=go")
    drawing.flow("x", "e2", flow_id="xd")
    monkeypatch.setattr("lianban.engines.process.soundness.MAX_MARKINGS", 0)
    simulation = drawing.run()
    simulation.complete("a", {"go": False})
    with pytest.raises(Stuck) as stuck:
        simulation.complete("b")
    assert stuck.value.found["element"] == "join"
    assert simulation.at() == {"b": 1}


# --- sub-processes, terminate, cancel


def boxed(*more, extensions="", outer=()):
    """Start → sub-process (fork: a, b) → after → end, with boundary events drawn by ``outer``."""
    inner = Drawing()
    inner.start("s2")
    inner.gateway("parallel", "fork")
    inner.user("a")
    inner.user("b")
    inner.end("e2")
    inner.end("e3", *more)
    inner.path("s2", "fork", "a", "e2")
    inner.path("fork", "b", "e3")
    drawing = Drawing()
    drawing.start()
    drawing.sub("box", inner, extensions=extensions)
    drawing.user("after")
    drawing.end()
    drawing.path("start", "box", "after", "end")
    for draw in outer:
        draw(drawing)
    return drawing


def test_subprocess_ends_with_its_last_token():
    """A sub-process is complete when nothing is left in it; the scope has the id of its token."""
    simulation = boxed().run()
    scope = next(s for s in simulation.state.scopes.values() if s.kind is ScopeKind.SUBPROCESS)
    assert simulation.state.tokens[scope.id].element == "box"
    simulation.complete("b")
    assert simulation.at() == {"box": 1, "a": 1}
    simulation.complete("a")
    assert simulation.at() == {"after": 1}


def test_terminate_ends_its_own_scope_only():
    """Terminate cancels what is open in its sub-process; the process goes on."""
    simulation = boxed("<bpmn:terminateEventDefinition />").run()
    task = simulation.task("a")
    simulation.complete("b")
    assert simulation.at() == {"after": 1}
    assert CloseTask(task.token_id, RowState.CANCELLED) in simulation.changes
    assert simulation.ended is None


def test_terminate_at_the_top_ends_the_process():
    """Terminate in the process cancels open sub-processes and all."""
    drawing = Drawing()
    drawing.start()
    inner = Drawing()
    inner.start("s2")
    inner.user("inside")
    inner.end("e2")
    inner.path("s2", "inside", "e2")
    drawing.sub("box", inner)
    drawing.user("a")
    drawing.end("stop", "<bpmn:terminateEventDefinition />")
    drawing.path("start", "box")
    drawing.path("start", "a", "stop")
    simulation = drawing.run()
    simulation.complete("a")
    assert simulation.ended is RowState.DONE
    assert simulation.state == State.of()
    assert any(isinstance(change, CancelTree) for change in simulation.changes)


def test_cancelled_matter_stops_everything():
    """Cancelling the matter cancels the tree of the process; nothing can happen afterwards."""
    simulation = boxed().run()
    token_id = simulation.task("a").token_id
    simulation.feed(MatterCancelled())
    assert simulation.ended is RowState.CANCELLED
    assert simulation.state == State.of()
    for event in (TaskCompleted(token_id), MatterCancelled()):
        with pytest.raises(WorkIsOver):
            simulation.feed(event)


# --- messages, signals, events


def test_receive_task_waits_for_its_message():
    """A receive task goes on with the message it names and the variables it brings."""
    drawing = Drawing()
    drawing.named("message", "m1", "回函")
    drawing.start()
    drawing.element("receiveTask", "wait", messageRef="m1")
    drawing.user("a")
    drawing.end()
    drawing.path("start", "wait", "a", "end")
    simulation = drawing.run()
    assert simulation.graph.receivers("回函") == ("wait",)
    (token,) = simulation.state.tokens.values()
    with pytest.raises(WrongEvent):
        simulation.feed(MessageReceived("别的", token.id))
    simulation.feed(MessageReceived("回函", scope_id=token.scope_id, variables={"text": "有"}))
    assert simulation.at() == {"a": 1}
    (root,) = simulation.state.scopes.values()
    assert root.variables == {"text": "有"}


def message_boundary(interrupting):
    def draw(drawing):
        event = drawing.named("message", "m1", "异议")
        drawing.catch("objection", event, "box", interrupting)
        drawing.user("hear")
        drawing.end("e9")
        drawing.path("objection", "hear", "e9")

    return draw


def test_interrupting_message_cancels_the_subprocess():
    """The message cuts the sub-process off, with all that is open in it."""
    simulation = boxed(outer=[message_boundary(True)]).run()
    simulation.receive("异议", {"reason": "x"})
    assert simulation.at() == {"hear": 1}
    simulation.complete("hear")
    assert simulation.ended is RowState.DONE


def test_non_interrupting_message_adds_a_path():
    """The message adds a path as often as it comes; the sub-process goes on."""
    simulation = boxed(outer=[message_boundary(False)]).run()
    simulation.receive("异议")
    simulation.receive("异议")
    assert simulation.at() == {"box": 1, "a": 1, "b": 1, "hear": 2}


def test_event_gateway_takes_what_comes_first():
    """Of a timer and a message the first wins and the other is withdrawn."""

    def build():
        drawing = Drawing()
        event = drawing.named("message", "m1", "回函")
        drawing.start()
        drawing.gateway("eventBased", "g")
        drawing.catch("came", event)
        drawing.timer("late", "P10D")
        drawing.user("read")
        drawing.user("urge")
        drawing.end("e1")
        drawing.end("e2")
        drawing.path("start", "g", "came", "read", "e1")
        drawing.path("g", "late", "urge", "e2")
        return drawing.run()

    simulation = build()
    (timer,) = simulation.state.timers.values()
    assert (timer.element, timer.due_at) == ("late", NOW + timedelta(days=10))
    simulation.receive("回函")
    assert simulation.at() == {"read": 1}
    assert simulation.state.timers == {}
    simulation = build()
    simulation.advance(NOW + timedelta(days=11))
    assert simulation.at() == {"urge": 1}


def test_signal_reaches_every_waiting_place():
    """A signal thrown in one path is an effect and is caught wherever it is waited for."""
    drawing = Drawing()
    event = drawing.named("signal", "s1", "全案中止")
    drawing.start()
    drawing.gateway("parallel", "fork")
    drawing.user("a")
    drawing.user("b")
    drawing.catch("stop", event, "b")
    drawing.catch("wait", event)
    drawing.user("after")
    drawing.element("intermediateThrowEvent", "throw", event)
    drawing.path("start", "fork", "a", "throw", "after")
    drawing.path("fork", "b")
    drawing.path("fork", "wait")
    drawing.end("e1")
    drawing.path("stop", "e1")
    simulation = drawing.run()
    simulation.complete("a")
    assert [signal.name for signal in simulation.signals] == ["全案中止"]
    assert simulation.at() == {"after": 1}


def test_message_end_calls_its_handler():
    """A message end event sends by its handler and then ends."""
    drawing = Drawing()
    event = drawing.named("message", "m1", "通知")
    drawing.start()
    drawing.element("endEvent", "end", event, extensions='<zeebe:taskDefinition type="letters.notify" />')
    drawing.path("start", "end")
    simulation = drawing.run()
    assert [call.type for call in simulation.calls] == ["letters.notify"]
    assert simulation.ended is RowState.DONE


def test_message_start_opens_the_process():
    """A process may have a message start beside its plain start."""
    drawing = Drawing()
    event = drawing.named("message", "m1", "线索")
    drawing.start()
    drawing.element("startEvent", "by_message", event)
    drawing.user("a")
    drawing.user("b")
    drawing.path("start", "a")
    drawing.path("by_message", "b")
    assert drawing.run().at() == {"a": 1}
    assert drawing.run(message="线索").at() == {"b": 1}
    with pytest.raises(WrongEvent):
        drawing.run(message="别的")


# --- errors and escalations


def error_boundaries(drawing):
    by_code = drawing.named("error", "err1", "E1")
    drawing.catch("any", "<bpmn:errorEventDefinition />", "box")
    drawing.catch("one", by_code, "box")
    drawing.user("mend")
    drawing.user("other")
    drawing.end("e8")
    drawing.end("e9")
    drawing.path("one", "mend", "e8")
    drawing.path("any", "other", "e9")


@pytest.mark.parametrize(("code", "expected"), [("E1", "mend"), ("E2", "other")])
def test_error_end_is_caught_by_its_code(code, expected):
    """The boundary event that names the code comes before the one that catches all."""
    simulation = boxed(
        f'<bpmn:errorEventDefinition errorRef="thrown_{code}" />',
        outer=[error_boundaries, lambda d: d.named("error", f"thrown_{code}", code)],
    ).run()
    task = simulation.task("a")
    simulation.complete("b")
    assert simulation.at() == {expected: 1}
    assert task.token_id not in simulation.state.tokens


def test_error_of_a_handler_is_caught_at_its_task():
    """A business error of a handler goes to the boundary event of its task."""
    drawing = row(("service", "s", "registry.ask"))
    event = drawing.named("error", "err1", "E1")
    drawing.catch("caught", event, "s")
    drawing.user("mend")
    drawing.end("e2")
    drawing.path("caught", "mend", "e2")
    simulation = drawing.run(services=lambda call: ErrorRaised(call.token_id, "E1", {"why": "x"}))
    assert simulation.at() == {"mend": 1}
    with pytest.raises(UncaughtError) as refused:
        drawing.run(services=lambda call: ErrorRaised(call.token_id, "E7"))
    assert refused.value.found == {"element": "s", "name": "s", "error": "E7"}


def test_error_in_a_branch_cancels_the_whole_fan_out():
    """An error that leaves one branch is caught at the fan-out and cancels all of it."""
    inner = Drawing()
    inner.start("s2")
    inner.user("a")
    inner.gateway("exclusive", "x", "xd")
    inner.end("e2")
    inner.end("failed", inner.named("error", "err1", "E1"))
    inner.path("s2", "a", "x")
    inner.flow("x", "failed", "=bad")
    inner.flow("x", "e2", flow_id="xd")
    drawing = Drawing()
    drawing.start()
    drawing.sub("each", inner, drawing.loop())
    drawing.end()
    drawing.catch("caught", '<bpmn:errorEventDefinition errorRef="err1" />', "each")
    drawing.user("mend")
    drawing.end("e3")
    drawing.path("start", "each", "end")
    drawing.path("caught", "mend", "e3")
    simulation = drawing.run(variables={"items": ["甲", "乙", "丙"]})
    simulation.complete("a", {"bad": False}, item="甲")
    simulation.complete("a", {"bad": True}, item="丙")
    assert simulation.at() == {"mend": 1}
    assert [scope.kind for scope in simulation.state.scopes.values()] == [ScopeKind.PROCESS]


@pytest.mark.parametrize("interrupting", [True, False])
def test_escalation_is_caught_outside(interrupting):
    """An escalation adds a path, or interrupts, at the nearest boundary that catches it."""

    def outer(drawing):
        event = drawing.named("escalation", "esc", "督办")
        drawing.catch("caught", event, "box", interrupting)
        drawing.user("supervise")
        drawing.end("e9")
        drawing.path("caught", "supervise", "e9")

    simulation = boxed('<bpmn:escalationEventDefinition escalationRef="esc" />', outer=[outer]).run()
    simulation.complete("b")
    expected = {"supervise": 1} if interrupting else {"supervise": 1, "box": 1, "a": 1}
    assert simulation.at() == expected


def test_escalation_nobody_catches_is_passed():
    """An escalation without a catcher only ends its path."""

    def outer(drawing):
        drawing.named("escalation", "esc", "督办")

    simulation = boxed('<bpmn:escalationEventDefinition escalationRef="esc" />', outer=[outer]).run()
    simulation.complete("b")
    assert simulation.at() == {"box": 1, "a": 1}


# --- call activities


def caller(more=""):
    drawing = Drawing("caller")
    drawing.start()
    drawing.element("callActivity", "call", extensions=f'<zeebe:calledElement processId="p" {more} />')
    drawing.user("after")
    drawing.end()
    drawing.path("start", "call", "after", "end")
    return drawing


def test_called_process_runs_inside():
    """The called process runs as a scope of its own and goes on when it ends."""
    called = row(("user", "a")).compile()
    graph = compile_bpmn(caller().xml(), source="x", called={"p": called})
    simulation = Simulation(graph, NOW)
    assert simulation.at() == {"call": 1, "call/a": 1}
    simulation.complete("call/a", {"x": 1})
    assert simulation.at() == {"after": 1}
    (root,) = simulation.state.scopes.values()
    assert root.variables == {"x": 1}


def test_called_process_may_keep_its_variables():
    """With propagateAllChildVariables=false nothing leaves unless it is mapped."""
    called = row(("user", "a")).compile()
    xml = caller('propagateAllChildVariables="false"').xml()
    simulation = Simulation(compile_bpmn(xml, source="x", called={"p": called}), NOW)
    simulation.complete("call/a", {"x": 1})
    (root,) = simulation.state.scopes.values()
    assert root.variables == {}


# --- simulate


def test_simulate_asks_until_the_end():
    """A scene test drives every choice through one function."""
    graph = compile_bpmn(drawn("fanout"), source="x")

    def choose(simulation):
        task = simulation.tasks[0]
        return TaskCompleted(task.token_id, {"answer": "有"} if task.element == "Answer" else {})

    result = simulate(
        graph, choose, now=NOW, variables={"units": ["甲", "乙"], "handler": "judge"}, due=due_in_five_days
    )
    assert result.ended is RowState.DONE
    assert len(result.events) == 5 + 2  # tasks completed, letters delivered


def test_simulation_endless_service_loop_is_stopped():
    """A loop of service tasks alone is stopped by the driver."""
    drawing = Drawing()
    drawing.start()
    drawing.gateway("exclusive", "m", "on")
    drawing.service("s", "again")
    drawing.gateway("exclusive", "x", "back")
    drawing.end()
    drawing.flow("start", "m")
    drawing.flow("m", "s", flow_id="on")
    drawing.path("s", "x")
    drawing.flow("x", "end", "=done")
    drawing.flow("x", "m", flow_id="back")
    with pytest.raises(EndlessLoop) as stopped:
        drawing.run()
    assert stopped.value.found["elements"] == "s"


def test_cancelled_timer_cannot_fire():
    """A timer whose task is done is refused when it fires late."""
    drawing = row(("user", "a"), ("user", "b"))
    drawing.timer("t", "PT1H", "a")
    drawing.end("e2")
    drawing.path("t", "e2")
    simulation = drawing.run()
    (timer,) = simulation.state.timers.values()
    simulation.complete("a")
    assert CloseTimer(timer.id) in simulation.changes
    with pytest.raises(WorkIsOver):
        simulation.feed(TimerFired(timer.id))


def test_what_is_cancelled_in_the_same_step_leaves_nothing():
    """A fan-out and a service that a terminate end cuts off in the step that opened them are neither rows nor calls."""
    drawing = Drawing()
    drawing.start()
    drawing.user("a")
    drawing.gateway("parallel", "fork")
    drawing.user("each", "clerk", drawing.loop())
    drawing.service("s")
    drawing.timer("t", "PT1H", "s")
    drawing.element("task", "slow")
    drawing.end("stop", "<bpmn:terminateEventDefinition />")
    drawing.end("e1")
    drawing.path("start", "a", "fork", "each", "e1")
    drawing.path("fork", "s", "e1")
    drawing.path("fork", "slow", "stop")
    drawing.path("t", "e1")
    graph = drawing.compile()
    ids = counting_ids()
    opened = start(graph, variables={"items": [1, 2, 3]}, now=NOW, ids=ids)
    state = State.of().apply(opened.changes)
    (task,) = state.tasks.values()
    result = step(graph, state, [TaskCompleted(task.token_id)], now=NOW, ids=ids)
    (root,) = state.scopes.values()
    assert result.changes == (CloseToken(task.token_id), CloseTask(task.token_id), CloseScope(root.id))
    assert result.effects == (Ended(RowState.DONE),)


def test_matter_is_cancelled_with_the_root_row_alone():
    """Cancelling a matter needs one row, however large the matter is."""
    simulation = boxed().run()
    root = next(s for s in simulation.state.scopes.values() if s.kind is ScopeKind.PROCESS)
    result = step(simulation.graph, State.of([root]), [MatterCancelled()], now=NOW, ids=simulation.ids)
    assert result.changes == (CancelTree(root.id),)
    assert simulation.state.apply(result.changes) == State.of()


@pytest.mark.parametrize("value", [b"bytes", float("nan"), object()])
def test_data_that_feel_cannot_hold_is_refused(value):
    """A variable that has no place in FEEL is refused in the family, at the element that reads it."""
    with pytest.raises(ExpressionFailed) as refused:
        row(("user", "a", "=who")).run(variables={"who": value})
    assert refused.value.found["element"] == "a"


def test_missing_clock_or_decision_function_is_our_fault():
    """A caller that hands in no clock or decision function is told so in the family, as a fault of ours."""
    with pytest.raises(NothingToAsk) as refused:
        Simulation(row(("rule", "grade", "grading", "level")).compile(), NOW)
    assert refused.value.status == 500
    with pytest.raises(NothingToAsk):
        Simulation(row(("timer", "t", "clock:answer")).compile(), NOW)


def test_no_effect_is_asked_for_twice():
    """A service call is an effect of the step that reached it and of no later one."""
    simulation = row(("service", "s"), ("user", "a"), ("user", "b")).run()
    simulation.complete("a")
    assert [call.element for call in simulation.calls] == ["s"]
    assert all(isinstance(call, CallService) for call in simulation.calls)
