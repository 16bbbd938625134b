"""核对命中: an officer of the agency that holds a registry says whether a hit is the person asked about.

Number and name of a fact agree by themselves. A number with another name, a name without a number: nobody but this officer
may say what it is, with a reason, once; until then it stands in no answer and no measure can rest on it.
"""

from __future__ import annotations

from uuid import UUID

from lianban.actions import timing
from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.acting import Acting
from lianban.actions.permissions import require, require_reason
from lianban.actions.query_errors import HitIsDecided, HitNotFound, HitsUndecided
from lianban.actions.work import working
from lianban.records import collisions
from lianban.records.history import Entry


def confirm_hit(acting: Acting, hit_id: UUID, confirms: bool, reason: str) -> None:
    """Confirm or reject one hit. The last of its collision closes the task that asked for it."""
    require(acting, "confirm_hit")
    reason = require_reason("核对命中", reason)
    with working(acting) as work:
        hit = collisions.hit(work.cursor, hit_id)
        if hit is None or hit.agency != acting.agency:
            raise HitNotFound
        work.lock([hit.matter])
        hit = collisions.hit(work.cursor, hit_id, lock=True)  # again, now that nobody else decides it
        assert hit is not None
        if hit.state != "pending":
            raise HitIsDecided(at=timing.local(hit.decided_at) if hit.decided_at else "", state=hit.state)
        matter = work.matters[hit.matter]
        state = "confirmed" if confirms else "rejected"
        collisions.decide(work.cursor, hit_id, state, acting.officer, acting.now, reason)
        unit = work.directory.agencies[hit.agency].code
        work.happen(matter, "collisions.confirm", acting.now, unit=unit, state=state, question=hit.question)
        work.enter(
            Entry("collisions.confirm", matter.id, (hit.party,),
                  {"hit": str(hit_id), "collision": str(hit.collision), "state": state, "reason": reason})
        )  # fmt: skip
        if not collisions.count_pending(work.cursor, collision=hit.collision):
            work.cursor.execute(
                "UPDATE task SET state = 'done', closed_at = %s, closed_by_id = %s"
                " WHERE about = %s AND action = 'collisions.confirm' AND state = 'open'",
                [acting.now, acting.officer, hit.collision],
            )
        if confirms:
            work.tell(hit.lead)


@completes("collisions.confirm")
def hits_confirmed(completing: Completing) -> Outcome:
    """The task itself is complete when every hit is decided; each decision is an act of its own."""
    about = completing.task.about
    count = collisions.count_pending(completing.work.cursor, collision=about) if about else 0
    if count:
        raise HitsUndecided(count=count)
    return Outcome(said={"collision": str(about or "")}, milestone=False)


@completes("collisions.review")
def findings_reviewed(completing: Completing) -> Outcome:
    """The judge has seen what a night found; what to do on it is the judge's."""
    return Outcome(said={"collision": str(completing.task.about or "")}, milestone=False)
