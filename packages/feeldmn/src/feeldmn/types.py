"""FEEL types, conformance and the implicit conversions (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from feeldmn.temporal.durations import NANOS_A_DAY  # noqa: F401  (re-exported for the built-ins)
from feeldmn.temporal.zones import UTC_ZONE
from feeldmn.values import Function, Range


class FeelType:
    """Any FEEL type."""

    __slots__ = ()

    def accepts(self, value: Any) -> bool:
        """Say whether `value`, not null, is an instance of this type."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class SimpleType(FeelType):
    """A built-in type by its name; `python` holds the Python types of its values."""

    name: str
    python: frozenset[type] = field(compare=False)

    def accepts(self, value: Any) -> bool:
        return type(value) in self.python

    def __str__(self) -> str:
        return self.name


class _AnyType(FeelType):
    __slots__ = ()

    def accepts(self, value: Any) -> bool:
        return True

    def __str__(self) -> str:
        return "Any"


class _NullType(FeelType):
    __slots__ = ()

    def accepts(self, value: Any) -> bool:
        return value is None

    def __str__(self) -> str:
        return "Null"


@dataclass(frozen=True, slots=True)
class ListType(FeelType):
    """`list<T>`."""

    item: FeelType

    def accepts(self, value: Any) -> bool:
        if type(value) is not list:
            return False
        return isinstance(self.item, _AnyType) or all(v is None or self.item.accepts(v) for v in value)

    def __str__(self) -> str:
        return f"list<{self.item}>"


@dataclass(frozen=True, slots=True)
class RangeType(FeelType):
    """`range<T>`."""

    item: FeelType

    def accepts(self, value: Any) -> bool:
        if type(value) is not Range:
            return False
        ends = [end for end in (value.start, value.end) if end is not None]
        return isinstance(self.item, _AnyType) or all(self.item.accepts(end) for end in ends)

    def __str__(self) -> str:
        return f"range<{self.item}>"


@dataclass(frozen=True, slots=True)
class ContextType(FeelType):
    """`context<a: T, b: U>`; other entries are allowed, missing ones are not."""

    entries: tuple[tuple[str, FeelType], ...]

    def accepts(self, value: Any) -> bool:
        if type(value) is not dict:
            return False
        for name, wanted in self.entries:
            if name not in value:
                return False
            item = value[name]
            if item is not None and not wanted.accepts(item):
                return False
        return True

    def __str__(self) -> str:
        return "context<" + ", ".join(f"{name}: {kind}" for name, kind in self.entries) + ">"


@dataclass(frozen=True, slots=True)
class FunctionType(FeelType):
    """`function<T, U> -> R`; `parameters` None stands for any function."""

    parameters: tuple[FeelType, ...] | None
    result: FeelType

    def accepts(self, value: Any) -> bool:
        if not isinstance(value, Function):
            return False
        if self.parameters is None:
            return True
        if value.variadic:
            return bool(value.takes(len(self.parameters)))
        if len(value.parameters) != len(self.parameters):
            return False
        # Parameters are contravariant, the result is covariant; an undeclared result may be anything.
        for wanted, parameter in zip(self.parameters, value.parameters, strict=True):
            if not conforms(wanted, parameter.type or ANY):
                return False
        return value.result_type is None or conforms(value.result_type, self.result)

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.parameters or ()))}> -> {self.result}"


@dataclass(frozen=True, slots=True)
class NamedType(FeelType):
    """A type by a name that `resolve` finds when it is first needed (item definitions may refer to later ones)."""

    name: str
    resolve: Callable[[str], FeelType | None] = field(compare=False)

    def target(self) -> FeelType | None:
        """Return the type of that name, or None when there is none."""
        return self.resolve(self.name)

    def accepts(self, value: Any) -> bool:
        target = self.resolve(self.name)
        return target is not None and target.accepts(value)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ConstrainedType(FeelType):
    """A base type with allowed values: an item definition; `allows(value)` is None for unconstrained."""

    name: str
    base: FeelType
    allows: Callable[[Any], bool] | None = field(default=None, compare=False)

    def accepts(self, value: Any) -> bool:
        return self.base.accepts(value) and (self.allows is None or self.allows(value))

    def __str__(self) -> str:
        return self.name or str(self.base)


ANY: FeelType = _AnyType()
NULL: FeelType = _NullType()
NUMBER = SimpleType("number", frozenset({Decimal}))
STRING = SimpleType("string", frozenset({str}))
BOOLEAN = SimpleType("boolean", frozenset({bool}))
DATE = SimpleType("date", frozenset({Date}))
TIME = SimpleType("time", frozenset({Time}))
DATE_TIME = SimpleType("date and time", frozenset({DateTime}))
DAYS_TIME = SimpleType("days and time duration", frozenset({DaysTimeDuration}))
YEARS_MONTHS = SimpleType("years and months duration", frozenset({YearsMonthsDuration}))
CONTEXT = ContextType(())
LIST = ListType(ANY)
RANGE = RangeType(ANY)
FUNCTION = FunctionType(None, ANY)

#: The names a `typeRef` or `instance of` may use; camel case is what DMN files write.
BUILT_IN_TYPES: Mapping[str, FeelType] = {
    "Any": ANY,
    "any": ANY,
    "Null": NULL,
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "date and time": DATE_TIME,
    "dateTime": DATE_TIME,
    "days and time duration": DAYS_TIME,
    "dayTimeDuration": DAYS_TIME,
    "years and months duration": YEARS_MONTHS,
    "yearMonthDuration": YEARS_MONTHS,
    "context": CONTEXT,
    "list": LIST,
    "range": RANGE,
    "function": FUNCTION,
}


def plain(kind: FeelType) -> FeelType:
    """Follow names and constraints to the structural type."""
    for _ in range(50):
        if isinstance(kind, NamedType):
            kind = kind.target() or ANY
        elif isinstance(kind, ConstrainedType):
            kind = kind.base
        else:
            break
    return kind


def unconstrained(kind: FeelType) -> FeelType:
    """Return the type without its allowed values: `instance of` asks for the kind alone."""
    if isinstance(kind, ConstrainedType):
        return unconstrained(kind.base)
    if isinstance(kind, ListType):
        return ListType(unconstrained(kind.item))
    if isinstance(kind, ContextType):
        return ContextType(tuple((name, unconstrained(entry)) for name, entry in kind.entries))
    if isinstance(kind, NamedType):
        resolve = kind.resolve

        def resolve_plainly(name: str) -> FeelType | None:
            found = resolve(name)
            return None if found is None else unconstrained(found)

        return NamedType(kind.name, resolve_plainly)
    return kind


def conforms(left: FeelType, right: FeelType) -> bool:
    """Say whether every value of `left` is one of `right` (the relation `conforms to` of DMN 1.5)."""
    left, right = plain(left), plain(right)
    if right is ANY or left is NULL or left == right:
        return True
    if isinstance(left, ListType) and isinstance(right, ListType):
        return conforms(left.item, right.item)
    if isinstance(left, RangeType) and isinstance(right, RangeType):
        return conforms(left.item, right.item)
    if isinstance(left, ContextType) and isinstance(right, ContextType):
        mine = dict(left.entries)
        return all(name in mine and conforms(mine[name], kind) for name, kind in right.entries)
    if isinstance(left, FunctionType) and isinstance(right, FunctionType):
        if right.parameters is None:
            return True
        if left.parameters is None or len(left.parameters) != len(right.parameters):
            return False
        pairs = zip(right.parameters, left.parameters, strict=True)
        return all(conforms(mine, theirs) for mine, theirs in pairs) and conforms(left.result, right.result)
    return False


_MISFIT = object()


def coerce(value: Any, kind: FeelType) -> tuple[Any, bool]:
    """Return `value` made to fit `kind`, and whether it did; what does not fit becomes null.

    The implicit conversions of DMN 1.5: a list of one item to that item, an item to a list of one, a date to the
    moment of its midnight in UTC.
    """
    if value is None or kind.accepts(value):
        return value, True
    result = _convert(value, kind)
    return (None, False) if result is _MISFIT else (result, True)


def _convert(value: Any, kind: FeelType) -> Any:
    target = plain(kind)
    if type(value) is list and len(value) == 1 and not isinstance(target, ListType):
        inner = value[0]
        if inner is None or kind.accepts(inner):
            return inner
        return _MISFIT if type(inner) is list else _convert(inner, kind)
    if isinstance(target, ListType) and type(value) is not list:
        wrapped = [value]
        if kind.accepts(wrapped):
            return wrapped
        if isinstance(plain(target.item), ListType):
            return _MISFIT  # only one level of brackets is added
        inner = _convert(value, target.item)
        return [inner] if inner is not _MISFIT and kind.accepts([inner]) else _MISFIT
    if target is DATE_TIME and type(value) is Date:
        moment = DateTime(value, Time(0, UTC_ZONE))
        return moment if kind.accepts(moment) else _MISFIT
    return _MISFIT
