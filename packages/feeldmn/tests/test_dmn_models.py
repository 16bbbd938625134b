"""Models: requirements, boxed expressions, types, services, imports."""

from __future__ import annotations

from pathlib import Path

import pytest
from dmn_writing import decision, definitions, input_data, literal

from feeldmn import DmnNotFound, DmnReadError, LimitExceeded, models_in, read_dmn
from feeldmn.dmn.xml import MODEL_NAMESPACES


def test_decisions_require_decisions():
    """A decision is made of those it requires, each decided once."""
    content = definitions(
        input_data("Claim amount", "number"),
        decision("Court fee", literal("Claim amount * 0.02"), needs=["Claim amount"], kind="number"),
        decision(
            "Total due", literal("Claim amount + Court fee"), needs=["Claim amount"], decides=["Court fee"]
        ),
    )
    model = read_dmn(content)
    assert [found.name for found in model.decisions] == ["Court fee", "Total due"]
    assert model.decision("Total_due").evaluate({"Claim amount": 1000}).value == 1020


@pytest.mark.parametrize("version", sorted(MODEL_NAMESPACES))
def test_every_version_is_read(version):
    """DMN 1.1 to 1.6 differ in what this library does not read."""
    content = definitions(decision("d", literal("1 + 1")), version=version)
    assert read_dmn(content).decision("d").evaluate().value == 2


BOXED = {
    "context": (
        '<context><contextEntry><variable name="a"/><literalExpression><text>2</text></literalExpression></contextEntry>'
        '<contextEntry><variable name="b c"/><literalExpression><text>a * 3</text></literalExpression></contextEntry>'
        "<contextEntry><literalExpression><text>b c + a</text></literalExpression></contextEntry></context>",
        8,
    ),
    "list": (f"<list>{literal('1')}{literal('2')}</list>", [1, 2]),
    "relation": (
        f'<relation><column name="a"/><column name="b"/><row>{literal("1")}{literal("2")}</row></relation>',
        [{"a": 1, "b": 2}],
    ),
    "function and invocation": (
        '<context><contextEntry><variable name="f"/><functionDefinition><formalParameter name="n" typeRef="number"/>'
        f"{literal('n * 2')}</functionDefinition></contextEntry><contextEntry><invocation>{literal('f')}"
        f'<binding><parameter name="n"/>{literal("21")}</binding></invocation></contextEntry></context>',
        42,
    ),
    "conditional": (
        f"<conditional><if>{literal('1 > 2')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>",
        2,
    ),
    "for": (
        f'<for iteratorVariable="n"><in>{literal("1..3")}</in><return>{literal("n * n")}</return></for>',
        None,
    ),
    "for over a list": (
        f'<for iteratorVariable="n"><in>{literal("[1, 2, 3]")}</in><return>{literal("n * n")}</return></for>',
        [1, 4, 9],
    ),
    "some": (
        f'<some iteratorVariable="n"><in>{literal("[1, 2]")}</in><satisfies>{literal("n > 1")}</satisfies></some>',
        True,
    ),
    "every": (
        f'<every iteratorVariable="n"><in>{literal("[1, 2]")}</in><satisfies>{literal("n > 1")}</satisfies></every>',
        False,
    ),
    "filter": (
        f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > 1')}</match></filter>",
        [2, 3],
    ),
    "nothing": ("", None),
}


@pytest.mark.parametrize("kind", BOXED)
def test_boxed_expression(kind):
    """Each boxed expression gives what its FEEL counterpart gives."""
    expression, value = BOXED[kind]
    assert read_dmn(definitions(decision("d", expression))).decision("d").evaluate().value == value


TYPES = (
    '<itemDefinition name="tState"><typeRef>string</typeRef><allowedValues><text>"open", "closed"</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tParty"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="share of debt"><typeRef>number</typeRef><allowedValues><text>[0..1]</text></allowedValues></itemComponent></itemDefinition>'
    '<itemDefinition name="tParties" isCollection="true"><typeRef>tParty</typeRef></itemDefinition>'
)


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("tState", "open", "open"),
        ("tState", "lost", None),
        ("tState", 1, None),
        ("tParty", {"name": "甲", "share of debt": 1}, {"name": "甲", "share of debt": 1}),
        ("tParty", {"name": "甲", "share of debt": 2}, None),
        ("tParty", {"name": "甲"}, None),
        ("tParties", {"name": "甲", "share of debt": 1}, [{"name": "甲", "share of debt": 1}]),
        ("number", [5], 5),
        ("number", "5", None),
    ],
)
def test_item_definitions_constrain_inputs(kind, value, result):
    """A value that does not conform to the type of its input is null, and the diagnostic says so."""
    content = definitions(TYPES, input_data("x", kind), decision("d", literal("x"), needs=["x"]))
    evaluation = read_dmn(content).decision("d").evaluate({"x": value})
    assert evaluation.value == result
    assert [found.code for found in evaluation.diagnostics] == ([] if result is not None else ["dmn.type"])


def test_components_of_types_are_known_names():
    """A path or a filter reads names of several words that a type declares."""
    content = definitions(
        TYPES,
        input_data("parties", "tParties"),
        decision("d", literal("parties[share of debt > 0.5].name"), needs=["parties"]),
    )
    parties = [{"name": "甲", "share of debt": 0.3}, {"name": "乙", "share of debt": 0.7}]
    assert read_dmn(content).decision("d").evaluate({"parties": parties}).value == ["乙"]


KNOWLEDGE = (
    '<businessKnowledgeModel id="fee" name="fee"><variable name="fee"/><encapsulatedLogic>'
    '<formalParameter name="amount" typeRef="number"/>'
    + literal("amount * 0.01")
    + "</encapsulatedLogic></businessKnowledgeModel>"
)


def test_business_knowledge_model_is_a_function():
    """It is called from decisions that require it, and by itself."""
    model = read_dmn(definitions(KNOWLEDGE, decision("d", literal("fee(200)"), knows=["fee"])))
    assert model.decision("d").evaluate().value == 2
    assert model.bkm("fee").evaluate({"amount": 300}).value == 3


def test_decision_service_takes_its_inputs():
    """Input decisions are replaced by the values given, inside a call and outside."""
    service = (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#total"/>'
        '<inputDecision href="#fee"/><inputData href="#claim"/></decisionService>'
    )
    content = definitions(
        input_data("claim"),
        decision("fee", literal("1000")),
        decision("total", literal("claim + fee"), needs=["claim"], decides=["fee"]),
        service,
        decision("outer", literal("s(5, 7)"), knows=["s"]),
    )
    model = read_dmn(content)
    assert model.service("s").evaluate({"claim": 1, "fee": 2}).value == 3
    assert model.decision("outer").evaluate().value == 12
    assert model.decision("total").evaluate({"claim": 1}).value == 1001


def test_imported_model_is_found_beside_the_file(tmp_path: Path):
    """Types, knowledge and decisions of another file are used by the name of the import."""
    other = definitions(
        KNOWLEDGE, TYPES, decision("base", literal("10")), namespace="https://example.org/other"
    )
    (tmp_path / "other.dmn").write_bytes(other)
    main = definitions(
        '<import namespace="https://example.org/other" name="the other" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
        input_data("state", "the other.tState"),
        '<decision id="d" name="d"><variable name="d"/>'
        '<informationRequirement><requiredInput href="#state"/></informationRequirement>'
        '<informationRequirement><requiredDecision href="https://example.org/other#base"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="https://example.org/other#fee"/></knowledgeRequirement>'
        + literal("if state = null then 0 else the other.fee(100) + the other.base")
        + "</decision>",
    )
    (tmp_path / "main.dmn").write_bytes(main)
    model = read_dmn(tmp_path / "main.dmn")
    assert model.decision("d").evaluate({"state": "open"}).value == 11
    assert model.decision("d").evaluate({"state": "lost"}).value == 0
    assert read_dmn(main, resolve=models_in(tmp_path)).check() == []
    assert [found.code for found in read_dmn(main).check()][:1] == ["dmn.import"]


def test_decision_that_requires_itself_ends():
    """A circle of requirements is null with its reason, and a finding."""
    content = definitions(
        decision("a", literal("b + 1"), decides=["b"]), decision("b", literal("a + 1"), decides=["a"])
    )
    model = read_dmn(content)
    evaluation = model.decision("a").evaluate()
    assert evaluation.value is None
    assert evaluation.diagnostics[0].code == "dmn.cycle"
    assert "dmn.cycle" in [found.code for found in model.check()]


def test_missing_input_is_null_with_its_reason():
    """An input that was not handed in is said by name."""
    content = definitions(input_data("x"), decision("d", literal("x + 1"), needs=["x"]))
    codes = [found.code for found in read_dmn(content).decision("d").evaluate({}).diagnostics]
    assert codes == ["dmn.input_missing", "feel.operands"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not well-formed"),
        (b"<definitions", "not well-formed"),
        (b"<html/>", "not a DMN model"),
        (b'<definitions xmlns="https://example.org/else"/>', "not a DMN model"),
        (
            b'<!DOCTYPE d [<!ENTITY a "b">]><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
            "document type",
        ),
        (
            b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>'
            b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="&lol2;"/>',
            "document type",
        ),
    ],
)
def test_file_that_is_no_model_is_refused(content, message):
    """Anything but a DMN file is refused, and so is one that could hide entities."""
    with pytest.raises(DmnReadError, match=message) as caught:
        read_dmn(content, source="x.dmn")
    assert "x.dmn" in str(caught.value)


def test_unknown_decision_is_named_with_those_there_are():
    """Asking for what is not there lists what is."""
    with pytest.raises(DmnNotFound, match="known one"):
        read_dmn(definitions(decision("known one", literal("1")))).decision("other")


def test_expression_in_another_language_is_said_so():
    """A literal expression in another language is null with the reason, and a finding."""
    content = definitions(
        decision(
            "d",
            '<literalExpression expressionLanguage="https://example.org/juel"><text>${x}</text></literalExpression>',
        )
    )
    model = read_dmn(content)
    assert [found.code for found in model.decision("d").evaluate().diagnostics] == ["dmn.language"]
    assert [found.code for found in model.check()] == ["dmn.language"]


def test_long_chains_in_a_model_are_checked():
    """Checks and unary tests do not give up on thousands of operators."""
    content = definitions(input_data("x"), decision("d", literal(" + ".join(["x"] * 3000)), needs=["x"]))
    model = read_dmn(content)
    assert model.decision("d").evaluate({"x": 1}).value == 3000
    assert {found.code for found in model.check()} <= {"check.not_analysed"}


def test_lines_of_the_file_are_named():
    """Diagnostics, findings and problems know the line of the file, counted within a text as well."""
    content = definitions(
        "\n",
        input_data("x", "number"),
        "\n\n",
        decision("d", "\n" + literal('1 +\n  x + "a"'), needs=["x"]),
        "\n",
        decision("e", literal("1 +")),
    )
    model = read_dmn(content, source="lines.dmn")
    diagnostic = model.decision("d").evaluate({"x": 1}).diagnostics[0]
    assert (diagnostic.line, diagnostic.position.line) == (6, 2)
    assert {finding.code: finding.line for finding in model.check()} == {"check.type": 6, "feel.syntax": 7}


@pytest.fixture(scope="module")
def fees():
    """A model with everything that Camunda Modeler writes around the logic."""
    return read_dmn(Path(__file__).parent / "models" / "fees.dmn")


@pytest.mark.parametrize(
    ("claim", "fee", "rules", "law"),
    [
        ({"amount": 8000, "waived": False}, {"fee": 50, "reason": "flat"}, (2,), "Measures, art. 13"),
        ({"amount": 30000, "waived": False}, {"fee": 550, "reason": "by amount"}, (3,), "Measures, art. 13"),
        ({"amount": 30000, "waived": True}, {"fee": 0, "reason": "waived"}, (1, 3), "Measures, art. 8"),
    ],
)
def test_file_of_camunda_modeler(fees, claim, fee, rules, law):
    """Extensions, empty cells, labels, notes and diagrams are read past; the trace tells which rules matched."""
    evaluation = fees.decision("Filing fee").evaluate({"Claim": claim}, trace=True)
    assert evaluation.value == fee
    assert evaluation.diagnostics == ()
    (hit,) = evaluation.hits
    assert (hit.where, hit.rules) == ("fees.dmn, decision 'Filing fee'", rules)
    assert hit.annotations[0] == (law,)


def test_file_of_camunda_modeler_is_sound(fees):
    """Its checks find nothing, and its decisions know the inputs they need."""
    assert fees.check() == []
    assert [found.name for found in fees.decision("Decision_fee").inputs] == ["Claim"]
    assert fees.decision("Filing fee").evaluate({"Claim": {"amount": 1, "waived": False}}).hits == ()


def test_types_that_cannot_be_are_found():
    """A type that is not defined, and one that is defined by itself, are findings; the rest goes on."""
    content = definitions(
        '<itemDefinition name="tLoop"><typeRef>tOther</typeRef></itemDefinition>'
        '<itemDefinition name="tOther"><typeRef>tLoop</typeRef></itemDefinition>'
        '<itemDefinition name="tTree"><itemComponent name="value"><typeRef>number</typeRef></itemComponent>'
        '<itemComponent name="below" isCollection="true"><typeRef>tTree</typeRef></itemComponent></itemDefinition>',
        input_data("x", "tUnheard"),
        input_data("y", "tLoop"),
        input_data("z", "tTree"),
        decision("d", literal("[x, y, z]"), needs=["x", "y", "z"]),
    )
    model = read_dmn(content)
    tree = {"value": 1, "below": [{"value": 2, "below": []}]}
    assert model.decision("d").evaluate({"x": 1, "y": 2, "z": tree}).value == [None, 2, tree]
    assert model.decision("d").evaluate({"x": 1, "y": 2, "z": {"value": "1", "below": []}}).value == [
        None,
        2,
        None,
    ]
    assert {found.code for found in model.check()} == {"dmn.type_cycle", "check.unknown_type"}


def test_boxed_expressions_nested_too_deep_are_null():
    """Nesting without end is a finding and no crash."""
    content = definitions(decision("d", "<list>" * 100 + literal("1") + "</list>" * 100))
    model = read_dmn(content)
    assert "dmn.depth" in [found.code for found in model.decision("d").evaluate().diagnostics]
    assert "dmn.depth" in [found.code for found in model.check()]


def knowledge(name, text, parameter="n", needs=""):
    """Return a business knowledge model with one parameter."""
    requirement = (
        f'<knowledgeRequirement><requiredKnowledge href="#{needs}"/></knowledgeRequirement>' if needs else ""
    )
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/><encapsulatedLogic>'
        f'<formalParameter name="{parameter}"/>{literal(text)}</encapsulatedLogic>{requirement}</businessKnowledgeModel>'
    )


def test_knowledge_may_call_itself():
    """A business knowledge model is known in its own body, and two may call each other."""
    model = read_dmn(
        definitions(
            knowledge("factorial", "if n < 2 then 1 else n * factorial(n - 1)"),
            knowledge("is even", "if n = 0 then true else is odd(n - 1)", needs="is odd"),
            knowledge("is odd", "if n = 0 then false else is even(n - 1)", needs="is even"),
            decision("d", literal("[factorial(5), is even(7)]"), knows=["factorial", "is even"]).replace(
                "#is_even", "#is even"
            ),
        )
    )
    assert model.check() == []
    assert model.decision("d").evaluate().value == [120, False]


def test_knowledge_without_end_is_stopped():
    """Recursion without end reaches the bound."""
    model = read_dmn(
        definitions(knowledge("loop", "loop(n)"), decision("d", literal("loop(1)"), knows=["loop"]))
    )
    with pytest.raises(LimitExceeded):
        model.decision("d").evaluate()


def test_cells_of_a_relation_do_not_see_each_other():
    """A cell reads the names around the relation, not the other cells of its row."""
    relation = (
        f'<relation><column name="a"/><column name="b"/><row>{literal("1")}{literal("a")}</row></relation>'
    )
    content = definitions(input_data("a"), decision("d", relation, needs=["a"]))
    assert read_dmn(content).decision("d").evaluate({"a": 7}).value == [{"a": 1, "b": 7}]
