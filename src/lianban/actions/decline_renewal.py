"""不再续行: a named judge decides, with reasons, to let a measure end. Nothing lapses because nobody looked."""

from __future__ import annotations

from datetime import date, datetime

from lianban.actions import timing
from lianban.actions.abilities import Completing, Doing, Outcome, acts, completes
from lianban.actions.measure_in_hand import limits, measure_in, standing, unit_code
from lianban.actions.order_measure import told
from lianban.actions.permissions import require_reason
from lianban.actions.renew_measure import open_renewal, write_renewals
from lianban.actions.sign_renewals import send_renewals
from lianban.actions.work import MatterRow, Work
from lianban.engines import measures as engine
from lianban.engines.clocks.moments import legal_date
from lianban.records.measures import MeasureRow


@acts("measures.decline_renewal")
def decline_renewal(doing: Doing) -> Outcome:
    """The measure may end; the radar no longer asks for it."""
    row = measure_in(doing.work, doing.matter, doing.record)
    outcome = _declined(doing.work, row, str(doing.data.get("reason", "")), doing.at)
    doing.work.close_asked([row.id], doing.at, elements=["renewal_decision"])
    return outcome


@completes("measures.decide_renewal")
def decide_renewal(completing: Completing) -> Outcome:
    """What the warning asked: renew (drafted, signed and sent at once, for the judge does it) or let it end."""
    work, data, at = completing.work, completing.data, completing.at
    row = measure_in(work, completing.matter, completing.task.about)
    if data["decision"] != "renew":
        return _declined(work, row, str(data.get("reason", "")), at)
    return _renewed(work, completing.matter, row, data.get("printed_end"), at)


def _declined(work: Work, row: MeasureRow, reason: str, at: datetime) -> Outcome:
    reason = require_reason("不再续行", reason)
    line = open_renewal(work, row)
    if line is not None:
        work.cursor.execute(
            "UPDATE measure_renewal SET state = 'not_wanted', reason = %s, changed_at = %s WHERE id = %s",
            [reason, work.acting.now, line.id],
        )
        work.close_asked([line.id], at, elements=["renewal_service"])
    else:
        write_renewals(work, [(row, engine.Renewal(legal_date(at)))], at, reason, "not_wanted")
    unit = unit_code(work, row.unit)
    return Outcome(
        record=row.id,
        said={"measure": str(row.id), "reason": reason},
        shown=told(row.id, row.number, unit) | {"decision": "let_lapse", "ends_on": str(row.ends_on or "")},
        milestone=False,
    )


def _renewed(work: Work, matter: MatterRow, row: MeasureRow, printed: object, at: datetime) -> Outcome:
    line = open_renewal(work, row)
    if line is None:
        given = date.fromisoformat(str(printed)) if printed else None
        drafted = engine.renewal_for(timing.book(), limits(), standing(work, row), legal_date(at), given)
        write_renewals(work, [(row, drafted)], at, "")
        line = open_renewal(work, row)
    assert line is not None
    if line.state == "drafted":
        send_renewals(work, [(row, line)], at)
    unit = unit_code(work, row.unit)
    return Outcome(
        record=row.id,
        said={"measure": str(row.id), "renewal": str(line.id), "printed_end": line.printed_end},
        shown=told(row.id, row.number, unit)
        | {"decision": "renew", "printed_end": str(line.printed_end or "")},
        milestone=False,
    )
