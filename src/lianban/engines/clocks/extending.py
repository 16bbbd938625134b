"""Making a period longer, and beginning it anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NoReturn

from .book import ClockBook
from .errors import ExtensionRefused, NoSuchPause
from .moments import add_months, in_utc
from .rules import ClockVersion, ExtensionRule, Length, Unit
from .running import (
    Extension,
    Restart,
    RunningClock,
    State,
    codes_of,
    counted,
    due_of,
    extension_rule,
    must_be,
    must_lie_between,
)


def extend(
    book: ClockBook,
    clock: RunningClock,
    rule: str,
    *,
    granted_at: datetime,
    asked_on: date | None = None,
    length: int | None = None,
) -> RunningClock:
    """Make the period longer as its rule allows.

    Raises :class:`ExtensionRefused` when it is asked or granted too late, too often or for too long.
    """
    must_be(clock, {State.RUNNING}, "延长", "be extended")
    version = book.version_by_id(clock.code, clock.version)
    allowed = extension_rule(version, clock.code, rule)
    assert clock.due_on is not None
    assert clock.due_at is not None
    granted_at = in_utc(granted_at)
    used = sum(e.rule == rule for e in clock.extensions)
    if allowed.most_times is not None and used >= allowed.most_times:
        _refuse(
            clock,
            f"最多延长{allowed.most_times}次，已延长{used}次",
            f"{allowed.most_times} at most, {used} granted",
        )
    if not clock.trigger <= granted_at <= clock.due_at:
        _refuse(
            clock,
            f"应在期间内批准，届满日为{clock.due_on.isoformat()}",
            f"it must be granted within the period, which ends on {clock.due_on.isoformat()}",
        )
    _asked_in_time(book, clock, allowed, asked_on)
    longer = Extension(rule, _extension_length(clock, version, allowed, length), granted_at, asked_on)
    extended = counted(book, replace(clock, extensions=(*clock.extensions, longer)))
    if version.longest is not None:
        bare = replace(extended, pauses=(), printed_end=None)
        most = book.count(clock.code, version, clock.trigger, length=version.longest)
        if due_of(book, bare).at > most.at:
            _refuse(
                clock,
                f"连同延长总计不得超过{version.longest.text('zh')}",
                f"with extensions it may not exceed {version.longest.text('en')} in all",
            )
    return extended


def restart(book: ClockBook, clock: RunningClock, ground: str, at: datetime) -> RunningClock:
    """Begin the period anew (limitation interrupted, a case transferred); pauses and extensions so far fall away."""
    must_be(clock, {State.RUNNING, State.PAUSED}, "重新起算", "begin anew")
    version = book.version_by_id(clock.code, clock.version)
    if ground not in {r.code for r in version.restarts}:
        raise NoSuchPause(clock=clock.code, rule=ground, known=codes_of(version.restarts))
    at = in_utc(at)
    must_lie_between(clock, at, clock.trigger, clock.due_at)
    return counted(
        book,
        replace(
            clock,
            trigger=at,
            state=State.RUNNING,
            pauses=(),
            extensions=(),
            restarts=(*clock.restarts, Restart(ground, clock.trigger)),
        ),
    )


def _extension_length(
    clock: RunningClock, version: ClockVersion, allowed: ExtensionRule, length: int | None
) -> Length:
    if allowed.length is None:
        if length is None or length < 1:
            _refuse(clock, "请写明延长的长度", "say by how much")
        return Length(length, version.length.unit)
    if length is None:
        return allowed.length
    if not 1 <= length <= allowed.length.count:
        _refuse(
            clock, f"每次最多{allowed.length.text('zh')}", f"{allowed.length.text('en')} at most each time"
        )
    return Length(length, allowed.length.unit)


def _asked_in_time(
    book: ClockBook, clock: RunningClock, allowed: ExtensionRule, asked_on: date | None
) -> None:
    if allowed.apply_by is None:
        return
    assert clock.due_on is not None
    back = allowed.apply_by.count
    match allowed.apply_by.unit:
        case Unit.WORKING_DAYS:
            last = book.calendar.add_working_days(clock.due_on, -back)
        case Unit.MONTHS:
            last = add_months(clock.due_on, -back)
        case _:
            last = clock.due_on - timedelta(days=back)
    if asked_on is None or asked_on > last:
        asked = asked_on.isoformat() if asked_on else "—"
        _refuse(
            clock,
            f"应在{last.isoformat()}前（含当日）提出，申请日为{asked}",
            f"it had to be asked for by {last.isoformat()}; it was asked on {asked}",
        )


def _refuse(clock: RunningClock, reason_zh: str, reason_en: str) -> NoReturn:
    raise ExtensionRefused(clock=clock.code, reason_zh=reason_zh, reason_en=reason_en)
