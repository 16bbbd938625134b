"""Checks the shape of a drawing whose elements are all known: what would hang, starve or surprise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lianban.engines.process.findings import Findings
from lianban.engines.process.graph import Body, Flow, Kind, Node
from lianban.engines.process.soundness import Soundness

#: Activities that wait, so that something can happen at their boundary.
_WAITS = frozenset({Kind.USER, Kind.SERVICE, Kind.MESSAGE, Kind.SUBPROCESS})
_CHOOSES = frozenset({Kind.EXCLUSIVE, Kind.INCLUSIVE})
_EVENT_TARGETS = frozenset({Kind.TIMER, Kind.MESSAGE, Kind.SIGNAL})
_GATEWAYS = frozenset({Kind.EXCLUSIVE, Kind.INCLUSIVE, Kind.PARALLEL, Kind.EVENT_BASED})


def check(
    process_id: str,
    nodes: Mapping[str, Node],
    flows: Mapping[str, Flow],
    bodies: Mapping[str, Body],
    message_starts: Mapping[str, str],
    findings: Findings,
) -> None:
    """Note every problem of structure. Soundness is examined only in a drawing that has no other problem."""
    checker = _Checker(process_id, nodes, flows, bodies, message_starts, findings)
    for body in bodies.values():
        checker.starts(body)
    for flow in flows.values():
        checker.flow(flow)
    for node in nodes.values():
        checker.node(node)
    checker.reachable()
    if findings.problems:
        return
    soundness = Soundness(nodes, flows)
    for body in bodies.values():
        starts = [body.start] if body.start else []
        starts += [s for s in message_starts.values() if nodes[s].body == body.id]
        for start in starts:
            checker.sound(soundness, start)


@dataclass
class _Checker:
    process_id: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    bodies: Mapping[str, Body]
    message_starts: Mapping[str, str]
    findings: Findings

    def say(self, code: str, node: Node, zh: str, en: str) -> None:
        self.findings.at(code, node.id, node.name, node.line, zh, en)

    def starts(self, body: Body) -> None:
        if body.start or (body.id == self.process_id and self.message_starts):
            return
        place = self.nodes.get(body.id)
        self.findings.at(
            "no-start",
            body.id,
            place.name if place else "",
            place.line if place else 0,
            "没有普通开始事件。请画一个。",
            "There is no plain start event. Draw one.",
        )

    def flow(self, flow: Flow) -> None:
        source, target = self.nodes[flow.source], self.nodes[flow.target]
        if source.body != target.body:
            self.findings.at(
                "flow-crosses-border",
                flow.id,
                flow.name,
                source.line,
                f"连线从 {source.id} 穿过子流程的边界到 {target.id}。请在子流程边上用事件相连。",
                f"The flow from {source.id} to {target.id} crosses the border of a sub-process. Connect the sub-process itself.",
            )
        if flow.condition is not None and (
            source.kind in (Kind.PARALLEL, Kind.EVENT_BASED, Kind.START, Kind.BOUNDARY)
            or source.default == flow.id
        ):
            self.findings.at(
                "condition-without-effect",
                flow.id,
                flow.name,
                source.line,
                "此处的连线条件不会起作用（默认出口、并行或事件网关、事件之后）。请删去条件或改用排他网关。",
                "A condition has no effect here (default flow, parallel or event-based gateway, after an event). "
                "Remove it or use an exclusive gateway.",
            )

    def node(self, node: Node) -> None:
        if node.type == "startEvent" and node.incoming:
            self.say("flow-into-start", node, "开始事件不能有入口。", "A start event has no incoming flow.")
        if node.type == "endEvent" and node.outgoing:
            self.say("flow-out-of-end", node, "结束事件不能有出口。", "An end event has no outgoing flow.")
        if node.type == "startEvent" and node.event and node.body != self.process_id:
            self.say(
                "message-start-inside",
                node,
                "子流程内不能用消息开始事件。请改为普通开始事件。",
                "A message start event cannot stand inside a sub-process. Use a plain one.",
            )
        if node.kind in _CHOOSES:
            self._conditions(node)
        if node.kind is Kind.EVENT_BASED:
            self._event_based(node)
        if node.kind is Kind.BOUNDARY:
            self._boundary(node)
        if node.kind is Kind.SERVICE and node.service is None:
            self.say(
                "no-handler",
                node,
                "没有写处理程序。请在任务定义（taskDefinition）的 type 中填写。",
                "No handler is named. Give the type of its task definition.",
            )
        if node.kind is Kind.RULE and node.decision is None:
            self.say(
                "no-decision",
                node,
                "没有写决策。请在 calledDecision 的 decisionId 中填写。",
                "No decision is named. Give the decisionId of its called decision.",
            )
        if node.role is not None and node.role.text.endswith("@branch") and not self._in_branch(node):
            self.say(
                "branch-outside-branch",
                node,
                "岗位写了 @branch，但任务不在多实例分支内。请改为 @lead，或把任务放入多实例。",
                "The role says @branch, but the task is in no multi-instance branch. Use @lead or put it into one.",
            )
        if node.loop is not None and node.kind in (Kind.THROUGH, Kind.RULE):
            self.say(
                "loop-on-instant",
                node,
                "直接通过的任务不能多实例。请改用用户任务、服务任务或子流程。",
                "A task that is passed at once cannot be multi-instance. Use a user task, a service task or a sub-process.",
            )
        if node.kind is Kind.ERROR_END:
            self._caught(node)

    def _conditions(self, node: Node) -> None:
        if len(node.outgoing) < 2:
            return
        for flow_id in node.outgoing:
            flow = self.flows[flow_id]
            if flow.condition is None and node.default != flow_id:
                self.findings.at(
                    "no-condition",
                    flow_id,
                    flow.name,
                    node.line,
                    f"网关“{node.name or node.id}”的这个出口既没有条件也不是默认出口。请写条件（以 = 开头），或设为默认。",
                    f'This flow out of "{node.name or node.id}" has no condition and is not the default. '
                    "Give it a condition beginning with =, or make it the default.",
                )

    def _event_based(self, node: Node) -> None:
        targets = [self.nodes[self.flows[flow].target] for flow in node.outgoing]
        if len(targets) < 2 or any(
            t.kind not in _EVENT_TARGETS or len(t.incoming) != 1 or t.boundary for t in targets
        ):
            self.say(
                "bad-event-gateway",
                node,
                "事件网关之后应有两个以上定时、消息、信号事件或接收任务，且各只有这一个入口、没有边界事件。",
                "An event-based gateway is followed by two or more timer, message or signal events or receive tasks, "
                "each with this one incoming flow and no boundary event.",
            )

    def _boundary(self, node: Node) -> None:
        host = self.nodes[node.attached_to or ""]
        if (
            host.kind not in _WAITS
            or host.body != node.body
            or host.type in ("endEvent", "intermediateThrowEvent")
        ):
            self.say(
                "bad-boundary",
                node,
                f"边界事件所附的“{host.name or host.id}”不等待任何事情。请附在用户、服务、发送、接收任务或子流程上。",
                f'"{host.name or host.id}", to which this boundary event is attached, waits for nothing. '
                "Attach it to a user, service, send or receive task or a sub-process.",
            )
        if node.incoming or not node.outgoing:
            self.say(
                "bad-boundary",
                node,
                "边界事件应有出口而没有入口。",
                "A boundary event has an outgoing flow and no incoming one.",
            )
        if node.type == "error" and not node.interrupting:
            self.say(
                "bad-boundary",
                node,
                "错误边界事件总是中断。请设为中断，或改用升级事件。",
                "An error boundary event always interrupts. Make it interrupting or use an escalation.",
            )

    def _caught(self, node: Node) -> None:
        for outer in self._around(node):
            for key in outer.boundary:
                boundary = self.nodes[key]
                if boundary.type == "error" and boundary.event in (None, node.event):
                    return
        self.say(
            "uncaught-error",
            node,
            f"错误“{node.event}”没有外层的错误边界事件接住。请在外层子流程上画一个，或改用普通结束事件。",
            f'No error boundary event around it catches the error "{node.event}". Draw one on the sub-process, or use a plain end.',
        )

    def _around(self, node: Node) -> Iterator[Node]:
        outer = self.nodes.get(node.body)
        while outer is not None:
            yield outer
            outer = self.nodes.get(outer.body)

    def _in_branch(self, node: Node) -> bool:
        return node.loop is not None or any(outer.loop is not None for outer in self._around(node))

    def reachable(self) -> None:
        seen: set[str] = set()
        for body in self.bodies.values():
            queue = [body.start, *(s for s in self.message_starts.values() if self.nodes[s].body == body.id)]
            while queue:
                key = queue.pop()
                if not key or key in seen:
                    continue
                seen.add(key)
                node = self.nodes[key]
                queue += [self.flows[flow].target for flow in node.outgoing]
                queue += node.boundary
        for node in self.nodes.values():
            if node.id not in seen and self.bodies[node.body].start:
                self.say(
                    "unreachable",
                    node,
                    "从开始事件走不到这里。请连线或删去。",
                    "It cannot be reached from the start event. Connect or remove it.",
                )

    def sound(self, soundness: Soundness, start: str) -> None:
        report = soundness.examine(start)
        for key in report.deadlocks:
            self.say(
                "join-never-complete",
                self.nodes[key],
                "此处等待的分支在某些走法下永远不会到达，流程将停住。分与合请用同类网关。",
                "On some paths a branch this join waits for can never arrive and the process would hang. Split and "
                "join with the same kind of gateway.",
            )
        for key in report.no_way_out:
            self.say(
                "no-way-out",
                self.nodes[key],
                "从这里出发永远走不到结束。请画一个出口。",
                "From here the end can never be reached. Draw a way out.",
            )
