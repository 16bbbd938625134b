"""续行送达: the renewal reaches the unit. In time, it prolongs; after the end it revives nothing (民诉解释 485; 查扣冻规定 27)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lianban.actions.abilities import Completing, Doing, Outcome, acts, completes
from lianban.actions.measure_errors import MeasureNotFound, MeasureNotPossible
from lianban.actions.measure_in_hand import measure_in, unit_code
from lianban.actions.order_measure import told
from lianban.actions.work import MatterRow, Work
from lianban.records import measures
from lianban.records.measures import MeasureRow, RenewalLine


@completes("measures.serve_renewal")
def serve_renewal(completing: Completing) -> Outcome:
    """The unit signs for it."""
    line = measures.renewal(completing.work.cursor, completing.task.about) if completing.task.about else None
    if line is None:
        raise MeasureNotFound
    row = measure_in(completing.work, completing.matter, line.measure)
    return _served(completing.work, completing.matter, row, line, completing.at)


@acts("measures.serve_renewal")
def serve_renewal_by_hand(doing: Doing) -> Outcome:
    """Two officers brought it on the last day: the court records when."""
    row = measure_in(doing.work, doing.matter, doing.record)
    line = _sent(doing.work, row)
    outcome = _served(doing.work, doing.matter, row, line, doing.at)
    doing.work.close_asked([line.id], doing.at, elements=["renewal_service"])
    return outcome


def _sent(work: Work, row: MeasureRow) -> RenewalLine:
    lines = measures.renewals_of(work.cursor, [row.id]).get(row.id, [])
    if not lines or lines[-1].state != "sent":
        raise MeasureNotPossible(
            number=row.number, state=row.state, act_zh="续行送达", act="service of a renewal",
            reason_zh="没有已签发的续行", reason="there is no signed renewal",
        )  # fmt: skip
    return lines[-1]


def _served(work: Work, matter: MatterRow, row: MeasureRow, line: RenewalLine, at: datetime) -> Outcome:
    work.cursor.execute(
        "UPDATE measure_renewal SET state = 'served', served_at = %s, changed_at = %s WHERE id = %s",
        [at, work.acting.now, line.id],
    )
    after = _ends_on(work, row.id)
    in_time = row.ends_on is None or after != row.ends_on
    unit = unit_code(work, row.unit)
    return Outcome(
        record=row.id,
        said={
            "measure": str(row.id),
            "renewal": str(line.id),
            "served_at": at,
            "ends_on": after,
            "in_time": in_time,
        },
        shown=told(row.id, row.number, unit) | {"ends_on": str(after or ""), "in_time": in_time},
        milestone=False,
    )


def _ends_on(work: Work, measure: UUID) -> object:
    """The end as the database counts it after the renewal."""
    return measures.by_ids(work.cursor, [measure])[measure].ends_on
