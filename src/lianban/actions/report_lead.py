"""摸排与反馈线索: what was found of property, in typed fields; or that nothing was found.

The free text is short, refused where it holds a number of a person, and is read by this matter's court and nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from lianban.actions import timing
from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.collaborating import ANSWER, a_date, in_hand, move, subjects
from lianban.actions.running_clocks import meet_clocks, start_clock
from lianban.engines.collaboration import LeadKind, Measured, PropertyLead, Step, check_lead
from lianban.engines.process.timers import BEIJING
from lianban.records.collaborations import CollaborationRow
from lianban.records.identity import new_id

VERIFY = "enforcement.verify_lead"
HARVEST = "enforcement.harvest_warning"


@completes("collaborations.report")
def report_lead(completing: Completing) -> Outcome:
    work, matter, data, at = completing.work, completing.matter, completing.data, completing.at
    row = in_hand(work, matter, completing.task.about)
    helper = str(data["helper"])
    first = {"answered_at": row.answered_at or at}
    if data["found"] != "yes":
        move(work, row, Step.SURVEYED, at, helper=helper, **first)
        meet_clocks(work, row.id, at, [ANSWER])
        return Outcome(said={"collaboration": str(row.id), "found": False, "helper": helper},
                       subjects=subjects(row), milestone=False)  # fmt: skip
    lead = _lead(data)
    check_lead(lead)
    move(work, row, Step.LEAD_REPORTED, at, helper=helper, leads=row.leads + 1, **first)
    meet_clocks(work, row.id, at, [ANSWER])
    key = _write(completing, row, lead, helper)
    _clocks(completing, key, lead)
    if data.get("more"):
        work.ask(matter, row.township, "grid_worker", "继续反馈线索", element="collaborations.report",
                 form="collaboration_report", action="collaborations.report", about=row.id,
                 due_at=completing.task.due_at, at=at)  # fmt: skip
    return Outcome(
        said={"collaboration": str(row.id), "found": True, "lead": str(key), "kind": lead.kind.value, "helper": helper},
        shown={"what": lead.kind.value}, subjects=subjects(row), milestone=False,
    )  # fmt: skip


def _lead(data: Mapping[str, Any]) -> PropertyLead:
    quantity = data.get("quantity")
    return PropertyLead(
        LeadKind(str(data["kind"])), str(data["place"]).strip(),
        Decimal(str(quantity)) if quantity else None,
        Measured(str(data["measured"])) if quantity and data.get("measured") else None,
        a_date(data.get("opens_on")), a_date(data.get("closes_on")),
        str(data.get("buyer", "")).strip(), str(data.get("note", "")).strip(),
    )  # fmt: skip


def _write(completing: Completing, row: CollaborationRow, lead: PropertyLead, helper: str) -> UUID:
    work, key = completing.work, new_id()
    work.cursor.execute(
        """INSERT INTO property_lead (id, collaboration_id, matter_id, lead_agency_id, township_id, kind, place, quantity,
                                      measured, opens_on, closes_on, buyer, note, helper, officer_id, occurred_at, recorded_at,
                                      state, finding)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'reported', '')""",
        [key, row.id, row.matter, row.lead_agency, row.township, lead.kind.value, lead.place, lead.quantity,
         lead.measured.value if lead.measured else "", lead.opens_on, lead.closes_on, lead.buyer, lead.note, helper,
         work.acting.officer, completing.at, work.acting.now],
    )  # fmt: skip
    return key


def _clocks(completing: Completing, key: UUID, lead: PropertyLead) -> None:
    """The court verifies in seven days; thirty days before a harvest somebody is told."""
    work, matter, at = completing.work, completing.matter, completing.at
    start_clock(work, matter, code=VERIFY, about_kind="property_lead", about=key, from_at=at, warn_days=(1,))
    work.ask_desk(matter, "judge", "核实财产线索", element="leads.verify", form="lead_verify",
             action="leads.verify", about=key, due_at=timing.due(VERIFY, at).at, at=at)  # fmt: skip
    if lead.opens_on is not None and lead.kind.seasonal:
        opens = datetime.combine(lead.opens_on, time(), BEIJING)
        start_clock(work, matter, code=HARVEST, about_kind="property_lead", about=key, from_at=opens,
                    verb="leads.harvest")  # fmt: skip
