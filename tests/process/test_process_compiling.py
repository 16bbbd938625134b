"""From a drawing to a graph, or to every reason why not."""

import pickle
import re
import time

import pytest
from process_drawings import HEAD, Drawing, drawn, mapping

from lianban.engines.errors import LianbanError
from lianban.engines.process import DrawingRefused, Kind, compile_bpmn


def simple():
    """Start → a → b → end."""
    drawing = Drawing()
    drawing.start()
    drawing.user("a")
    drawing.user("b")
    drawing.end()
    drawing.path("start", "a", "b", "end")
    return drawing


def problems_of(drawing_or_xml, **settings):
    """Compile what must be refused; the problems."""
    xml = drawing_or_xml if isinstance(drawing_or_xml, bytes) else drawing_or_xml.xml()
    with pytest.raises(DrawingRefused) as refused:
        compile_bpmn(xml, source="drawn.bpmn", **settings)
    assert isinstance(refused.value, LianbanError)
    for problem in refused.value.problems:
        assert problem.zh.endswith(("。", "）。", "？"))
        assert problem.en.endswith((".", "?"))
    return refused.value.problems


def codes_of(drawing_or_xml, **settings):
    return [(problem.code, problem.element) for problem in problems_of(drawing_or_xml, **settings)]


# --- what a graph holds


def test_hand_drawn_file_compiles():
    """The drawing of a letter to many agencies becomes nodes, flows, bodies and stages."""
    graph = compile_bpmn(drawn("fanout"), source="fanout.bpmn")
    assert (graph.process_id, graph.name) == ("fanout", "一函多答")
    assert graph.nodes["Draft"].name == "起草协助函"
    assert graph.nodes["Draft"].form == "letter"
    assert graph.nodes["Draft"].properties["action"] == "draft_letter"
    assert graph.nodes["Answer"].boundary == ("Remind",)
    assert graph.nodes["Remind"].interrupting is False
    assert graph.nodes["Letters"].loop.collection.text == "=units"
    assert graph.bodies["Letters"].start == "LetterStart"
    assert graph.nodes["Deliver"].kind is Kind.SERVICE
    assert graph.nodes["Deliver"].headers == {"channel": "electronic"}
    assert graph.notices == ()


def test_graph_cannot_be_changed():
    """Everything a step reads is immutable."""
    graph = compile_bpmn(drawn("fanout"), source="fanout.bpmn")
    with pytest.raises(TypeError):
        graph.nodes["new"] = None
    with pytest.raises(AttributeError):
        graph.nodes["Draft"].name = "x"
    with pytest.raises(TypeError):
        graph.nodes["Draft"].properties["action"] = "x"


def test_stages_follow_the_drawing():
    """Stages come in the order the drawing reaches them, with the title of the first mention that has one."""
    graph = compile_bpmn(drawn("fanout"), source="fanout.bpmn")
    assert graph.stages() == (("draft", "起草"), ("answer", "反馈"), ("check", "核验"))
    assert graph.stage_of("Approve") == "draft"
    assert graph.stage_of("Answer") == "answer"
    assert graph.stage_of("End") is None


def test_description_names_every_step():
    """The generated description has the diagram and a row for every element."""
    from lianban.engines.process import describe

    graph = compile_bpmn(drawn("fanout"), source="fanout.bpmn")
    for language in ("zh", "en"):
        text = describe(graph, language)
        assert "```mermaid" in text
        for node_id in graph.nodes:
            assert f"`{node_id}`" in text


# --- the hash


def test_hash_does_not_see_layout_order_or_remarks():
    """Layout, order of elements, comments, white space and documentation do not change the hash."""
    xml = simple().xml().decode()
    lines = xml.splitlines()
    start = next(number for number, line in enumerate(lines) if "<bpmn:startEvent" in line)
    body = lines[start:-2]
    shuffled = "\n".join([*lines[:start], "<!-- remark -->", *reversed(body), *lines[-2:]])
    diagram = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="d">'
        '<bpmndi:BPMNPlane id="pl" bpmnElement="p" /></bpmndi:BPMNDiagram></bpmn:definitions>'
    )
    laid_out = shuffled.replace("</bpmn:definitions>", diagram)
    documented = laid_out.replace(
        '<bpmn:startEvent id="start">',
        '<bpmn:startEvent id="start"><bpmn:documentation>说明</bpmn:documentation>',
    )
    assert documented.count("说明") == 1
    assert compile_bpmn(documented.encode(), source="x").hash == compile_bpmn(xml.encode(), source="y").hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name="B"', 'name="C"'),
        ('candidateGroups="clerk"', 'candidateGroups="judge"'),
        ('targetRef="b"', 'targetRef="end"'),
        ('id="p"', 'id="q"'),
    ],
)
def test_hash_sees_every_change_of_meaning(old, new):
    """A changed name, role, flow or process id gives another hash."""
    drawing = simple()
    drawing.flow("a", "b")
    xml = drawing.xml().decode()
    changed = xml.replace(old, new, 1)
    assert changed != xml
    assert compile_bpmn(changed.encode(), source="x").hash != compile_bpmn(xml.encode(), source="x").hash


def test_hash_sees_the_order_of_exclusive_conditions():
    """Where the first condition that holds decides, the order of the flows is part of the meaning."""

    def choice(first, second):
        drawing = Drawing()
        drawing.start()
        drawing.gateway("exclusive", "x", "d")
        drawing.end("e1")
        drawing.end("e2")
        drawing.end("e3")
        drawing.flow("start", "x", flow_id="f")
        for target, condition in (first, second):
            drawing.flow("x", target, condition, flow_id=f"to_{target}")
        drawing.flow("x", "e3", flow_id="d")
        return drawing.compile().hash

    one, two = ("e1", "=n > 1"), ("e2", "=n > 2")
    assert choice(one, two) != choice(two, one)


# --- refused: the file


def test_broken_xml_is_refused_with_its_line():
    """A file that is cut off says where."""
    (problem,) = problems_of(simple().xml()[:-40])
    assert problem.code == "broken-xml"
    assert problem.line > 1


@pytest.mark.parametrize("xml", [b"", b"   ", b"\x00\x01", b"<a/>", "不是".encode("gb18030")])
def test_what_is_no_bpmn_is_refused(xml):
    """Bytes that are not BPMN are refused in the same family."""
    (problem,) = problems_of(xml)
    assert problem.code in ("broken-xml", "not-bpmn")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bomb_is_refused(encoding):
    """A billion laughs is refused for its document type, whatever the encoding hides, without expansion."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<!DOCTYPE d [<!ENTITY e0 "ha">{entities}]>\n'
        + HEAD.splitlines()[1]
        + '<bpmn:process id="p" name="&e29;"/></bpmn:definitions>'
    )
    (problem,) = problems_of(bomb.encode(encoding))
    assert problem.code in ("document-type", "broken-xml")


def test_external_entity_is_refused(tmp_path):
    """A drawing cannot read files of the server."""
    secret = tmp_path / "secret"
    secret.write_text("password")
    xml = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>{HEAD.splitlines()[1]}&x;</bpmn:definitions>'
    (problem,) = problems_of(xml.encode())
    assert problem.code == "document-type"


def test_too_large_file_is_refused():
    """More than 5 MB is refused before it is parsed."""
    (problem,) = problems_of(simple().xml() + b" " * (5 * 1024 * 1024))
    assert problem.code == "too-large"


def chain(length):
    """A drawing of so many user tasks in a row."""
    drawing = Drawing()
    drawing.start()
    names = [drawing.user(f"t{number}") for number in range(length)]
    drawing.end()
    drawing.path("start", *names, "end")
    return drawing


def test_five_megabytes_are_refused_in_bounded_time():
    """A file just under 5 MB, full of elements, is answered within seconds."""
    xml = chain(19_000).xml()
    assert 4_500_000 < len(xml) < 5 * 1024 * 1024
    began = time.perf_counter()
    assert codes_of(xml) == [("too-many-elements", "")]
    assert time.perf_counter() - began < 5


def test_largest_drawing_compiles_in_bounded_time():
    """A drawing at the limit of elements compiles within seconds."""
    began = time.perf_counter()
    assert len(chain(4_998).compile().nodes) == 5_000
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("depth", [101, 255, 400])
def test_deep_nesting_is_refused(depth):
    """Sub-processes in sub-processes end at the limit, not in a crash."""
    inner = Drawing()
    inner.start("s0")
    text = "".join(inner.lines)
    for number in range(depth):
        text = f'<bpmn:subProcess id="n{number}">{text}</bpmn:subProcess>'
    xml = f'{HEAD}<bpmn:process id="p">{text}</bpmn:process></bpmn:definitions>'
    (problem,) = problems_of(xml.encode())
    assert problem.code in ("too-deep", "broken-xml")


def test_several_processes_need_a_choice():
    """A file with two pools that can run is refused, and compiles when one is picked."""
    one, two = simple(), Drawing("q")
    two.start("s2")
    two.end("e2")
    two.path("s2", "e2")
    xml = one.xml().replace(
        b"</bpmn:definitions>",
        two.xml().split(b"\n", 2)[2].replace(b"</bpmn:definitions>", b"") + b"</bpmn:definitions>",
    )
    assert codes_of(xml) == [("many-processes", "q")]
    graph = compile_bpmn(xml, source="x", process_id="p")
    assert graph.process_id == "p"
    assert [(n.code, n.element) for n in graph.notices] == [("not-executed", "q")]
    assert codes_of(xml, process_id="r")[0][0] == "no-process"


# --- refused: elements, each by its id

TERMINATE = "<bpmn:terminateEventDefinition />"


def with_extra(*elements, **extra):
    """A simple drawing with more elements behind ``a``."""
    drawing = simple()
    for element in elements:
        element(drawing)
    return drawing


def unsupported(tag, *inner, **attributes):
    def draw(drawing):
        drawing.element(tag, "bad", *inner, name="坏", **attributes)
        drawing.flow("a", "bad", flow_id="to_bad")

    return draw


MULTI = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=items" /></bpmn:extensionElements>'
    "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
)

UNSUPPORTED = [
    ("unsupported-element", unsupported("userTask", MULTI)),
    ("unsupported-element", unsupported("scriptTask")),
    ("unsupported-element", unsupported("complexGateway")),
    ("unsupported-element", unsupported("transaction")),
    ("unsupported-element", unsupported("adHocSubProcess")),
    ("unsupported-element", unsupported("endEvent", "<bpmn:compensateEventDefinition />")),
    ("unsupported-element", unsupported("endEvent", "<bpmn:cancelEventDefinition />")),
    ("unsupported-element", unsupported("intermediateCatchEvent", "<bpmn:conditionalEventDefinition />")),
    ("unsupported-element", unsupported("intermediateThrowEvent", "<bpmn:linkEventDefinition name='x' />")),
    ("unsupported-element", unsupported("userTask", "<bpmn:standardLoopCharacteristics />")),
    ("unsupported-element", unsupported("userTask", "<bpmn:potentialOwner id='o' />")),
    ("unsupported-attribute", unsupported("userTask", isForCompensation="true")),
    ("unsupported-attribute", unsupported("receiveTask", instantiate="true")),
    ("unsupported-attribute", unsupported("subProcess", triggeredByEvent="true")),
    ("multiple-events", unsupported("endEvent", TERMINATE, TERMINATE)),
    ("no-handler", unsupported("serviceTask")),
    ("no-decision", unsupported("businessRuleTask")),
    ("missing-reference", unsupported("receiveTask")),
    ("missing-reference", unsupported("receiveTask", messageRef="nothing")),
    ("no-timer", unsupported("intermediateCatchEvent", "<bpmn:timerEventDefinition />")),
    ("no-collection", unsupported("userTask", "<bpmn:multiInstanceLoopCharacteristics />")),
    ("no-start", unsupported("subProcess")),
]


@pytest.mark.parametrize(("code", "draw"), UNSUPPORTED)
def test_unsupported_element_is_refused_by_its_id(code, draw):
    """What is outside the profile is refused with id, name, line, reason and remedy."""
    problems = problems_of(with_extra(draw))
    problem = next(p for p in problems if p.code == code)
    assert problem.element in ("bad", "o")
    assert problem.name == ("坏" if problem.element == "bad" else "")
    assert problem.line > 2


def test_event_subprocess_is_refused_with_what_to_do():
    """The remedy says what to draw instead."""
    inner = Drawing()
    inner.start("s2")
    inner.end("e2")
    inner.path("s2", "e2")
    drawing = simple()
    drawing.sub("event", inner, name="收到异议", triggeredByEvent="true")
    problem = problems_of(drawing)[0]
    assert (problem.element, problem.name) == ("event", "收到异议")
    assert "边界事件" in problem.zh
    assert "boundary event" in problem.en


def test_all_problems_are_named_at_once():
    """Three mistakes are three problems in one error, sorted by line, and the error says them all."""
    drawing = simple()
    drawing.element("scriptTask", "s1")
    drawing.element("complexGateway", "s2")
    drawing.flow("b", "nowhere", flow_id="lost")
    with pytest.raises(DrawingRefused) as refused:
        drawing.compile()
    error = refused.value
    assert [(p.code, p.element) for p in error.problems] == [
        ("unsupported-element", "s1"),
        ("unsupported-element", "s2"),
        ("missing-reference", "lost"),
    ]
    for element in ("s1", "s2", "lost"):
        assert element in error.text("zh")
        assert element in error.text("en")
    assert error.as_dict()["found"]["problems"][0]["element"] == "s1"


def test_refusal_survives_pickling():
    """The error crosses process borders whole."""
    drawing = simple()
    drawing.element("scriptTask", "s1")
    with pytest.raises(DrawingRefused) as refused:
        drawing.compile()
    copy = pickle.loads(pickle.dumps(refused.value))
    assert copy.problems == refused.value.problems


def edited(old, new):
    xml = simple().xml().decode()
    assert old in xml
    return xml.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("code", "element", "xml"),
    [
        ("duplicate-id", "a", edited('<bpmn:userTask id="b"', '<bpmn:userTask id="a"')),
        ("missing-reference", "start_a_1", edited('sourceRef="start"', 'sourceRef="gone"')),
        ("missing-reference", "start_a_1", edited('sourceRef="start"', "")),
        ("no-id", "p", edited('id="a"', "")),
        ("bad-role", "a", edited('candidateGroups="clerk"', 'candidateGroups="clerk,judge"')),
        ("bad-role", "a", edited('candidateGroups="clerk"', 'candidateGroups="clerk@moon"')),
        ("branch-outside-branch", "a", edited('candidateGroups="clerk"', 'candidateGroups="clerk@branch"')),
        ("names-a-person", "a", edited("candidateGroups", 'assignee="张三" candidateGroups')),
        ("bad-expression", "a", edited('candidateGroups="clerk"', 'candidateGroups="=if"')),
        (
            "unknown-namespace",
            "a",
            edited("<bpmn:extensionElements>", '<bpmn:extensionElements><x:y xmlns:x="urn:x" />'),
        ),
        (
            "unsupported-extension",
            "a",
            edited(
                "<zeebe:assignmentDefinition", '<zeebe:taskDefinition type="x" /><zeebe:assignmentDefinition'
            ),
        ),
        (
            "unsupported-extension",
            "a",
            edited("<zeebe:assignmentDefinition", "<zeebe:executionListeners /><zeebe:assignmentDefinition"),
        ),
        (
            "unsupported-extension",
            "start_a_1",
            edited(
                'targetRef="a">',
                'targetRef="a"><bpmn:extensionElements><zeebe:executionListeners /></bpmn:extensionElements>',
            ),
        ),
        (
            "bad-form",
            "a",
            edited(
                "<zeebe:assignmentDefinition",
                '<zeebe:formDefinition formKey="x" /><zeebe:assignmentDefinition',
            ),
        ),
        ("flow-into-start", "start", edited('targetRef="end"', 'targetRef="start"')),
        ("many-starts", "s2", edited("</bpmn:process>", '<bpmn:startEvent id="s2" /></bpmn:process>')),
        (
            "no-start",
            "p",
            edited(
                '<bpmn:startEvent id="start"></bpmn:startEvent>', '<bpmn:intermediateThrowEvent id="start" />'
            ),
        ),
        ("unreachable", "b", edited('targetRef="b"', 'targetRef="end"')),
    ],
)
def test_mistake_is_refused_at_its_element(code, element, xml):
    """Each mistake is named by code at the element where its author finds it."""
    assert (code, element) in codes_of(xml)


def test_extension_of_unknown_namespace_names_it():
    """An extension the engine cannot know is refused with the namespace and the remedy."""
    xml = edited(
        "<bpmn:extensionElements>", '<bpmn:extensionElements><x:script xmlns:x="urn:vendor">rm</x:script>'
    )
    (problem,) = problems_of(xml)
    assert "urn:vendor" in problem.zh
    assert "zeebe" in problem.en


def test_attribute_of_unknown_namespace_is_noticed():
    """Foreign attributes have no effect, and the author is told."""
    xml = edited('<bpmn:userTask id="a"', '<bpmn:userTask xmlns:x="urn:x" x:async="true" id="a"')
    graph = compile_bpmn(xml, source="x")
    assert [(n.code, n.element) for n in graph.notices] == [("foreign-attribute", "a")]


def test_task_without_type_or_role_is_noticed():
    """A plain task is passed and a user task without a role is open to all posts; both are said."""
    drawing = Drawing()
    drawing.start()
    drawing.element("task", "plain")
    drawing.user("anyone", role="")
    drawing.end()
    drawing.path("start", "plain", "anyone", "end")
    assert [(n.code, n.element) for n in drawing.compile().notices] == [
        ("no-type", "plain"),
        ("no-role", "anyone"),
    ]


def test_decoration_is_noticed_not_dropped():
    """Lanes, annotations and data objects do nothing, and each is said by its id."""
    drawing = simple()
    drawing.element("textAnnotation", "note", "<bpmn:text>注意</bpmn:text>")
    drawing.element("dataObjectReference", "data")
    assert [(n.code, n.element) for n in drawing.compile().notices] == [
        ("not-executed", "note"),
        ("not-executed", "data"),
    ]


@pytest.mark.parametrize(
    "text", ["PT", "24h", "R0/P1D", "clock:", "clock:a-P", "P1X", "2026-13-01", "R/PT0S"]
)
def test_bad_timer_is_refused(text):
    """A timer that is no ISO 8601 and no clock is refused with examples of what is."""
    drawing = simple()
    drawing.timer("t", text, "a", interrupting=False)
    drawing.end("e2")
    drawing.path("t", "e2")
    (problem,) = problems_of(drawing)
    assert (problem.code, problem.element) == ("bad-timer", "t")
    assert "PT24H" in problem.zh


def test_repeating_timer_needs_a_non_interrupting_boundary():
    """A cycle that would interrupt can fire only once and is refused."""
    drawing = simple()
    drawing.timer("t", "R3/PT1H", "a", interrupting=True)
    drawing.end("e2")
    drawing.path("t", "e2")
    assert codes_of(drawing) == [("bad-timer", "t")]


# --- refused: structure


def test_choice_without_condition_is_refused_at_the_flow():
    """A flow out of an exclusive gateway has a condition or is the default."""
    drawing = simple()
    drawing.gateway("exclusive", "x")
    drawing.flow("b", "x")
    drawing.end("e1")
    drawing.end("e2")
    drawing.flow("x", "e1", flow_id="bare")
    drawing.flow("x", "e2", "=n = 1")
    assert ("no-condition", "bare") in codes_of(drawing)


def test_condition_must_be_feel():
    """A condition in another language is refused, with how FEEL begins."""
    drawing = simple()
    drawing.gateway("exclusive", "x", "d")
    drawing.flow("b", "x")
    drawing.end("e1")
    drawing.end("e2")
    drawing.flow("x", "e1", "${amount > 1}", flow_id="juel")
    drawing.flow("x", "e2", flow_id="d")
    assert codes_of(drawing) == [("not-feel", "juel")]


def test_exclusive_split_into_parallel_join_is_refused():
    """The commonest mistake, splitting by choice and joining in parallel, is found before anybody waits."""
    drawing = Drawing()
    drawing.start()
    drawing.gateway("exclusive", "x", "d")
    drawing.user("a")
    drawing.user("b")
    drawing.gateway("parallel", "j")
    drawing.end()
    drawing.path("start", "x")
    drawing.flow("x", "a", "=n = 1")
    drawing.flow("x", "b", flow_id="d")
    drawing.path("a", "j", "end")
    drawing.path("b", "j")
    (problem,) = problems_of(drawing)
    assert (problem.code, problem.element) == ("join-never-complete", "j")


def test_loop_without_a_way_out_is_refused():
    """A loop from which no end can be reached is refused."""
    drawing = simple()
    drawing.gateway("exclusive", "x")
    drawing.user("c")
    drawing.gateway("parallel", "p1")
    drawing.path("b", "p1", "c", "x", "c")
    assert codes_of(drawing)[0][0] == "no-way-out"


def test_parallel_paths_through_inclusive_join_are_sound():
    """Inclusive splits with inclusive joins, in parallel with others, are accepted."""
    drawing = Drawing()
    drawing.start()
    drawing.gateway("inclusive", "o", "d")
    for name in ("a", "b", "c"):
        drawing.user(name)
        drawing.flow("o", name, f"={name}" if name != "c" else "", flow_id="d" if name == "c" else f"o{name}")
        drawing.flow(name, "j")
    drawing.gateway("inclusive", "j")
    drawing.end()
    drawing.path("start", "o")
    drawing.path("j", "end")
    assert drawing.compile().nodes["j"].kind is Kind.INCLUSIVE


def test_many_parallel_tasks_are_examined_quickly():
    """Thirty parallel paths of five tasks have 6^30 interleavings; the search needs none of them."""
    drawing = Drawing()
    drawing.start()
    drawing.gateway("parallel", "s")
    drawing.gateway("parallel", "j")
    drawing.end()
    drawing.path("start", "s")
    drawing.path("j", "end")
    for row in range(30):
        names = [drawing.user(f"t{row}x{column}") for column in range(5)]
        drawing.path("s", *names, "j")
    began = time.perf_counter()
    drawing.compile()
    assert time.perf_counter() - began < 10


def test_flow_across_a_border_is_refused():
    """A flow does not cross the border of a sub-process."""
    inner = Drawing()
    inner.start("s2")
    inner.user("inside")
    inner.end("e2")
    inner.path("s2", "inside", "e2")
    drawing = simple()
    drawing.sub("box", inner)
    drawing.path("a", "box", "end")
    drawing.flow("inside", "b", flow_id="crossing")
    assert ("flow-crosses-border", "crossing") in codes_of(drawing)


def test_boundary_on_what_does_not_wait_is_refused():
    """A boundary event on a gateway or an instant task could never happen."""
    drawing = simple()
    drawing.rule("rule", "d", "r")
    drawing.path("b", "rule", "end")
    drawing.timer("t", "PT1H", "rule")
    drawing.end("e2")
    drawing.path("t", "e2")
    assert codes_of(drawing) == [("bad-boundary", "t")]


def test_uncaught_error_end_is_refused():
    """An error end that nothing catches is found before it happens."""
    drawing = simple()
    drawing.end("failed", drawing.named("error", "err", "E1"))
    drawing.gateway("exclusive", "x", "d")
    drawing.path("b", "x")
    drawing.flow("x", "failed", "=n = 1")
    drawing.flow("x", "end", flow_id="d")
    assert codes_of(drawing) == [("uncaught-error", "failed")]


def test_event_gateway_needs_two_events():
    """An event-based gateway chooses between events, not tasks."""
    drawing = simple()
    drawing.gateway("eventBased", "g")
    drawing.user("c")
    drawing.timer("t", "PT1H")
    drawing.path("b", "g", "c", "end")
    drawing.path("g", "t", "end")
    assert ("bad-event-gateway", "g") in codes_of(drawing)


# --- call activities


def test_called_process_is_built_in():
    """A call activity becomes a sub-process of the called drawing, whose version is part of the hash."""
    caller = Drawing()
    caller.start()
    caller.element("callActivity", "call", extensions='<zeebe:calledElement processId="p" />')
    caller.end()
    caller.path("start", "call", "end")
    caller.process_id = "caller"
    called = simple()
    graph = compile_bpmn(caller.xml(), source="x", called={"p": called.compile()})
    assert graph.nodes["call/a"].body == "call"
    assert graph.bodies["call"].start == "call/start"
    assert graph.bodies["call"].nodes == ("call/start", "call/a", "call/b", "call/end")
    called.user("c")
    called.path("a", "c", "end")
    other = compile_bpmn(caller.xml(), source="x", called={"p": called.compile()})
    assert other.hash != graph.hash


def test_unknown_called_process_is_refused():
    """A call of a process that is not there names what is."""
    drawing = simple()
    drawing.element("callActivity", "call", extensions='<zeebe:calledElement processId="gone" />')
    drawing.path("b", "call", "end")
    (problem,) = problems_of(drawing, called={"p": simple().compile()})
    assert (problem.code, problem.element) == ("unknown-process", "call")
    assert "gone" in problem.zh


def test_mapping_target_must_be_a_name():
    """A variable name with blanks or operators is refused at its element."""
    drawing = Drawing()
    drawing.start()
    drawing.user("a", extensions=mapping({"1 x": "=1"}))
    drawing.end()
    drawing.path("start", "a", "end")
    assert codes_of(drawing) == [("bad-variable", "a")]


def test_messages_say_what_to_do():
    """Every sentence of every problem is in both languages and names no placeholder."""
    for problem in problems_of(with_extra(*[draw for _, draw in UNSUPPORTED[:1]])):
        assert not re.search(r"[{}]", problem.zh + problem.en)
