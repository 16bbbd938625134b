"""What an indicator is: one definition, from which come the number and the matters behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lianban.engines.forms.words import Words
from lianban.engines.indicators.facts import COLUMNS, FactKind


class Op(StrEnum):
    """How a condition compares. A comparison with an absent value never holds, not even ``ne``."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    IN = "in"
    NOT_IN = "not_in"
    ABSENT = "absent"
    PRESENT = "present"


class Aggregate(StrEnum):
    """How rows become one number. ``variants``: how many different sequences of activities the matters have."""

    COUNT = "count"
    DISTINCT = "distinct"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"
    VARIANTS = "variants"


class Unit(StrEnum):
    """What the number is counted in. Days are 24 hours here; legal days are the business of clocks. Yuan is of a column in fen."""

    COUNT = "count"
    YUAN = "yuan"
    RATIO = "ratio"
    PERCENT = "percent"
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


class Censoring(StrEnum):
    """What becomes of rows whose duration has not ended.

    ``beside``: the number is that of the ended ones, and the open ones are reported beside it.
    ``kaplan_meier``: the median of all, the open ones counted as "at least this long" (Kaplan and Meier,
    1958): without it a backlog makes the median look *better*.
    """

    BESIDE = "beside"
    KAPLAN_MEIER = "kaplan_meier"


class Part(StrEnum):
    """The rows of an indicator that can be opened as a list of matters."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    REMAINDER = "remainder"  # in the denominator and not in the numerator: what is still to do
    COUNTED = "counted"
    OPEN = "open"
    EXTREME = "extreme"  # the rows that have the greatest, or the least, value
    EXCLUDED = "excluded"


MICROSECONDS = {
    Unit.SECONDS: 1_000_000,
    Unit.MINUTES: 60_000_000,
    Unit.HOURS: 3_600_000_000,
    Unit.DAYS: 86_400_000_000,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """``field op value``, or ``field op other + plus`` where ``plus`` is in microseconds (instants only)."""

    field: str
    op: Op
    value: Any = None  # a tuple for ``in`` and ``not_in``
    other: str | None = None
    plus: int = 0


@dataclass(frozen=True, slots=True)
class Duration:
    """From one instant of the row to another; of observations, from a matter's first to its last one."""

    start: str
    end: str
    per_matter: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What is computed: an aggregate of a column or of a duration. Counting needs neither."""

    aggregate: Aggregate = Aggregate.COUNT
    field: str | None = None
    duration: Duration | None = None
    censoring: Censoring = Censoring.BESIDE


@dataclass(frozen=True, slots=True)
class Share:
    """One side of a ratio: which rows, and how they are added up (count, distinct or sum)."""

    where: tuple[Condition, ...] = ()
    measure: Measure = Measure()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows left out of the figure, and the reason, which is printed beside it."""

    when: tuple[Condition, ...]
    because: Words


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that somebody printed for this definition, kept as it was printed.

    ``flag`` says what is wrong with it, ``because`` why: a defect is shown, never mended in silence.
    """

    value: str
    source: Words
    flag: str = ""
    because: Words | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A definition 指标. Either ``value`` or both ``numerator`` and ``denominator`` are there.

    The numerator is counted among the rows of the denominator, so that no rate exceeds the whole.
    """

    code: str
    title: Words
    of: FactKind
    unit: Unit
    source: Words
    opens: Part
    value: Measure | None = None
    numerator: Share | None = None
    denominator: Share | None = None
    where: tuple[Condition, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    period: str | None = None
    by: tuple[str, ...] = ()
    description: Words | None = None
    places: int | None = field(default=None)
    published: tuple[Published, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The lists of matters that can be opened from this figure, the usual one first."""
        if self.value is None:
            parts = [Part.NUMERATOR, Part.DENOMINATOR, Part.REMAINDER]
        else:
            parts = [Part.COUNTED]
            if self.value.duration is not None and not self.value.duration.per_matter:
                parts.append(Part.OPEN)
            if self.value.aggregate in (Aggregate.MIN, Aggregate.MAX):
                parts.append(Part.EXTREME)
        if self.exclusions:
            parts.append(Part.EXCLUDED)
        return (self.opens, *(part for part in parts if part is not self.opens))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that this kind of fact has."""
        return tuple(COLUMNS[self.of])
