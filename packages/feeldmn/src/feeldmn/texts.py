"""The text of FEEL values: `string(value)`, and the FEEL literal used inside lists and contexts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from feeldmn.numeric import number_text
from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from feeldmn.values import Function, Range

_PLAIN_KEY = re.compile(r"[^\W\d]\w*")
_TEMPORAL = (Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration)


def text_of(value: Any) -> str:
    """Return what `string(value)` gives; a string is itself."""
    return value if type(value) is str else literal_of(value)


def literal_of(value: Any) -> str:
    """Return a FEEL text for `value`; strings are quoted."""
    kind = type(value)
    if kind is str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if kind is Decimal:
        return number_text(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is list:
        return "[" + ", ".join(map(literal_of, value)) + "]"
    if kind is dict:
        return "{" + ", ".join(f"{_key_text(key)}: {literal_of(item)}" for key, item in value.items()) + "}"
    if kind is Range:
        return _range_text(value)
    if kind is Function:
        return f"function({', '.join(parameter.name for parameter in value.parameters)})"
    if isinstance(value, _TEMPORAL):
        return str(value)
    return str(value)


def _key_text(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else literal_of(key)


def _range_text(interval: Range) -> str:
    if interval.operator:
        point = interval.start if interval.start is not None else interval.end
        return f"({interval.operator} {literal_of(point)})"
    left = "[" if interval.start_included else "("
    right = "]" if interval.end_included else ")"
    return f"{left}{literal_of(interval.start)}..{literal_of(interval.end)}{right}"
