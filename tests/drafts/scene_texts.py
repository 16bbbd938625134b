"""Drawings and tables that the tests of drafts save: the live drawing, edited as text, and small tables."""

from __future__ import annotations

from pathlib import Path

DRAWING = "process.bpmn"
TABLE = "decisions/grade.dmn"
SOURCE = (Path(__file__).parents[2] / "scenes" / "assistance" / "process.bpmn").read_text("utf-8")
RENAMED = SOURCE.replace(
    '<bpmn:userTask id="check" name="核验反馈">', '<bpmn:userTask id="check" name="核验与登记">'
)
WRONG_ROLE = SOURCE.replace("judge@lead", "juge@lead", 1)
MOVED = SOURCE.replace('<dc:Bounds x="', '<dc:Bounds x="1', 1)
assert len({SOURCE, RENAMED, WRONG_ROLE, MOVED}) == 4

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="grades" name="分级" namespace="http://lianban.example/grades">
"""


def table(rules: str = "", policy: str = "UNIQUE", decision: str = "grade", more: str = "") -> str:
    """A table that grades by the number of units."""
    rules = rules or rule("r1", "&lt; 10", '"少"') + rule("r2", "&gt;= 10", '"多"')
    return f"""{_HEAD}  <inputData id="in_count" name="count"><variable id="v_count" name="count" typeRef="number"/></inputData>
  <decision id="{decision}" name="分级">
    <variable id="v_{decision}" name="{decision}" typeRef="string"/>
    <informationRequirement id="needs_count"><requiredInput href="#in_count"/></informationRequirement>
    <decisionTable id="t_{decision}" hitPolicy="{policy}">
      <input id="i1" label="件数">
        <inputExpression id="ie1" typeRef="number"><text>count</text></inputExpression>
      </input>
      <output id="o1" name="{decision}" typeRef="string"/>
{rules}    </decisionTable>
  </decision>
{more}</definitions>
"""


def rule(key: str, test: str, output: str) -> str:
    return f"""      <rule id="{key}">
        <inputEntry id="{key}_in">
          <text>{test}</text>
        </inputEntry>
        <outputEntry id="{key}_out">
          <text>{output}</text>
        </outputEntry>
      </rule>
"""


def with_call(text: str = SOURCE, step: str = "复核") -> str:
    """The drawing with a call, before the first step, of another process of the file, which has one step."""
    added = (
        '<bpmn:callActivity id="before" name="立案前复核"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="review" /></bpmn:extensionElements>'
        "<bpmn:incoming>to_draft</bpmn:incoming><bpmn:outgoing>reviewed</bpmn:outgoing></bpmn:callActivity>"
        '<bpmn:sequenceFlow id="reviewed" sourceRef="before" targetRef="draft" />'
    )
    called = (
        '<bpmn:process id="review" name="复核流程" isExecutable="true"><bpmn:startEvent id="review_start" />'
        f'<bpmn:userTask id="review_step" name="{step}"><bpmn:extensionElements>'
        '<zeebe:formDefinition formId="archive" /><zeebe:assignmentDefinition candidateGroups="clerk@lead" />'
        '</bpmn:extensionElements></bpmn:userTask><bpmn:endEvent id="review_end" />'
        '<bpmn:sequenceFlow id="review_1" sourceRef="review_start" targetRef="review_step" />'
        '<bpmn:sequenceFlow id="review_2" sourceRef="review_step" targetRef="review_end" /></bpmn:process>'
    )
    text = text.replace('<bpmn:userTask id="draft"', added + '<bpmn:userTask id="draft"', 1)
    text = text.replace('sourceRef="start" targetRef="draft"', 'sourceRef="start" targetRef="before"', 1)
    at = text.index('<bpmn:userTask id="draft"')
    text = text[:at] + text[at:].replace("<bpmn:incoming>to_draft<", "<bpmn:incoming>reviewed<", 1)
    return text.replace("</bpmn:process>", "</bpmn:process>" + called, 1)


def with_rule_task(text: str = SOURCE) -> str:
    """The drawing with a business-rule task between the start and the first step."""
    added = (
        '<bpmn:businessRuleTask id="grading" name="分级"><bpmn:extensionElements>'
        '<zeebe:calledDecision decisionId="grade" resultVariable="grade" />'
        '<zeebe:ioMapping><zeebe:input source="=12" target="count" /></zeebe:ioMapping></bpmn:extensionElements>'
        "<bpmn:incoming>to_draft</bpmn:incoming><bpmn:outgoing>graded</bpmn:outgoing></bpmn:businessRuleTask>"
        '<bpmn:sequenceFlow id="graded" sourceRef="grading" targetRef="draft" />'
        '<bpmn:userTask id="draft"'
    )
    text = text.replace('<bpmn:userTask id="draft"', added, 1)
    text = text.replace('sourceRef="start" targetRef="draft"', 'sourceRef="start" targetRef="grading"', 1)
    at = text.index('<bpmn:userTask id="draft"')
    return text[:at] + text[at:].replace("<bpmn:incoming>to_draft<", "<bpmn:incoming>graded<", 1)
