"""Messages reach the step that waits for them, once, and move the matter on."""

from __future__ import annotations

from uuid import uuid4

import pytest
from officials import MONDAY, refused

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="https://lianban.example/tests">
  <bpmn:message id="paid" name="paid" />
  <bpmn:process id="waits" name="等待消息" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:receiveTask id="wait" name="等待缴费" messageRef="paid"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:receiveTask>
    <bpmn:exclusiveGateway id="much" default="less"><bpmn:incoming>b</bpmn:incoming><bpmn:outgoing>more</bpmn:outgoing><bpmn:outgoing>less</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:endEvent id="full"><bpmn:incoming>more</bpmn:incoming></bpmn:endEvent>
    <bpmn:receiveTask id="rest" name="等待余款" messageRef="paid"><bpmn:incoming>less</bpmn:incoming><bpmn:outgoing>c</bpmn:outgoing></bpmn:receiveTask>
    <bpmn:endEvent id="later"><bpmn:incoming>c</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="wait" />
    <bpmn:sequenceFlow id="b" sourceRef="wait" targetRef="much" />
    <bpmn:sequenceFlow id="more" sourceRef="much" targetRef="full"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=amount &gt;= 100</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="less" sourceRef="much" targetRef="rest" />
    <bpmn:sequenceFlow id="c" sourceRef="rest" targetRef="later" />
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def waiting(city, monkeypatch):
    """A matter whose drawing waits for a message and nothing else."""
    from lianban.actions.open_matter import Opening, open_matter
    from lianban.engines.process import compile_bpmn
    from lianban.records import scenes

    drawing = uuid4()
    city.superuser.execute(
        "INSERT INTO drawing (id, scene, version, graph_hash, bpmn, recorded_at) VALUES (%s, 'observed', 99, %s, %s, now())",
        [drawing, compile_bpmn(BPMN.encode(), source="test").hash, BPMN],
    )
    monkeypatch.setattr(scenes, "current_drawing", lambda cursor, name: drawing)
    with city.acting_as("court.clerk") as acting:
        matter = open_matter(acting, "observed", Opening({"case_id": "1001"}))
    return matter


def send(city, matter, name="paid", by="court.clerk", **variables):
    from lianban.actions.receive_message import receive_message

    with city.acting_as(by, MONDAY) as acting:
        receive_message(acting, matter, name, variables)


def test_message_moves_the_matter_on(city, waiting):
    """What the message carries decides the way; the matter ends, with an event and a ledger entry."""
    send(city, waiting, amount=120, note="收据一号")
    assert city.one("SELECT state FROM matter WHERE id = %s", waiting) == "closed"
    assert city.column("SELECT act FROM ledger_entry WHERE act = 'message.received'") == ["message.received"]
    assert "收据一号" not in city.one("SELECT string_agg(variables::text, '') FROM scope")


def test_second_message_goes_to_the_next_step(city, waiting):
    """Too little is waited for once more; the same name reaches the step that waits now."""
    send(city, waiting, amount=20)
    assert city.column("SELECT element FROM token WHERE matter_id = %s", waiting) == ["rest"]
    send(city, waiting, amount=80)
    assert city.one("SELECT state FROM matter WHERE id = %s", waiting) == "closed"


def test_message_nobody_waits_for_changes_nothing(city, waiting):
    """An unknown name, a matter that is over, a role that may not: refused in words, and nothing has moved."""
    from lianban.actions.errors import MatterIsClosed, MatterNotFound, NothingToDo, RoleMayNot

    refused(city, NothingToDo, lambda: send(city, waiting, name="other"))
    refused(city, RoleMayNot, lambda: send(city, waiting, by="court.seal_keeper"))
    refused(city, MatterNotFound, lambda: send(city, waiting, by="tax.liaison"))
    send(city, waiting, amount=120)
    refused(city, MatterIsClosed, lambda: send(city, waiting, amount=120))
