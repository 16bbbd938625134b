"""Fire the timers that are due. Run by the worker, in batches, as often as it likes and as many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError

from lianban.actions.acting import Acting
from lianban.actions.work import Work, working
from lianban.engines.process.events import TimerFired

BATCH = 200
PUT_OFF = timedelta(minutes=15)
"""How long a matter whose timers cannot be fired is left alone, so that it does not stand before the others."""

WINDOW = 8
"""In how many batches of due timers a worker looks for matters that no other has claimed: more than there are workers."""

# As many matters as have about a batch of due timers, the longest due first. Looking at one batch alone, a second worker
# would find it locked by the first, and pause beside work that waits.
_CLAIM = """
WITH due AS (
    SELECT matter_id, min(due_at) AS since, count(*) AS timers FROM (
        SELECT matter_id, due_at FROM timer WHERE due_at <= %(now)s AND (not_before IS NULL OR not_before <= %(now)s)
           AND (%(only)s::uuid IS NULL OR matter_id = %(only)s) ORDER BY due_at LIMIT %(window)s) t
     GROUP BY matter_id)
SELECT m.id FROM matter m JOIN due ON due.matter_id = m.id WHERE m.state = 'open' ORDER BY due.since, m.id
 LIMIT (SELECT ceil(%(batch)s::numeric * count(*) / sum(timers))::integer FROM due)
   FOR UPDATE OF m SKIP LOCKED
"""


def _nothing(matter: UUID, error: Exception) -> None:
    """Nobody is told."""


def fire_timers(
    acting: Acting, batch: int = BATCH, failed: Callable[[UUID, Exception], None] = _nothing
) -> int:
    """Fire up to ``batch`` due timers; returns how many. Two workers do not meet: matters are claimed with
    SKIP LOCKED, and a worker that dies in the middle leaves its timers due.

    A matter whose timers cannot be fired (its drawing runs in a circle, say) stops no other: the batch is then
    done matter by matter, ``failed`` is told of each that fails, and it is tried again after :data:`PUT_OFF`.
    """
    claimed: list[UUID] = []
    try:
        with working(acting) as work:
            claimed = _claim(work, batch)
            return _fire(work, claimed, batch)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if not claimed:
            raise
    fired = 0
    for matter in claimed:
        try:
            with working(acting) as work:
                fired += _fire(work, _claim(work, batch, only=matter), batch)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            _put_off(acting, matter)
            failed(matter, error)
    return fired


def _claim(work: Work, batch: int, only: UUID | None = None) -> list[UUID]:
    work.cursor.execute(
        _CLAIM, {"now": work.acting.now, "only": only, "batch": batch, "window": batch * WINDOW}
    )
    return [row[0] for row in work.cursor.fetchall()]


def _fire(work: Work, claimed: Sequence[UUID], batch: int) -> int:
    if not claimed:
        return 0
    now = work.acting.now
    work.cursor.execute(
        """SELECT t.id, t.matter_id, t.scope_id FROM timer t
            WHERE t.matter_id = ANY(%s) AND t.due_at <= %s ORDER BY t.due_at, t.id LIMIT %s""",
        [list(claimed), now, batch],
    )
    due = work.cursor.fetchall()
    work.lock({matter for _, matter, _ in due})
    work.load({scope for _, _, scope in due})
    _read_letters(work, due)
    fired = 0
    for timer, matter_id, scope in due:
        matter = work.matters[matter_id]
        # An earlier timer of this batch may have ended the branch this one waited in.
        if matter.state != "open" or timer not in work.loaded[matter_id].state.timers:
            continue
        branch = work.branch_of(matter, scope)
        letter = work.letters.to(work.cursor, matter_id, branch) if branch else None
        work.advance(matter, TimerFired(timer), now, letter)
        fired += 1
    return fired


def _read_letters(work: Work, due: Sequence[tuple[UUID, UUID, UUID]]) -> None:
    """The letters of the branches whose timers are due, all in one go: what fires asks for them one by one."""
    branches = {(matter, branch) for _, matter, scope in due
                if matter in work.loaded and (branch := work.branch_of(work.matters[matter], scope)) is not None}  # fmt: skip
    if not branches:
        return
    work.cursor.execute(
        """SELECT l.id FROM letter l JOIN unnest(%s::uuid[], %s::uuid[]) AS b(matter, branch)
               ON l.matter_id = b.matter AND l.addressee_id = b.branch""",
        [[matter for matter, _ in branches], [branch for _, branch in branches]],
    )
    work.letters.read(work.cursor, [row[0] for row in work.cursor.fetchall()])


def _put_off(acting: Acting, matter: UUID) -> None:
    with working(acting) as work:
        work.cursor.execute(
            "UPDATE timer SET not_before = %s WHERE matter_id = %s AND due_at <= %s",
            [acting.now + PUT_OFF, matter, acting.now],
        )
