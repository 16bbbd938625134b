"""送达: the order reaches the assisting unit. From this moment it has effect, in the order of service (查扣冻规定 1)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lianban.actions.abilities import Completing, Doing, Outcome, acts, completes
from lianban.actions.measure_errors import MeasureNotPossible
from lianban.actions.measure_in_hand import ask_unit, measure_in, unit_code
from lianban.actions.order_measure import act_words, told
from lianban.actions.work import MatterRow, Work
from lianban.records.measures import MeasureRow


@completes("measures.serve")
def serve_measure(completing: Completing) -> Outcome:
    """The unit signs for it. Opens the unit's next task: to answer what it found."""
    return _served(completing.work, completing.matter, completing.task.about, completing.at)


@acts("measures.serve")
def serve_by_hand(doing: Doing) -> Outcome:
    """Two officers brought it: the court records when. The unit's task to sign for it is gone, its answer is still due."""
    outcome = _served(doing.work, doing.matter, doing.record, doing.at)
    assert doing.record is not None
    doing.work.close_asked([doing.record], doing.at, elements=["measure_service"])
    return outcome


def _served(work: Work, matter: MatterRow, key: UUID | None, at: datetime) -> Outcome:
    row = measure_in(work, matter, key)
    mark_served(work, row, at)
    ask_unit(
        work, matter, row.unit, f"反馈协助执行结果：{act_words(row.kind)} {row.number}", action="measures.answer", form="measure_answer", about=row.id,
    )  # fmt: skip
    unit = unit_code(work, row.unit)
    return Outcome(
        record=row.id,
        said={"measure": str(row.id), "number": row.number, "unit": unit, "served_at": at},
        shown=told(row.id, row.number, unit),
        milestone=False,
    )


def mark_served(work: Work, row: MeasureRow, at: datetime) -> None:
    """Raises :class:`MeasureNotPossible` where it was served before."""
    if row.served_at is not None:
        raise MeasureNotPossible(
            number=row.number, state=row.state, act_zh="送达", act="service", reason_zh="该文书此前已经送达",
            reason="it has been served already",
        )  # fmt: skip
    work.cursor.execute(
        "UPDATE measure SET served_at = %s, served_by_id = %s, changed_at = %s WHERE id = %s",
        [at, work.acting.officer, work.acting.now, row.id],
    )
