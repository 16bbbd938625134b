"""What changed between two versions of a drawing, as somebody who knows the drawing would say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lianban.engines.process import Flow, Graph, Kind, Node


class Sort(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One property before and after; None where there is none. ``zh`` and ``en`` name it."""

    field: str
    before: str | None
    after: str | None

    @property
    def zh(self) -> str:
        return WORDS.get(self.field, (self.field, self.field))[0]

    @property
    def en(self) -> str:
        return WORDS.get(self.field, (self.field, self.field))[1]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different. ``what`` is ``process``, ``element`` or ``flow``; ``type`` the BPMN element."""

    sort: Sort
    what: str
    id: str
    name: str
    type: str
    fields: tuple[FieldChange, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "sort": self.sort.value,
            "what": self.what,
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "fields": [{"field": f.field, "before": f.before, "after": f.after} for f in self.fields],
        }


WORDS: Mapping[str, tuple[str, str]] = {
    "id": ("编号", "id"),
    "name": ("名称", "name"),
    "type": ("类型", "type"),
    "body": ("所在范围", "inside of"),
    "attached_to": ("所附环节", "attached to"),
    "interrupting": ("是否中断", "interrupting"),
    "timer": ("定时", "timer"),
    "event": ("消息、信号或代码", "message, signal or code"),
    "role": ("岗位", "assignment"),
    "form": ("表单", "form"),
    "service": ("处理程序", "handler"),
    "headers": ("处理程序参数", "headers"),
    "decision": ("决策", "decision"),
    "result": ("结果变量", "result variable"),
    "inputs": ("输入", "inputs"),
    "outputs": ("输出", "outputs"),
    "loop": ("多实例", "multi-instance"),
    "local": ("变量只在内部", "keeps its variables"),
    "default": ("默认出口", "default flow"),
    "order": ("出口的次序", "order of its exits"),
    "source": ("起点", "from"),
    "target": ("终点", "to"),
    "condition": ("条件", "condition"),
    "action": ("办理动作", "action"),
    "clock": ("时限", "clock"),
    "stage": ("阶段", "stage"),
}

_NODE_FIELDS = (
    "name", "type", "body", "attached_to", "interrupting", "timer", "event", "role", "form", "service", "decision",
    "result", "inputs", "outputs", "loop", "local", "default",
)  # fmt: skip
_FLOW_FIELDS = ("name", "source", "target", "condition")


def compare(old: Graph, new: Graph) -> tuple[Difference, ...]:
    """Everything that is different in meaning; where shapes are drawn is not. Empty: the same drawing.

    In the order of the new drawing; what was removed comes last, in the order of the old one.
    """
    return tuple(_compare(old, new))


def _compare(old: Graph, new: Graph) -> Iterator[Difference]:
    process = tuple(
        FieldChange(name, before, after)
        for name, before, after in (("id", old.process_id, new.process_id), ("name", old.name, new.name))
        if before != after
    )
    if process:
        yield Difference(Sort.CHANGED, "process", new.process_id, new.name, "process", process)
    for node in _ordered(new):
        before = old.nodes.get(node.id)
        if before is None:
            yield Difference(Sort.ADDED, "element", node.id, node.name, node.type, tuple(_given(node)))
        elif fields := tuple(_node_fields(old, before, node)):
            yield Difference(Sort.CHANGED, "element", node.id, node.name, node.type, fields)
    for node in _ordered(old):
        if node.id not in new.nodes:
            yield Difference(Sort.REMOVED, "element", node.id, node.name, node.type)
    for flow in new.flows.values():
        earlier = old.flows.get(flow.id)
        if earlier is None:
            yield Difference(Sort.ADDED, "flow", flow.id, flow.name, "sequenceFlow", tuple(_flow_given(flow)))
        elif fields := tuple(_fields(earlier, flow, _FLOW_FIELDS)):
            yield Difference(Sort.CHANGED, "flow", flow.id, flow.name, "sequenceFlow", fields)
    for flow in old.flows.values():
        if flow.id not in new.flows:
            yield Difference(Sort.REMOVED, "flow", flow.id, flow.name, "sequenceFlow")


def _ordered(graph: Graph) -> list[Node]:
    reached = graph.in_order()
    seen = {node.id for node in reached}
    return [*reached, *(node for node in graph.nodes.values() if node.id not in seen)]


def _node_fields(old: Graph, before: Node, after: Node) -> Iterator[FieldChange]:
    # The root's id may change without anything having moved: it is no place anybody drew.
    for change in _fields(before, after, _NODE_FIELDS):
        if change.field != "body" or before.body != old.process_id or after.body in old.nodes:
            yield change
    yield from _mapping_fields("", before.properties, after.properties)
    yield from _mapping_fields("header ", before.headers, after.headers)
    if after.kind is Kind.EXCLUSIVE:
        kept = [flow for flow in after.outgoing if flow in before.outgoing]
        was = [flow for flow in before.outgoing if flow in after.outgoing]
        if kept != was:
            yield FieldChange("order", ", ".join(was), ", ".join(kept))


def _fields(before: Node | Flow, after: Node | Flow, names: tuple[str, ...]) -> Iterator[FieldChange]:
    for name in names:
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield FieldChange(name, _text(one), _text(other))


def _mapping_fields(
    prefix: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[FieldChange]:
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key):
            yield FieldChange(f"{prefix}{key}", before.get(key), after.get(key))


def _given(node: Node) -> Iterator[FieldChange]:
    for name in ("attached_to", "timer", "event", "role", "form", "service", "decision", "loop"):
        if (value := getattr(node, name)) is not None:
            yield FieldChange(name, None, _text(value))
    yield from _mapping_fields("", {}, node.properties)


def _flow_given(flow: Flow) -> Iterator[FieldChange]:
    for name in ("source", "target", "condition"):
        if (value := getattr(flow, name)) is not None:
            yield FieldChange(name, None, _text(value))


def _text(value: Any) -> str | None:
    """How the drawing says it."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "; ".join(f"{one.target} ← {one.source.text}" for one in value)
    if hasattr(value, "collection"):
        how = "sequential" if value.sequential else "parallel"
        parts = [how, value.collection.text, value.item and f"→ {value.item}"]
        if value.condition:
            parts.append(f"until {value.condition.text}")
        if value.output_collection:
            parts.append(f"⇒ {value.output_collection}")
        return " ".join(part for part in parts if part)
    return str(getattr(value, "text", value))
