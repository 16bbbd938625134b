"""Loads a scene's folder: reads every file, checks it against the others, and only then hands it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lianban.engines.indicators.parsing import read_indicators
from lianban.engines.process.graph import Graph
from lianban.engines.scenes import declarations
from lianban.engines.scenes.clocks import known_clocks, read_clocks
from lianban.engines.scenes.decisions import read_decisions
from lianban.engines.scenes.drawing import check_drawing, read_drawing
from lianban.engines.scenes.fingerprint import check_files, fingerprint
from lianban.engines.scenes.form_files import read_forms
from lianban.engines.scenes.model import Drawing, Scene, Status
from lianban.engines.scenes.problems import Problem, SceneMissing, SceneRefused, nearest
from lianban.engines.scenes.reading import Entry, Findings, plain, read_entry, read_yaml, refer

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}\Z")
KEYS = (
    *("name", "version", "status", "title", "purpose", "owner", "lead", "number_format", "matter_form"),
    *("roles", "stages", "legal_basis", "questions", "letters", "clocks", "retention", "refusals"),
    *("acts", "records"),
)
# Stands in for a drawing that could not be read; a problem is noted then, so it never leaves here.
_NOT_DRAWN = Drawing("process.bpmn", b"", Graph("", "", "", "", {}, {}, {}))


def load_scene(folder: Path | str) -> Scene:
    """The scene in ``folder``. Raises :class:`SceneRefused`, which lists every problem found."""
    path = Path(folder)
    if not (path / "scene.yaml").is_file():
        raise _missing(path)
    findings = Findings()
    scene = _read(path, findings)
    if findings or scene is None:
        raise SceneRefused.of(path.name, findings.problems)
    return scene


def load_scenes(folder: Path | str) -> dict[str, Scene]:
    """Every scene of a folder of scenes, by name. Raises one error that lists the problems of them all."""
    root = Path(folder)
    loaded: dict[str, Scene] = {}
    problems: list[Problem] = []
    for name in scene_names(root):
        try:
            loaded[name] = load_scene(root / name)
        except SceneRefused as error:
            problems += [Problem(f"{name}/{p.file}", p.line, p.zh, p.en) for p in error.problems]
    if problems:
        raise SceneRefused.of("、".join(sorted({p.file.split("/")[0] for p in problems})), problems)
    return loaded


def scene_names(folder: Path | str) -> tuple[str, ...]:
    """The folders that hold a ``scene.yaml``, sorted."""
    return tuple(sorted(path.parent.name for path in Path(folder).glob("*/scene.yaml")))


def check_scene(folder: Path | str) -> list[Problem]:
    """Every problem of the scene in ``folder``, sorted by file and line; an empty list means that it loads."""
    try:
        load_scene(folder)
    except SceneRefused as error:
        return list(error.problems)
    return []


def _read(folder: Path, findings: Findings) -> Scene | None:
    if not check_files(folder, findings):
        return None
    head = read_entry(folder / "scene.yaml", "scene.yaml", findings)
    if head is None:
        return None
    head.only(*KEYS)
    known = declarations.declared(head)
    clock_rules = read_clocks(folder, findings)
    clocks = head.codes("clocks", required=False)
    refer(head, "clocks", clocks, known_clocks(clock_rules), "时限", "a clock")
    forms = read_forms(folder, known, findings)
    matter_form = head.text("matter_form")
    refer(head, "matter_form", (matter_form,), forms, "表单", "a form")
    drawing = read_drawing(folder, findings)
    scene = Scene(
        name=_name(head, folder),
        version=head.text("version"),
        hash=fingerprint(folder),
        title=head.words("title"),
        purpose=head.words("purpose"),
        status=head.choice("status", Status),
        owner=head.code("owner"),
        lead=head.code("lead"),
        number_format=declarations.number_format(head),
        matter_form=matter_form,
        roles=known.roles,
        legal_basis=known.legal_basis,
        questions=known.questions,
        letters=declarations.letters(head, known, forms, clocks, folder),
        clocks=clocks,
        stages=tuple(known.stages.values()),
        forms=forms,
        process=drawing or _NOT_DRAWN,
        retention=declarations.retention(head),
        refusals=tuple(declarations.refusal(entry) for entry in head.entries("refusals")),
        acts=declarations.acts(head, known, forms),
        records=declarations.records(head),
        clock_rules=clock_rules,
        indicators=_indicators(folder, findings),
        signals=_list(folder / "signals.yaml", findings),
        decisions=read_decisions(folder, findings),
        documents=_documents(folder),
    )
    if drawing is not None:
        check_drawing(scene, drawing, findings)
    return scene


def _name(head: Entry, folder: Path) -> str:
    name = head.text("name")
    if name and name != folder.name:
        head.note(
            "name",
            f"“name”为“{name}”，与文件夹名“{folder.name}”不同。请改为一致。",
            f'"name" is "{name}", but the folder is called "{folder.name}". Make them the same.',
        )
    if name and not NAME.match(name):
        head.note(
            "name",
            f"“{name}”不能作名称，只用小写字母、数字和下划线。",
            f'"{name}" is not a name; use a–z, 0–9 and _.',
        )
    return name


def _indicators(folder: Path, findings: Findings) -> tuple[Mapping[str, Any], ...]:
    path = folder / "indicators.yaml"
    if not path.exists():
        return ()
    loaded = read_yaml(path, path.name, findings)
    if loaded is None:
        return ()
    for problem in read_indicators(loaded, source=path.name).problems:
        findings.note(
            path.name, problem.line or 0, f"{problem.where}：{problem.zh}", f"{problem.where}: {problem.en}"
        )
    listed = loaded.get("indicators") if isinstance(loaded, Mapping) else loaded
    return tuple(plain(listed)) if isinstance(listed, list) else ()


def _list(path: Path, findings: Findings) -> tuple[Mapping[str, Any], ...]:
    if not path.exists():
        return ()
    loaded = read_yaml(path, path.name, findings)
    if isinstance(loaded, list) and all(isinstance(item, Mapping) for item in loaded):
        return tuple(plain(loaded))
    if loaded is not None:
        findings.note(
            path.name, 1, "文件应为列表，每项为一组键值。", "The file must hold a list of mappings."
        )
    return ()


def _documents(folder: Path) -> dict[str, bytes]:
    """Templates by their path below ``documents``."""
    root = folder / "documents"
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def _missing(path: Path) -> SceneMissing:
    known = scene_names(path.parent)
    zh, en = nearest(path.name, known) if known else ("", "")
    if "是否" not in zh:  # nothing is near: the list of those known follows anyway
        zh, en = "", ""
    return SceneMissing(scene=path.name, near_zh=zh, near_en=en and f"{en} ", known="、".join(known) or "—")
