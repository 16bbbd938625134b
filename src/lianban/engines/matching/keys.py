"""How texts become keys: four lanes, so that nothing is dropped and nothing is guessed.

========  ==========================================  ==================================================
lane      holds                                       key
========  ==========================================  ==================================================
resident  valid resident numbers, 15 digits too       first 17 digits as an integer, 64 bits
credit    valid credit codes                          first 17 characters in base 31, 128 bits
text      texts that are no valid identifier          SHA-256 of the compact text, first 128 bits
name      names of rows without a valid identifier    SHA-256 of the comparison key, first 128 bits
========  ==========================================  ==================================================

A blank text has no key of its own; its row can be found by name only. A 15-digit number is the 18-digit
one that replaced it. A row with a valid identifier is never found by name: it is somebody else's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lianban.engines.identifiers.batch import check_credit_codes, check_resident_ids
from lianban.engines.identifiers.characters import compact
from lianban.engines.identifiers.checks import check_identifier
from lianban.engines.identifiers.errors import InvalidIdentifier
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.names import comparison_key
from lianban.engines.identifiers.packed import pack_credit_code, pack_resident_id


class Lane(StrEnum):
    RESIDENT = "resident"
    CREDIT = "credit"
    TEXT = "text"
    NAME = "name"


LANE_OF = {IdentifierKind.RESIDENT_ID: Lane.RESIDENT, IdentifierKind.CREDIT_CODE: Lane.CREDIT}


@dataclass(frozen=True, slots=True)
class Key:
    """The keys of one party: that of its number (``None`` if it is blank) and of its name."""

    lane: Lane
    value: int | None
    name: int | None

    @property
    def valid(self) -> bool:
        return self.lane in (Lane.RESIDENT, Lane.CREDIT)


def key_of(kind: IdentifierKind, number: str, name: str, *, demo: bool) -> Key:
    """The keys of a party. ``kind`` is a resident number or a credit code."""
    name_key = comparison_key(name)
    named = digest(name_key) if name_key else None
    try:
        checked = check_identifier(kind, number, demo=demo).normalised
    except InvalidIdentifier:
        text = compact(number)
        return Key(Lane.TEXT, digest(text) if text else None, named)
    pack = pack_resident_id if kind is IdentifierKind.RESIDENT_ID else pack_credit_code
    return Key(LANE_OF[kind], pack(checked), named)


def digest(text: str) -> int:
    """128 bits of SHA-256, as DuckDB computes them too (``DIGEST_SQL``)."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16], "big")


DIGEST_SQL = "(('0x' || left(sha256({0}), 16))::UBIGINT::UHUGEINT << 64) | ('0x' || substr(sha256({0}), 17, 16))::UBIGINT"


@dataclass(frozen=True)
class PackedTexts:
    """A column of texts as keys, one entry a text. Where ``resident_valid`` is false ``resident`` is 0, and
    so on; ``old`` are valid numbers of 15 digits; ``invalid`` maps the places of texts that are neither blank
    nor valid to their compact form."""

    resident_valid: NDArray[np.bool_]
    resident: NDArray[np.uint64]
    credit_valid: NDArray[np.bool_]
    credit_high: NDArray[np.uint64]
    credit_low: NDArray[np.uint64]
    blank: NDArray[np.bool_]
    old: int
    invalid: dict[int, str]

    @property
    def valid(self) -> NDArray[np.bool_]:
        return self.resident_valid | self.credit_valid


def pack_texts(texts: Sequence[str], kinds: Sequence[IdentifierKind], *, demo: bool) -> PackedTexts:
    """Check every text as each of ``kinds``. A text can be a valid identifier of both kinds; it is both then."""
    size = len(texts)
    nothing = np.zeros(size, np.bool_)
    resident_valid, resident = nothing, np.zeros(size, np.uint64)
    credit_valid, credit = nothing, np.zeros((size, 2), np.uint64)
    if IdentifierKind.RESIDENT_ID in kinds:
        checked = check_resident_ids(texts, demo=demo)
        resident_valid, resident = checked.valid, checked.keys
    # What is a resident number is rarely a credit code, but it can be: both are asked.
    if IdentifierKind.CREDIT_CODE in kinds:
        checked = check_credit_codes(texts, demo=demo)
        credit_valid, credit = checked.valid, checked.keys
    valid = resident_valid | credit_valid
    invalid = {}
    blank = np.zeros(size, np.bool_)
    for place in np.flatnonzero(~valid).tolist():
        text = compact(texts[place])
        if text:
            invalid[place] = text
        else:
            blank[place] = True
    lengths = np.fromiter(map(len, texts), np.int32, size)
    old = sum(
        len(compact(texts[place])) == 15
        for place in np.flatnonzero(resident_valid & (lengths != 18)).tolist()
    )
    return PackedTexts(
        resident_valid, resident, credit_valid, np.ascontiguousarray(credit[:, 0]), np.ascontiguousarray(credit[:, 1]),
        blank, old, invalid,
    )  # fmt: skip
