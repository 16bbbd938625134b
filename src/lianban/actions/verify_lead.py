"""核实线索: the court looks whether it is so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.actions.abilities import Completing, Doing, Outcome, acts, completes
from lianban.actions.case_errors import NoSuchRecord, StandsOtherwise
from lianban.actions.report_lead import VERIFY
from lianban.actions.running_clocks import meet_clocks
from lianban.actions.work import MatterRow, Work
from lianban.records import collaborations


@completes("leads.verify")
def verify_task(completing: Completing) -> Outcome:
    """As the task that was asked of the judge."""
    return _verify(completing.work, completing.matter, completing.task.about, completing.data, completing.at)


@acts("leads.verify")
def verify_lead(doing: Doing) -> Outcome:
    outcome = _verify(doing.work, doing.matter, doing.record, doing.data, doing.at)
    if doing.record is not None:
        doing.work.close_asked([doing.record], doing.at, elements=["leads.verify"])
    return outcome


def _verify(
    work: Work, matter: MatterRow, record: UUID | None, data: Mapping[str, Any], at: datetime
) -> Outcome:
    lead = collaborations.lead(work.cursor, record) if record else None
    if lead is None or lead.matter != matter.id:
        raise NoSuchRecord(what_zh="财产线索", what_en="lead")
    if lead.state != "reported":
        raise StandsOtherwise(
            act_zh="核实财产线索", act_en="Verify a lead", what_zh="线索", what_en="lead", state=lead.state
        )
    state = "confirmed" if data["confirmed"] == "yes" else "not_so"
    work.cursor.execute(
        "UPDATE property_lead SET state = %s, verified_at = %s, verified_by_id = %s, finding = %s WHERE id = %s",
        [state, at, work.acting.officer, str(data.get("finding", "")).strip(), lead.id],
    )
    meet_clocks(work, lead.id, at, [VERIFY])
    work.tell(lead.township)
    return Outcome(said={"lead": str(lead.id), "state": state}, shown={"state": state}, milestone=False,
                   record=lead.id)  # fmt: skip
