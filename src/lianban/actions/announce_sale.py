"""公告处置: an asset is put up for sale, by auction, directly, or by the debtor under control of the price."""

from __future__ import annotations

from datetime import timedelta

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.measure_in_hand import asset_in, claim_kind, limits, subjects_of
from lianban.actions.running_clocks import meet_clocks, start_clock
from lianban.actions.sale_errors import DisposalBarred, NotHeldFirst, SaleRunning
from lianban.actions.sale_in_hand import WARN_DAYS, WAYS, day, planned, price_in_force
from lianban.engines import sales as engine
from lianban.engines.clocks.moments import legal_date
from lianban.engines.measures import LegalBasis, Step
from lianban.records import sales
from lianban.records.bulk import insert_many
from lianban.records.identity import new_id

_SALE = {
    "id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "asset_id": "uuid", "valuation_id": "uuid", "way": "text",
    "ground": "text", "facts": "jsonb", "round": "integer", "announced_on": "date", "start_fen": "bigint", "deposit_fen": "bigint",
    "bidding_from": "timestamptz", "bidding_until": "timestamptz", "until": "date", "state": "text", "buyer": "text",
    "transfer_number": "text", "reason": "text", "officer_id": "uuid", "recorded_at": "timestamptz",
}  # fmt: skip


@acts("sales.announce")
def announce_sale(doing: Doing) -> Outcome:
    """Raises what the law forbids: too low, too soon, without a ground, a dwelling, something another holds or claims.

    The database holds the same, whoever writes.
    """
    work, matter, data = doing.work, doing.matter, doing.data
    asset = asset_in(work, matter, doing.record)
    on = day(data, "announced_on", legal_date(doing.at))
    running = next((s for s in sales.sales(work.cursor, matter.id, asset.id) if s.state == "announced"), None)
    if running is not None:
        raise SaleRunning(asset=asset.name, announced_on=running.announced_on)
    if not sales.held_first(work.cursor, matter.id, asset.id):
        raise NotHeldFirst(asset=asset.name)
    facts = list(data.get("facts", ()))
    limits().require(
        LegalBasis.ENFORCEMENT, asset.kind, Step.SELL, claim=claim_kind(work, matter), on=on, facts=facts
    )
    if sales.barred(work.cursor, matter.id, asset.id, on):
        raise DisposalBarred(asset=asset.name)
    plan = planned(work, matter, asset, data, on)
    price = price_in_force(work, matter, asset.id, on)
    tell_by = engine.check_plan(plan, price.engine if price else None, timing.book())
    key = new_id()
    until = (
        day(data, "until", on + timedelta(days=engine.SaleRules.standard().on("self_sale_days", on).value))
        if plan.way is engine.Way.SELF
        else None
    )
    insert_many(
        work.cursor, "sale", _SALE,
        [(key, matter.id, matter.lead_agency, asset.id, price.id if price else None, plan.way.value,
          plan.ground.value if plan.ground else "", facts, plan.round, on, plan.start_fen, plan.deposit_fen, plan.bidding_from,
          plan.bidding_until, until, "announced", "", "", str(data.get("note", "")), work.acting.officer, work.acting.now)],
    )  # fmt: skip
    meet_clocks(work, asset.id, doing.at, ["enforcement.sale_start", "enforcement.auction_again"])
    if tell_by is not None and plan.bidding_from is not None:
        start_clock(
            work,
            matter,
            code="enforcement.auction_tell_parties",
            about_kind="sales",
            about=key,
            from_at=doing.at,
            due_on=tell_by,
            warn_days=(3, 1),
        )
    if until is not None:
        start_clock(
            work,
            matter,
            code="enforcement.sale_start",
            about_kind="sales",
            about=key,
            from_at=doing.at,
            due_on=until,
            warn_days=WARN_DAYS,
        )
    return Outcome(
        record=key,
        said={"sale": str(key), "asset": str(asset.id), "way": plan.way.value, "start_fen": plan.start_fen, "announced_on": on, "facts": facts},
        shown={"asset": asset.name, "way": WAYS[plan.way.value], "start_fen": plan.start_fen}, subjects=subjects_of(asset),
    )  # fmt: skip
