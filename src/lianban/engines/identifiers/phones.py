"""Telephone numbers of the Mainland: mobile, landline, service lines. Kept as digits, area code with a hyphen."""

from __future__ import annotations

import re

from lianban.engines.identifiers.characters import narrow
from lianban.engines.identifiers.errors import UnknownPrefix, WrongForm, WrongLength
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.masks import mask

# 13x–19x are assigned; 12x is for services, and of 14x the numbers of machines (140, 141, 144, 146, 148)
# belong to no person. 电信网编号计划 (2017) and later assignments.
_MACHINES = frozenset({"140", "141", "142", "143", "144", "146", "148"})
_UNASSIGNED = frozenset({"154", "160", "161", "163", "164", "168", "169", "179", "194"})
# Cities with two-digit area codes have eight-digit numbers; 03xx–09xx have seven or eight.
_TWO_DIGIT_AREAS = frozenset({"010", "020", "021", "022", "023", "024", "025", "027", "028", "029"})
_CHARACTERS = re.compile(r"[\s\-()（）.·]+")


def check_phone(text: str) -> tuple[str, str]:
    """Digits of a mobile (``13800000000``), landline (``0576-88888888``, extension after ``-``) or service line."""
    kind = IdentifierKind.PHONE
    plain = narrow(text).strip()
    main, _sep, extension = _split_extension(plain)
    digits = _CHARACTERS.sub("", main)
    digits = re.sub(r"^(?:\+|00)?86(?=1[3-9]\d{9}$|0?[2-9]\d{8,10}$|10\d{8}$)", "", digits)
    masked = mask(kind, digits)
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        if digits[:3] in _MACHINES | _UNASSIGNED:
            raise UnknownPrefix(kind=kind.value, prefix=digits[:3], masked=masked)
        return digits, "mobile"
    if re.fullmatch(r"1[3-9]\d*", digits) and len(digits) > 5:
        raise WrongLength(kind=kind.value, expected="11", length=len(digits), masked=masked)
    if re.fullmatch(r"[48]00\d{7}", digits):
        return f"{digits[:3]}-{digits[3:]}", "service"
    if re.fullmatch(r"1\d{2}|1\d{4}|9\d{4,5}|12\d{3}", digits):
        return digits, "service"
    if plain.startswith(("+86", "0086")) and not digits.startswith("0") and len(digits) > 9:
        digits = "0" + digits
    if digits.startswith("0"):
        return _landline(digits, extension, masked), "landline"
    raise WrongForm(kind=kind.value, expected="1##########, 0576-########", masked=masked)


def _split_extension(text: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"(.*\d[\s)）]*)(?:转|分机|[xX]|ext\.?|-)\s*(\d{1,5})", text)
    if match and len(re.sub(r"\D", "", match[1])) >= 10:
        return match[1], "-", match[2]
    return text, "", ""


def _landline(digits: str, extension: str, masked: str) -> str:
    area = digits[:3] if digits[:3] in _TWO_DIGIT_AREAS else digits[:4]
    local = digits[len(area) :]
    allowed = (8,) if len(area) == 3 else (7, 8)
    if len(local) not in allowed:
        raise WrongLength(
            kind=IdentifierKind.PHONE.value,
            expected=" / ".join(str(len(area) + count) for count in allowed),
            length=len(digits),
            masked=masked,
        )
    if area[1] in "01" and area != "010":
        raise UnknownPrefix(kind=IdentifierKind.PHONE.value, prefix=area, masked=masked)
    if local[0] in "01":
        raise UnknownPrefix(kind=IdentifierKind.PHONE.value, prefix=f"{area}-{local[0]}", masked=masked)
    return f"{area}-{local}" + (f"-{extension}" if extension else "")
