"""查封、冻结、扣押: the court orders a measure on an asset; it has effect when it reaches the unit, not before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.measure_in_hand import (
    ask_unit,
    asset_in,
    claim_kind,
    held,
    limits,
    next_number,
    subjects_of,
    unit_code,
)
from lianban.actions.running_clocks import start_clock
from lianban.engines import measures as engine
from lianban.engines.clocks.moments import legal_date
from lianban.records import measures
from lianban.records.assets import AssetRow
from lianban.records.bulk import insert_many
from lianban.records.identity import new_id

# 查扣冻规定 1: the ruling is served on debtor and creditor. It names no days: the length is a setting, marked unverified.
RULING_CLOCK = "enforcement.ruling_service"
_WORDS = {
    engine.MeasureKind.SEAL: "查封", engine.MeasureKind.FREEZE: "冻结", engine.MeasureKind.DETAIN: "扣押",
    engine.MeasureKind.DEDUCT: "扣划",
}  # fmt: skip


@acts("measures.order")
def order_measure(doing: Doing) -> Outcome:
    """One order on one asset. The judge who does this act decides and signs; no machine takes a measure.

    Raises what :func:`~lianban.engines.measures.check_order` raises: not allowed, above the claim, an excess open, an end
    beyond the longest term. The database holds the same.
    """
    asset = asset_in(doing.work, doing.matter, doing.record)
    data = doing.data
    printed = data.get("printed_end")
    return place_order(
        doing, asset, engine.MeasureKind(str(data["kind"])), engine.LegalBasis(str(data["basis"])),
        int(data["ceiling_fen"]), date.fromisoformat(str(printed)) if printed else None, list(data.get("facts", ())),
    )  # fmt: skip


def place_order(
    doing: Doing, asset: AssetRow, kind: engine.MeasureKind, basis: engine.LegalBasis, ceiling_fen: int,
    printed_end: date | None, facts: Sequence[str],
) -> Outcome:  # fmt: skip
    """Check an order, write it, and put it on the unit's desk."""
    work, matter = doing.work, doing.matter
    day, claim = legal_date(doing.at), claim_kind(work, matter)
    outstanding, control = held(measures.control_of(work.cursor, matter.id))
    order = engine.Measure(
        "new", str(matter.id), str(asset.unit), asset.engine, kind, basis, day, ceiling_fen, printed_end
    )
    permission = engine.check_order(
        timing.book(), limits(), order,
        engine.Outstanding(outstanding.claim_fen, kind=claim), control, facts=facts,
    )  # fmt: skip
    if printed_end is None and order.is_hold:
        printed_end = timing.book().due(permission.clock, day).legal_date
    made, number = new_id(), next_number(work, matter)
    insert_many(
        work.cursor, "measure", measures.ORDER,
        [(made, matter.id, matter.lead_agency, asset.id, kind.value, basis.value, claim.value, list(facts), day, doing.at,
          ceiling_fen, printed_end, number, work.acting.post, work.acting.officer, work.acting.now, work.acting.now)],
    )  # fmt: skip
    ask_unit(
        work,
        matter,
        asset.unit,
        f"签收协助执行通知书：{_WORDS[kind]} {number}",
        action="measures.serve",
        form="measure_service",
        about=made,
    )
    start_clock(
        work, matter, code=RULING_CLOCK, about_kind="measures", about=made, from_at=doing.at, warn_days=(2,)
    )
    alarm = permission.alarm
    return Outcome(
        record=made,
        said={"measure": str(made), "kind": kind.value, "basis": basis.value, "unit": unit_code(work, asset.unit),
              "ceiling_fen": ceiling_fen, "printed_end": printed_end, "number": number, "facts": list(facts)},
        shown={"number": number, "measure_kind": kind.value, "asset": asset.name, "unit": unit_code(work, asset.unit),
               "printed_end": printed_end.isoformat() if printed_end else None,
               **({"alarm_zh": alarm.zh, "alarm_en": alarm.en} if alarm else {})},
        subjects=subjects_of(asset),
        milestone=False,
    )  # fmt: skip


def act_words(kind: str) -> str:
    """查封, 冻结, 扣押, 扣划."""
    return _WORDS[engine.MeasureKind(kind)]


def told(measure: UUID, number: str, unit: str) -> dict[str, str]:
    """What the history says of a measure, whoever acts on it."""
    return {"measure": str(measure), "number": number, "unit": unit}
