"""Which part of a claim a payment pays, payment after payment, and what is still owed on a day.

``settle`` is the statement a judge reads out: for each receipt, how much went to costs, interest and principal, and what remains.
Invariants, tested: every receipt is attributed to the fen or shown as surplus; no part is paid more than it was owed; receipts of
one day give the same result in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .claims import Bucket, MoneyClaim, Receipt, unique
from .errors import EventsOutOfOrder
from .interest import doubled_between, first_day_of_delay, general_between, half_up
from .rates import PaymentSettings

_BUCKETS = tuple(Bucket)


@dataclass(frozen=True, slots=True)
class Line:
    """One receipt: how it was attributed, and what was left of it when nothing was owed any more."""

    receipt: Receipt
    parts: Mapping[Bucket, int]
    tranches: Mapping[str, int]
    surplus_fen: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim on a day: the lines, what was paid and what is owed of each part, in fen. ``surplus_fen`` goes back or is held."""

    claim: MoneyClaim
    on: date
    lines: tuple[Line, ...]
    paid: Mapping[Bucket, int]
    owed: Mapping[Bucket, int]
    unpaid_tranches: Mapping[str, int]
    surplus_fen: int

    @property
    def owed_fen(self) -> int:
        """Everything still owed, costs included."""
        return sum(self.owed.values())

    @property
    def claim_fen(self) -> int:
        """What is owed to the creditor, without the costs of enforcement: the ceiling of control with them."""
        return self.owed_fen - self.owed[Bucket.ENFORCEMENT_COSTS]


def settle(
    claim: MoneyClaim, receipts: Iterable[Receipt], on: date, settings: PaymentSettings | None = None
) -> Statement:
    """Attribute the receipts up to ``on`` and say what is owed on that day.

    A tranche that is not due yet is not paid by a receipt: what is left over is surplus. Raises :class:`SameIdTwice`,
    :class:`EventsOutOfOrder` for a receipt after ``on``, :class:`BeforeTheRate`, :class:`OrderNotAgreed`.
    """
    settings = settings or PaymentSettings()
    order = settings.buckets()
    given = sorted(receipts, key=lambda r: (r.paid_on, r.id))
    unique(receipt.id for receipt in given)
    if given and given[-1].paid_on > on:
        raise EventsOutOfOrder(
            id=given[-1].id, problem_zh=f"到账晚于结算日{on}", problem_en=f"it was received after {on}"
        )
    account = _Account(claim, settings, min([on, *(r.paid_on for r in given)]))
    lines = []
    for receipt in given:
        account.run_to(receipt.paid_on)
        lines.append(account.take(receipt, order))
    account.run_to(on)
    return Statement(
        claim,
        on,
        tuple(lines),
        dict(account.paid),
        {bucket: account.owed(bucket) for bucket in _BUCKETS},
        {t.id: fen for t, fen in zip(claim.tranches, account.unpaid, strict=True)},
        sum(line.surplus_fen for line in lines),
    )


class _Account:
    """The running state while a statement is made; never leaves this module."""

    def __init__(self, claim: MoneyClaim, settings: PaymentSettings, earliest: date) -> None:
        self.claim, self.settings = claim, settings
        self.unpaid = [tranche.amount_fen for tranche in claim.tranches]
        self.paid = dict.fromkeys(_BUCKETS, 0)
        self.doubled = Fraction(claim.doubled_before_fen)
        self.general = Fraction(claim.interest_fen)
        starts = [first_day_of_delay(claim, tranche, settings) for tranche in claim.tranches]
        starts += [interest.first_day for interest in claim.general]
        self.reached = date.fromordinal(min([earliest, *starts]).toordinal() - 1)

    def run_to(self, day: date) -> None:
        """Let interest run up to and with ``day``."""
        self.doubled += doubled_between(self.claim, self.unpaid, self.reached, day, self.settings)
        self.general += general_between(self.claim, sum(self.unpaid), self.reached, day)
        self.reached = max(self.reached, day)

    def owed(self, bucket: Bucket) -> int:
        match bucket:
            case Bucket.ENFORCEMENT_COSTS:
                whole = self.claim.enforcement_costs_fen
            case Bucket.COSTS:
                whole = self.claim.costs_fen
            case Bucket.GENERAL_INTEREST:
                whole = half_up(self.general)
            case Bucket.DOUBLED_INTEREST:
                whole = half_up(self.doubled)
            case Bucket.PRINCIPAL:
                whole = sum(fen for _, fen in self._due()) + self.paid[bucket]
        return whole - self.paid[bucket]

    def take(self, receipt: Receipt, order: tuple[Bucket, ...]) -> Line:
        left = receipt.amount_fen
        parts: dict[Bucket, int] = {}
        tranches: dict[str, int] = {}
        for bucket in order:
            part = min(left, self.owed(bucket))
            if part == 0:
                continue
            parts[bucket] = part
            left -= part
            self.paid[bucket] += part
            if bucket is Bucket.PRINCIPAL:
                tranches = self._pay_principal(part)
        return Line(receipt, parts, tranches, left)

    def _due(self) -> list[tuple[int, int]]:
        """Tranches that are due, the oldest first (民法典 560 as far as it orders by the day due; the rest of its order is U)."""
        due = [
            (number, self.unpaid[number])
            for number, tranche in enumerate(self.claim.tranches)
            if tranche.last_day <= self.reached
        ]
        return sorted(due, key=lambda pair: (self.claim.tranches[pair[0]].last_day, pair[0]))

    def _pay_principal(self, fen: int) -> dict[str, int]:
        paid = {}
        for number, owed in self._due():
            part = min(fen, owed)
            if part:
                self.unpaid[number] -= part
                paid[self.claim.tranches[number].id] = part
                fen -= part
        return paid
