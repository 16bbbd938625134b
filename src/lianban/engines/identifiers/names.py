"""Names of persons and organisations, written and compared.

A name is kept as it was written, with only its width, spaces and dots made uniform. Comparison is a
separate key: two names are equal if they differ only in width, case, dots, spaces, brackets, glyph
variants (IVS) or in the private-use code that an older GB 18030 gave to a rare character. A simplified and
a traditional character are different: whether they are one person is not for a normaliser to say.
"""

from __future__ import annotations

import re
import unicodedata

from lianban.engines.errors import YourMistake
from lianban.engines.identifiers.characters import narrow

MAX_NAME = 100
DOT = "·"

# Every dot that keyboards, scans and fonts put between the parts of a name.
_DOTS = re.compile(r"\s*[·•‧∙⋅・･﹒᛫⸱●]\s*")
# A full-width stop, and a plain one between two Chinese characters, are dots typed in haste.
_WIDE_DOT = {0xFF0E: 0x00B7}
_TYPED_DOT = re.compile(r"(?<=[^\x00-\x7f])\s*\.\s*(?=[^\x00-\x7f])")
_SELECTORS = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
# GB 18030-2022 moved these fourteen ideographs from private use to Unicode; police and bank systems still
# send the old codes.
_PRIVATE = {
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6,
    0xE82C: 0x9FB7, 0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA,
    0xE855: 0x241FE, 0xE864: 0x9FBB,
}  # fmt: skip
_BRACKETS = str.maketrans("【】〔〕［］[]〈〉", "()()()()()")
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_SPACES = re.compile(r"\s+")
# What company names are written with. No asterisk: 张* is a masked name, not a name.
_PUNCTUATION = frozenset("·-'’.,&+()（）/“”\"《》、 ：:%#@!！")


class InvalidName(YourMistake):
    """Root of what can be wrong with a name. The name itself is never echoed."""

    code = "LB-IDENTIFIERS-020"
    zh = "姓名或名称为空。请填写。"
    en = "The name is empty. Enter one."


class NameTooLong(InvalidName):
    code = "LB-IDENTIFIERS-021"
    zh = "姓名或名称共 {length} 个字，最多 {longest} 个。请核对是否误贴了其他内容。"
    en = "The name has {length} characters; at most {longest} are allowed. Was something else pasted in?"


class NameCharacter(InvalidName):
    code = "LB-IDENTIFIERS-022"
    zh = "姓名或名称第 {position} 个字符（U+{codepoint}）不能用于名称。请删除或改正。"
    en = "Character {position} of the name (U+{codepoint}) cannot stand in a name. Remove or mend it."


def normalise_name(text: str) -> str:
    """The name as it is stored: uniform width, dots ``·`` and spaces; rare characters and IVS kept.

    Up to 100 characters (a character with its variation selector counts once). Raises
    :class:`InvalidName`, :class:`NameTooLong` or :class:`NameCharacter`.
    """
    name = _uniform_dots(narrow(text.translate(_WIDE_DOT))).strip()
    name = _SPACES.sub(" ", _BETWEEN_HAN.sub("", name)).strip(" " + DOT)
    if not name:
        raise InvalidName()
    length = len(name.translate(_SELECTORS))
    if length > MAX_NAME:
        raise NameTooLong(length=length, longest=MAX_NAME)
    for position, character in enumerate(name, start=1):
        if not _may_stand(character):
            raise NameCharacter(position=position, codepoint=f"{ord(character):04X}")
    return name


def comparison_key(name: str) -> str:
    """What two writings of one name have in common. Accepts any text, never fails; not for display."""
    text = _uniform_dots(narrow(name.translate(_WIDE_DOT))).translate(_SELECTORS).translate(_PRIVATE)
    text = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    text = text.replace(DOT, "")
    return _SPACES.sub("", text).casefold()


def names_equal(left: str, right: str) -> bool:
    """Whether two writings are one name. Empty names equal nothing."""
    key = comparison_key(left)
    return bool(key) and key == comparison_key(right)


def _uniform_dots(text: str) -> str:
    return _TYPED_DOT.sub(DOT, _DOTS.sub(DOT, text))


def _may_stand(character: str) -> bool:
    if character.isalnum() or character in _PUNCTUATION:
        return True
    category = unicodedata.category(character)
    return category in ("Mn", "Mc", "Lm", "Nl", "Co") or ord(character) in _SELECTORS or character in "〇々"
