"""The extensions of an element: what Camunda Modeler writes in the ``zeebe`` namespace, and expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from lxml import etree

from lianban.engines.process.expressions import NotAnExpression, source_of
from lianban.engines.process.findings import Findings
from lianban.engines.process.graph import Loop, Mapped, Source
from lianban.engines.process.profile import BPMN, EXTENSIONS, HARMLESS_NAMESPACES, WITHOUT_EFFECT, ZEEBE
from lianban.engines.process.rows import EMPTY
from lianban.engines.process.timers import NotATimer, timer_spec

_ROLE = re.compile(r"[\w.-]+(?:@(?:lead|branch))?")
_VARIABLE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def namespace(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def _brief(text: str) -> str:
    """What is quoted of a text: a drawing may hold megabytes of it."""
    return text if len(text) <= 200 else f"{text[:180]}… ({len(text):,})"


def children(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    return element.iterchildren(f"{{{BPMN}}}{tag}")


class ExtensionReader:
    """Reads extensions and expressions; notes what is not in the profile."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def unknown_namespace(self, element: etree._Element) -> None:
        space = namespace(element)
        self.findings.problem(
            "unknown-namespace",
            element,
            f"元素 {local(element)} 属于未知的命名空间 {space or '（无）'}，引擎不知其含义。请删去，或用 Camunda Modeler 8（zeebe）重新填写。",
            f"The element {local(element)} is of an unknown namespace {space or '(none)'}; the engine cannot know what it "
            "means. Remove it, or enter it again with Camunda Modeler 8 (zeebe).",
        )

    def extensions(self, element: etree._Element, tag: str) -> dict[str, etree._Element]:
        """The zeebe extensions of an element by local name; anything else is noted."""
        found: dict[str, etree._Element] = {}
        for holder in children(element, "extensionElements"):
            for extension in holder.iterchildren():
                name, space = local(extension), namespace(extension)
                if space == ZEEBE:
                    allowed = EXTENSIONS.get(name)
                    if allowed is None or (allowed[0] and tag not in allowed[0]):
                        self.findings.problem(
                            "unsupported-extension",
                            extension,
                            f"{tag} 上不支持扩展 zeebe:{name}。请在属性面板中清除该项。",
                            f"The extension zeebe:{name} is not supported on {tag}. Clear it in the properties panel.",
                        )
                    elif name in found:
                        self.findings.problem(
                            "repeated-extension",
                            extension,
                            f"扩展 zeebe:{name} 出现多次。请只保留一个。",
                            f"The extension zeebe:{name} appears more than once. Keep one.",
                        )
                    else:
                        found[name] = extension
                        self._notice_effect(extension, name)
                elif space not in HARMLESS_NAMESPACES:
                    self.unknown_namespace(extension)
        return found

    def _notice_effect(self, extension: etree._Element, name: str) -> None:
        if name in WITHOUT_EFFECT:
            self.findings.notice(
                "not-executed",
                extension,
                f"zeebe:{name}：{EXTENSIONS[name][1]}",
                f"zeebe:{name}: {EXTENSIONS[name][2]}",
            )

    def role(self, element: etree._Element, extensions: Mapping[str, etree._Element]) -> Source:
        assignment = extensions.get("assignmentDefinition")
        groups = assignment.get("candidateGroups", "").strip() if assignment is not None else ""
        if assignment is not None and (assignment.get("assignee") or assignment.get("candidateUsers")):
            self.findings.problem(
                "names-a-person",
                assignment,
                "任务指定了个人（assignee 或 candidateUsers）。请只在 candidateGroups 中写岗位，由内核分派到人。",
                "The task names persons (assignee or candidateUsers). Name a role in candidateGroups; the kernel finds the person.",
            )
        if not groups:
            self.findings.notice(
                "no-role",
                element,
                "任务没有写岗位，主办单位（分支内为该单位）的任何岗位都可办理。",
                "The task names no role: any post of the leading agency (in a branch, of that agency) may do it.",
            )
            return Source("")
        if not groups.startswith("=") and not _ROLE.fullmatch(groups):
            self.findings.problem(
                "bad-role",
                element,
                f"岗位“{groups}”写法不对。请写一个角色，可加 @lead 或 @branch，或以 = 开头的表达式。",
                f'"{groups}" is not a role. Write one role, with @lead or @branch if need be, or an expression that begins with =.',
            )
        return self._source(groups, element)

    def form(self, extensions: Mapping[str, etree._Element]) -> str | None:
        form = extensions.get("formDefinition")
        if form is None:
            return None
        form_id = form.get("formId")
        if not form_id:
            self.findings.problem(
                "bad-form",
                form,
                "formDefinition 没有 formId。请填写场景中表单的名称；不支持内嵌或外部表单。",
                "formDefinition has no formId. Name a form of the scene; embedded and external forms are not supported.",
            )
        return form_id

    def required(self, extension: etree._Element | None, attribute: str, zh: str, en: str) -> Source | None:
        text = extension.get(attribute, "").strip() if extension is not None else ""
        if extension is None or not text:
            return None  # noted by the structure check, which knows the element
        return self._source(text, extension)

    def headers(self, extensions: Mapping[str, etree._Element]) -> Mapping[str, str]:
        holder = extensions.get("taskHeaders")
        return self._pairs(holder, "header", "key", "value") if holder is not None else EMPTY

    def properties(self, extensions: Mapping[str, etree._Element]) -> Mapping[str, str]:
        holder = extensions.get("properties")
        return self._pairs(holder, "property", "name", "value") if holder is not None else EMPTY

    def _pairs(self, holder: etree._Element, tag: str, key: str, value: str) -> Mapping[str, str]:
        pairs: dict[str, str] = {}
        for item in holder.iterchildren(f"{{{ZEEBE}}}{tag}"):
            name = item.get(key, "")
            if not name or name in pairs:
                self.findings.problem(
                    "bad-property",
                    item,
                    f"{tag} 的 {key}“{name}”为空或重复。请改名或删去。",
                    f'The {key} "{name}" of a {tag} is empty or repeated. Rename or remove it.',
                )
            pairs[name] = item.get(value, "")
        return MappingProxyType(pairs) if pairs else EMPTY

    def mappings(
        self, extensions: Mapping[str, etree._Element]
    ) -> tuple[tuple[Mapped, ...], tuple[Mapped, ...]]:
        holder = extensions.get("ioMapping")
        if holder is None:
            return (), ()
        return self._mapped(holder, "input"), self._mapped(holder, "output")

    def _mapped(self, holder: etree._Element, tag: str) -> tuple[Mapped, ...]:
        mapped = []
        for item in holder.iterchildren(f"{{{ZEEBE}}}{tag}"):
            target = item.get("target", "").strip()
            if not _VARIABLE.fullmatch(target):
                self.findings.problem(
                    "bad-variable",
                    item,
                    f"变量名“{target}”写法不对。请用字母、汉字、数字和下划线，不以数字开头。",
                    f'"{target}" is not a variable name. Use letters, digits and underscores, no digit first.',
                )
            mapped.append(Mapped(self._source(item.get("source", ""), item), target))
        return tuple(mapped)

    def loop(self, element: etree._Element) -> Loop | None:
        loops = list(children(element, "multiInstanceLoopCharacteristics"))
        if not loops:
            return None
        loop = loops[0]
        extensions = self.extensions(loop, "multiInstanceLoopCharacteristics")
        zeebe = extensions.get("loopCharacteristics")
        collection = zeebe.get("inputCollection", "").strip() if zeebe is not None else ""
        if not collection.startswith("="):
            self.findings.problem(
                "no-collection",
                loop,
                "多实例没有写集合。请在 zeebe:loopCharacteristics 的 inputCollection 中写 FEEL，如 =units。",
                "The multi-instance has no collection. Write FEEL, such as =units, into inputCollection of zeebe:loopCharacteristics.",
            )
            return None
        assert zeebe is not None
        condition = None
        for child in loop.iterchildren(f"{{{BPMN}}}*"):
            if local(child) == "completionCondition":
                condition = self.feel(child, "".join(child.itertext()))
            elif local(child) not in ("extensionElements", "documentation"):
                self.findings.problem(
                    "unsupported-element",
                    child,
                    f"多实例不支持 {local(child)}。请只用 zeebe:loopCharacteristics 的集合和完成条件。",
                    f"{local(child)} of a multi-instance is not supported. Use the collection of zeebe:loopCharacteristics "
                    "and a completion condition.",
                )
        output = zeebe.get("outputElement", "").strip()
        output_collection = zeebe.get("outputCollection") or None
        if bool(output) != bool(output_collection):
            self.findings.problem(
                "bad-output",
                loop,
                "outputCollection 与 outputElement 必须同时填写。",
                "outputCollection and outputElement must be given together.",
            )
        return Loop(
            self._source(collection, loop),
            zeebe.get("inputElement") or None,
            loop.get("isSequential", "false") in ("true", "1"),
            condition,
            output_collection,
            self.feel(loop, output) if output else None,
        )

    def timer(self, element: etree._Element, tag: str) -> Source | None:
        definition = next(children(element, "timerEventDefinition"))
        texts = [
            c for c in definition.iterchildren() if local(c) in ("timeDuration", "timeDate", "timeCycle")
        ]
        text = "".join(texts[0].itertext()).strip() if texts else ""
        if len(texts) != 1 or not text:
            self.findings.problem(
                "no-timer",
                definition,
                "定时没有填写，或填写了多项。请填一项，如 PT24H、R3/P1D 或 clock:KEY。",
                "The timer is empty or given more than once. Give one, such as PT24H, R3/P1D or clock:KEY.",
            )
            return None
        if text.startswith("="):
            return self._source(text, texts[0])
        try:
            spec = timer_spec(text)
        except NotATimer:
            self.findings.problem(
                "bad-timer",
                texts[0],
                f"定时“{text}”写法不对。请用 ISO 8601（PT24H、P3D、R3/P1D、2026-12-01T09:00:00+08:00）或 clock:KEY、clock:KEY-P1D、clock:KEY+3WD。",
                f'"{text}" is not a timer. Use ISO 8601 (PT24H, P3D, R3/P1D, 2026-12-01T09:00:00+08:00) or clock:KEY, clock:KEY-P1D, clock:KEY+3WD.',
            )
            return None
        repeats = spec.period is not None
        if repeats and (tag != "boundaryEvent" or element.get("cancelActivity", "true") != "false"):
            self.findings.problem(
                "bad-timer",
                texts[0],
                f"重复的定时“{text}”只能用于不中断的边界事件。请改用时长，或取消“中断”。",
                f'A repeating timer "{text}" needs a non-interrupting boundary event. Use a duration, or make it non-interrupting.',
            )
        return self._source(spec.text, texts[0])

    # --- expressions ----------------------------------------------------------------------------------

    def feel(self, element: etree._Element, text: str) -> Source | None:
        """An expression that must be FEEL."""
        text = text.strip()
        if not text.startswith("="):
            self.findings.problem(
                "not-feel",
                element,
                f'表达式“{text}”不是 FEEL。请以 = 开头，如 =answer = "有"。',
                f'The expression "{text}" is not FEEL. Begin it with =, as in =answer = "yes".',
            )
            return None
        return self._source(text, element)

    def _source(self, text: str, element: etree._Element) -> Source:
        try:
            return source_of(text)
        except NotAnExpression as error:
            self.findings.problem(
                "bad-expression",
                element,
                f"表达式 {_brief(text)} 不是正确的 FEEL：{_brief(str(error))}。请改正。",
                f"The expression {_brief(text)} is not correct FEEL: {_brief(str(error))}. Correct it.",
            )
            return Source(text)
