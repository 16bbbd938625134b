"""分配方案异议: recorded, told to the others, answered or not, sued on or not; the disputed part is kept all the while."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import MoneyNotFound, NotInThisStage, ObjectionTooLate, yuan
from lianban.actions.money_in_hand import day_of, distribution_in
from lianban.actions.running_clocks import meet_clocks, start_clock, stop_clocks
from lianban.actions.serve_distribution import COUNTER, NEXT_VERB, SUIT
from lianban.engines.clocks.moments import start_of_day
from lianban.records import distributions
from lianban.records.distributions import ObjectionRow
from lianban.records.identity import new_id


@acts("payments.object")
def object_to_distribution(doing: Doing) -> Outcome:
    """Somebody says that one creditor's share is too large by so much. Raises :class:`ObjectionTooLate`."""
    work, matter, data = doing.work, doing.matter, doing.data
    plan = distribution_in(work, matter, doing.record)
    if plan.state != "served" or plan.object_until is None:
        raise NotInThisStage(
            what_zh="分配方案",
            what="The plan",
            state_zh="未送达或已撤回",
            state=plan.state,
            act_zh="登记异议",
            act="objected to",
        )
    received = day_of(data.get("received_on"), doing.at)
    if received > plan.object_until:
        raise ObjectionTooLate(day=plan.object_until.isoformat(), received=received.isoformat())
    share = next((s for s in plan.shares if str(s.claim) == data["against"]), None)
    if share is None:
        raise MoneyNotFound(what_zh="被异议的债权份额", what="the share objected to")
    disputed = int(data.get("disputed") or share.fen)
    if disputed > share.fen:
        raise NothingToDo(
            act="登记异议",
            reason_zh=f"该份额只有 {yuan(share.fen)} 元",
            reason=f"the share is {yuan(share.fen)} yuan only",
        )
    row = ObjectionRow(
        new_id(), plan.id, data["by"].strip(), share.claim, disputed, data["ground"].strip(), received, None, None, None,
        None, None, "",
    )  # fmt: skip
    distributions.add_objection(
        work.cursor, row, matter=matter.id, lead=matter.lead_agency, officer=work.acting.officer, recorded_at=work.acting.now
    )  # fmt: skip
    return Outcome(
        record=row.id, subjects=(share.creditor,), milestone=False, shown={"amount": yuan(disputed)},
        said={"objection": str(row.id), "distribution": str(plan.id), "against": str(share.claim), "disputed_fen": disputed,
              "received_on": received},
    )  # fmt: skip


# What may happen next, from the last thing that happened: 民诉解释 509–510.
_AFTER = {
    None: ("told",),
    "told": ("countered",),
    "countered": ("counter_told",),
    "counter_told": ("sued",),
    "sued": (),
}
_CLOCKS = {"told": COUNTER, "counter_told": SUIT}
_MET = {"countered": COUNTER, "sued": SUIT}


@acts("payments.objection_step")
def step_objection(doing: Doing) -> Outcome:
    """What happened to an objection. Telling it starts fifteen days to answer; telling the answer, fifteen days to sue."""
    work, matter, data = doing.work, doing.matter, doing.data
    row = objection_in(doing)
    step, on = data["step"], day_of(data.get("on"), doing.at)
    if step == "ended":
        return _end(doing, row)
    if step not in _AFTER[_last(row)]:
        raise NotInThisStage(
            what_zh="异议", what="The objection", state_zh=_WORDS[_last(row)], state=_last(row) or "received",
            act_zh=f"登记“{_WORDS[step]}”", act=step,
        )  # fmt: skip
    distributions.step_objection(work.cursor, row.id, step, on)
    work.close_asked([row.id], doing.at)
    if step in _MET:
        meet_clocks(work, row.id, doing.at, [_MET[step]])
    if step in _CLOCKS:
        start_clock(
            work, matter, code=_CLOCKS[step], about_kind="distribution_objection", about=row.id, from_at=start_of_day(on),
            verb=NEXT_VERB,
        )  # fmt: skip
    return Outcome(
        record=row.id, milestone=False, shown={"step": _WORDS[step]},
        said={"objection": str(row.id), "step": step, "on": on},
    )  # fmt: skip


_WORDS = {
    None: "已提出",
    "told": "已通知各方",
    "countered": "有人反对",
    "counter_told": "已通知异议人",
    "sued": "已起诉",
}


def _last(row: ObjectionRow) -> str | None:
    for step in ("sued", "counter_told", "countered", "told"):
        if getattr(row, distributions.STEPS[step]) is not None:
            return step
    return None


def _end(doing: Doing, row: ObjectionRow) -> Outcome:
    """The objection is over. Upheld or unanswered, the plan must be made anew; otherwise the kept part may be paid."""
    work, data = doing.work, doing.data
    outcome, on = data["outcome"], day_of(data.get("on"), doing.at)
    distributions.end_objection(work.cursor, row.id, outcome, on)
    stop_clocks(work, [row.id], doing.at)
    work.close_asked([row.id], doing.at)
    return Outcome(
        record=row.id, milestone=False, shown={"outcome": outcome},
        said={"objection": str(row.id), "step": "ended", "outcome": outcome, "on": on},
    )  # fmt: skip


def objection_in(doing: Doing) -> ObjectionRow:
    """The open objection of this matter. Raises :class:`MoneyNotFound`."""
    row = distributions.objection(doing.work.cursor, doing.record) if doing.record else None
    if row is None or row.ended_on is not None:
        raise MoneyNotFound(what_zh="未了结的异议", what="an objection that is open")
    distribution_in(doing.work, doing.matter, row.distribution)
    return row
