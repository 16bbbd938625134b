"""The words of the pages on which a scene is looked at and changed: kinds of elements, differences, findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from lianban.engines.migration import Difference, FieldChange
from lianban.engines.process import Graph
from lianban.engines.scenes.editing import Finding
from lianban.engines.scenes.table_view import TableChange
from lianban.records.drafts import Draft

STATUS = {
    "draft": gettext_lazy("草案"), "trial": gettext_lazy("试行"), "live": gettext_lazy("在用"), "retired": gettext_lazy("停用"),
}  # fmt: skip
SORT = {"added": gettext_lazy("新增"), "removed": gettext_lazy("删去"), "changed": gettext_lazy("改动")}
TYPE = {
    "process": gettext_lazy("流程"), "sequenceFlow": gettext_lazy("连线"), "userTask": gettext_lazy("用户任务"),
    "serviceTask": gettext_lazy("服务任务"), "sendTask": gettext_lazy("发送任务"), "receiveTask": gettext_lazy("接收任务"),
    "businessRuleTask": gettext_lazy("业务规则任务"), "task": gettext_lazy("任务"), "manualTask": gettext_lazy("手工任务"),
    "subProcess": gettext_lazy("子流程"), "callActivity": gettext_lazy("调用活动"), "startEvent": gettext_lazy("开始事件"),
    "endEvent": gettext_lazy("结束事件"), "exclusiveGateway": gettext_lazy("排他网关"), "timer": gettext_lazy("定时边界事件"),
    "parallelGateway": gettext_lazy("并行网关"), "inclusiveGateway": gettext_lazy("相容网关"),
    "eventBasedGateway": gettext_lazy("事件网关"), "boundaryEvent": gettext_lazy("边界事件"),
    "intermediateCatchEvent": gettext_lazy("中间捕获事件"), "intermediateThrowEvent": gettext_lazy("中间抛出事件"),
    "participant": gettext_lazy("参与方"), "lane": gettext_lazy("泳道"), "collaboration": gettext_lazy("协作图"),
    "textAnnotation": gettext_lazy("注释"), "association": gettext_lazy("注释连线"), "group": gettext_lazy("分组框"),
    "dataObjectReference": gettext_lazy("数据对象"), "dataStoreReference": gettext_lazy("数据存储"),
    "messageFlow": gettext_lazy("消息流"),
}  # fmt: skip
CHANGED = {
    "tasks": gettext_lazy("任务改变"), "armed": gettext_lazy("定时新增"), "recomputed": gettext_lazy("定时重算"),
    "dropped": gettext_lazy("定时取消"),
}  # fmt: skip


def english() -> bool:
    return (get_language() or "zh").startswith("en")


def spoken(value: Any) -> str:
    """What has a sentence in both languages (``zh``, ``en``), in the reader's."""
    return str(value.en if english() else value.zh)


@dataclass(frozen=True, slots=True)
class Line:
    """One difference in words: what was done to what, and how each property was and is."""

    sort: str
    word: str
    what: str
    element: str
    details: tuple[str, ...] = ()


def differences(found: Iterable[Difference], old: Graph, new: Graph) -> list[Line]:
    """Differences of two drawings, by the names of elements where they have one."""
    return [
        Line(one.sort.value, str(SORT[one.sort.value]), _what(one, old, new), one.id, tuple(
            _detail(one, change, old, new) for change in one.fields
            # What a new flow connects is in its name already.
            if not (one.what == "flow" and one.sort.value == "added" and change.field in ("source", "target"))
        ))
        for one in found
    ]  # fmt: skip


def _detail(one: Difference, change: FieldChange, old: Graph, new: Graph) -> str:
    """A property before and after; of what is new, what it is."""
    after = _called(change, change.after, new)
    if one.sort.value == "added":
        return f"{spoken(change)}：{after}"
    return f"{spoken(change)}：{_called(change, change.before, old)} → {after}"


def _called(change: FieldChange, value: str | None, graph: Graph) -> str:
    """A value, and where it is an element's id, the element's name."""
    if value and change.field in ("source", "target", "attached_to", "body") and value in graph.nodes:
        return graph.nodes[value].name or value
    return value or "—"


def _what(one: Difference, old: Graph, new: Graph) -> str:
    kind = str(TYPE.get(one.type, one.type))
    graph = old if one.sort.value == "removed" else new
    if one.what == "flow" and not one.name and one.id in graph.flows:
        flow = graph.flows[one.id]
        ends = [graph.nodes[end].name or end for end in (flow.source, flow.target)]
        return _("%(kind)s“%(one)s → %(other)s”") % {"kind": kind, "one": ends[0], "other": ends[1]}
    return _("%(kind)s“%(name)s”") % {"kind": kind, "name": one.name or one.id}


def table_differences(found: Iterable[TableChange]) -> list[Line]:
    return [Line(one.sort, str(SORT[one.sort]), f"“{one.where}”", "", (spoken(one),)) for one in found]


def standing(draft: Draft, who: str) -> str:
    """Who saved a draft, how often it was saved, and on which version it stands."""
    said = {"who": who, "n": draft.revision, "b": draft.base}
    if not draft.base:
        return _("草稿：%(who)s 保存，第 %(n)s 次，新文件") % said
    return _("草稿：%(who)s 保存，第 %(n)s 次，基于第 %(b)s 版") % said


def finding(one: Finding) -> Mapping[str, Any]:
    """A finding as the editor's script and the list take it."""
    return {
        "severity": one.severity.value, "code": one.code, "element": one.element, "name": one.name or one.element,
        "within": one.within, "line": one.line, "text": spoken(one),
    }  # fmt: skip
