"""The fields of a template as JSON Schema 2020-12, for forms and for the API.

The schema says what a form can show and check early; :func:`check_fields` stays the judge.
"""

from __future__ import annotations

from typing import Any

from lianban.engines.documents.fields import Field, FieldType
from lianban.engines.documents.template import Template

_TEXT = {"type": "string", "minLength": 1}
_PLAIN: dict[FieldType, dict[str, Any]] = {
    FieldType.TEXT: {**_TEXT, "pattern": r"^[^\n]*$"},
    FieldType.PARAGRAPHS: _TEXT,
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.MONEY: {"type": "integer"},
    FieldType.INTEGER: {"type": "integer"},
    FieldType.LIST: {"type": "array", "items": _TEXT},
}


def json_schema(template: Template) -> dict[str, Any]:
    """An object schema: Chinese labels as titles, English ones as descriptions, in the order declared."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": template.zh,
        "description": template.en,
        "type": "object",
        "properties": {field.name: _property(field) for field in template.fields},
        "required": [field.name for field in template.fields if field.required],
        "additionalProperties": False,
    }


def _property(field: Field) -> dict[str, Any]:
    about = {"title": field.zh, "description": field.en}
    if field.type is FieldType.CHOICE:
        return {**about, "type": "string", "enum": list(field.options)}
    if field.type is FieldType.PEOPLE:
        return {**about, "type": "array", "items": _record({"role": "职务", "name": "姓名"})}
    if field.type is FieldType.TABLE:
        return {
            **about,
            "type": "array",
            "items": _record({column.name: column.zh for column in field.columns}),
        }
    made = {**about, **_PLAIN[field.type]}
    if field.type is FieldType.LIST and field.required:
        made["minItems"] = 1
    return made


def _record(labels: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "title": label} for name, label in labels.items()},
        "required": list(labels),
        "additionalProperties": False,
    }
