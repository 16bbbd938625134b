"""Reading conditions: a field, an operator, and a value of the field's type or another field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lianban.engines.indicators.definitions import MICROSECONDS, Condition, Op, Unit
from lianban.engines.indicators.facts import ColumnType
from lianban.engines.indicators.reading import Place, is_list

Types = Mapping[str, ColumnType]

ORDERED = (ColumnType.INTEGER, ColumnType.INSTANT)  # text has no order that every machine agrees on
_ANY = tuple(ColumnType)
_LONGEST_PLUS = 36_600 * MICROSECONDS[Unit.DAYS]  # a hundred years: beyond it, a typing mistake


def read_column(place: Place, key: str, types: Types, usable: Iterable[ColumnType] = _ANY) -> str | None:
    """The column named under ``key``, of one of the ``usable`` types."""
    name, usable = place.raw.get(key), tuple(usable)
    columns = [column for column, kind in types.items() if kind in usable]
    if not isinstance(name, str) or name not in types:
        place.unknown(key, str(name), columns)
        return None
    if name not in columns:
        place.bad(
            key,
            f"“{name}”的类型为 {types[name]}，此处不可用。可用：{'、'.join(columns)}",
            f'"{name}" is of type {types[name]}, which cannot be used here. Use: {", ".join(columns)}',
        )
        return None
    return name


def read_conditions(place: Place, key: str, types: Types) -> tuple[Condition, ...]:
    """The conditions of the list under ``key``, all of which must hold."""
    found = [read_condition(entry, types) for entry in place.each(key)]
    return tuple(condition for condition in found if condition is not None)


def read_condition(place: Place, types: Types) -> Condition | None:
    """One condition, or None with a problem noted."""
    place.known("field", "op", "value", "other", "plus")
    name, op = read_column(place, "field", types), place.choice(Op, "op")
    if name is None or op is None:
        return None
    kind = types[name]
    if op in (Op.ABSENT, Op.PRESENT):
        if place.has("value") or place.has("other") or place.has("plus"):
            place.bad("op", f"{op} 不带 value、other、plus", f"{op} takes no value, other or plus")
            return None
        return Condition(name, op)
    if op in (Op.LT, Op.LE, Op.GT, Op.GE) and kind not in ORDERED:
        place.bad(
            "op",
            f"“{name}”不能比较大小，请用 eq、ne、in、not_in",
            f'"{name}" has no order; use eq, ne, in or not_in',
        )
        return None
    if place.has("value") == place.has("other"):
        place.bad("op", "需要 value 或 other 其中之一", "needs either value or other")
        return None
    if place.has("other"):
        return _against_other(place, types, name, op)
    if place.has("plus"):
        place.bad("plus", "plus 只能与 other 同用", "plus goes with other only")
        return None
    return _against_value(place, name, op, kind)


def _against_other(place: Place, types: Types, name: str, op: Op) -> Condition | None:
    if op in (Op.IN, Op.NOT_IN):
        place.bad("op", f"{op} 需要 value 列表", f"{op} needs a list as value")
        return None
    other = read_column(place, "other", types, (types[name],))
    plus = _plus(place, types[name]) if place.has("plus") else 0
    return None if other is None or plus is None else Condition(name, op, other=other, plus=plus)


def _against_value(place: Place, name: str, op: Op, kind: ColumnType) -> Condition | None:
    value = place.raw["value"]
    many = op in (Op.IN, Op.NOT_IN)
    if many and (not is_list(value) or not value):
        place.bad("value", f"{op} 需要不为空的列表", f"{op} needs a list that is not empty")
        return None
    typed = tuple(_typed(entry, kind) for entry in (value if many else [value]))
    if None in typed:
        found = value[typed.index(None)] if many else value
        zh, en = f"“{name}”应为 {kind} 类型，读到 {found!r}", f'"{name}" is of type {kind}, found {found!r}'
        if kind is ColumnType.INSTANT:
            zh += "，时刻须带时区，如 2026-01-01T00:00:00+08:00"
            en += "; an instant carries its time zone, as 2026-01-01T00:00:00+08:00"
        place.bad("value", zh, en)
        return None
    return Condition(name, op, typed if many else typed[0])


def _plus(place: Place, kind: ColumnType) -> int | None:
    found = place.raw["plus"]
    if kind is not ColumnType.INSTANT or not isinstance(found, Mapping) or not found:
        place.bad("plus", "plus 只用于时刻，写作 {days: 5}", "plus is for instants only, written {days: 5}")
        return None
    total = 0
    for unit, amount in found.items():
        if unit not in list(MICROSECONDS) or type(amount) is not int:
            place.bad(
                "plus",
                f"“{unit}: {amount}”不可用，单位可用 {'、'.join(MICROSECONDS)}，数量为整数",
                f'"{unit}: {amount}" cannot be used; units: {", ".join(MICROSECONDS)}, amounts are integers',
            )
            return None
        total += MICROSECONDS[Unit(unit)] * amount
    if abs(total) > _LONGEST_PLUS:
        place.bad("plus", "plus 超过一百年", "plus is longer than a hundred years")
        return None
    return total


def _typed(value: Any, kind: ColumnType) -> Any:
    """``value`` as the column's type, or None if it is not one."""
    if kind is ColumnType.TEXT:
        return str(value) if isinstance(value, str) else None
    if kind is ColumnType.INTEGER:
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
        return int(value) if whole else None
    try:
        if kind is ColumnType.ID:
            return UUID(str(value))
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
    except ValueError:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    return value.astimezone(UTC)
