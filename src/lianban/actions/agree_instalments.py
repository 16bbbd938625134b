"""登记分期履行: by the creditor's agreement, or on security to which the creditor consents; the court cannot impose it."""

from __future__ import annotations

from datetime import date, timedelta

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.errors import NothingToDo
from lianban.actions.money_errors import SettlementRuns, StillPerforming, yuan
from lianban.actions.money_in_hand import (
    INSTALMENT_VERB,
    MISSED,
    RESUME,
    after_receipts,
    claim_in,
    day_of,
    instalment_key,
    plan_in,
)
from lianban.actions.permissions import require_reason
from lianban.actions.running_clocks import prepared, start_clocks, stop_clocks
from lianban.engines.clocks.moments import legal_date, start_of_day
from lianban.engines.payments import Consent, Ground, Instalment, InstalmentPlan
from lianban.records import claims, instalments
from lianban.records.identity import new_id
from lianban.records.instalments import PlanRow


@acts("payments.instalments")
def agree_instalments(doing: Doing) -> Outcome:
    """Raises the engine's ``InstalmentsNotAgreed`` without the creditor's document, ``InstalmentsDoNotAddUp``."""
    work, matter, data = doing.work, doing.matter, doing.data
    claim = claim_in(work, matter, doing.record)
    for old in instalments.plans(work.cursor, matter.id):
        if old.claim == claim.id and old.state == "running":
            raise SettlementRuns(day=old.plan.last_day.isoformat())
    plan = InstalmentPlan(
        Consent(Ground(data["ground"]), data.get("creditor_document", ""), data.get("security_document", "")),
        int(data["total"]),
        tuple(Instalment(date.fromisoformat(row["due_on"]), int(row["amount"])) for row in data["instalments"]),
    )  # fmt: skip
    row = PlanRow(
        new_id(), matter.id, claim.id, data.get("in_kind", "").strip(), day_of(data.get("agreed_on"), doing.at), "running",
        None, "", plan,
    )  # fmt: skip
    instalments.add_plan(
        work.cursor, row, lead=matter.lead_agency, officer=work.acting.officer, recorded_at=work.acting.now
    )
    work.cursor.execute("SELECT lianban.setting_int('instalment_remind_days')")
    remind = int(work.cursor.fetchone()[0])
    start_clocks(work, [
        *(prepared(work, matter, code=MISSED, about_kind="instalment", about=instalment_key(row.id, number),
                   from_at=start_of_day(one.due_on), verb=INSTALMENT_VERB, warn_days=(7,),
                   due_on=one.due_on + timedelta(days=remind - 1)) for number, one in enumerate(plan.instalments, 1)),
        prepared(work, matter, code=RESUME, about_kind="instalment_plan", about=row.id, from_at=start_of_day(plan.last_day),
                 warn_days=(30,)),
    ])  # fmt: skip
    after_receipts(work, matter, doing.at)
    return Outcome(
        record=row.id, subjects=(claim.creditor,), shown={"amount": yuan(plan.total_fen)}, milestone=False,
        said={"plan": str(row.id), "claim": str(claim.id), "ground": plan.consent.ground.value, "total_fen": plan.total_fen,
              "creditor_document": plan.consent.creditor_document, "security_document": plan.consent.security_document,
              "in_kind": row.in_kind, "instalments": [{"due_on": i.due_on, "amount_fen": i.amount_fen} for i in plan.instalments]},
    )  # fmt: skip


@acts("payments.end_instalments")
def end_instalments(doing: Doing) -> Outcome:
    """Performed, resumed (only if an instalment was missed, 和解规定 11), or ended by the parties."""
    work, matter, data = doing.work, doing.matter, doing.data
    row = plan_in(work, matter, doing.record)
    state, on = data["state"], day_of(data.get("on"), doing.at)
    reason = require_reason("结束分期", data["reason"])
    if row.state != "running":
        raise NothingToDo(act="结束分期", reason_zh="该方案已经结束", reason="the plan has ended already")
    received = claims.receipts(work.cursor, [matter.id]).get(row.claim, [])
    states = row.states(received, legal_date(work.acting.now))
    if state == "resumed" and not any(one.missed for one in states):
        raise StillPerforming
    if (
        state == "performed"
        and any(one.paid_fen < one.instalment.amount_fen for one in states)
        and not row.in_kind
    ):
        left = row.plan.total_fen - sum(one.paid_fen for one in states)
        raise NothingToDo(
            act="结束分期",
            reason_zh=f"还有 {yuan(left)} 元没有到账",
            reason=f"{yuan(left)} yuan have not arrived",
        )
    instalments.end_plan(work.cursor, row.id, state, reason, on)
    keys = [instalment_key(row.id, number) for number in range(1, len(row.plan.instalments) + 1)]
    stop_clocks(work, keys, doing.at, [MISSED])
    if state != "ended":
        stop_clocks(work, [row.id], doing.at, [RESUME])
    work.close_asked([row.id, *keys], doing.at)
    return Outcome(
        record=row.id, milestone=False, shown={"state": state, "reason": reason},
        said={"plan": str(row.id), "state": state, "reason": reason, "on": on},
    )  # fmt: skip
