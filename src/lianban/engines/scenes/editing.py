"""A drawing or a table as somebody is changing it, examined beside its scene: what is wrong, and at which element.

::

    examine_drawing(scene, bpmn)                     # what compile_bpmn and the scene's own checks find
    examine_table(scene, "decisions/x.dmn", dmn, graph)

Both raise :class:`FileTooLarge` or :class:`FileUnreadable` for what cannot even be kept as a draft (broken XML, a
document type, nesting without end); everything else is a finding, anchored so that an editor can point at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from lianban.engines.errors import YourMistake
from lianban.engines.process.compiling import compile_bpmn
from lianban.engines.process.errors import DrawingRefused, Problem
from lianban.engines.process.graph import Graph
from lianban.engines.process.reading import MAX_BYTES
from lianban.engines.scenes.decisions import decision_ids
from lianban.engines.scenes.drawing import FILE as DRAWING
from lianban.engines.scenes.drawing import examine
from lianban.engines.scenes.model import Scene
from lianban.engines.scenes.tables import TableUnreadable, check_table, read_table

#: What is said of one file at most. A drawing with more errors than this is drawn anew, not mended.
MOST_FINDINGS = 200
# Problems of a file as such: nothing can be anchored, and an editor could not open it again.
_UNREADABLE = frozenset({"document-type", "broken-xml", "not-bpmn", "too-deep", "too-many-elements"})


class FileTooLarge(YourMistake):
    code = "LB-SCENES-007"
    status = 413
    zh = "“{file}”有 {size:,} 字节，上限为 {limit:,} 字节，没有保存。请拆成几个文件。"
    en = "“{file}” has {size:,} bytes; the limit is {limit:,}. It was not saved. Split it into several."


class FileUnreadable(YourMistake):
    code = "LB-SCENES-008"
    status = 422
    zh = "“{file}”没有保存。{reason_zh}"
    en = "“{file}” was not saved. {reason_en}"


class Severity(StrEnum):
    ERROR = "error"  # cannot be published
    NOTICE = "notice"  # worth knowing


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``element`` is the id to point at ("" for the file), ``within`` the decision whose table it is in."""

    severity: Severity
    code: str
    element: str
    name: str
    line: int
    zh: str
    en: str
    within: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"severity": self.severity.value, "code": self.code, "element": self.element, "name": self.name,
                "line": self.line, "within": self.within, "zh": self.zh, "en": self.en}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found: errors first, then notices. ``graph`` is there when a drawing compiles."""

    findings: tuple[Finding, ...]
    graph: Graph | None = None
    #: How many errors there are, those beyond the list included.
    errors: int = 0
    #: How many findings there are beyond those listed.
    more: int = 0


def examine_file(scene: Scene, file: str, content: bytes, graph: Graph | None = None) -> Examined:
    """A file by its name in the scene's folder: ``process.bpmn`` or ``decisions/NAME.dmn``."""
    if file == DRAWING:
        return examine_drawing(scene, content)
    return examine_table(scene, file, content, graph)


def examine_drawing(scene: Scene, bpmn: bytes) -> Examined:
    """Compile a drawing and check it against the scene. Raises :class:`FileTooLarge`, :class:`FileUnreadable`."""
    _check_bytes(DRAWING, bpmn)
    try:
        graph = compile_bpmn(bpmn, source=DRAWING)
    except DrawingRefused as error:
        first = error.problems[0]
        if len(error.problems) == 1 and first.code in _UNREADABLE:
            raise FileUnreadable(file=DRAWING, reason_zh=first.zh, reason_en=first.en) from None
        return _examined((_finding(one, Severity.ERROR) for one in error.problems), None)
    errors = [_finding(one, Severity.ERROR) for one in examine(scene, graph)]
    return _examined([*errors, *(_finding(one, Severity.NOTICE) for one in graph.notices)], graph)


def examine_table(scene: Scene, file: str, dmn: bytes, graph: Graph | None) -> Examined:
    """Check a file of decision tables, and that the live drawing ``graph`` still finds the decisions it asks for.

    Raises :class:`FileTooLarge`, :class:`FileUnreadable`.
    """
    _check_bytes(file, dmn)
    try:
        model = read_table(dmn, file)
    except TableUnreadable as error:
        raise FileUnreadable(file=file, reason_zh=error.zh, reason_en=error.en) from None
    found = [
        Finding(Severity.ERROR if one.is_error else Severity.NOTICE, one.code, one.element, _brief(one.name, 120),
                one.line, _brief(one.zh), _brief(one.en), one.within)
        for one in check_table(model, dmn)
    ]  # fmt: skip
    others = {name: content for name, content in scene.decisions.items() if f"decisions/{name}" != file}
    own = [decision.id for decision in model.decisions]
    for name, content in others.items():
        found += [
            Finding(
                Severity.ERROR, "decision-twice", twice, "", 0, f"决策“{twice}”在 {name} 中已有。请改名。",
                f'The decision "{twice}" is in {name} already. Rename it.', twice,
            )
            for twice in sorted(decision_ids({name: content}) & set(own))
        ]  # fmt: skip
    if graph is not None:
        known = decision_ids(others) | set(own)
        for node in graph.nodes.values():
            if (
                node.decision is not None
                and node.decision.formula is None
                and node.decision.text not in known
            ):
                wanted = node.decision.text
                found.append(Finding(
                    Severity.ERROR, "decision-in-use", "", node.name, 0,
                    f"流程图的“{node.name or node.id}”使用决策“{wanted}”，文件中没有它。请保留该编号，或先修改流程图。",
                    f'"{node.name or node.id}" of the drawing asks for the decision "{wanted}", which is not in the file.'
                    " Keep its id, or change the drawing first.",
                ))  # fmt: skip
    return _examined(found, graph)


def with_tables(scene: Scene, tables: Iterable[tuple[str, bytes]]) -> Scene:
    """The scene with other decision tables than its folder's: (file, content) of those that are live."""
    return replace(scene, decisions={file.removeprefix("decisions/"): content for file, content in tables})


def _finding(problem: Problem, severity: Severity) -> Finding:
    # An element of a called process is known by its way there ("call/step"); in the drawing it stands under its own id.
    element = problem.element.rpartition("/")[2]
    return Finding(
        severity, problem.code, element, _brief(problem.name, 120), problem.line, _brief(problem.zh),
        _brief(problem.en),
    )  # fmt: skip


def _brief(text: str, most: int = 1_000) -> str:
    """Names and expressions of a file may be megabytes long; what is said of them is not."""
    return text if len(text) <= most else f"{text[:most]}…"


def _examined(found: Iterable[Finding], graph: Graph | None) -> Examined:
    found = sorted(dict.fromkeys(found), key=lambda one: one.severity is not Severity.ERROR)
    errors = sum(1 for one in found if one.severity is Severity.ERROR)
    return Examined(tuple(found[:MOST_FINDINGS]), graph, errors, max(0, len(found) - MOST_FINDINGS))


def _check_bytes(file: str, content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise FileTooLarge(file=file, size=len(content), limit=MAX_BYTES)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise FileUnreadable(
            file=file,
            reason_zh="文件不是 UTF-8 编码。请在编辑器中打开，另存为 UTF-8。",
            reason_en="The file is not UTF-8. Open it in an editor and save it as UTF-8.",
        ) from None
