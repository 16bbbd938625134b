"""What was filled in, as a page shows it: labels and words instead of names and codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lianban.doors.web.form_html import Choices
from lianban.engines.forms import Form
from lianban.engines.forms.model import FieldSpec, Widget
from lianban.engines.forms.words import Words
from lianban.engines.process.timers import BEIJING

_YES, _NO = Words("是", "yes"), Words("否", "no")


@dataclass(frozen=True, slots=True)
class Shown:
    """One field that has a value: its words, and either a text, parts inside it, or rows of parts."""

    label: Words
    texts: tuple[Words, ...] = ()
    parts: tuple[Shown, ...] = ()
    rows: tuple[tuple[Shown, ...], ...] = field(default=())


def shown(
    form: Form, data: Mapping[str, Any], leave_out: tuple[str, ...] = (), choices: Choices | None = None
) -> tuple[Shown, ...]:
    """The filled fields in the order of the form. Private fields (identifiers) are never among them."""
    fields = [spec for spec in form.fields() if spec.path not in leave_out]
    return _parts(fields, data, choices or {})


def _parts(
    fields: list[FieldSpec] | tuple[FieldSpec, ...], data: Mapping[str, Any], choices: Choices
) -> tuple[Shown, ...]:
    found = (
        _one(spec, data.get(spec.path.rpartition(".")[2]), choices) for spec in fields if not spec.private
    )
    return tuple(one for one in found if one is not None)


def _one(spec: FieldSpec, value: Any, choices: Choices) -> Shown | None:
    if value is None or value == "" or value == []:
        return None
    if spec.widget is Widget.GROUP and isinstance(value, Mapping):
        parts = _parts(spec.children, value, choices)
        return Shown(spec.label, parts=parts) if parts else None
    if spec.widget is Widget.ROWS and isinstance(value, list):
        rows = tuple(_parts(spec.children, row, choices) for row in value if isinstance(row, Mapping))
        return Shown(spec.label, rows=rows) if rows else None
    if isinstance(value, list):
        return Shown(spec.label, tuple(_words(spec, one, choices) for one in value))
    return Shown(spec.label, (_words(spec, value, choices),))


def _words(spec: FieldSpec, value: Any, choices: Choices) -> Words:
    if isinstance(value, bool):
        return _YES if value else _NO
    options = spec.options or tuple(
        choices.get({"agencies": "agency"}.get(spec.widget.value, spec.widget.value), ())
    )
    for option in options:
        if option.value == str(value):
            return option.label
    text = str(value)
    if spec.widget is Widget.MONEY and isinstance(value, int):
        return Words(f"{value / 100:,.2f} 元", f"{value / 100:,.2f} yuan")
    if spec.widget is Widget.DATETIME:
        try:
            text = datetime.fromisoformat(text).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
        except ValueError:
            pass
    return Words(text, text)
