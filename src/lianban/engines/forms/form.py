"""A form: a JSON Schema 2020-12 with display hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lianban.engines.forms.bounds import bound_errors
from lianban.engines.forms.errors import FormRefused
from lianban.engines.forms.model import FieldError, FieldSpec
from lianban.engines.forms.parsing import parse
from lianban.engines.forms.rendering import fields, private_paths
from lianban.engines.forms.schema import close
from lianban.engines.forms.validation import Validator
from lianban.engines.forms.words import Words


@dataclass(frozen=True)
class Form:
    """One form of a scene.

    ``schema`` is what the scene wrote; it is never changed. Validation uses it *closed*: an object refuses
    what it does not name, a text without a limit gets one (see ``schema.close``).
    """

    id: str
    title: Words
    schema: Mapping[str, Any]

    def validate(self, data: Any, *, demo: bool = False) -> list[FieldError]:
        """Every mistake in ``data``, in the order of the form's fields; an empty list means valid.

        ``demo`` accepts the identity numbers of demo people (unassigned prefix 99), which are refused
        everywhere else.
        """
        return bound_errors(data) or self._validators[demo].errors(data)

    def check(self, data: Any, *, demo: bool = False) -> None:
        """Raise :class:`FormRefused`, holding every mistake, unless ``data`` is valid."""
        if errors := self.validate(data, demo=demo):
            raise FormRefused.of(self, errors)

    def fields(self) -> tuple[FieldSpec, ...]:
        """The fields in drawing order: what a door needs to draw the form, and nothing else."""
        return self._fields

    def parse(self, post: Mapping[str, list[str]]) -> dict[str, Any]:
        """Typed data from a submitted HTML form.

        Empty inputs are left out. What cannot be read as its type stays text, so that ``validate`` can
        refuse it in words. Names that are not fields of the form (a CSRF token, a button) are not read.
        """
        return parse(self.schema, post)

    def private_paths(self) -> tuple[str, ...]:
        """Dotted paths of the identifiers that records encrypt (``x-private``); ``[]`` is each entry."""
        return private_paths(self.schema)

    @cached_property
    def _validators(self) -> dict[bool, Validator]:
        closed = close(self.schema)
        return {demo: Validator(closed, demo=demo) for demo in (False, True)}

    @cached_property
    def _fields(self) -> tuple[FieldSpec, ...]:
        return fields(self.schema)
