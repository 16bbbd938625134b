"""A bank's statement in CSV or Excel, line by line, to the fen; each mistake at its row and column.

Banks name their columns differently; the usual names are known, and what is not needed is not read. In and out stand in two
columns or in one with its sign. Where the bank prints the balance, every line is checked against it, so that a line that is
missing, or stands twice, is found where it happened.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from lianban.engines.imports import read_table
from lianban.engines.imports.checking import iso_day
from lianban.engines.imports.tables import as_text

# By what banks call it. The first name of each is what our own messages say.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "day": ("交易日期", "日期", "记账日期", "入账日期", "date"),
    "income": ("收入", "贷方", "贷方发生额", "收入金额", "贷方金额", "credit"),
    "outgo": ("支出", "借方", "借方发生额", "支出金额", "借方金额", "debit"),
    "amount": ("金额", "交易金额", "发生额", "amount"),
    "balance": ("余额", "账户余额", "本次余额", "balance"),
    "reference": ("流水号", "交易流水号", "银行流水号", "凭证号", "reference"),
    "counterparty": ("对方户名", "对方名称", "对方账户名称", "counterparty"),
    "remark": ("摘要", "附言", "用途", "备注", "remark"),
}
_SPACE = re.compile(r"[\s_*:()（）：]|元")
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?$")
MOST_FEN = 10**15


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with one line. ``row`` is its number in the file; 0 where the file as a whole is meant."""

    row: int
    column: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    row: int
    on: date
    amount_fen: int
    reference: str
    counterparty: str
    remark: str


@dataclass(frozen=True, slots=True)
class BankFile:
    """What was read. With ``problems`` nothing of it may be used."""

    lines: tuple[StatementLine, ...]
    opening_fen: int
    closing_fen: int
    problems: tuple[LineProblem, ...]


def read_statement(content: bytes, file: str, opening_fen: int | None = None) -> BankFile:
    """The lines of a file. ``opening_fen`` is needed where the bank prints no balances; where it prints them they win only if
    they agree. Raises the errors of :func:`~lianban.engines.imports.read_table` for a file that is no table."""
    table = read_table(content, file)
    at, problems = _columns(table.heads, table.head_row)
    if problems:
        return BankFile((), 0, 0, tuple(problems))
    lines: list[StatementLine] = []
    balance = opening_fen
    opening = opening_fen
    seen: dict[str, int] = {}
    for number, cells in table.numbered():
        texts = {name: as_text(cells[place]) if place < len(cells) else "" for name, place in at.items()}
        if _is_total(cells):
            continue
        line, wrong = _line(number, texts)
        problems += wrong
        if line is None:
            balance = None
            continue
        if line.reference and line.reference in seen:
            problems.append(LineProblem(
                number, _title("reference"), f"流水号与第 {seen[line.reference]} 行相同。",
                f"The reference stands in row {seen[line.reference]} already.",
            ))  # fmt: skip
        seen.setdefault(line.reference, number)
        lines.append(line)
        balance, opening = _balanced(number, texts, line, balance, opening, problems)
    if not lines and not problems:
        problems.append(LineProblem(0, "", "文件里没有一笔流水。", "There is no movement in the file."))
    if opening is None and not problems:
        problems.append(
            LineProblem(
                0,
                _title("balance"),
                "没有余额列，请填写期初余额。",
                "There is no balance column: give the opening balance.",
            )
        )
    closing = (opening or 0) + sum(line.amount_fen for line in lines)
    return BankFile(tuple(lines), opening or 0, closing, tuple(sorted(problems, key=lambda p: p.row)))


def _columns(heads: Sequence[str], row: int) -> tuple[dict[str, int], list[LineProblem]]:
    keys = [_key(head) for head in heads]
    at = {}
    for name, known in COLUMNS.items():
        places = [keys.index(_key(word)) for word in known if _key(word) in keys]
        if places:
            at[name] = places[0]
    problems = []
    if "day" not in at:
        problems.append(LineProblem(row, "", "缺少“交易日期”列。", "The column 交易日期 (date) is missing."))
    if not ({"income", "outgo"} <= set(at) or "amount" in at):
        problems.append(
            LineProblem(
                row,
                "",
                "缺少“收入”“支出”两列，或带正负号的“金额”列。",
                "Columns 收入 and 支出, or 金额 with its sign, are missing.",
            )
        )
    return at, problems


def _line(row: int, texts: Mapping[str, str]) -> tuple[StatementLine | None, list[LineProblem]]:
    problems = []
    day = None
    try:
        day = date.fromisoformat(iso_day(_TIME.sub("", texts["day"])))
    except ValueError:
        problems.append(
            LineProblem(
                row,
                _title("day"),
                "不是日期，请写成 2026-03-02 的样子。",
                "This is no date; write it like 2026-03-02.",
            )
        )
    amounts = {}
    for name in ("income", "outgo", "amount"):
        if texts.get(name):
            fen, wrong = _fen(row, name, texts[name], signed=name == "amount")
            amounts[name] = fen
            problems += wrong
    fen = amounts["amount"] if amounts.get("amount") else amounts.get("income", 0) - amounts.get("outgo", 0)
    if not problems and (fen == 0 or (amounts.get("income") and amounts.get("outgo"))):
        problems.append(LineProblem(
            row, _title("income" if "income" in texts else "amount"), "每行只有一笔收入或一笔支出，且不为零。",
            "A line is one movement in or out, and not zero.",
        ))  # fmt: skip
    if problems or day is None:
        return None, problems
    words = (texts.get(name, "")[:200] for name in ("reference", "counterparty", "remark"))
    return StatementLine(row, day, fen, *words), []


def _balanced(
    row: int, texts: Mapping[str, str], line: StatementLine, before: int | None, opening: int | None,
    problems: list[LineProblem],
) -> tuple[int | None, int | None]:  # fmt: skip
    """The balance after a line, and the opening balance once the first printed one tells it."""
    if not texts.get("balance"):
        return (None if before is None else before + line.amount_fen), opening
    said, wrong = _fen(row, "balance", texts["balance"], signed=True)
    problems += wrong
    if wrong:
        return None, opening
    if opening is None:
        opening = before = said - line.amount_fen
    if before is not None and before + line.amount_fen != said:
        expected = Decimal(before + line.amount_fen) / 100
        problems.append(LineProblem(
            row, _title("balance"), f"余额应为 {expected:,.2f}：可能缺了一行、多了一行，或期初余额有误。",
            f"The balance should be {expected:,.2f}: a line is missing or too many, or the opening balance is wrong.",
        ))  # fmt: skip
    return said, opening


def _fen(row: int, name: str, text: str, *, signed: bool) -> tuple[int, list[LineProblem]]:
    plain = (
        unicodedata.normalize("NFKC", text)
        .replace(",", "")
        .replace("¥", "")
        .replace(" ", "")
        .removesuffix("元")
    )
    try:
        exact = Decimal(plain) * 100
        if (
            not exact.is_finite()
            or exact != exact.to_integral_value()
            or abs(exact) >= MOST_FEN
            or (exact < 0 and not signed)
        ):
            # Excel keeps sums as floating numbers: 0.1 + 0.2. What is nearer than a thousandth of a fen is that fen.
            nearest = exact.to_integral_value() if exact.is_finite() else None
            if (
                nearest is None
                or abs(exact - nearest) > Decimal("0.001")
                or abs(exact) >= MOST_FEN
                or (exact < 0 and not signed)
            ):
                raise InvalidOperation
            exact = nearest
    except InvalidOperation:
        return 0, [LineProblem(
            row, _title(name), "不是金额，或不足一分，请以元填写，最多两位小数。",
            "This is no amount, or less than a fen: give yuan with at most two decimals.",
        )]  # fmt: skip
    return int(exact), []


def _is_total(cells: Iterable[Any]) -> bool:
    """Banks close a statement with a line of totals: it is no movement."""
    first = next((as_text(cell) for cell in cells if cell not in (None, "")), "")
    return first.startswith(("合计", "总计", "小计", "期末", "Total"))


def _title(name: str) -> str:
    return COLUMNS[name][0]


def _key(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()
