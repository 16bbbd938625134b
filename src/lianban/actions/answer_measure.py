"""反馈: the unit says what it did. Recorded as it came, whatever it says; a corrected answer stands beside the first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.actions.abilities import Completing, Doing, Outcome, acts, completes
from lianban.actions.measure_in_hand import measure_in, unit_code
from lianban.actions.order_measure import told
from lianban.actions.serve_measure import mark_served
from lianban.actions.work import MatterRow, Work
from lianban.records import measures
from lianban.records.bulk import insert_many
from lianban.records.identity import new_id
from lianban.records.measures import MeasureRow


@completes("measures.answer")
def answer_measure(completing: Completing) -> Outcome:
    """The unit's own answer."""
    row = measure_in(completing.work, completing.matter, completing.task.about)
    return _answered(completing.work, completing.matter, row, completing.data, completing.at)


@acts("measures.answer")
def record_answer(doing: Doing) -> Outcome:
    """An answer that came on paper, or a correction the unit sent: the court writes it down as it came."""
    row = measure_in(doing.work, doing.matter, doing.record)
    outcome = _answered(doing.work, doing.matter, row, doing.data, doing.at)
    doing.work.close_asked([row.id], doing.at, elements=["measure_service", "measure_answer"])
    return outcome


def _answered(
    work: Work, matter: MatterRow, row: MeasureRow, data: Mapping[str, Any], at: datetime
) -> Outcome:
    if row.served_at is None:
        # Who answers has received it: the latest moment at which it can have arrived.
        mark_served(work, row, at)
    key, digest = keep_answer(work, row.id, data, at)
    if row.kind == "deduct" and data.get("balance_fen") is not None:
        _balance_left(work, row, int(data["balance_fen"]), at)
    unit = unit_code(work, row.unit)
    said = {name: data.get(name) for name in ("outcome", "amount_fen", "rank", "ends_on")}
    return Outcome(
        record=row.id,
        said={"measure": str(row.id), "answer": str(key), **said},
        shown=told(row.id, row.number, unit) | {"outcome": str(data["outcome"])},
        evidence=(("measure_answer", key, digest),),
        milestone=False,
    )


def _balance_left(work: Work, deduction: MeasureRow, balance_fen: int, at: datetime) -> None:
    """What the unit says is left after a deduction is its answer to the matter's freeze of the same account, too."""
    work.cursor.execute(
        "SELECT id FROM measure WHERE matter_id = %s AND asset_id = %s AND kind <> 'deduct' AND state IN ('effective', 'waiting')",
        [deduction.matter, deduction.asset],
    )
    for (hold,) in work.cursor.fetchall():
        said = {"outcome": "done", "amount_fen": balance_fen, "remark": f"{deduction.number} 扣划后余额"}
        keep_answer(work, hold, said, at)


def keep_answer(work: Work, measure: UUID, data: Mapping[str, Any], at: datetime) -> tuple[UUID, str]:
    """Write an answer; returns its id and digest, for the ledger."""
    key = new_id()
    insert_many(
        work.cursor, "measure_answer", measures.ANSWER,
        [(key, measure, str(data["outcome"]), data.get("amount_fen"), data.get("rank"), data.get("ends_on"),
          str(data.get("remark", "")), work.acting.officer, at, work.acting.now)],
    )  # fmt: skip
    work.cursor.execute("SELECT digest FROM measure_answer WHERE id = %s", [key])
    return key, work.cursor.fetchone()[0]
