"""What of an identifier a screen may show.

Unmasking is a look at personal data and is entered in the ledger; these forms are what is shown before.
"""

from __future__ import annotations

import re

from lianban.engines.identifiers.labels import IdentifierKind

STAR = "*"

# How many characters stay readable at the beginning and at the end: enough for the owner to recognise
# the number, never enough to rebuild it (birth date and order code of a resident number stay hidden).
READABLE: dict[IdentifierKind, tuple[int, int]] = {
    IdentifierKind.RESIDENT_ID: (4, 4),
    IdentifierKind.RESIDENCE_PERMIT: (4, 4),
    IdentifierKind.FOREIGN_RESIDENT: (3, 3),
    IdentifierKind.PASSPORT: (1, 3),
    IdentifierKind.HK_MACAU_PERMIT: (1, 3),
    IdentifierKind.TAIWAN_PERMIT: (1, 3),
    IdentifierKind.HONG_KONG_ID: (1, 2),
    IdentifierKind.MACAU_ID: (1, 2),
    IdentifierKind.TAIWAN_ID: (1, 3),
    IdentifierKind.CREDIT_CODE: (4, 4),
    IdentifierKind.ORGANISATION_CODE: (2, 2),
    IdentifierKind.PHONE: (3, 4),
    IdentifierKind.PLATE: (2, 2),
    IdentifierKind.VESSEL: (3, 2),
}


def mask(kind: IdentifierKind | str, text: str) -> str:
    """The form of ``text`` for screens, such as ``9901**********123X``.

    Never shows more than half: it is also used on text that is not valid. A kind that does not exist is a
    ``ValueError``: that is a slip in the program, not in what was typed.
    """
    head, tail = READABLE[IdentifierKind(kind)]
    return cover(text, head, tail)


def cover(text: str, head: int, tail: int) -> str:
    """Stars in place of all but ``head`` first and ``tail`` last characters, at least half of them."""
    length = len(text)
    room = length // 2
    if head + tail > room:
        head = min(head, room // 2)
        tail = min(tail, room - head)
    return text[:head] + STAR * (length - head - tail) + (text[length - tail :] if tail else "")


_COMPOUND_SURNAMES = frozenset(
    {
     "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒", "夏侯",
     "轩辕", "端木", "百里", "东郭", "南宫", "西门", "呼延", "独孤", "完颜", "纳兰", "拓跋", "淳于", "单于", "申屠",
     "公羊", "澹台", "濮阳", "太叔", "鲜于", "闻人", "赫连", "万俟",
    }
)  # fmt: skip
_DOT = re.compile(r"[·•‧・･．]")


def mask_name(name: str) -> str:
    """A person's name for lists: surname kept (``张*``, ``欧阳**``), first part kept where there is a dot."""
    if not name:
        return name
    first, *_rest = _DOT.split(name, maxsplit=1)
    if len(first) < len(name):
        return name[: len(first) + 1] + STAR * 2
    kept = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:kept] + STAR * (max(len(name) - kept, 1))
