"""The dialect of JSON Schema that forms are written in, and how a schema of it is checked.

JSON Schema 2020-12, of which a form may use the keywords below, and these hints:

=================  ==========================================================================
``x-label``        ``{zh, en}``: the words beside the field. Every field needs it.
``x-help``         ``{zh, en}``: a sentence under it.
``x-widget``       how it is drawn, where the choice by type does not do (see ``model.Widget``).
``x-order``        a number; fields without one keep their place in the file, after those with one.
``x-enum``         ``{code: {zh, en}}``: the words of each value of ``enum``.
``x-private``      an identifier that records encrypt and doors mask.
``x-shown-when``   ``{field: [values]}``: drawn only while the sibling field holds one of them.
``x-message``      ``{zh, en}``: what to say when a value fails this schema, instead of the usual.
``x-question``     on a group: the question of a letter that it answers (scenes put it there).
``x-ascending``    on an object: fields whose dates must not go backwards, ``[from, to]``.
=================  ==========================================================================

An unknown keyword is refused. JSON Schema itself would pass over a misspelt ``maxlenght`` in silence.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from lianban.engines.forms.formats import FORMATS
from lianban.engines.forms.hints import HINTS, SchemaProblem, field_problems

KEYWORDS = frozenset(
    (
        *("$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "default", "examples"),
        *("type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"),
        *("items", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"),
        *("enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "format", "readOnly"),
        *("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentRequired"),
    )
)
MAX_TEXT = 5_000  # characters of a text that states no limit of its own
MAX_ITEMS = 500  # entries of a list that states no limit of its own
MAX_SCHEMA_DEPTH = 10

# Every keyword of 2020-12 that holds schemas, those outside the dialect included: whoever looks for a
# refused field must find it wherever it hides.
_LISTS_OF_SCHEMAS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SCHEMAS = (
    *("items", "contains", "not", "if", "then", "else", "additionalProperties", "propertyNames"),
    *("unevaluatedProperties", "unevaluatedItems", "contentSchema"),
)
_MAPS_OF_SCHEMAS = ("properties", "$defs", "patternProperties", "dependentSchemas")


def subschemas(
    schema: Mapping[str, Any], pointer: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """Every schema inside ``schema``, itself first, with where it stands. Looks into every keyword."""
    yield pointer, schema
    for key in _MAPS_OF_SCHEMAS:
        if isinstance(children := schema.get(key), Mapping):
            for name, child in children.items():
                if isinstance(child, Mapping):
                    yield from subschemas(child, (*pointer, key, name))
    for key in _SCHEMAS:
        if isinstance(child := schema.get(key), Mapping):
            yield from subschemas(child, (*pointer, key))
    for key in _LISTS_OF_SCHEMAS:
        if isinstance(listed := schema.get(key), list):
            for index, child in enumerate(listed):
                if isinstance(child, Mapping):
                    yield from subschemas(child, (*pointer, key, index))


def resolve(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """``schema`` with its local ``$ref`` replaced by what it names; hints beside the reference win."""
    seen: set[str] = set()
    while "$ref" in schema:
        reference = schema["$ref"]
        target = _target(root, reference)
        if target is None or reference in seen:
            return {key: value for key, value in schema.items() if key != "$ref"}
        seen.add(reference)
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def close(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A copy that refuses what it does not name and bounds what states no bound.

    Only where fields are declared: the branches of ``if``, ``allOf`` and the like speak about an object
    already declared, and closing them would refuse its other fields.
    """
    closed: dict[str, Any] = dict(schema)
    for key in _MAPS_OF_SCHEMAS:
        if isinstance(children := schema.get(key), Mapping):
            closed[key] = {n: close(c) if isinstance(c, Mapping) else c for n, c in children.items()}
    if isinstance(items := schema.get("items"), Mapping):
        closed["items"] = close(items)
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if "object" in kinds:
        closed.setdefault("additionalProperties", False)
    if "array" in kinds:
        closed.setdefault("maxItems", MAX_ITEMS)
    if "string" in kinds and "enum" not in schema and "const" not in schema:
        closed.setdefault("maxLength", MAX_TEXT)
    return closed


def schema_problems(schema: Mapping[str, Any]) -> list[SchemaProblem]:
    """Everything wrong with a form's schema; an empty list means that it can be drawn and validated."""
    found = [
        SchemaProblem(
            tuple(error.absolute_path),
            f"不是有效的 JSON Schema：{error.message}。",
            f"This is not valid JSON Schema: {error.message}.",
        )
        for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema)
    ]
    if found:
        return found
    if schema.get("type") != "object":
        found.append(
            SchemaProblem((), "表单的根必须是 type: object。", "The root of a form must be type: object.")
        )
    for pointer, part in subschemas(schema):
        found.extend(_keyword_problems(pointer, part))
        found.extend(_reference_problems(schema, pointer, part))
        found.extend(field_problems(pointer, part))
        if len(pointer) > 2 * MAX_SCHEMA_DEPTH:
            found.append(
                SchemaProblem(
                    pointer,
                    f"表单嵌套超过 {MAX_SCHEMA_DEPTH} 层，无法绘制。",
                    f"The form is nested more than {MAX_SCHEMA_DEPTH} levels deep and cannot be drawn.",
                )
            )
            break
    return found


def _keyword_problems(pointer: tuple[str | int, ...], part: Mapping[str, Any]) -> Iterator[SchemaProblem]:
    known = KEYWORDS | HINTS
    for key in part:
        if key in known:
            continue
        near = difflib.get_close_matches(str(key), known, n=1, cutoff=0.6)
        yield SchemaProblem(
            (*pointer, key),
            f"未知的关键字“{key}”。" + (f"是否想写“{near[0]}”？" if near else "请删除。"),
            f'Unknown keyword "{key}". ' + (f'Did you mean "{near[0]}"?' if near else "Remove it."),
        )


def _reference_problems(
    root: Mapping[str, Any], pointer: tuple[str | int, ...], part: Mapping[str, Any]
) -> Iterator[SchemaProblem]:
    reference = part.get("$ref")
    if reference is not None and _target(root, reference) is None:
        yield SchemaProblem(
            (*pointer, "$ref"),
            f"引用“{reference}”不存在。只能引用本文件的 #/$defs/…。",
            f'The reference "{reference}" leads nowhere. Only #/$defs/… of the same file may be used.',
        )
    name = part.get("format")
    if name is not None and name not in FORMATS:
        near = difflib.get_close_matches(str(name), FORMATS, n=1, cutoff=0.5)
        yield SchemaProblem(
            (*pointer, "format"),
            f"未知的格式“{name}”。可用：{'、'.join(FORMATS)}。" + (f"是否想写“{near[0]}”？" if near else ""),
            f'Unknown format "{name}". Known: {", ".join(FORMATS)}.'
            + (f' Did you mean "{near[0]}"?' if near else ""),
        )


def _target(root: Mapping[str, Any], reference: Any) -> Mapping[str, Any] | None:
    if not isinstance(reference, str) or not reference.startswith("#/$defs/"):
        return None
    found = root.get("$defs", {}).get(reference.removeprefix("#/$defs/"))
    return found if isinstance(found, Mapping) else None
