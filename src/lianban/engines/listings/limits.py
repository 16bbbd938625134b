"""Limits on consumption 限制消费: who may be limited, in what, and when the limit is lifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .book import Kind, ListingBook, Row
from .errors import CapacityDoesNotFit

LIFT = "enforcement.consumption_lift"


@dataclass(frozen=True, slots=True)
class PlannedLimit:
    """The person's capacity and the nine items in force on the day of the order."""

    capacity: Row
    items: tuple[Row, ...]


def plan_limit(book: ListingBook, capacity: str, *, organisation: bool, on: date) -> PlannedLimit:
    """What an order on ``on`` limits. ``organisation``: the debtor is one.

    A child's schooling, a hospital bed or a necessary journey is not forbidden by this: an exception on application is an
    event of its own (限制消费规定 8). Raises :class:`CapacityDoesNotFit`, :class:`UnknownGround`.
    """
    row = book.row(Kind.CAPACITY, capacity, on)
    if row.organisation and not organisation:
        raise CapacityDoesNotFit(capacity_zh=row.name.zh, capacity_en=row.name.en)
    return PlannedLimit(row, book.rows(Kind.LIMITED, on))


@dataclass(frozen=True, slots=True)
class Lift:
    """The event, whether the court has a choice, and the clock of three working days."""

    event: Row
    must: bool
    clock: str = LIFT


def lift(book: ListingBook, event: str, on: date) -> Lift:
    """What an event means for a limit. Raises :class:`UnknownGround`."""
    row = book.row(Kind.LIFT, event, on)
    return Lift(row, row.must)
