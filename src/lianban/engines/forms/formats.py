"""The formats a field may declare, each with a checker and two sentences.

Identifiers are checked by :mod:`lianban.engines.identifiers`; a form adds nothing to those rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from jsonschema import FormatChecker

from lianban.engines.identifiers import (
    IdentifierKind,
    InvalidCaseNumber,
    InvalidIdentifier,
    check_identifier,
    parse_case_number,
)

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class Format:
    """One format: ``check`` gets the value and whether this is a demonstration.

    It may raise :class:`InvalidIdentifier`, whose sentence names the wrong digit and shows no more than the
    masked form; that sentence is then told instead of ``zh`` and ``en``.
    """

    name: str
    check: Callable[[Any, bool], bool]
    zh: str  # completes “{label}…”
    en: str


def _is_date(value: Any, demo: bool) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return bool(_DATE.match(value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_instant(value: Any, demo: bool) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_code(value: Any, demo: bool) -> bool:
    return not isinstance(value, str) or bool(_CODE.match(value))


def _is_money(value: Any, demo: bool) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_resident_id(value: Any, demo: bool) -> bool:
    return not isinstance(value, str) or bool(check_identifier(IdentifierKind.RESIDENT_ID, value, demo=demo))


def _is_credit_code(value: Any, demo: bool) -> bool:
    return not isinstance(value, str) or bool(check_identifier(IdentifierKind.CREDIT_CODE, value, demo=demo))


def _is_case_number(value: Any, demo: bool) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return bool(parse_case_number(value, allow_old=True, allow_unknown_kind=True))
    except InvalidCaseNumber:
        return False


FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        Format(
            "date",
            _is_date,
            "不是有效日期，请写成 2026-03-01 的样子",
            "is not a date; write it like 2026-03-01",
        ),
        Format(
            "date-time",
            _is_instant,
            "不是带时区的时刻，请写成 2026-03-01T09:30:00+08:00 的样子",
            "is not an instant with its zone; write it like 2026-03-01T09:30:00+08:00",
        ),
        Format(
            "resident_id",
            _is_resident_id,
            "不是有效的公民身份号码，请逐位核对",
            "is not a valid resident identity number; compare it digit by digit",
        ),
        Format(
            "credit_code",
            _is_credit_code,
            "不是有效的统一社会信用代码，请逐位核对",
            "is not a valid unified social credit code; compare it digit by digit",
        ),
        Format(
            "case_number",
            _is_case_number,
            "不是有效的案号，请写成（2026）云0101执12号的样子",
            "is not a case number; write it like （2026）云0101执12号",
        ),
        Format(
            "money",
            _is_money,
            "不是金额，请以元填写，最多两位小数",
            "is not an amount; give yuan with at most two decimals",
        ),
        Format(
            "agency",
            _is_code,
            "不是单位代码，请从单位目录中选择",
            "is not the code of an agency; choose from the directory",
        ),
        Format(
            "file",
            _is_code,
            "不是已上传的附件，请重新上传",
            "is not an attachment that was uploaded; upload it again",
        ),
        Format(
            "post",
            _is_code,
            "不是岗位代码，请从列表中选择",
            "is not the code of a post; choose from the list",
        ),
        Format(
            "officer",
            _is_code,
            "不是经办人代码，请从列表中选择",
            "is not the code of an officer; choose from the list",
        ),
    )
}


def checker(*, demo: bool) -> FormatChecker:
    """The formats as jsonschema wants them. ``demo`` accepts identity numbers with prefix 99."""
    found = FormatChecker(formats=())
    for entry in FORMATS.values():
        found.checks(entry.name, raises=InvalidIdentifier)(partial(_passes, entry, demo))
    return found


def _passes(entry: Format, demo: bool, value: Any) -> bool:
    return entry.check(value, demo)
