"""扣划: money that is frozen is taken; and 处置, the hook by which a sale ends control on an asset for everyone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.measure_errors import MeasureNotPossible
from lianban.actions.measure_in_hand import asset_in, limits, measure_in
from lianban.actions.order_measure import place_order
from lianban.actions.work import MatterRow, Work
from lianban.engines import measures as engine
from lianban.engines.clocks.moments import legal_date
from lianban.records import measures


@acts("measures.deduct")
def deduct_measure(doing: Doing) -> Outcome:
    """Order the unit to pay out of what this measure froze. Only what holds first can be taken."""
    row = measure_in(doing.work, doing.matter, doing.record)
    if row.state != "effective":
        raise MeasureNotPossible(
            number=row.number, state=row.state, act_zh="扣划", act="a deduction", reason_zh="只有首位生效的冻结可以扣划",
            reason="only a freeze that is in effect and first can be taken from",
        )  # fmt: skip
    asset = asset_in(doing.work, doing.matter, row.asset)
    return place_order(
        doing, asset, engine.MeasureKind.DEDUCT, engine.LegalBasis(row.basis), int(doing.data["amount_fen"]), None,
        row.facts,
    )  # fmt: skip


def dispose_asset(work: Work, matter: MatterRow, asset: UUID, at: datetime, by: str) -> UUID:
    """The asset was sold or given in payment (``by``: the act, such as ``auction``): control on it ends for everyone.

    For the actions of sales. Returns the measure that led to it. Raises :class:`MeasureNotPossible` where the matter does not
    hold the asset first, and what the limits say: a necessary dwelling may be sealed and not sold.
    """
    for row in measures.of_matter(work.cursor, matter.id):
        if row.asset == asset and row.state == "effective":
            limits().require(
                engine.LegalBasis(row.basis), row.asset_kind, engine.Step.SELL, on=legal_date(at),
                claim=engine.ClaimKind(row.claim), facts=row.facts,
            )  # fmt: skip
            work.cursor.execute(
                "UPDATE measure SET disposed_at = %s, disposed_by = %s, changed_at = %s WHERE id = %s",
                [at, by, work.acting.now, row.id],
            )
            return row.id
    raise MeasureNotPossible(
        number=matter.number, state="—", act_zh="处置", act="a disposal", reason_zh="本案没有首位生效的查封、冻结",
        reason="the matter holds no measure that is in effect and first",
    )  # fmt: skip
