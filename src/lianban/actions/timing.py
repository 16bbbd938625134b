"""When a clock or a timer of the drawing is due: the drawing's words, counted by the clocks engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from lianban.engines.clocks import ClockBook, Due
from lianban.engines.clocks.moments import end_of_day
from lianban.engines.process.timers import BEIJING, TimerSpec


@lru_cache(maxsize=1)
def book() -> ClockBook:
    """The clocks of the law, read once."""
    return ClockBook.standard()


@lru_cache(maxsize=65536)
def due(clock: str, trigger: datetime) -> Due:
    """The end of ``clock`` triggered at ``trigger``; one matter's thirty-one letters ask the same thing."""
    return book().due(clock, trigger)


def instant(spec: TimerSpec, trigger: datetime) -> datetime:
    """When a timer with a clock reference is due: the clock's end, moved by the offset the drawing gives."""
    assert spec.clock is not None
    end = due(spec.clock, trigger)
    if spec.working_days:
        return end_of_day(book().calendar.add_working_days(end.legal_date, spec.working_days))
    if spec.clock_offset is not None:
        return spec.clock_offset.after(end.at)
    return end.at


TOLERANCE = timedelta(minutes=5)
"""How far a clock of another system may run ahead of ours before its 'now' is called the future."""


def moment(text: object) -> datetime | None:
    """An instant of a form: with its zone, or as it is said here."""
    if not text:
        return None
    found = datetime.fromisoformat(str(text))
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)


def local(moment: datetime) -> str:
    """An instant as people here say it: Beijing time, to the minute."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
