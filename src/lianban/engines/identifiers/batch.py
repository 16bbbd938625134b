"""Resident numbers and credit codes by the million: which are valid, and their packed keys.

The same rules as :func:`~lianban.engines.identifiers.checks.check_identifier`, on columns of bytes. A text
that is not plainly eighteen ASCII characters in capitals (fifteen digits, full width, spaces, a small x) is
handed to that function, so both give the same answer on every text; a test holds them to it. To say what is
wrong with a row, call that function with its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lianban.engines.identifiers.areas import all_areas
from lianban.engines.identifiers.checks import check_identifier
from lianban.engines.identifiers.credit_codes import (
    ALPHABET,
    DEMO_PROVINCE,
    ORGANISATION_WEIGHTS,
    PROVINCES,
    REGISTRARS,
)
from lianban.engines.identifiers.errors import InvalidIdentifier
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.packed import pack_credit_code, pack_resident_id
from lianban.engines.identifiers.resident_ids import DEMO_PREFIX, EARLIEST_BIRTH, last_birth_year

# Rows handled at once: the columns of a chunk stay in the processor's cache.
CHUNK = 1 << 15
_RESIDENT_WEIGHTS = [pow(2, 17 - place, 11) for place in range(17)]
_CREDIT_WEIGHTS = [pow(3, place, 31) for place in range(17)]
_ALWAYS = 9999

Bools = NDArray[np.bool_]
Words = NDArray[np.uint64]
Columns = NDArray[np.uint8]


@dataclass(frozen=True)
class Batch:
    """One entry a text, in order. ``keys`` are 0 where not valid.

    Resident numbers: ``keys`` has shape (n,), the packed key. Credit codes: shape (n, 2), the high and the
    low 64 bits of the packed 128-bit key.
    """

    valid: Bools
    keys: Words


def check_resident_ids(texts: Sequence[str], *, demo: bool = False, on: date | None = None) -> Batch:
    """Check resident numbers, as ``check_identifier("resident_id", text, demo=demo, on=on)`` would each."""
    valid = np.zeros(len(texts), np.bool_)
    keys = np.zeros(len(texts), np.uint64)
    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        rows, columns = _columns(chunk)
        good, packed = _resident(columns, demo, on)
        valid[start + rows] = good
        keys[start + rows] = np.where(good, packed, 0)
        for row in _irregular(chunk, rows, columns, good):
            number = _one(IdentifierKind.RESIDENT_ID, chunk[row], demo, on)
            if number is not None:
                valid[start + row], keys[start + row] = True, pack_resident_id(number)
    return Batch(valid, keys)


def check_credit_codes(texts: Sequence[str], *, demo: bool = False) -> Batch:
    """Check credit codes, as ``check_identifier("credit_code", text, demo=demo)`` would each."""
    valid = np.zeros(len(texts), np.bool_)
    keys = np.zeros((len(texts), 2), np.uint64)
    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        rows, columns = _columns(chunk)
        good, high, low = _credit(columns, demo)
        valid[start + rows] = good
        keys[start + rows, 0] = np.where(good, high, 0)
        keys[start + rows, 1] = np.where(good, low, 0)
        for row in _irregular(chunk, rows, columns, good):
            code = _one(IdentifierKind.CREDIT_CODE, chunk[row], demo, None)
            if code is not None:
                key = pack_credit_code(code)
                valid[start + row] = True
                keys[start + row] = (key >> 64, key & (2**64 - 1))
    return Batch(valid, keys)


def _columns(chunk: Sequence[str]) -> tuple[NDArray[np.intp], Columns]:
    """The rows of eighteen ASCII characters, and those characters as 18 columns of bytes."""
    joined = "".join(chunk)
    if len(joined) == 18 * len(chunk) and joined.isascii() and set(map(len, chunk)) <= {18}:
        rows = np.arange(len(chunk))
    else:
        rows = np.fromiter(
            (row for row, text in enumerate(chunk) if len(text) == 18 and text.isascii()), np.intp
        )
        joined = "".join(chunk[row] for row in rows.tolist())
    matrix = np.frombuffer(joined.encode("ascii"), np.uint8).reshape(-1, 18)
    return rows, np.ascontiguousarray(matrix.T)


def _irregular(chunk: Sequence[str], rows: NDArray[np.intp], columns: Columns, good: Bools) -> list[int]:
    """Rows the columns could not judge: another length, or a character that normalising would change."""
    judged = np.zeros(len(chunk), np.bool_)
    judged[rows[good | _NEEDS_NO_NORMALISING[columns].all(axis=0)]] = True
    return np.flatnonzero(~judged).tolist()


def _one(kind: IdentifierKind, text: str, demo: bool, on: date | None) -> str | None:
    try:
        return check_identifier(kind, text, demo=demo, on=on).normalised
    except InvalidIdentifier:
        return None


def _resident(columns: Columns, demo: bool, on: date | None) -> tuple[Bools, Words]:
    digits = columns[:17] - np.uint8(ord("0"))
    good = (digits <= 9).all(axis=0)
    total = np.zeros(columns.shape[1], np.uint16)
    for place, weight in enumerate(_RESIDENT_WEIGHTS):
        total += digits[place] * np.uint16(weight)
    good &= _CHECK_CHARACTERS[total % np.uint16(11)] == columns[17]
    # Indices of rows that are not digits would leave the tables: they are put on row zero, already refused.
    digits = np.where(good, digits, 0)
    area = _decimal(digits, 0, 6, np.uint32)
    year = _decimal(digits, 6, 10, np.uint32)
    month_day = _decimal(digits, 10, 14, np.uint32)
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    good &= _DAYS[leap.astype(np.uint8), month_day]
    born = year * 10_000 + month_day
    good &= born >= _as_number(EARLIEST_BIRTH)
    if on is not None:
        good &= born <= _as_number(on)
    good &= year <= _last_birth_years(demo, on)[area]
    key = area.astype(np.uint64) * np.uint64(10**11) + born.astype(np.uint64) * np.uint64(1000)
    return good, key + _decimal(digits, 14, 17, np.uint64)


def _credit(columns: Columns, demo: bool) -> tuple[Bools, Words, Words]:
    values = _CREDIT_VALUES[columns]
    good = (values < 31).all(axis=0)
    good &= (columns[1:8] <= ord("9")).all(axis=0)
    values = np.where(good, values, 0)
    good &= _REGISTRARS[values[0], values[1]]
    good &= _provinces(demo)[_decimal(values, 2, 4, np.uint32)]
    inner = np.zeros(columns.shape[1], np.uint16)
    for place, weight in enumerate(ORGANISATION_WEIGHTS):
        inner += _ORGANISATION_VALUES[columns[8 + place]] * np.uint16(weight)
    good &= _ORGANISATION_CHECKS[inner % 11] == columns[16]
    total = np.zeros(columns.shape[1], np.uint16)
    for place, weight in enumerate(_CREDIT_WEIGHTS):
        total += values[place] * np.uint16(weight)
    good &= (31 - total % 31) % 31 == values[17]
    high, low = _wide_product(_base31(values, 0, 8), 31**9)
    tail = _base31(values, 8, 17)
    low = low + tail
    high = high + (low < tail)
    return good, high, low


def _decimal(digits: Columns, first: int, last: int, kind: type) -> NDArray:
    number = digits[first].astype(kind)
    for place in range(first + 1, last):
        number *= kind(10)
        number += digits[place]
    return number


def _base31(values: Columns, first: int, last: int) -> Words:
    number = values[first].astype(np.uint64)
    for place in range(first + 1, last):
        number = number * np.uint64(31) + values[place]
    return number


def _wide_product(left: Words, right: int) -> tuple[Words, Words]:
    """High and low 64 bits of a product of numbers below 2^62."""
    mask, half = np.uint64(2**32 - 1), np.uint64(32)
    right_high, right_low = np.uint64(right >> 32), np.uint64(right & (2**32 - 1))
    left_high, left_low = left >> half, left & mask
    middle = left_high * right_low + ((left_low * right_low) >> half)
    cross = (middle & mask) + left_low * right_high
    high = left_high * right_high + (middle >> half) + (cross >> half)
    return high, left * np.uint64(right)


def _as_number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


@lru_cache(maxsize=16)
def _last_birth_years(demo: bool, on: date | None) -> NDArray[np.int32]:
    """By area code: the last year of birth it could number, -1 if it never could."""
    table = np.full(1_000_000, -1, np.int32)
    for area in all_areas():
        code = int(area.code)
        table[code] = max(table[code], last_birth_year(area, on))
    if demo:
        table[int(DEMO_PREFIX) * 10_000 :] = _ALWAYS
    return table


@lru_cache(maxsize=2)
def _provinces(demo: bool) -> Bools:
    table = np.zeros(100, np.bool_)
    table[[int(code) for code in PROVINCES]] = True
    table[int(DEMO_PROVINCE)] = demo
    return table


def _days() -> Bools:
    table = np.zeros((2, 10_000), np.bool_)
    for leap, year in enumerate((2023, 2024)):
        for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
            day = date.fromordinal(ordinal)
            table[leap, day.month * 100 + day.day] = True
    return table


def _values(alphabet: str, other: int) -> Columns:
    table = np.full(256, other, np.uint8)
    for value, character in enumerate(alphabet):
        table[ord(character)] = value
    return table


def _registrars() -> Bools:
    table = np.zeros((31, 31), np.bool_)
    for department, (_name, categories) in REGISTRARS.items():
        for category in categories:
            table[ALPHABET.index(department), ALPHABET.index(category)] = True
    return table


_NEEDS_NO_NORMALISING = np.array([chr(byte) in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" for byte in range(256)])
_CHECK_CHARACTERS = np.frombuffer(b"10X98765432", np.uint8)
_ORGANISATION_CHECKS = np.frombuffer(b"0X987654321", np.uint8)
_DAYS = _days()
_CREDIT_VALUES = _values(ALPHABET, 255)
_ORGANISATION_VALUES = _values("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0)
_REGISTRARS = _registrars()
