"""When types clash, and what type an operation has."""

from __future__ import annotations

from typing import Any

from feeldmn import types
from feeldmn.types import BUILT_IN_TYPES, FeelType, ListType, SimpleType, plain
from feeldmn.values import Range, kind_of

#: A type, or None when it cannot be told.
Known = FeelType | None
DURATIONS = (types.DAYS_TIME, types.YEARS_MONTHS)
_POINTS = (types.DATE, types.TIME, types.DATE_TIME)


def clash(left: FeelType, right: FeelType) -> bool:
    """Say whether no value of one type can be used where the other is wanted, implicit conversions included."""
    a, b = plain(left), plain(right)
    if types.ANY in (a, b) or types.NULL in (a, b):
        return False
    if isinstance(a, ListType) and not isinstance(b, ListType):
        a = plain(a.item)
    elif isinstance(b, ListType) and not isinstance(a, ListType):
        b = plain(b.item)
    if types.ANY in (a, b):
        return False
    if isinstance(a, ListType) and isinstance(b, ListType):
        return clash(a.item, b.item)
    if a is types.DATE and b is types.DATE_TIME:
        return False
    if isinstance(a, SimpleType) or isinstance(b, SimpleType):
        return a != b and types.ANY not in (a, b)
    return type(a) is not type(b)


def type_of_value(value: Any) -> Known:
    """Return the type of a simple value."""
    return BUILT_IN_TYPES.get(kind_of(value)) if type(value) not in (list, dict, Range) else None


def arithmetic_type(operator: str, left: SimpleType, right: SimpleType) -> Known:
    """Return the type of an operation on two simple types, or None when it has no value."""
    pair = (left, right)
    if pair == (types.NUMBER, types.NUMBER):
        return types.NUMBER
    if operator in ("+", "-"):
        if operator == "+" and pair == (types.STRING, types.STRING):
            return types.STRING
        if left in DURATIONS and left == right:
            return left
        if left in _POINTS and right in DURATIONS:
            return left if not (left is types.TIME and right is types.YEARS_MONTHS) else None
        if operator == "+" and right in _POINTS and left in DURATIONS:
            return right if not (right is types.TIME and left is types.YEARS_MONTHS) else None
        if operator == "-" and left in _POINTS and right in _POINTS:
            return types.DAYS_TIME if (left is types.TIME) == (right is types.TIME) else None
    if operator == "*" and types.NUMBER in pair and (left in DURATIONS or right in DURATIONS):
        return left if left in DURATIONS else right
    if operator == "/" and left in DURATIONS:
        return left if right is types.NUMBER else (types.NUMBER if left == right else None)
    return None


def refusal(signature: Any, kinds: list[Known]) -> str:
    """Say why a signature does not take arguments of these types; empty when it may."""
    parameters = list(signature.parameters)
    for number, kind in enumerate(kinds):
        parameter = parameters[min(number, len(parameters) - 1)]
        target = plain(kind) if kind is not None else None
        if parameter.accepted is None or not isinstance(target, SimpleType) or list in parameter.accepted:
            continue
        if not (target.python & parameter.accepted):
            return f"{parameter.name!r} takes {parameter.kinds}, but {target} was found"
    return ""
