"""Reading a log: XES or CSV by what the file holds, plain or gzip, as a stream or as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, tzinfo
from pathlib import Path

from lianban.engines.eventlogs.columns import Columns
from lianban.engines.eventlogs.csv_logs import csv_events
from lianban.engines.eventlogs.errors import NoCases
from lianban.engines.eventlogs.files import DEFAULT_LIMIT, opened
from lianban.engines.eventlogs.logs import CaseLog, LoggedEvent
from lianban.engines.eventlogs.times import time_reader
from lianban.engines.eventlogs.xes_logs import xes_events


def stream_events(
    path: Path,
    *,
    columns: Columns = Columns(),  # noqa: B008  (frozen)
    attributes: tuple[str, ...] = (),
    lifecycle: Collection[str] | None = None,
    zone: tzinfo = UTC,
    time_format: str | None = None,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Iterator[LoggedEvent]:
    """The events of the log at ``path``, one by one, in the order of the file.

    Only case, activity, time and lifecycle are read; ``attributes`` opens further ones by name (logs tend to
    carry the names of officials and parties). ``columns`` names the columns of a CSV log that are not the
    usual ones. ``lifecycle`` keeps only events of these transitions; by default every event counts, and so
    do exact duplicates: a log may not say the same thing twice by mistake. ``zone`` is the zone of times that
    state none, ``time_format`` a ``strptime`` form for day-first dates, ``encoding`` and ``delimiter`` those
    of a CSV file, ``limit`` the most bytes once unpacked.

    Raises one of :mod:`lianban.engines.eventlogs.errors` at the first mistake. What came before has then
    already been given out: use :func:`read_log` where nothing may be half done.
    """
    read_time = time_reader(zone, time_format)
    with opened(path, limit=limit) as stream:
        if _is_xml(stream.peek(4096)):
            events = xes_events(stream, file=path.name, attributes=attributes, read_time=read_time)
        else:
            events = csv_events(
                stream,
                file=path.name,
                columns=columns,
                attributes=attributes,
                read_time=read_time,
                encoding=encoding,
                delimiter=delimiter,
            )
        for event in events:
            if lifecycle is None or event.lifecycle in lifecycle:
                yield event


def read_log(
    path: Path,
    *,
    columns: Columns = Columns(),  # noqa: B008  (frozen)
    attributes: tuple[str, ...] = (),
    lifecycle: Collection[str] | None = None,
    zone: tzinfo = UTC,
    time_format: str | None = None,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> CaseLog:
    """The whole log, grouped into cases; parameters and errors as in :func:`stream_events`.

    Also raises :class:`NoCases` where a well-formed file holds no event.
    """
    log = CaseLog.of(
        stream_events(
            path,
            columns=columns,
            attributes=attributes,
            lifecycle=lifecycle,
            zone=zone,
            time_format=time_format,
            encoding=encoding,
            delimiter=delimiter,
            limit=limit,
        )
    )
    if not log.cases:
        raise NoCases(file=path.name, found="0 events" if lifecycle is None else "0 events of that lifecycle")
    return log


def _is_xml(start: bytes) -> bool:
    return start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
