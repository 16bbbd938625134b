"""Open a table: the first row that is not empty holds the heads, what follows are its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from .errors import TableTooLarge, TableUnreadable

MOST_BYTES = 60_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 300
MOST_CHARACTERS = 5_000  # of one cell, as of one field of a form
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls


@dataclass(frozen=True, slots=True)
class Table:
    """The heads, the number of the row they stand in (from 1, as the program shows it), and the rows below."""

    heads: tuple[str, ...]
    head_row: int
    rows: list[Sequence[Any]]

    def numbered(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """(row number in the file, cells) of every row that is not empty."""
        for offset, row in enumerate(self.rows, 1):
            if any(cell not in (None, "") for cell in row):
                yield self.head_row + offset, row


def read_table(content: bytes, file: str) -> Table:
    """The table in an Excel file (its first sheet) or in a CSV (UTF-8 or GB 18030; comma, semicolon or tab).

    Cells of Excel keep their kind (text, number, date), so that a checker can tell an identity number that was spoilt by
    being stored as a number. Raises :class:`TableUnreadable` or :class:`TableTooLarge`.
    """
    if len(content) > MOST_BYTES:
        raise TableTooLarge(file=file, found=len(content), what_zh="字节", what_en="bytes", most=MOST_BYTES)
    rows = _excel(content, file) if content.startswith(_EXCEL) else _csv(content, file)
    index = next((at for at, row in enumerate(rows) if any(cell not in (None, "") for cell in row)), None)
    if index is None:
        raise TableUnreadable(file=file, problem_zh="文件里没有内容", problem_en="there is nothing in it")
    heads = tuple(str(cell or "").strip() for cell in rows[index])
    below = rows[index + 1 :]
    for found, zh, en, most in (
        (len(below), "行", "rows", MOST_ROWS),
        (len(heads), "列", "columns", MOST_COLUMNS),
    ):
        if found > most:
            raise TableTooLarge(file=file, found=found, what_zh=zh, what_en=en, most=most)
    return Table(heads, index + 1, below)


def _excel(content: bytes, file: str) -> list[Sequence[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [tuple(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except (CalamineError, OSError, IndexError, ValueError) as error:
        raise TableUnreadable(
            file=file, problem_zh="不是完好的 Excel 文件", problem_en="it is no sound Excel file"
        ) from error


def _csv(content: bytes, file: str) -> list[Sequence[Any]]:
    text = _decoded(content, file)
    if "\x00" in text:
        raise TableUnreadable(
            file=file,
            problem_zh="文件含有空字符，不是文本",
            problem_en="it holds NUL characters and is no text",
        )
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise TableUnreadable(
            file=file,
            problem_zh=f"引号或分隔符有误（{error}）",
            problem_en=f"quotes or separators are wrong ({error})",
        ) from error


def _decoded(content: bytes, file: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableUnreadable(
        file=file,
        problem_zh="既不是 UTF-8 也不是 GB 18030 编码",
        problem_en="it is neither UTF-8 nor GB 18030",
    )


def as_text(cell: Any) -> str:
    """A cell as a person would have typed it: dates as ISO, whole numbers without a point, nothing for nothing."""
    match cell:
        case None:
            return ""
        case str():
            return cell.strip()
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case float():
            return repr(cell)
        case datetime() if cell.time() == time(0):
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(timespec="minutes")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return str(cell)
