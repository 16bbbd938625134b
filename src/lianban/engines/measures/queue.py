"""Who comes first on one asset: ranks 轮候, promotion, lapse, release, disposal, replayed from the facts.

Rules: the order of service decides (保全规定 16; registered before unregistered is the registry's matter, 查扣冻规定 7); when
the first is released, the next registered takes effect by itself (查扣冻规定 26); a term that ends without renewal ends the
effect by itself (27); a disposal ends control for all (27; for those waiting 法函〔2007〕100号 [U]). Promotion after a *lapse*
follows promotion after a release [U].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lianban.engines.clocks import ClockBook, end_of_day, legal_date
from lianban.engines.clocks.moments import in_utc

from .errors import DuplicateMeasure, NotOneAsset
from .kinds import Outcome, State, WaitingTerm
from .limits import LimitBook
from .orders import Measure, Standing
from .settings import MeasureSettings
from .terms import Term, term

_DEFAULT = MeasureSettings()


@dataclass(frozen=True, slots=True)
class Promotion:
    """A waiting measure came first: its court must be told, because from now on it holds and counts."""

    measure: str
    at: datetime
    after: str


@dataclass(frozen=True, slots=True)
class Queue:
    """All measures on one asset at a moment, by rank, and the promotions up to then."""

    standings: tuple[Standing, ...]
    promotions: tuple[Promotion, ...]

    def of(self, measure: str) -> Standing:
        """The standing of one measure, by its id. Raises KeyError."""
        for standing in self.standings:
            if standing.measure.id == measure:
                return standing
        raise KeyError(measure)


def stand(
    book: ClockBook,
    limits: LimitBook,
    measures: Iterable[Measure],
    now: datetime,
    settings: MeasureSettings = _DEFAULT,
) -> Queue:
    """Replay the measures on one asset up to ``now``.

    The result does not depend on the order in which they are given. Raises :class:`NotOneAsset`, :class:`DuplicateMeasure`.
    """
    now = in_utc(now)
    given = list(measures)
    keys = {m.asset.key for m in given}
    if len(keys) > 1:
        raise NotOneAsset(assets="、".join(sorted(keys)))
    seen: set[str] = set()
    for measure in given:
        if measure.id in seen:
            raise DuplicateMeasure(measure=measure.id)
        seen.add(measure.id)
    line = sorted(
        (m for m in given if m.is_hold and m.has_object and m.served_at is not None and m.served_at <= now),
        key=lambda m: (m.served_at, m.id),
    )
    disposed = min(
        (in_utc(m.disposed_at) for m in given if m.disposed_at and m.disposed_at <= now), default=None
    )
    standings: list[Standing] = []
    promotions: list[Promotion] = []
    free_from: datetime | None = None  # when the one before ended; None: the asset was free
    before = ""
    rank = 0
    unknown_before = 0  # measures of other courts that only the unit knows of
    for known_before, measure in enumerate(line):
        assert measure.served_at is not None
        unknown_before = max(unknown_before, _unknown(measure, known_before))
        waiting = free_from is not None and free_from > measure.served_at
        first = in_utc(free_from if waiting and free_from is not None else measure.served_at)
        blocked = unknown_before > 0
        ended, why, held = _end(
            book, limits, measure, first, now, disposed, waiting or blocked, blocked, settings
        )
        came_first = not blocked and first <= now and (ended is None or ended > first)
        if waiting and came_first:
            promotions.append(Promotion(measure.id, first, before))
        if ended is not None and ended <= now:
            state = why
        else:
            state = State.EFFECTIVE if came_first else State.WAITING
            rank += 1
        begins = first if came_first else None
        standings.append(_standing(measure, state, rank + unknown_before, begins, ended, held))
        if came_first:  # only one that came first keeps the next from coming first
            free_from, before = ended, measure.id
    rest = [m for m in given if not any(s.measure.id == m.id for s in standings)]
    standings += [_apart(m, now) for m in sorted(rest, key=lambda m: m.id)]
    return Queue(tuple(standings), tuple(promotions))


def stand_all(
    book: ClockBook,
    limits: LimitBook,
    measures: Iterable[Measure],
    now: datetime,
    settings: MeasureSettings = _DEFAULT,
) -> dict[str, Standing]:
    """The standing of every measure, by id, whatever assets they are on. Ids must be unique."""
    by_asset: dict[str, list[Measure]] = defaultdict(list)
    count = 0
    for measure in measures:
        by_asset[measure.asset.key].append(measure)
        count += 1
    found = {
        standing.measure.id: standing
        for group in by_asset.values()
        for standing in stand(book, limits, group, now, settings).standings
    }
    if len(found) != count:
        raise DuplicateMeasure(measure="—")
    return found


def _unknown(measure: Measure, known_before: int) -> int:
    """How many measures stand before this one that are not on record here: another court's, told by the unit's answer."""
    answer = measure.answer
    if answer is None or answer.outcome is not Outcome.WAITING:
        return 0
    return max((answer.rank or 2) - 1 - known_before, 0)


def _end(
    book: ClockBook,
    limits: LimitBook,
    measure: Measure,
    first: datetime,
    now: datetime,
    disposed: datetime | None,
    waiting: bool,
    blocked: bool,
    settings: MeasureSettings,
) -> tuple[datetime | None, State, Term | None]:
    """When the measure ends (perhaps in the future), how, and its term. ``None``: not known while it waits."""
    assert measure.served_at is not None
    held: Term | None = None
    ends: list[tuple[datetime, State]] = []
    if first <= now and not blocked:
        held = term(book, limits, measure, first)
    elif settings.waiting_term is WaitingTerm.FROM_SERVICE:
        held = term(book, limits, measure, measure.served_at)
    if held is not None:
        ends.append((held.end_at, State.LAPSED))
    printed = _printed_while_waiting(measure) if waiting else None
    if printed is not None:
        ends.append((end_of_day(printed), State.LAPSED))
    if measure.released_at is not None:
        ends.append((in_utc(measure.released_at), State.RELEASED))
    if disposed is not None:
        ends.append((disposed, State.DISPOSED))
    if not ends:
        return None, State.WAITING, None
    order = {State.RELEASED: 0, State.DISPOSED: 1, State.LAPSED: 2}
    at, why = min(ends, key=lambda end: (end[0], order[end[1]]))
    return at, why, held


def _printed_while_waiting(measure: Measure) -> date | None:
    """The printed end that counts while nothing has effect yet, with the renewals that came in time."""
    end = measure.printed_end
    for renewal in measure.renewals:
        if end is None or renewal.served_at is None:
            continue
        if renewal.served_at <= end_of_day(end):
            end = max(end, renewal.printed_end) if renewal.printed_end else None
    return end


def _standing(
    measure: Measure,
    state: State,
    rank: int,
    effective_from: datetime | None,
    ended: datetime | None,
    held: Term | None,
) -> Standing:
    live = state in (State.EFFECTIVE, State.WAITING)
    notes = list(held.notes) if held else []
    answer = measure.answer
    if answer is not None and live:
        # A rank only falls as those before end; a lower answered rank, or 轮候 where nothing is known before, disagrees.
        if answer.rank is not None and answer.rank < rank:
            notes.append("answered_rank_differs")
        if answer.outcome in (Outcome.DONE, Outcome.PARTIAL) and state is State.WAITING:
            notes.append("answered_outcome_differs")
        if answer.ends_on is not None and ended is not None and answer.ends_on != legal_date(ended):
            notes.append("answered_end_differs")
    if answer is None:
        notes.append("unanswered")
    return Standing(
        measure=measure,
        state=state,
        rank=rank if live else None,
        effective_from=effective_from,
        ends_on=legal_date(ended) if ended is not None else None,
        ended_at=None if live else ended,
        computed_end=held.computed_end if held else None,
        provisional=held.provisional if held else False,
        unverified=held.unverified if held else False,
        notes=tuple(dict.fromkeys(notes)),
    )


def _apart(measure: Measure, now: datetime) -> Standing:
    """A measure that stands in no line: not served yet, nothing found, or a deduction."""
    served = measure.served_at is not None and measure.served_at <= now
    if not served:
        state = State.ORDERED
    elif not measure.has_object:
        state = State.NO_OBJECT
    else:
        state = State.DISPOSED  # a deduction takes at once; there is nothing left to hold
    at = measure.served_at if served else None
    return Standing(measure, state, None, at if state is State.DISPOSED else None, None, at, None)


def next_moment(queue: Queue) -> datetime | None:
    """When something changes by itself next: the last moment of the first live measure, at which it counts as ended and the
    next as first, so that no moment has two. For a timer. ``None``: nothing will."""
    ends = [end_of_day(s.ends_on) for s in queue.standings if s.holds and s.ends_on is not None]
    return min(ends) if ends else None
