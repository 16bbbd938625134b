"""Vessel names 船名 and fishing vessel numbers 渔船船名号.

渔业船舶船名规定, articles 3 and 4: short name of the province, first character of the county (two where one would not
tell it from another), 渔 or its kind (渔养, 渔指, 渔油, 渔水, 渔运, 渔冷 and what the provinces add), five digits. Vessels
of State firms go without the county. The four digits of the rule of 1975 are still met. Other vessels have
free names of Chinese characters, with or without a number.
"""

from __future__ import annotations

import re

from lianban.engines.identifiers.characters import compact
from lianban.engines.identifiers.errors import UnknownPrefix, WrongForm, WrongLength
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.masks import mask

# Coastal and inland provinces that register fishing vessels write themselves with the usual short name.
PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新港澳"
# Uses of a vessel, longest first: 渔运 is not 渔 with a number that begins with 运.
USES = (
    "渔休", "渔运", "渔养", "渔冷", "渔油", "渔水", "渔供", "渔补", "渔辅", "渔科", "渔指", "渔监", "渔政", "渔加", "渔试",
    "渔",
)  # fmt: skip
_FISHING = re.compile(
    r"(?P<province>[^\W\d_])(?P<port>[^\W\d_]{0,3}?)(?P<use>" + "|".join(USES) + r")(?P<number>\d+)"
)
_OTHER = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]{2,12}[A-Z]{0,3}\d{0,6}(?:号|轮)?")
_LATIN = re.compile(r"[A-Z][A-Z0-9.'’ ]{1,33}")


def check_vessel(text: str) -> tuple[str, str]:
    """The name without spaces and a trailing 号, and its form: ``fishing``, ``other`` or ``foreign``.

    Leading zeros of the number are part of it (浙玉渔00012 is painted so) and stay.
    """
    kind = IdentifierKind.VESSEL
    latin = re.sub(r"\s+", " ", text.strip()).upper()
    name = compact(text)
    if name.endswith("号") and any(use in name for use in USES):
        name = name[:-1]
    masked = mask(kind, name)
    fishing = _FISHING.fullmatch(name)
    if fishing:
        if fishing["province"] not in PROVINCES:
            raise UnknownPrefix(kind=kind.value, prefix=fishing["province"], masked=masked)
        if len(fishing["number"]) not in (4, 5):
            raise WrongLength(kind=kind.value, expected="5", length=len(fishing["number"]), masked=masked)
        return name, "fishing"
    if _OTHER.fullmatch(name) and not any(name.endswith(use) for use in USES):
        return name, "other"
    if latin.isascii() and _LATIN.fullmatch(latin):
        return latin, "foreign"
    raise WrongForm(kind=kind.value, expected="浙台渔12345, 浙玉渔运00123, 海天一号", masked=masked)
