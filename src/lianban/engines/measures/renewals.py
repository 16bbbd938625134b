"""Batch renewal: which measures to renew, until when at most, in which order, grouped by the unit that gets the orders.

A renewal must reach the unit before the end (民诉解释 485); the plan counts back the working days that it needs. What should
not be renewed is listed with its reason: a planned order is not an order, a judge signs it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NoReturn

from lianban.engines.clocks import ClockBook

from .control import Control
from .errors import RenewalRefused
from .kinds import RenewalState, State
from .limits import LimitBook
from .orders import Measure, Renewal, Standing
from .settings import MeasureSettings
from .terms import renewed_until

_DEFAULT = MeasureSettings()


class WhyNot(StrEnum):
    """Why a measure within the horizon is not in the batch."""

    MATTER_CLOSED = "matter_closed"
    RELEASE_INSTEAD = "release_instead"  # the matter holds too much: let this one go
    NOT_ALLOWED = "not_allowed"  # no further renewal, such as a second one of an administrative freeze
    BEING_RENEWED = "being_renewed"
    NOT_WANTED = "not_wanted"
    TOO_LATE = "too_late"  # it cannot reach the unit any more by post; serve it by hand today


@dataclass(frozen=True, slots=True)
class Planned:
    """One renewal to sign. ``send_by``: the last working day on which it still reaches the unit in time. ``latest``: the end
    it may print at most."""

    measure: str
    matter: str
    unit: str
    ends_on: date
    send_by: date
    latest: date


@dataclass(frozen=True, slots=True)
class RenewalPlan:
    """Batches by unit, each by deadline, the most urgent unit first; ``left_out`` with reasons; ``urgent``: see TOO_LATE."""

    batches: tuple[tuple[str, tuple[Planned, ...]], ...]
    left_out: tuple[tuple[str, WhyNot], ...]

    def __len__(self) -> int:
        return sum(len(items) for _, items in self.batches)


def plan_renewals(
    book: ClockBook,
    limits: LimitBook,
    standings: Iterable[Standing],
    today: date,
    *,
    within: int = 60,
    controls: Mapping[str, Control] | None = None,
    closed: frozenset[str] = frozenset(),
    settings: MeasureSettings = _DEFAULT,
) -> RenewalPlan:
    """Plan the renewal of every measure that ends within ``within`` days of ``today``.

    ``controls``: what each matter holds, so that a measure that should be released is not renewed; ``closed``: matters closed
    for good. A measure that can only be renewed by hand is planned with ``send_by`` today and listed as TOO_LATE as well.
    """
    batches: dict[str, list[Planned]] = defaultdict(list)
    left_out: list[tuple[str, WhyNot]] = []
    horizon = today + timedelta(days=within)
    for standing in standings:
        measure = standing.measure
        if standing.state not in (State.EFFECTIVE, State.WAITING) or standing.ends_on is None:
            continue
        if not today <= standing.ends_on <= horizon:
            continue
        why = _why_not(standing, controls or {}, closed)
        latest = None
        if why is None:
            latest = renewed_until(
                book, limits, measure, standing.ends_on, served_on=today, already=_served(measure)
            )
            if latest is None:
                why = WhyNot.NOT_ALLOWED
        if why is not None or latest is None:
            left_out.append((measure.id, why or WhyNot.NOT_ALLOWED))
            continue
        send_by = _send_by(book, standing.ends_on, settings.send_ahead)
        if send_by < today:
            left_out.append((measure.id, WhyNot.TOO_LATE))
            send_by = today
        batches[measure.unit].append(
            Planned(measure.id, measure.matter, measure.unit, standing.ends_on, send_by, latest.legal_date)
        )
    ordered = [
        (unit, tuple(sorted(items, key=lambda p: (p.send_by, p.ends_on, p.measure))))
        for unit, items in batches.items()
    ]
    ordered.sort(key=lambda batch: (batch[1][0].send_by, batch[0]))
    return RenewalPlan(tuple(ordered), tuple(sorted(left_out)))


def renewal_for(
    book: ClockBook, limits: LimitBook, standing: Standing, ordered_on: date, printed_end: date | None = None
) -> Renewal:
    """A drafted renewal for a live measure, printing ``printed_end`` or the latest allowed.

    Raises :class:`RenewalRefused`: it has ended, waits without an end, may not be renewed again, or would print too late.
    """
    measure = standing.measure
    if standing.state not in (State.EFFECTIVE, State.WAITING) or standing.ends_on is None:
        _refuse(measure, "没有正在进行的期限", "it has no running term")
    if ordered_on > standing.ends_on:
        _refuse(measure, f"已于{standing.ends_on}届满", f"it ended on {standing.ends_on}")
    latest = renewed_until(
        book, limits, measure, standing.ends_on, served_on=ordered_on, already=_served(measure)
    )
    if latest is None:
        _refuse(measure, "规则不允许再次续行", "the rule allows no further renewal")
    end = printed_end or latest.legal_date
    if not standing.ends_on < end <= latest.legal_date:
        _refuse(
            measure,
            f"续行届满日应晚于{standing.ends_on}、不晚于{latest.legal_date}",
            f"its end must be after {standing.ends_on} and by {latest.legal_date}",
        )
    return Renewal(ordered_on, RenewalState.DRAFTED, printed_end=end)


def _why_not(standing: Standing, controls: Mapping[str, Control], closed: frozenset[str]) -> WhyNot | None:
    measure = standing.measure
    if measure.matter in closed:
        return WhyNot.MATTER_CLOSED
    if measure.renewal_state is RenewalState.NOT_WANTED:
        return WhyNot.NOT_WANTED
    if measure.renewal_state in (RenewalState.SIGNED, RenewalState.SENT):
        return WhyNot.BEING_RENEWED
    held = controls.get(measure.matter)
    if held is not None and any(r.measure == measure.id and r.whole for r in held.releases):
        return WhyNot.RELEASE_INSTEAD
    return None


def _served(measure: Measure) -> int:
    return sum(renewal.served_at is not None for renewal in measure.renewals)


def _send_by(book: ClockBook, ends_on: date, ahead: int) -> date:
    day = ends_on
    while not book.calendar.is_working_day(day):
        day -= timedelta(days=1)
    return book.calendar.add_working_days(day, -ahead) if ahead else day


def _refuse(measure: Measure, zh: str, en: str) -> NoReturn:
    raise RenewalRefused(measure=measure.id, reason_zh=zh, reason_en=en)
