"""A compiled drawing as words and as a diagram, for documentation."""

from __future__ import annotations

from lianban.engines.process.graph import Graph, Kind, Node

_SHAPES = {
    Kind.START: ("((", "))"),
    Kind.END: ("(((", ")))"),
    Kind.TERMINATE: ("(((", ")))"),
    Kind.ERROR_END: ("(((", ")))"),
    Kind.ESCALATION: ("([", "])"),
    Kind.SIGNAL_THROW: ("([", "])"),
    Kind.TIMER: ("([", "])"),
    Kind.SIGNAL: ("([", "])"),
    Kind.BOUNDARY: ("([", "])"),
    Kind.EXCLUSIVE: ("{", "}"),
    Kind.PARALLEL: ("{", "}"),
    Kind.INCLUSIVE: ("{", "}"),
    Kind.EVENT_BASED: ("{", "}"),
    Kind.RULE: ("[[", "]]"),
    Kind.SERVICE: ("[/", "/]"),
}
_SIGNS = {Kind.EXCLUSIVE: "×", Kind.PARALLEL: "+", Kind.INCLUSIVE: "○", Kind.EVENT_BASED: "◇"}

_WORDS: dict[Kind, tuple[str, str]] = {
    Kind.START: ("开始", "start"),
    Kind.END: ("结束", "end"),
    Kind.TERMINATE: ("终止", "terminate"),
    Kind.ERROR_END: ("错误结束", "error end"),
    Kind.ESCALATION: ("升级", "escalation"),
    Kind.SIGNAL_THROW: ("发出信号", "throw signal"),
    Kind.THROUGH: ("通过", "passed at once"),
    Kind.USER: ("用户任务", "user task"),
    Kind.SERVICE: ("服务", "service"),
    Kind.RULE: ("业务规则", "business rule"),
    Kind.MESSAGE: ("等待消息", "waits for a message"),
    Kind.SIGNAL: ("等待信号", "waits for a signal"),
    Kind.TIMER: ("定时", "timer"),
    Kind.EXCLUSIVE: ("排他网关", "exclusive gateway"),
    Kind.PARALLEL: ("并行网关", "parallel gateway"),
    Kind.INCLUSIVE: ("包容网关", "inclusive gateway"),
    Kind.EVENT_BASED: ("事件网关", "event-based gateway"),
    Kind.SUBPROCESS: ("子流程", "sub-process"),
    Kind.BOUNDARY: ("边界事件", "boundary event"),
}


def mermaid(graph: Graph) -> str:
    """The drawing as a Mermaid flowchart, which Markdown viewers draw."""
    numbers = {node.id: f"n{number}" for number, node in enumerate(graph.in_order())}
    lines = ["flowchart LR"]
    _draw(graph, graph.process_id, numbers, lines, "  ")
    for flow in graph.flows.values():
        label = flow.name or (flow.condition.text if flow.condition else "")
        default = graph.nodes[flow.source].default == flow.id
        arrow = f"-->|{_text(label)}|" if label else ("-->|默认|" if default else "-->")
        lines.append(f"  {numbers[flow.source]} {arrow} {numbers[flow.target]}")
    lines += [
        f"  {numbers[node.attached_to]} -.-{'x' if node.interrupting else 'o'} {numbers[node.id]}"
        for node in graph.in_order()
        if node.attached_to
    ]
    return "\n".join(lines) + "\n"


def _draw(graph: Graph, body_id: str, numbers: dict[str, str], lines: list[str], indent: str) -> None:
    for node in graph.in_order():
        if node.body != body_id:
            continue
        if node.id in graph.bodies:
            lines.append(f'{indent}subgraph {numbers[node.id]}["{_label(node)}"]')
            _draw(graph, node.id, numbers, lines, indent + "  ")
            lines.append(f"{indent}end")
        else:
            left, right = _SHAPES.get(node.kind, ("[", "]"))
            lines.append(f'{indent}{numbers[node.id]}{left}"{_label(node)}"{right}')


def _label(node: Node) -> str:
    sign = _SIGNS.get(node.kind, "")
    label = f"{sign} {node.name}".strip() or (_WORDS[node.kind][0] if node.kind is not Kind.START else "开始")
    if node.loop is not None:
        label += " ≡" if node.loop.sequential else " |||"
    if node.timer is not None:
        label += f" ⏱ {node.timer.text}"
    return _text(label)


def _text(label: str) -> str:
    return label.replace('"', "#quot;").replace("|", "#124;")


def describe(graph: Graph, language: str = "zh") -> str:
    """The drawing in Markdown: title, stages, diagram, one row for each element; ``zh`` or ``en``."""
    chinese = not language.startswith("en")
    which = 0 if chinese else 1
    stages = " → ".join(title if chinese else key for key, title in graph.stages())
    heads = ("环节", "编号", "类型", "岗位", "要点") if chinese else ("Step", "Id", "Kind", "Role", "Details")
    lines = [f"## {graph.name}", "", f"`{graph.process_id}` · `{graph.hash[:12]}`", ""]
    if stages:
        lines += [("阶段：" if chinese else "Stages: ") + stages, ""]
    lines += ["```mermaid", mermaid(graph).rstrip(), "```", ""]
    lines += ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for node in graph.in_order():
        role = node.role.text if node.role else ""
        row = (node.name, f"`{node.id}`", _WORDS[node.kind][which], role, _details(node))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
    return "\n".join(lines) + "\n"


def _details(node: Node) -> str:
    parts = [
        f"form `{node.form}`" if node.form else "",
        f"`{node.service.text}`" if node.service else "",
        f"`{node.decision.text}`" if node.decision else "",
        f"⏱ `{node.timer.text}`" if node.timer else "",
        f"✉ `{node.event}`" if node.event else "",
        f"||| `{node.loop.collection.text}`" if node.loop else "",
        *(f"{key}=`{value}`" for key, value in node.properties.items()),
    ]
    return "; ".join(part for part in parts if part)
