"""Fire the timers that are due. Run by the worker, in batches, as often as it likes and as many at once."""

from __future__ import annotations

from lianban.actions.acting import Acting
from lianban.actions.work import working
from lianban.engines.process.events import TimerFired

BATCH = 200


def fire_timers(acting: Acting, batch: int = BATCH) -> int:
    """Fire up to ``batch`` due timers; returns how many. Two workers do not meet: matters are claimed with
    SKIP LOCKED, and a worker that dies in the middle leaves its timers due."""
    with working(acting) as work:
        work.cursor.execute(
            """SELECT m.id FROM matter m
                WHERE m.state = 'open' AND m.id IN (
                      SELECT matter_id FROM timer WHERE due_at <= %s ORDER BY due_at LIMIT %s)
                ORDER BY m.id FOR UPDATE SKIP LOCKED""",
            [acting.now, batch],
        )
        claimed = [row[0] for row in work.cursor.fetchall()]
        if not claimed:
            return 0
        work.cursor.execute(
            """SELECT t.id, t.matter_id, t.scope_id FROM timer t
                WHERE t.matter_id = ANY(%s) AND t.due_at <= %s ORDER BY t.due_at, t.id LIMIT %s""",
            [claimed, acting.now, batch],
        )
        due = work.cursor.fetchall()
        work.lock({matter for _, matter, _ in due})
        work.load({scope for _, _, scope in due})
        fired = 0
        for timer, matter_id, scope in due:
            matter = work.matters[matter_id]
            # An earlier timer of this batch may have ended the branch this one waited in.
            if matter.state != "open" or timer not in work.loaded[matter_id].state.timers:
                continue
            branch = work.branch_of(matter, scope)
            letter = work.letters.to(work.cursor, matter_id, branch) if branch else None
            work.advance(matter, TimerFired(timer), acting.now, letter)
            fired += 1
        return fired
