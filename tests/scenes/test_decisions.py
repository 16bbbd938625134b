"""Decision tables of a scene: checked when it loads, evaluated by the drawing that names them."""

from __future__ import annotations

import pytest

from lianban.engines.scenes import check_scene, load_scene
from lianban.engines.scenes.decisions import UnknownDecision, decide
from lianban.engines.scenes.rehearsal import rehearse

TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="https://example.test/d">
  <inputData id="in" name="amount"><variable name="amount" typeRef="number" /></inputData>
  <decision id="needs_review" name="needs review">
    <variable name="needs review" typeRef="boolean" />
    <informationRequirement id="r"><requiredInput href="#in" /></informationRequirement>
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i"><inputExpression id="e" typeRef="number"><text>amount</text></inputExpression></input>
      <output id="o" name="needs review" typeRef="boolean" />
      <rule id="r1"><inputEntry id="a1"><text>&gt;= 1000</text></inputEntry><outputEntry id="b1"><text>true</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="a2"><text>&lt; 1000</text></inputEntry><outputEntry id="b2"><text>false</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""

TASK = """<bpmn:businessRuleTask id="rule" name="是否审核">
      <bpmn:extensionElements><zeebe:calledDecision decisionId="needs_review" resultVariable="needed" /></bpmn:extensionElements>
      <bpmn:incoming>handled</bpmn:incoming>
      <bpmn:outgoing>ruled</bpmn:outgoing>
    </bpmn:businessRuleTask>
    <bpmn:sequenceFlow id="ruled" sourceRef="rule" targetRef="review" />
    <bpmn:startEvent"""


@pytest.fixture
def ruled(sandbox):
    """The sample scene with a decision between its two steps."""
    sandbox.write("decisions/review.dmn", TABLE)
    sandbox.edit("process.bpmn", "<bpmn:startEvent", TASK)
    sandbox.edit(
        "process.bpmn",
        'id="handled" sourceRef="handle" targetRef="review"',
        'id="handled" sourceRef="handle" targetRef="rule"',
    )
    sandbox.edit(
        "process.bpmn",
        "<bpmn:incoming>handled</bpmn:incoming>\n      <bpmn:outgoing>decided",
        "<bpmn:incoming>ruled</bpmn:incoming>\n      <bpmn:outgoing>decided",
    )
    return sandbox


def test_decision_is_evaluated_by_its_id(ruled):
    """A loaded table decides; an id that no table has is an error of the family."""
    scene = load_scene(ruled.folder)
    assert decide(scene.decisions, "needs_review", {"amount": 1000}) is True
    assert decide(scene.decisions, "needs_review", {"amount": 999}) is False
    with pytest.raises(UnknownDecision):
        decide(scene.decisions, "needs_revue", {})


def test_drawing_with_a_decision_is_rehearsed(ruled):
    """A scene test runs through the business-rule task without a database."""
    assert [entry.failure for entry in rehearse(load_scene(ruled.folder), ruled.folder)] == [None]


def test_decision_that_does_not_exist_is_refused(ruled):
    """A business-rule task must name a decision of the folder; the nearest is suggested."""
    ruled.edit("process.bpmn", 'decisionId="needs_review"', 'decisionId="needs_revue"')
    assert any('Did you mean "needs_review"?' in problem.en for problem in check_scene(ruled.folder))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<text>true</text>", "<text>tru(</text>"),
        ("<definitions", "<definition"),
        ("<text>amount</text>", "<text>amont</text>"),
    ],
)
def test_table_that_is_wrong_is_refused(ruled, old, new):
    """A table with an expression that is no FEEL, or that is no DMN, keeps the scene from loading."""
    ruled.edit("decisions/review.dmn", old, new)
    assert {problem.file for problem in check_scene(ruled.folder)} >= {"decisions/review.dmn"}


def test_one_decision_in_two_files_is_refused(ruled):
    """A decision's id is unique in the scene."""
    ruled.write("decisions/second.dmn", TABLE)
    assert any("already" in problem.en for problem in check_scene(ruled.folder))
