"""Check a row by the form itself: an import takes exactly what the page takes, and says what is wrong in its words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lianban.engines.forms import Form
from lianban.engines.forms.model import FieldError, Widget

from .columns import Column, Matched
from .tables import MOST_CHARACTERS, as_text

_DAY = re.compile(r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?\Z")
_PACKED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row: its number in the file, the form's data, the importer's own cells, and each mistake with its column."""

    number: int
    data: Mapping[str, Any]
    own: Mapping[str, str]
    errors: tuple[tuple[str, FieldError], ...] = ()
    cells: Sequence[str] = field(default=())


class RowChecker:
    """Checks the rows of one table. ``own`` are the names of the importer's columns, which the form does not know."""

    def __init__(self, form: Form, matched: Matched, own: Sequence[str] = (), *, demo: bool = False) -> None:
        self.form, self.demo = form, demo
        self._at = sorted(matched.at.items())
        self._own = frozenset(own)
        self._titles = {column.name: column.title.zh for column in matched.at.values()}
        self._codes = {
            column.name: {word: option.value for option in column.options
                          for word in (option.label.zh, option.label.en, option.value)}
            for column in matched.at.values()
        }  # fmt: skip

    def check(self, number: int, cells: Sequence[Any]) -> CheckedRow:
        """The row as the form's data, or with what is wrong. Nothing is guessed: an unclear cell is an error."""
        row = self.read(number, cells)
        errors = list(row.errors)
        told = {error.path for _, error in errors}
        for error in self.form.validate(row.data, demo=self.demo):
            if error.path not in told:  # one mistake a cell: the first says what to do
                told.add(error.path)
                errors.append((self._title(error.path), error))
        return replace(row, errors=tuple(errors))

    def read(self, number: int, cells: Sequence[Any]) -> CheckedRow:
        """The row without the form's judgement: of one that was checked before."""
        post: dict[str, list[str]] = {}
        own: dict[str, str] = {}
        errors: list[tuple[str, FieldError]] = []
        texts = [as_text(cell) for cell in cells]
        for place, column in self._at:
            text = texts[place] if place < len(texts) else ""
            if not text:
                continue
            cell = cells[place]
            if problem := _spoilt(column, cell, text):
                errors.append((column.title.zh, FieldError(column.name, *problem)))
                continue
            text = self._said(column, text)
            if column.name in self._own:
                own[column.name] = text
            elif column.widget in (Widget.CHECKBOXES, Widget.LIST, Widget.AGENCIES, Widget.RECORDS):
                post[column.name] = [
                    self._codes[column.name].get(part.strip(), part.strip())
                    for part in re.split(r"[、,，;；]", text)
                ]
            else:
                post[column.name] = [text]
        if len(texts) > len(self._at) and any(texts[i] for i in range(len(texts)) if i not in dict(self._at)):
            beyond = FieldError(
                "", "beyond", "有内容写在没有表头的列里。", "There is something in a column without a head."
            )
            errors.append(("", beyond))
        return CheckedRow(number, self.form.parse(post), own, tuple(errors), tuple(texts))

    def _said(self, column: Column, text: str) -> str:
        if column.widget in (Widget.DATE, Widget.DATETIME):
            return iso_day(text)
        if column.widget in (Widget.SELECT, Widget.RADIO):
            return self._codes[column.name].get(text, text)
        return text

    def _title(self, path: str) -> str:
        if path in self._titles:
            return self._titles[path]
        # A mistake of something a table has no column for is told at the nearest column of the same entry.
        head = path.rpartition(".")[0]
        return next((title for name, title in self._titles.items() if head and name.startswith(head)), path)


def iso_day(text: str) -> str:
    """``2026年3月2日``, ``2026/3/2``, ``20260302`` as ``2026-03-02``; anything else as it is, for the form to refuse."""
    if found := _DAY.match(text) or _PACKED_DAY.match(text):
        year, month, day = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    return text


def _spoilt(column: Column, cell: Any, text: str) -> tuple[str, str, str] | None:
    """What no form could tell: a number that Excel rounded, a text that is too long."""
    if column.private and isinstance(cell, float) and len(text) > 15:
        return (
            "spoilt",
            "Excel 把证件号码存成了数字，末几位已经丢失。请把该列设为文本，重新填写。",
            "Excel stored the number as a number and lost its last digits. Make the column text and fill it in again.",
        )
    if len(text) > MOST_CHARACTERS:
        return ("maxLength", f"内容超过 {MOST_CHARACTERS} 字。", f"More than {MOST_CHARACTERS} characters.")
    return None
