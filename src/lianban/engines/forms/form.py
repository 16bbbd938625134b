"""A form: a JSON Schema 2020-12 with display hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lianban.engines.forms.model import FieldError, FieldSpec
from lianban.engines.forms.words import Words


@dataclass(frozen=True)
class Form:
    """One form of a scene. ``schema`` is treated as immutable."""

    id: str
    title: Words
    schema: Mapping[str, Any]

    def validate(self, data: Any) -> list[FieldError]:
        """Every mistake in ``data``, in the order of the form's fields; an empty list means valid."""
        from lianban.engines.forms.validation import validate

        return validate(self.schema, data)

    def fields(self) -> tuple[FieldSpec, ...]:
        """The fields in drawing order."""
        from lianban.engines.forms.rendering import fields

        return fields(self.schema)

    def parse(self, post: Mapping[str, list[str]]) -> dict[str, Any]:
        """Typed data from a submitted HTML form. What cannot be read stays text, for validate to refuse."""
        from lianban.engines.forms.parsing import parse

        return parse(self.schema, post)

    def private_paths(self) -> tuple[str, ...]:
        """Dotted paths of the identifiers that records must encrypt; ``[]`` stands for each entry."""
        from lianban.engines.forms.rendering import private_paths

        return private_paths(self.schema)
