"""Reading what is computed: counts, aggregates of a column, durations, the two sides of a share."""

from __future__ import annotations

from collections.abc import Mapping

from lianban.engines.indicators.conditions import read_column, read_conditions
from lianban.engines.indicators.definitions import Aggregate, Censoring, Duration, Measure, Share
from lianban.engines.indicators.facts import COLUMNS, ColumnType, FactKind
from lianban.engines.indicators.reading import Place

_OF_SHARES = (Aggregate.COUNT, Aggregate.DISTINCT, Aggregate.SUM)


def read_share(place: Place, key: str, kind: FactKind) -> Share | None:
    """The numerator or the denominator under ``key``."""
    share = place.inner(key)
    if share is None:
        return None
    share.known("where", "value")
    where = read_conditions(share, "where", COLUMNS[kind])
    measure = read_measure(share, "value", kind) if share.has("value") else Measure()
    if measure is None:
        return None
    if measure.aggregate not in _OF_SHARES or measure.duration is not None:
        share.bad(
            "value",
            "分子、分母只能用 count、distinct 或整数列的 sum",
            "a side of a share is count, distinct, or the sum of an integer column",
        )
        return None
    return Share(where, measure)


def read_measure(place: Place, key: str, kind: FactKind) -> Measure | None:
    """The value under ``key``: a name such as ``count``, or a mapping with ``aggregate``."""
    found = place.raw[key]
    raw = found if isinstance(found, Mapping) else {"aggregate": found}
    inner = Place(place.source, place.problems, raw, f"{place.where}.{key}")
    inner.known("aggregate", "field", "from", "to", "censoring")
    aggregate = inner.choice(Aggregate, "aggregate")
    if aggregate is None:
        return None
    if aggregate in (Aggregate.COUNT, Aggregate.VARIANTS):
        return _plain(inner, aggregate, kind)
    if inner.has("field") == (inner.has("from") or inner.has("to")):
        inner.bad(
            "aggregate",
            f"{aggregate} 需要 field，或 from 与 to",
            f"{aggregate} needs either field, or from and to",
        )
        return None
    if inner.has("field"):
        return _of_column(inner, aggregate, kind)
    if aggregate is Aggregate.DISTINCT:
        inner.bad("aggregate", "distinct 需要 field", "distinct needs field")
        return None
    return _of_duration(inner, aggregate, kind)


def _plain(place: Place, aggregate: Aggregate, kind: FactKind) -> Measure | None:
    if len(place.raw) > 1:
        place.bad("aggregate", f"{aggregate} 不带其他字段", f"{aggregate} takes nothing else")
        return None
    if aggregate is Aggregate.VARIANTS and kind is not FactKind.OBSERVATIONS:
        place.bad("aggregate", "variants 只用于 observations", "variants is for observations only")
        return None
    return Measure(aggregate)


def _of_column(place: Place, aggregate: Aggregate, kind: FactKind) -> Measure | None:
    if place.has("censoring"):
        place.bad("censoring", "censoring 只用于时长", "censoring is for durations only")
        return None
    usable = tuple(ColumnType) if aggregate is Aggregate.DISTINCT else (ColumnType.INTEGER,)
    name = read_column(place, "field", COLUMNS[kind], usable)
    return None if name is None else Measure(aggregate, field=name)


def _of_duration(place: Place, aggregate: Aggregate, kind: FactKind) -> Measure | None:
    censoring = place.choice(Censoring, "censoring") if place.has("censoring") else Censoring.BESIDE
    if censoring is None:
        return None
    if censoring is Censoring.KAPLAN_MEIER and (
        aggregate is not Aggregate.MEDIAN or kind is FactKind.OBSERVATIONS
    ):
        place.bad(
            "censoring",
            "kaplan_meier 只用于事项或函件时长的 median",
            "kaplan_meier is for the median of durations of matters or letters",
        )
        return None
    if kind is FactKind.OBSERVATIONS:
        if (place.raw.get("from"), place.raw.get("to")) != ("first", "last"):
            place.bad(
                "from",
                "observations 的时长写作 from: first, to: last",
                "a duration of observations is written from: first, to: last",
            )
            return None
        return Measure(aggregate, duration=Duration("occurred_at", "occurred_at", per_matter=True))
    start, end = (read_column(place, key, COLUMNS[kind], (ColumnType.INSTANT,)) for key in ("from", "to"))
    if start is None or end is None:
        return None
    if start == end:
        place.bad("to", "from 与 to 相同", "from and to are the same")
        return None
    return Measure(aggregate, duration=Duration(start, end), censoring=censoring)
