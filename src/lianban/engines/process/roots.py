"""The root of a file: what it names, its processes, and the one of them that runs."""

from __future__ import annotations

from lxml import etree

from lianban.engines.process.elements import ElementReader
from lianban.engines.process.extensions import local, namespace
from lianban.engines.process.findings import Findings, name_of
from lianban.engines.process.profile import BPMN, ROOT_DRAWN_ONLY, SUPPORTED, ZEEBE

FLOW_NODES = frozenset(tag for tag, _ in SUPPORTED)
_CODES = {"message": "name", "signal": "name", "error": "errorCode", "escalation": "escalationCode"}


def read_root(
    root: etree._Element, findings: Findings
) -> tuple[dict[tuple[str, str], str], list[etree._Element]]:
    """Names and codes of messages, signals, errors and escalations by (kind, id), and the processes."""
    named: dict[tuple[str, str], str] = {}
    processes: list[etree._Element] = []
    reader = ElementReader(findings, {})
    for element in root.iterchildren():
        tag = local(element)
        if namespace(element) != BPMN:
            if "/BPMN/20100524/DI" not in namespace(element):
                reader.unknown_namespace(element)
        elif tag == "process":
            processes.append(element)
        elif tag in _CODES:
            reader.extensions(element, tag)
            named[tag, element.get("id") or ""] = (element.get(_CODES[tag]) or name_of(element)).strip()
        elif tag == "eventDefinition" or tag.endswith("EventDefinition") or tag not in ROOT_DRAWN_ONLY:
            reader.refuse(element, tag)
        elif tag not in ("extensionElements", "documentation"):
            findings.notice(
                "not-executed",
                element,
                f"{tag}：只供阅读，不执行。",
                f"{tag}: for reading only, not executed.",
            )
    return named, processes


def choose(
    processes: list[etree._Element], process_id: str | None, findings: Findings
) -> etree._Element | None:
    """The one process to run. The pools of other parties are passed over with a notice."""
    executable = [p for p in processes if p.get("isExecutable") in ("true", "1")]
    candidates = executable or [p for p in processes if _has_nodes(p)] or processes
    # A process that another one calls is part of that one.
    calls = [(p.get("id"), call) for p in processes for call in p.iter(f"{{{BPMN}}}callActivity")]
    called = {wanted for own, call in calls if (wanted := called_process(call)) != own}
    if len(candidates) > 1:
        candidates = [p for p in candidates if p.get("id") not in called] or candidates
    if process_id is not None:
        candidates = [p for p in processes if p.get("id") == process_id]
    if len(candidates) != 1:
        ids = "、".join(p.get("id") or "?" for p in candidates or processes)
        findings.problem(
            "many-processes" if candidates else "no-process",
            candidates[1] if candidates else None,
            f"文件中应恰有一个可运行的流程，找到 {len(candidates)} 个（{ids}）。请只让一个流程的 isExecutable 为 true。",
            f"The file must have one process to run; {len(candidates)} found ({ids}). Set isExecutable on exactly one.",
        )
        return None
    chosen = candidates[0]
    if not chosen.get("id"):
        findings.problem("no-id", chosen, "流程没有编号。请填写。", "The process has no id. Give it one.")
        return None
    if not executable:
        findings.notice(
            "not-marked-executable",
            chosen,
            "流程未标为可执行（isExecutable），仍按唯一的流程编译。",
            "The process is not marked executable (isExecutable); it is compiled as the only one.",
        )
    for other in processes:
        if other is not chosen and other.get("id") not in called:
            findings.notice(
                "not-executed",
                other,
                "另一方的流程：只供阅读，不执行。",
                "A process of another party: for reading only, not executed.",
            )
    return chosen


def _has_nodes(process: etree._Element) -> bool:
    return any(local(child) in FLOW_NODES for child in process.iterchildren())


def called_process(element: etree._Element) -> str:
    """The id of the process that a call activity names, by its extension or by the attribute of BPMN itself."""
    for extension in element.iter(f"{{{ZEEBE}}}calledElement"):
        return extension.get("processId") or ""
    return element.get("calledElement") or ""
