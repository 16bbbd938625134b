"""What the clocks of collaborations do: an answer that is overdue is asked for again, a harvest is told of before it opens."""

from __future__ import annotations

from datetime import datetime

from lianban.actions.abilities import ClockVerb, Completing, Outcome, completes, on_clock
from lianban.actions.collaborating import in_hand, subjects
from lianban.actions.work import MatterRow, Work
from lianban.records.clocks import ClockRow


def watch_collaborations(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    """The agreed period is over and nothing came: the clerk is asked to remind."""
    if matter.state != "open":
        return
    work.cursor.execute("SELECT answered_at, township_id FROM collaboration WHERE id = %s", [clock.about])
    row = work.cursor.fetchone()
    if row is None or row[0] is not None:
        return
    work.ask(matter, matter.lead_agency, "clerk", "乡镇逾期未反馈，请催办", element="collaborations.remind",
             form="collaboration_remind", action="collaborations.remind", about=clock.about, at=at)  # fmt: skip
    work.tell(row[1])


def _warned(work: Work, matter: MatterRow, clock: ClockRow, days_left: int, at: datetime) -> None:
    work.cursor.execute("SELECT township_id FROM collaboration WHERE id = %s", [clock.about])
    for (township,) in work.cursor.fetchall():
        work.tell(township)


def _harvest(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    if matter.state != "open":
        return
    work.ask_desk(matter, "judge", "收获（出栏）期将至，请安排处置", element="leads.harvest",
             form="harvest_plan", action="leads.harvest", about=clock.about, due_at=clock.from_at, at=at)  # fmt: skip


@completes("leads.harvest")
def plan_harvest(completing: Completing) -> Outcome:
    """The judge says what will be done; what is done is an act of its own."""
    return Outcome(
        said={"lead": str(completing.task.about), "plan": str(completing.data["plan"])}, milestone=False
    )


@completes("collaborations.remind")
def remind_township(completing: Completing) -> Outcome:
    """催办 of a township: it is told again, and the act stands in the history."""
    row = in_hand(completing.work, completing.matter, completing.task.about)
    completing.work.tell(row.township)
    unit = completing.work.directory.agencies[row.township].code
    return Outcome(said={"collaboration": str(row.id), "unit": unit}, shown={"unit": unit}, subjects=subjects(row),
                   milestone=False)  # fmt: skip


on_clock("collaborations.watch", ClockVerb(warned=_warned, expired=watch_collaborations))
on_clock("leads.harvest", ClockVerb(expired=_harvest))
