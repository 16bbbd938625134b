"""From a submitted HTML form to typed data.

Names are dotted: ``period.from``, ``subjects.0.name``. A list of single values is either one name sent
several times (``units`` = a, b) or numbered (``units.0``). Row numbers may have gaps: rows removed in the
browser leave them, and rows left empty are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from lianban.engines.forms.rendering import type_of
from lianban.engines.forms.schema import MAX_SCHEMA_DEPTH, resolve

_TRUE = frozenset({"on", "true", "1", "yes", "是"})
_FALSE = frozenset({"off", "false", "0", "no", "否"})
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－，", "0123456789.-,")
_INTEGER = re.compile(r"[+-]?\d{1,18}\Z")
_LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?\Z")
_YUAN = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,6})?\Z")
_ABSENT = object()


def parse(schema: Mapping[str, Any], post: Mapping[str, list[str]]) -> dict[str, Any]:
    """The data that ``post`` holds for the fields of ``schema``."""
    found = _object(schema, schema, post, "", 0)
    return found if isinstance(found, dict) else {}


def _value(
    root: Mapping[str, Any], part: Mapping[str, Any], post: Mapping[str, list[str]], name: str, depth: int
) -> Any:
    part = resolve(root, part)
    kind = type_of(part)
    if depth > MAX_SCHEMA_DEPTH:
        return _ABSENT
    if kind == "object":
        return _object(root, part, post, name, depth + 1)
    if kind == "array":
        return _array(root, part, post, name, depth + 1)
    if kind == "boolean":
        return _boolean(post.get(name))
    texts = post.get(name)
    return _scalar(part, kind, texts[-1]) if texts else _ABSENT


def _object(
    root: Mapping[str, Any], part: Mapping[str, Any], post: Mapping[str, list[str]], name: str, depth: int
) -> Any:
    found = {}
    for key, child in part.get("properties", {}).items():
        value = _value(root, child, post, f"{name}.{key}" if name else key, depth)
        if value is not _ABSENT:
            found[key] = value
    # An unticked box is sent as nothing, so boxes alone do not make an optional group "filled in".
    return found if not name or any(value is not False for value in found.values()) else _ABSENT


def _array(
    root: Mapping[str, Any], part: Mapping[str, Any], post: Mapping[str, list[str]], name: str, depth: int
) -> Any:
    items = resolve(root, part.get("items", {}))
    numbered = re.compile(re.escape(name) + r"\.(\d{1,6})(?:\.|\Z)")
    indexes = sorted({int(match[1]) for key in post if (match := numbered.match(key))})
    rows = [_value(root, items, post, f"{name}.{index}", depth) for index in indexes]
    kind = type_of(items)
    if kind not in ("object", "array"):
        rows += [_scalar(items, kind, text) for text in post.get(name, ())]
    kept = [row for row in rows if row is not _ABSENT]
    return kept or _ABSENT


def _scalar(part: Mapping[str, Any], kind: str | None, text: str) -> Any:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return _ABSENT
    if part.get("format") == "money":
        return _fen(text)
    if kind in ("integer", "number"):
        return _number(text, kind)
    if part.get("format") == "date-time" and _LOCAL_TIME.match(text):
        return f"{text}+08:00"  # browsers send no zone; the law's zone is Asia/Shanghai, without summer time
    return text


def _boolean(texts: list[str] | None) -> Any:
    text = texts[-1].strip().lower() if texts else ""
    if text in _TRUE:
        return True
    return False if not text or text in _FALSE else text


def _number(text: str, kind: str) -> Any:
    plain = text.translate(_FULL_WIDTH).replace(",", "").replace(" ", "")
    if _INTEGER.match(plain):
        return int(plain)
    if kind == "number":
        try:
            return float(Decimal(plain))
        except (InvalidOperation, OverflowError, ValueError):
            return text
    return text


def _fen(text: str) -> Any:
    """Yuan as typed (``1,234.5``, ``￥100``, ``100元``) to integer fen; parts of a fen are not rounded away."""
    plain = text.translate(_FULL_WIDTH).strip("￥¥元 ").replace(",", "")
    if not _YUAN.match(plain):
        return text
    fen = Decimal(plain) * 100
    return int(fen) if fen == int(fen) else text
