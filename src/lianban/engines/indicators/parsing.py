"""From a scene's ``indicators.yaml`` to definitions; every mistake is named by file, line and place.

``docs/reference/indicators.md`` describes the format. The input is what a YAML reader gives: plain lists
and mappings, or ruamel's, whose line numbers are used when they are there.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from lianban.engines.forms.words import Words
from lianban.engines.indicators.definitions import (
    MICROSECONDS,
    Aggregate,
    Censoring,
    Condition,
    Duration,
    Exclusion,
    Indicator,
    Measure,
    Op,
    Part,
    Share,
    Unit,
)
from lianban.engines.indicators.errors import IndicatorsRefused, Problem
from lianban.engines.indicators.facts import COLUMNS, ColumnType, FactKind

CODE = re.compile(r"[a-z][a-z0-9_]{1,62}")
KEYS = (
    "code", "title", "description", "of", "unit", "value", "numerator", "denominator", "where", "exclude",
    "period", "source", "opens", "by", "places",
)  # fmt: skip
ORDERED = (ColumnType.INTEGER, ColumnType.INSTANT)  # text has no order that every machine agrees on
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Reading:
    """The definitions that could be read, and the problems of the rest."""

    indicators: tuple[Indicator, ...]
    problems: tuple[Problem, ...]


def parse_indicators(raw: Any, *, source: str) -> tuple[Indicator, ...]:
    """The definitions in ``raw``; :class:`IndicatorsRefused` with every problem if there is any.

    ``raw`` is a list of definitions, or a mapping with the one key ``indicators``. ``source`` is the file's
    name as people know it; it only goes into the problems.
    """
    reading = read_indicators(raw, source=source)
    if reading.problems:
        raise IndicatorsRefused.of(reading.problems)
    return reading.indicators


def read_indicators(raw: Any, *, source: str) -> Reading:
    """As :func:`parse_indicators`, but collects the problems instead of raising."""
    reader = _Reader(source)
    if isinstance(raw, Mapping):
        reader.known(raw, ("indicators",), "$")
        raw = raw.get("indicators")
    if raw is None:
        return Reading((), tuple(reader.problems))
    if not _is_list(raw):
        reader.problem(raw, None, "$", "应为指标定义的列表", "expected a list of definitions")
        return Reading((), tuple(reader.problems))
    indicators: list[Indicator] = []
    codes: set[str] = set()
    for place, entry in enumerate(raw):
        if not isinstance(entry, Mapping):
            reader.problem(raw, place, f"[{place}]", "应为一个指标定义", "expected one definition")
            continue
        before = len(reader.problems)
        indicator = _Definition(reader, entry, str(entry.get("code", f"[{place}]"))).read()
        if indicator is not None and indicator.code in codes:
            reader.problem(entry, "code", indicator.code, "代码重复", "this code is used twice")
        if indicator is not None and len(reader.problems) == before:
            codes.add(indicator.code)
            indicators.append(indicator)
    return Reading(tuple(indicators), tuple(reader.problems))


def _is_list(raw: Any) -> bool:
    return isinstance(raw, Sequence) and not isinstance(raw, str | bytes)


def _line(node: Any, key: Any) -> int | None:
    """ruamel keeps the line of every key; a plain mapping has none."""
    marks = getattr(node, "lc", None)
    if marks is None:
        return None
    try:
        return int((marks.data or {})[key][0]) + 1 if key is not None else int(marks.line) + 1
    except (KeyError, IndexError, TypeError, AttributeError):
        return int(marks.line) + 1 if isinstance(getattr(marks, "line", None), int) else None


@dataclass(slots=True)
class _Reader:
    source: str
    problems: list[Problem] = field(default_factory=list)

    def problem(self, node: Any, key: Any, where: str, zh: str, en: str) -> None:
        self.problems.append(Problem(self.source, _line(node, key), where, f"{zh}。", f"{en}."))

    def known(self, node: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
        keys = tuple(keys)
        for key in node:
            if key not in keys:
                self.unknown(node, key, where, str(key), keys)

    def unknown(self, node: Any, key: Any, where: str, found: str, known: Iterable[str]) -> None:
        known = tuple(known)
        near = difflib.get_close_matches(found, known, n=1)
        zh = f"不认识“{found}”" + (f"，是否为“{near[0]}”？" if near else "。") + f"可用：{'、'.join(known)}"
        en = (
            f'"{found}" is not known'
            + (f', did you mean "{near[0]}"?' if near else ".")
            + f" Use: {', '.join(known)}"
        )
        self.problem(node, key, where, zh, en)


class _Definition:
    """Reads one definition. Methods give None, and leave a problem, where something is wrong."""

    def __init__(self, reader: _Reader, raw: Mapping[str, Any], where: str) -> None:
        self.reader, self.raw, self.where = reader, raw, where
        self.types: Mapping[str, ColumnType] = {}

    def read(self) -> Indicator | None:
        raw, where = self.raw, self.where
        self.reader.known(raw, KEYS, where)
        code = raw.get("code")
        if not isinstance(code, str) or not CODE.fullmatch(code):
            self.bad(
                raw,
                "code",
                where,
                "code 应为小写英文字母、数字、下划线",
                "code must be lower-case letters, digits and _",
            )
            code = ""
        title = self.words(raw, "title")
        source = self.words(raw, "source")
        description = self.words(raw, "description") if "description" in raw else None
        kind = self.choice(FactKind, raw, "of", where)
        unit = self.choice(Unit, raw, "unit", where)
        if kind is None:
            return None  # nothing else can be judged without the columns
        self.types = COLUMNS[kind]
        conditions = self.conditions(raw, "where", where)
        exclusions = self.exclusions()
        period = (
            self.column(raw, "period", where, (ColumnType.INSTANT,))
            if raw.get("period") is not None
            else None
        )
        by = self.groups()
        value = numerator = denominator = None
        if "value" in raw and ("numerator" in raw or "denominator" in raw):
            self.bad(
                raw,
                "value",
                where,
                "value 与 numerator/denominator 只能用一种",
                "use value, or numerator and denominator, not both",
            )
        elif "value" in raw:
            value = self.measure(raw, "value", where, kind)
        elif "numerator" in raw and "denominator" in raw:
            numerator = self.share(raw, "numerator", kind)
            denominator = self.share(raw, "denominator", kind)
        else:
            self.bad(
                raw,
                None,
                where,
                "需要 value，或 numerator 与 denominator",
                "needs value, or numerator and denominator",
            )
        if unit is not None:
            self.fits(unit, value, numerator, denominator)
        places = raw.get("places")
        if places is not None and (type(places) is not int or not 0 <= places <= 6):
            self.bad(
                raw, "places", where, "places 应为 0 到 6 的整数", "places must be an integer from 0 to 6"
            )
            places = None
        if (
            title is None
            or source is None
            or unit is None
            or (value is None and (numerator is None or denominator is None))
        ):
            return None
        usual = Part.COUNTED if value is not None else Part.NUMERATOR
        indicator = Indicator(
            code=code, title=title, of=kind, unit=unit, source=source, opens=usual, value=value,
            numerator=numerator, denominator=denominator, where=conditions, exclusions=exclusions,
            period=period, by=by, description=description, places=places,
        )  # fmt: skip
        return self.with_opens(indicator)

    # -- pieces

    def bad(self, node: Any, key: Any, where: str, zh: str, en: str) -> None:
        self.reader.problem(node, key, where, zh, en)

    def words(self, raw: Mapping[str, Any], key: str) -> Words | None:
        found = raw.get(key)
        texts = (
            [str(found.get(language) or "") for language in ("zh", "en")]
            if isinstance(found, Mapping)
            else []
        )
        if not isinstance(found, Mapping) or not all(text.strip() for text in texts):
            self.bad(
                raw, key, f"{self.where}.{key}", "需要中文 zh 与英文 en 两种文字", "needs words in zh and en"
            )
            return None
        self.reader.known(found, ("zh", "en"), f"{self.where}.{key}")
        return Words(*texts)

    def choice(self, kind: type[Choice], raw: Mapping[str, Any], key: str, where: str) -> Choice | None:
        found = raw.get(key)
        try:
            return kind(str(found))
        except ValueError:
            self.reader.unknown(raw, key, f"{where}.{key}", str(found), [member.value for member in kind])
            return None

    def column(
        self, raw: Mapping[str, Any], key: str, where: str, types: Iterable[ColumnType] = ColumnType
    ) -> str | None:
        name, types = raw.get(key), tuple(types)
        if not isinstance(name, str) or name not in self.types:
            self.reader.unknown(raw, key, f"{where}.{key}", str(name), self.types)
            return None
        if self.types[name] not in types:
            usable = [column for column, kind in self.types.items() if kind in types]
            self.bad(
                raw, key, f"{where}.{key}",
                f"“{name}”的类型为 {self.types[name]}，此处不可用。可用：{'、'.join(usable)}",
                f'"{name}" is of type {self.types[name]}, which cannot be used here. Use: {", ".join(usable)}',
            )  # fmt: skip
            return None
        return name

    def groups(self) -> tuple[str, ...]:
        raw = self.raw.get("by", [])
        if not _is_list(raw):
            self.bad(self.raw, "by", f"{self.where}.by", "应为列表", "expected a list")
            return ()
        found = [self.column({"by": name}, "by", self.where, (ColumnType.TEXT,)) for name in raw]
        return tuple(name for name in found if name is not None)

    def each(
        self, raw: Mapping[str, Any], key: str, where: str, read: Callable[[Mapping[str, Any], str], Any]
    ) -> list[Any]:
        entries = raw.get(key, [])
        if not _is_list(entries) or not all(isinstance(entry, Mapping) for entry in entries):
            self.bad(raw, key, f"{where}.{key}", "应为列表，每项为一个对象", "expected a list of mappings")
            return []
        found = [read(entry, f"{where}.{key}[{place}]") for place, entry in enumerate(entries)]
        return [entry for entry in found if entry is not None]

    def conditions(self, raw: Mapping[str, Any], key: str, where: str) -> tuple[Condition, ...]:
        return tuple(self.each(raw, key, where, self.condition))

    def condition(self, raw: Mapping[str, Any], where: str) -> Condition | None:
        self.reader.known(raw, ("field", "op", "value", "other", "plus"), where)
        name, op = self.column(raw, "field", where), self.choice(Op, raw, "op", where)
        if name is None or op is None:
            return None
        kind = self.types[name]
        if op in (Op.LT, Op.LE, Op.GT, Op.GE) and kind not in ORDERED:
            self.bad(
                raw,
                "op",
                where,
                f"“{name}”不能比较大小，请用 eq、ne、in、not_in",
                f'"{name}" has no order; use eq, ne, in or not_in',
            )
            return None
        if op in (Op.ABSENT, Op.PRESENT):
            if {"value", "other", "plus"} & raw.keys():
                self.bad(
                    raw, "op", where, f"{op} 不带 value、other、plus", f"{op} takes no value, other or plus"
                )
                return None
            return Condition(name, op)
        if ("value" in raw) == ("other" in raw):
            self.bad(raw, "op", where, "需要 value 或 other 其中之一", "needs value or other, and not both")
            return None
        if "other" in raw:
            if op in (Op.IN, Op.NOT_IN):
                self.bad(raw, "op", where, f"{op} 需要 value 列表", f"{op} needs a list as value")
                return None
            other = self.column(raw, "other", where, (kind,))
            plus = self.plus(raw, where, kind)
            return None if other is None or plus is None else Condition(name, op, other=other, plus=plus)
        if "plus" in raw:
            self.bad(raw, "plus", where, "plus 只能与 other 同用", "plus goes with other only")
            return None
        return self.valued(raw, where, name, op, kind)

    def valued(
        self, raw: Mapping[str, Any], where: str, name: str, op: Op, kind: ColumnType
    ) -> Condition | None:
        value = raw["value"]
        if op not in (Op.IN, Op.NOT_IN):
            typed = _typed(value, kind)
            if typed is None:
                self.wrong_type(raw, where, name, kind, value)
                return None
            return Condition(name, op, typed)
        if not _is_list(value) or not value:
            self.bad(raw, "value", where, f"{op} 需要不为空的列表", f"{op} needs a list that is not empty")
            return None
        typed_values = tuple(_typed(entry, kind) for entry in value)
        if None in typed_values:
            self.wrong_type(raw, where, name, kind, value[typed_values.index(None)])
            return None
        return Condition(name, op, typed_values)

    def wrong_type(self, raw: Mapping[str, Any], where: str, name: str, kind: ColumnType, value: Any) -> None:
        hint_zh = "，时刻须带时区，如 2026-01-01T00:00:00+08:00" if kind is ColumnType.INSTANT else ""
        hint_en = "; an instant needs its time zone, as 2026-01-01T00:00:00+08:00" if hint_zh else ""
        self.bad(
            raw,
            "value",
            where,
            f"“{name}”应为 {kind} 类型，读到 {value!r}{hint_zh}",
            f'"{name}" is of type {kind}, found {value!r}{hint_en}',
        )

    def plus(self, raw: Mapping[str, Any], where: str, kind: ColumnType) -> int | None:
        if "plus" not in raw:
            return 0
        found = raw["plus"]
        units = {unit.value: size for unit, size in MICROSECONDS.items()}
        if kind is not ColumnType.INSTANT or not isinstance(found, Mapping) or not found:
            self.bad(
                raw,
                "plus",
                where,
                "plus 只用于时刻，写作 {days: 5}",
                "plus is for instants only, written {days: 5}",
            )
            return None
        for unit, amount in found.items():
            if unit not in units or type(amount) is not int or abs(amount) > 1_000_000:
                self.bad(
                    raw,
                    "plus",
                    where,
                    f"plus 的“{unit}: {amount}”不可用，单位可用 {'、'.join(units)}，数量为整数",
                    f'"{unit}: {amount}" of plus cannot be used; units: {", ".join(units)}, amounts are integers',
                )
                return None
        return sum(units[unit] * amount for unit, amount in found.items())

    def exclusions(self) -> tuple[Exclusion, ...]:
        def read(raw: Mapping[str, Any], where: str) -> Exclusion | None:
            self.reader.known(raw, ("when", "because"), where)
            when = self.conditions(raw, "when", where)
            if not when:
                self.bad(
                    raw,
                    "when",
                    where,
                    "when 不能为空，否则会排除所有行",
                    "when must not be empty, or it would exclude every row",
                )
                return None
            because = raw.get("because")
            if not isinstance(because, Mapping) or not all(
                isinstance(because.get(k), str) for k in ("zh", "en")
            ):
                self.bad(
                    raw,
                    "because",
                    where,
                    "需要 because（zh 与 en）说明排除理由",
                    "needs because, in zh and en: the reason is printed beside the figure",
                )
                return None
            return Exclusion(when, Words(because["zh"], because["en"]))

        return tuple(self.each(self.raw, "exclude", self.where, read))

    def share(self, raw: Mapping[str, Any], key: str, kind: FactKind) -> Share | None:
        found, where = raw[key], f"{self.where}.{key}"
        if not isinstance(found, Mapping):
            self.bad(
                raw, key, where, "应为含 where 与 value 的对象", "expected a mapping with where and value"
            )
            return None
        self.reader.known(found, ("where", "value"), where)
        measure = self.measure(found, "value", where, kind) if "value" in found else Measure()
        if measure is None:
            return None
        if measure.aggregate not in (Aggregate.COUNT, Aggregate.DISTINCT, Aggregate.SUM) or (
            measure.duration is not None and measure.duration.per_matter
        ):
            self.bad(
                found,
                "value",
                where,
                "分子、分母只能用 count、distinct、sum",
                "a side of a ratio can only be count, distinct or sum",
            )
            return None
        return Share(self.conditions(found, "where", where), measure)

    def measure(self, raw: Mapping[str, Any], key: str, where: str, kind: FactKind) -> Measure | None:
        found, where = raw[key], f"{where}.{key}"
        if isinstance(found, str):
            found = {"aggregate": found}
        if not isinstance(found, Mapping):
            self.bad(
                raw,
                key,
                where,
                "应为 count 等名称，或含 aggregate 的对象",
                "expected a name such as count, or a mapping with aggregate",
            )
            return None
        self.reader.known(found, ("aggregate", "field", "from", "to", "censoring"), where)
        aggregate = self.choice(Aggregate, found, "aggregate", where)
        if aggregate is None:
            return None
        timed = "from" in found or "to" in found
        if aggregate in (Aggregate.COUNT, Aggregate.VARIANTS):
            if found.keys() - {"aggregate"}:
                self.bad(raw, key, where, f"{aggregate} 不带字段", f"{aggregate} takes no field")
                return None
            if aggregate is Aggregate.VARIANTS and kind is not FactKind.OBSERVATIONS:
                self.bad(raw, key, where, "variants 只用于 observations", "variants is for observations only")
                return None
            return Measure(aggregate)
        if timed == ("field" in found):
            self.bad(
                raw,
                key,
                where,
                f"{aggregate} 需要 field，或 from 与 to",
                f"{aggregate} needs field, or from and to",
            )
            return None
        if timed:
            return self.timed(found, where, aggregate, kind)
        if "censoring" in found:
            self.bad(found, "censoring", where, "censoring 只用于时长", "censoring is for durations only")
            return None
        types = tuple(ColumnType) if aggregate is Aggregate.DISTINCT else (ColumnType.INTEGER,)
        name = self.column(found, "field", where, types)
        return None if name is None else Measure(aggregate, field=name)

    def timed(
        self, found: Mapping[str, Any], where: str, aggregate: Aggregate, kind: FactKind
    ) -> Measure | None:
        if aggregate is Aggregate.DISTINCT:
            self.bad(found, "aggregate", where, "distinct 需要 field", "distinct needs field")
            return None
        censoring = Censoring.BESIDE
        if "censoring" in found:
            choice = self.choice(Censoring, found, "censoring", where)
            if choice is None:
                return None
            censoring = choice
        if censoring is Censoring.KAPLAN_MEIER and (
            aggregate is not Aggregate.MEDIAN or kind is FactKind.OBSERVATIONS
        ):
            self.bad(
                found,
                "censoring",
                where,
                "kaplan_meier 只用于事项或函件时长的 median",
                "kaplan_meier is for the median of durations of matters or letters",
            )
            return None
        if kind is FactKind.OBSERVATIONS:
            if (found.get("from"), found.get("to")) != ("first", "last"):
                self.bad(
                    found,
                    "from",
                    where,
                    "observations 的时长写作 from: first, to: last",
                    "a duration of observations is written from: first, to: last",
                )
                return None
            return Measure(aggregate, duration=Duration("occurred_at", "occurred_at", per_matter=True))
        start = self.column(found, "from", where, (ColumnType.INSTANT,))
        end = self.column(found, "to", where, (ColumnType.INSTANT,))
        if start is None or end is None:
            return None
        if start == end:
            self.bad(found, "to", where, "from 与 to 相同", "from and to are the same")
            return None
        return Measure(aggregate, duration=Duration(start, end), censoring=censoring)

    def fits(
        self, unit: Unit, value: Measure | None, numerator: Share | None, denominator: Share | None
    ) -> None:
        if value is not None:
            usable = tuple(MICROSECONDS) if value.duration is not None else (Unit.COUNT,)
        elif numerator is not None and denominator is not None:
            times = [share.measure.duration is not None for share in (numerator, denominator)]
            if times == [False, True]:
                self.bad(
                    self.raw,
                    "denominator",
                    self.where,
                    "分母为时长时，分子也须为时长",
                    "a duration as denominator needs one as numerator",
                )
                return
            usable = tuple(MICROSECONDS) if times == [True, False] else (Unit.RATIO, Unit.PERCENT)
        else:
            return
        if unit not in usable:
            self.bad(
                self.raw,
                "unit",
                f"{self.where}.unit",
                f"此指标的单位应为 {'、'.join(usable)}，读到 {unit}",
                f"the unit of this indicator must be {', '.join(usable)}, found {unit}",
            )

    def with_opens(self, indicator: Indicator) -> Indicator | None:
        if "opens" not in self.raw:
            return indicator
        opens = self.choice(Part, self.raw, "opens", self.where)
        if opens is None:
            return None
        if opens not in indicator.parts:
            self.reader.unknown(
                self.raw,
                "opens",
                f"{self.where}.opens",
                opens.value,
                [part.value for part in indicator.parts],
            )
            return None
        from dataclasses import replace

        return replace(indicator, opens=opens)


def _typed(value: Any, kind: ColumnType) -> Any:
    """``value`` as the column's type, or None if it is not one."""
    if kind is ColumnType.TEXT:
        return str(value) if isinstance(value, str) else None
    if kind is ColumnType.INTEGER:
        return (
            int(value)
            if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
            else None
        )
    try:
        if kind is ColumnType.ID:
            return UUID(str(value))
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
    except ValueError:
        return None
    if not isinstance(value, date) or not isinstance(value, datetime) or value.tzinfo is None:
        return None
    return value.astimezone(UTC)
