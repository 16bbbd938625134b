"""Amounts of money read from text: 4700万元, 1435.55万元, 11 500元, 740万余, 人民币壹佰万元整.

The reader never guesses: a missing unit, 三万五, 11.500 and digits grouped otherwise than by three are
refused with both readings.
"""

from __future__ import annotations

import re
from decimal import Decimal

from lianban.engines.identifiers.characters import narrow
from lianban.engines.identifiers.masks import cover
from lianban.engines.identifiers.money import FEN_PER_YUAN, LIMIT, Bound, Money, render_money
from lianban.engines.identifiers.money_errors import (
    AmbiguousMoney,
    InvalidMoney,
    MoneyDisagrees,
    MoneyFraction,
    MoneyTooLarge,
    MoneyUnitMissing,
    OtherCurrency,
)

UNITS = {"分": 1, "角": 10, "元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}

_SIMPLE = str.maketrans(
    "〇○壹贰貳叁參肆伍陆陸柒捌玖两兩拾佰仟萬億圆圓塊块毛",
    "零零一二二三三四五六六七八九二二十百千万亿元元元元角",
)
_CHINESE = {character: value for value, character in enumerate("零一二三四五六七八九")}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_CURRENCIES = ("美元", "欧元", "港元", "港币", "日元", "英镑", "澳元", "加元", "新台币", "台币", "澳门元", "韩元", "卢布", "USD", "EUR", "HKD", "$", "€", "£")  # fmt: skip
_BEFORE = {
    "约": Bound.ABOUT, "大约": Bound.ABOUT, "近": Bound.BELOW, "将近": Bound.BELOW, "不足": Bound.BELOW,
    "不到": Bound.BELOW, "逾": Bound.ABOVE, "超": Bound.ABOVE, "超过": Bound.ABOVE, "高达": Bound.EXACT,
}  # fmt: skip
_AFTER = {
    "余": Bound.ABOVE, "多": Bound.ABOVE, "以上": Bound.ABOVE, "以内": Bound.BELOW, "左右": Bound.ABOUT,
    "上下": Bound.ABOUT,
}  # fmt: skip
_LEADING = re.compile(r"^(?:共计|合计|总计|计|金额|大写|小写|人民币|RMB|CNY|¥|￥|[:：\s])+")
_BEFORE_WORD = re.compile("^(" + "|".join(sorted(_BEFORE, key=len, reverse=True)) + ")")
# 余 and 多 stand before or after the unit: 740万余元, 740余万元, 740万元余.
_AFTER_WORD = re.compile(r"(余|多|以上|以内|左右|上下)")
_LONG_DIGITS = re.compile(r"\d{15,}[Xx]?")
_TWICE = re.compile(r"^(?P<first>[^()（）]+)[(（](?P<second>[^()（）]+)[)）]$")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[零一二三四五六七八九]|[十百千万亿]|[元角分]")
_GROUPED = re.compile(r"\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d+)?")


def parse_money(text: str, *, unit: str | None = None) -> Money:
    """The amount in ``text``. ``unit`` (``元``, ``万元``…) is that of a column whose numbers stand alone.

    An amount printed twice, in words and in digits, must agree with itself. Raises
    :class:`~lianban.engines.identifiers.money_errors.InvalidMoney` or one of its kinds.
    """
    written = narrow(text).strip()
    twice = _TWICE.match(written)
    if twice:
        return _agreeing(text, twice["first"], twice["second"], unit)
    return _single(written, _shown(text), unit)


def _agreeing(text: str, first: str, second: str, unit: str | None) -> Money:
    one, two = _single(first.strip(), _shown(text), unit), _single(second.strip(), _shown(text), unit)
    if one != two:
        words, digits = (two, one) if re.search(r"\d", first) else (one, two)
        raise MoneyDisagrees(text=_shown(text), words=render_money(words), digits=render_money(digits))
    return one


def _single(written: str, shown: str, unit: str | None) -> Money:
    body, bound = _without_bound(written)
    for currency in _CURRENCIES:
        if currency in body:
            raise OtherCurrency(text=shown, currency=currency)
    marked = bool(re.search("人民币|RMB|CNY|[¥￥]", body.upper()))
    sign = 1
    body = _LEADING.sub("", body.upper())
    if body[:1] in ("-", "负"):
        sign, body = -1, _LEADING.sub("", body[1:])
    body = body.translate(_SIMPLE).rstrip("。")
    if body[-1:] in ("整", "正") and body[-2:-1] in ("元", "角"):
        body = body[:-1]
    body = _ungrouped(body, shown)
    if not body or _TOKEN.sub("", body):
        raise InvalidMoney(text=shown)
    fen = _fen(_TOKEN.findall(body), shown, unit, marked)
    if fen >= LIMIT:
        raise MoneyTooLarge(text=shown)
    return Money(sign * fen, bound)


def _without_bound(written: str) -> tuple[str, Bound]:
    body = written
    bounds = []
    before = _BEFORE_WORD.match(_LEADING.sub("", body))
    if before:
        bounds.append(_BEFORE[before[1]])
        body = body.replace(before[1], "", 1)
    after = _AFTER_WORD.search(body)
    if after and re.search(
        r"[\d零一二三四五六七八九十百千万亿元角分壹贰叁肆伍陆柒捌玖拾佰仟]$", body[: after.start()]
    ):
        bounds.append(_AFTER[after[1]])
        body = body[: after.start()] + body[after.end() :]
    inexact = [bound for bound in bounds if bound is not Bound.EXACT]
    if not inexact:
        return body, Bound.EXACT
    return body, inexact[0] if len(set(inexact)) == 1 else Bound.ABOUT


def _ungrouped(body: str, shown: str) -> str:
    """Commas and spaces between groups of three go; any other grouping is refused."""
    match = re.match(r"[\d, .]+", body)
    if not match or not re.search(r"[, ]", match[0].strip()):
        return _no_thousand_dots(body.replace(" ", ""), shown)
    digits = match[0].rstrip(" ")
    if re.search(r"[, ]", digits):
        if not _GROUPED.fullmatch(digits):
            pieces = re.split(r"[, ]+", digits)
            raise AmbiguousMoney(text=shown, first="".join(pieces), second="、".join(pieces))
        digits = re.sub(r"[, ]", "", digits)
    return (digits + body[match.end() :]).replace(" ", "")


def _no_thousand_dots(body: str, shown: str) -> str:
    # 11.500元 is eleven and a half in one convention and eleven thousand five hundred in another; before
    # 万 or 亿 three decimals are usual and mean decimals.
    match = re.match(r"([1-9]\d{0,2})\.(\d{3})(?:元|$)", body)
    if match:
        whole, rest = match.groups()
        raise AmbiguousMoney(
            text=shown, first=f"{whole}{rest}元", second=f"{whole}.{rest.rstrip('0') or '0'}元"
        )
    return body


def _fen(tokens: list[str], shown: str, unit: str | None, marked: bool) -> int:
    yuan_at = tokens.index("元") if "元" in tokens else None
    if yuan_at is None and ("角" in tokens or "分" in tokens):
        return _cents(tokens, shown)
    whole = tokens if yuan_at is None else tokens[:yuan_at]
    cents = [] if yuan_at is None else tokens[yuan_at + 1 :]
    value, largest = _number(whole, shown)
    if yuan_at is None and unit is not None and largest < 10_000:
        fen = value * UNITS[unit]
    elif yuan_at is None and not marked and largest < 10_000:
        raise MoneyUnitMissing(text=shown)
    else:
        fen = value * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise MoneyFraction(text=shown)
    if cents and value != value.to_integral_value():
        raise InvalidMoney(text=shown)
    return int(fen) + (_cents(cents, shown) if cents else 0)


def _cents(tokens: list[str], shown: str) -> int:
    """角 and 分 after 元, or alone: 伍角, 零伍分, 5角8分."""
    text = "".join(tokens)
    match = re.fullmatch(r"零?(?:([一二三四五六七八九\d])角)?零?(?:([一二三四五六七八九\d])分)?", text)
    if not match or not any(match.groups()):
        raise InvalidMoney(text=shown)
    jiao, fen = (
        int(digit) if digit and digit.isascii() else _CHINESE.get(digit or "零", 0)
        for digit in match.groups()
    )
    return jiao * 10 + fen


def _number(tokens: list[str], shown: str) -> tuple[Decimal, int]:
    """The number, and the largest unit word in it (1 if there is none)."""
    if not tokens:
        raise InvalidMoney(text=shown)
    if len(tokens) > 1 and all(word in _CHINESE for word in tokens):
        return Decimal("".join(str(_CHINESE[word]) for word in tokens)), 1
    total = Decimal(0)  # closed by 亿
    section = Decimal(0)  # closed by 万
    inner = Decimal(0)  # the thousand being read
    current: Decimal | None = None
    last_unit, largest, zero = 10**9, 1, False
    for place, word in enumerate(tokens):
        if word[0].isdigit() and word[0].isascii():
            if current is not None:
                raise InvalidMoney(text=shown)
            current = Decimal(word)
        elif word == "零":
            zero = True
        elif word in _CHINESE:
            if current is not None:
                raise InvalidMoney(text=shown)
            current = Decimal(_CHINESE[word])
        elif word in _SMALL:
            size = _SMALL[word]
            if size >= last_unit or (current is None and not (size == 10 and inner == 0)):
                raise InvalidMoney(text=shown)
            inner += (Decimal(1) if current is None else current) * size
            current, last_unit, zero = None, size, False
            largest = max(largest, size)
        else:
            inner += current or 0
            if word == "万":
                if inner == 0 or section:
                    raise InvalidMoney(text=shown)
                section, inner = inner * 10_000, Decimal(0)
            else:
                if total or not (section or inner):
                    raise InvalidMoney(text=shown)
                total, section, inner = (section + inner) * 100_000_000, Decimal(0), Decimal(0)
            largest = max(largest, 10_000 if word == "万" else 100_000_000)
            current, last_unit, zero = None, 10**9, False
        if current is not None and place == len(tokens) - 1:
            _refuse_colloquial(tokens, place, zero, shown)
    if tokens == ["零"]:
        return Decimal(0), 1
    return total + section + inner + (current or 0), largest


def _refuse_colloquial(tokens: list[str], place: int, zero: bool, shown: str) -> None:
    """三万五 is 35000 in speech and 30005 by the letter: one digit after 百 or more, without 零."""
    if place == 0 or zero or len(tokens[place]) > 1:
        return
    before = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}.get(tokens[place - 1])
    if before is None:
        return
    digit = int(tokens[place]) if tokens[place].isascii() else _CHINESE[tokens[place]]
    head, _largest = _number(tokens[:place], shown)
    raise AmbiguousMoney(text=shown, first=f"{head + digit:,}元", second=f"{head + digit * before // 10:,}元")


def _shown(text: str) -> str:
    # A resident number pasted into the field of an amount must not end up in an error.
    return _LONG_DIGITS.sub(lambda run: cover(run.group(), 2, 2), text.strip()[:40])
