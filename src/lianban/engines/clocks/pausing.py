"""Time that is not counted: grounds that stop a clock, and obstacles for which a court puts a period off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from .book import ClockBook
from .errors import MomentOutOfOrder, NoSuchPause, ObstacleRefused, WrongState
from .moments import in_utc, legal_date
from .rules import ClockVersion, Direction
from .running import OBSTACLE, Pause, RunningClock, State, codes_of, counted, must_be, must_lie_between

OBSTACLE_REQUEST = (
    "shared.obstacle_request"  # ten days after the obstacle is over; a clock of the book like any other
)


def pause(book: ClockBook, clock: RunningClock, ground: str, at: datetime) -> RunningClock:
    """Stop counting on a ground that the rule knows, from ``at`` on. Several grounds may last at once."""
    must_be(clock, {State.RUNNING, State.PAUSED}, "暂停计算", "pause")
    version = book.version_by_id(clock.code, clock.version)
    _may_pause(book, clock, version, ground)
    at = in_utc(at)
    if any(p.ground == ground and p.end is None for p in clock.pauses):
        raise WrongState(
            clock=clock.code, state=f"{clock.state.value}: {ground}", act_zh="再次暂停", act_en="pause again"
        )
    must_lie_between(clock, at, clock.trigger, clock.due_at)
    pauses = (*clock.pauses, Pause(ground, at))
    return replace(clock, pauses=_ordered(pauses), state=State.PAUSED, due_on=None, due_at=None)


def resume(book: ClockBook, clock: RunningClock, at: datetime, ground: str | None = None) -> RunningClock:
    """Count again from ``at``: end the given ground, or all that last. Other grounds keep the clock paused."""
    must_be(clock, {State.PAUSED}, "恢复计算", "resume")
    at = in_utc(at)
    if ground is not None and not any(p.ground == ground and p.end is None for p in clock.pauses):
        known = "、".join(p.ground for p in clock.pauses if p.end is None)
        raise NoSuchPause(clock=clock.code, rule=ground, known=known)
    pauses = []
    for p in clock.pauses:
        if p.end is None and ground in (None, p.ground):
            must_lie_between(clock, at, p.start, None)
            p = replace(p, end=at)
        pauses.append(p)
    still = any(p.end is None for p in pauses)
    clock = replace(clock, pauses=_ordered(pauses), state=State.PAUSED if still else State.RUNNING)
    return clock if still else counted(book, clock)


def exclude(
    book: ClockBook, clock: RunningClock, ground: str, begin: datetime, end: datetime
) -> RunningClock:
    """Leave out a stretch that is already over: a pause and its end in one.

    It may be recorded late: an expired clock whose period was not counted in part runs again (:func:`.running.expire`
    then says whether it has ended even so).
    """
    begin, end = in_utc(begin), in_utc(end)
    if end < begin:
        raise MomentOutOfOrder(
            clock=clock.code, moment=end.isoformat(), earliest=begin.isoformat(), latest="∞"
        )
    must_be(clock, {State.RUNNING, State.EXPIRED}, "扣除期间", "leave out time")
    _may_pause(book, clock, book.version_by_id(clock.code, clock.version), ground)
    must_lie_between(clock, begin, clock.trigger, clock.due_at)
    pauses = _ordered((*clock.pauses, Pause(ground, begin, end)))
    return counted(book, replace(clock, state=State.RUNNING, pauses=pauses))


def suspend_for_obstacle(
    book: ClockBook, clock: RunningClock, begin: datetime, end: datetime, *, asked_on: date
) -> RunningClock:
    """顺延: the court puts off a party's period by the time an obstacle took (民诉法 86).

    The obstacle must have begun before the period ended and the party must have asked within ten days after it was
    over. An expired clock runs again.
    """
    must_be(clock, {State.RUNNING, State.EXPIRED}, "顺延", "be put off")
    rule = book.rule(clock.code)
    begin, end = in_utc(begin), in_utc(end)
    if not rule.party_may_ask_more_time:
        raise ObstacleRefused(
            clock=clock.code,
            reason_zh="该期间不是当事人的诉讼期间（民事诉讼法86）",
            reason_en="it is not a period of procedure that a party must keep (civil procedure law 86)",
        )
    assert clock.due_at is not None
    if end < begin or begin > clock.due_at:
        raise ObstacleRefused(
            clock=clock.code,
            reason_zh="障碍应在期间届满前发生",
            reason_en="the obstacle must have begun before the period ended",
        )
    last = book.due(OBSTACLE_REQUEST, legal_date(end)).legal_date
    if asked_on > last:
        raise ObstacleRefused(
            clock=clock.code,
            reason_zh=f"应在障碍消除后十日内申请，即不晚于{last.isoformat()}，申请日为{asked_on.isoformat()}",
            reason_en=f"it had to be asked for by {last.isoformat()}, ten days after the obstacle; it was asked on "
            f"{asked_on.isoformat()}",
        )
    begin = max(begin, clock.trigger)
    return counted(
        book,
        replace(
            clock,
            state=State.RUNNING,
            pauses=_ordered((*clock.pauses, Pause(OBSTACLE.code, begin, max(begin, end)))),
        ),
    )


def _may_pause(book: ClockBook, clock: RunningClock, version: ClockVersion, ground: str) -> None:
    known = {p.code for p in version.pauses}
    if ground not in known or book.rule(clock.code).direction is Direction.BEFORE:
        raise NoSuchPause(clock=clock.code, rule=ground, known=codes_of(version.pauses))


def _ordered(pauses: Sequence[Pause]) -> tuple[Pause, ...]:
    # The whole order is fixed, so that two histories of the same facts are equal states.
    return tuple(sorted(pauses, key=lambda p: (p.start, p.end is None, p.end or p.start, p.ground)))
