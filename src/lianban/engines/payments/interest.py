"""Interest to the day, exactly: fractions inside, one rounding at the end.

Doubled interest = unpaid principal × 0.0175 % × days of delay, simple (法释〔2014〕8号 1). Each tranche runs from its own last day
(2), to the day of payment (3); days of a stay that the debtor did not ask for do not count (3). Because nothing is rounded on the
way, cutting a period in two changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from .claims import GeneralInterest, MoneyClaim, Pause, Tranche
from .errors import BeforeTheRate
from .rates import PaymentSettings

_DAY = timedelta(days=1)
_FAR = date.max


def half_up(amount: Fraction) -> int:
    """To whole fen, half a fen up."""
    return int((2 * amount.numerator + amount.denominator) // (2 * amount.denominator))


def doubled_between(
    claim: MoneyClaim, unpaid: Sequence[int], after: date, until: date, settings: PaymentSettings
) -> Fraction:
    """Doubled interest of the days after ``after`` up to and with ``until``, on what each tranche leaves unpaid."""
    total = Fraction(0)
    rates = settings.rates.doubled
    for number, rate in enumerate(rates):
        last = rates[number + 1].from_day - _DAY if number + 1 < len(rates) else _FAR
        for tranche, fen in zip(claim.tranches, unpaid, strict=True):
            first = max(after + _DAY, first_day_of_delay(claim, tranche, settings), rate.from_day)
            total += fen * rate.daily * days_counted(first, min(until, last), claim.pauses)
    return total


def general_between(claim: MoneyClaim, unpaid_fen: int, after: date, until: date) -> Fraction:
    """General interest of the days after ``after`` up to and with ``until``."""
    total = Fraction(0)
    for interest in claim.general:
        first = max(after + _DAY, interest.first_day)
        days = days_counted(first, min(until, interest.last_day or _FAR), ())
        total += _base(interest, unpaid_fen) * interest.yearly / interest.day_basis * days
    return total


def first_day_of_delay(claim: MoneyClaim, tranche: Tranche, settings: PaymentSettings) -> date:
    """The first day of delay that counts. Raises :class:`BeforeTheRate` where the older rules would be needed."""
    first = tranche.last_day if settings.last_day_counts else tranche.last_day + _DAY
    if claim.doubled_from is not None:
        first = max(first, claim.doubled_from)
    earliest = settings.rates.doubled[0].from_day
    if first < earliest:
        raise BeforeTheRate(day=first.isoformat(), first=earliest.isoformat())
    return first


def days_counted(first: date, last: date, pauses: Iterable[Pause]) -> int:
    """Days from ``first`` to ``last``, both included, without paused ones; a day that two pauses cover is taken out once."""
    if last < first:
        return 0
    days = (last - first).days + 1
    reached = first - _DAY
    for pause in sorted(pauses, key=lambda p: p.first_day):
        begin = max(pause.first_day, reached + _DAY, first)
        end = min(pause.last_day, last)
        if begin <= end:
            days -= (end - begin).days + 1
        reached = max(reached, min(pause.last_day, last))
    return days


def _base(interest: GeneralInterest, unpaid_fen: int) -> int:
    return unpaid_fen if interest.base_fen is None else min(interest.base_fen, unpaid_fen)
