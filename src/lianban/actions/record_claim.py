"""登记债权: what the effective document fixes, split into the parts that the law treats differently."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.money_errors import CreditorUnclear, yuan
from lianban.actions.money_in_hand import after_receipts
from lianban.engines.clocks.moments import legal_date
from lianban.engines.payments import (
    Bucket,
    GeneralInterest,
    MoneyClaim,
    Pause,
    PaymentSettings,
    Tranche,
    settle,
)
from lianban.records import claims, matter_view
from lianban.records.claims import NewClaim


@acts("payments.claim")
def record_claim(doing: Doing) -> Outcome:
    """A new claim of a creditor of this matter. Raises the engine's errors for what cannot be reckoned (a delay that began
    before the rate, an order that nobody agreed)."""
    work, matter, data = doing.work, doing.matter, doing.data
    party = {str(p.id): p for p in matter_view.parties(work.cursor, matter.id)}.get(data["creditor"])
    if party is None or party.role == "debtor":
        raise CreditorUnclear
    new = read_claim(data, claims.settings(work.cursor))
    settle(new.money, [], legal_date(doing.at), PaymentSettings(agreed=new.buckets))
    claim = claims.add_claim(
        work.cursor, matter=matter.id, lead=matter.lead_agency, creditor=party.id, own=not data.get("participant", False),
        recorded_at=work.acting.now,
    )  # fmt: skip
    claims.add_version(
        work.cursor, claim, 1, new, matter=matter.id, lead=matter.lead_agency, officer=work.acting.officer,
        occurred_at=doing.at, recorded_at=work.acting.now,
    )  # fmt: skip
    after_receipts(work, matter, doing.at)
    return Outcome(
        record=claim, subjects=(party.id,), said={"claim": str(claim), **claim_said(new)}, milestone=False,
        shown={"amount": yuan(new.money.principal_fen), "basis": new.basis},
    )  # fmt: skip


def read_claim(data: Mapping[str, Any], chosen: PaymentSettings, reason: str = "") -> NewClaim:
    """What the form of a claim says, as the engine understands it."""
    tranches = tuple(
        Tranche(str(n), int(row["amount"]), _day(row["last_day"]))
        for n, row in enumerate(data["tranches"], 1)
    )
    general = tuple(
        GeneralInterest(
            Fraction(Decimal(str(row["yearly_percent"]))) / 100,
            _day(row["first_day"]),
            _day(row["last_day"]) if row.get("last_day") else None,
            int(row.get("day_basis", 365)),
            row.get("base"),
        )
        for row in data.get("interest_rates", ())
    )
    pauses = [
        (Pause(_day(row["first_day"]), _day(row["last_day"])), row["reason"])
        for row in data.get("pauses", ())
    ]
    money = MoneyClaim(
        "claim", tranches, general, int(data.get("interest", 0)), int(data.get("costs", 0)),
        int(data.get("enforcement_costs", 0)), tuple(pause for pause, _ in pauses), int(data.get("doubled_before", 0)),
        _day(data["doubled_from"]) if data.get("doubled_from") else None,
    )  # fmt: skip
    order = data.get("order", "statutory")
    # The parties agree about their own debts; the costs of enforcement go before all of them.
    agreed = (Bucket.ENFORCEMENT_COSTS, *map(Bucket, data["agreed_order"])) if order == "agreed" else ()
    buckets = PaymentSettings(order=order, agreed=agreed, rates=chosen.rates).buckets()
    return NewClaim(data["basis"], money, order, buckets, tuple(why for _, why in pauses), reason)


def claim_said(new: NewClaim) -> dict[str, Any]:
    """What the ledger keeps of a claim: every number of it."""
    money = new.money
    return {
        "basis": new.basis, "order": new.attribution, "interest_fen": money.interest_fen, "costs_fen": money.costs_fen,
        "enforcement_costs_fen": money.enforcement_costs_fen, "doubled_before_fen": money.doubled_before_fen,
        "doubled_from": money.doubled_from,
        "tranches": [{"amount_fen": t.amount_fen, "last_day": t.last_day} for t in money.tranches],
        "interest_rates": [{"yearly": str(g.yearly), "first_day": g.first_day, "last_day": g.last_day,
                            "day_basis": g.day_basis, "base_fen": g.base_fen} for g in money.general],
        "pauses": [{"first_day": p.first_day, "last_day": p.last_day} for p in money.pauses],
    }  # fmt: skip


def _day(text: str) -> date:
    return date.fromisoformat(text)
