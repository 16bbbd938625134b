"""Small whole numbers in Chinese words, as in 之二十一."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾两〇", "一二三四五六七八九十二零")


def to_chinese(number: int) -> str:
    """1–99 in words: ``一``, ``十``, ``十一``, ``二十``."""
    if not 1 <= number <= 99:
        raise ValueError("1 to 99")
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def from_chinese(text: str) -> int | None:
    """The number for 1–99 in words or digits, ``None`` if it is neither."""
    if text.isascii() and text.isdigit():
        number = int(text)
        return number if 1 <= number <= 99 else None
    words = text.translate(_FORMAL)
    for number in range(1, 100):
        if words == to_chinese(number):
            return number
    return None
