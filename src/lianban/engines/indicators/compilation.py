"""The PostgreSQL executor: a definition becomes one SELECT for the figure and one for the matters behind it.

Pure text: nothing here knows a database. Values travel as named parameters (``%(p1)s``, as psycopg takes
them), column names come from :data:`.facts.COLUMNS`, view names are checked. Durations are integer
microseconds (``extract(epoch FROM …)`` is an exact numeric), sums are numeric, so nothing depends on the order
of rows and every figure is exact.
"""

# ruff: noqa: S608  (the text is put together from checked names only; every value is a parameter)

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from lianban.engines.indicators.definitions import (
    Aggregate,
    Censoring,
    Condition,
    Duration,
    Indicator,
    Measure,
    Op,
    Part,
    Share,
)
from lianban.engines.indicators.errors import BadScope
from lianban.engines.indicators.execution import check_group, check_part, check_scope
from lianban.engines.indicators.facts import COLUMNS, MATTER_COLUMN, ColumnType, FactKind
from lianban.engines.indicators.scope import EVERYTHING, Scope

_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?")
_SQL_TYPES = {
    ColumnType.ID: "uuid",
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "bigint",
    ColumnType.INSTANT: "timestamptz",
}
_OPERATORS = {Op.EQ: "=", Op.NE: "<>", Op.LT: "<", Op.LE: "<=", Op.GT: ">", Op.GE: ">="}


@dataclass(frozen=True, slots=True)
class Views:
    """Names of the views or tables that hold the facts, with a schema or without."""

    matters: str = "fact_matters"
    letters: str = "fact_letters"
    hits: str = "fact_hits"
    observations: str = "fact_observations"
    collaborations: str = "fact_collaborations"
    closings: str = "fact_closings"
    caseload: str = "fact_caseload"
    funds: str = "fact_funds"

    def __post_init__(self) -> None:
        for name in map(self.of, FactKind):
            if not _NAME.fullmatch(name):
                raise BadScope(
                    problem_zh=f"视图名“{name}”不可用", problem_en=f'the view name "{name}" cannot be used'
                )

    def of(self, kind: FactKind) -> str:
        return str(getattr(self, kind.value))


USUAL_VIEWS = Views()


@dataclass(frozen=True, slots=True)
class Query:
    """One SELECT and its named parameters."""

    sql: str
    params: dict[str, Any]


def compile_figure(
    indicator: Indicator,
    scope: Scope = EVERYTHING,
    views: Views = USUAL_VIEWS,
    *,
    by: str | None = None,
) -> Query:
    """The SELECT whose row (or, with ``by``, whose rows, one a group) :func:`figure_from_row` reads.

    Columns: ``grp`` (NULL without ``by``), ``numerator``, ``denominator``, ``row_count``, ``matter_count``,
    ``open_count``, ``excluded_count``, and for Kaplan–Meier the arrays ``times``, ``ended``, ``at_risk``.
    """
    if by is not None:
        check_group(indicator, by)
    build = _Builder(indicator, scope, views, by)
    return Query(build.figure(), build.params)


def compile_matters(
    indicator: Indicator,
    scope: Scope = EVERYTHING,
    views: Views = USUAL_VIEWS,
    *,
    part: Part | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> Query:
    """The SELECT of the matters of one part, as ``matter``, each once, in the order of their ids.

    ``after`` and ``limit`` page through a long list. For one group of a breakdown add a condition to the
    scope: ``Condition("addressee", Op.EQ, "…")``.
    """
    build = _Builder(indicator, scope, views, None)
    return Query(build.matters(check_part(indicator, part), after, limit), build.params)


@dataclass(slots=True)
class _Builder:
    indicator: Indicator
    scope: Scope
    views: Views
    by: str | None
    params: dict[str, Any] = field(default_factory=dict)

    def figure(self) -> str:
        check_scope(self.indicator, self.scope)
        survival = self._measure().censoring is Censoring.KAPLAN_MEIER
        groups = "SELECT DISTINCT grp FROM population" if self.by else "SELECT NULL::text AS grp"
        empty = 1 if self._measure().aggregate in _EMPTY_IS_ZERO and self.indicator.value is not None else 0
        return (
            f"WITH {self._common(self.indicator.opens)},\n"
            f"value AS ({self._value()}),\n"
            "list AS (SELECT grp, count(*) AS matter_count FROM (SELECT DISTINCT grp, matter FROM behind) AS each"
            " GROUP BY grp),\n"
            "beside AS (SELECT grp, count(*) FILTER (WHERE is_open AND NOT excluded) AS open_count,"
            " count(*) FILTER (WHERE excluded) AS excluded_count FROM population GROUP BY grp),\n"
            f"groups AS ({groups})\n"
            "SELECT groups.grp, coalesce(value.numerator, 0) AS numerator,"
            f" coalesce(value.denominator, {empty}) AS denominator,"
            " coalesce(value.row_count, 0) AS row_count, coalesce(list.matter_count, 0) AS matter_count,"
            " coalesce(beside.open_count, 0) AS open_count,"
            " coalesce(beside.excluded_count, 0) AS excluded_count"
            f"{', value.times, value.ended, value.at_risk' if survival else ''}\n"
            f"FROM groups {' '.join(self._beside(name) for name in ('value', 'list', 'beside'))}"
        )

    def _beside(self, name: str) -> str:
        # Without groups there is one row at most on each side; comparing NULL with NULL would only mislead the
        # planner into sorting everything.
        condition = f"{name}.grp IS NOT DISTINCT FROM groups.grp" if self.by else "true"
        return f"LEFT JOIN {name} ON {condition}"

    def matters(self, part: Part, after: UUID | None, limit: int | None) -> str:
        check_scope(self.indicator, self.scope)
        sql = f"WITH {self._common(part)}\nSELECT DISTINCT matter FROM behind"
        if after is not None:
            sql += f" WHERE matter > {self._param(after)}::uuid"
        sql += " ORDER BY matter"
        if limit is not None:
            sql += f" LIMIT {self._param(limit)}::bigint"
        return sql

    # -- the rows that count

    def _measure(self) -> Measure:
        return self.indicator.value or Measure()

    def _common(self, part: Part) -> str:
        return f"population AS ({self._population()}),\ncounted AS ({self._counted()}),\nbehind AS ({self._behind(part)})"

    def _population(self) -> str:
        kind, duration = self.indicator.of, self._row_duration()
        grp = f"f.{self.by}" if self.by else "NULL::text"
        columns = [f"f.{MATTER_COLUMN[kind]} AS matter", f"{grp} AS grp", f"{self._excluded()} AS excluded"]
        where = [self._condition(c) for c in (*self.indicator.where, *self.scope.also)]
        if self.scope.scene is not None:
            where.append(f"f.scene = {self._param(self.scope.scene)}::text")
        if duration is None:
            columns.append("false AS is_open")
        else:
            columns += self._lapse(duration)
        where += self._period(duration)
        columns += self._inputs()
        condition = " AND ".join(where) or "true"
        return f"SELECT {', '.join(columns)} FROM {self.views.of(kind)} AS f WHERE {condition}"

    def _inputs(self) -> list[str]:
        """The columns that the numbers are made of."""
        if self.indicator.value is None:
            columns = []
            for name, share in (("den", self.indicator.denominator), ("num", self.indicator.numerator)):
                assert share is not None
                columns.append(f"({self._all(share.where)}) AS in_{name}")
                columns.append(
                    f"{f'f.{share.measure.field}' if share.measure.field else '1'} AS {name}_value"
                )
            return columns
        measure = self.indicator.value
        if measure.aggregate is Aggregate.VARIANTS:
            return ["f.activity", "f.occurred_at", "f.seq"]
        if measure.duration is not None:
            return ["f.occurred_at"] if measure.duration.per_matter else []
        return [f"f.{measure.field} AS x" if measure.field else "1 AS x"]

    def _row_duration(self) -> Duration | None:
        duration = self._measure().duration
        return None if duration is None or duration.per_matter else duration

    def _ended(self, duration: Duration) -> str:
        ended = f"f.{duration.start} IS NOT NULL AND f.{duration.end} IS NOT NULL"
        if self.scope.as_of is not None:
            ended += f" AND f.{duration.end} <= {self._as_of()}"
        return f"({ended})"

    def _open(self, duration: Duration) -> str:
        is_open = f"f.{duration.start} IS NOT NULL AND NOT {self._ended(duration)}"
        if self.scope.as_of is not None:
            is_open += f" AND f.{duration.start} <= {self._as_of()}"
        return f"({is_open})"

    def _lapse(self, duration: Duration) -> list[str]:
        ended, is_open = self._ended(duration), self._open(duration)
        columns = [
            f"{is_open} AS is_open",
            f"CASE WHEN {ended} THEN {_microseconds(f'f.{duration.start}', f'f.{duration.end}')} END AS x",
        ]
        if self._measure().censoring is Censoring.KAPLAN_MEIER:
            so_far = _microseconds(f"f.{duration.start}", self._as_of())
            columns.append(f"CASE WHEN {is_open} THEN {so_far} END AS so_far")
        return columns

    def _period(self, duration: Duration | None) -> list[str]:
        if self.indicator.period is None or not self.scope.has_period:
            return []
        column = f"f.{self.indicator.period}"
        bounds = []
        if self.scope.start is not None:
            bounds.append(f"{column} >= {self._param(self.scope.start)}::timestamptz")
        if self.scope.end is not None:
            bounds.append(f"{column} < {self._param(self.scope.end)}::timestamptz")
        if duration is None or duration.end != self.indicator.period:
            return bounds
        waiting = self._open(duration)
        if self.scope.end is not None:
            waiting += f" AND f.{duration.start} < {self._param(self.scope.end)}::timestamptz"
        return [f"(({waiting}) OR ({' AND '.join([self._ended(duration), *bounds])}))"]

    def _excluded(self) -> str:
        groups = [f"({self._all(exclusion.when)})" for exclusion in self.indicator.exclusions]
        return f"({' OR '.join(groups)})" if groups else "false"

    def _all(self, conditions: tuple[Condition, ...]) -> str:
        # IS TRUE: a comparison with an absent value is NULL in SQL and must mean "does not hold".
        return " AND ".join(f"({self._condition(c)}) IS TRUE" for c in conditions) or "true"

    def _counted(self) -> str:
        measure = self._measure()
        if self.indicator.value is None:
            return "SELECT * FROM population WHERE NOT excluded AND in_den"
        if measure.aggregate is Aggregate.VARIANTS:
            sequence = "array_agg(activity ORDER BY occurred_at, seq) AS x"
            return f"SELECT matter, grp, {sequence} FROM population WHERE NOT excluded GROUP BY matter, grp"
        if measure.duration is not None and measure.duration.per_matter:
            span = _microseconds("min(occurred_at)", "max(occurred_at)")
            return f"SELECT matter, grp, {span} AS x FROM population WHERE NOT excluded GROUP BY matter, grp"
        return "SELECT matter, grp, x FROM population WHERE NOT excluded AND x IS NOT NULL"

    def _behind(self, part: Part) -> str:
        if part is Part.EXCLUDED:
            return "SELECT matter, grp FROM population WHERE excluded"
        if part is Part.OPEN:
            return "SELECT matter, grp FROM population WHERE is_open AND NOT excluded"
        if part is Part.EXTREME:
            best = "min" if self._measure().aggregate is Aggregate.MIN else "max"
            ranked = f"SELECT matter, grp, x, {best}(x) OVER (PARTITION BY grp) AS best FROM counted"
            return f"SELECT matter, grp FROM ({ranked}) AS ranked WHERE x = best"
        condition = {Part.NUMERATOR: " WHERE in_num", Part.REMAINDER: " WHERE NOT in_num"}.get(part, "")
        return f"SELECT matter, grp FROM counted{condition}"

    # -- the number

    def _value(self) -> str:
        measure = self._measure()
        if self.indicator.value is None:
            numerator = _added(self.indicator.numerator, "num", " FILTER (WHERE in_num)")
            denominator = _added(self.indicator.denominator, "den", "")
            return (
                f"SELECT grp, {numerator} AS numerator, {denominator} AS denominator, count(*) AS row_count"
                " FROM counted GROUP BY grp"
            )
        if measure.censoring is Censoring.KAPLAN_MEIER:
            return _SURVIVAL
        if measure.aggregate is Aggregate.MEDIAN:
            return _MEDIAN
        if measure.aggregate in (Aggregate.DISTINCT, Aggregate.VARIANTS):
            return _DISTINCT
        numerator, denominator = _NUMBERS[measure.aggregate]
        return (
            f"SELECT grp, {numerator} AS numerator, {denominator} AS denominator, count(*) AS row_count"
            " FROM counted GROUP BY grp"
        )

    # -- pieces

    def _condition(self, condition: Condition) -> str:
        kind = COLUMNS[self.indicator.of][condition.field]
        left = f"f.{condition.field}"
        if condition.op is Op.ABSENT:
            return f"{left} IS NULL"
        if condition.op is Op.PRESENT:
            return f"{left} IS NOT NULL"
        if condition.other is not None:
            right = f"f.{condition.other}"
            if condition.plus:
                right += f" + {self._param(condition.plus)}::bigint * interval '1 microsecond'"
            return f"{left} {_OPERATORS[condition.op]} {right}"
        sql_type = _SQL_TYPES[kind]
        if condition.op in (Op.IN, Op.NOT_IN):
            compare = "= ANY" if condition.op is Op.IN else "<> ALL"
            return f"{left} {compare} ({self._param(list(condition.value))}::{sql_type}[])"
        return f"{left} {_OPERATORS[condition.op]} {self._param(condition.value)}::{sql_type}"

    def _param(self, value: Any) -> str:
        name = f"p{len(self.params) + 1}"
        self.params[name] = value
        return f"%({name})s"

    def _as_of(self) -> str:
        self.params["as_of"] = self.scope.as_of
        return "%(as_of)s::timestamptz"


def _microseconds(start: str, end: str) -> str:
    return f"(extract(epoch FROM ({end} - {start})) * 1000000)::bigint"


def _added(share: Share | None, name: str, only: str) -> str:
    assert share is not None
    if share.measure.aggregate is Aggregate.COUNT:
        return f"count(*){only}"
    if share.measure.aggregate is Aggregate.DISTINCT:
        return f"count(DISTINCT {name}_value){only}"
    return f"coalesce(sum({name}_value){only}, 0)"


_EMPTY_IS_ZERO = (Aggregate.COUNT, Aggregate.DISTINCT, Aggregate.SUM, Aggregate.VARIANTS)
_NUMBERS = {
    Aggregate.COUNT: ("count(*)", "1"),
    Aggregate.SUM: ("sum(x)", "1"),
    Aggregate.MEAN: ("sum(x)", "count(*)"),
    Aggregate.MIN: ("min(x)", "1"),
    Aggregate.MAX: ("max(x)", "1"),
}
# Grouping hashes where count(DISTINCT x) sorts, and sorting Chinese text is slow.
_DISTINCT = (
    "SELECT grp, count(*) AS numerator, 1 AS denominator, sum(n) AS row_count"
    " FROM (SELECT grp, x, count(*) AS n FROM counted GROUP BY grp, x) AS each GROUP BY grp"
)
# The middle value, or both middle values, whose mean the median is.
_MEDIAN = (
    "SELECT grp, sum(x) FILTER (WHERE place IN ((n + 1) / 2, n / 2 + 1)) AS numerator,"
    " count(*) FILTER (WHERE place IN ((n + 1) / 2, n / 2 + 1)) AS denominator, count(*) AS row_count"
    " FROM (SELECT grp, x, row_number() OVER (PARTITION BY grp ORDER BY x) AS place,"
    " count(*) OVER (PARTITION BY grp) AS n FROM counted) AS ranked GROUP BY grp"
)
# Only the times at which something ended are steps; the product over them is made in figures.median_survival,
# because a product of fractions has no exact form in SQL.
_SURVIVAL = (
    "SELECT grp, 0 AS numerator, 0 AS denominator, coalesce(sum(gone), 0) AS row_count,"
    " array_agg(t ORDER BY t) FILTER (WHERE gone > 0) AS times,"
    " array_agg(gone ORDER BY t) FILTER (WHERE gone > 0) AS ended,"
    " array_agg(risk ORDER BY t) FILTER (WHERE gone > 0) AS at_risk"
    " FROM (SELECT grp, t, count(*) FILTER (WHERE NOT is_open) AS gone,"
    " sum(count(*)) OVER (PARTITION BY grp ORDER BY t DESC) AS risk"
    " FROM (SELECT grp, coalesce(x, so_far) AS t, is_open FROM population"
    " WHERE NOT excluded AND coalesce(x, so_far) IS NOT NULL) AS lives GROUP BY grp, t) AS steps GROUP BY grp"
)
