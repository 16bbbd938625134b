"""SpiffWorkflow as an oracle, on the elements both know: user and manual tasks, gateways, loops, sub-processes."""

import re
from pathlib import Path
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from process_blocks import PORTABLE, PORTABLE_LEAVES, blocks, choices, draw_process
from process_drawings import NOW
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from lianban.engines.process import RowState, Simulation, TaskCompleted, compile_bpmn


class Spiff:
    """A process run by SpiffWorkflow, its conditions in Python."""

    def __init__(self, block, variables):
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(draw_process(block, "python").xml()), filename="drawn.bpmn")
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.task_tree.data.update(variables)
        for task in self.workflow.get_tasks(state=TaskState.READY):
            task.data.update(variables)
        self.settle()

    def settle(self):
        """Run everything that waits for nobody: all but user tasks. A manual task is passed, as with us."""
        while True:
            self.workflow.do_engine_steps()
            passed = [t for t in self.workflow.get_tasks(state=TaskState.READY) if not self.is_user(t)]
            if not passed:
                return
            for task in passed:
                task.run()

    @staticmethod
    def is_user(task):
        return type(task.task_spec).__name__ == "UserTask"

    def tasks(self):
        return {
            t.task_spec.bpmn_id: t for t in self.workflow.get_tasks(state=TaskState.READY) if self.is_user(t)
        }

    def complete(self, element, variables):
        task = self.tasks()[element]
        task.data.update(variables)
        task.run()
        self.settle()


def joins_in_a_loop(block, looping=False):
    """SpiffWorkflow 3.2 lets the second round of a loop pass a join with one token (it counts those of the
    first round), where BPMN 2.0 asks for one on every flow. Such drawings are left to the reference executor."""
    looping = looping or block.kind == "loop"
    return (looping and block.kind in ("and", "or")) or any(joins_in_a_loop(b, looping) for b in block.inside)


def test_oracle_is_not_part_of_the_program():
    """SpiffWorkflow is LGPL and never runs with us: no module imports it, and the environment of the program lacks it."""
    project = Path(__file__).parents[2]
    sources = [*(project / "src").rglob("*.py"), *(project / "packages").glob("*/src/**/*.py")]
    assert len(sources) > 300
    for source in sources:
        assert not re.search(
            r"^\s*(?:import|from)\s+SpiffWorkflow|import_module\(.SpiffWorkflow",
            source.read_text("utf-8"),
            re.M,
        ), source
    assert "spiffworkflow" not in (project / "requirements" / "run.txt").read_text("utf-8").lower()


@settings(max_examples=60, deadline=None)
@given(blocks(PORTABLE, PORTABLE_LEAVES, max_leaves=6), st.integers(0, 2**32))
def test_same_tasks_as_spiffworkflow(block, seed):
    """At every moment both engines offer the same user tasks, and both end at the same moment."""
    assume(not joins_in_a_loop(block))
    random = Random(seed)
    variables = choices(block, random)
    ours = Simulation(compile_bpmn(draw_process(block).xml(), source="drawn"), NOW, variables)
    theirs = Spiff(block, variables)
    for _ in range(40):
        offered = sorted(task.element for task in ours.tasks)
        assert offered == sorted(theirs.tasks())
        assert (ours.ended is RowState.DONE) == theirs.workflow.is_completed()
        if not offered:
            return
        element = random.choice(offered)
        said = {}
        if element.endswith("_again"):
            said = {element.removesuffix("_again") + "_more": random.random() < 0.3}
        ours.feed(TaskCompleted(ours.task(element).token_id, said))
        theirs.complete(element, said)
