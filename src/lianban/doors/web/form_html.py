"""A scene's form as a page draws it: fields with their values and mistakes, rows to add and remove.

Works without a script: adding a row is a submit button that draws the form again with one row more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lianban.engines.forms import Form
from lianban.engines.forms.model import FieldError, FieldSpec, Option, Widget
from lianban.engines.forms.words import Words
from lianban.engines.process.timers import BEIJING

MOST_ROWS = 50


@dataclass(slots=True)
class Drawn:
    """One field: its spec, its HTML name, its value, what is wrong with it, and what is inside it."""

    spec: FieldSpec
    name: str
    value: Any = None
    errors: list[FieldError] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    children: list[Drawn] = field(default_factory=list)
    rows: list[list[Drawn]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def widget(self) -> str:
        return self.spec.widget.value

    @property
    def values(self) -> list[str]:
        """A list's values, for boxes and lists."""
        return [str(one) for one in self.value] if isinstance(self.value, list) else []

    @property
    def text(self) -> str:
        """The value as an input shows it."""
        if self.value is None:
            return ""
        if self.spec.widget is Widget.MONEY and isinstance(self.value, int):
            return f"{self.value / 100:.2f}"
        if self.spec.widget is Widget.DATETIME and isinstance(self.value, str):
            return _local(self.value)
        return str(self.value)

    @property
    def wrong(self) -> bool:
        return bool(self.errors)

    @property
    def invalid(self) -> bool:
        """Wrong here or anywhere inside: a fieldset opens at its mistakes."""
        inside = [*self.children, *(one for row in self.rows for one in row)]
        return self.wrong or any(child.invalid for child in inside)

    @property
    def input_type(self) -> str:
        """Numbers and money are texts: people paste ``1,234.50 元``, and the server says what is wrong with it."""
        return {"date": "date", "datetime": "datetime-local"}.get(self.widget, "text")

    @property
    def shown_name(self) -> str:
        """The HTML name of the sibling that decides whether this field is shown."""
        before, _, _ = self.name.rpartition(".")
        sibling = self.spec.shown_when.path.rpartition(".")[2] if self.spec.shown_when else ""
        return f"{before}.{sibling}" if before else sibling

    @property
    def small(self) -> bool:
        """A group of a few single inputs, which stand side by side."""
        inner = {Widget.GROUP, Widget.ROWS, Widget.CHECKBOXES, Widget.AGENCIES, Widget.TEXTAREA}
        return len(self.children) <= 4 and not any(child.spec.widget in inner for child in self.children)

    def walk(self) -> Iterator[Drawn]:
        yield self
        for child in [*self.children, *(one for row in self.rows for one in row)]:
            yield from child.walk()


@dataclass(slots=True)
class DrawnForm:
    form: Form
    fields: list[Drawn]
    errors: list[FieldError]
    wrong: int

    @property
    def title(self) -> Words:
        return self.form.title

    @property
    def mistakes(self) -> list[tuple[str, FieldError]]:
        """Every mistake with the id of its field, in the order of the page: the links at its head."""
        return [(one.id, error) for top in self.fields for one in top.walk() for error in one.errors]


Choices = Mapping[str, Iterable[Option]]


def draw(
    form: Form, data: Mapping[str, Any], errors: Iterable[FieldError] = (), choices: Choices | None = None,
    grown: str = "",
) -> DrawnForm:  # fmt: skip
    """``choices`` gives the options of agencies, posts and officers by widget; ``grown`` names the rows that get
    one more."""
    by_path: dict[str, list[FieldError]] = {}
    for error in errors:
        by_path.setdefault(error.path, []).append(error)
    choices = choices or {}
    fields = [
        _draw(spec, spec.path, _inside(data, spec.path), by_path, choices, grown) for spec in form.fields()
    ]
    drawn = {one.name for top in fields for one in top.walk()}
    # A mistake of something that is not drawn (a row that is missing altogether) is told at the head.
    beside = [error for path, found in by_path.items() if path not in drawn for error in found]
    return DrawnForm(form, fields, beside, sum(len(found) for found in by_path.values()))


def _draw(
    spec: FieldSpec,
    name: str,
    value: Any,
    errors: Mapping[str, list[FieldError]],
    choices: Choices,
    grown: str,
) -> Drawn:
    drawn = Drawn(spec, name, spec.default if value is None else value, list(errors.get(name, [])))
    drawn.options = list(spec.options) or list(choices.get(spec.source or _choice_of(spec.widget), ()))
    if spec.widget is Widget.GROUP:
        inside = value if isinstance(value, Mapping) else {}
        for child in spec.children:
            key = child.path.rpartition(".")[2]
            drawn.children.append(_draw(child, f"{name}.{key}", inside.get(key), errors, choices, grown))
    elif spec.widget is Widget.ROWS:
        rows = list(value) if isinstance(value, list) else []
        wanted = len(rows) + (1 if grown == name else 0)
        for index in range(min(max(wanted, spec.min_items or 0), MOST_ROWS)):
            row = rows[index] if index < len(rows) and isinstance(rows[index], Mapping) else {}
            drawn.rows.append(
                [
                    _draw(child, f"{name}.{index}.{child.path}", row.get(child.path), errors, choices, grown)
                    for child in spec.children
                ]
            )
    elif spec.widget is Widget.LIST:
        drawn.value = [*drawn.values, *([""] if grown == name or not drawn.values else [])]
    return drawn


def _local(text: str) -> str:
    """An instant as ``datetime-local`` wants it: Beijing time without its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment.astimezone(BEIJING) if moment.tzinfo else moment).strftime("%Y-%m-%dT%H:%M")


def _choice_of(widget: Widget) -> str:
    return {"agencies": "agency"}.get(widget.value, widget.value)


def _inside(data: Mapping[str, Any], path: str) -> Any:
    here: Any = data
    for part in path.split("."):
        if not isinstance(here, Mapping):
            return None
        here = here.get(part)
    return here
