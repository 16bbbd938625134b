"""XES logs (IEEE 1849), streamed trace by trace, without entities, document types or network."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lxml import etree

from lianban.engines.eventlogs.columns import ROLES
from lianban.engines.eventlogs.errors import (
    LogBroken,
    NotXes,
    TimeUnreadable,
    UnsafeXml,
    ValueMissing,
    WrongEncoding,
)
from lianban.engines.eventlogs.logs import LoggedEvent

NAME, TIME, LIFECYCLE = "concept:name", "time:timestamp", "lifecycle:transition"
_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)")


def xes_events(
    stream: io.BufferedReader[Any],
    *,
    file: str,
    attributes: tuple[str, ...],
    read_time: Callable[[str], datetime],
) -> Iterator[LoggedEvent]:
    """The events of an XES log in the order of the file.

    ``attributes`` names event attributes by their key, trace attributes as ``case:`` and their key. A trace
    without events has no time and gives nothing. Beyond line 65,535 libxml2 keeps no exact line of an
    element: numbers there may be too high by one.
    """
    start = stream.peek(1 << 16)
    _refuse_declarations(start, file)
    encoding = match[1].decode() if (match := _ENCODING.search(start)) else "UTF-8"
    context = etree.iterparse(
        stream,
        events=("start", "end"),
        tag=("{*}log", "{*}trace"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    position, checked = 0, False
    try:
        for action, element in context:
            if not checked:
                _check_root(element.getroottree(), file)
                checked = True
            if action == "start" or etree.QName(element).localname == "log":
                continue
            yield from _of_trace(element, position, file, attributes, read_time)
            position += sum(1 for _ in element.iterchildren("{*}event"))
            _forget(element)
    except etree.XMLSyntaxError as error:
        raise _broken(error, file, encoding) from None
    if not checked:
        raise NotXes(
            file=file, found=etree.QName(context.root).localname if context.root is not None else "?"
        )


def _refuse_declarations(start: bytes, file: str) -> None:
    """Before a parser sees the file: a bomb of entities must not be unpacked even once."""
    text = start.replace(b"\x00", b"")  # UTF-16 keeps the letters, with zero bytes between them
    for word in (b"<!DOCTYPE", b"<!ENTITY"):
        if (place := text.upper().find(word)) >= 0:
            raise UnsafeXml(file=file, line=text.count(b"\n", 0, place) + 1)


def _check_root(tree: Any, file: str) -> None:
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        raise UnsafeXml(file=file, line=1)
    root = etree.QName(tree.getroot()).localname
    if root != "log":
        raise NotXes(file=file, found=root)


def _of_trace(
    trace: Any, position: int, file: str, attributes: tuple[str, ...], read_time: Callable[[str], datetime]
) -> Iterator[LoggedEvent]:
    events = list(trace.iterchildren("{*}event"))
    if not events:
        return
    of_case = {
        child.get("key"): child.get("value") or ""
        for child in trace
        if isinstance(child.tag, str) and child.get("key") is not None
    }
    case = of_case.get(NAME)
    if not case:
        raise _missing("case", NAME, trace, file)
    for offset, event in enumerate(events):
        values = {child.get("key"): child.get("value") for child in event if child.get("key") is not None}
        activity, stamp = values.get(NAME), values.get(TIME)
        if not activity:
            raise _missing("activity", NAME, event, file)
        if not stamp:
            raise _missing("timestamp", TIME, event, file)
        try:
            occurred_at = read_time(stamp)
        except ValueError:
            raise TimeUnreadable(file=file, line=event.sourceline, found=stamp[:60]) from None
        lifecycle = values.get(LIFECYCLE) or ""
        if attributes:
            found = MappingProxyType(
                {
                    name: (of_case.get(name[5:]) if name.startswith("case:") else values.get(name)) or ""
                    for name in attributes
                }
            )
            yield LoggedEvent(
                case, activity, occurred_at, position + offset, event.sourceline, lifecycle, found
            )
        else:
            yield LoggedEvent(case, activity, occurred_at, position + offset, event.sourceline, lifecycle)


def _missing(role: str, key: str, element: Any, file: str) -> ValueMissing:
    zh, en = ROLES[role]
    return ValueMissing(file=file, line=element.sourceline, role_zh=zh, role_en=en, column=key)


def _forget(trace: Any) -> None:
    """Drop what was read, so that memory holds one trace and not the log."""
    trace.clear()
    parent = trace.getparent()
    while parent is not None and trace.getprevious() is not None:
        del parent[0]


def _broken(error: Any, file: str, encoding: str) -> LogBroken | WrongEncoding:
    line, column = error.position
    if error.code == etree.ErrorTypes.ERR_INVALID_ENCODING:
        return WrongEncoding(file=file, line=line or 1, encoding=encoding.upper(), found=f"column {column}")
    return LogBroken(file=file, line=line or 1, problem=(error.msg or "XML").split("\n")[0])
