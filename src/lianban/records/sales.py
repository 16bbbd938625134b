"""Rows of valuations and sales: read under the matter's lock, written one fact at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.engines import sales as engine

VALUATION = "id, matter_id, asset_id, method, started_on, state, value_fen, settled_on, valid_until, note"
SALE = (
    "id, matter_id, asset_id, valuation_id, way, ground, round, announced_on, start_fen, deposit_fen, bidding_from,"
    " bidding_until, until, state, ended_on, price_fen, buyer, paid_on, transferred_on, transfer_number, served_on,"
    " delivered_on, reason"
)


@dataclass(frozen=True, slots=True)
class ValuationRow:
    id: UUID
    matter: UUID
    asset: UUID
    method: str
    started_on: date
    state: str
    value_fen: int | None
    settled_on: date | None
    valid_until: date | None
    note: str

    @property
    def engine(self) -> engine.Valued | None:
        """The price as the engine reckons with it; None while it is not settled."""
        if self.value_fen is None or self.settled_on is None or self.valid_until is None:
            return None
        return engine.Valued(self.value_fen, engine.Method(self.method), self.settled_on, self.valid_until)


@dataclass(frozen=True, slots=True)
class SaleRow:
    id: UUID
    matter: UUID
    asset: UUID
    valuation: UUID | None
    way: str
    ground: str
    round: int
    announced_on: date
    start_fen: int
    deposit_fen: int
    bidding_from: datetime | None
    bidding_until: datetime | None
    until: date | None
    state: str
    ended_on: date | None
    price_fen: int | None
    buyer: str
    paid_on: date | None
    transferred_on: date | None
    transfer_number: str
    served_on: date | None
    delivered_on: date | None
    reason: str


def valuations(cursor: Any, matter: UUID, asset: UUID | None = None) -> list[ValuationRow]:
    """The latest first."""
    cursor.execute(
        f"SELECT {VALUATION} FROM valuation WHERE matter_id = %s AND (%s::uuid IS NULL OR asset_id = %s)"  # noqa: S608
        " ORDER BY started_on DESC, id DESC",
        [matter, asset, asset],
    )
    return [ValuationRow(*row) for row in cursor.fetchall()]


def sales(cursor: Any, matter: UUID, asset: UUID | None = None) -> list[SaleRow]:
    """The latest first."""
    cursor.execute(
        f"SELECT {SALE} FROM sale WHERE matter_id = %s AND (%s::uuid IS NULL OR asset_id = %s)"  # noqa: S608
        " ORDER BY announced_on DESC, id DESC",
        [matter, asset, asset],
    )
    return [SaleRow(*row) for row in cursor.fetchall()]


def held_first(cursor: Any, matter: UUID, asset: UUID) -> bool:
    """Whether this matter holds the asset, effective and first."""
    cursor.execute(
        "SELECT 1 FROM measure WHERE matter_id = %s AND asset_id = %s AND state = 'effective' AND rank = 1",
        [matter, asset],
    )
    return cursor.fetchone() is not None


def barred(cursor: Any, matter: UUID, asset: UUID, on: date) -> bool:
    cursor.execute("SELECT lianban.disposal_barred(%s, %s, %s)", [matter, asset, on])
    return bool(cursor.fetchone()[0])
