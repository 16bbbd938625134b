"""Limits on what a form may be sent, looked at before anything else is.

They protect the database and the validator from data that no person fills in: a document goes into a
file, not into a field.
"""

from __future__ import annotations

import math
from typing import Any

from lianban.engines.forms.model import FieldError

MAX_DEPTH = 12  # objects in lists in objects …
MAX_NODES = 20_000  # values in one form; 1,000 rows of 20 fields
MAX_CHARACTERS = 500_000  # in all texts together
MAX_NUMBER = 2**53 - 1  # JSON readers of browsers lose digits above it

_CONTROL = {chr(code) for code in range(32)} - {"\n", "\t"}


def bound_errors(data: Any) -> list[FieldError]:
    """The first limit that ``data`` breaks, or nothing. Stops there: the rest may be enormous."""
    nodes = characters = 0
    stack: list[tuple[str, Any, int]] = [("", data, 1)]
    while stack:
        path, value, depth = stack.pop()
        nodes += 1
        if nodes > MAX_NODES:
            return [_error("", "tooManyValues", f"填写的内容超过 {MAX_NODES:,} 项。请分成几件提交。",
                           f"The form holds more than {MAX_NODES:,} values. Send it in several parts.")]  # fmt: skip
        if depth > MAX_DEPTH:
            return [_error(path, "tooDeep", f"填写的内容嵌套超过 {MAX_DEPTH} 层。",
                           f"The form is nested more than {MAX_DEPTH} levels deep.")]  # fmt: skip
        match value:
            case str():
                characters += len(value)
                if characters > MAX_CHARACTERS:
                    return [_error("", "tooLong", f"填写的文字超过 {MAX_CHARACTERS:,} 字。请改为上传附件。",
                                   f"The form holds more than {MAX_CHARACTERS:,} characters. Attach a file instead.")]  # fmt: skip
                if any(c in _CONTROL or "\ud800" <= c <= "\udfff" for c in value):
                    return [_error(path, "characters", "文字中有不能保存的控制字符。请删除后重试。",
                                   "The text holds control characters that cannot be stored. Remove them.")]  # fmt: skip
            case bool() | None:
                pass
            case int() | float():
                if not math.isfinite(value) or abs(value) > MAX_NUMBER:
                    return [_error(path, "number", "数字太大，无法准确保存。",
                                   "The number is too large to be stored exactly.")]  # fmt: skip
            case dict():
                for key, item in value.items():
                    characters += len(key) if isinstance(key, str) else 0
                    stack.append((f"{path}.{key}" if path else str(key), item, depth + 1))
            case list():
                stack.extend((f"{path}.{i}" if path else str(i), v, depth + 1) for i, v in enumerate(value))
            case _:
                return [
                    _error(path, "type", "这里有一个不是 JSON 的值。", "This holds a value that is not JSON.")
                ]
    return []


def _error(path: str, code: str, zh: str, en: str) -> FieldError:
    return FieldError(path[:200], code, zh, en)
