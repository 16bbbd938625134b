"""Start, meet, stop clocks on a record. The clock book says when a period ends; a measure or a contract may say itself.

``due_at`` is the last moment that is in time: a day ends with its last microsecond in Beijing. Warnings come at nine in the
morning of their day, or of the last working day before it, so that somebody is there to read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from lianban.actions import timing
from lianban.actions.work import MatterRow, Work
from lianban.engines.clocks.moments import end_of_day
from lianban.engines.process.timers import BEIJING
from lianban.records import clocks
from lianban.records.clocks import ClockRow
from lianban.records.identity import new_id

_AFTER = timedelta(microseconds=1)


def start_clock(
    work: Work, matter: MatterRow, *, code: str, about_kind: str, about: UUID, from_at: datetime, verb: str = "",
    warn_days: Sequence[int] = (), due_on: date | None = None,
) -> UUID:  # fmt: skip
    """Start the clock ``code`` on a record; ``due_on`` where its last day is agreed, printed or computed elsewhere.

    ``verb`` names what is done when it warns and ends (:func:`~lianban.actions.abilities.on_clock`). Returns its id.
    """
    row = _row(work, matter, code, about_kind, about, from_at, verb, warn_days, due_on)
    clocks.insert(work.cursor, [row])
    return row.id


def start_clocks(work: Work, rows: Iterable[ClockRow]) -> None:
    """The same for many that were made by :func:`prepared`."""
    clocks.insert(work.cursor, rows)


def prepared(
    work: Work, matter: MatterRow, *, code: str, about_kind: str, about: UUID, from_at: datetime, verb: str = "",
    warn_days: Sequence[int] = (), due_on: date | None = None,
) -> ClockRow:  # fmt: skip
    """A clock that is not written yet, so that many are written by one statement."""
    return _row(work, matter, code, about_kind, about, from_at, verb, warn_days, due_on)


def meet_clocks(work: Work, about: UUID, at: datetime, codes: Iterable[str] | None = None) -> None:
    """What was to be done about a record in time was done. A unit may say so too, without seeing the clock."""
    work.cursor.execute(
        "UPDATE clock SET state = 'met', closed_at = %s, next_at = NULL"
        " WHERE about = %s AND state = 'running' AND (%s::text[] IS NULL OR code = ANY(%s))",
        [at, about, *[None if codes is None else list(codes)] * 2],
    )
    if work.cursor.rowcount == 0 and work.acting.identity is not None:
        work.cursor.execute(
            "SELECT lianban.meet_clocks(%s, %s, %s)", [about, None if codes is None else list(codes), at]
        )


def stop_clocks(work: Work, about: Iterable[UUID], at: datetime, codes: Iterable[str] | None = None) -> None:
    """The clocks of these records run no more: nothing is left to be done in time."""
    work.cursor.execute(
        "UPDATE clock SET state = 'stopped', closed_at = %s, next_at = NULL"
        " WHERE about = ANY(%s) AND state = 'running' AND (%s::text[] IS NULL OR code = ANY(%s))",
        [at, list(about), *[None if codes is None else list(codes)] * 2],
    )


def reset_clock(
    work: Work, matter: MatterRow, *, code: str, about_kind: str, about: UUID, from_at: datetime, verb: str = "",
    warn_days: Sequence[int] = (), due_on: date | None = None,
) -> UUID:  # fmt: skip
    """Stop the running clock of this code and start it anew: a renewal was served, a plan was changed."""
    stop_clocks(work, [about], work.acting.now, [code])
    return start_clock(work, matter, code=code, about_kind=about_kind, about=about, from_at=from_at, verb=verb,
                       warn_days=warn_days, due_on=due_on)  # fmt: skip


def next_look(due_on: date, due_at: datetime, warn_days: Sequence[int]) -> datetime:
    """When the worker looks next: at the farthest warning that is left, else just after the last moment in time."""
    if not warn_days:
        return due_at + _AFTER
    return warned_at(due_on, max(warn_days))


def warned_at(due_on: date, days: int) -> datetime:
    """Nine o'clock in Beijing, ``days`` days before the end, moved back to a working day."""
    day = due_on - timedelta(days=days)
    calendar = timing.book().calendar
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(9), BEIJING)


def _row(
    work: Work, matter: MatterRow, code: str, about_kind: str, about: UUID, from_at: datetime, verb: str,
    warn_days: Sequence[int], due_on: date | None,
) -> ClockRow:  # fmt: skip
    provisional = unverified = False
    if due_on is None:
        due = timing.due(code, from_at)
        due_on, due_at = due.legal_date, due.at
        provisional, unverified = due.provisional, due.unverified
    else:
        due_at = end_of_day(due_on)
    now = work.acting.now
    # A warning whose day has passed already is not given late: the clock is on the list from the start.
    ahead = sorted((days for days in warn_days if warned_at(due_on, days) > now), reverse=True)
    return ClockRow(
        new_id(), matter.id, matter.lead_agency, about_kind, about, code, verb, from_at, due_on, due_at, provisional,
        unverified, ahead, next_look(due_on, due_at, ahead), "running", None,
    )  # fmt: skip
