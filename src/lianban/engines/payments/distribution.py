"""Distribution among creditors 参与分配: exact to the fen, the same whatever order they stand in.

Order (民诉解释 508, number read from its neighbours [U]): costs of enforcement, then claims with priority in their rank, then
ordinary claims in proportion; for a firm that is not bankrupt, ordinary claims by the order of seizure (民诉解释 514 [U]).
Doubled interest comes after all that the documents fix (法释〔2014〕8号 4 V; among several creditors U, a setting). What the
division leaves in fractions of a fen goes, one fen each, to those who lose the largest fraction; then to the larger claim, then
by id [U: no rule; every fen is given to somebody].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lianban.engines.clocks import ClockBook, Due

from .claims import unique, whole
from .rates import PaymentSettings


class DistributionWay(StrEnum):
    PRO_RATA = "pro_rata"
    BY_SEIZURE = "by_seizure"


class Class(StrEnum):
    """A step of the order."""

    ENFORCEMENT_COSTS = "enforcement_costs"
    PRIORITY = "priority"
    ORDINARY = "ordinary"
    DOUBLED_INTEREST = "doubled_interest"


@dataclass(frozen=True, slots=True)
class Entitled:
    """What one creditor brings to the distribution, in fen.

    ``priority_rank``: 1 before 2 among those with priority; ``seizure_rank``: the order of seizure, where that decides.
    """

    creditor: str
    ordinary_fen: int = 0
    doubled_fen: int = 0
    priority_fen: int = 0
    priority_rank: int = 1
    enforcement_costs_fen: int = 0
    seizure_rank: int = 1

    def __post_init__(self) -> None:
        for fen in (self.ordinary_fen, self.doubled_fen, self.priority_fen, self.enforcement_costs_fen):
            whole(fen, "分配债权", "a claim in a distribution")

    @property
    def total_fen(self) -> int:
        return self.ordinary_fen + self.doubled_fen + self.priority_fen + self.enforcement_costs_fen


@dataclass(frozen=True, slots=True)
class Share:
    """What one creditor gets, by step. ``unpaid_fen`` stays owed: the debtor goes on paying (民诉解释 508)."""

    creditor: str
    parts: Mapping[Class, int]
    unpaid_fen: int

    @property
    def fen(self) -> int:
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class Distribution:
    """The plan 分配方案. ``left_fen``: everyone is paid and this belongs to the debtor. Shares and rest add up to the amount."""

    amount_fen: int
    way: DistributionWay
    shares: tuple[Share, ...]
    left_fen: int

    def of(self, creditor: str) -> Share:
        """One creditor's share. Raises KeyError."""
        for share in self.shares:
            if share.creditor == creditor:
                return share
        raise KeyError(creditor)


def distribute(
    amount_fen: int,
    creditors: Iterable[Entitled],
    way: DistributionWay = DistributionWay.PRO_RATA,
    settings: PaymentSettings | None = None,
) -> Distribution:
    """Divide ``amount_fen``. Raises :class:`SameIdTwice`, :class:`AmountNotAllowed`."""
    whole(amount_fen, "分配金额", "an amount to distribute")
    settings = settings or PaymentSettings()
    given = sorted(creditors, key=lambda c: c.creditor)
    unique(c.creditor for c in given)
    parts: dict[str, dict[Class, int]] = {c.creditor: {} for c in given}
    left = amount_fen
    for step, claims in _steps(given, way, settings.doubled_last_in_distribution):
        shares = pro_rata(left, claims)
        for creditor, fen in shares.items():
            if fen:
                parts[creditor][step] = parts[creditor].get(step, 0) + fen
        left -= sum(shares.values())
    made = tuple(
        Share(c.creditor, parts[c.creditor], c.total_fen - sum(parts[c.creditor].values())) for c in given
    )
    return Distribution(amount_fen, way, made, left)


def pro_rata(amount_fen: int, claims: Mapping[str, int]) -> dict[str, int]:
    """``amount_fen`` in proportion to the claims, nobody above the claim, to the fen. Does not depend on their order."""
    total = sum(claims.values())
    if amount_fen >= total:
        return dict(claims)
    shares = {key: amount_fen * fen // total for key, fen in claims.items()}
    missing = amount_fen - sum(shares.values())
    losers = sorted(claims, key=lambda key: (-(amount_fen * claims[key] % total), -claims[key], key))
    for key in losers[:missing]:
        shares[key] += 1
    return shares


def _steps(
    creditors: Sequence[Entitled], way: DistributionWay, doubled_last: bool
) -> Iterable[tuple[Class, dict[str, int]]]:
    yield Class.ENFORCEMENT_COSTS, {c.creditor: c.enforcement_costs_fen for c in creditors}
    yield from _ranked(creditors, Class.PRIORITY, lambda c: c.priority_rank, lambda c: c.priority_fen)
    by_seizure = way is DistributionWay.BY_SEIZURE
    rank: Callable[[Entitled], int] = (lambda c: c.seizure_rank) if by_seizure else (lambda _: 1)
    if doubled_last:
        yield from _ranked(creditors, Class.ORDINARY, rank, lambda c: c.ordinary_fen)
        yield from _ranked(creditors, Class.DOUBLED_INTEREST, rank, lambda c: c.doubled_fen)
        return
    for number in sorted({rank(c) for c in creditors}):
        chosen = [c for c in creditors if rank(c) == number]
        yield Class.ORDINARY, {c.creditor: c.ordinary_fen + c.doubled_fen for c in chosen}


def _ranked(
    creditors: Sequence[Entitled],
    step: Class,
    rank: Callable[[Entitled], int],
    fen: Callable[[Entitled], int],
) -> Iterable[tuple[Class, dict[str, int]]]:
    for number in sorted({rank(c) for c in creditors}):
        yield step, {c.creditor: fen(c) for c in creditors if rank(c) == number}


@dataclass(frozen=True, slots=True)
class Objection:
    """One creditor or the debtor says that ``against`` should get ``disputed_fen`` less."""

    by: str
    against: str
    disputed_fen: int
    received_on: date

    def __post_init__(self) -> None:
        whole(self.disputed_fen, "争议数额", "a disputed amount")


@dataclass(frozen=True, slots=True)
class PaidNow:
    """What may be paid while objections are open, and what is kept 提存 until they end (民诉解释 510 [U])."""

    pay: Mapping[str, int]
    keep: Mapping[str, int] = field(default_factory=dict)


def undisputed(plan: Distribution, objections: Iterable[Objection]) -> PaidNow:
    """Of each share, what nobody disputes. Several objections against one share: the largest counts, they are about the same money."""
    disputed: dict[str, int] = {}
    for objection in objections:
        disputed[objection.against] = max(disputed.get(objection.against, 0), objection.disputed_fen)
    keep = {s.creditor: min(s.fen, disputed[s.creditor]) for s in plan.shares if s.creditor in disputed}
    return PaidNow({s.creditor: s.fen - keep.get(s.creditor, 0) for s in plan.shares}, keep)


def objection_clocks(
    book: ClockBook, *, plan_received: date | None = None, objection_told: date | None = None,
    counter_told: date | None = None,
) -> dict[str, Due]:  # fmt: skip
    """The three fifteen-day clocks 民诉解释 509–510: to object, to answer the objection, to sue, from what has happened."""
    triggers = {
        "enforcement.distribution_objection": plan_received,
        "enforcement.distribution_counter": objection_told,
        "enforcement.distribution_suit": counter_told,
    }
    return {code: book.due(code, day) for code, day in triggers.items() if day is not None}
