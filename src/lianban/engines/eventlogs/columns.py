"""Which column of a CSV log is which: named by the caller, or recognised by the usual names."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lianban.engines.eventlogs.errors import ColumnMissing, ColumnTwice

DELIMITERS = (",", ";", "\t", "|")

# In order of preference: the standard names of XES in CSV come before every other.
USUAL = {
    "case": ("case:concept:name", "case_id", "caseid", "case id", "case", "case:id", "trace_id", "案件编号", "事项编号", "案号"),
    "activity": ("concept:name", "activity", "activity_name", "activity name", "event", "task", "活动", "环节", "节点"),
    "timestamp": (
        "time:timestamp", "timestamp", "complete_timestamp", "complete timestamp", "time", "datetime", "occurred_at",
        "发生时间", "办理时间", "时间",
    ),
    "lifecycle": ("lifecycle:transition", "lifecycle", "transition"),
}  # fmt: skip
ROLES = {
    "case": ("案件", "case"),
    "activity": ("活动", "activity"),
    "timestamp": ("时间", "time"),
    "lifecycle": ("状态", "lifecycle"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns to read; None means: recognise by the usual names."""

    case: str | None = None
    activity: str | None = None
    timestamp: str | None = None
    lifecycle: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of one file are, counted from 0, and what they are called there."""

    delimiter: str
    width: int
    case: int
    activity: int
    timestamp: int
    lifecycle: int | None
    names: Columns
    attributes: tuple[tuple[str, int], ...] = ()


def layout_of(
    header: str, wanted: Columns, attributes: Iterable[str], file: str, delimiter: str | None
) -> Layout:
    """The layout that the header line states. Raises :class:`ColumnMissing` or :class:`ColumnTwice`."""
    delimiters = DELIMITERS if delimiter is None else (delimiter,)
    # The delimiter under which most of the needed columns are found is the file's; a comma wins a tie.
    rows = [(candidate, _fields(header, candidate)) for candidate in delimiters]
    delimiter, names = max(
        rows, key=lambda row: sum(_named(row[1], role, wanted) is not None for role in USUAL)
    )
    places: dict[str, int | None] = {}
    found: dict[str, str | None] = {}
    for role in USUAL:
        place = _named(names, role, wanted)
        if place is None and (role != "lifecycle" or wanted.lifecycle is not None):
            raise _missing(names, role, getattr(wanted, role), file)
        if place is not None and names.count(names[place]) > 1:
            raise ColumnTwice(file=file, column=names[place])
        places[role], found[role] = place, None if place is None else names[place]
    extra = []
    for attribute in attributes:
        if attribute not in names:
            raise _missing(names, "case", attribute, file)
        extra.append((attribute, names.index(attribute)))
    case, activity, timestamp = places["case"], places["activity"], places["timestamp"]
    assert case is not None
    assert activity is not None
    assert timestamp is not None
    return Layout(
        delimiter,
        len(names),
        case,
        activity,
        timestamp,
        places["lifecycle"],
        replace(Columns(), **found),
        tuple(extra),
    )


def _fields(header: str, delimiter: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]


def _named(names: list[str], role: str, wanted: Columns) -> int | None:
    name = getattr(wanted, role)
    if name is not None:
        return names.index(name) if name in names else None
    lowered = [entry.lower() for entry in names]
    for usual in USUAL[role]:
        if usual in lowered:
            return lowered.index(usual)
    return None


def _missing(names: list[str], role: str, name: str | None, file: str) -> ColumnMissing:
    candidates = [name] if name is not None else list(USUAL[role])
    lowered = {entry.lower(): entry for entry in names}
    near = [
        match
        for entry in candidates
        for match in difflib.get_close_matches(entry.lower(), lowered, n=1, cutoff=0.7)
    ]
    nearest = lowered[near[0]] if near else None
    zh, en = ROLES[role]
    return ColumnMissing(
        file=file,
        role_zh=zh,
        role_en=en,
        column=name or USUAL[role][0],
        found=", ".join(entry for entry in names if entry),
        nearest=nearest,
        suggestion_zh=f"是否为“{nearest}”？" if nearest else "",
        suggestion_en=f'Did you mean "{nearest}"? ' if nearest else "",
    )
