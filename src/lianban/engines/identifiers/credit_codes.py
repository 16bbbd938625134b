"""Unified social credit codes 统一社会信用代码 (GB 32100) and the organisation code inside (GB 11714).

Eighteen characters out of 31: registering department, category of body, area of registration (6), the
nine-character organisation code with its own MOD 11 check, and a MOD 31 check. The MOD 31 check
character comes from python-stdnum. Its ``validate`` is not used: it refuses the departments that are
letters (A the military, N agriculture, Y others) and does not look at the inner check character.
"""

from __future__ import annotations

import re

from stdnum.cn import uscc

from lianban.engines.identifiers.characters import compact
from lianban.engines.identifiers.errors import (
    DemoNumberRefused,
    UnknownAreaCode,
    UnknownRegistrar,
    WrongCharacter,
    WrongCheckDigit,
    WrongLength,
)
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.masks import mask

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

# Department: (name, {category: name}). GB 32100-2015 with its amendment, and the coding rules of the
# national code centre; 54 and 55 were added in 2018 for village and residents' committees.
REGISTRARS: dict[str, tuple[str, dict[str, str]]] = {
    "1": ("机构编制", {"1": "机关", "2": "事业单位", "3": "编办直接管理机构编制的群众团体", "9": "其他"}),
    "2": ("外交", {"1": "外国常驻新闻机构", "9": "其他"}),
    "3": (
        "司法行政",
        {
            "1": "律师执业机构",
            "2": "公证处",
            "3": "基层法律服务所",
            "4": "司法鉴定机构",
            "5": "仲裁委员会",
            "9": "其他",
        },
    ),
    "4": ("文化", {"1": "外国在华文化中心", "9": "其他"}),
    "5": (
        "民政",
        {
            "1": "社会团体",
            "2": "民办非企业单位",
            "3": "基金会",
            "4": "村民委员会",
            "5": "居民委员会",
            "9": "其他",
        },
    ),
    "6": ("旅游", {"1": "外国旅游部门常驻代表机构", "2": "港澳台地区旅游部门常驻内地代表机构", "9": "其他"}),
    "7": ("宗教", {"1": "宗教活动场所", "2": "宗教院校", "9": "其他"}),
    "8": ("工会", {"1": "基层工会", "9": "其他"}),
    "9": ("市场监管", {"1": "企业", "2": "个体工商户", "3": "农民专业合作社", "9": "其他"}),
    "A": ("中央军委改革和编制办公室", {"1": "军队事业单位", "9": "其他"}),
    "N": (
        "农业农村",
        {"1": "组级集体经济组织", "2": "村级集体经济组织", "3": "乡镇级集体经济组织", "9": "其他"},
    ),
    "Y": ("其他", {"1": "其他"}),
}

# Provinces, and 10 for bodies registered by the State itself. Not checked further: registration offices
# of development zones use six-digit codes that GB/T 2260 does not list.
PROVINCES = frozenset(
    {"10", "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
     "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"}
)  # fmt: skip
DEMO_PROVINCE = "99"

ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_FORM = re.compile(f"[{ALPHABET}][0-9]{{7}}[{ALPHABET}]{{10}}")
_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def check_character(first_seventeen: str) -> str:
    """The eighteenth character, by GB 32100 (weights 3^i, MOD 31)."""
    return str(uscc.calc_check_digit(first_seventeen))


def organisation_check_character(first_eight: str) -> str:
    """The ninth character of an organisation code, by GB 11714 (MOD 11): ``0``–``9`` or ``X``."""
    total = sum(
        _VALUES[character] * weight
        for character, weight in zip(first_eight, ORGANISATION_WEIGHTS, strict=True)
    )
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def organisation_code(credit_code: str) -> str:
    """The organisation code inside a checked credit code, printed as on the old certificates: ``60003734-1``."""
    return f"{credit_code[8:16]}-{credit_code[16]}"


def check_credit_code(text: str, *, demo: bool = False) -> str:
    """The normalised code, or the first thing that is wrong, from the left.

    ``demo`` lets registration area 99 pass, which no real registrar has.
    """
    code = compact(text)
    if not _FORM.fullmatch(code):
        _refuse_form(code)
    masked = mask(IdentifierKind.CREDIT_CODE, code)
    if code[1] not in REGISTRARS.get(code[0], ("", {}))[1]:
        raise UnknownRegistrar(kind=IdentifierKind.CREDIT_CODE.value, character=code[:2], masked=masked)
    _check_area(code, masked, demo)
    _compare(code, 17, organisation_check_character(code[8:16]), "GB 11714", masked)
    _compare(code, 18, check_character(code[:17]), "GB 32100", masked)
    return code


def _refuse_form(code: str) -> None:
    kind = IdentifierKind.CREDIT_CODE.value
    masked = mask(kind, code)
    if len(code) != 18:
        raise WrongLength(kind=kind, expected="18", length=len(code), masked=masked)
    for position, character in enumerate(code, start=1):
        digits_only = 2 <= position <= 8
        if character not in (ALPHABET[:10] if digits_only else ALPHABET):
            raise WrongCharacter(
                kind=kind,
                position=position,
                character=character,
                expected="0-9" if digits_only else "0-9 A-H J-N P-R T U W X Y",
                masked=masked,
            )


def check_organisation_code(text: str) -> str:
    """The nine characters of an organisation code 组织机构代码, without the hyphen."""
    kind = IdentifierKind.ORGANISATION_CODE
    code = compact(text)
    masked = mask(kind, code)
    if len(code) != 9:
        raise WrongLength(kind=kind.value, expected="9", length=len(code), masked=masked)
    for position, character in enumerate(code, start=1):
        if character not in _VALUES or (position == 9 and character not in "0123456789X"):
            raise WrongCharacter(
                kind=kind.value,
                position=position,
                character=character,
                expected="0-9, X" if position == 9 else "0-9 A-Z",
                masked=masked,
            )
    expected = organisation_check_character(code[:8])
    if code[8] != expected:
        raise WrongCheckDigit(
            kind=kind.value,
            position=9,
            character=code[8],
            expected=expected,
            standard="GB 11714",
            masked=masked,
        )
    return code


def _check_area(code: str, masked: str, demo: bool) -> None:
    kind = IdentifierKind.CREDIT_CODE.value
    if code[2:4] == DEMO_PROVINCE:
        if not demo:
            raise DemoNumberRefused(kind=kind, masked=masked)
    elif code[2:4] not in PROVINCES:
        raise UnknownAreaCode(kind=kind, position=3, area=code[2:8], masked=masked)


def _compare(code: str, position: int, expected: str, standard: str, masked: str) -> None:
    if code[position - 1] != expected:
        raise WrongCheckDigit(
            kind=IdentifierKind.CREDIT_CODE.value,
            position=position,
            character=code[position - 1],
            expected=expected,
            standard=standard,
            masked=masked,
        )
