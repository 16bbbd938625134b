"""Whether data is valid at all, asked of a compiled validator: ten times as fast as the one that says what is wrong.

Most of what is checked is right. Only what is not goes on to :mod:`.validation`, which words every mistake; the two are
held to agree by a property test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import jsonschema_rs

from lianban.engines.forms.formats import FORMATS
from lianban.engines.identifiers import InvalidIdentifier


class Ascending:
    """``x-ascending`` for the compiled validator: the dates do not go backwards."""

    def __init__(self, schema: Mapping[str, Any], names: Sequence[str], pointer: Sequence[Any]) -> None:
        self.names = names

    def validate(self, instance: Any) -> None:
        if not isinstance(instance, Mapping):
            return
        values = [instance[name] for name in self.names if isinstance(instance.get(name), str)]
        if any(later < earlier for earlier, later in pairwise(values)):
            raise ValueError("not ascending")


class OfFormat:
    """``format`` for the compiled validator, whose own asks a format about texts alone: money is a number."""

    def __init__(self, check: Callable[[Any, bool], bool], demo: bool) -> None:
        self.check, self.demo = check, demo

    def validate(self, instance: Any) -> None:
        # InvalidIdentifier is an error of ours, with a sentence; here only that it is one matters.
        try:
            good = self.check(instance, self.demo)
        except InvalidIdentifier:
            good = False
        if not good:
            raise ValueError("not of its format")


class QuickCheck:
    """One closed schema, compiled."""

    def __init__(self, schema: Mapping[str, Any], *, demo: bool) -> None:
        class OfThisFormat(OfFormat):
            def __init__(self, schema: Mapping[str, Any], name: str, pointer: Sequence[Any]) -> None:
                super().__init__(FORMATS[name].check if name in FORMATS else _anything, demo)

        self._validator = jsonschema_rs.Draft202012Validator(
            _renamed(schema),
            validate_formats=False,
            keywords={"x-ascending": Ascending, "x-format": OfThisFormat},
        )

    def passes(self, data: Any) -> bool:
        """Whether nothing is wrong. Data that JSON has no room for (a huge integer) does not pass, and is looked at."""
        try:
            return bool(self._validator.is_valid(data))
        except (ValueError, TypeError, OverflowError):
            return False


def _anything(value: Any, demo: bool) -> bool:
    return True


def _renamed(part: Any, within: str = "") -> Any:
    """The schema with ``format`` as ``x-format``; a field that is itself called format keeps its name."""
    if isinstance(part, Mapping):
        fields = within in ("properties", "$defs")
        return {("x-format" if key == "format" and not fields else key): _renamed(value, "" if fields else key)
                for key, value in part.items()}  # fmt: skip
    if isinstance(part, list | tuple):
        return [_renamed(one) for one in part]
    return part
