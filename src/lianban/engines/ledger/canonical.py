"""One JSON text for one meaning: RFC 8785 (JCS), without floating-point numbers.

Two programs that hash "the same" payload must hash the same bytes. RFC 8785 fixes the order of keys (by
UTF-16 code units), the white space (none) and the escapes. Its one hard part, the printing of floats, is
left out on purpose: a float is refused, because sums of money and scores are integers or decimals here and
must not change in print. Integers stay within ±(2^53 − 1), the range every JSON reader keeps exactly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import orjson

from lianban.engines.ledger.errors import NotCanonical

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 100  # levels of nesting; no record comes near, and every JSON reader copes with it

_MICROSECOND = timedelta(microseconds=1)


def instant_text(instant: datetime) -> str:
    """An aware instant as ``2026-11-24T08:00:00.000000Z``: UTC, always six digits of a second."""
    if instant.tzinfo is None:
        raise NotCanonical(path="$", problem="instant without time zone")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def plain(value: Any) -> Any:
    """``value`` rebuilt from text, int, bool, None, list and dict only, keys in canonical order.

    Rules for what JSON has no type for: an aware ``datetime`` becomes :func:`instant_text`; ``date`` and
    ``time`` their ISO text; ``timedelta`` an integer of microseconds; ``UUID`` and ``Decimal`` their text;
    ``bytes`` lower-case hex; an ``Enum`` its value; a tuple a list. ``plain(plain(x)) == plain(x)``, so a
    payload may be stored as JSON and committed to again later.

    Raises :class:`NotCanonical` with the path of the value for a float, an integer beyond ±(2^53 − 1), a
    naive datetime, a key that is not text, a lone surrogate, nesting beyond 100 levels or any other type.
    """
    return _at_its_place(value)


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes (UTF-8) of :func:`plain` of ``value``."""
    # orjson writes JCS's escapes and keeps the order of keys that _plain has set; its own OPT_SORT_KEYS
    # sorts by code point, which differs from JCS for characters beyond U+FFFF.
    return orjson.dumps(_at_its_place(value))


def digest(record: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form of a row or a document's description, as 64 hex digits.

    Evidence that a row is still what it was; it hides nothing (there is no salt), so it must not leave
    the system where the fields could be guessed. Use :func:`commit` for that.
    """
    return hashlib.sha256(canonical(record)).hexdigest()


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


class _Refused(Exception):
    """A value that has no place in canonical JSON. Its path is put together on the way out, where one is refused, and
    not on the way in, at every value of every payload."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        self.path: list[str] = []


def _at_its_place(value: Any) -> Any:
    try:
        return _plain(value, 0)
    except _Refused as refused:
        path = "$" + "".join(reversed(refused.path))
        too_deep = len(refused.path) > DEEPEST
        raise NotCanonical(path=path[:80] if too_deep else path, problem=refused.problem) from None


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _Refused("lone surrogate") from None
    return value


def _plain(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise _Refused(f"nested deeper than {DEEPEST} levels")
    kind = type(value)
    if kind is str:
        return value if value.isascii() else _text(value)
    if value is None or kind is bool:
        return value
    if kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise _Refused("integer beyond 2^53 - 1")
        return value
    if kind is dict or isinstance(value, Mapping):
        return _mapping(value, depth)
    if kind is list or isinstance(value, list | tuple):
        return _sequence(value, depth)
    return _plain(_without_type(value), depth)


def _mapping(value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    for key in value:
        if not isinstance(key, str) or isinstance(key, Enum):
            raise _Refused(f"key of type {type(key).__name__}")
    made: dict[str, Any] = {}
    key = "?"
    try:
        ascii_only = "".join(value).isascii()
        for key in sorted(value) if ascii_only else sorted(map(_text, value), key=_utf16):
            made[str(key)] = _plain(value[key], depth + 1)
    except _Refused as refused:
        refused.path.append(f".{key}")
        raise
    return made


def _sequence(value: list[Any] | tuple[Any, ...], depth: int) -> list[Any]:
    made: list[Any] = []
    try:
        for item in value:
            made.append(_plain(item, depth + 1))  # noqa: PERF401  (its length says where)
    except _Refused as refused:
        refused.path.append(f"[{len(made)}]")
        raise
    return made


def _without_type(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise _Refused("instant without time zone")
        return instant_text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // _MICROSECOND
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise _Refused("decimal that is not finite")
        return format(value, "f")
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    problem = "floating-point number" if isinstance(value, float) else f"type {type(value).__name__}"
    raise _Refused(problem)
