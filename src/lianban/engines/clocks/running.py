"""A clock that runs: its state, and everything that can happen to it.

Every function takes the book and a :class:`RunningClock` and returns a new one; nothing is changed in place and no wall
clock is read. What happened is kept (pauses, extensions, restarts), so the end can be counted again in another calendar
and explained at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from .arithmetic import EXACT, Longer, Stretch
from .book import ClockBook, Due
from .errors import (
    MomentOutOfOrder,
    NoSuchExtension,
    NoSuchPause,
    WrongState,
)
from .moments import in_utc, legal_date, start_of_day
from .rules import ClockVersion, ExtensionRule, Length, PauseRule, Words

OBSTACLE = PauseRule("obstacle", Words("因障碍顺延", "put off for an obstacle"), "民事诉讼法（2023） 86")


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    EXPIRED = "expired"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Pause:
    """Time not counted on a ground; ``end`` of ``None`` while it lasts."""

    ground: str
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension as granted, by the code of its rule."""

    rule: str
    length: Length
    granted_at: datetime
    asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Restart:
    """The clock began anew on a ground; ``trigger`` is the trigger it had before."""

    ground: str
    trigger: datetime


@dataclass(frozen=True, slots=True)
class RunningClock:
    """The whole state of one clock, as a record stores it. ``due_on`` and ``due_at`` are ``None`` while paused."""

    code: str
    version: str
    trigger: datetime
    length: Length
    state: State
    due_on: date | None
    due_at: datetime | None
    provisional: bool
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    restarts: tuple[Restart, ...] = ()
    printed_end: date | None = None
    done_at: datetime | None = None
    in_time: bool | None = None


def start(
    book: ClockBook,
    code: str,
    trigger: datetime | date,
    *,
    on: date | None = None,
    length: int | None = None,
    printed_end: date | None = None,
) -> RunningClock:
    """Start a clock; arguments as for :meth:`.book.ClockBook.due`."""
    version = book.version(code, on or legal_date(trigger))
    instant = in_utc(trigger) if isinstance(trigger, datetime) else start_of_day(trigger)
    count = book.length(code, version, length)
    if version.length.unit in EXACT and not isinstance(trigger, datetime):
        book.due(code, trigger, on=on)  # raises: hours need a moment
    clock = RunningClock(
        code, version.id, instant, count, State.RUNNING, None, None, False, printed_end=printed_end
    )
    return counted(book, clock)


def due_of(book: ClockBook, clock: RunningClock, *, ongoing_until: datetime | None = None) -> Due:
    """When the clock ends, with its explanation.

    A paused clock has no end yet; ``ongoing_until`` gives the end it would have if it were resumed at that moment.
    """
    version = book.version_by_id(clock.code, clock.version)
    if clock.state is State.PAUSED and ongoing_until is None:
        raise WrongState(
            clock=clock.code, state=clock.state.value, act_zh="计算届满日", act_en="be given an end"
        )
    stretches = [
        Stretch(p.start, p.end or in_utc(ongoing_until or p.start), ground.name, ground.tops_up)
        for p in clock.pauses
        for ground in [ground_of(version, clock.code, p.ground)]
    ]
    longer = [Longer(e.length, extension_rule(version, clock.code, e.rule).name) for e in clock.extensions]
    return book.count(
        clock.code, version, clock.trigger,
        length=clock.length, stretches=stretches, longer=longer, printed_end=clock.printed_end,
    )  # fmt: skip


def explain(
    book: ClockBook, clock: RunningClock, language: str = "zh", *, now: datetime | None = None
) -> str:
    """The sentence with the arithmetic; for a paused clock, as if it were resumed ``now``."""
    return due_of(book, clock, ongoing_until=now).explain(language)


def expire(clock: RunningClock, now: datetime) -> RunningClock:
    """Mark a running clock expired once ``now`` is past its end; otherwise return it as it is."""
    if clock.state is State.RUNNING and clock.due_at is not None and in_utc(now) > clock.due_at:
        return replace(clock, state=State.EXPIRED)
    return clock


def finish(
    book: ClockBook, clock: RunningClock, at: datetime, *, posted_at: datetime | None = None
) -> RunningClock:
    """What the clock waited for was done at ``at``. ``in_time`` says whether it was allowed then.

    Posted before the end counts as in time, however long the post took (民诉法 85). For a clock with an earliest
    moment, doing it before the end is what is not allowed.
    """
    must_be(clock, {State.RUNNING, State.PAUSED, State.EXPIRED}, "办结", "be finished")
    at = in_utc(at)
    decisive = in_utc(posted_at) if posted_at is not None else at
    if decisive > at:
        raise MomentOutOfOrder(
            clock=clock.code,
            moment=decisive.isoformat(),
            earliest=clock.trigger.isoformat(),
            latest=at.isoformat(),
        )
    if clock.due_at is None:
        in_time = True  # paused: the period has not ended
    elif book.rule(clock.code).bound.value == "earliest":
        in_time = decisive > clock.due_at
    else:
        in_time = decisive <= clock.due_at
    return replace(clock, state=State.DONE, done_at=at, in_time=in_time)


def counted(book: ClockBook, clock: RunningClock) -> RunningClock:
    """Count the clock anew and put its end into its state."""
    due = due_of(book, clock)
    return replace(clock, due_on=due.legal_date, due_at=due.at, provisional=due.provisional)


def must_be(clock: RunningClock, states: set[State], act_zh: str, act_en: str) -> None:
    if clock.state not in states:
        raise WrongState(clock=clock.code, state=clock.state.value, act_zh=act_zh, act_en=act_en)


def must_lie_between(
    clock: RunningClock, moment: datetime, earliest: datetime, latest: datetime | None
) -> None:
    if moment < earliest or (latest is not None and moment > latest):
        raise MomentOutOfOrder(
            clock=clock.code,
            moment=moment.isoformat(),
            earliest=earliest.isoformat(),
            latest=latest.isoformat() if latest else "∞",
        )


def ground_of(version: ClockVersion, code: str, ground: str) -> PauseRule:
    for rule in (*version.pauses, OBSTACLE):
        if rule.code == ground:
            return rule
    raise NoSuchPause(clock=code, rule=ground, known=codes_of(version.pauses))


def extension_rule(version: ClockVersion, code: str, rule: str) -> ExtensionRule:
    for extension in version.extensions:
        if extension.code == rule:
            return extension
    raise NoSuchExtension(clock=code, rule=rule, known=codes_of(version.extensions))


def codes_of(rules: Sequence[PauseRule | ExtensionRule]) -> str:
    return "、".join(rule.code for rule in rules) or "—"
