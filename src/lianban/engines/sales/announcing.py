"""Whether a sale may be announced as it is planned: price, deposit, notice, bidding, ground.

Sources: 网络司法拍卖规定 10, 12, 16, 17, 20, 26; 拍卖变卖规定 31, 32; 执行工作规定 33; 参考价规定 27, 30. Money in fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from lianban.engines.clocks import ClockBook, legal_date

from .errors import (
    BiddingTooShort,
    DepositOutOfRange,
    DirectSaleWithoutGround,
    NoMoreAuctions,
    NoticeTooShort,
    PriceBelowFloor,
    PriceNotSettled,
    StartTooLow,
)
from .rules import SaleRules


class Way(StrEnum):
    """How an asset is turned into money."""

    AUCTION = "auction"  # 网络司法拍卖
    DIRECT = "direct"  # 变卖
    SELF = "self"  # 被执行人自行变卖，法院监督价款


class Method(StrEnum):
    """How the reference price is found (参考价规定 1), in the order in which they are tried."""

    AGREED = "agreed"  # 当事人议价
    DIRECTED = "directed"  # 定向询价
    ONLINE = "online"  # 网络询价
    APPRAISAL = "appraisal"  # 委托评估


class Ground(StrEnum):
    """Why an asset may be sold without an auction (拍卖变卖规定 31)."""

    CONSENT = "consent"  # 当事人双方及有关权利人同意
    SEASONAL = "seasonal"  # 季节性商品
    PERISHABLE = "perishable"  # 易腐烂变质的物品
    MARKET_PRICE = "market_price"  # 当地市场有公开交易价格的动产，金银及其制品
    COSTLY_TO_KEEP = "costly_to_keep"  # 保管困难或者保管费用过高
    UNSOLD = "unsold"  # 再次拍卖流拍


# What only a movable can be.
_OF_MOVABLES = frozenset({Ground.SEASONAL, Ground.PERISHABLE, Ground.MARKET_PRICE, Ground.COSTLY_TO_KEEP})
_WORDS = {
    Ground.CONSENT: "各方同意", Ground.SEASONAL: "季节性商品", Ground.PERISHABLE: "易腐烂变质", Ground.MARKET_PRICE: "有公开市价",
    Ground.COSTLY_TO_KEEP: "保管困难或费用过高", Ground.UNSOLD: "再次拍卖流拍",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Valued:
    """A reference price: what the whole thing is worth, since when, until when it may be used."""

    value_fen: int
    method: Method
    settled_on: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Earlier:
    """An auction that found no buyer."""

    start_fen: int
    failed_on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """A sale as it is planned. ``bidding_from`` and ``bidding_until`` of an auction; ``until`` is the last day of a self-sale."""

    asset: str
    kind: str
    movable: bool
    way: Way
    announced_on: date
    start_fen: int
    deposit_fen: int = 0
    bidding_from: datetime | None = None
    bidding_until: datetime | None = None
    ground: Ground | None = None
    earlier: tuple[Earlier, ...] = field(default=())

    @property
    def round(self) -> int:
        return len(self.earlier) + 1


def least_start(plan: Plan, valued: Valued, rules: SaleRules) -> tuple[int, int, str, str]:
    """The least starting price in fen, its percentage, and of what (zh, en). Rounded up: below is below."""
    if plan.way is Way.AUCTION and plan.earlier:
        percent = rules.on("later_start", plan.announced_on).value
        return _up(plan.earlier[-1].start_fen * percent), percent, "前次起拍价", "the last starting price"
    if plan.way is Way.AUCTION:
        percent = rules.on("first_start", plan.announced_on).value
        return _up(valued.value_fen * percent), percent, "参考价", "the reference price"
    if plan.way is Way.DIRECT:
        percent = rules.on("direct_least", plan.announced_on).value
        return _up(valued.value_fen * percent), percent, "参考价", "the reference price"
    return valued.value_fen, 100, "参考价", "the reference price"


def check_plan(
    plan: Plan, valued: Valued | None, book: ClockBook, rules: SaleRules | None = None
) -> date | None:
    """Raises what forbids the plan; returns the day by which the parties must be told, of an auction.

    A seasonal or perishable thing may go at the market's price without a reference price: it would not wait for one.
    """
    rules = rules or SaleRules.standard()
    if plan.way is Way.DIRECT:
        _ground(plan, rules)
    priceless = plan.way is Way.DIRECT and plan.ground in (
        Ground.SEASONAL,
        Ground.PERISHABLE,
        Ground.MARKET_PRICE,
    )
    if valued is None and not priceless:
        raise PriceNotSettled(asset=plan.asset, why_zh="尚未确定", why_en="it was not settled")
    if valued is not None:
        if plan.announced_on > valued.valid_until:
            raise PriceNotSettled(
                asset=plan.asset,
                why_zh=f"已于 {valued.valid_until} 过期",
                why_en=f"it ended on {valued.valid_until}",
            )
        least, percent, of_zh, of_en = least_start(plan, valued, rules)
        if plan.start_fen < least:
            raise StartTooLow(
                found=_yuan(plan.start_fen), least=_yuan(least), percent=percent, of_zh=of_zh, of_en=of_en
            )
    return _auction(plan, book, rules) if plan.way is Way.AUCTION else None


def floor(plan: Plan) -> int:
    """Below what the sale does not stand: the starting price of an auction, the price set for any other sale."""
    return plan.start_fen


def check_price(plan: Plan, price_fen: int) -> None:
    """Raises :class:`PriceBelowFloor` for a price at which the thing may not go."""
    if price_fen < floor(plan):
        raise PriceBelowFloor(found=_yuan(price_fen), least=_yuan(floor(plan)),
                              of_zh="起拍价" if plan.way is Way.AUCTION else "确定的价格",
                              of_en="the starting price" if plan.way is Way.AUCTION else "the price set")  # fmt: skip


def again_until(book: ClockBook, failed_on: date) -> date:
    """The last day on which a failed auction is to be announced again."""
    return book.due("enforcement.auction_again", failed_on).legal_date


def _auction(plan: Plan, book: ClockBook, rules: SaleRules) -> date:
    rounds = rules.on("auction_rounds", plan.announced_on).value
    if plan.round > rounds:
        raise NoMoreAuctions(asset=plan.asset, rounds=len(plan.earlier))
    least, most = (rules.on(code, plan.announced_on).value for code in ("deposit_least", "deposit_most"))
    if not plan.start_fen * least <= plan.deposit_fen * 100 <= plan.start_fen * most:
        raise DepositOutOfRange(found=_yuan(plan.deposit_fen), least=least, most=most)
    if plan.bidding_from is None or plan.bidding_until is None:
        raise BiddingTooShort(found=0, least=24)
    hours = (plan.bidding_until - plan.bidding_from) / timedelta(hours=1)
    needed = book.due("enforcement.bidding", plan.bidding_from)
    if needed.at > plan.bidding_until:
        raise BiddingTooShort(found=f"{hours:.1f}", least=24)
    begins = legal_date(plan.bidding_from)
    code = (
        ("reauction" if plan.earlier else "auction") + "_notice_" + ("movable" if plan.movable else "other")
    )
    latest = book.due(f"enforcement.{code}", begins).legal_date
    if plan.announced_on > latest:
        raise NoticeTooShort(latest=latest, days=(begins - latest).days, found=plan.announced_on)
    return book.due("enforcement.auction_tell_parties", begins).legal_date


def _ground(plan: Plan, rules: SaleRules) -> None:
    rounds = rules.on("auction_rounds", plan.announced_on).value
    good = plan.ground is not None and (
        plan.ground is Ground.CONSENT
        or (plan.ground is Ground.UNSOLD and len(plan.earlier) >= rounds)
        or (plan.ground in _OF_MOVABLES and plan.movable)
    )
    if not good:
        raise DirectSaleWithoutGround(
            asset=plan.asset, kind=plan.kind, grounds="、".join(_WORDS[g] for g in possible_grounds(plan))
        )


def possible_grounds(plan: Plan) -> Sequence[Ground]:
    """What might be a ground for this asset."""
    return [ground for ground in Ground if plan.movable or ground not in _OF_MOVABLES]


def _up(hundredfold: int) -> int:
    return -(-hundredfold // 100)


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
