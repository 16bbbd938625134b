"""A running clock as plain JSON, the form in which a record keeps it.

``{"format": 1, "code": …, "version": …, "trigger": …, "length": [10, "working_days"], "state": …, …}``; instants are ISO
8601 in UTC, legal dates ISO dates. What is empty is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from .errors import BadClockState
from .moments import in_utc
from .rules import Length, Unit
from .running import Extension, Pause, Restart, RunningClock, State

FORMAT = 1


def to_json(clock: RunningClock) -> dict[str, Any]:
    """Plain values only; :func:`from_json` gives an equal clock back."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "code": clock.code,
        "version": clock.version,
        "trigger": clock.trigger.isoformat(),
        "length": _length(clock.length),
        "state": clock.state.value,
        "due_on": clock.due_on.isoformat() if clock.due_on else None,
        "due_at": clock.due_at.isoformat() if clock.due_at else None,
        "provisional": clock.provisional,
    }
    if clock.pauses:
        data["pauses"] = [
            {"ground": p.ground, "start": p.start.isoformat(), "end": p.end.isoformat() if p.end else None}
            for p in clock.pauses
        ]
    if clock.extensions:
        data["extensions"] = [
            {
                "rule": e.rule,
                "length": _length(e.length),
                "granted_at": e.granted_at.isoformat(),
                "asked_on": e.asked_on.isoformat() if e.asked_on else None,
            }
            for e in clock.extensions
        ]
    if clock.restarts:
        data["restarts"] = [{"ground": r.ground, "trigger": r.trigger.isoformat()} for r in clock.restarts]
    if clock.printed_end:
        data["printed_end"] = clock.printed_end.isoformat()
    if clock.done_at:
        data["done_at"] = clock.done_at.isoformat()
        data["in_time"] = clock.in_time
    return data


def from_json(data: Mapping[str, Any]) -> RunningClock:
    """Read what :func:`to_json` wrote. Raises :class:`BadClockState`."""
    if data.get("format") != FORMAT:
        raise BadClockState(problem=f"format {data.get('format')!r} ≠ {FORMAT}")
    try:
        return RunningClock(
            code=data["code"],
            version=data["version"],
            trigger=_instant(data["trigger"]),
            length=_read_length(data["length"]),
            state=State(data["state"]),
            due_on=_optional_date(data["due_on"]),
            due_at=_instant(data["due_at"]) if data["due_at"] else None,
            provisional=bool(data["provisional"]),
            pauses=tuple(
                Pause(p["ground"], _instant(p["start"]), _instant(p["end"]) if p["end"] else None)
                for p in data.get("pauses", ())
            ),
            extensions=tuple(
                Extension(
                    e["rule"],
                    _read_length(e["length"]),
                    _instant(e["granted_at"]),
                    _optional_date(e["asked_on"]),
                )
                for e in data.get("extensions", ())
            ),
            restarts=tuple(Restart(r["ground"], _instant(r["trigger"])) for r in data.get("restarts", ())),
            printed_end=_optional_date(data.get("printed_end")),
            done_at=_instant(data["done_at"]) if data.get("done_at") else None,
            in_time=data.get("in_time"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadClockState(problem=f"{type(error).__name__}: {error}") from error


def _length(length: Length) -> list[Any]:
    return [length.count, length.unit.value]


def _read_length(pair: list[Any]) -> Length:
    count, unit = pair
    return Length(int(count), Unit(unit))


def _instant(text: str) -> datetime:
    return in_utc(datetime.fromisoformat(text))


def _optional_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
