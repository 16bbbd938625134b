"""What a log is: cases, each with its events in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event as it stands in the file.

    ``case`` and ``activity`` are texts exactly as written (``NA`` is a name like any other).
    ``occurred_at`` is aware, in UTC. ``position`` counts events from 0 in the order of the file, ``line``
    lines from 1. ``lifecycle`` is empty where the log states none. ``attributes`` holds only what the
    caller asked for by name.
    """

    case: str
    activity: str
    occurred_at: datetime
    position: int
    line: int
    lifecycle: str = ""
    attributes: Mapping[str, str] = field(default_factory=lambda: _NONE, hash=False)


@dataclass(frozen=True, slots=True)
class LoggedCase:
    """One case: its events by time, events of one instant in the order of the file."""

    name: str
    events: tuple[LoggedEvent, ...]

    @property
    def variant(self) -> tuple[str, ...]:
        """The sequence of its activities."""
        return tuple(event.activity for event in self.events)


@dataclass(frozen=True, slots=True)
class CaseLog:
    """A whole log: cases in the order in which the file first names them."""

    cases: tuple[LoggedCase, ...]

    def __len__(self) -> int:
        return len(self.cases)

    def events(self) -> Iterator[LoggedEvent]:
        """All events in the order in which they happened; ties keep the order of the file."""
        every: list[LoggedEvent] = [event for case in self.cases for event in case.events]
        every.sort(key=_moment)
        return iter(every)

    @classmethod
    def of(cls, events: Iterable[LoggedEvent]) -> CaseLog:
        """Group ``events`` (in the order of the file) into cases."""
        grouped: dict[str, list[LoggedEvent]] = {}
        for event in events:
            grouped.setdefault(event.case, []).append(event)
        for case in grouped.values():
            case.sort(key=_moment)
        return cls(tuple(LoggedCase(name, tuple(case)) for name, case in grouped.items()))


def _moment(event: LoggedEvent) -> Any:
    return (event.occurred_at, event.position)
