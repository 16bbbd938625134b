"""更正债权: another version of a claim, with its reason. What was recorded before stays readable."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.money_errors import CorrectionBlocked, yuan
from lianban.actions.money_in_hand import after_receipts, claim_in
from lianban.actions.permissions import require_reason
from lianban.actions.record_claim import claim_said, read_claim
from lianban.engines.payments import Bucket
from lianban.records import claims, funds


@acts("payments.correct_claim")
def correct_claim(doing: Doing) -> Outcome:
    """Raises :class:`CorrectionBlocked` where less would be owed than was already paid out."""
    work, matter, data = doing.work, doing.matter, doing.data
    old = claim_in(work, matter, doing.record)
    new = read_claim(data, claims.settings(work.cursor), require_reason("更正债权", data["reason"]))
    received = claims.receipts(work.cursor, [matter.id]).get(old.id, [])
    last = max((r.paid_on for r in received), default=doing.at.date())
    corrected = claims.ClaimRow(
        old.id, old.matter, old.creditor, old.creditor_name, old.own, old.version, old.number + 1, new.basis,
        new.attribution, new.buckets, new.reason, doing.at, new.money,
    )  # fmt: skip
    statement = claims.statement(corrected, received, last, claims.settings(work.cursor))
    out = funds.paid_by_claim(work.cursor, matter.id)
    costs = statement.paid[Bucket.ENFORCEMENT_COSTS]
    in_kind = sum(r.amount_fen for r in received if r.fund is None)
    if out[old.id, "claim"] > sum(statement.paid.values()) - costs - in_kind or out[old.id, "costs"] > costs:
        raise CorrectionBlocked(
            reason_zh=f"已发放或待发放 {yuan(out[old.id, 'claim'] + out[old.id, 'costs'])} 元，超过更正后的债权；请先办理退回",
            reason=f"{yuan(out[old.id, 'claim'] + out[old.id, 'costs'])} yuan are paid or about to be, more than the corrected claim; take them back first",
        )
    claims.add_version(
        work.cursor, old.id, old.number + 1, new, matter=matter.id, lead=matter.lead_agency, officer=work.acting.officer,
        occurred_at=doing.at, recorded_at=work.acting.now,
    )  # fmt: skip
    after_receipts(work, matter, doing.at)
    return Outcome(
        record=old.id, subjects=(old.creditor,), milestone=False,
        said={"claim": str(old.id), "version": old.number + 1, "reason": new.reason, **claim_said(new)},
        shown={"amount": yuan(new.money.principal_fen), "reason": new.reason},
    )  # fmt: skip
