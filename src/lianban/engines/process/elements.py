"""One flow node of the file → one :class:`Node`, with every attribute and child accounted for."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from lianban.engines.process.extensions import ExtensionReader, children, local, namespace
from lianban.engines.process.findings import Findings, name_of
from lianban.engines.process.graph import Kind, Node
from lianban.engines.process.profile import (
    BPMN,
    DRAWN_ONLY,
    FIXED_ATTRIBUTES,
    HARMLESS_NAMESPACES,
    REFUSED,
    SUPPORTED,
    ZEEBE,
    Supported,
)

_EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent"}
)
_REFERENCES = {
    "message": ("messageRef", "message"),
    "signal": ("signalRef", "signal"),
    "error": ("errorRef", "error"),
    "escalation": ("escalationRef", "escalation"),
}
#: Children of a flow node that the compiler reads elsewhere.
_READ_ELSEWHERE = frozenset(
    {"incoming", "outgoing", "documentation", "extensionElements", "sequenceFlow", "eventDefinitionRef"}
)


class ElementReader(ExtensionReader):
    """Reads flow nodes. ``named`` maps the id of a message, signal, error or escalation to its name or code."""

    def __init__(self, findings: Findings, named: Mapping[tuple[str, str], str]) -> None:
        super().__init__(findings)
        self.named = named

    def node(self, element: etree._Element, body: str) -> Node | None:
        """The node, or None when it is outside the profile (a problem has been noted)."""
        tag = local(element)
        definition, event = self._event(element, tag)
        supported = SUPPORTED.get((tag, definition))
        if supported is None:
            self.refuse(element, tag, definition)
            return None
        extensions = self.extensions(element, tag)
        self._attributes(element)
        self._children(element, tag)
        kind = self._kind(element, tag, supported, extensions)
        inputs, outputs = self.mappings(extensions)
        node_id = element.get("id") or ""
        rule = extensions.get("calledDecision")
        called = extensions.get("calledElement")
        service = extensions.get("taskDefinition")
        return Node(
            id=node_id,
            name=name_of(element),
            type=definition if tag == "boundaryEvent" else tag,
            kind=kind,
            body=body,
            default=element.get("default"),
            attached_to=element.get("attachedToRef"),
            interrupting=element.get("cancelActivity", "true") not in ("false", "0"),
            timer=self.timer(element, tag) if definition == "timer" else None,
            event=self._receive(element) if tag == "receiveTask" else event,
            role=self.role(element, extensions) if kind is Kind.USER else None,
            form=self.form(extensions),
            service=self.required(service, "type", "处理程序", "a handler") if kind is Kind.SERVICE else None,
            headers=self.headers(extensions),
            decision=self.required(rule, "decisionId", "决策", "a decision") if kind is Kind.RULE else None,
            result=rule.get("resultVariable") if rule is not None else None,
            inputs=inputs,
            outputs=outputs,
            properties=self.properties(extensions),
            loop=self.loop(element),
            local=called is not None and called.get("propagateAllChildVariables") == "false",
            line=element.sourceline or 0,
        )

    # --- the element itself -------------------------------------------------------------------------

    def refuse(self, element: etree._Element, tag: str, definition: str = "") -> None:
        """Note an element outside the profile, by its id."""
        what = f"{tag}/{definition}" if definition else tag
        remedy = REFUSED.get((tag, definition)) or REFUSED.get((tag, ""))
        self.findings.problem(
            "unsupported-element",
            element,
            f"不支持 {what}。{remedy.zh if remedy else '请删去，或改用可执行范围内的元素。'}",
            f"{what} is not supported. {remedy.en if remedy else 'Remove it or use an element of the executable profile.'}",
        )

    def _kind(
        self,
        element: etree._Element,
        tag: str,
        supported: Supported,
        extensions: Mapping[str, etree._Element],
    ) -> Kind:
        if (
            tag == "businessRuleTask"
            and "taskDefinition" in extensions
            and "calledDecision" not in extensions
        ):
            return Kind.SERVICE
        if tag == "task":
            self.findings.notice(
                "no-type",
                element,
                "任务没有类型，流程会直接通过。要有人办理请改为用户任务。",
                "The task has no type and is passed at once. Make it a user task if somebody is to do it.",
            )
        return supported.kind

    def _event(self, element: etree._Element, tag: str) -> tuple[str, str | None]:
        """The kind of event definition ("" for none) and the message, signal, error or escalation it names."""
        if tag not in _EVENTS:
            return "", None
        definitions = [c for c in element if local(c).endswith("EventDefinition") and namespace(c) == BPMN]
        references = list(children(element, "eventDefinitionRef"))
        if len(definitions) + len(references) > 1:
            self.findings.problem(
                "multiple-events",
                element,
                "一个事件含有多个事件定义。请拆成多个事件。",
                "The event has several event definitions. Split it into several events.",
            )
        if references:
            self.findings.problem(
                "shared-definition",
                references[0],
                "不支持引用共享的事件定义（eventDefinitionRef）。请把定义写在事件内。",
                "A shared event definition (eventDefinitionRef) is not supported. Put the definition into the event.",
            )
        if not definitions:
            return "", None
        self.extensions(definitions[0], local(definitions[0]))
        kind = local(definitions[0]).removesuffix("EventDefinition")
        if kind not in _REFERENCES:
            return kind, None
        attribute, target = _REFERENCES[kind]
        reference = definitions[0].get(attribute)
        sends = kind == "message" and tag in ("endEvent", "intermediateThrowEvent")
        if reference is None:
            catches_all = tag == "boundaryEvent" and kind in ("error", "escalation")
            if not (sends or catches_all) and (tag, kind) in SUPPORTED:
                self._missing(definitions[0], attribute, target)
            return kind, None
        return kind, self._named(definitions[0], target, reference)

    def _receive(self, element: etree._Element) -> str | None:
        reference = element.get("messageRef")
        if reference is None:
            self._missing(element, "messageRef", "message")
            return None
        return self._named(element, "message", reference)

    def _named(self, element: etree._Element, target: str, reference: str) -> str | None:
        name = self.named.get((target, reference.rpartition(":")[2]))
        if name is None:
            self.findings.problem(
                "missing-reference",
                element,
                f"引用的 {target}“{reference}”不存在。请在属性面板中重新选择。",
                f'The {target} "{reference}" it refers to does not exist. Choose it again in the properties panel.',
            )
        elif not name or name.startswith("="):
            self.findings.problem(
                "missing-name",
                element,
                f"引用的 {target}“{reference}”没有固定的名称或代码。请填写，不能用表达式。",
                f'The {target} "{reference}" has no constant name or code. Give it one; expressions are not possible here.',
            )
        return name

    def _missing(self, element: etree._Element, attribute: str, target: str) -> None:
        self.findings.problem(
            "missing-reference",
            element,
            f"缺少 {attribute}。请在属性面板中选择一个 {target}。",
            f"{attribute} is missing. Choose a {target} in the properties panel.",
        )

    def _attributes(self, element: etree._Element) -> None:
        for attribute, (allowed, remedy) in FIXED_ATTRIBUTES.items():
            value = element.get(attribute)
            if value is not None and value != allowed:
                self.findings.problem(
                    "unsupported-attribute",
                    element,
                    f"不支持 {attribute}={value}。{remedy.zh}",
                    f"{attribute}={value} is not supported. {remedy.en}",
                )
        foreign = {etree.QName(key).namespace for key in element.attrib if str(key).startswith("{")}
        for space in sorted(str(s) for s in foreign - HARMLESS_NAMESPACES - {ZEEBE}):
            self.findings.notice(
                "foreign-attribute",
                element,
                f"命名空间 {space} 的属性不起作用。",
                f"Attributes of namespace {space} have no effect.",
            )

    def _children(self, element: etree._Element, tag: str) -> None:
        for child in element.iterchildren():
            name = local(child)
            if namespace(child) != BPMN:
                self.unknown_namespace(child)
            elif (
                tag in ("subProcess",)
                or name in _READ_ELSEWHERE
                or name.endswith("EventDefinition")
                or name == "multiInstanceLoopCharacteristics"
            ):
                continue
            elif name in DRAWN_ONLY:
                self.drawn_only(child)
            else:
                self.refuse(child, name)

    def drawn_only(self, element: etree._Element) -> None:
        zh, en = DRAWN_ONLY[local(element)]
        self.findings.notice(
            "not-executed", element, f"{zh}：只供阅读，不执行。", f"{en}: for reading only, not executed."
        )
