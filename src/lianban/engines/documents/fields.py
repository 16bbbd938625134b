"""The fields of a template: what may be filled in, and how it is checked.

Values come as plain data (text, numbers, lists) and leave in one canonical form, from which the content
hash is taken: the same facts give the same hash however they were typed (a date as ``date`` or text).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lianban.engines.documents.errors import FieldsMissing, FieldsUnknown, FieldWrong


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"  # one line
    PARAGRAPHS = "paragraphs"  # each line becomes a paragraph
    DATE = "date"  # a date, or its ISO 8601 text
    MONEY = "money"  # integer fen
    INTEGER = "integer"
    CHOICE = "choice"  # one of the options
    LIST = "list"  # lines of text
    PEOPLE = "people"  # rows of role and name
    TABLE = "table"  # rows with the declared columns


@dataclass(frozen=True)
class Column:
    """One column of a table field; ``width`` is its share of the text width."""

    name: str
    zh: str
    width: float = 1.0


@dataclass(frozen=True)
class Field:
    """One field: its name in the data, its label for people, its type, and whether it must be there."""

    name: str
    zh: str
    en: str
    type: FieldType
    required: bool = True
    options: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()

    def empty(self) -> Any:
        """What an optional field holds when nothing was given."""
        if self.type in (FieldType.LIST, FieldType.PEOPLE, FieldType.TABLE):
            return []
        return None if self.type in (FieldType.DATE, FieldType.MONEY, FieldType.INTEGER) else ""


_EXPECTED = {
    FieldType.TEXT: ("一行文字", "one line of text"),
    FieldType.PARAGRAPHS: ("文字", "text"),
    FieldType.DATE: ("日期（如 2026-11-24）", "a date such as 2026-11-24"),
    FieldType.MONEY: ("以分为单位的整数", "an integer number of fen"),
    FieldType.INTEGER: ("整数", "an integer"),
    FieldType.CHOICE: ("选项之一", "one of the options"),
    FieldType.LIST: ("若干行文字", "a list of lines"),
    FieldType.PEOPLE: ("若干组职务（role）与姓名（name）", "a list of role and name"),
    FieldType.TABLE: ("若干行数据，列名与模板一致", "rows with the declared columns"),
}


def check_fields(template: str, fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """All fields in canonical form (dates stay ``date``), or an error that names every field at fault."""
    declared = {field.name: field for field in fields}
    unknown = sorted(str(name) for name in values if name not in declared)
    if unknown:
        raise FieldsUnknown(template=template, fields="、".join(unknown), known="、".join(declared))
    missing = [
        f"{field.zh}（{field.name}）"
        for field in fields
        if field.required and values.get(field.name) in (None, "", [], ())
    ]
    if missing:
        raise FieldsMissing(template=template, fields="、".join(missing))
    checked: dict[str, Any] = {}
    for field in fields:
        value = values.get(field.name)
        if value in (None, "", [], ()):
            checked[field.name] = field.empty()
        else:
            checked[field.name] = _Check(template, field).value(value)
            if field.required and checked[field.name] in ("", []):
                raise FieldsMissing(template=template, fields=f"{field.zh}（{field.name}）")
    return checked


@dataclass(frozen=True)
class _Check:
    """Checks one value of one field; every refusal names the template and the field."""

    template: str
    field: Field

    def value(self, value: Any) -> Any:
        kind = self.field.type
        if kind in (FieldType.MONEY, FieldType.INTEGER):
            if isinstance(value, bool) or not isinstance(value, int):
                raise self.wrong(value)
            return value
        if kind is FieldType.DATE:
            return self.date(value)
        if kind is FieldType.LIST:
            return [self.line(item) for item in self.rows(value)]
        if kind is FieldType.PEOPLE:
            return [self.record(item, ("role", "name")) for item in self.rows(value)]
        if kind is FieldType.TABLE:
            columns = tuple(column.name for column in self.field.columns)
            return [self.record(item, columns) for item in self.rows(value)]
        if kind is FieldType.PARAGRAPHS:
            lines = [self.text(line) for line in self.whole(value).splitlines()]
            return "\n".join(line for line in lines if line)
        line = self.line(value)
        if kind is FieldType.CHOICE and line not in self.field.options:
            options = "、".join(self.field.options)
            raise self.wrong(value, f"以下之一：{options}", f"one of {options}")
        return line

    def date(self, value: Any) -> dt.date:
        if isinstance(value, dt.datetime):
            raise self.wrong(value)
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise self.wrong(value) from error

    def rows(self, value: Any) -> list[Any]:
        if not isinstance(value, list | tuple):
            raise self.wrong(value)
        return list(value)

    def record(self, item: Any, names: tuple[str, ...]) -> dict[str, str]:
        if not isinstance(item, Mapping) or sorted(map(str, item)) != sorted(names):
            expected = "、".join(names)
            raise self.wrong(item, f"每行恰有 {expected}", f"rows with exactly {expected}")
        return {name: self.line(item[name], empty=True) for name in names}

    def line(self, value: Any, *, empty: bool = False) -> str:
        text = self.text(self.whole(value))
        if "\n" in text or (not text and not empty):
            raise self.wrong(value)
        return text

    def whole(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.wrong(value)
        return value.replace("\r\n", "\n").replace("\r", "\n")

    def text(self, text: str) -> str:
        """Refuses what cannot be seen: control characters, and marks that turn the reading direction."""
        for character in text:
            if _is_hidden(character):
                where = f"U+{ord(character):04X}"
                raise self.wrong(where, "不含控制字符的文字", "text without control characters")
        return text.replace("\t", " ").strip()

    def wrong(self, value: Any, expected: str = "", expected_en: str = "") -> FieldWrong:
        zh, en = _EXPECTED[self.field.type]
        return FieldWrong(
            template=self.template,
            field=self.field.name,
            label=self.field.zh,
            expected=f"{expected or zh} ({expected_en or en})",
            # Only the type of a foreign value is shown: values may be personal data (STYLE: never in errors).
            received=value if isinstance(value, str) and value.startswith("U+") else type(value).__name__,
        )


def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cf":
        # A soft hyphen, a zero-width space or a direction mark can make two documents look alike.
        return True
    return category in ("Cc", "Cs", "Zl", "Zp") and character not in "\n\t"
