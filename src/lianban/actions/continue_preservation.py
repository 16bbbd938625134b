"""保全转执行: a preservation goes on as a measure of enforcement, without a gap and with the same end (保全规定 17)."""

from __future__ import annotations

from uuid import UUID

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.measure_errors import MeasureNotFound, MeasureNotPossible
from lianban.actions.measure_in_hand import unit_code
from lianban.actions.order_measure import told
from lianban.actions.running_clocks import stop_clocks
from lianban.records import measures


@acts("measures.continue")
def continue_preservation(doing: Doing) -> Outcome:
    """Take over a preservation: of this matter, or of another matter of the same court, named by its document.

    The rank stays, because the order of service does. The unit gets its leg in this matter.
    """
    work, matter = doing.work, doing.matter
    number = str(doing.data["number"]).strip()
    work.cursor.execute(
        "SELECT id FROM measure WHERE number = %s AND lead_agency_id = %s ORDER BY id FOR UPDATE",
        [number, matter.lead_agency],
    )
    found = [UUID(str(key)) for (key,) in work.cursor.fetchall()]
    if not found:
        raise MeasureNotFound
    row = measures.by_ids(work.cursor, found[:1])[found[0]]
    if row.basis != "preservation" or not row.live:
        raise MeasureNotPossible(
            number=number, state=row.state, act_zh="保全转执行", act="going on as enforcement",
            reason_zh="只有正在生效或轮候的财产保全可以转为执行措施", reason="only a live preservation becomes enforcement",
        )  # fmt: skip
    work.lock([row.matter])
    work.cursor.execute(
        "SELECT lianban.continue_preservation(%s, %s, %s)", [row.id, matter.id, work.acting.now]
    )
    work.join(matter, [row.unit])
    # Its clocks ran in the other matter; the worker starts them here as soon as it is told.
    stop_clocks(work, [row.id], doing.at)
    unit = unit_code(work, row.unit)
    return Outcome(
        record=row.id,
        said={"measure": str(row.id), "number": number, "from_matter": str(row.matter)},
        shown=told(row.id, number, unit),
        milestone=False,
    )
