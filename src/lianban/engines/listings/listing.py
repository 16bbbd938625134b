"""A listing 失信: whether it may be made, for how long, and what removes it.

The order of the checks is that of the law: who may never be listed, whether the request is admissible, whether the ground is
barred, then the term. Days and dates come from the clock book; this module says which clocks apply.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lianban.engines.clocks import ClockBook

from .age import require_adult
from .book import Kind, ListingBook, Row, WithTerm
from .errors import GraceNotAllowed, GroundBarred, RemovalDoesNotApply, RequestBarred, TermNotAllowed

TERM = "enforcement.discredit_term"
DELETE = "enforcement.discredit_delete"
DELETE_AT_TERM = "enforcement.discredit_delete_at_term"
RELIST_BAR = "enforcement.discredit_relist_bar"
DECISION = "enforcement.discredit_request_decision"
GRACE = "enforcement.discredit_grace"
LONGEST_MORE = 3  # years that violence or several acts may add (失信规定 2)


class Origin(StrEnum):
    """Who set it going. A creditor's request is decided in 15 days; the court may act by itself at any time."""

    REQUEST = "request"
    EX_OFFICIO = "ex_officio"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom a court thinks of listing, and on what facts.

    ``person``: a natural person, whose ``born`` must be known. ``bars``: the bars of 失信规定 3 that are found.
    ``deleted_on_request``: when this creditor last had a listing of this debtor deleted.
    """

    ground: str
    person: bool
    born: date | None = None
    origin: Origin = Origin.EX_OFFICIO
    more_years: int = 0
    violent_or_several: bool = False
    grace_months: int = 0
    bars: frozenset[str] = frozenset()
    deleted_on_request: date | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What a listing would be: its ground, its term in years (0: none), its grace in months (0: none)."""

    ground: Row
    term_years: int
    grace_months: int

    def ends_on(self, book: ClockBook, listed_on: date) -> date | None:
        """The last day of the term, counted from the listing; None where there is no term."""
        if not self.term_years:
            return None
        version = book.version(TERM, listed_on)
        length = type(version.length)(self.term_years, version.length.unit)
        return book.count(TERM, version, listed_on, length=length).legal_date

    def published_from(self, book: ClockBook, decided_on: date) -> date:
        """The first day on which it may be published: the decision's, or the day after the grace."""
        if not self.grace_months:
            return decided_on
        due = book.due(GRACE, decided_on, length=self.grace_months).legal_date
        return date.fromordinal(due.toordinal() + 1)


def plan_listing(book: ListingBook, clocks: ClockBook, candidate: Candidate, on: date) -> Planned:
    """Whether and how a debtor may be listed on ``on``.

    Raises :class:`MinorNeverListed`, :class:`AgeNotKnown`, :class:`RequestBarred`, :class:`GroundBarred`,
    :class:`TermNotAllowed`, :class:`GraceNotAllowed`, :class:`UnknownGround`.
    """
    ground = book.row(Kind.GROUND, candidate.ground, on)
    if candidate.person:
        require_adult(candidate.born, on)
    if candidate.origin is Origin.REQUEST and candidate.deleted_on_request is not None:
        until = clocks.due(RELIST_BAR, candidate.deleted_on_request).legal_date
        if on <= until:
            raise RequestBarred(until=until.isoformat())
    if ground.item == 1 and candidate.bars:
        bars = [book.row(Kind.BAR, code, on) for code in sorted(candidate.bars)]
        raise GroundBarred(
            reason_zh="、".join(bar.name.zh for bar in bars), reason_en="; ".join(b.name.en for b in bars)
        )
    if candidate.grace_months and not 1 <= candidate.grace_months <= 3:
        raise GraceNotAllowed(months=candidate.grace_months)
    return Planned(ground, _term(ground, candidate, clocks, on), candidate.grace_months)


def _term(ground: Row, candidate: Candidate, clocks: ClockBook, on: date) -> int:
    more = candidate.more_years
    if not ground.term:
        if more:
            raise TermNotAllowed(
                reason_zh="第（一）项没有期限，不能延长",
                reason_en="ground (一) has no term to be made longer",
            )
        return 0
    if not 0 <= more <= LONGEST_MORE:
        raise TermNotAllowed(
            reason_zh=f"延长应为一至三年，现为 {more} 年", reason_en=f"one to three more years, found {more}"
        )
    if more and not candidate.violent_or_several:
        raise TermNotAllowed(
            reason_zh="只有以暴力、威胁方法抗拒情节严重或有多项失信行为的才可延长",
            reason_en="only grave violence or threats, or several acts, make it longer",
        )
    return clocks.version(TERM, on).length.count + more


def removal(book: ListingBook, event: str, *, has_term: bool, on: date) -> tuple[Row, str]:
    """The event and the clock by which a listing must be deleted after it.

    Where a term was set the seven events do not apply: the term ends, or the court deletes early for active performance
    (失信规定 2, 10). Raises :class:`RemovalDoesNotApply`, naming what does apply.
    """
    row = book.row(Kind.REMOVAL, event, on)
    if not applies(row, has_term=has_term):
        known = [one for one in book.rows(Kind.REMOVAL, on) if applies(one, has_term=has_term)]
        raise RemovalDoesNotApply(
            event_zh=row.name.zh,
            event_en=row.name.en,
            reason_zh="已设定期限" if has_term else "没有设定期限",
            reason_en="it has a term" if has_term else "it has no term",
            known="、".join(one.code for one in known),
        )
    return row, DELETE_AT_TERM if row.code == "term_ended" else DELETE


def applies(row: Row, *, has_term: bool) -> bool:
    """Whether a removal event is one for listings with, or without, a term."""
    if row.with_term is WithTerm.EITHER:
        return True
    return (row.with_term is WithTerm.ONLY) is has_term
