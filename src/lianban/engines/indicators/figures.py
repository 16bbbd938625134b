"""The number: exact, with what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, prod
from typing import Any

from lianban.engines.indicators.definitions import MICROSECONDS, Aggregate, Censoring, Indicator, Unit

_WHOLE = (
    Aggregate.COUNT,
    Aggregate.DISTINCT,
    Aggregate.SUM,
    Aggregate.MIN,
    Aggregate.MAX,
    Aggregate.VARIANTS,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator's number for one scope.

    ``numerator / denominator`` is the exact value before its unit (microseconds for durations); a
    ``denominator`` of 0 means that there is no number: nothing to divide by, or a median not yet reached.
    ``rows`` entered the number, ``open`` are pending beside it, ``excluded`` were left out by the
    definition's exclusions, and ``matters`` is the length of the list that the figure opens.
    """

    indicator: Indicator
    numerator: int
    denominator: int
    rows: int
    matters: int
    open: int
    excluded: int

    @property
    def value(self) -> Fraction | None:
        """The exact value in the definition's unit, or None when there is none."""
        if self.denominator == 0:
            return None
        value = Fraction(self.numerator, self.denominator)
        if self.indicator.unit is Unit.PERCENT:
            return value * 100
        if self.indicator.unit is Unit.YUAN:
            return value / 100
        return value / MICROSECONDS.get(self.indicator.unit, 1)

    def rounded(self, places: int | None = None) -> Decimal | None:
        """The value with ``places`` decimals (default: the definition's), or None when there is none.

        Shares and counts are rounded half to even. Of a duration exactly one half is rounded down, as in
        :func:`lianban.engines.eventlogs.milliseconds`.
        """
        value = self.value
        if value is None:
            return None
        places = places_of(self.indicator) if places is None else places
        scaled = value * 10**places
        timed = self.indicator.unit in MICROSECONDS
        return Decimal(ceil(scaled - Fraction(1, 2)) if timed else round(scaled)).scaleb(-places)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for a door: the number as text (no float changes it) and what stands beside it."""
        rounded = self.rounded()
        return {
            "code": self.indicator.code,
            "title": self.indicator.title.as_dict(),
            "unit": self.indicator.unit.value,
            "value": None if rounded is None else format(rounded, "f"),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "rows": self.rows,
            "matters": self.matters,
            "open": self.open,
            "excluded": self.excluded,
            "exclusions": [exclusion.because.as_dict() for exclusion in self.indicator.exclusions],
            "source": self.indicator.source.as_dict(),
            "opens": [part.value for part in self.indicator.parts],
            "published": [
                {
                    "value": one.value,
                    "source": one.source.as_dict(),
                    "flag": one.flag,
                    "because": one.because.as_dict() if one.because else None,
                }
                for one in self.indicator.published
            ],
        }


def places_of(indicator: Indicator) -> int:
    """How many decimals are shown: the definition's, or what suits the unit."""
    if indicator.places is not None:
        return indicator.places
    if indicator.unit is Unit.COUNT:
        return 0 if indicator.value is not None and indicator.value.aggregate in _WHOLE else 3
    return {Unit.PERCENT: 2, Unit.RATIO: 4, Unit.YUAN: 2}.get(indicator.unit, 3)


def figure_from_row(indicator: Indicator, row: Mapping[str, Any]) -> Figure:
    """The figure in one row that the compiled SELECT gave (as a mapping from column to value)."""
    numerator, denominator = row["numerator"], row["denominator"]
    if indicator.value is not None and indicator.value.censoring is Censoring.KAPLAN_MEIER:
        steps = zip(row["times"] or (), row["ended"] or (), row["at_risk"] or (), strict=True)
        median = median_survival([(int(time), int(ended), int(risk)) for time, ended, risk in steps])
        numerator, denominator = (0, 0) if median is None else (median, 1)
    return Figure(
        indicator,
        int(numerator),
        int(denominator),
        int(row["row_count"]),
        int(row["matter_count"]),
        int(row["open_count"]),
        int(row["excluded_count"]),
    )


def median_survival(steps: Sequence[tuple[int, int, int]]) -> int | None:
    """The Kaplan–Meier median: the first time at which the share still open is at most one half.

    ``steps`` are (time, ended at it, at risk just before it), by time, one for each time at which something
    ended. None when more than half were still open at the last of them. Exact: the running product is a
    float with an error below 1e-9, and where it comes that close to one half, integers decide.
    """
    share = 1.0
    for place, (time, ended, at_risk) in enumerate(steps):
        share *= (at_risk - ended) / at_risk
        if abs(share - 0.5) > 1e-9:
            reached = share < 0.5
        else:
            past = steps[: place + 1]
            reached = 2 * prod(risk - gone for _, gone, risk in past) <= prod(risk for _, _, risk in past)
        if reached:
            return time
    return None
