"""The scenes this deployment runs, and the drawings their open matters were opened with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
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
from lianban.records import publications
from lianban.records.letters import LetterRow
from lianban.records.limits import load_limits
from lianban.records.publications import Deployed


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
    return _loaded(settings.SCENES)


@lru_cache(maxsize=4)
def _loaded(folder: Path) -> dict[str, Scene]:
    return dict(load_scenes(Path(folder)))


def scene(name: str) -> Scene:
    try:
        return scenes()[name]
    except KeyError as error:
        raise UnknownScene(scene=str(name)[:60], known=", ".join(sorted(scenes()))) from error


def deploy(cursor: Any, now: datetime, winning: Collection[str] = ()) -> list[Deployed]:
    """Make what is new in the folder live (:mod:`lianban.records.publications`), and the limits on control with it.
    Run by the owner role.

    ``winning`` names scenes whose folder wins over what was published on a page.
    """
    load_limits(cursor)
    return publications.deploy_scenes(cursor, scenes(), now, winning)


def current_drawing(cursor: Any, name: str) -> UUID:
    """The drawing new matters of a scene are opened with: the live one."""
    found = publications.live(cursor, scene(name).name, publications.DRAWING)
    if found is None or found.drawing is None:
        raise SceneNotDeployed(scene=name)
    return found.drawing


def form_of(name: str, form: str, letter: LetterRow | None = None, *, whole: bool = False) -> Form:
    """A form of the scene. The answer form of a letter holds that letter's questions and no others: those its officer
    has to answer, or with ``whole`` also those that registries have answered."""
    pack = scene(name)
    if letter is not None and form == pack.letters[letter.kind].answer_form:
        left = [code for code in letter.questions if whole or code not in letter.by_registry]
        return _answer_form(name, letter.kind, tuple(left or letter.questions))
    return pack.forms[form]


@lru_cache(maxsize=512)
def _answer_form(name: str, kind: str, questions: tuple[str, ...]) -> Form:
    return answer_form(scene(name), kind, questions)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision gave, and the version of the table that gave it."""

    value: Any
    file: str
    number: int
    digest: str


_tables: dict[str, bytes] = {}


def live_tables(cursor: Any, name: str) -> dict[str, bytes]:
    """The decision tables of a scene that are live, by file name. Contents are kept by digest: they never change."""
    found = {}
    for file, (number, digest) in publications.live_tables(cursor, name).items():
        if digest not in _tables:
            _tables[digest] = publications.table_text(cursor, name, file, number)
        found[file.removeprefix("decisions/")] = _tables[digest]
    return found


def as_live(cursor: Any, name: str) -> Scene:
    """The scene with the decision tables that are live instead of its folder's."""
    return replace(scene(name), decisions=live_tables(cursor, name))


def decide(cursor: Any, name: str, decision: str, context: Mapping[str, Any]) -> Decided:
    """Evaluate a decision of the scene, by its id, with the tables that are live now."""
    value, file = decisions.decide_from(live_tables(cursor, name), decision, context)
    number, digest = publications.live_tables(cursor, name)[f"decisions/{file}"]
    return Decided(value, f"decisions/{file}", number, digest)


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
