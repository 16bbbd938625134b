"""What is done when a clock on money warns or ends: nothing about the money itself, but somebody is told by name.

The worker may not read money: what it tells is that a clock ended. An arrival that is late is explained to the president
(法发〔2017〕6号 10); the explanation is an answer that stays.
"""

from __future__ import annotations

from datetime import datetime

from lianban.actions.abilities import ClockVerb, Completing, Outcome, completes, on_clock
from lianban.actions.money_in_hand import INSTALMENT_VERB, PAYOUT_VERB
from lianban.actions.serve_distribution import COUNTER, NEXT_VERB, OBJECTION
from lianban.actions.work import MatterRow, Work
from lianban.records.clocks import ClockRow

JUDGE = "judge"


def _overdue(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    work.ask_desk(
        matter, JUDGE, "案款逾期未发放：说明原因并报院长", element="payout_overdue", form="explain_overdue",
        action="payments.explain", about=clock.about, at=at,
    )  # fmt: skip


def _soon(work: Work, matter: MatterRow, clock: ClockRow, days: int, at: datetime) -> None:
    """Once is enough: a task that waits already is not opened again."""
    work.cursor.execute(
        "SELECT 1 FROM task WHERE about = %s AND element = 'payout_due' AND state = 'open'", [clock.about]
    )
    if work.cursor.fetchone() is None:
        work.ask_desk(
            matter,
            JUDGE,
            "案款应当发放",
            element="payout_due",
            about=clock.about,
            due_at=clock.due_at,
            at=at,
        )


def _missed(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    work.ask_desk(
        matter, JUDGE, "分期款到期未付：核实并告知申请执行人可以申请恢复执行", element="instalment_missed",
        about=clock.about, at=at,
    )  # fmt: skip


_NEXT = {
    OBJECTION: "分配方案异议期满：执行分配方案",
    COUNTER: "异议无人反对：按异议修正分配方案",
}


def _next(work: Work, matter: MatterRow, clock: ClockRow, at: datetime) -> None:
    name = _NEXT.get(clock.code, "异议人未起诉：按原方案分配")
    work.ask_desk(matter, JUDGE, name, element="distribution_next", about=clock.about, at=at)


on_clock(PAYOUT_VERB, ClockVerb(warned=_soon, expired=_overdue))
on_clock(INSTALMENT_VERB, ClockVerb(expired=_missed))
on_clock(NEXT_VERB, ClockVerb(expired=_next))


@completes("payments.explain")
def explain_overdue(completing: Completing) -> Outcome:
    """Why the money was not paid in time, and when the president was told."""
    data = completing.data
    return Outcome(
        said={"about": str(completing.task.about or ""), "reason": data["reason"], "told_on": data["told_on"]},
        shown={"reason": data["reason"]}, milestone=False,
    )  # fmt: skip
