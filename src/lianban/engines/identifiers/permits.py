"""Passports and the permits of people from Hong Kong, Macau, Taiwan and abroad, old forms and new.

Sources: 出入境证件 forms as published by the National Immigration Administration; 港澳台居民居住证申领发放办法
(国办发〔2018〕81号: areas 81, 82, 83 before a number built like GB 11643); 2023 form of the foreign
permanent resident card (18 characters, first 9, MOD 11-2). A passport number carries no check digit
outside its machine-readable zone, so only its form can be checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from lianban.engines.identifiers.characters import compact
from lianban.engines.identifiers.errors import (
    BirthDateOutOfRange,
    UnknownPrefix,
    WrongCheckDigit,
    WrongForm,
    WrongLength,
)
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.masks import mask
from lianban.engines.identifiers.resident_ids import check_birth_date, check_eighteen

# (pattern, name of the form, example with the digits hidden). First match wins.
Forms = tuple[tuple[re.Pattern[str], str, str], ...]


def _forms(*rows: tuple[str, str, str]) -> Forms:
    return tuple((re.compile(pattern), name, example) for pattern, name, example in rows)


PASSPORT_FORMS = _forms(
    (r"E\d{8}", "ordinary, electronic", "E########"),
    (r"E[A-HJ-NP-Z]\d{7}", "ordinary, electronic, since 2017", "EA#######"),
    (r"G\d{8}", "ordinary, before 2012", "G########"),
    (r"1[45]\d{7}", "ordinary, before 2007", "14#######"),
    (r"[PSD]\d{7,8}", "public affairs, service, diplomatic, old", "P#######"),
    (r"[PSD]E\d{7}", "public affairs, service, diplomatic, electronic", "PE#######"),
    (r"K\d{8}|KJ\d{7}|H\d{8}|H[A-Z]\d{7}", "Hong Kong SAR", "K########"),
    (r"M[A-Z]\d{7}", "Macau SAR", "MA#######"),
    # ICAO Doc 9303: at most nine letters and digits in the zone; some States print more on the page.
    (r"(?=(?:[A-Z]*\d){4})[A-Z0-9]{5,12}", "foreign", "#########"),
)
HK_MACAU_FORMS = _forms(
    (r"[HM]\d{8}", "card of 2013", "H########"),
    (r"[HM]\d{10}", "card of 1999, with number of issue", "H##########"),
)
TAIWAN_PERMIT_FORMS = _forms(
    (r"\d{8}", "card of 2015", "########"),
    (r"\d{10}(?:\(?[A-Z]\)?)?", "booklet, with number of issue", "##########(B)"),
)
MACAU_ID_FORMS = _forms((r"[157]\d{6}\(?\d\)?", "card", "1######(#)"))

# GB/T 2659 numbers of nationality are three digits; the office of issue is a province of GB/T 2260.
_NEW_CARD = re.compile(r"9\d{16}[\dX]")
_OLD_CARD = re.compile(r"[A-Z]{3}\d{12}")
_MRZ_WEIGHTS = (7, 3, 1)
# The letter's two-digit number, by the household registration office that first gave it: not alphabetical.
_TAIWAN_NUMBERS = (10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33)  # fmt: skip
_TAIWAN_LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _TAIWAN_NUMBERS, strict=True))


def check_residence_permit(text: str, on: date | None) -> tuple[str, str]:
    """Residence permit of Hong Kong (810000), Macau (820000) and Taiwan (830000) residents, since 2018."""
    kind = IdentifierKind.RESIDENCE_PERMIT
    number = _eighteen(kind, text)
    if number[:6] not in ("810000", "820000", "830000"):
        raise UnknownPrefix(kind=kind.value, prefix=number[:6], masked=mask(kind, number))
    check_eighteen(kind, number)
    _born_by(kind, number, check_birth_date(kind, number), on)
    return number, {"81": "Hong Kong", "82": "Macau", "83": "Taiwan"}[number[:2]]


def check_foreign_resident(text: str, on: date | None) -> tuple[str, str]:
    """Permanent resident card of a foreigner: 18 characters since 2023-12, 15 before."""
    kind = IdentifierKind.FOREIGN_RESIDENT
    number = compact(text)
    if _NEW_CARD.fullmatch(number):
        check_eighteen(kind, number)
        _born_by(kind, number, check_birth_date(kind, number), on)
        return number, "card of 2023"
    if not _OLD_CARD.fullmatch(number):
        raise WrongForm(
            kind=kind.value, expected="9#################, CAN############", masked=mask(kind, number)
        )
    expected = _mrz_check(number[:14])
    if number[14] != expected:
        raise WrongCheckDigit(
            kind=kind.value,
            position=15,
            character=number[14],
            expected=expected,
            standard="ICAO Doc 9303 (7-3-1)",
            masked=mask(kind, number),
        )
    return number, "card of 2004 and 2017"


def check_hong_kong_id(text: str, on: date | None) -> tuple[str, str]:
    """Hong Kong identity card: one or two letters, six digits, a check digit MOD 11 in brackets."""
    kind = IdentifierKind.HONG_KONG_ID
    number = re.sub(r"[()]", "", compact(text))
    if not re.fullmatch(r"[A-Z]{1,2}\d{6}[0-9A]", number):
        raise WrongForm(kind=kind.value, expected="A######(#)", masked=mask(kind, number))
    # A missing first letter counts as 36; letters are A = 10 to Z = 35.
    values = [36] * (9 - len(number)) + [int(character, 36) for character in number[:-1]]
    rest = -sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    _same(kind, number, "A" if rest == 10 else str(rest), "MOD 11")
    return number, "card"


def check_taiwan_id(text: str, on: date | None) -> tuple[str, str]:
    """Taiwan identity card: a letter, a digit for sex (1, 2; 8, 9 for residents since 2021), eight digits."""
    kind = IdentifierKind.TAIWAN_ID
    number = compact(text)
    if not re.fullmatch(r"[A-Z][1289]\d{8}", number):
        raise WrongForm(kind=kind.value, expected="A1########", masked=mask(kind, number))
    tens, ones = divmod(_TAIWAN_LETTERS[number[0]], 10)
    total = (
        tens
        + ones * 9
        + sum(int(digit) * weight for digit, weight in zip(number[1:9], range(8, 0, -1), strict=True))
    )
    _same(kind, number, str(-total % 10), "MOD 10")
    return number, "card"


def _from_forms(kind: IdentifierKind, forms: Forms) -> Callable[[str, date | None], tuple[str, str]]:
    def check(text: str, on: date | None) -> tuple[str, str]:
        number = compact(text)
        for pattern, form, _example in forms:
            if pattern.fullmatch(number):
                return re.sub(r"[()]", "", number), form
        raise WrongForm(
            kind=kind.value,
            expected=", ".join(example for *_rest, example in forms),
            masked=mask(kind, number),
        )

    return check


PERMIT_CHECKS: dict[IdentifierKind, Callable[[str, date | None], tuple[str, str]]] = {
    IdentifierKind.PASSPORT: _from_forms(IdentifierKind.PASSPORT, PASSPORT_FORMS),
    IdentifierKind.HK_MACAU_PERMIT: _from_forms(IdentifierKind.HK_MACAU_PERMIT, HK_MACAU_FORMS),
    IdentifierKind.TAIWAN_PERMIT: _from_forms(IdentifierKind.TAIWAN_PERMIT, TAIWAN_PERMIT_FORMS),
    IdentifierKind.RESIDENCE_PERMIT: check_residence_permit,
    IdentifierKind.FOREIGN_RESIDENT: check_foreign_resident,
    IdentifierKind.HONG_KONG_ID: check_hong_kong_id,
    IdentifierKind.MACAU_ID: _from_forms(IdentifierKind.MACAU_ID, MACAU_ID_FORMS),
    IdentifierKind.TAIWAN_ID: check_taiwan_id,
}


def _eighteen(kind: IdentifierKind, text: str) -> str:
    number = compact(text)
    if len(number) != 18:
        raise WrongLength(kind=kind.value, expected="18", length=len(number), masked=mask(kind, number))
    return number


def _born_by(kind: IdentifierKind, number: str, born: date, on: date | None) -> None:
    if on is not None and born > on:
        raise BirthDateOutOfRange(
            kind=kind.value, position=7, earliest="—", latest=on.isoformat(), masked=mask(kind, number)
        )


def _mrz_check(characters: str) -> str:
    return str(
        sum(int(character, 36) * _MRZ_WEIGHTS[place % 3] for place, character in enumerate(characters)) % 10
    )


def _same(kind: IdentifierKind, number: str, expected: str, standard: str) -> None:
    if number[-1] != expected:
        raise WrongCheckDigit(
            kind=kind.value,
            position=len(number),
            character=number[-1],
            expected=expected,
            standard=standard,
            masked=mask(kind, number),
        )
