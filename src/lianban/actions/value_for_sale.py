"""评估: find the reference price of an asset, and settle it. A price that was settled is used for a year."""

from __future__ import annotations

from datetime import datetime, time

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.measure_in_hand import asset_in, subjects_of
from lianban.actions.running_clocks import meet_clocks, start_clock
from lianban.actions.sale_errors import StepOutOfOrder, ValuationRunning
from lianban.actions.sale_in_hand import METHODS, day, valuation_in
from lianban.engines.clocks.moments import legal_date
from lianban.engines.process.timers import BEIJING
from lianban.records import assets, measures, sales
from lianban.records.bulk import insert_many
from lianban.records.identity import new_id

# What runs while a price is sought (参考价规定 11, 19): the platforms, or the appraiser.
_CLOCKS = {"online": "enforcement.price_online_inquiry", "appraisal": "enforcement.price_appraisal"}
_BASIS = {"agreed": "agreement", "directed": "inquiry", "online": "inquiry", "appraisal": "appraisal"}


@acts("sales.value")
def value_for_sale(doing: Doing) -> Outcome:
    """Begin: the parties agree, an organ or the platforms are asked, or an appraiser is charged."""
    work, matter, data = doing.work, doing.matter, doing.data
    asset = asset_in(work, matter, doing.record)
    running = next(
        (v for v in sales.valuations(work.cursor, matter.id, asset.id) if v.state == "running"), None
    )
    if running is not None:
        raise ValuationRunning(
            asset=asset.name, method=METHODS[running.method], started_on=running.started_on
        )
    started, method, key = day(data, "started_on", legal_date(doing.at)), str(data["method"]), new_id()
    insert_many(
        work.cursor, "valuation",
        {"id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "asset_id": "uuid", "method": "text", "started_on": "date",
         "state": "text", "note": "text", "officer_id": "uuid", "recorded_at": "timestamptz"},
        [(key, matter.id, matter.lead_agency, asset.id, method, started, "running", str(data.get("note", "")),
          work.acting.officer, work.acting.now)],
    )  # fmt: skip
    held = [row.id for row in measures.of_matter(work.cursor, matter.id) if row.asset == asset.id]
    for about in (asset.id, *held):
        meet_clocks(work, about, doing.at, ["enforcement.price_start"])
    if method in _CLOCKS:
        start_clock(work, matter, code=_CLOCKS[method], about_kind="valuations", about=key,
                    from_at=datetime.combine(started, time(9), BEIJING), warn_days=(5, 1))  # fmt: skip
    return Outcome(
        record=key, said={"valuation": str(key), "asset": str(asset.id), "method": method, "started_on": started},
        shown={"asset": asset.name, "method": method}, subjects=subjects_of(asset), milestone=False,
    )  # fmt: skip


@acts("sales.settle")
def settle_price(doing: Doing) -> Outcome:
    """The price is settled, or nothing came of it: agreed apart, platforms silent, a report withdrawn."""
    work, matter, data = doing.work, doing.matter, doing.data
    row = valuation_in(work, matter, doing.record)
    asset = asset_in(work, matter, row.asset)
    on = day(data, "settled_on", legal_date(doing.at))
    if on < row.started_on:
        raise StepOutOfOrder(
            step_zh="参考价",
            step_en="The price",
            why_zh=f"早于开始日 {row.started_on}",
            why_en=f"it is before {row.started_on}",
        )
    meet_clocks(work, row.id, doing.at)
    if data["outcome"] == "failed":
        work.cursor.execute(
            "UPDATE valuation SET state = 'failed', note = %s WHERE id = %s",
            [str(data.get("note", "")), row.id],
        )
        return Outcome(
            record=row.id,
            said={"valuation": str(row.id), "outcome": "failed"},
            shown={"asset": asset.name},
            milestone=False,
        )
    value = int(data["value_fen"])
    valid = timing.book().due("enforcement.price_validity", on).legal_date
    work.cursor.execute(
        "UPDATE valuation SET state = 'settled', value_fen = %s, settled_on = %s, valid_until = %s, note = %s WHERE id = %s",
        [value, on, valid, str(data.get("note", "")), row.id],
    )
    # What the matter holds is counted by the better value from now on.
    insert_many(
        work.cursor, "asset_value", assets.VALUE,
        [(new_id(), asset.id, matter.id, matter.lead_agency, _BASIS[row.method], value, asset.share_numerator,
          asset.share_denominator, asset.encumbrance_fen, on, str(data.get("note", "")), doing.at, work.acting.now,
          work.acting.officer)],
    )  # fmt: skip
    at = datetime.combine(on, time(9), BEIJING)
    start_clock(
        work,
        matter,
        code="enforcement.price_validity",
        about_kind="valuations",
        about=row.id,
        from_at=at,
        due_on=valid,
        warn_days=(60, 30, 7),
    )
    start_clock(
        work,
        matter,
        code="enforcement.sale_start",
        about_kind="assets",
        about=asset.id,
        from_at=at,
        warn_days=(3, 1),
    )
    if row.method == "appraisal":
        start_clock(
            work,
            matter,
            code="enforcement.price_send_report",
            about_kind="valuations",
            about=row.id,
            from_at=at,
            warn_days=(1,),
        )
        start_clock(
            work,
            matter,
            code="enforcement.price_objection",
            about_kind="valuations",
            about=row.id,
            from_at=at,
        )
    return Outcome(
        record=row.id, said={"valuation": str(row.id), "asset": str(asset.id), "value_fen": value, "settled_on": on, "valid_until": valid},
        shown={"asset": asset.name, "value_fen": value, "valid_until": valid.isoformat()}, subjects=subjects_of(asset), milestone=False,
    )  # fmt: skip
