"""SpiffWorkflow 3.2 doing our matters: the same steps, its state serialised and committed after each.

Two ways: the state is read back before each step, as a web application does that cannot know which process the next
request reaches; or the workflow stays in memory, which needs one process that never ends. Both are spared the rest: the
specification is parsed once, one row is updated by its key as a superuser, and nothing is written but the state: no
history, no tasks to list, no ledger, no policies.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from typing import Any
from uuid import UUID, uuid4

NAME = f"SpiffWorkflow {metadata.version('SpiffWorkflow')}"
# The steps of a unit in the letters scene, as people do them.
BRANCH = ("sign", "route", "answer", "check")


def letters_drawing() -> bytes:
    """The letters scene without its timers and ways back: three steps, 31 branches at once, one step."""
    from process_drawings import Drawing

    inner = Drawing(language="python")
    inner.start("unit_start")
    for name in BRANCH:
        inner.user(name)
    inner.end("unit_done")
    inner.path("unit_start", *BRANCH, "unit_done")
    drawing = Drawing(language="python")
    drawing.start()
    for name in ("draft", "approve", "seal"):
        drawing.user(name)
    each = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false">'
        "<bpmn:loopDataInputRef>units</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="unit" name="unit" /></bpmn:multiInstanceLoopCharacteristics>'
    )
    drawing.sub("units_answer", inner, each)
    drawing.user("archive")
    drawing.end()
    drawing.path("start", "draft", "approve", "seal", "units_answer", "archive", "end")
    return drawing.xml()


def observed_drawing() -> bytes:
    """The observed scene: one step, again and again until the last."""
    from process_drawings import Drawing

    drawing = Drawing(language="python")
    drawing.start()
    drawing.user("record")
    drawing.gateway("exclusive", "last", "more")
    drawing.end()
    drawing.path("start", "record", "last")
    drawing.flow("last", "end", "last")
    drawing.flow("last", "record", "", "more")
    return drawing.xml()


class Cases:
    """Cases of one drawing, kept in a table of their own on the same server, written by the superuser."""

    def __init__(self, connection: Any, drawing: bytes) -> None:
        from lxml import etree
        from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(drawing), filename="drawn.bpmn")
        self.spec, self.subprocesses = parser.get_spec("p"), parser.get_subprocess_specs("p")
        self.serializer = BpmnWorkflowSerializer()
        self.connection = connection
        connection.execute("CREATE TABLE IF NOT EXISTS spiff_case (id uuid PRIMARY KEY, state text NOT NULL)")

    def start(self, data: dict[str, Any]) -> tuple[UUID, Any]:
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
        from SpiffWorkflow.util.task import TaskState

        workflow = BpmnWorkflow(self.spec, self.subprocesses)
        for task in workflow.get_tasks(state=TaskState.READY):
            task.data.update(data)
        workflow.do_engine_steps()
        key = uuid4()
        self.connection.execute("INSERT INTO spiff_case VALUES (%s, %s)", [key, self.state(workflow)])
        return key, workflow

    def state(self, workflow: Any) -> str:
        return self.serializer.serialize_json(workflow)

    def save(self, key: UUID, workflow: Any) -> None:
        """One statement in autocommit: a durable commit for each step, as with us one by one."""
        self.connection.execute("UPDATE spiff_case SET state = %s WHERE id = %s", [self.state(workflow), key])

    def read(self, key: UUID) -> Any:
        (text,) = self.connection.execute("SELECT state FROM spiff_case WHERE id = %s", [key]).fetchone()
        return self.serializer.deserialize_json(text)

    def run(self, data: dict[str, Any], said: Callable[[int], dict[str, Any]], read_back: bool) -> int:
        """One case from its start to its end; returns how many steps people did."""
        key, workflow = self.start(data)
        steps = 0
        while True:
            if read_back:
                workflow = self.read(key)
            if workflow.is_completed():
                return steps
            steps += 1
            do_next(workflow, said(steps))
            self.save(key, workflow)


def do_next(workflow: Any, data: dict[str, Any]) -> None:
    """Complete the open task that came first."""
    from SpiffWorkflow.util.task import TaskState

    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    task.data.update(data)
    task.run()
    workflow.do_engine_steps()


def ready(workflow: Any, element: str) -> list[Any]:
    """The open tasks at a step."""
    from SpiffWorkflow.util.task import TaskState

    tasks = workflow.get_tasks(state=TaskState.READY, manual=True)
    return [task for task in tasks if task.task_spec.bpmn_id == element]


def do_until(workflow: Any, elements: tuple[str, ...]) -> None:
    """Every open task at these steps, in turn."""
    for element in elements:
        for task in ready(workflow, element):
            task.run()
        workflow.do_engine_steps()
