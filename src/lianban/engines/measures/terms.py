"""How long a measure holds: from the moment it has effect, never longer than the law, renewals included.

``end = min(printed end, computed end)``, each time. A renewal starts where the end before it stood and is measured by the law
of the day it was served (民诉解释 485: before expiry, same maxima; under the 2004 rules half). A renewal that reached the
unit after the end prolongs nothing: the measure has lapsed by itself (查扣冻规定 27) and its rank is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lianban.engines.clocks import ClockBook, Due, legal_date
from lianban.engines.clocks.rules import ClockVersion, ExtensionRule

from .kinds import Step
from .limits import LimitBook, Permission
from .orders import Measure


@dataclass(frozen=True, slots=True)
class Term:
    """The term of a measure that is in effect. ``ends_on`` is its last day, ``end_at`` the last moment, in UTC.

    ``computed_end`` is the longest the law allows for the running stretch; ``renewals`` how many counted.
    """

    begins: datetime
    ends_on: date
    end_at: datetime
    computed_end: date
    renewals: int
    provisional: bool
    unverified: bool
    notes: tuple[str, ...] = ()


def permission_of(limits: LimitBook, measure: Measure, on: date) -> Permission:
    """The row a measure rests on. An exempt asset held all the same has a term: the control exists until it is lifted."""
    found = limits.permission(measure.basis, measure.asset.kind, Step.SEAL, on=on)
    if found.clock:
        return found
    family = limits.asset(measure.asset.kind).family
    for row in limits.limits:
        if row.clock and row.asset == f"family:{family}" and row.basis == measure.basis and row.in_force(on):
            return Permission(False, found.asset, row)
    return found


def longest_end(
    book: ClockBook, limits: LimitBook, measure: Measure, begins: datetime | date, *, on: date | None = None
) -> Due:
    """The latest day the law allows for a measure that has effect from ``begins``. Printed ends play no part."""
    day = on or legal_date(begins)
    return book.due(_clock(limits, measure, day), begins, on=day)


def term(book: ClockBook, limits: LimitBook, measure: Measure, begins: datetime) -> Term:
    """The term of ``measure`` from the moment it takes effect, with every renewal that came in time."""
    day = legal_date(begins)
    permission = permission_of(limits, measure, day)
    clock = _clock(limits, measure, day)
    due = book.due(clock, begins, on=day)
    notes = []
    if measure.printed_end is not None and measure.printed_end > due.legal_date:
        notes.append("printed_end_too_late")
    end = _earlier(book, clock, due, begins, measure.printed_end)
    counted, computed = 0, due.legal_date
    provisional, unverified = due.provisional, due.unverified or permission.unverified
    for renewal in measure.renewals:
        if renewal.served_at is None:
            continue
        if renewal.served_at > end.at:
            notes.append("renewal_too_late")
            break
        version, rule = _rule(book, clock, permission.renewal, legal_date(renewal.served_at))
        if (
            rule is None
            or rule.length is None
            or (rule.most_times is not None and counted >= rule.most_times)
        ):
            notes.append("renewal_not_allowed")
            continue
        longer = book.count(clock, version, end.at, length=rule.length)
        computed = longer.legal_date
        printed = renewal.printed_end
        if printed is not None and printed > computed:
            notes.append("printed_end_too_late")
        elif printed is not None and printed < end.legal_date:
            notes.append("printed_end_too_early")  # it cannot cut short what already holds
            longer = end
        elif printed is not None:
            longer = book.count(clock, version, end.at, length=rule.length, printed_end=printed)
        end = longer
        counted += 1
        provisional, unverified = longer.provisional, unverified or longer.unverified
    return Term(begins, end.legal_date, end.at, computed, counted, provisional, unverified, tuple(notes))


def renewed_until(
    book: ClockBook, limits: LimitBook, measure: Measure, ends_on: date, *, served_on: date, already: int = 0
) -> Due | None:
    """The latest end a renewal served on ``served_on`` may print; ``None`` where the rule allows no further one."""
    permission = permission_of(limits, measure, served_on)
    clock = _clock(limits, measure, served_on)
    version, rule = _rule(book, clock, permission.renewal, served_on)
    if rule is None or rule.length is None or (rule.most_times is not None and already >= rule.most_times):
        return None
    return book.count(clock, version, ends_on, length=rule.length)


def _clock(limits: LimitBook, measure: Measure, day: date) -> str:
    permission = permission_of(limits, measure, day)
    if not permission.clock:
        limits.require(
            measure.basis, measure.asset.kind, Step.SEAL, on=day
        )  # raises: says why nothing may be held
    return permission.clock


def _rule(book: ClockBook, clock: str, code: str, day: date) -> tuple[ClockVersion, ExtensionRule | None]:
    version = book.version(clock, day)
    return version, next((rule for rule in version.extensions if rule.code == code), None)


def _earlier(book: ClockBook, clock: str, due: Due, begins: datetime, printed: date | None) -> Due:
    if printed is None or printed >= due.legal_date:
        return due
    return book.due(clock, begins, on=legal_date(begins), printed_end=max(printed, legal_date(begins)))
