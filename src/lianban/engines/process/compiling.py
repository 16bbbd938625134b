"""A drawing → a :class:`Graph`, or every reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from lxml import etree

from lianban.engines.process.checking import check
from lianban.engines.process.elements import ElementReader
from lianban.engines.process.errors import DrawingRefused, Problem
from lianban.engines.process.extensions import children, local, namespace
from lianban.engines.process.findings import Findings, name_of
from lianban.engines.process.graph import Body, Flow, Graph, Kind, Node, Source
from lianban.engines.process.hashing import hash_of
from lianban.engines.process.plans import plans_of
from lianban.engines.process.profile import BPMN, DRAWN_ONLY
from lianban.engines.process.reading import read_drawing
from lianban.engines.process.roots import FLOW_NODES, called_process, choose, read_root

#: Flow nodes in one file. A large real drawing has some hundreds.
MAX_NODES = 5_000
#: Calls within calls.
MAX_CALLS = 20
#: Problems that are told of one file; the rest is counted.
MAX_PROBLEMS = 1_000
_PASSED_OVER = frozenset(
    {"documentation", "extensionElements", "incoming", "outgoing", "multiInstanceLoopCharacteristics"}
)


def compile_bpmn(
    xml: bytes, *, source: str, process_id: str | None = None, called: Mapping[str, Graph] | None = None
) -> Graph:
    """Compile a BPMN 2.0 drawing.

    ``source`` names the file in messages. ``process_id`` picks a process of a file with several pools; without
    it the file must have one process that can run and that no other calls. A call activity names another process of
    the file, or one of ``called``, compiled processes by id; each is built in, so that its version is pinned by this
    graph's hash.
    Raises :class:`DrawingRefused` with every problem found, each with element, name, line and remedy.
    """
    root = read_drawing(xml, source=source)
    findings = Findings()
    _check_size(root, source)
    _check_ids(root, findings)
    named, processes = read_root(root, findings)
    reader = ElementReader(findings, named)
    process = choose(processes, process_id, findings)
    calls = _Calls(source, reader, {p.get("id") or "": p for p in processes}, dict(called or {}))
    if process is None:
        for candidate in processes:  # so that the author sees everything at once
            _Drawing.read(reader, candidate, calls)
        raise _refused(source, findings)
    graph = calls.compile(process)
    if graph is None:
        raise _refused(source, findings)
    return graph


@dataclass
class _Calls:
    """The processes that call activities may name: those of the file are compiled before the one that calls them."""

    source: str
    reader: ElementReader
    processes: Mapping[str, etree._Element]
    known: dict[str, Graph]
    broken: set[str] = field(default_factory=set)
    built: int = 0
    """Nodes built in so far: a process that is called by many is many times there."""

    def compile(self, process: etree._Element, above: tuple[str, ...] = ()) -> Graph | None:
        """The graph of a process; None where there is a problem, in it or in what it calls."""
        findings, process_id = self.reader.findings, process.get("id") or ""
        for element in process.iter(f"{{{BPMN}}}callActivity"):
            self._called_first(element, (*above, process_id))
        drawing = _Drawing.read(self.reader, process, self)
        nodes, flows, bodies = drawing.nodes, drawing.flows, drawing.bodies
        starts = drawing.message_starts(process_id)
        if not findings.problems:
            check(process_id, nodes, flows, bodies, starts, findings)
        if findings.problems:
            return None
        return Graph(
            process_id=process_id,
            name=name_of(process) or process_id,
            hash=hash_of(process_id, name_of(process), nodes, flows),
            source=self.source,
            nodes=MappingProxyType(nodes),
            flows=MappingProxyType(flows),
            bodies=MappingProxyType(bodies),
            message_starts=MappingProxyType(starts),
            notices=tuple(findings.notices),
            plans=MappingProxyType(plans_of(process_id, nodes, flows, bodies)),
        )

    def _called_first(self, element: etree._Element, above: tuple[str, ...]) -> None:
        wanted = called_process(element)
        if wanted in self.known or wanted in self.broken or wanted not in self.processes:
            return
        if wanted in above or len(above) > MAX_CALLS:
            self.broken.add(wanted)
            way = " → ".join((*above[-5:], wanted))
            self.reader.findings.problem(
                "endless-call",
                element,
                f"调用绕回自己或层数超过 {MAX_CALLS}（{way}），不会有尽头。请用循环代替，或去掉这次调用。",
                f"The calls come round to themselves, or are more than {MAX_CALLS} deep ({way}). Draw a loop instead, or "
                "remove this call.",
            )
            return
        graph = self.compile(self.processes[wanted], above)
        if graph is None:
            self.broken.add(wanted)
        else:
            self.known[wanted] = graph


def _refused(source: str, findings: Findings) -> DrawingRefused:
    problems = sorted(findings.problems, key=lambda problem: problem.line)
    if (more := len(problems) - MAX_PROBLEMS) > 0:
        zh, en = f"另有 {more} 处问题。请先改正以上各处。", f"{more} more problems. Mend those above first."
        problems[MAX_PROBLEMS:] = [Problem("more-problems", "", "", problems[MAX_PROBLEMS].line, zh, en)]
    return DrawingRefused(source, problems)


def _check_size(root: etree._Element, source: str) -> None:
    tags = [f"{{{BPMN}}}{tag}" for tag in sorted(FLOW_NODES)]
    count = sum(1 for _ in root.iter(*tags))
    if count > MAX_NODES:
        zh = f"文件中有 {count} 个节点，上限为 {MAX_NODES} 个。请拆成几个流程，用调用活动相连。"
        en = f"The file has {count} nodes; the limit is {MAX_NODES}. Split it into processes joined by call activities."
        raise DrawingRefused(source, [Problem("too-many-elements", "", "", 0, zh, en)])


def _check_ids(root: etree._Element, findings: Findings) -> None:
    seen: dict[str, int] = {}
    for element in root.iter(f"{{{BPMN}}}*"):
        element_id = element.get("id")
        if element_id in seen:
            findings.problem(
                "duplicate-id",
                element,
                f"编号“{element_id}”在第 {seen[element_id]} 行已经用过。请改用另一个编号。",
                f'The id "{element_id}" is already used on line {seen[element_id]}. Choose another.',
            )
        elif element_id:
            seen[element_id] = element.sourceline or 0


@dataclass
class _Drawing:
    """What has been read so far."""

    reader: ElementReader
    findings: Findings
    calls: _Calls
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, reader: ElementReader, process: etree._Element, calls: _Calls) -> _Drawing:
        """Read one process of the file."""
        drawing = cls(reader, reader.findings, calls)
        reader.extensions(process, "process")
        drawing.walk(process, process.get("id") or "")
        drawing.connect()
        return drawing

    def walk(self, container: etree._Element, body: str) -> None:
        """Read the flow elements of a process or sub-process, and of those inside it."""
        inside: list[str] = []
        for element in container.iterchildren():
            tag = local(element)
            if namespace(element) != BPMN:
                if container.tag == f"{{{BPMN}}}process":
                    self.reader.unknown_namespace(element)
            elif tag == "sequenceFlow":
                self._flow(element)
            elif tag in FLOW_NODES:
                if node := self._node(element, body):
                    inside.append(node.id)
            elif tag in DRAWN_ONLY:
                self.reader.drawn_only(element)
            elif tag not in _PASSED_OVER:
                self.refused.add(element.get("id") or "")
                self.reader.refuse(element, tag)
        starts = [key for key in inside if self.nodes[key].type == "startEvent" and not self.nodes[key].event]
        self.bodies[body] = Body(body, starts[0] if starts else "", tuple(inside))
        for extra in starts[1:]:
            node = self.nodes[extra]
            self.findings.at(
                "many-starts",
                extra,
                node.name,
                node.line,
                "这里已有一个普通开始事件。每个流程和子流程只能有一个，请合并。",
                "There is a plain start event here already. Each process and sub-process has exactly one; join them.",
            )

    def _node(self, element: etree._Element, body: str) -> Node | None:
        if not element.get("id"):
            self.findings.problem(
                "no-id", element, "元素没有编号。请填写。", "The element has no id. Give it one."
            )
            return None
        node = self.reader.node(element, body)
        if node is None:
            self.refused.add(element.get("id") or "")
            return None
        if node.id in self.nodes:
            return None  # noted as a duplicate id
        self.nodes[node.id] = node
        if local(element) == "subProcess":
            self.walk(element, node.id)
        elif node.type == "callActivity":
            self._build_in(element, node)
        return node

    def _flow(self, element: etree._Element) -> None:
        flow_id = element.get("id") or ""
        self.reader.extensions(element, "sequenceFlow")
        conditions = list(children(element, "conditionExpression"))
        condition: Source | None = None
        if conditions:
            condition = self.reader.feel(conditions[0], "".join(conditions[0].itertext()))
        for attribute in ("sourceRef", "targetRef"):
            if not element.get(attribute):
                self._missing(element, attribute, "")
        if flow_id:
            self.flows[flow_id] = Flow(
                flow_id,
                name_of(element),
                element.get("sourceRef") or "",
                element.get("targetRef") or "",
                condition,
            )
            self._lines[flow_id] = element
        else:
            self.findings.problem(
                "no-id", element, "连线没有编号。请填写。", "The flow has no id. Give it one."
            )

    def connect(self) -> None:
        """Give every node its flows and boundary events; note references that lead nowhere."""
        incoming: dict[str, list[str]] = {key: [] for key in self.nodes}
        outgoing: dict[str, list[str]] = {key: [] for key in self.nodes}
        for flow in self.flows.values():
            for end, ends, attribute in (
                (flow.source, outgoing, "sourceRef"),
                (flow.target, incoming, "targetRef"),
            ):
                if end in ends:
                    ends[end].append(flow.id)
                elif end and end not in self.refused and flow.id in self._lines:
                    self._missing(self._lines[flow.id], attribute, end)
        boundary: dict[str, list[str]] = {}
        for node in self.nodes.values():
            if node.kind is Kind.BOUNDARY:
                attached = node.attached_to or ""
                boundary.setdefault(attached, []).append(node.id)
                if attached not in self.nodes and attached not in self.refused:
                    self._unknown(node, "attachedToRef", attached)
            if node.default and node.default not in outgoing[node.id]:
                self._unknown(node, "default", node.default)
        for key, node in self.nodes.items():
            self.nodes[key] = replace(
                node,
                incoming=tuple(incoming[key]),
                outgoing=tuple(outgoing[key]),
                boundary=tuple(boundary.get(key, ())),
            )

    def message_starts(self, process_id: str) -> dict[str, str]:
        return {
            node.event: node.id
            for node in self.nodes.values()
            if node.type == "startEvent" and node.event and node.body == process_id
        }

    def _build_in(self, element: etree._Element, node: Node) -> None:
        process_id = called_process(element)
        graph = self.calls.known.get(process_id)
        if process_id in self.calls.broken:
            return  # its own problems have been noted
        if graph is None:
            known = "、".join(sorted(self.calls.known.keys() | self.calls.processes.keys())) or "—"
            self.findings.problem(
                "unknown-process",
                element,
                f"没有编号为“{process_id}”的流程可供调用（现有：{known}）。请先放入该流程，或改正 processId；不能用表达式。",
                f'There is no process "{process_id}" to call (known: {known}). Add it first or correct processId; '
                "expressions are not possible here.",
            )
            return
        self.calls.built += len(graph.nodes)
        if len(self.nodes) + len(graph.nodes) > MAX_NODES or self.calls.built > 4 * MAX_NODES:
            self.findings.problem(
                "too-many-elements",
                element,
                f"并入被调用的流程“{process_id}”后超过 {MAX_NODES} 个节点。请减少调用的层数或次数。",
                f'With the process "{process_id}" built in there are more than {MAX_NODES} nodes. Call less, or less deep.',
            )
            return
        prefix = f"{node.id}/"

        def inner(key: str) -> str:
            return node.id if key == graph.process_id else prefix + key

        for called_node in graph.nodes.values():
            if called_node.id in graph.message_starts.values():
                continue
            self.nodes[prefix + called_node.id] = replace(
                called_node,
                id=prefix + called_node.id,
                body=inner(called_node.body),
                default=called_node.default and prefix + called_node.default,
                attached_to=called_node.attached_to and prefix + called_node.attached_to,
            )
        for flow in graph.flows.values():
            if flow.source not in graph.message_starts.values():
                self.flows[prefix + flow.id] = replace(
                    flow, id=prefix + flow.id, source=prefix + flow.source, target=prefix + flow.target
                )
        for body in graph.bodies.values():
            start = prefix + body.start if body.start else ""
            kept = tuple(prefix + key for key in body.nodes if key not in graph.message_starts.values())
            self.bodies[inner(body.id)] = Body(inner(body.id), start, kept)

    def _missing(self, element: etree._Element, attribute: str, value: str) -> None:
        self.findings.problem(
            "missing-reference",
            element,
            f"{attribute} 指向的“{value}”不存在。请重新连线。",
            f'{attribute} refers to "{value}", which does not exist. Draw the connection again.',
        )

    def _unknown(self, node: Node, attribute: str, value: str) -> None:
        self.findings.at(
            "missing-reference",
            node.id,
            node.name,
            node.line,
            f"{attribute} 指向的“{value}”不存在或不在此处。请重新选择。",
            f'{attribute} refers to "{value}", which does not exist or not here. Choose it again.',
        )

    _lines: dict[str, etree._Element] = field(default_factory=dict)
