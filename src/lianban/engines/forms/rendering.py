"""From a schema to the fields a door draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lianban.engines.forms.model import FieldSpec, Option, ShownWhen, Widget
from lianban.engines.forms.schema import resolve
from lianban.engines.forms.words import Words

RADIO_LIMIT = 5  # a few choices are quicker to read side by side than in a menu
LONG_TEXT = 200  # characters from which one line is too little

_FORMAT_WIDGETS = {
    "date": Widget.DATE,
    "date-time": Widget.DATETIME,
    "money": Widget.MONEY,
    "agency": Widget.AGENCY,
}


def fields(schema: Mapping[str, Any]) -> tuple[FieldSpec, ...]:
    """The fields of a form, ordered by ``x-order`` and then as written."""
    return tuple(_object_fields(schema, schema, ""))


def private_paths(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Dotted paths of the fields marked ``x-private``; ``[]`` stands for each entry of a list."""
    return tuple(_private(schema, schema, ""))


def type_of(schema: Mapping[str, Any]) -> str | None:
    """The one type that a field is drawn and parsed as; ``[string, "null"]`` counts as string."""
    kind = schema.get("type")
    if isinstance(kind, list):
        return next((entry for entry in kind if entry != "null"), None)
    return kind


def _object_fields(root: Mapping[str, Any], schema: Mapping[str, Any], prefix: str) -> Iterator[FieldSpec]:
    required = set(schema.get("required", ()))
    parts = [(name, resolve(root, part)) for name, part in schema.get("properties", {}).items()]
    parts.sort(key=lambda pair: pair[1].get("x-order", float("inf")))  # stable: ties keep the file's order
    for name, part in parts:
        if "const" in part and "x-label" not in part:
            continue  # a discriminator for programs, not something a person fills in
        yield _field(root, part, f"{prefix}.{name}" if prefix else name, name in required, prefix)


def _field(
    root: Mapping[str, Any], part: Mapping[str, Any], path: str, required: bool, prefix: str
) -> FieldSpec:
    kind = type_of(part)
    items = resolve(root, part.get("items", {})) if kind == "array" else {}
    widget = Widget(part["x-widget"]) if "x-widget" in part else _widget(kind, part, items)
    children: tuple[FieldSpec, ...] = ()
    if kind == "object":
        children = tuple(_object_fields(root, part, path))
    elif widget is Widget.ROWS:
        children = tuple(_object_fields(root, items, ""))
    single = items if kind == "array" else part
    return FieldSpec(
        path=path,
        widget=widget,
        label=_words(part.get("x-label")) or Words(path, path),
        help=_words(part.get("x-help")),
        required=required,
        options=_options(part) or _options(items),
        minimum=single.get("minimum"),
        maximum=single.get("maximum"),
        min_length=single.get("minLength"),
        max_length=single.get("maxLength"),
        min_items=part.get("minItems"),
        max_items=part.get("maxItems"),
        pattern=single.get("pattern"),
        format=single.get("format"),
        private=bool(part.get("x-private") or items.get("x-private")),
        shown_when=_shown_when(part, prefix),
        read_only=bool(part.get("readOnly")) or "const" in part,
        default=part.get("default", part.get("const")),
        source=part.get("x-records"),
        children=children,
    )


def _widget(kind: str | None, part: Mapping[str, Any], items: Mapping[str, Any]) -> Widget:
    if "x-records" in part:
        return Widget.RECORDS if kind == "array" else Widget.RECORD
    match kind:
        case "object":
            return Widget.GROUP
        case "array" if type_of(items) == "object":
            return Widget.ROWS
        case "array" if "enum" in items:
            return Widget.CHECKBOXES
        case "array" if items.get("format") == "agency":
            return Widget.AGENCIES
        case "array":
            return Widget.LIST
        case "boolean":
            return Widget.CHECKBOX
    if part.get("format") in _FORMAT_WIDGETS:
        return _FORMAT_WIDGETS[part["format"]]
    if "enum" in part:
        return Widget.RADIO if len(part["enum"]) <= RADIO_LIMIT else Widget.SELECT
    if kind in ("integer", "number"):
        return Widget.NUMBER
    return Widget.TEXTAREA if part.get("maxLength", 0) > LONG_TEXT else Widget.TEXT


def _options(part: Mapping[str, Any]) -> tuple[Option, ...]:
    words = part.get("x-enum", {})
    return tuple(
        Option(str(value), _words(words.get(str(value))) or Words(str(value), str(value)))
        for value in part.get("enum", ())
    )


def _words(hint: Any) -> Words | None:
    return Words(hint["zh"], hint["en"]) if hint else None


def _shown_when(part: Mapping[str, Any], prefix: str) -> ShownWhen | None:
    for sibling, values in part.get("x-shown-when", {}).items():
        path = f"{prefix}.{sibling}" if prefix else sibling
        return ShownWhen(path, tuple(str(value) for value in values))
    return None


def _private(root: Mapping[str, Any], schema: Mapping[str, Any], prefix: str) -> Iterator[str]:
    schema = resolve(root, schema)
    if schema.get("x-private"):
        yield prefix
        return
    for name, part in schema.get("properties", {}).items():
        yield from _private(root, part, f"{prefix}.{name}" if prefix else name)
    if isinstance(schema.get("items"), Mapping):
        yield from _private(root, schema["items"], f"{prefix}[]")
