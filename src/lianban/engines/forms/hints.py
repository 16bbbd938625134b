"""The display hints of a form's schema: which there are, what shape they have, what they must agree with."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lianban.engines.forms.model import Widget


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """One fault of a schema. ``pointer`` leads to it: keys and indexes from the root."""

    pointer: tuple[str | int, ...]
    zh: str
    en: str


def declared_object(part: Mapping[str, Any]) -> bool:
    return part.get("type") == "object" and isinstance(part.get("properties"), Mapping)


def is_words(value: Any) -> bool:
    """Whether ``value`` is ``{zh, en}`` with two texts that say something."""
    return (
        isinstance(value, Mapping)
        and set(value) == {"zh", "en"}
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_shown_when(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and len(value) == 1
        and all(isinstance(wanted, list) and wanted for wanted in value.values())
    )


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= 2 and all(isinstance(name, str) for name in value)


# Each hint with its test and what it should be.
_SHAPES: dict[str, tuple[Callable[[Any], bool], str, str]] = {
    "x-label": (is_words, "有 zh 和 en 两个非空文本", "two texts, zh and en"),
    "x-help": (is_words, "有 zh 和 en 两个非空文本", "two texts, zh and en"),
    "x-message": (is_words, "有 zh 和 en 两个非空文本", "two texts, zh and en"),
    "x-widget": (lambda value: isinstance(value, str), "控件名称", "the name of a widget"),
    "x-order": (_is_number, "数字", "a number"),
    "x-enum": (
        lambda value: isinstance(value, Mapping),
        "每个选项的中文和英文名称",
        "the words of each value, in zh and en",
    ),
    "x-private": (lambda value: isinstance(value, bool), "true 或 false", "true or false"),
    "x-shown-when": (
        _is_shown_when,
        "一个字段及其取值列表，如 {result: [yes]}",
        "one field and a list of its values, like {result: [yes]}",
    ),
    "x-records": (
        lambda value: isinstance(value, str),
        "记录种类，如 party、asset",
        "a kind of record, like party or asset",
    ),
    "x-ascending": (_is_names, "至少两个字段名的列表", "a list of at least two fields"),
    "x-question": (lambda value: isinstance(value, str), "查询事项代码", "the code of a question"),
}
HINTS = frozenset(_SHAPES)


def _shape_problems(pointer: tuple[str | int, ...], part: Mapping[str, Any]) -> Iterator[SchemaProblem]:
    for hint, (fits, zh, en) in _SHAPES.items():
        if hint in part and not fits(part[hint]):
            yield SchemaProblem((*pointer, hint), f"{hint} 应为{zh}。", f"{hint} needs {en}.")


def field_problems(pointer: tuple[str | int, ...], part: Mapping[str, Any]) -> Iterator[SchemaProblem]:
    """The hints of one schema. Labels are asked only where a field is declared, not where it is restated."""
    declared = _is_declaration(pointer)
    shapes = list(_shape_problems(pointer, part))
    yield from shapes
    if shapes:
        return  # nothing more can be said about hints that are not what they should be
    if declared and "x-label" not in part and "$ref" not in part and "const" not in part:
        yield SchemaProblem(
            pointer,
            "字段没有 x-label。请写出中文和英文名称。",
            "The field has no x-label. Give its name in Chinese and English.",
        )
    if "x-widget" in part and part["x-widget"] not in list(Widget):
        near = difflib.get_close_matches(str(part["x-widget"]), list(Widget), n=1, cutoff=0.5)
        yield SchemaProblem(
            (*pointer, "x-widget"),
            f"未知的控件“{part['x-widget']}”。" + (f"是否想写“{near[0]}”？" if near else ""),
            f'Unknown widget "{part["x-widget"]}".' + (f' Did you mean "{near[0]}"?' if near else ""),
        )
    if declared and "enum" in part:
        labels = part.get("x-enum", {})
        for value in part["enum"]:
            if not is_words(labels.get(str(value)) if isinstance(labels, Mapping) else None):
                yield SchemaProblem(
                    (*pointer, "x-enum" if "x-enum" in part else "enum"),
                    f"选项“{value}”在 x-enum 中没有中文和英文名称。",
                    f'The value "{value}" has no Chinese and English words in x-enum.',
                )
    if isinstance(labels := part.get("x-enum"), Mapping):
        for value in labels:
            if str(value) not in {str(v) for v in part.get("enum", ())}:
                yield SchemaProblem(
                    (*pointer, "x-enum", value),
                    f"x-enum 中的“{value}”不是 enum 的选项。",
                    f'"{value}" of x-enum is not a value of enum.',
                )
    for name in (*part.get("x-ascending", ()), *part.get("required", ())):
        if declared_object(part) and name not in part["properties"]:
            yield SchemaProblem(
                pointer, f"没有名为“{name}”的字段。", f'There is no field named "{name}" here.'
            )
    if (declared or not pointer) and part.get("type") == "object" and "properties" not in part:
        yield SchemaProblem(
            pointer, "对象要用 properties 列出字段。", "An object must list its fields in properties."
        )
    if declared and part.get("type") == "array" and "items" not in part:
        yield SchemaProblem(
            pointer, "列表要用 items 写明每一项。", "A list must describe its entries in items."
        )


def _is_declaration(pointer: tuple[str | int, ...]) -> bool:
    """Whether the schema at ``pointer`` declares a field: reached through properties and items alone."""
    steps = list(pointer)
    if not steps or (len(steps) >= 2 and steps[-2] != "properties"):
        return False
    while steps:
        head = steps.pop(0)
        if head in ("properties", "$defs") and steps:
            steps.pop(0)
        elif head != "items":
            return False
    return True
