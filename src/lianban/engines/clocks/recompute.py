"""Counting clocks again when a calendar is loaded.

The State Council publishes next year's holidays in November; until then results that rest on it are provisional. After
``book.with_calendar(...)`` this recounts a batch and says which dates moved, so that the people concerned can be told.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from .book import ClockBook
from .running import RunningClock, State, due_of

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Recounted(Generic[Key]):
    """One clock whose date moved, or that is settled now. ``clock`` is its new state."""

    key: Key
    before: date
    clock: RunningClock
    settled: bool

    @property
    def moved(self) -> bool:
        return self.clock.due_on != self.before


def recount(book: ClockBook, clocks: Iterable[tuple[Key, RunningClock]]) -> Iterator[Recounted[Key]]:
    """The clocks of the batch that change in this book's calendar, in order; the others are left out.

    Only clocks that still run or have just expired are counted again: what was done was done in its time. A clock that
    expired by a provisional date and has not ended by the published one runs again.
    """
    for key, clock in clocks:
        if clock.state not in (State.RUNNING, State.EXPIRED) or clock.due_on is None:
            continue
        due = due_of(book, clock)
        if due.at == clock.due_at and due.provisional == clock.provisional:
            continue
        later = clock.due_at is not None and due.at > clock.due_at
        state = State.RUNNING if clock.state is State.EXPIRED and later else clock.state
        recounted = replace(
            clock, due_on=due.legal_date, due_at=due.at, provisional=due.provisional, state=state
        )
        yield Recounted(key, clock.due_on, recounted, settled=clock.provisional and not due.provisional)
