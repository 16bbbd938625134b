"""A money claim as its document fixes it, split into what the law treats differently.

*Principal* here is every money debt of the document other than general interest (principal, penalty, damages): the base of the
doubled interest (法释〔2014〕8号 1). It may fall due in tranches, each with its own last day (2). *General interest* is what the
document awards, by amount or by rate; a document that awards none earns none (1). All money is integer fen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from .errors import AmountNotAllowed, PeriodReversed, SameIdTwice


class Bucket(StrEnum):
    """What money is for."""

    ENFORCEMENT_COSTS = "enforcement_costs"  # 执行费用
    COSTS = "costs"  # 实现债权的费用
    GENERAL_INTEREST = "general_interest"  # 一般债务利息
    PRINCIPAL = "principal"  # 除一般债务利息之外的金钱债务
    DOUBLED_INTEREST = "doubled_interest"  # 加倍部分债务利息


@dataclass(frozen=True, slots=True)
class Tranche:
    """A part of the principal and the last day on which it was to be performed."""

    id: str
    amount_fen: int
    last_day: date

    def __post_init__(self) -> None:
        whole(self.amount_fen, "本金", "a principal")


@dataclass(frozen=True, slots=True)
class GeneralInterest:
    """Interest that the document awards at a rate.

    ``yearly`` is exact (``Fraction(385, 10_000)`` for 3.85 %); a day earns ``yearly / day_basis`` of the unpaid principal, or of
    ``base_fen`` where the document names a base, if less is not unpaid. Both days are included; ``last_day`` of ``None``:
    until paid. Several rates one after another are several of these.
    """

    yearly: Fraction
    first_day: date
    last_day: date | None = None
    day_basis: int = 365
    base_fen: int | None = None

    def __post_init__(self) -> None:
        if self.last_day is not None and self.last_day < self.first_day:
            raise PeriodReversed(first=self.first_day.isoformat(), last=self.last_day.isoformat())
        if self.yearly < 0 or self.day_basis not in (360, 365):
            raise AmountNotAllowed(
                what_zh="利率或计息基数", what_en="a rate or its day basis", amount=self.day_basis
            )
        if self.base_fen is not None:
            whole(self.base_fen, "计息本金", "a base of interest")


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which no doubled interest runs: a stay or deferral that the debtor did not ask for (法释〔2014〕8号 3(3)).

    Both days included.
    """

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise PeriodReversed(first=self.first_day.isoformat(), last=self.last_day.isoformat())


@dataclass(frozen=True, slots=True)
class MoneyClaim:
    """What one creditor may claim under one document.

    ``interest_fen``: general interest that the document gives as an amount. ``doubled_before_fen``: doubled interest established
    for the time before ``doubled_from`` by the older rules; ``doubled_from``: nothing is reckoned for days before it.
    """

    id: str
    tranches: tuple[Tranche, ...]
    general: tuple[GeneralInterest, ...] = ()
    interest_fen: int = 0
    costs_fen: int = 0
    enforcement_costs_fen: int = 0
    pauses: tuple[Pause, ...] = ()
    doubled_before_fen: int = 0
    doubled_from: date | None = None

    def __post_init__(self) -> None:
        for fen in (self.interest_fen, self.costs_fen, self.enforcement_costs_fen, self.doubled_before_fen):
            whole(fen, "债权的各部分", "a part of a claim")
        unique(tranche.id for tranche in self.tranches)

    @property
    def principal_fen(self) -> int:
        return sum(tranche.amount_fen for tranche in self.tranches)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that counts as paid on a day: the day of payment, of the deduction 划拨, or on which the ruling of sale took effect
    (法释〔2014〕8号 3)."""

    id: str
    paid_on: date
    amount_fen: int

    def __post_init__(self) -> None:
        whole(self.amount_fen, "到账金额", "an amount received")


def whole(fen: int, zh: str, en: str) -> None:
    """Refuse a negative amount. Raises :class:`AmountNotAllowed`."""
    if fen < 0:
        raise AmountNotAllowed(what_zh=zh, what_en=en, amount=fen)


def unique(ids: Iterable[str]) -> None:
    """Refuse an id that occurs twice. Raises :class:`SameIdTwice`."""
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise SameIdTwice(id=id)
        seen.add(id)
