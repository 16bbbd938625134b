"""From the elements of the old version to those of the new one: by id, and by a map for the rest.

The map is a small YAML file::

    elements:            # old id: new id, where the ids differ or the work goes on at another step
      route: assign
    flows:               # needed only where somebody waits at a join whose incoming flow has another id
      to_join: to_meeting
    timers: reached      # new and changed timers count from when the step was reached (default), or: now
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from lianban.engines.migration.errors import MapProblem, MapRefused
from lianban.engines.process import Graph, Kind, Node
from lianban.engines.process.rows import nothing

MAX_FILE = 512 * 1024  # bytes


class Since(StrEnum):
    """From when new and changed timers and time limits count."""

    REACHED = (
        "reached"  # when the step was reached, or the legal trigger of its letter: nobody gains or loses time
    )
    NOW = "now"  # when the matter is migrated


@dataclass(frozen=True, slots=True)
class ElementMap:
    """What the file says. ``lines`` is where each old id stands in it."""

    elements: Mapping[str, str] = field(default_factory=nothing)
    flows: Mapping[str, str] = field(default_factory=nothing)
    timers: Since = Since.REACHED
    source: str = "-"
    lines: Mapping[str, int] = field(default_factory=nothing, compare=False)

    def as_dict(self) -> dict[str, Any]:
        return {"elements": dict(self.elements), "flows": dict(self.flows), "timers": self.timers.value}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> ElementMap:
        """From what :meth:`as_dict` gave, as the database keeps it."""
        return cls(
            found.get("elements") or {}, found.get("flows") or {}, Since(found.get("timers", "reached"))
        )


@dataclass(frozen=True, slots=True)
class Route:
    """The way from one version to another. ``elements`` and ``flows`` name the new id of every old one that has one;
    the process itself is under its own id."""

    old: Graph
    new: Graph
    elements: Mapping[str, str]
    flows: Mapping[str, str]
    timers: Since = Since.REACHED


def read_map(text: bytes | str, source: str = "-") -> ElementMap:
    """Read a map. Raises :class:`MapRefused` with every problem and its line."""
    problems: list[MapProblem] = []
    if len(text) > MAX_FILE:
        raise MapRefused(
            source,
            [MapProblem(0, "文件超过 512 KiB。请拆分。", "The file is larger than 512 KiB. Split it.")],
        )
    try:
        data = YAML(typ="rt").load(text) or {}
    except (YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
        said = str(getattr(error, "problem", None) or error)[:200]
        line = mark.line + 1 if mark else 0
        raise MapRefused(
            source,
            [MapProblem(line, f"不是 YAML：{said}。请改正该行。", f"Not YAML: {said}. Mend the line.")],
        ) from None
    if not isinstance(data, Mapping):
        raise MapRefused(
            source,
            [
                MapProblem(
                    1, "应为 elements、flows、timers 三个键。", "Give the keys elements, flows, timers."
                )
            ],
        )
    lines: dict[str, int] = {}
    problems += [
        MapProblem(
            _line(data, key),
            f"未知的键“{key}”。可用：elements、flows、timers。",
            f'Unknown key "{key}". There are: elements, flows, timers.',
        )
        for key in data
        if key not in ("elements", "flows", "timers")
    ]
    elements = _pairs(data, "elements", problems, lines)
    flows = _pairs(data, "flows", problems, lines)
    timers = data.get("timers", Since.REACHED.value)
    if timers not in [since.value for since in Since]:
        problems.append(
            MapProblem(
                _line(data, "timers"),
                f"timers 为“{timers}”。请写 reached（自环节到达时起算）或 now（自迁移时起算）。",
                f'timers is "{timers}". Write reached (counted from when the step was reached) or now.',
            )
        )
    if problems:
        raise MapRefused(source, problems)
    return ElementMap(elements, flows, Since(timers), source, lines)


def _line(data: Any, key: Any) -> int:
    if isinstance(data, CommentedMap) and key in (data.lc.data or {}):
        return int(data.lc.data[key][0]) + 1
    return 0


def _pairs(
    data: Mapping[str, Any], key: str, problems: list[MapProblem], lines: dict[str, int]
) -> dict[str, str]:
    given = data.get(key)
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        problems.append(
            MapProblem(
                _line(data, key),
                f"{key} 应为“旧编号: 新编号”的列表。",
                f"{key} must be pairs of old id: new id.",
            )
        )
        return {}
    pairs: dict[str, str] = {}
    for old, new in given.items():
        line = lines[str(old)] = _line(given, old)
        if not isinstance(old, str) or not isinstance(new, str) or not new:
            problems.append(
                MapProblem(
                    line,
                    f"“{old}: {new}”不是两个编号。请写元素的编号，必要时加引号。",
                    f'"{old}: {new}" are not two ids. Write ids of elements, quoted if need be.',
                )
            )
        else:
            pairs[old] = new
    return pairs


def route(old: Graph, new: Graph, chosen: ElementMap | None = None) -> Route:
    """The way from ``old`` to ``new``: the chosen map, and every other element and flow by its id.

    Raises :class:`MapRefused` if the map names what is not there, or joins what cannot be joined: a task to a
    timer, a fan-out to a single step. Whether a matter can take the way depends on where it rests; see
    :func:`lianban.engines.migration.judge`.
    """
    chosen = chosen or ElementMap()
    problems: list[MapProblem] = []
    elements = {key: key for key in old.nodes if key in new.nodes and key not in chosen.elements}
    elements[old.process_id] = new.process_id
    flows = {key: key for key in old.flows if key in new.flows and key not in chosen.flows}
    for one, other in chosen.elements.items():
        line = chosen.lines.get(one, 0)
        before, after = old.nodes.get(one), new.nodes.get(other)
        if before is None or after is None:
            problems.append(_unknown(line, one if before is None else other, before is None))
        elif reason := misfit(before, after):
            problems.append(
                MapProblem(
                    line,
                    f"{one} → {other}：{reason[0]}。请选择同类环节。",
                    f"{one} → {other}: {reason[1]}. Choose an element of the same kind.",
                )
            )
        else:
            elements[one] = other
    for one, other in chosen.flows.items():
        if one not in old.flows or other not in new.flows:
            missing = one if one not in old.flows else other
            problems.append(_unknown(chosen.lines.get(one, 0), missing, one not in old.flows))
        else:
            flows[one] = other
    if problems:
        raise MapRefused(chosen.source, problems)
    return Route(old, new, elements, flows, chosen.timers)


def _unknown(line: int, element: str, in_old: bool) -> MapProblem:
    zh, en = ("原", "old") if in_old else ("新", "new")
    return MapProblem(
        line,
        f"{zh}版流程图中没有“{element}”。请用 lianban process diff 查看编号。",
        f'The {en} drawing has no "{element}". lianban process diff shows the ids.',
    )


def misfit(before: Node, after: Node) -> tuple[str, str] | None:
    """Why a token that rests at ``before`` cannot rest at ``after``; None if it can. Chinese and English."""
    if before.kind is not after.kind:
        return (
            f"类型不同（{before.type} 与 {after.type}）",
            f"they are of different kinds ({before.type} and {after.type})",
        )
    if before.kind is Kind.BOUNDARY and before.type != after.type:
        return "边界事件的类型不同", "boundary events of different kinds"
    one, other = before.loop, after.loop
    if (one is None) is not (other is None):
        return "一个是多实例，另一个不是", "one is multi-instance, the other is not"
    if one is not None and other is not None and one.sequential is not other.sequential:
        return "多实例一个并行、一个依次", "one runs its instances in parallel, the other one by one"
    return None
