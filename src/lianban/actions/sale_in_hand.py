"""What the steps of a sale share: the asset, its reference price, the sale in hand."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from lianban.actions import timing
from lianban.actions.measure_in_hand import limits
from lianban.actions.sale_errors import SaleNotFound, ValuationNotFound
from lianban.actions.work import MatterRow, Work
from lianban.engines import sales as engine
from lianban.engines.measures import Family
from lianban.records import sales
from lianban.records.assets import AssetRow
from lianban.records.sales import SaleRow, ValuationRow

METHODS = {"agreed": "当事人议价", "directed": "定向询价", "online": "网络询价", "appraisal": "委托评估"}
WAYS = {"auction": "网络拍卖", "direct": "变卖", "self": "被执行人自行变卖"}
WARN_DAYS = (7, 3, 1)


def valuation_in(work: Work, matter: MatterRow, key: UUID | None) -> ValuationRow:
    """The valuation of this matter that runs. Raises :class:`ValuationNotFound`."""
    for row in sales.valuations(work.cursor, matter.id):
        if row.id == key and row.state == "running":
            return row
    raise ValuationNotFound


def sale_in(work: Work, matter: MatterRow, key: UUID | None) -> SaleRow:
    """The sale of this matter. Raises :class:`SaleNotFound`."""
    for row in sales.sales(work.cursor, matter.id):
        if row.id == key:
            return row
    raise SaleNotFound


def price_in_force(work: Work, matter: MatterRow, asset: UUID, on: date) -> ValuationRow | None:
    """The latest settled price that may still be used."""
    for row in sales.valuations(work.cursor, matter.id, asset):
        if (
            row.state == "settled"
            and row.valid_until
            and row.settled_on
            and row.settled_on <= on <= row.valid_until
        ):
            return row
    return None


def planned(work: Work, matter: MatterRow, asset: AssetRow, data: Any, announced_on: date) -> engine.Plan:
    """The form's data as the engine judges it, with the auctions that failed before."""
    failed = [
        engine.Earlier(row.start_fen, row.ended_on)
        for row in reversed(sales.sales(work.cursor, matter.id, asset.id))
        if row.way == "auction" and row.state == "failed" and row.ended_on
    ]
    movable = limits().asset(asset.kind).family in (Family.MOVABLE, Family.DEPOSIT)
    return engine.Plan(
        asset.name, asset.kind, movable, engine.Way(str(data["way"])), announced_on, int(data["start_fen"]),
        int(data.get("deposit_fen", 0)), timing.moment(data.get("bidding_from")), timing.moment(data.get("bidding_until")),
        engine.Ground(str(data["ground"])) if data.get("ground") else None, tuple(failed),
    )  # fmt: skip


def day(data: Any, name: str, otherwise: date) -> date:
    return date.fromisoformat(str(data[name])) if data.get(name) else otherwise
