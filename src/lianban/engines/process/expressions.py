"""The one place where the process engine meets FEEL.

Values that leave an expression and become variables are plain JSON: whole numbers are ``int``, others
``float``, dates and durations ISO 8601 text, all of which FEEL reads back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import feeldmn
from feeldmn.errors import FeelDmnError
from lianban.engines.process.graph import Formula, Source

#: What an expression may raise when it is evaluated: a bound was reached, or a value has no place in FEEL.
CannotEvaluate = FeelDmnError


class NotAnExpression(ValueError):
    """FEEL refuses the text; the message says why. Internal: callers say where it was found."""


def source_of(text: str) -> Source:
    """A constant, or FEEL when the text begins with ``=``. Raises :class:`NotAnExpression`."""
    text = text.strip()
    return Source(text, _formula(text[1:].strip())) if text.startswith("=") else Source(text)


@lru_cache(maxsize=4096)
def _formula(text: str) -> Formula:
    if not text:
        raise NotAnExpression("the expression is empty")
    try:
        return feeldmn.compile_expression(text)
    except FeelDmnError as error:
        raise NotAnExpression(str(error)) from None


def plain(value: Any) -> Any:
    """A FEEL result as plain JSON."""
    kind = type(value)
    if kind is str or kind is bool or kind is int or value is None:
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_text(value)
    return value if kind is float else str(value)


def duration_text(span: timedelta) -> str:
    """ISO 8601 of an exact duration."""
    sign = "-" if span < timedelta(0) else ""
    span = abs(span)
    seconds = (
        f"{span.seconds}.{span.microseconds:06d}".rstrip("0").rstrip(".")
        if span.microseconds
        else span.seconds
    )
    return f"{sign}P{span.days}DT{seconds}S" if seconds else f"{sign}P{span.days}D"
