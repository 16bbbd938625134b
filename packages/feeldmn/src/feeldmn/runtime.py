"""What one evaluation carries: its bounds, its moment, and the diagnostics it collects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feeldmn.errors import Diagnostic, LimitExceeded, Position


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of an evaluation.

    `steps` counts rounds of loops, filtered items, function calls and items built by lists; `depth` counts
    nested function calls; `text` bounds the length of a string made by an expression; `diagnostics` bounds
    how many are kept.
    """

    steps: int = 1_000_000
    depth: int = 60
    text: int = 10_000_000
    diagnostics: int = 100


DEFAULT_LIMITS = Limits()

#: A foreign function by its name, such as `"java:java.lang.Math#max(double,double)"`.
Externals = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Unit:
    """The source text an expression came from and its place in a model, for positions in diagnostics.

    `line` is the line of the text in its DMN file, 0 when there is none.
    """

    source: str
    where: str = ""
    line: int = 0

    def position(self, at: int) -> Position | None:
        """Return the position of an offset in the source text."""
        return Position.at(self.source, at) if self.source else None

    def line_of(self, at: int) -> int:
        """Return the line of an offset in the DMN file, 0 when there is none."""
        return self.line + self.source.count("\n", 0, at) if self.line else 0


@dataclass(frozen=True, slots=True)
class Hit:
    """Which rules of a decision table matched: the table's place, their numbers, and their annotations."""

    where: str
    line: int
    rules: tuple[int, ...]
    annotations: tuple[tuple[str, ...], ...] = ()


class FeelNull(Exception):
    """Inside only: this operation yields null, for the reason given."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Runtime:
    """The state of one evaluation."""

    __slots__ = ("_noted", "depth", "externals", "hits", "limits", "now", "steps")

    def __init__(
        self,
        limits: Limits = DEFAULT_LIMITS,
        now: datetime | None = None,
        externals: Externals | None = None,
        *,
        trace: bool = False,
    ) -> None:
        self.limits = limits
        self.steps = limits.steps
        self.depth = limits.depth
        self.now = now
        self.externals = externals
        #: The rules that matched, when the caller asked for a trace.
        self.hits: list[Hit] | None = [] if trace else None
        self._noted: list[tuple[str, str, int, Unit]] | None = None

    def note(self, code: str, message: str, at: int, unit: Unit) -> None:
        """Record why a value is null; returns None so that a closure may return the call."""
        noted = self._noted
        if noted is None:
            self._noted = [(code, message, at, unit)]
        elif len(noted) < self.limits.diagnostics:
            noted.append((code, message, at, unit))

    def fail(self, null: FeelNull, at: int, unit: Unit) -> None:
        """Record a `FeelNull`."""
        self.note(null.code, null.message, at, unit)

    def spend(self, steps: int) -> None:
        """Count `steps`; raises `LimitExceeded` when none are left."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceeded(
                f"the evaluation took more than {self.limits.steps} steps",
                code="feel.limit.steps",
                remedy="loop over less, or raise Limits.steps",
            )

    def enter(self) -> None:
        """Count a function call; raises `LimitExceeded` when calls nest too deep."""
        self.depth -= 1
        self.steps -= 1
        if self.depth < 0:
            raise LimitExceeded(
                f"function calls are nested more than {self.limits.depth} deep",
                code="feel.limit.depth",
                remedy="end the recursion, or raise Limits.depth",
            )
        if self.steps < 0:
            self.spend(0)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What was recorded, in order."""
        if self._noted is None:
            return ()
        return tuple(
            Diagnostic(code, message, unit.position(at), unit.where, line=unit.line_of(at))
            for code, message, at, unit in self._noted
        )
