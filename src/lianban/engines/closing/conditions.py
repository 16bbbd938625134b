"""Whether a case may be closed in a mode, and everything that is still missing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lianban.engines.clocks import ClockBook, Unit, Words

from .book import ClosingBook, Ground, Item, Mode
from .errors import MayNotCloseYet, NothingToReopen, ProofDoesNotFit
from .facts import NEED_WORDS, CaseFacts, Need, Proof, ProofKind

EARLIEST = "enforcement.termination_earliest"
QUERY = "enforcement.terminated_query"
QUERY_PERIOD = "enforcement.terminated_query_period"


class Standing(StrEnum):
    """How one line of the checklist stands. ``moot``: the circumstances do not ask for it."""

    PROVED = "proved"
    STATED = "stated"
    MISSING = "missing"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its proofs, in the order given."""

    item: Item
    standing: Standing
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mode needs and lacks. ``missing`` in words, conditions first; empty: it may be closed."""

    mode: Mode
    ground: Ground
    needs: tuple[tuple[Need, bool], ...]
    lines: tuple[Line, ...]
    missing: tuple[Words, ...]
    earliest: date | None

    @property
    def may(self) -> bool:
        return not self.missing

    def require(self) -> None:
        """Raises :class:`MayNotCloseYet` with all that is missing."""
        if self.missing:
            raise MayNotCloseYet(
                mode_zh=self.mode.name.zh,
                mode_en=self.mode.name.en,
                count=len(self.missing),
                missing_zh="；".join(words.zh for words in self.missing),
                missing_en="; ".join(words.en for words in self.missing),
            )


def judge(
    book: ClosingBook, clocks: ClockBook, mode_code: str, ground_code: str, facts: CaseFacts, on: date
) -> Verdict:
    """Whether a case may be closed on ``on``. Raises for a mode, ground or proof that does not exist; never for what is missing."""
    mode = book.mode(mode_code, on)
    ground = mode.ground(ground_code)
    needs = tuple((need, _holds(need, facts, clocks, on)) for need in mode.needs if need not in ground.waives)
    lines = checklist(book, facts, on, dict(needs)) if mode.checklist else ()
    missing = [NEED_WORDS[need] for need, holds in needs if not holds]
    # What a derived line lacks is told once, by the line or the need it rests on.
    missing += [
        line.item.name for line in lines if line.standing is Standing.MISSING and not line.item.derived
    ]
    earliest = first_day(clocks, facts.filed_on) if Need.THREE_MONTHS in mode.needs else None
    return Verdict(mode, ground, needs, lines, tuple(missing), earliest)


def first_day(clocks: ClockBook, filed_on: date) -> date:
    """The first day on which 终本 is possible: the day after three months have passed (超过 does not include the number)."""
    return date.fromordinal(clocks.due(EARLIEST, filed_on).legal_date.toordinal() + 1)


def checklist(
    book: ClosingBook, facts: CaseFacts, on: date, needs: Mapping[Need, bool] | None = None
) -> tuple[Line, ...]:
    """Every line with how it stands. ``needs``: which hold, for lines that rest on one.

    Raises :class:`ProofDoesNotFit` for a proof of the wrong kind or for no line.
    """
    items = {item.code: item for item in book.checklist(on)}
    by_item: dict[str, list[Proof]] = {code: [] for code in items}
    for proof in facts.proofs:
        item = items.get(proof.item)
        if item is None:
            continue  # a proof for an item of another day's list proves nothing here
        if proof.kind not in item.proof:
            raise ProofDoesNotFit(
                item_zh=item.name.zh, item_en=item.name.en, kind=proof.kind.value,
                known="、".join(sorted(item.proof)),
            )  # fmt: skip
        if (proof.reference is not None) is not (proof.kind is ProofKind.STATEMENT):
            by_item[proof.item].append(proof)
    own = {code: _line(item, tuple(by_item[code]), facts) for code, item in items.items()}
    return tuple(
        _derived(line, own, needs or {}) if line.item.derived and not line.proofs else line for line in own.values()
    )  # fmt: skip


def _derived(line: Line, own: Mapping[str, Line], needs: Mapping[Need, bool]) -> Line:
    """A line by those it rests on: as weak as the weakest of them, with the first proof of each as its own."""
    item = line.item
    if item.rests_on_need is not None:
        return Line(item, Standing.PROVED if needs.get(item.rests_on_need) else Standing.MISSING, ())
    under = [own[code] for code in item.rests_on if code in own]
    found = {one.standing for one in under}
    standing = next(
        (one for one in (Standing.MISSING, Standing.STATED, Standing.PROVED) if one in found), Standing.MOOT
    )
    return Line(item, standing, tuple(replace(one.proofs[0], item=item.code) for one in under if one.proofs))


def _line(item: Item, proofs: tuple[Proof, ...], facts: CaseFacts) -> Line:
    proved = any(proof.kind is not ProofKind.STATEMENT for proof in proofs)
    stated = any(proof.kind is ProofKind.STATEMENT and len(proof.statement.strip()) >= 4 for proof in proofs)
    if proved:
        standing = Standing.PROVED
    elif stated:
        standing = Standing.STATED
    elif item.only_if and item.only_if not in facts.circumstances:
        standing = Standing.MOOT
    else:
        standing = Standing.MISSING
    return Line(item, standing, proofs)


def _holds(need: Need, facts: CaseFacts, clocks: ClockBook, on: date) -> bool:
    match need:
        case Need.NOTHING_OUTSTANDING:
            return not facts.outstanding_fen
        case Need.NOTHING_UNDISTRIBUTED:
            return not facts.undistributed_fen
        case Need.NO_OBJECTION_OPEN:
            return facts.open_objections == 0
        case Need.NO_MEASURE_LEFT:
            return not facts.live_measures
        case Need.THREE_MONTHS:
            return on >= first_day(clocks, facts.filed_on)
        case Need.CONSUMPTION_LIMITED:
            return facts.debtors_not_limited == 0
        case Need.NO_LEAD_UNVERIFIED:
            return facts.unverified_leads == 0


def query_days(clocks: ClockBook, closed_on: date) -> tuple[date, ...]:
    """The days of the half-yearly queries after 终本, in the years that follow it (both lengths are settings, U)."""
    return tuple(day for _, day in _queries(clocks, closed_on))


def next_query(clocks: ClockBook, closed_on: date, today: date) -> tuple[int, date] | None:
    """The first query that does not lie in the past, with its number; None when the years are over.

    Begins where it must lie at the earliest: an import asks it for thousands of closings.
    """
    length = clocks.length(QUERY, clocks.version(QUERY, closed_on))
    longest = _LONGEST.get(length.unit)
    first = max(1, (today - closed_on).days // (length.count * longest)) if longest else 1
    return next(((number, day) for number, day in _queries(clocks, closed_on, first) if day >= today), None)


# The most days that one unit has, so that a count of units is never guessed too high.
_LONGEST = {Unit.DAYS: 1, Unit.MONTHS: 31, Unit.YEARS: 366}


def _queries(clocks: ClockBook, closed_on: date, first: int = 1) -> Iterator[tuple[int, date]]:
    last = clocks.due(QUERY_PERIOD, closed_on).legal_date
    version = clocks.version(QUERY, closed_on)
    length = clocks.length(QUERY, version)
    for number in itertools.count(first):
        # Counted from the closing each time, so that a month's end does not wander.
        step = type(length)(length.count * number, length.unit)
        day = clocks.count(QUERY, version, closed_on, length=step).legal_date
        if day > last:
            return
        yield number, day


def require_reopenable(mode: Mode, ground: str) -> None:
    """Raises :class:`NothingToReopen` for what is final.

    终本 may be resumed at any time, without limitation (民诉解释 517). A creditor who withdrew may apply again (民诉解释 518,
    within the time to apply, which only the debtor's objection brings up: 481).
    """
    if mode.ends and ground != "withdrawn":
        raise NothingToReopen(mode_zh=mode.name.zh, mode_en=mode.name.en)
