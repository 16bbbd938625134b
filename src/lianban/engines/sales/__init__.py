"""Sales 处置: an asset under control is valued and turned into money, at a price the law allows.

The path: a reference price is settled (:class:`Valued`) → a sale is planned and checked (:class:`Plan`, :func:`check_plan`) →
it finds a buyer at no less than its floor (:func:`check_price`), or fails and is announced again (:func:`again_until`).

>>> from datetime import date
>>> beef = Plan("牛肉", "seasonal_goods", True, Way.DIRECT, date(2026, 3, 2), 30_000_00, ground=Ground.PERISHABLE)
>>> from lianban.engines.clocks import ClockBook
>>> check_plan(beef, None, ClockBook.standard())  # goes to the market as it is: it would not wait for an appraiser

Pure: days are arguments, money is integer fen, the numbers of the law are rows in ``data/rules.toml``.
"""

from .announcing import (
    Earlier,
    Ground,
    Method,
    Plan,
    Valued,
    Way,
    again_until,
    check_plan,
    check_price,
    floor,
    least_start,
    possible_grounds,
)
from .rules import Rule, SaleRules

__all__ = [
    "Earlier",
    "Ground",
    "Method",
    "Plan",
    "Rule",
    "SaleRules",
    "Valued",
    "Way",
    "again_until",
    "check_plan",
    "check_price",
    "floor",
    "least_start",
    "possible_grounds",
]
