"""How typed text becomes the characters of an identifier.

Officials paste from documents, chats and scans: full-width digits, ideographic spaces, zero-width marks,
many kinds of dash. Nothing here guesses: a letter is never turned into the digit it resembles.
"""

from __future__ import annotations

import re

# U+FF01..U+FF5E are ASCII 0x21..0x7E moved by a constant; U+3000 is the wide space.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Zero-width and direction marks, byte-order mark, soft hyphen: invisible, so never meant.
_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0x00AD]
)
_DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE63, 0x2E3A, 0x2E3B], ord("-"))
_NARROW_TABLE = _NARROW | _INVISIBLE | _DASHES
_SEPARATORS = re.compile(r"[\s\-]+")


def narrow(text: str) -> str:
    """Half-width ASCII, plain dashes, no invisible characters; everything else unchanged."""
    return text if text.isascii() else text.translate(_NARROW_TABLE)


def compact(text: str) -> str:
    """As :func:`narrow`, without spaces and dashes, letters in upper case."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _SEPARATORS.sub("", narrow(text)).upper()
