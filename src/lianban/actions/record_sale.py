"""处置进展: sold or not, paid, ruled over, delivered: each a fact of its own, with its own day and its own clock."""

from __future__ import annotations

from datetime import date, datetime, time

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.deduct_measure import dispose_asset
from lianban.actions.measure_in_hand import asset_in, next_number, subjects_of
from lianban.actions.running_clocks import meet_clocks, start_clock
from lianban.actions.sale_errors import DisposalBarred, StepOutOfOrder
from lianban.actions.sale_in_hand import day, sale_in
from lianban.engines import sales as engine
from lianban.engines.clocks.moments import legal_date
from lianban.engines.process.timers import BEIJING
from lianban.records import sales
from lianban.records.sales import SaleRow


@acts("sales.result")
def record_sale(doing: Doing) -> Outcome:
    """The auction ended, the buyer was found, or the sale was taken back. A failed auction is announced again in thirty days."""
    work, matter, data = doing.work, doing.matter, doing.data
    row = sale_in(work, matter, doing.record)
    asset = asset_in(work, matter, row.asset)
    outcome, on = str(data["outcome"]), day(data, "ended_on", legal_date(doing.at))
    buyer_defaulted = row.state == "sold" and row.paid_on is None and outcome == "failed"
    if row.state != "announced" and not buyer_defaulted:
        raise StepOutOfOrder(
            step_zh="处置结果", step_en="The result", why_zh="这次处置已经结束", why_en="this sale has ended"
        )
    if on < row.announced_on:
        raise StepOutOfOrder(
            step_zh="处置结果",
            step_en="The result",
            why_zh=f"早于公告日 {row.announced_on}",
            why_en=f"it is before {row.announced_on}",
        )
    price = int(data["price_fen"]) if outcome == "sold" else None
    if price is not None:
        if sales.barred(work.cursor, matter.id, asset.id, on):
            raise DisposalBarred(asset=asset.name)
        engine.check_price(_plan(row, asset.name, asset.kind), price)
    work.cursor.execute(
        "UPDATE sale SET state = %s, ended_on = %s, price_fen = %s, buyer = %s, reason = %s WHERE id = %s",
        [outcome, on, price, str(data.get("buyer", "")), str(data.get("reason", "")), row.id],
    )
    meet_clocks(work, row.id, doing.at)
    at = datetime.combine(on, time(9), BEIJING)
    if (
        outcome == "failed"
        and row.way == "auction"
        and row.round < engine.SaleRules.standard().on("auction_rounds", on).value
    ):
        start_clock(
            work,
            matter,
            code="enforcement.auction_again",
            about_kind="assets",
            about=asset.id,
            from_at=at,
            warn_days=(15, 7, 3),
        )
    if row.way == "auction" and outcome != "withdrawn":
        start_clock(
            work,
            matter,
            code="enforcement.deposit_refund",
            about_kind="sales",
            about=row.id,
            from_at=doing.at,
        )
    return Outcome(
        record=row.id, said={"sale": str(row.id), "outcome": outcome, "ended_on": on, "price_fen": price},
        shown={"asset": asset.name, "outcome": outcome, "price_fen": price}, subjects=subjects_of(asset),
    )  # fmt: skip


@acts("sales.paid")
def record_price_paid(doing: Doing) -> Outcome:
    """The whole price has arrived: the ruling on title follows within ten days (拍卖变卖规定 20)."""
    row, on = _step(
        doing,
        "价款付清",
        "The payment of the price",
        "paid_on",
        lambda row: row.state == "sold",
        "尚未成交",
        "it is not sold",
        "ended_on",
    )
    doing.work.cursor.execute("UPDATE sale SET paid_on = %s WHERE id = %s", [on, row.id])
    start_clock(doing.work, doing.matter, code="enforcement.transfer_order", about_kind="sales", about=row.id,
                from_at=datetime.combine(on, time(9), BEIJING), warn_days=(5, 3, 1))  # fmt: skip
    return _told(doing, row, paid_on=on)


@acts("sales.transfer")
def record_transfer(doing: Doing) -> Outcome:
    """The ruling on title is made: every measure on the asset ends with it, whoever holds it (查扣冻规定 27)."""
    row, on = _step(
        doing,
        "成交裁定",
        "The ruling on title",
        "transferred_on",
        lambda row: row.paid_on is not None,
        "价款尚未付清",
        "the price is not paid",
        "paid_on",
    )
    work, matter = doing.work, doing.matter
    served = day(doing.data, "served_on", on)
    number = next_number(work, matter)
    work.cursor.execute(
        "UPDATE sale SET transferred_on = %s, transfer_number = %s, served_on = %s WHERE id = %s",
        [on, number, served, row.id],
    )
    dispose_asset(work, matter, row.asset, doing.at, "sale")
    meet_clocks(work, row.id, doing.at, ["enforcement.transfer_order"])
    start_clock(work, matter, code="enforcement.delivery", about_kind="sales", about=row.id,
                from_at=datetime.combine(served, time(9), BEIJING), warn_days=(7, 3, 1))  # fmt: skip
    return _told(doing, row, transferred_on=on, number=number)


@acts("sales.deliver")
def record_delivery(doing: Doing) -> Outcome:
    """The buyer has the thing."""
    row, on = _step(
        doing,
        "交付",
        "The delivery",
        "delivered_on",
        lambda row: row.transferred_on is not None,
        "成交裁定尚未作出",
        "there is no ruling yet",
        "transferred_on",
    )
    doing.work.cursor.execute("UPDATE sale SET delivered_on = %s WHERE id = %s", [on, row.id])
    meet_clocks(doing.work, row.id, doing.at, ["enforcement.delivery"])
    return _told(doing, row, delivered_on=on)


def _step(
    doing: Doing, zh: str, en: str, name: str, ready: object, why_zh: str, why_en: str, after: str
) -> tuple[SaleRow, date]:
    """The sale and the day of a step. Raises :class:`StepOutOfOrder` before its time, a second time, or dated backwards."""
    row = sale_in(doing.work, doing.matter, doing.record)
    on = day(doing.data, name, legal_date(doing.at))
    if not ready(row):  # type: ignore[operator]
        raise StepOutOfOrder(step_zh=zh, step_en=en, why_zh=why_zh, why_en=why_en)
    if getattr(row, name) is not None:
        raise StepOutOfOrder(step_zh=zh, step_en=en, why_zh="已经登记过", why_en="it is recorded already")
    if on < getattr(row, after):
        raise StepOutOfOrder(
            step_zh=zh,
            step_en=en,
            why_zh=f"早于 {getattr(row, after)}",
            why_en=f"it is before {getattr(row, after)}",
        )
    return row, on


def _told(doing: Doing, row: SaleRow, **facts: object) -> Outcome:
    asset = asset_in(doing.work, doing.matter, row.asset)
    return Outcome(record=row.id, said={"sale": str(row.id), **facts},
                   shown={"asset": asset.name, **{name: str(value) for name, value in facts.items()}}, subjects=subjects_of(asset))  # fmt: skip


def _plan(row: SaleRow, name: str, kind: str) -> engine.Plan:
    return engine.Plan(
        name, kind, True, engine.Way(row.way), row.announced_on, row.start_fen, row.deposit_fen
    )
