"""One plain sentence in each language for each keyword that a value can fail.

The sentences name the field by its label, say what is wanted, and never repeat the value: it may be
personal data, and error texts end up in logs and on other people's screens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema import ValidationError

from lianban.engines.forms.formats import FORMATS
from lianban.engines.forms.words import Words
from lianban.engines.identifiers import InvalidIdentifier

_TYPES = {
    "string": Words("文字", "text"),
    "integer": Words("整数", "a whole number"),
    "number": Words("数字", "a number"),
    "boolean": Words("“是”或“否”", "yes or no"),
    "array": Words("一个列表", "a list"),
    "object": Words("一组字段", "a group of fields"),
    "null": Words("空", "empty"),
}


def sentence(error: ValidationError, label: Words, labels: Mapping[str, Words]) -> Words:
    """What is wrong with the field called ``label``; ``labels`` are the words of its siblings by name."""
    wanted = error.validator_value
    zh, en = label.zh, label.en
    said = error.schema.get("x-message") if isinstance(error.schema, Mapping) else None
    # A missing or mistyped value is told as such: the message is about a value that is there.
    if said and error.validator not in ("type", "required"):
        return Words(said["zh"], said["en"])
    match error.validator:
        case "required" | "dependentRequired":
            return Words(f"请填写“{zh}”。", f'"{en}" must be filled in.')
        case "additionalProperties":
            extra = sorted(str(name)[:40] for name in set(error.instance) - set(error.schema["properties"]))
            shown = ", ".join(extra[:5]) + (" …" if len(extra) > 5 else "")
            return Words(
                f"“{zh}”中有本表没有的字段：{shown}。请删除。",
                f'"{en}" holds fields this form does not have: {shown}. Remove them.',
            )
        case "type":
            kinds = wanted if isinstance(wanted, list) else [wanted]
            words = [_TYPES.get(kind, Words(kind, kind)) for kind in kinds]
            return Words(
                f"“{zh}”应为{'或'.join(w.zh for w in words)}。",
                f'"{en}" must be {" or ".join(w.en for w in words)}.',
            )
        case "enum":
            return Words(f"“{zh}”请从所列选项中选择。", f'Choose "{en}" from the values offered.')
        case "const":
            return Words(f"“{zh}”的值不能改变。", f'"{en}" cannot take another value.')
        case "minLength" if wanted == 1:
            return Words(f"请填写“{zh}”。", f'"{en}" must be filled in.')
        case "minLength":
            return Words(f"“{zh}”至少 {wanted} 个字。", f'"{en}" needs at least {wanted} characters.')
        case "maxLength":
            return Words(f"“{zh}”最多 {wanted} 个字。", f'"{en}" may have at most {wanted} characters.')
        case "minimum":
            return Words(f"“{zh}”不能小于 {_number(error)}。", f'"{en}" must be {_number(error)} or more.')
        case "maximum":
            return Words(f"“{zh}”不能大于 {_number(error)}。", f'"{en}" must be {_number(error)} or less.')
        case "exclusiveMinimum":
            return Words(f"“{zh}”必须大于 {_number(error)}。", f'"{en}" must be more than {_number(error)}.')
        case "exclusiveMaximum":
            return Words(f"“{zh}”必须小于 {_number(error)}。", f'"{en}" must be less than {_number(error)}.')
        case "multipleOf":
            return Words(f"“{zh}”必须是 {wanted} 的倍数。", f'"{en}" must be a multiple of {wanted}.')
        case "pattern":
            return Words(f"“{zh}”的写法不对。", f'"{en}" is not written in the required way.')
        case "format":
            if isinstance(error.cause, InvalidIdentifier):
                return Words(f"“{zh}”：{error.cause.text('zh')}", f'"{en}": {error.cause.text("en")}')
            entry = FORMATS[wanted]
            return Words(f"“{zh}”{entry.zh}。", f'"{en}" {entry.en}.')
        case "minItems" | "contains" | "minContains":
            count = wanted if isinstance(wanted, int) else 1
            return Words(f"“{zh}”至少要有 {count} 项。", f'"{en}" needs at least {count} {_entries(count)}.')
        case "maxItems" | "maxContains":
            return Words(f"“{zh}”最多 {wanted} 项。", f'"{en}" may have at most {wanted} {_entries(wanted)}.')
        case "uniqueItems":
            return Words(f"“{zh}”中有重复的项。", f'"{en}" holds the same entry twice.')
        case "minProperties":
            return Words(f"“{zh}”至少填写 {wanted} 个字段。", f'Fill in at least {wanted} fields of "{en}".')
        case "maxProperties":
            return Words(f"“{zh}”最多填写 {wanted} 个字段。", f'Fill in at most {wanted} fields of "{en}".')
        case "x-ascending":
            first, last = (labels.get(name, Words(name, name)) for name in wanted[:2])
            return Words(
                f"“{last.zh}”不能早于“{first.zh}”。", f'"{last.en}" must not be before "{first.en}".'
            )
        case "not":
            return Words(f"“{zh}”中有此时不能填写的内容。", f'"{en}" holds something not allowed here.')
        case _:  # anyOf, oneOf, and what a later draft may add
            return Words(
                f"“{zh}”不符合任何一种允许的填法。", f'"{en}" fits none of the ways it may be filled in.'
            )


def _number(error: ValidationError) -> str:
    """The limit as a person writes it: money is kept in fen and read in yuan."""
    wanted = error.validator_value
    if isinstance(error.schema, Mapping) and error.schema.get("format") == "money":
        return f"{wanted / 100:,.2f} 元"
    return f"{wanted:,}" if isinstance(wanted, int | float) else str(wanted)


def _entries(count: Any) -> str:
    return "entry" if count == 1 else "entries"
