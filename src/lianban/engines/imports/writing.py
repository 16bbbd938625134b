"""Write tables: the template somebody fills in, the rows that were refused with the reasons, an export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from .columns import Column

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def template_heads(columns: Sequence[Column]) -> list[str]:
    """The heads of a template; a star marks what every row must hold."""
    return [f"{column.title.zh}*" if column.required else column.title.zh for column in columns]


def write_table(heads: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str = "数据",
                notes: Sequence[str] = ()) -> bytes:  # fmt: skip
    """An Excel file. Every cell is text, so that no program rounds an identity number or runs a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False})  # fmt: skip
    page = book.add_worksheet(sheet[:31])
    bold, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
    page.set_column(0, max(len(heads) - 1, 0), 18, text)
    for place, head in enumerate(heads):
        page.write_string(0, place, head, bold)
        if place < len(notes) and notes[place]:
            page.write_comment(0, place, notes[place])
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if cell not in (None, ""):
                page.write_string(number, place, str(cell), text)
    page.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def write_csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV in UTF-8 with a mark, so that Excel reads its Chinese. A text that a program would run as a formula gets an
    apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_harmless(head) for head in heads])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()
