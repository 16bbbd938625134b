"""Look at the clocks on records that are due: warn, or end. Run by the worker, like the timers of drawings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError

from lianban.actions.abilities import CLOCK_VERBS, ClockVerb
from lianban.actions.acting import Acting
from lianban.actions.running_clocks import next_look, warned_at
from lianban.actions.work import Work, working
from lianban.records import clocks
from lianban.records.clocks import ClockRow
from lianban.records.history import Entry

BATCH = 200
PUT_OFF = timedelta(minutes=15)
"""How long a clock whose verb failed is left alone, so that it does not stand before the others."""

_CLAIM = """
SELECT m.id FROM matter m
 WHERE m.id IN (SELECT matter_id FROM clock WHERE next_at <= %(now)s
                   AND (%(only)s::uuid IS NULL OR matter_id = %(only)s) ORDER BY next_at LIMIT %(batch)s)
 ORDER BY m.id FOR UPDATE SKIP LOCKED
"""


def _nothing(matter: UUID, error: Exception) -> None:
    """Nobody is told."""


def run_clocks(
    acting: Acting, batch: int = BATCH, failed: Callable[[UUID, Exception], None] = _nothing
) -> int:
    """Look at up to ``batch`` clocks that are due, in open and in closed matters; returns how many.

    Claimed with SKIP LOCKED; a worker that dies leaves them due. One that fails stops no other: its matter is then done by
    itself, and put off for :data:`PUT_OFF` if it fails again.
    """
    claimed: list[UUID] = []
    try:
        with working(acting) as work:
            claimed = _claim(work, batch)
            return _look(work, claimed, batch)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if not claimed:
            raise
    looked = 0
    for matter in claimed:
        try:
            with working(acting) as work:
                looked += _look(work, _claim(work, batch, only=matter), batch)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            _put_off(acting, matter)
            failed(matter, error)
    return looked


def _claim(work: Work, batch: int, only: UUID | None = None) -> list[UUID]:
    work.cursor.execute(_CLAIM, {"now": work.acting.now, "only": only, "batch": batch})
    return [row[0] for row in work.cursor.fetchall()]


def _look(work: Work, claimed: list[UUID], batch: int) -> int:
    if not claimed:
        return 0
    now = work.acting.now
    work.lock(claimed)
    due = clocks.due(work.cursor, claimed, now, batch)
    for clock in due:
        verb = CLOCK_VERBS.get(clock.verb, ClockVerb())
        if now > clock.due_at:
            _expire(work, clock, verb)
        else:
            _warn(work, clock, verb)
    return len(due)


def _expire(work: Work, clock: ClockRow, verb: ClockVerb) -> None:
    matter, now = work.matters[clock.matter], work.acting.now
    clocks.close(work.cursor, [clock.id], "expired", now)
    if verb.expired is not None:
        verb.expired(work, matter, clock, now)
    _say(work, clock, "clock.expired")


def _warn(work: Work, clock: ClockRow, verb: ClockVerb) -> None:
    matter, now = work.matters[clock.matter], work.acting.now
    passed = [days for days in clock.warn_days if warned_at(clock.due_on, days) <= now]
    left = [days for days in clock.warn_days if days not in passed]
    clocks.looked_at(work.cursor, [(clock.id, left, next_look(clock.due_on, clock.due_at, left))])
    if not passed:
        return
    if verb.warned is not None:
        verb.warned(work, matter, clock, min(passed), now)
    _say(work, clock, "clock.warned", days_left=min(passed))


def _say(work: Work, clock: ClockRow, kind: str, **more: int) -> None:
    """One event in the matter's history and one ledger entry: nothing lapses without a trace."""
    matter = work.matters[clock.matter]
    said: dict[str, Any] = {
        "clock": clock.code, "about_kind": clock.about_kind, "due_on": clock.due_on.isoformat(), **more
    }  # fmt: skip
    work.happen(matter, kind, work.acting.now, activity=None, milestone=False, **said)
    work.enter(Entry(kind, matter.id, said={**said, "about": str(clock.about)}))


def _put_off(acting: Acting, matter: UUID) -> None:
    with working(acting) as work:
        work.cursor.execute(
            "UPDATE clock SET next_at = %s WHERE matter_id = %s AND next_at <= %s",
            [acting.now + PUT_OFF, matter, acting.now],
        )
