"""The migration engine without a database: differences, maps, judgements, timers."""

from datetime import timedelta

import pytest
from new_versions import graph
from process_drawings import NOW, Drawing

from lianban.engines.migration import (
    MapRefused,
    Since,
    Situation,
    Sort,
    armed,
    changes,
    compare,
    judge,
    read_map,
    route,
)
from lianban.engines.process import ScopeKind, timer_spec


def parallel(*paths: str, split="parallel", task="user"):
    """Start → split → one task a path → join → task → end."""
    drawing = Drawing()
    drawing.start()
    drawing.gateway(split, "split", "f_" + paths[0] if split == "inclusive" else "")
    drawing.flow("start", "split")
    drawing.gateway(split, "join")
    for path in paths:
        drawing.user(path)
        condition = "=x" if split == "inclusive" and path != paths[0] else ""
        drawing.flow("split", path, condition, flow_id=f"f_{path}")
        drawing.flow(path, "join", flow_id=f"j_{path}")
    drawing.user("last")
    drawing.end()
    drawing.flow("join", "last", flow_id="to_last")
    drawing.flow("last", "end", flow_id="to_end")
    return drawing.compile()


def test_compare_says_what_changed():
    """A changed role, form, clock, timer, condition and flow are named with what they were and are."""
    old = graph()
    new = graph(
        ('candidateGroups="judge@lead"', 'candidateGroups="president@lead"'),
        ('<zeebe:formDefinition formId="route" />', '<zeebe:formDefinition formId="assign" />'),
        ("clock:assistance.answer+1WD", "clock:assistance.answer+3WD"),
        ('=decision = "amend"', '=decision = "mend"'),
        ('sourceRef="amend" targetRef="deliver"', 'sourceRef="amend" targetRef="answer"'),
        ('name="归档">', 'name="归档与评价">'),
    )
    found = {
        (one.sort, one.id, f.field): (f.before, f.after) for one in compare(old, new) for f in one.fields
    }
    assert found[Sort.CHANGED, "approve", "role"] == ("judge@lead", "president@lead")
    assert found[Sort.CHANGED, "route", "form"] == ("route", "assign")
    assert found[Sort.CHANGED, "answer_overdue", "timer"][1] == "clock:assistance.answer+3WD"
    assert found[Sort.CHANGED, "to_amend", "condition"] == ('=decision = "amend"', '=decision = "mend"')
    assert found[Sort.CHANGED, "amended", "target"] == ("deliver", "answer")
    assert found[Sort.CHANGED, "archive", "name"] == ("归档", "归档与评价")
    assert {(one.sort, one.id) for one in compare(old, new)} == {(sort, key) for sort, key, _ in found}


def test_compare_added_and_removed():
    """An element that is new is said with what it holds; one that is gone is named; and the other way round."""
    two, three = parallel("a", "b"), parallel("a", "b", "c")
    added = {(one.sort, one.what, one.id) for one in compare(two, three)}
    assert added == {(Sort.ADDED, "element", "c"), (Sort.ADDED, "flow", "f_c"), (Sort.ADDED, "flow", "j_c")}
    removed = {(one.sort, one.what, one.id) for one in compare(three, two)}
    assert removed == {(Sort.REMOVED, what, key) for _, what, key in added}
    (task,) = [one for one in compare(two, three) if one.id == "c"]
    assert [(f.field, f.before, f.after) for f in task.fields] == [("role", None, "clerk")]


def test_map_reads():
    """A map's three keys are read; an empty file is the map by ids alone."""
    found = read_map("elements: {a: b}\nflows:\n  f: g\ntimers: now\n", "map.yaml")
    assert (found.elements, found.flows, found.timers) == ({"a": "b"}, {"f": "g"}, Since.NOW)
    assert read_map(b"").elements == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("elements: [a, b]\n", 1),
        ("elements:\n  a: b\n  c: 7\n", 3),
        ("elements:\n  a: b\nelement: {}\n", 3),
        ("timers: yesterday\n", 1),
        ("elements:\n  a: [\n", 3),
        ("- a\n", 1),
        ("\xff".encode("latin-1"), 0),
        ("a" * 600_000, 0),
    ],
)
def test_map_that_cannot_be_read(text, line):
    """What is wrong with a map is said in two languages with the line."""
    with pytest.raises(MapRefused) as caught:
        read_map(text, "map.yaml")
    (problem,) = caught.value.problems
    assert problem.line == line
    assert problem.zh and problem.en


def test_map_that_does_not_fit_names_every_problem():
    """Unknown ids of both versions, unknown flows, and elements of different kinds are all named, with their lines."""
    two = parallel("a", "b")
    chosen = read_map("elements:\n  nowhere: a\n  a: nothing\n  b: join\nflows:\n  j_a: j_z\n", "map.yaml")
    with pytest.raises(MapRefused) as caught:
        route(two, two, chosen)
    assert [problem.line for problem in caught.value.problems] == [2, 3, 4, 6]


@pytest.mark.parametrize("rests", [(("a", "f_a"), ("b", "f_b")), (("a", "f_a"), ("join", "j_b"))])
def test_judge_parallel_path_added(rests):
    """A parallel path that was added cannot be caught up with: the join would wait for ever."""
    way = route(parallel("a", "b"), parallel("a", "b", "c"))
    found = judge(way, Situation("p", ScopeKind.PROCESS, rests))
    assert [(one.code, one.element) for one in found] == [("stranded", "join")]
    assert judge(way, Situation("p", ScopeKind.PROCESS, (("last", "f"),))) == ()


def test_judge_parallel_path_removed():
    """Where the path that is gone is the last one waited for, nothing would set the join going."""
    way = route(parallel("a", "b", "c"), parallel("a", "b"))
    assert judge(way, Situation("p", ScopeKind.PROCESS, (("a", "f_a"), ("join", "j_b")))) == ()
    found = judge(way, Situation("p", ScopeKind.PROCESS, (("join", "j_a"), ("join", "j_b"))))
    assert [one.code for one in found] == ["join-complete"]
    gone = judge(way, Situation("p", ScopeKind.PROCESS, (("c", "f_c"), ("join", "j_a"), ("join", "j_b"))))
    assert [(one.code, one.element) for one in gone] == [("removed", "c")]
    unknown = judge(way, Situation("p", ScopeKind.PROCESS, (("a", "f_a"), ("b", "f_b"), ("join", "j_c"))))
    assert [one.code for one in unknown] == ["flow"]


def test_judge_inclusive_join_that_would_be_complete():
    """An inclusive join that nothing can reach any more is found as well."""
    way = route(parallel("a", "b", "c", split="inclusive"), parallel("a", "b", split="inclusive"))
    assert judge(way, Situation("p", ScopeKind.PROCESS, (("a", "f_a"), ("join", "j_b")))) == ()
    found = judge(way, Situation("p", ScopeKind.PROCESS, (("join", "j_a"), ("join", "j_b"))))
    assert [one.code for one in found] == ["join-complete"]


def test_judge_step_in_another_scope():
    """A step that was moved into a sub-process cannot take the token that rests outside of it."""
    old, new = Drawing(), Drawing()
    for drawing in (old, new):
        drawing.start()
    old.user("a")
    old.end()
    old.path("start", "a", "end")
    inner = Drawing()
    inner.element("startEvent", "s")
    inner.user("a")
    inner.end("e")
    inner.path("s", "a", "e")
    new.lines.append(f'<bpmn:subProcess id="sub" name="SUB">{"".join(inner.lines)}</bpmn:subProcess>')
    new.end()
    new.path("start", "sub", "end")
    way = route(old.compile(), new.compile())
    assert [one.code for one in judge(way, Situation("p", ScopeKind.PROCESS, (("a", "f"),)))] == ["moved"]


def test_judge_task_became_fan_out():
    """A single task that became one for each of a collection is refused, and so is the way back."""
    old, new = Drawing(), Drawing()
    old.start(), new.start()
    old.user("a")
    new.user("a", "clerk", new.loop("=units", "unit"))
    old.end(), new.end()
    old.path("start", "a", "end"), new.path("start", "a", "end")
    one, other = old.compile(), new.compile()
    assert [o.code for o in judge(route(one, other), Situation("p", ScopeKind.PROCESS, (("a", "f"),)))] == [
        "kind"
    ]
    back = route(other, one)
    assert [o.code for o in judge(back, Situation("a", ScopeKind.BRANCH, (("a", None),)))] == ["kind"]
    same = route(other, other)
    assert judge(same, Situation("a", ScopeKind.BRANCH, (("a", None),))) == ()


def test_changes_of_the_real_drawing():
    """Of the letters scene: a role, a clock, a removed timer and a new one, each where it belongs and nothing else."""
    new = graph(
        ('candidateGroups="seal_keeper@lead"', 'candidateGroups="clerk@lead"'),
        ('<zeebe:property name="clock" value="assistance.sign_for" />', ""),
        ('id="sign_overdue"', 'id="sign_late"'),
        ('sourceRef="sign_overdue"', 'sourceRef="sign_late"'),
    )
    found = changes(route(graph(), new))
    assert set(found.tasks) == {"seal", "sign"}
    assert found.tasks["seal"].fixed is not None and not found.tasks["seal"].clock_changed
    assert (
        found.tasks["sign"].role is None
        and found.tasks["sign"].clock is None
        and found.tasks["sign"].clock_changed
    )
    assert found.drop == {"sign_overdue"}
    assert {key: [t.element for t in timers] for key, timers in found.arm.items()} == {"sign": ["sign_late"]}
    assert not (found.elements or found.flows or found.timers or found.recompute or found.collections)


@pytest.mark.parametrize(
    ("text", "hours", "due_in", "left"),
    [
        ("PT24H", 2, 22, 0),
        ("PT24H", 30, -6, 0),
        ("R/PT24H", 2, 22, None),
        ("R/PT24H", 50, 22, None),
        ("R3/PT24H", 2, 22, 2),
        ("R3/PT24H", 30, 18, 1),
        ("R3/PT24H", 500, 72 - 500, 0),
        ("R3/P1M", 24 * 40, 24 * 21, 1),
    ],
)
def test_armed_joins_the_series(text, hours, due_in, left):
    """A timer counted from when its step was reached: past instants count as fired, a wholly past one fires once."""
    reached = NOW - timedelta(hours=hours)
    due, remaining = armed(timer_spec(text), reached, NOW, lambda spec, now: now)
    assert (due, remaining) == (NOW + timedelta(hours=due_in), left)
