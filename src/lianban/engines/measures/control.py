"""How much a matter controls, against how much it may: ceiling, excess, what to release, what is blocked.

Rule (查扣冻规定 19; 民诉法 253): the value held may cover the claim and the costs of enforcement and not obviously more; what is
over is released in time, unless the asset cannot be divided and the debtor has nothing else, or the rest does not suffice.
Only effective, first-rank, net value counts (DESIGN invariant 3). All amounts are integers of fen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lianban.engines.clocks import ClockBook, Due

from .errors import BadAmount, ExcessBlocksOrders, OrderAboveClaim, PrintedTermTooLong
from .kinds import ClaimKind, MeasureKind
from .limits import LimitBook, Permission
from .orders import Measure, Standing
from .settings import MeasureSettings
from .terms import longest_end

_DEFAULT = MeasureSettings()


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What a matter may hold at most: the claim not yet paid, with interest, and the costs of enforcement. In fen."""

    claim_fen: int
    costs_fen: int = 0
    kind: ClaimKind = ClaimKind.ORDINARY

    def __post_init__(self) -> None:
        if self.claim_fen < 0 or self.costs_fen < 0:
            raise BadAmount(what_zh="债权或费用", what_en="a claim or costs", found="-")

    @property
    def limit_fen(self) -> int:
        return self.claim_fen + self.costs_fen


@dataclass(frozen=True, slots=True)
class Release:
    """One step of a release: the whole measure, or ``amount_fen`` of a divisible one."""

    measure: str
    amount_fen: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Control:
    """What a matter holds. ``over_fen`` is above the limit and the tolerance; ``releases`` is what can go without leaving the
    claim uncovered. ``excused``: over, but nothing can go (indivisible and nothing else suffices). ``due``: the release clock."""

    held_fen: int
    limit_fen: int
    over_fen: int
    releases: tuple[Release, ...]
    due: Due | None

    @property
    def excused(self) -> bool:
        return self.over_fen > 0 and not self.releases

    @property
    def blocks_orders(self) -> bool:
        """Whether new orders are refused: there is an excess that can and must be released."""
        return bool(self.releases)

    @property
    def ratio_permille(self) -> int | None:
        """Held over limit, in thousandths, rounded down; ``None`` with no limit left. Above 1000 is the alert of DOMAIN 1(7)."""
        return self.held_fen * 1000 // self.limit_fen if self.limit_fen else None

    @property
    def gap_fen(self) -> int:
        """How much may still be placed under control."""
        return max(self.limit_fen - self.held_fen, 0)


def control(
    book: ClockBook,
    standings: Iterable[Standing],
    outstanding: Outstanding,
    *,
    found_at: datetime,
    settings: MeasureSettings = _DEFAULT,
) -> Control:
    """What the standings of *one matter* hold against its claim; ``found_at`` starts the release clock.

    The releases are a proposal: the judge chooses, by what harms the debtor's living and production least.
    """
    counted = [(s, s.net_fen) for s in standings]
    held = sum(net for _, net in counted)
    limit = outstanding.limit_fen
    over = held - limit
    if over * 1000 <= limit * settings.tolerance_permille:
        return Control(held, limit, 0, (), None)
    releases = _releasable(counted, over)
    due = book.due(settings.release_clock, found_at) if releases else None
    return Control(held, limit, over, releases, due)


def check_order(
    book: ClockBook,
    limits: LimitBook,
    order: Measure,
    outstanding: Outstanding,
    held: Control,
    *,
    facts: Collection[str] = (),
) -> Permission:
    """Whether ``order`` may be made: allowed for this asset, within the claim, no excess open, no end beyond the maximum.

    Returns the permission with its alarms. Raises what :meth:`.limits.LimitBook.require` raises, :class:`OrderAboveClaim`,
    :class:`ExcessBlocksOrders`, :class:`PrintedTermTooLong`.
    """
    on = order.ordered_on
    permission = limits.require(
        order.basis, order.asset.kind, order.kind.step, on=on, claim=outstanding.kind, facts=facts
    )
    if order.ceiling_fen > outstanding.limit_fen:
        raise OrderAboveClaim(amount=order.ceiling_fen, most=outstanding.limit_fen)
    if held.blocks_orders and order.kind is not MeasureKind.DEDUCT:
        raise ExcessBlocksOrders(over=held.over_fen)
    if order.kind is not MeasureKind.DEDUCT and order.printed_end is not None:
        latest = latest_printable(book, limits, order)
        if order.printed_end > latest:
            raise PrintedTermTooLong(printed=order.printed_end.isoformat(), latest=latest.isoformat())
    return permission


def latest_printable(book: ClockBook, limits: LimitBook, order: Measure) -> date:
    """The latest end a document may print: the longest term counted from the day it is made, or served if that is known."""
    return longest_end(book, limits, order, order.served_at or order.ordered_on).legal_date


def _releasable(counted: Iterable[tuple[Standing, int]], over: int) -> tuple[Release, ...]:
    """What can go: indivisible ones first, the largest first, because they cannot be cut; then the divisible, latest first.

    Afterwards nothing is left, whole or part, that could go as well without leaving the claim uncovered.
    """
    releases = []
    for standing, net in sorted(counted, key=_readiness):
        if net == 0 or over <= 0:
            continue
        if net <= over:
            releases.append(Release(standing.measure.id, net, whole=True))
            over -= net
        elif standing.measure.asset.divisible:
            releases.append(Release(standing.measure.id, over, whole=False))
            over = 0
    return tuple(releases)


def _readiness(pair: tuple[Standing, int]) -> tuple[bool, float, str]:
    standing, net = pair
    measure = standing.measure
    lateness = measure.served_at.timestamp() if measure.served_at is not None else 0.0
    return measure.asset.divisible, -lateness if measure.asset.divisible else -float(net), measure.id
