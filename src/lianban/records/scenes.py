"""The scenes this deployment runs, and the drawings their open matters were opened with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from lianban.engines.errors import YourMistake
from lianban.engines.forms import Form
from lianban.engines.process import Graph, compile_bpmn
from lianban.engines.scenes import Scene, answer_form, decisions, load_scenes
from lianban.records.identity import new_id
from lianban.records.letters import LetterRow


class UnknownScene(YourMistake):
    code = "LB-RECORDS-003"
    status = 404
    zh = "没有名为“{scene}”的应用场景。已装载的场景：{known}。"
    en = "There is no scene called “{scene}”. Loaded scenes: {known}."


class SceneNotDeployed(YourMistake):
    code = "LB-RECORDS-004"
    status = 409
    zh = "场景“{scene}”的流程图尚未部署。请由管理员执行 lianban scene deploy。"
    en = "The drawing of scene “{scene}” is not deployed. An operator runs: lianban scene deploy."


def scenes() -> dict[str, Scene]:
    return _loaded(Path(settings.SCENES))


@lru_cache(maxsize=4)
def _loaded(folder: Path) -> dict[str, Scene]:
    return dict(load_scenes(folder))


def scene(name: str) -> Scene:
    try:
        return scenes()[name]
    except KeyError as error:
        raise UnknownScene(scene=str(name)[:60], known=", ".join(sorted(scenes()))) from error


def deploy(cursor: Any, now: datetime) -> list[tuple[str, int]]:
    """Store the drawings that are new; returns (scene, version) of each. Run by the owner role."""
    made = []
    for name, pack in scenes().items():
        cursor.execute(
            "SELECT 1 FROM drawing WHERE scene = %s AND graph_hash = %s", [name, pack.process.graph.hash]
        )
        if cursor.fetchone():
            continue
        cursor.execute(
            """INSERT INTO drawing (id, scene, version, graph_hash, bpmn, recorded_at)
               SELECT %s, %s, coalesce(max(version), 0) + 1, %s, %s, %s FROM drawing WHERE scene = %s
               RETURNING version""",
            [new_id(), name, pack.process.graph.hash, pack.process.source.decode("utf-8"), now, name],
        )
        made.append((name, cursor.fetchone()[0]))
    return made


def current_drawing(cursor: Any, name: str) -> UUID:
    """The drawing new matters of a scene are opened with: the one in the scene's folder."""
    cursor.execute(
        "SELECT id FROM drawing WHERE scene = %s AND graph_hash = %s", [name, scene(name).process.graph.hash]
    )
    row = cursor.fetchone()
    if row is None:
        raise SceneNotDeployed(scene=name)
    return UUID(str(row[0]))


def form_of(name: str, form: str, letter: LetterRow | None = None) -> Form:
    """A form of the scene. The answer form of a letter holds that letter's questions and no others."""
    pack = scene(name)
    if letter is not None and form == pack.letters[letter.kind].answer_form:
        return _answer_form(name, letter.kind, tuple(letter.questions))
    return pack.forms[form]


@lru_cache(maxsize=512)
def _answer_form(name: str, kind: str, questions: tuple[str, ...]) -> Form:
    return answer_form(scene(name), kind, questions)


def decide(name: str, decision: str, context: Mapping[str, Any]) -> Any:
    """Evaluate a decision of the scene, by its id. The tables are read once in the life of the process."""
    return decisions.decide(scene(name).decisions, decision, context)


_graphs: dict[UUID, Graph] = {}


def graph_of(cursor: Any, drawing: UUID) -> Graph:
    """The compiled drawing, kept for the life of the process: a stored drawing never changes."""
    if drawing not in _graphs:
        cursor.execute("SELECT bpmn, scene, version FROM drawing WHERE id = %s", [drawing])
        bpmn, name, version = cursor.fetchone()
        _graphs[drawing] = compile_bpmn(bpmn.encode("utf-8"), source=f"{name} v{version}")
    return _graphs[drawing]


_names: dict[str, frozenset[str]] = {}


def names_read(graph: Graph) -> frozenset[str]:
    """The variables a drawing's expressions read. Only these are ever put into the rows of the process:
    what else a form holds (names, findings) stays where its policies are."""
    if graph.hash not in _names:
        _names[graph.hash] = frozenset(_walk(list(graph.nodes.values()) + list(graph.flows.values())))
    return _names[graph.hash]


def _walk(value: Any) -> set[str]:
    names: set[str] = set()
    if (used := getattr(value, "names_used", None)) is not None:
        names |= set(used)
    elif is_dataclass(value):
        for part in fields(value):
            names |= _walk(getattr(value, part.name))
    elif isinstance(value, dict):
        for item in value.values():
            names |= _walk(item)
    elif isinstance(value, tuple | list):
        for item in value:
            names |= _walk(item)
    return names
