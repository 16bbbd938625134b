"""CSV logs: one event a line, streamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lianban.engines.eventlogs.columns import ROLES, Columns, layout_of
from lianban.engines.eventlogs.errors import LogBroken, RowLength, TimeUnreadable, ValueMissing, WrongEncoding
from lianban.engines.eventlogs.logs import LoggedEvent


def csv_events(
    stream: io.BufferedReader[Any],
    *,
    file: str,
    columns: Columns,
    attributes: tuple[str, ...],
    read_time: Callable[[str], datetime],
    encoding: str,
    delimiter: str | None,
) -> Iterator[LoggedEvent]:
    """The events of a CSV log in the order of the file."""
    lines = _decoded(stream, file, encoding)
    header = next(lines, "")
    layout = layout_of(header, columns, attributes, file, delimiter)
    names = layout.names
    # A quote that is never closed ends at csv's own limit of a field (131,072 characters), not with the memory.
    rows = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    position, line = 0, 1
    while True:
        line = rows.line_num + 2  # the row starts after the lines read so far and the header
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise LogBroken(file=file, line=line, problem=str(error)) from None
        if not row:
            continue
        if len(row) != layout.width:
            raise RowLength(file=file, line=line, found=len(row), expected=layout.width)
        case, activity, stamp = row[layout.case], row[layout.activity], row[layout.timestamp]
        if not case or not activity or not stamp:
            role = "case" if not case else "activity" if not activity else "timestamp"
            zh, en = ROLES[role]
            raise ValueMissing(file=file, line=line, role_zh=zh, role_en=en, column=getattr(names, role))
        try:
            occurred_at = read_time(stamp)
        except ValueError:
            raise TimeUnreadable(file=file, line=line, found=stamp[:60]) from None
        lifecycle = "" if layout.lifecycle is None else row[layout.lifecycle]
        event = LoggedEvent(case, activity, occurred_at, position, line, lifecycle)
        if layout.attributes:
            found = MappingProxyType({name: row[place] for name, place in layout.attributes})
            event = LoggedEvent(case, activity, occurred_at, position, line, lifecycle, found)
        yield event
        position += 1


def _decoded(stream: io.BufferedReader[Any], file: str, encoding: str) -> Iterator[str]:
    """Lines of text. Decoded one by one, so that a wrong byte is named with its line."""
    start = stream.peek(4)[:4]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield from _utf16(stream, file)
        return
    if start.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8"
        stream.read(3)
    # A line ends at a line feed; in UTF-8 and GB18030 that byte never is part of a character.
    for number, raw in enumerate(stream, start=1):
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError as error:
            wrong = raw[error.start : error.start + 4].hex(" ")
            raise WrongEncoding(
                file=file, line=number, encoding=encoding.upper(), found=f"bytes {wrong}"
            ) from None


def _utf16(stream: io.BufferedReader[Any], file: str) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding="utf-16", newline="")
    number = 0
    try:
        for line in text:
            yield line
            number += 1
    except UnicodeDecodeError as error:
        wrong = error.object[error.start : error.start + 4].hex(" ")
        raise WrongEncoding(file=file, line=number + 1, encoding="UTF-16", found=f"bytes {wrong}") from None
    finally:
        text.detach()
