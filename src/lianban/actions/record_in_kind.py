"""登记以物抵债裁定: the value of a thing that went to the creditor counts as paid on the day the ruling took effect."""

from __future__ import annotations

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.money_errors import NoOrderInKind, yuan
from lianban.actions.money_in_hand import after_receipts, claim_in, count_receipt, day_of
from lianban.records import instalments


@acts("payments.in_kind")
def record_in_kind(doing: Doing) -> Outcome:
    """After a sale that failed, never on a settlement (和解规定 6). Raises :class:`NoOrderInKind`."""
    work, matter, data = doing.work, doing.matter, doing.data
    claim = claim_in(work, matter, doing.record)
    if any(
        plan.claim == claim.id and plan.state in ("running", "performed")
        for plan in instalments.plans(work.cursor, matter.id)
    ):
        raise NoOrderInKind
    fen, day = int(data["amount"]), day_of(data["effective_on"], doing.at)
    receipt = count_receipt(work, matter, claim.id, None, fen, day, ruling=data["ruling"].strip())
    after_receipts(work, matter, doing.at)
    return Outcome(
        record=claim.id, subjects=(claim.creditor,), milestone=False, shown={"amount": yuan(fen), "ruling": data["ruling"]},
        said={"claim": str(claim.id), "receipt": str(receipt), "amount_fen": fen, "paid_on": day, "ruling": data["ruling"]},
    )  # fmt: skip
