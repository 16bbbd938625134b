"""What a scene is: everything a folder of ``scenes/`` declares, checked and frozen.

A scene is data. Nothing here runs: records store by it, actions act by it, doors show it. Codes (of roles,
letters, questions, clocks …) are the names that the other rooms keep in rows; words are for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from lianban.engines.clocks import ClockRule
from lianban.engines.forms import Form
from lianban.engines.forms.words import Words
from lianban.engines.process.graph import Graph


class Status(StrEnum):
    """How far a scene has come. Only ``live`` and ``trial`` scenes open matters."""

    DRAFT = "draft"
    TRIAL = "trial"
    LIVE = "live"
    RETIRED = "retired"


class Side(StrEnum):
    """Where a role sits: in the leading agency, in an assisting one, or over both."""

    LEAD = "lead"
    BRANCH = "branch"
    SUPERVISOR = "supervisor"


class Force(StrEnum):
    """What a letter, or a legal basis, can do. Letters of ``ask`` never control property."""

    ASK = "ask"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Role:
    """A function in the scene (``judge``, ``liaison``) that posts 岗位 of an agency are given."""

    code: str
    title: Words
    sides: tuple[Side, ...]

    def addresses(self) -> tuple[str, ...]:
        """The role as drawings write it: ``judge@lead``, ``handler@branch``."""
        return tuple(f"{self.code}@{side}" for side in self.sides)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One article that a letter may rest on, with the dates between which it may be cited."""

    code: str
    title: Words
    source: str
    article: str
    force: Force
    start: date
    end: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether the article may be cited on ``on`` (a legal date in Asia/Shanghai); both ends count."""
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class AnswerField:
    """One field that may leave the answering agency for one question. No other field may."""

    code: str
    title: Words
    format: str | None = None  # date, money … as in forms; None is plain text


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that may be asked, who answers it, and the only fields the answer may hold."""

    code: str
    title: Words
    fields: tuple[AnswerField, ...]
    agency_kinds: tuple[str, ...]
    subjects: tuple[str, ...] = ("person", "organisation")


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A kind of letter 函: on which bases it may rest, what it may ask, how and when it is answered."""

    code: str
    title: Words
    force: Force
    legal_basis: tuple[str, ...]
    questions: tuple[str, ...]
    answer_form: str
    clock: str | None
    sign_clock: str | None = None
    document: str | None = None


class When(StrEnum):
    """In which state of its matter an act may be done."""

    OPEN = "open"
    CLOSED = "closed"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Act:
    """Something the lead agency may do in a matter at any time, outside the drawing: order a measure, list a debtor.

    ``verb`` is what the kernel does (one of :data:`~lianban.engines.scenes.abilities.MATTER_ACTS`); ``about`` is the kind
    of record it is done to (``measure``), or None where it makes a new one.
    """

    code: str
    title: Words
    verb: str
    roles: tuple[str, ...]
    form: str
    when: When = When.OPEN
    about: str | None = None

    def possible(self, state: str) -> bool:
        """Whether the act may be done in a matter of this state. A withdrawn matter takes none but ``any``."""
        return self.when is When.ANY or state == self.when.value


@dataclass(frozen=True, slots=True)
class Stage:
    """A station of the life cycle, as the matter page shows it. The code is its Chinese name in drawings."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a closed matter is kept, and on what ground; then a tombstone remains."""

    years: int
    counted_from: str
    basis: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The life cycle as drawn: the file's bytes (for bpmn-js) and the compiled, immutable graph."""

    path: str
    source: bytes
    graph: Graph


@dataclass(frozen=True)
class Scene:
    """An application scene 应用场景, loaded from its folder.

    ``hash`` is the SHA-256 over every file of the folder except its tests, README and demo data: two scenes
    with one hash behave alike. ``version`` is what its owner calls it.
    """

    name: str
    version: str
    hash: str
    title: Words
    purpose: Words
    status: Status
    owner: str
    lead: str  # the kind of agency that opens and leads its matters
    number_format: str
    matter_form: str
    roles: Mapping[str, Role]
    legal_basis: Mapping[str, LegalBasis]
    questions: Mapping[str, Question]
    letters: Mapping[str, LetterKind]
    clocks: tuple[str, ...]
    stages: tuple[Stage, ...]
    forms: Mapping[str, Form]
    process: Drawing
    retention: Retention
    refusals: tuple[Words, ...]
    acts: Mapping[str, Act] = field(default_factory=dict)
    records: tuple[str, ...] = ()  # the kinds of records its matters have, as sections of the page
    clock_rules: tuple[ClockRule, ...] = ()  # the scene's own, from clocks.toml; all others are in the book
    indicators: tuple[Mapping[str, Any], ...] = ()  # raw; parsed by engines.indicators
    signals: tuple[Mapping[str, Any], ...] = ()  # raw; parsed by engines.signals
    decisions: Mapping[str, bytes] = field(default_factory=dict)  # file name → DMN
    documents: Mapping[str, bytes] = field(default_factory=dict)  # path below documents/ → template

    @property
    def open_for_matters(self) -> bool:
        return self.status in (Status.TRIAL, Status.LIVE)

    def bases_for(self, letter: str, on: date) -> tuple[LegalBasis, ...]:
        """The articles a letter of this kind may cite on this day."""
        kind = self.letters[letter]
        return tuple(b for code in kind.legal_basis if (b := self.legal_basis[code]).in_force(on))

    def questions_for(self, letter: str, agency_kind: str) -> tuple[Question, ...]:
        """The questions of this letter that an agency of this kind answers."""
        kind = self.letters[letter]
        return tuple(q for code in kind.questions if agency_kind in (q := self.questions[code]).agency_kinds)
