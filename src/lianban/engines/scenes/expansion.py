"""Forms that take their choices from the scene, so that nothing is written twice.

``x-codes: questions`` (also ``legal_basis``, ``roles``, ``stages``) becomes ``enum`` and ``x-enum`` from
``scene.yaml``. ``x-answers: questions`` on an object becomes one group for each question: whether something
was found, and rows with the question's fields, which are closed: no other field may leave a unit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from lianban.engines.forms import Form, Words
from lianban.engines.scenes.model import AnswerField, Question, Scene

CODES, ANSWERS = "x-codes", "x-answers"
HINTS = (CODES, ANSWERS)
MAX_RECORDS = 200  # rows of one question; a registry that holds more attaches a list

# Thirty-one units ask for the same few forms again and again; building one costs more than using it.
MAX_NARROWED = 2_000
_narrowed: dict[tuple[str, str, frozenset[str]], Form] = {}

_FOUND = {"zh": "是否查得", "en": "Whether found"}
_RECORDS = {"zh": "查得记录", "en": "Records found"}
_SUBJECT = {"zh": "对象序号", "en": "Number of the subject"}
_NOTE = {"zh": "说明", "en": "Remarks"}
_NOT_NOTHING = {
    "zh": "结果为“无”时，各事项都应为未查得。",
    "en": "With the result nothing found, no question may say found.",
}
_SOMETHING = {"zh": "结果为“有”或“部分查得”时，至少一个事项应为查得并列出记录。", "en": "With a result of found, at least one question must say found and list its records."}  # fmt: skip


def expand(schema: Any, sources: Mapping[str, Mapping[str, Words]], questions: Iterable[Question]) -> Any:
    """The schema with both hints replaced. Unknown sources are left for the schema check to refuse."""
    questions = tuple(questions)
    if isinstance(schema, list):
        return [expand(item, sources, questions) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    grown = {key: expand(item, sources, questions) for key, item in schema.items()}
    if (words := sources.get(str(grown.get(CODES)))) is not None:
        del grown[CODES]
        grown["enum"] = list(words)
        grown["x-enum"] = {code: text.as_dict() for code, text in words.items()}
    for name, part in list(
        grown.get("properties", {}).items() if isinstance(grown.get("properties"), Mapping) else ()
    ):
        if isinstance(part, Mapping) and part.get(ANSWERS) == "questions":
            grown["properties"][name] = _groups(part, questions)
            grown["allOf"] = [*grown.get("allOf", ()), *_consistency(name, grown["properties"], questions)]
    return grown


def answer_form(scene: Scene, letter: str, asked: Collection[str]) -> Form:
    """The answer form of a letter, with the groups of the questions ``asked`` and of no others.

    ``asked`` are the codes that the letter put to this unit, see :meth:`Scene.questions_for`. The form in
    ``scene.forms`` has all questions; this one is what a unit fills in and what its answer is checked by.
    """
    key = (scene.hash, letter, frozenset(asked))
    if (known := _narrowed.get(key)) is None:
        if len(_narrowed) >= MAX_NARROWED:
            _narrowed.clear()
        form = scene.forms[scene.letters[letter].answer_form]
        others = set(scene.questions) - set(asked)
        known = _narrowed[key] = replace(form, schema=_without(form.schema, others))
    return known


def _groups(part: Mapping[str, Any], questions: Iterable[Question]) -> dict[str, Any]:
    group = {key: item for key, item in part.items() if key != ANSWERS}
    return {**group, "properties": {question.code: _group(question) for question in questions}}


def _group(question: Question) -> dict[str, Any]:
    fields = {field.code: _field(field) for field in question.fields}
    subject = {"type": "integer", "minimum": 1, "maximum": 50, "x-label": _SUBJECT}
    return {
        "type": "object",
        "x-question": question.code,
        "x-label": question.title.as_dict(),
        "required": ["found"],
        "properties": {
            "found": {"type": "boolean", "x-label": _FOUND},
            "records": {
                "type": "array",
                "maxItems": MAX_RECORDS,
                "x-label": _RECORDS,
                "items": {
                    "type": "object",
                    "minProperties": 1,
                    "properties": {"subject": subject, **fields},
                },
            },
            "note": {"type": "string", "maxLength": 500, "x-label": _NOTE},
        },
    }


def _field(field: AnswerField) -> dict[str, Any]:
    label = {"x-label": field.title.as_dict()}
    match field.format:
        case "money":
            return {"type": "integer", "format": "money", **label}
        case "number" | "integer":
            return {"type": field.format, **label}
        case None:
            return {"type": "string", "maxLength": 300, **label}
        case _:
            return {"type": "string", "format": field.format, **label}


def _consistency(
    name: str, properties: Mapping[str, Any], questions: Iterable[Question]
) -> list[dict[str, Any]]:
    """The result beside the findings: nothing found means nowhere, found means somewhere with records."""
    if "result" not in properties:
        return []
    codes = [question.code for question in questions]
    nowhere = {"properties": {"found": {"const": False, "x-message": _NOT_NOTHING}}}
    somewhere = {
        "required": ["found", "records"],
        "properties": {"found": {"const": True}, "records": {"minItems": 1}},
    }
    return [
        {
            "if": {"required": ["result", name], "properties": {"result": {"const": "no"}}},
            "then": {"properties": {name: {"properties": dict.fromkeys(codes, nowhere)}}},
        },
        {
            "if": {"required": ["result", name], "properties": {"result": {"enum": ["yes", "partial"]}}},
            "then": {
                "properties": {
                    name: {
                        "anyOf": [{"required": [code], "properties": {code: somewhere}} for code in codes],
                        "x-message": _SOMETHING,
                    }
                }
            },
        },
    ]


def _without(schema: Any, others: set[str]) -> Any:
    """The schema without the groups of ``others``, their conditions included."""
    if isinstance(schema, list):
        kept = [_without(item, others) for item in schema]
        return [
            item
            for item in kept
            if not (isinstance(item, Mapping) and others & set(item.get("required", ())))
        ]
    if not isinstance(schema, Mapping):
        return schema
    grown = {key: _without(item, others) for key, item in schema.items()}
    properties = grown.get("properties")
    groups = schema.get("properties")
    if isinstance(properties, Mapping) and isinstance(groups, Mapping):
        asked = any(isinstance(part, Mapping) and "x-question" in part for part in groups.values())
        conditions = bool(others & set(properties)) and not any("x-label" in p for p in groups.values())
        if asked or conditions:
            grown["properties"] = {code: part for code, part in properties.items() if code not in others}
    return grown
