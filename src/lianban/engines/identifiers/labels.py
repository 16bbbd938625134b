"""The kinds of identifier and their names in Chinese and English."""

from __future__ import annotations

from enum import StrEnum


class IdentifierKind(StrEnum):
    """What an identifier is. The value is what records store."""

    RESIDENT_ID = "resident_id"
    PASSPORT = "passport"
    HK_MACAU_PERMIT = "hk_macau_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGN_RESIDENT = "foreign_resident"
    HONG_KONG_ID = "hong_kong_id"
    MACAU_ID = "macau_id"
    TAIWAN_ID = "taiwan_id"
    CREDIT_CODE = "credit_code"
    ORGANISATION_CODE = "organisation_code"
    PHONE = "phone"
    PLATE = "plate"
    VESSEL = "vessel"


LABELS: dict[IdentifierKind, tuple[str, str]] = {
    IdentifierKind.RESIDENT_ID: ("居民身份证号", "resident identity number"),
    IdentifierKind.PASSPORT: ("护照号", "passport number"),
    IdentifierKind.HK_MACAU_PERMIT: (
        "港澳居民来往内地通行证号",
        "Mainland travel permit number (Hong Kong and Macau residents)",
    ),
    IdentifierKind.TAIWAN_PERMIT: (
        "台湾居民来往大陆通行证号",
        "Mainland travel permit number (Taiwan residents)",
    ),
    IdentifierKind.RESIDENCE_PERMIT: (
        "港澳台居民居住证号",
        "residence permit number (Hong Kong, Macau and Taiwan residents)",
    ),
    IdentifierKind.FOREIGN_RESIDENT: (
        "外国人永久居留身份证号",
        "foreign permanent resident identity number",
    ),
    IdentifierKind.HONG_KONG_ID: ("香港居民身份证号", "Hong Kong identity card number"),
    IdentifierKind.MACAU_ID: ("澳门居民身份证号", "Macau identity card number"),
    IdentifierKind.TAIWAN_ID: ("台湾地区身份证号", "Taiwan identity card number"),
    IdentifierKind.CREDIT_CODE: ("统一社会信用代码", "unified social credit code"),
    IdentifierKind.ORGANISATION_CODE: ("组织机构代码", "organisation code"),
    IdentifierKind.PHONE: ("电话号码", "telephone number"),
    IdentifierKind.PLATE: ("机动车号牌", "vehicle plate"),
    IdentifierKind.VESSEL: ("船名号", "vessel name"),
}


def label(kind: str, english: bool = False) -> str:
    """The name of a kind for people; an unknown kind is shown as it came."""
    try:
        return LABELS[IdentifierKind(kind)][1 if english else 0]
    except ValueError:
        return kind
