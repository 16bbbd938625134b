"""Amounts of renminbi in whole fen 分, and how they are printed.

An amount is an integer number of fen everywhere; 万元 and 亿元 exist on paper only. The seed's unit 万元 is
10⁶ fen. Amounts that a text gives as 740万余元 or 近700万元 keep that word as a :class:`Bound`, so that a
figure nobody ever said exactly is never shown, summed or compared as if it were exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lianban.engines.identifiers.money_errors import InexactMoney, MoneyTooLarge

FEN_PER_YUAN = 100
FEN_PER_WAN = 10_000 * FEN_PER_YUAN
FEN_PER_YI = 100_000_000 * FEN_PER_YUAN
# The largest amount that capitals can say: below 10^16 yuan.
LIMIT = 10**16 * FEN_PER_YUAN


class Bound(StrEnum):
    """How exactly an amount was given."""

    EXACT = "exact"
    ABOVE = "above"  # 余, 多, 逾, 超过, 以上: the figure or somewhat more
    BELOW = "below"  # 近, 不足, 以内: the figure or somewhat less
    ABOUT = "about"  # 约, 左右


@dataclass(frozen=True)
class Money:
    """An amount in fen, with the word that made it inexact where there was one."""

    fen: int
    bound: Bound = Bound.EXACT

    def __post_init__(self) -> None:
        if abs(self.fen) >= LIMIT:
            raise MoneyTooLarge(text=str(self.fen // FEN_PER_YUAN))

    @property
    def is_exact(self) -> bool:
        """False for 余, 近, 约: such an amount may be shown but not summed."""
        return self.bound is Bound.EXACT

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan, exactly."""
        return Decimal(self.fen).scaleb(-2)


class MoneyStyle(StrEnum):
    """How an amount is printed."""

    YUAN = "yuan"  # 47,000,000.00元
    SIGN = "sign"  # ¥47,000,000.00
    WAN = "wan"  # 4700万元
    YI = "yi"  # 3.16亿元
    CAPITALS = "capitals"  # 人民币肆仟柒佰万元整


def render_money(money: Money | int, style: MoneyStyle | str = MoneyStyle.YUAN) -> str:
    """The amount (or plain fen) in words and digits that :func:`parse_money` reads back unchanged.

    万 and 亿 are exact: as many decimals as needed, none rounded away.
    """
    money = money if isinstance(money, Money) else Money(money)
    style = MoneyStyle(style)
    if style is MoneyStyle.CAPITALS:
        if not money.is_exact:
            raise InexactMoney(text=render_money(money))
        return to_capitals(money.fen)
    sign, fen = ("-" if money.fen < 0 else ""), abs(money.fen)
    if style is MoneyStyle.SIGN:
        return _qualified(f"{sign}¥{_grouped(fen)}", "", money.bound)
    if style is MoneyStyle.YUAN:
        return _qualified(f"{sign}{_grouped(fen)}", "元", money.bound)
    unit, size = ("万", FEN_PER_WAN) if style is MoneyStyle.WAN else ("亿", FEN_PER_YI)
    return _qualified(f"{sign}{_decimal(fen, size)}{unit}", "元", money.bound)


def _grouped(fen: int) -> str:
    return f"{fen // FEN_PER_YUAN:,}.{fen % FEN_PER_YUAN:02d}"


def _decimal(fen: int, size: int) -> str:
    whole, rest = divmod(fen, size)
    digits = str(rest).zfill(len(str(size)) - 1).rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def _qualified(amount: str, unit: str, bound: Bound) -> str:
    return {
        Bound.EXACT: f"{amount}{unit}",
        Bound.ABOVE: f"{amount}余{unit}",
        Bound.BELOW: f"近{amount}{unit}",
        Bound.ABOUT: f"约{amount}{unit}",
    }[bound]


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿")


def to_capitals(fen: int, *, prefix: str = "人民币") -> str:
    """The amount in capitals as on cheques and judgments: ``人民币壹佰万元整``.

    Rule: 支付结算办法, annex 1 (正确填写票据和结算凭证的基本规定). 整 follows 元 when there is no 角 and no 分;
    a 零 that the rule leaves open (万 or 元 place zero, next place not) is not written.
    """
    if abs(fen) >= LIMIT:
        raise MoneyTooLarge(text=str(fen // FEN_PER_YUAN))
    sign, fen = ("负" if fen < 0 else ""), abs(fen)
    yuan, cents = divmod(fen, FEN_PER_YUAN)
    jiao, last = divmod(cents, 10)
    words = _whole(yuan) + "元" if yuan or not cents else ""
    if not cents:
        words += "整"
    elif jiao:
        words += _DIGITS[jiao] + "角" + (_DIGITS[last] + "分" if last else "")
    else:
        words += ("零" if words else "") + _DIGITS[last] + "分"
    return prefix + sign + words


def _whole(yuan: int) -> str:
    if not yuan:
        return _DIGITS[0]
    sections: list[int] = []
    while yuan:
        yuan, section = divmod(yuan, 10_000)
        sections.append(section)
    words = ""
    gap = False
    for place in range(len(sections) - 1, -1, -1):
        section = sections[place]
        if section == 0:
            gap = gap or bool(words)
            # 万亿 and 亿 are one unit word: 贰万亿 needs its 亿 even where the 亿 section is empty.
            if place == 2 and len(sections) > 3:
                words += "亿"
            continue
        if words and (gap or section < 1000):
            words += "零"
        words += _section(section)
        words += "万" if place == 3 else _SECTIONS[place]
        gap = False
    return words


def _section(number: int) -> str:
    words = ""
    zero = False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if zero and words else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return words
