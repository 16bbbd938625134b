"""终本后查询: half a year has passed; somebody looks again, says what was found, and tells the creditor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lianban.actions import timing
from lianban.actions.abilities import ClockVerb, Completing, Outcome, completes, on_clock
from lianban.actions.case_errors import NoSuchRecord, StandsOtherwise
from lianban.actions.close_matter import schedule_query
from lianban.actions.collaborating import a_date
from lianban.actions.running_clocks import meet_clocks
from lianban.actions.work import MatterRow, Work
from lianban.engines.closing import query_days
from lianban.records import closings
from lianban.records.clocks import ClockRow


def _ask(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    work.cursor.execute(
        "SELECT count(*) FROM task WHERE about = %s AND element = 'closing.query' AND state <> 'cancelled'",
        [clock.about],
    )
    if work.cursor.fetchone()[0] == 0:
        work.ask(matter, matter.lead_agency, "clerk", "终本后定期查询", element="closing.query", form="terminated_query",
                 action="closing.record_query", about=clock.about, due_at=clock.due_at, at=at)  # fmt: skip


def _warned(work: Work, matter: MatterRow, clock: ClockRow, days_left: int, at: datetime) -> None:
    _ask(work, matter, clock, at)


def _expired(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    """Overdue: the task stays, and the next query is counted all the same."""
    _ask(work, matter, clock, at)
    _next(work, matter, clock.about, at)


def _next(work: Work, matter: MatterRow, query: UUID, at: datetime) -> None:
    work.cursor.execute(
        """SELECT q.number, c.id, c.closed_on, c.reopened_at IS NOT NULL FROM terminated_query q JOIN closing c ON c.id = q.closing_id
            WHERE q.id = %s""",
        [query],
    )
    number, closing, closed_on, reopened = work.cursor.fetchone()
    days = query_days(timing.book(), closed_on)
    if not reopened and number < len(days):
        schedule_query(work, matter, closing, number + 1, days[number], at)


@completes("closing.record_query")
def record_query(completing: Completing) -> Outcome:
    work, matter, data, at = completing.work, completing.matter, completing.data, completing.at
    found = closings.query(work.cursor, completing.task.about) if completing.task.about else None
    if found is None or found[1] != matter.id:
        raise NoSuchRecord(what_zh="终本后查询", what_en="query after 终本")
    query = found[0]
    if query.done_at is not None:
        raise StandsOtherwise(act_zh="登记查询结果", act_en="Record the query", what_zh="该次查询", what_en="query",
                              state="done")  # fmt: skip
    work.cursor.execute(
        """UPDATE terminated_query SET done_at = %s, done_by_id = %s, found = %s, summary = %s, creditor_told_on = %s
            WHERE id = %s""",
        [at, work.acting.officer, data["found"] == "yes", str(data.get("summary", "")), a_date(data.get("creditor_told_on")),
         query.id],
    )  # fmt: skip
    meet_clocks(work, query.id, at)
    _next(work, matter, query.id, at)
    return Outcome(said={"query": str(query.id), "number": query.number, "found": data["found"] == "yes"},
                   shown={"found": data["found"] == "yes"}, milestone=False)  # fmt: skip


on_clock("closing.query", ClockVerb(warned=_warned, expired=_expired))
