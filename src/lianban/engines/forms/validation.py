"""Validates data against a form and says in plain words what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from lianban.engines.forms.formats import checker
from lianban.engines.forms.model import FieldError
from lianban.engines.forms.quick import QuickCheck
from lianban.engines.forms.schema import resolve
from lianban.engines.forms.sentences import sentence
from lianban.engines.forms.words import Words

_THE_FORM = Words("本表", "The form")


def _ascending(
    validator: Any, names: list[str], instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """``x-ascending: [from, to]``: the dates do not go backwards. ISO dates compare as texts."""
    if not isinstance(instance, Mapping):
        return
    values = [(name, instance[name]) for name in names if isinstance(instance.get(name), str)]
    for (_, earlier), (name, later) in pairwise(values):
        if later < earlier:
            yield ValidationError("not ascending", path=[name])


_Dialect = extend(Draft202012Validator, {"x-ascending": _ascending})


class Validator:
    """One closed schema, ready to check any number of forms."""

    def __init__(self, schema: Mapping[str, Any], *, demo: bool) -> None:
        self._schema = schema
        self._validator = _Dialect(schema, format_checker=checker(demo=demo))
        self._quick = QuickCheck(schema, demo=demo)

    def errors(self, data: Any) -> list[FieldError]:
        """Every mistake, in the order of the form's fields, at most one of a kind for each field."""
        return [] if self._quick.passes(data) else self.mistakes(data)

    def mistakes(self, data: Any) -> list[FieldError]:
        """The same, without asking first whether there is any."""
        found: dict[tuple[str, str], tuple[list[Any], FieldError]] = {}
        for error in self._validator.iter_errors(data):
            for path, name in _targets(error):
                entry = self._field_error(error, path, name)
                found.setdefault((entry.path, entry.code), ([*path, *([name] if name else [])], entry))
        ordered = sorted(found.values(), key=lambda pair: self._position(pair[0]))
        return [entry for _, entry in ordered]

    def _field_error(self, error: ValidationError, path: list[str | int], name: str | None) -> FieldError:
        full = [*path, name] if name else path
        siblings = self._labels(path[:-1] if error.validator == "x-ascending" else path)
        words = sentence(error, self._label(full), siblings)
        return FieldError(".".join(str(step) for step in full), str(error.validator), words.zh, words.en)

    def _label(self, path: list[str | int]) -> Words:
        """The label of the field at ``path``; an entry of a list is called by the list and its number."""
        schema = self._schema
        label, number = _THE_FORM, None
        for step in path:
            schema = self._descend(schema, step)
            if isinstance(step, int):
                number = step + 1
            hint = schema.get("x-label")
            if hint:
                label, number = Words(hint["zh"], hint["en"]), None if not isinstance(step, int) else number
            elif not isinstance(step, int):
                label, number = Words(str(step)[:40], str(step)[:40]), None
        if number is not None:
            return Words(f"{label.zh}第 {number} 项", f"{label.en}, entry {number}")
        return label

    def _labels(self, path: list[str | int]) -> dict[str, Words]:
        schema = self._schema
        for step in path:
            schema = self._descend(schema, step)
        properties = resolve(self._schema, schema).get("properties", {})
        hints = {name: resolve(self._schema, part).get("x-label") for name, part in properties.items()}
        return {name: Words(hint["zh"], hint["en"]) for name, hint in hints.items() if hint}

    def _descend(self, schema: Mapping[str, Any], step: str | int) -> Mapping[str, Any]:
        schema = resolve(self._schema, schema)
        child = (
            schema.get("items", {}) if isinstance(step, int) else schema.get("properties", {}).get(step, {})
        )
        return resolve(self._schema, child) if isinstance(child, Mapping) else {}

    def _position(self, path: list[Any]) -> tuple[int, ...]:
        schema = self._schema
        position: list[int] = []
        for step in path:
            if isinstance(step, int):
                position.append(step)
            else:
                names = list(resolve(self._schema, schema).get("properties", {}))
                position.append(names.index(step) if step in names else len(names))
            schema = self._descend(schema, step)
        return tuple(position)


def _targets(error: ValidationError) -> list[tuple[list[str | int], str | None]]:
    """The fields that an error is about: a missing field is the error of that field, not of its parent."""
    path = list(error.absolute_path)
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return [(path, name) for name in missing]
    if error.validator == "dependentRequired":
        missing = [
            name
            for present, wanted in error.validator_value.items()
            if present in error.instance
            for name in wanted
            if name not in error.instance
        ]
        return [(path, name) for name in missing]
    return [(path, None)]
