"""解除: the court orders a release, whole or in part; it has effect when it reaches the unit."""

from __future__ import annotations

from lianban.actions.abilities import Completing, Doing, Outcome, acts, completes
from lianban.actions.answer_measure import keep_answer
from lianban.actions.measure_errors import MeasureNotFound, MeasureNotPossible
from lianban.actions.measure_in_hand import ask_unit, measure_in, next_number, unit_code
from lianban.actions.order_measure import told
from lianban.actions.permissions import require_reason
from lianban.actions.running_clocks import meet_clocks, start_clock
from lianban.records import measures
from lianban.records.bulk import insert_many
from lianban.records.identity import new_id
from lianban.records.measures import MeasureRow

RELEASE_CLOCKS = {False: "enforcement.release_on_ground", True: "enforcement.release_on_ground_urgent"}


@acts("measures.release")
def release_measure(doing: Doing) -> Outcome:
    """Order it, on a ground and with reasons. What is due to the unit runs as a clock: five days, or 48 hours if urgent."""
    work, matter, data = doing.work, doing.matter, doing.data
    row = measure_in(work, matter, doing.record)
    if not row.live:
        raise _not_now(row)
    if any(line.arrived_at is None for line in measures.releases_of(work.cursor, [row.id]).get(row.id, ())):
        raise _not_now(row, "已有一份解除正在送达", "a release is on its way already")
    reason = require_reason("解除", str(data.get("reason", "")))
    made, number, part = new_id(), next_number(work, matter), data.get("amount_fen")
    insert_many(
        work.cursor, "measure_release", measures.RELEASE,
        [(made, row.id, part, str(data["ground"]), reason, number, work.acting.officer, doing.at, work.acting.now)],
    )  # fmt: skip
    start_clock(
        work,
        matter,
        code=RELEASE_CLOCKS[bool(data.get("urgent"))],
        about_kind="measures",
        about=made,
        from_at=doing.at,
    )
    name = f"签收解除通知书：{number}" + ("（部分）" if part else "")
    ask_unit(
        work,
        matter,
        row.unit,
        name,
        action="measures.confirm_release",
        form="release_confirmation",
        about=made,
    )
    unit = unit_code(work, row.unit)
    return Outcome(
        record=row.id,
        said={"measure": str(row.id), "release": str(made), "ground": data["ground"], "amount_fen": part, "reason": reason},
        shown=told(row.id, row.number, unit) | {"ground": str(data["ground"]), "amount_fen": part},
        milestone=False,
    )  # fmt: skip


@completes("measures.confirm_release")
def confirm_release(completing: Completing) -> Outcome:
    """The release reached the unit. Of a part, the unit says what it still holds: that is its answer from now on."""
    work, about = completing.work, completing.task.about
    work.cursor.execute("SELECT measure_id, amount_fen FROM measure_release WHERE id = %s", [about])
    found = work.cursor.fetchone()
    if found is None or about is None:
        raise MeasureNotFound
    row = measure_in(work, completing.matter, found[0])
    work.cursor.execute(
        "UPDATE measure_release SET arrived_at = %s, changed_at = %s WHERE id = %s",
        [completing.at, work.acting.now, about],
    )
    evidence: tuple[tuple[str, object, str], ...] = ()
    if found[1] is not None:
        left = completing.data.get("amount_fen")
        if left is None:
            raise _not_now(row, "部分解除须填写仍控制的金额", "a release of a part says what is still held")
        key, digest = keep_answer(
            work, row.id, {"outcome": "done", "amount_fen": left, "remark": "部分解除后"}, completing.at
        )
        evidence = (("measure_answer", key, digest),)
    meet_clocks(work, about, completing.at)
    unit = unit_code(work, row.unit)
    return Outcome(
        record=row.id,
        said={"measure": str(row.id), "release": str(about), "arrived_at": completing.at},
        shown=told(row.id, row.number, unit),
        evidence=evidence,  # type: ignore[arg-type]
        milestone=False,
    )


def _not_now(
    row: MeasureRow, zh: str = "没有正在控制的财产", en: str = "nothing is held"
) -> MeasureNotPossible:
    return MeasureNotPossible(
        number=row.number, state=row.state, act_zh="解除", act="a release", reason_zh=zh, reason=en
    )
