"""How dates, amounts and offices are written in official documents.

Letters between organs write the date in Arabic numerals (GB/T 9704-2012, 7.3.5.4); what a court decides
ends with the date in Chinese numerals, year digit by digit with 〇 (人民法院民事裁判文书制作规范,
法〔2016〕221号). Money is held as integer fen and never becomes a float.
"""

from __future__ import annotations

import datetime as dt

from lianban.engines.identifiers.chinese_numerals import to_chinese

_DIGITS = "〇一二三四五六七八九"


def chinese_date(day: dt.date) -> str:
    """``2026-11-24`` → ``二〇二六年十一月二十四日``, the date under a ruling."""
    year = "".join(_DIGITS[int(digit)] for digit in f"{day.year:04d}")
    return f"{year}年{to_chinese(day.month)}月{to_chinese(day.day)}日"


def arabic_date(day: dt.date) -> str:
    """``2026-01-05`` → ``2026年1月5日``, without padding zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def yuan(fen: int) -> str:
    """``143555000`` → ``1435550元``; ``1234`` → ``12.34元``. Units: fen in, yuan out, exact."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole}.{rest:02d}元" if rest else f"{sign}{whole}元"


def spread(office: str) -> str:
    """``审判长`` → ``审　　判　　长``: an office set as wide as seven characters (法〔2016〕221号, 落款)."""
    gaps = len(office) - 1
    if gaps < 1 or len(office) > 4:
        return office
    width, more = divmod(7 - len(office), gaps)
    return "".join(
        mark + "　" * (width + (index < more) if index < gaps else 0) for index, mark in enumerate(office)
    )
