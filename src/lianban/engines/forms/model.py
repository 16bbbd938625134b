"""What a form is made of: the fields a door draws, the mistakes a validation finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lianban.engines.forms.words import Words


class Widget(StrEnum):
    """How a field is drawn. Chosen from the schema; ``x-widget`` overrides."""

    TEXT = "text"
    TEXTAREA = "textarea"
    NUMBER = "number"
    MONEY = "money"  # typed in yuan, kept as integer fen
    DATE = "date"
    DATETIME = "datetime"
    SELECT = "select"
    RADIO = "radio"
    CHECKBOX = "checkbox"  # one yes or no
    CHECKBOXES = "checkboxes"  # several of a list
    AGENCY = "agency"  # one agency of the directory: the door supplies the options
    AGENCIES = "agencies"  # several agencies of the directory
    POST = "post"
    OFFICER = "officer"
    RECORD = "record"  # one record of the matter (a party, an asset): x-records names the kind, the door supplies them
    RECORDS = "records"  # several of them
    FILES = "files"
    HIDDEN = "hidden"
    GROUP = "group"  # an object: draw its children in a fieldset
    ROWS = "rows"  # a list of objects: one group of children for each row
    LIST = "list"  # a list of single values, one input each


@dataclass(frozen=True, slots=True)
class Option:
    """One value a person may choose, with its words."""

    value: str
    label: Words


@dataclass(frozen=True, slots=True)
class ShownWhen:
    """Draw a field only while the sibling field ``path`` holds one of ``values``. Only a help to the eye:
    the schema itself says what is required when."""

    path: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field, ready to draw.

    ``path`` is the dotted name of the HTML input (``period.from``). Children of a group carry their full
    path; children of rows carry a path relative to the row: ask :meth:`input_name` for the full name.
    ``minimum`` and ``maximum`` are numbers or ISO dates as the schema gives them; money is in fen.
    """

    path: str
    widget: Widget
    label: Words
    help: Words | None = None
    required: bool = False
    options: tuple[Option, ...] = ()
    minimum: int | float | str | None = None
    maximum: int | float | str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    pattern: str | None = None
    format: str | None = None
    private: bool = False
    shown_when: ShownWhen | None = None
    read_only: bool = False
    default: Any = None
    # The kind of records a field of the widget ``record`` chooses from.
    source: str | None = None
    children: tuple[FieldSpec, ...] = field(default=())

    def input_name(self, index: int, child: FieldSpec | None = None) -> str:
        """The HTML name of entry ``index`` of this list, or of ``child`` in row ``index``.

        >>> # FieldSpec("subjects", Widget.ROWS, …).input_name(0, name) == "subjects.0.name"
        """
        name = f"{self.path}.{index}"
        return f"{name}.{child.path}" if child else name


@dataclass(frozen=True, slots=True)
class FieldError:
    """One mistake in what was filled in.

    ``path`` is the HTML name of the field (empty for the form as a whole); ``code`` is the schema keyword
    that failed (``required``, ``maxLength`` …), or the rule's own name. The sentences never repeat the
    value: it may be personal data.
    """

    path: str
    code: str
    zh: str
    en: str

    def text(self, language: str = "zh") -> str:
        return self.en if language.startswith("en") else self.zh

    def as_dict(self) -> dict[str, Any]:
        return {"path": self.path, "code": self.code, "zh": self.zh, "en": self.en}
