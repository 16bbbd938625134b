"""登记发放条件: the finance office told of the arrival, or everything for paying it out is there. Each starts a clock."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.errors import NothingToDo
from lianban.actions.money_in_hand import fund_in, moment_of, refresh_payout_clock
from lianban.records import funds


@acts("payments.mark_fund")
def mark_fund(doing: Doing) -> Outcome:
    """Which of the two triggers counts is a setting; both are facts and may be recorded. Each only once."""
    work, matter, data = doing.work, doing.matter, doing.data
    fund = fund_in(work, matter, doing.record)
    told = moment_of(data["notified_on"], doing.at) if data.get("notified_on") else None
    ready = moment_of(data["ready_on"], doing.at) if data.get("ready_on") else None
    if (told and fund.notified_at) or (ready and fund.ready_at) or not (told or ready):
        raise NothingToDo(
            act="登记发放条件",
            reason_zh="没有填写日期，或该日期已经登记过",
            reason="no day was given, or it is recorded already",
        )
    told, ready = (max(one, fund.arrived_at) if one else None for one in (told, ready))
    funds.mark_fund(work.cursor, fund.id, notified_at=told, ready_at=ready)
    refresh_payout_clock(work, matter, fund.id, doing.at)
    return Outcome(
        record=fund.id, milestone=False, said={"fund": str(fund.id), "notified_at": told, "ready_at": ready},
    )  # fmt: skip
