"""What a clock is: the rule as data.

A :class:`ClockRule` is one legal or agreed period with its names, trigger and effect of expiry; a
:class:`ClockVersion` is what it said between two dates. Nothing here computes: see :mod:`.arithmetic`.

Words used throughout:

* *nature* ``act``: a period for doing something; ``effect``: a period during which something holds (a freeze, an
  exit ban, a custody). A period of effect never moves to a working day.
* *basis* ``procedural`` (hours start at the next full hour, 民诉解释 125) or ``substantive`` (hours run from the
  stated moment, 民法典 201).
* *bound* ``latest``: done by the end; ``earliest``: not before the end (a notice that must stand for 15 days).
* *direction* ``after`` the trigger, or ``before`` it (15 days before the limit ends).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .errors import BadClockData


class Unit(StrEnum):
    AT_ONCE = "at_once"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"
    FIXED = "fixed"  # ends at a moment printed in a notice, such as a closed season

    @property
    def is_instant(self) -> bool:
        """Whether the end is a moment rather than the end of a day."""
        return self in (Unit.AT_ONCE, Unit.MINUTES, Unit.HOURS, Unit.FIXED)


class Basis(StrEnum):
    PROCEDURAL = "procedural"
    SUBSTANTIVE = "substantive"


class Nature(StrEnum):
    ACT = "act"
    EFFECT = "effect"


class Bound(StrEnum):
    LATEST = "latest"
    EARLIEST = "earliest"


class Direction(StrEnum):
    AFTER = "after"
    BEFORE = "before"


class FirstDay(StrEnum):
    """Where counting starts."""

    NEXT_DAY = "next_day"
    NEXT_HOUR = "next_hour"
    MOMENT = "moment"


class Tag(StrEnum):
    """How well the source of a rule is known; ``U`` is shown on every screen as unverified."""

    STATUTE = "V"  # the text of the law was read
    QUOTED = "S"  # a page quotes the rule
    PRACTICE = "P"  # a page describes local practice
    UNVERIFIED = "U"
    SEED = "seed"  # printed in the newspaper page of January 2022
    PRODUCT = "product"  # a default of this product, no law behind it


class SetBy(StrEnum):
    """Who may choose a length that the law leaves open."""

    LAW = "law"
    SETTING = "setting"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Words:
    """One thing in both languages."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Length:
    """A count of one unit. ``3 months``, ``10 working days``, ``at once``."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str, where: str = "") -> Length:
        """Read the form used in the data. Raises :class:`BadClockData`."""
        if text == "at once":
            return cls(0, Unit.AT_ONCE)
        if text == "fixed":
            return cls(0, Unit.FIXED)
        found = re.fullmatch(r"(\d+) (minute|hour|day|working day|month|year)s?", text)
        if not found or int(found[1]) == 0:
            raise BadClockData(where=where, problem=f"length {text!r}; write for example '10 working days'")
        return cls(int(found[1]), Unit(found[2].replace(" ", "_") + "s"))

    def text(self, language: str) -> str:
        if self.unit in (Unit.AT_ONCE, Unit.FIXED):
            return _UNIT_WORDS[self.unit].text(language)
        if language.startswith("en"):
            name = _UNIT_WORDS[self.unit].en
            return f"{self.count} {name if self.count != 1 else name.removesuffix('s')}"
        return f"{self.count}{_UNIT_WORDS[self.unit].zh}"


_UNIT_WORDS = {
    Unit.AT_ONCE: Words("立即", "at once"),
    Unit.FIXED: Words("至公告载明的时刻", "until the moment in the notice"),
    Unit.MINUTES: Words("分钟", "minutes"),
    Unit.HOURS: Words("小时", "hours"),
    Unit.DAYS: Words("日", "days"),
    Unit.WORKING_DAYS: Words("个工作日", "working days"),
    Unit.MONTHS: Words("个月", "months"),
    Unit.YEARS: Words("年", "years"),
}


@dataclass(frozen=True, slots=True)
class YearlyMoment:
    """A moment that comes every year, as wall time in Shanghai: 1 May 12:00."""

    month: int
    day: int
    hour: int
    minute: int

    def in_year(self, year: int) -> datetime:
        """The naive wall time in that year."""
        return datetime(year, self.month, self.day, self.hour, self.minute)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands: ``law`` and ``article`` in the numbering of ``edition`` (empty: only one known)."""

    law: str
    article: str
    tag: Tag
    edition: str = ""
    note: str = ""

    @property
    def unverified(self) -> bool:
        return self.tag is Tag.UNVERIFIED

    def text(self, language: str = "zh") -> str:
        """The citation: 民事诉讼法（2023）第85条; 民事诉讼法 (2023) art. 85."""
        return cite(self.law, self.edition, self.article, language)


def cite(law: str, edition: str, article: str, language: str) -> str:
    """A citation in either language; names of laws stay Chinese."""
    if language.startswith("en"):
        return law + (f" ({edition})" if edition else "") + (f" art. {article}" if article else "")
    return law + (f"（{edition}）" if edition else "") + (f"第{article}条" if article else "")


@dataclass(frozen=True, slots=True)
class PauseRule:
    """A ground on which days are not counted.

    ``tops_up``: the limitation rule of 民法典 194 instead: a ground in the last six months leaves six months after
    it ends.
    """

    code: str
    name: Words
    source: str
    tops_up: Length | None = None


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """How a period may be made longer: by whom, by how much, how often, and until when it must be asked for.

    ``length`` of ``None``: as long as the approver decides. ``most_times`` of ``None``: no limit.
    """

    code: str
    name: Words
    approver: Words
    length: Length | None
    most_times: int | None
    apply_by: Length | None
    source: str


@dataclass(frozen=True, slots=True)
class Adjustable:
    """A length that the law leaves open, within what range, and who may choose it."""

    by: frozenset[SetBy]
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class ClockVersion:
    """What the rule says for triggers from ``from_day`` to ``to_day`` (``None``: still in force), both included."""

    from_day: date
    to_day: date | None
    length: Length
    first_day: FirstDay
    rolls: bool
    source: Source
    pauses: tuple[PauseRule, ...] = ()
    restarts: tuple[PauseRule, ...] = ()
    extensions: tuple[ExtensionRule, ...] = ()
    longest: Length | None = None  # outer limit with all extensions
    adjustable: Adjustable | None = None
    needs_length: bool = False  # only a document can say how long
    fixed_from: YearlyMoment | None = None
    fixed_until: YearlyMoment | None = None

    @property
    def id(self) -> str:
        """The version's name: the day it took effect, as an ISO date."""
        return self.from_day.isoformat()

    def in_force(self, day: date) -> bool:
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock of the book, with all its versions, oldest first."""

    code: str
    name: Words
    trigger: Words
    whose: str  # who must act, or whose thing it is: court, party, agency, prosecutor, police, registry, mediator, other
    nature: Nature
    basis: Basis
    bound: Bound
    direction: Direction
    expiry: Words
    versions: tuple[ClockVersion, ...]
    party_may_ask_more_time: bool = False  # 顺延, 民诉法 86: only for what a party must do in civil procedure
    printed_end: bool = False  # a document prints an end; the earlier of printed and computed counts
    note: str = ""

    @property
    def unverified(self) -> bool:
        """Whether the version now in force rests on an unverified source."""
        return self.versions[-1].source.unverified
