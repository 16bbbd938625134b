"""Facts about property only: what a township writes down, and what a court pushes to it.

Free text is short, and holds no number of a person: identity numbers, telephone and card numbers are refused where they are
typed. This is a guard against slips, not a proof; that nothing searches the text is the business of the records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lianban.engines.clocks import Words

from .errors import NotAboutProperty, SaysTooMuch, WindowBackwards, WithoutWindow
from .kinds import WORDS, LeadKind, Measured

LONGEST_NOTE = 200
LONGEST_QUESTION = 200

# Identity numbers of 15 or 18 digits, and bank cards of 16 to 19, with or without spaces between their groups.
_LONG_NUMBER = re.compile(r"(?<!\d)(?:\d[ \-]?){14,18}[\dXx](?![\d])")
_TELEPHONE = re.compile(r"(?<!\d)(?:(?:\+?86[ \-]?)?1[3-9]\d(?:[ \-]?\d){8})(?!\d)")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ－　", "0123456789Xx- ")

NUMBER = Words("证件号或账号", "an identity or account number")
PHONE = Words("电话号码", "a telephone number")
OTHER_NAME = Words("其他当事人的姓名", "another party's name")


def found_in(text: str) -> Words | None:
    """What a text holds that is not a fact about property; None where nothing was found."""
    plain = text.translate(_FULL_WIDTH)
    if _LONG_NUMBER.search(plain):
        return NUMBER
    if _TELEPHONE.search(plain):
        return PHONE
    return None


@dataclass(frozen=True, slots=True)
class PropertyLead:
    """One lead 财产线索. ``quantity`` with its unit; the window is when it is harvested or sold; ``buyer`` who usually buys."""

    kind: LeadKind
    place: str
    quantity: Decimal | None = None
    measured: Measured | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    buyer: str = ""
    note: str = ""


_TEXTS = (
    ("place", Words("地点", "the place")),
    ("buyer", Words("收购方", "the buyer")),
    ("note", Words("备注", "the note")),
)


def check_lead(lead: PropertyLead) -> None:
    """Raises :class:`NotAboutProperty`, :class:`WindowBackwards`, :class:`WithoutWindow`."""
    for name, words in _TEXTS:
        if (what := found_in(getattr(lead, name))) is not None:
            raise NotAboutProperty(field_zh=words.zh, field_en=words.en, what_zh=what.zh, what_en=what.en)
    if lead.kind.seasonal and lead.opens_on is None:
        raise WithoutWindow(kind_zh=WORDS[lead.kind].zh, kind_en=WORDS[lead.kind].en)
    if lead.opens_on and lead.closes_on and lead.closes_on < lead.opens_on:
        raise WindowBackwards(opens=lead.opens_on.isoformat(), closes=lead.closes_on.isoformat())


def check_question(question: str, own_name: str, other_names: Iterable[str]) -> None:
    """Raises :class:`SaysTooMuch` where a question says more than a question: a number, or another party's name."""
    what = found_in(question)
    if what is None and any(name and name != own_name and name in question for name in other_names):
        what = OTHER_NAME
    if what is not None:
        raise SaysTooMuch(what_zh=what.zh, what_en=what.en)
