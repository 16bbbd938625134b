"""The forms of a scene: read, grown by what the scene declares, checked as schemas and for refused fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lianban.engines.forms import Form, schema_problems
from lianban.engines.forms.schema import subschemas
from lianban.engines.scenes.declarations import Declared
from lianban.engines.scenes.expansion import ANSWERS, CODES, expand
from lianban.engines.scenes.problems import nearest
from lianban.engines.scenes.reading import Entry, Findings, line_at, plain, read_yaml
from lianban.engines.scenes.refusals import refused_in_schema


def read_forms(folder: Path, known: Declared, findings: Findings) -> dict[str, Form]:
    """Every form of ``forms/``, by its file name."""
    words = known.words()
    found: dict[str, Form] = {}
    for path in sorted(folder.glob("forms/*.yaml")):
        file = f"forms/{path.name}"
        loaded = read_yaml(path, file, findings)
        if not isinstance(loaded, Mapping):
            if loaded is not None:
                findings.note(file, 1, "表单应为一组键值。", "A form must be a mapping.")
            continue
        written = plain(loaded)
        for pointer, zh, en in _unknown_sources(written, words):
            findings.note(file, line_at(loaded, pointer), zh, en)
        schema = expand(written, words, known.questions.values())
        for problem in schema_problems(schema):
            findings.note(file, line_at(loaded, problem.pointer), problem.zh, problem.en)
        # As written: the fields of questions are checked where they are declared, in scene.yaml.
        for pointer, hit in refused_in_schema(written):
            findings.note(file, line_at(loaded, pointer), hit.zh, hit.en)
        title = Entry(file, 1, loaded, findings).words("x-label")
        found[path.stem] = Form(path.stem, title, schema)
    if not found:
        findings.note(
            "forms",
            0,
            "没有表单。至少要有事项表单。",
            "There are no forms. A scene needs at least its matter form.",
        )
    return found


def _unknown_sources(
    schema: Mapping[str, Any], words: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for pointer, part in subschemas(schema):
        for hint, known in ((CODES, tuple(words)), (ANSWERS, ("questions",))):
            if hint in part and part[hint] not in known:
                near = nearest(part[hint], known)
                yield (
                    (*pointer, hint),
                    f"{hint} 的“{part[hint]}”不存在。{near[0]}",
                    f'There is no "{part[hint]}" for {hint}. {near[1]}',
                )
            elif part.get(hint) and part[hint] in words and not words[part[hint]]:
                yield (
                    (*pointer, hint),
                    f"scene.yaml 没有列出任何 {part[hint]}，这个字段没有选项。请列出，或删去字段。",
                    f"scene.yaml lists no {part[hint]}, so this field has no choices. List some or remove it.",
                )
