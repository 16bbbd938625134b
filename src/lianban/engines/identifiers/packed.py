"""Identifiers as integers, for matching millions of rows.

Lossless: the check character follows from the rest and is left out. The order of the packed keys is the
order of the written identifiers. A key is personal data like the identifier it holds: hash it with a key
(HMAC) before it leaves a matter.
"""

from __future__ import annotations

from lianban.engines.identifiers.credit_codes import ALPHABET
from lianban.engines.identifiers.credit_codes import check_character as credit_check
from lianban.engines.identifiers.resident_ids import check_character as resident_check

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
RESIDENT_LIMIT = 10**17
CREDIT_LIMIT = 31**17


def pack_resident_id(resident_id: str) -> int:
    """The first seventeen digits of a checked 18-character number: below 10^17, so 57 bits of a 64-bit key."""
    return int(resident_id[:17])


def unpack_resident_id(key: int) -> str:
    """The number of a key, its check character computed again."""
    if not 0 <= key < RESIDENT_LIMIT:
        raise ValueError("not a packed resident identity number")
    digits = f"{key:017d}"
    return digits + resident_check(digits)


def pack_credit_code(credit_code: str) -> int:
    """The first seventeen characters of a checked code in base 31: below 31^17, so 85 bits of a 128-bit key."""
    key = 0
    for character in credit_code[:17]:
        key = key * 31 + _VALUES[character]
    return key


def unpack_credit_code(key: int) -> str:
    """The code of a key, its check character computed again."""
    if not 0 <= key < CREDIT_LIMIT:
        raise ValueError("not a packed unified social credit code")
    characters = []
    for _place in range(17):
        key, value = divmod(key, 31)
        characters.append(ALPHABET[value])
    code = "".join(reversed(characters))
    return code + credit_check(code)
