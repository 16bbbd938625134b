"""How the interest of a statement came about: one line for each stretch of days on one base, so that a person can add it up.

The lines are those of :func:`~.attribution.settle`: their exact sum, rounded once, is what was paid and is owed together; a
test holds that for every claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from .attribution import Statement
from .claims import Bucket
from .interest import days_counted, first_day_of_delay
from .rates import PaymentSettings

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """``base_fen`` × ``daily`` × ``days``, from ``first`` to ``last`` with both; ``days`` is less where days do not count."""

    bucket: Bucket
    base_fen: int
    daily: Fraction
    first: date
    last: date
    days: int

    @property
    def exact_fen(self) -> Fraction:
        return self.base_fen * self.daily * self.days


def stretches(statement: Statement, settings: PaymentSettings | None = None) -> tuple[Stretch, ...]:
    """The arithmetic of general and doubled interest, in the order of the days."""
    settings = settings or PaymentSettings()
    claim = statement.claim
    unpaid = {t.id: t.amount_fen for t in claim.tranches}
    delays = {t.id: first_day_of_delay(claim, t, settings) for t in claim.tranches}
    stops = [*((line.receipt.paid_on, line) for line in statement.lines), (statement.on, None)]
    after = min([stops[0][0], statement.on, *delays.values(), *(g.first_day for g in claim.general)]) - _DAY
    found: list[Stretch] = []
    for stop, line in stops:
        for interest in claim.general:
            first = max(after + _DAY, interest.first_day)
            last = min(stop, interest.last_day or stop)
            base = sum(unpaid.values())
            base = base if interest.base_fen is None else min(interest.base_fen, base)
            found.append(
                Stretch(Bucket.GENERAL_INTEREST, base, interest.yearly / interest.day_basis, first, last,
                        days_counted(first, last, ()))
            )  # fmt: skip
        for number, rate in enumerate(settings.rates.doubled):
            later = settings.rates.doubled[number + 1 : number + 2]
            for key, fen in unpaid.items():
                first = max(after + _DAY, delays[key], rate.from_day)
                last = min(stop, later[0].from_day - _DAY) if later else stop
                found.append(
                    Stretch(Bucket.DOUBLED_INTEREST, fen, rate.daily, first, last, days_counted(first, last, claim.pauses))
                )  # fmt: skip
        after = max(after, stop)
        if line is not None:
            for key, fen in line.tranches.items():
                unpaid[key] -= fen
    return tuple(one for one in found if one.days and one.base_fen)
