"""The drawing of a scene, compiled, and checked against everything else that the scene declares."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from lianban.engines.process.compiling import compile_bpmn
from lianban.engines.process.errors import DrawingRefused, Problem
from lianban.engines.process.graph import Graph, Kind, Node
from lianban.engines.process.timers import NotATimer, timer_spec
from lianban.engines.scenes.abilities import HUMAN_ACTIONS, SERVICE_TYPES
from lianban.engines.scenes.clocks import check_clock
from lianban.engines.scenes.decisions import decision_ids
from lianban.engines.scenes.model import Drawing, Scene
from lianban.engines.scenes.problems import nearest
from lianban.engines.scenes.reading import Findings

FILE = "process.bpmn"
# What the kernel reads from a drawing's zeebe:properties. Anything else would be passed over in silence.
PROPERTIES = ("action", "clock", "letter", "stage")


def read_drawing(folder: Path, findings: Findings) -> Drawing | None:
    """The drawing with its graph; ``None`` after noting each element that cannot be deployed."""
    path = folder / FILE
    if not path.is_file():
        findings.note(
            FILE,
            0,
            "没有流程图。请用 bpmn-js 或 Camunda Modeler 绘制，保存为 process.bpmn。",
            "There is no drawing. Draw it in bpmn-js or Camunda Modeler and save it as process.bpmn.",
        )
        return None
    source = path.read_bytes()
    try:
        graph = compile_bpmn(source, source=FILE)
    except DrawingRefused as error:
        for problem in error.problems:
            where = " ".join(w for w in (problem.element, f"“{problem.name}”" if problem.name else "") if w)
            zh, en = (f"{where}：", f"{where}: ") if where else ("", "")
            findings.note(FILE, problem.line, zh + problem.zh, en + problem.en)
        return None
    return Drawing(FILE, source, graph)


def check_drawing(scene: Scene, drawing: Drawing, findings: Findings) -> None:
    """Note everything the drawing names that the scene does not have."""
    for problem in examine(scene, drawing.graph):
        if problem.code == "stage-not-drawn":
            findings.note("scene.yaml", 0, problem.zh, problem.en)
            continue
        zh, en = _place(problem)
        findings.note(FILE, problem.line, zh + problem.zh, en + problem.en)


def examine(scene: Scene, graph: Graph) -> list[Problem]:
    """The same, each problem at its element."""
    problems: list[Problem] = []
    for node in graph.nodes.values():
        _Checked(scene, node, problems).all()
    _check_stages(scene, graph, problems)
    return problems


def _place(problem: Problem) -> tuple[str, str]:
    """How a line of a list begins: the element's id and name."""
    if not problem.element:
        return "", ""
    if not problem.name:
        return f"{problem.element}：", f"{problem.element}: "
    return f"{problem.element}“{problem.name}”：", f'{problem.element} "{problem.name}": '


class _Checked:
    """One element of the drawing beside its scene."""

    def __init__(self, scene: Scene, node: Node, problems: list[Problem]) -> None:
        self.scene, self.node, self.problems = scene, node, problems

    def all(self) -> None:
        self.role()
        self.form()
        self.properties()
        self.service()
        self.timer()
        self.decision()

    def role(self) -> None:
        role = self.node.role
        if role is None or role.formula is not None:
            return
        addresses = {a for r in self.scene.roles.values() for a in (*r.addresses(), r.code)}
        # A bare role takes its side from where it is drawn; the scene decides whether it may sit there.
        self.exists(role.text, addresses, "角色", "the role")

    def form(self) -> None:
        if self.node.form is not None:
            self.exists(self.node.form, self.scene.forms, "表单", "the form")

    def properties(self) -> None:
        given = self.node.properties
        for key in given:
            if key not in PROPERTIES:
                near = nearest(key, PROPERTIES)
                self.note(f"未知的属性“{key}”。{near[0]}", f'Unknown property "{key}". {near[1]}')
        if action := given.get("action"):
            self.exists(action, HUMAN_ACTIONS, "操作", "the action")
            if self.node.kind is not Kind.USER:
                self.note(
                    "只有用户任务可以写 action；服务任务请写 taskDefinition 的 type。",
                    "Only a user task has an action; a service task names its type in taskDefinition.",
                )
        if clock := given.get("clock"):
            self.clock(clock)
        if letter := given.get("letter"):
            self.exists(letter, self.scene.letters, "函", "the letter")

    def service(self) -> None:
        service = self.node.service
        if service is not None and service.formula is None:
            self.exists(service.text, SERVICE_TYPES, "服务", "the service")

    def timer(self) -> None:
        timer = self.node.timer
        if timer is None or timer.formula is not None:
            return
        try:
            spec = timer_spec(timer.text)
        except NotATimer:
            return  # refused by the compiler already, in its own words
        if spec.clock:
            self.clock(spec.clock)

    def decision(self) -> None:
        decision = self.node.decision
        if decision is not None and decision.formula is None:
            self.exists(decision.text, decision_ids(self.scene.decisions), "决策", "the decision")

    def clock(self, code: str) -> None:
        if said := check_clock(code, self.scene.clocks):
            self.note(*said)

    def exists(self, name: str, known: Collection[str], zh: str, en: str) -> None:
        if name not in known:
            near = nearest(name, known)
            self.note(
                f"{zh}“{name}”不存在。{near[0]}", f'There is no {en.removeprefix("the ")} "{name}". {near[1]}'
            )

    def note(self, zh: str, en: str, code: str = "unknown-name") -> None:
        node = self.node
        self.problems.append(Problem(code, node.id, node.name, node.line, zh, en))


def _check_stages(scene: Scene, graph: Graph, problems: list[Problem]) -> None:
    """Stages are drawn and declared alike: the matter page shows the declared ones, the drawing lights them."""
    drawn: dict[str, Node] = {}
    for node in graph.nodes.values():
        if stage := node.properties.get("stage"):
            drawn.setdefault(stage.partition(":")[0].strip(), node)
    declared = [stage.code for stage in scene.stages]
    for code, node in drawn.items():
        if code not in declared:
            near = nearest(code, declared)
            problems.append(
                Problem(
                    "unknown-stage",
                    node.id,
                    node.name,
                    node.line,
                    f"阶段“{code}”没有列在 scene.yaml 的 stages 中。{near[0]}",
                    f'The stage "{code}" is not listed under stages in scene.yaml. {near[1]}',
                )
            )
    problems += [
        Problem(
            "stage-not-drawn",
            "",
            "",
            0,
            f"阶段“{code}”在流程图中没有任何环节。请在环节的 stage 属性中写上它，或删去。",
            f'No element of the drawing has the stage "{code}". Set it as the stage property of one, or remove it.',
        )
        for code in declared
        if code and code not in drawn
    ]
