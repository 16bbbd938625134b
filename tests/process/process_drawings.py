"""Writes BPMN files for tests, as an editor would, and runs them with fixed ids and a fixed time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lianban.engines.process import Simulation, compile_bpmn

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FOLDER = Path(__file__).parent / "drawings"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="Definitions_1" targetNamespace="urn:test">\n'
)


def drawn(name: str) -> bytes:
    """A hand-drawn fixture."""
    return (FOLDER / f"{name}.bpmn").read_bytes()


def due_in_five_days(spec, now):
    """A stand-in for the clocks of a matter: every clock ends five days from now, offsets in days."""
    moment = now + timedelta(days=5 + spec.working_days)
    return spec.clock_offset.after(moment) if spec.clock_offset else moment


class Drawing:
    """A process under construction. ``path`` draws flows; every other method draws one element."""

    def __init__(self, process_id: str = "p", language: str = "feel") -> None:
        self.process_id = process_id
        self.language = language
        self.root: list[str] = []
        self.lines: list[str] = []
        self.count = 0

    def element(self, tag: str, element_id: str, *inner: str, extensions: str = "", **attributes: str) -> str:
        given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        more = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
        body = more + "".join(inner)
        self.lines.append(f'<bpmn:{tag} id="{element_id}"{given}>{body}</bpmn:{tag}>')
        return element_id

    def start(self, element_id: str = "start") -> str:
        return self.element("startEvent", element_id)

    def end(self, element_id: str = "end", *inner: str) -> str:
        return self.element("endEvent", element_id, *inner)

    def user(
        self, element_id: str, role: str = "clerk", *inner: str, extensions: str = "", **attributes: str
    ) -> str:
        assignment = f"<zeebe:assignmentDefinition candidateGroups={quoteattr(role)} />" if role else ""
        attributes.setdefault("name", element_id.upper())
        return self.element("userTask", element_id, *inner, extensions=assignment + extensions, **attributes)

    def service(
        self, element_id: str, kind: str = "work", tag: str = "serviceTask", *inner: str, extensions: str = ""
    ) -> str:
        definition = f"<zeebe:taskDefinition type={quoteattr(kind)} />"
        return self.element(tag, element_id, *inner, extensions=definition + extensions)

    def rule(self, element_id: str, decision: str, result: str) -> str:
        called = f'<zeebe:calledDecision decisionId="{decision}" resultVariable="{result}" />'
        return self.element("businessRuleTask", element_id, extensions=called)

    def gateway(self, kind: str, element_id: str, default: str = "") -> str:
        return self.element(f"{kind}Gateway", element_id, **({"default": default} if default else {}))

    def timer(
        self, element_id: str, text: str, host: str = "", interrupting: bool = True, kind: str = ""
    ) -> str:
        kind = kind or ("timeCycle" if text.startswith("R") else "timeDuration")
        inner = f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"
        return self.catch(element_id, inner, host, interrupting)

    def catch(self, element_id: str, inner: str, host: str = "", interrupting: bool = True) -> str:
        if not host:
            return self.element("intermediateCatchEvent", element_id, inner)
        cancel = "true" if interrupting else "false"
        return self.element("boundaryEvent", element_id, inner, attachedToRef=host, cancelActivity=cancel)

    def named(self, kind: str, element_id: str, name: str) -> str:
        """A message, signal, error or escalation, and the event definition that refers to it."""
        attribute = {"error": "errorCode", "escalation": "escalationCode"}.get(kind, "name")
        self.root.append(f'<bpmn:{kind} id="{element_id}" {attribute}={quoteattr(name)} />')
        return f'<bpmn:{kind}EventDefinition {kind}Ref="{element_id}" />'

    def loop(
        self,
        collection: str = "=items",
        item: str = "item",
        sequential: bool = False,
        until: str = "",
        more: str = "",
    ) -> str:
        condition = f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
        return (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><bpmn:extensionElements>'
            f'<zeebe:loopCharacteristics inputCollection={quoteattr(collection)} inputElement="{item}" {more} />'
            f"</bpmn:extensionElements>{condition}</bpmn:multiInstanceLoopCharacteristics>"
        )

    def sub(
        self, element_id: str, inner: Drawing, *more: str, extensions: str = "", **attributes: str
    ) -> str:
        """A sub-process drawn with another :class:`Drawing`."""
        self.root += inner.root
        return self.element(
            "subProcess", element_id, *more, *inner.lines, extensions=extensions, **attributes
        )

    def flow(self, source: str, target: str, condition: str = "", flow_id: str = "") -> str:
        self.count += 1
        flow_id = flow_id or f"{source}_{target}_{self.count}"
        inner = (
            f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
        )
        return self.element("sequenceFlow", flow_id, inner, sourceRef=source, targetRef=target)

    def path(self, *elements: str) -> None:
        for source, target in pairwise(elements):
            self.flow(source, target)

    def xml(self) -> bytes:
        lines = [
            *self.root,
            f'<bpmn:process id="{self.process_id}" name="测试" isExecutable="true">',
            *self.lines,
        ]
        return (HEAD + "\n".join(lines) + "\n</bpmn:process>\n</bpmn:definitions>\n").encode()

    def compile(self, **settings):
        return compile_bpmn(self.xml(), source="drawn", **settings)

    def run(self, **settings) -> Simulation:
        settings.setdefault("due", due_in_five_days)
        return Simulation(self.compile(), NOW, **settings)


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """A ``zeebe:ioMapping``: target → source."""
    lines = [
        f"<zeebe:input source={quoteattr(s)} target={quoteattr(t)} />" for t, s in (inputs or {}).items()
    ]
    lines += [
        f"<zeebe:output source={quoteattr(s)} target={quoteattr(t)} />" for t, s in (outputs or {}).items()
    ]
    return f"<zeebe:ioMapping>{''.join(lines)}</zeebe:ioMapping>"
