"""登记期限: run any clock of the book on the matter itself, and say that what it asks for was done.

Most clocks are started by the act they belong to. This is for what has no record of its own here: a third party's time to pay,
a court that was entrusted, a deferral on security, the debtor's report.
"""

from __future__ import annotations

from datetime import date, datetime, time

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.errors import NothingToDo
from lianban.actions.running_clocks import start_clock
from lianban.engines.process.timers import BEIJING
from lianban.records import clocks

WARN_DAYS = (7, 3, 1)


@acts("clocks.start")
def run_a_clock(doing: Doing) -> Outcome:
    """Start a clock of the book from the day of what triggers it, warned of seven, three and one days before."""
    data = doing.data
    began = datetime.combine(date.fromisoformat(str(data["from_on"])), time(9), BEIJING)
    code = str(data["clock"])
    key = start_clock(doing.work, doing.matter, code=code, about_kind="matter", about=doing.matter.id, from_at=began,
                      warn_days=WARN_DAYS, due_on=date.fromisoformat(str(data["due_on"])) if data.get("due_on") else None)  # fmt: skip
    name = next(rule.name for rule in timing.book() if rule.code == code)
    return Outcome(
        record=key, said={"clock": str(key), "code": code, "from_on": data["from_on"], "note": data.get("note", "")},
        shown={"clock_zh": name.zh, "clock_en": name.en}, milestone=False,
    )  # fmt: skip


@acts("clocks.meet")
def meet_a_clock(doing: Doing) -> Outcome:
    """What a clock that was started by hand asked for was done in time. Others are met by the act they wait for."""
    row = next(
        (
            c
            for c in clocks.of(doing.work.cursor, matter=doing.matter.id, running=True)
            if c.id == doing.record
        ),
        None,
    )
    if row is None or row.about_kind != "matter":
        raise NothingToDo(
            act="期限已办",
            reason_zh="该期限已结束，或由相应的办理事项了结",
            reason="it has ended, or another act ends it",
        )
    clocks.close(doing.work.cursor, [row.id], "met", doing.at)
    return Outcome(record=row.id, said={"clock": str(row.id), "code": row.code, "note": doing.data.get("note", "")},
                   shown={"clock": row.code}, milestone=False)  # fmt: skip
