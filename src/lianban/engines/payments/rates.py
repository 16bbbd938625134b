"""The rate of doubled interest and the orders of attribution, as data, and what a court may choose.

Choices marked U have no rule behind them that was read; screens mark what rests on them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from lianban.engines.clocks import Tag, Words
from lianban.engines.clocks.rules import Source

from .claims import Bucket
from .errors import BadRateData, OrderNotAgreed

STANDARD_RATES = Path(__file__).parent / "data" / "rates.toml"


@dataclass(frozen=True, slots=True)
class DoubledRate:
    """So much of the unpaid principal a day, from ``from_day`` on. Simple, never on interest."""

    from_day: date
    daily: Fraction
    source: Source


@dataclass(frozen=True, slots=True)
class AttributionOrder:
    """In which order a payment fills the parts of a claim."""

    code: str
    name: Words
    buckets: tuple[Bucket, ...]
    source: Source


@dataclass(frozen=True)
class RateBook:
    """Rates, oldest first, and orders by code."""

    doubled: tuple[DoubledRate, ...]
    orders: dict[str, AttributionOrder]

    @classmethod
    def standard(cls) -> RateBook:
        """The rates shipped with the package, read once."""
        return _standard()

    @classmethod
    def from_file(cls, path: Path) -> RateBook:
        """Read a file of ``[[doubled]]`` and ``[[order]]``. Raises :class:`BadRateData`."""
        try:
            with path.open("rb") as file:
                data = tomllib.load(file)
            doubled = tuple(
                DoubledRate(r["from"], Fraction(r["numerator"], r["denominator"]), _source(r))
                for r in data["doubled"]
            )
            orders = {
                r["code"]: AttributionOrder(
                    r["code"], Words(r["zh"], r["en"]), tuple(Bucket(b) for b in r["buckets"]), _source(r)
                )
                for r in data["order"]
            }
        except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise BadRateData(where=path.name, problem=repr(error)) from error
        if not doubled or [r.from_day for r in doubled] != sorted({r.from_day for r in doubled}):
            raise BadRateData(where=path.name, problem="rates must be there, oldest first, one a day")
        for order in orders.values():
            if sorted(order.buckets) != sorted(Bucket):
                raise BadRateData(where=f"{path.name} {order.code}", problem="an order names every part once")
        return cls(doubled, orders)


@dataclass(frozen=True, slots=True)
class PaymentSettings:
    """Choices of a court.

    ``order``: ``statutory`` or ``principal_first`` [U, see the data]; ``agreed``: the parties' own order, which goes before the law's
    (法释〔2014〕8号 4). ``last_day_counts`` [U]: 自履行期间届满之日起 is read as from the day after the last day for performance
    (day 0 is not counted, 民诉法 85). The day of payment counts. Interest is rounded once, half up, on its total to date [U: no
    rule was found; 四舍五入 is what courts print]. ``payout_clock``: thirty days from the arrival notice, or
    ``business.fund_payout_beijing``, twenty from the day the conditions are met.
    """

    order: str = "statutory"
    agreed: tuple[Bucket, ...] = ()
    last_day_counts: bool = False
    payout_clock: str = "business.fund_payout"
    doubled_last_in_distribution: bool = True
    rates: RateBook = field(default_factory=lambda: RateBook.standard())

    def buckets(self) -> tuple[Bucket, ...]:
        """The order that applies. Raises :class:`OrderNotAgreed` for one that neither law nor parties know."""
        if self.agreed:
            if sorted(self.agreed) != sorted(Bucket):
                raise OrderNotAgreed(order="、".join(self.agreed))
            return self.agreed
        if self.order not in self.rates.orders:
            raise OrderNotAgreed(order=self.order)
        return self.rates.orders[self.order].buckets


def _source(raw: dict[str, str]) -> Source:
    return Source(raw["law"], raw["article"], Tag(raw["tag"]), note=raw.get("note", ""))


@lru_cache(maxsize=1)
def _standard() -> RateBook:
    return RateBook.from_file(STANDARD_RATES)
