"""The kinds of FEEL values and what Python holds them.

| FEEL | inside | handed in | handed out |
|---|---|---|---|
| number | `Decimal` (34 digits) | `int`, `float`, `Decimal` | `Decimal` |
| string | `str` | `str` | `str` |
| boolean | `bool` | `bool` | `bool` |
| null | `None` | `None` | `None` |
| date | `temporal.Date` | `datetime.date` | `datetime.date` |
| time | `temporal.Time` | `datetime.time` | `datetime.time` |
| date and time | `temporal.DateTime` | `datetime.datetime` | `datetime.datetime` |
| days and time duration | `temporal.DaysTimeDuration` | `datetime.timedelta` | `datetime.timedelta` |
| years and months duration | `temporal.YearsMonthsDuration` | the same | the same |
| range | `Range` | the same | the same |
| list | `list` | `list`, `tuple`, other iterables | `list` |
| context | `dict` | any `Mapping` with string keys | `dict` |
| function | `Function` | the same, or a Python callable | `Function` |

A temporal value that Python's own types cannot hold (year beyond 9999, fractions below the microsecond) is
handed out as its `temporal` type. Lists and contexts inside are never changed once made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from feeldmn.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration


@dataclass(frozen=True, slots=True)
class Range:
    """A range of values; `start` or `end` None means that side is open to infinity.

    `operator` is set for the ranges written as a comparison: `(< 10)`, `(!= 10)`.
    """

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function; `type` None accepts anything."""

    name: str
    type: Any = None


class Function:
    """A function value: a function literal, a business knowledge model, a decision service or a built-in.

    `call(runtime, arguments)` takes positional arguments already matched to `parameters` and returns a value.
    """

    __slots__ = ("call", "name", "parameters", "result_type", "variadic")

    def __init__(
        self,
        name: str,
        parameters: Sequence[Parameter],
        call: Callable[[Any, list[Any]], Any],
        result_type: Any = None,
        *,
        variadic: bool = False,
    ) -> None:
        self.name = name
        self.parameters = tuple(parameters)
        self.call = call
        self.result_type = result_type
        self.variadic = variadic

    def takes(self, count: int) -> bool:
        """Say whether the function can be called with `count` positional arguments."""
        return self.variadic or len(self.parameters) == count

    def __repr__(self) -> str:
        return f"Function({self.name or 'anonymous'}({', '.join(p.name for p in self.parameters)}))"


Temporal = Date | Time | DateTime
Duration = DaysTimeDuration | YearsMonthsDuration

#: Names of the kinds, by Python type.
KIND_NAMES: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysTimeDuration: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    Range: "range",
    list: "list",
    dict: "context",
    Function: "function",
}


def kind_of(value: object) -> str:
    """Return the FEEL name of the kind of `value`."""
    return KIND_NAMES.get(type(value)) or (
        "function" if isinstance(value, Function) else type(value).__name__
    )
