"""The one family of errors, and the diagnostics that travel with a null.

FEEL itself never raises: an expression that cannot be evaluated is `null`. A null that comes from a mistake
is reported beside the value as a `Diagnostic`. An exception is raised only for what FEEL has no value for: a
source that cannot be parsed, a DMN file that cannot be read, a bound on steps or depth that was reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a diagnostic or a finding matters."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a source text: `line` and `column` count from 1, `offset` counts characters from 0."""

    line: int
    column: int
    offset: int

    @staticmethod
    def at(source: str, offset: int) -> Position:
        """Return the position of the character `offset` in `source`."""
        offset = max(0, min(offset, len(source)))
        line = source.count("\n", 0, offset) + 1
        return Position(line, offset - (source.rfind("\n", 0, offset) + 1) + 1, offset)

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Why a value is null (or why a value may not be what its author meant).

    `code` is stable and meant for programs, `message` says what was found and what to do. `position` is the
    place in the expression, `where` the place in a DMN model (file, decision, cell) and `line` the line of its
    file when there is one.
    """

    code: str
    message: str
    position: Position | None = None
    where: str = ""
    severity: Severity = Severity.ERROR
    line: int = 0

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.where, str(self.position or "")) if part)
        return f"{place}: {self.message} [{self.code}]" if place else f"{self.message} [{self.code}]"


class FeelDmnError(Exception):
    """Root of all errors of this library.

    `code` is stable; `message` says what happened; `found` is what was found; `remedy` is what to do;
    `position` is the place in the source; `where` names file, decision, cell; `line` is the line of a DMN file.
    """

    code = "feeldmn"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        position: Position | None = None,
        found: str = "",
        remedy: str = "",
        where: str = "",
        line: int = 0,
    ) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code
        self.position = position
        self.found = found
        self.remedy = remedy
        self.where = where
        self.line = line

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.where, str(self.position or "")) if part)
        text = f"{place}: {self.message}" if place else self.message
        if self.found:
            text += f"; found {self.found}"
        if self.remedy:
            text += f"; {self.remedy}"
        return f"{text} [{self.code}]"


class FeelSyntaxError(FeelDmnError):
    """The source text is not a FEEL expression (or not unary tests)."""

    code = "feel.syntax"


class LimitExceeded(FeelDmnError):
    """An evaluation reached a bound: steps, depth or size of a value."""

    code = "feel.limit"


class UnsupportedValue(FeelDmnError):
    """A Python value handed in has no counterpart in FEEL."""

    code = "feel.value"


class DmnReadError(FeelDmnError):
    """The file is not a DMN model that can be read."""

    code = "dmn.read"


class DmnNotFound(FeelDmnError):
    """The model has no decision, service or business knowledge model of that name."""

    code = "dmn.not_found"
