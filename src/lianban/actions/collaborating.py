"""What the steps of a collaboration share: find it, move it on, write who did the step."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.actions.case_errors import NoSuchRecord
from lianban.actions.work import MatterRow, Work
from lianban.engines.collaboration import Step, require_next
from lianban.records import collaborations
from lianban.records.collaborations import CollaborationRow
from lianban.records.identity import new_id

ANSWER = "enforcement.township_answer"
ABOUT = "collaboration"


def in_hand(work: Work, matter: MatterRow, record: UUID | None) -> CollaborationRow:
    """A collaboration of this matter. Raises :class:`NoSuchRecord`."""
    found = collaborations.collaboration(work.cursor, record) if record else None
    if found is None or found.matter != matter.id:
        raise NoSuchRecord(what_zh="乡镇协同", what_en="collaboration")
    return found


def move(
    work: Work, row: CollaborationRow, step: Step, at: datetime, *, helper: str = "", **columns: Any
) -> None:
    """Take the next step: the order is checked here in words, and by the database whatever is forgotten here."""
    require_next(Step(row.state), step)
    change = {"state": step.value, **columns}
    work.cursor.execute(
        f"UPDATE collaboration SET {', '.join(f'{name} = %s' for name in change)} WHERE id = %s",  # noqa: S608
        [*change.values(), row.id],
    )
    write_step(work, row.id, row.matter, row.lead_agency, row.township, step, at, helper)
    work.tell(row.township, row.lead_agency)


def write_step(
    work: Work, collaboration: UUID, matter: UUID, lead: UUID, township: UUID, step: Step, at: datetime, helper: str = ""
) -> None:  # fmt: skip
    work.cursor.execute(
        """INSERT INTO collaboration_step (id, collaboration_id, matter_id, lead_agency_id, township_id, step, helper, agency_id,
                                           officer_id, occurred_at, recorded_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [new_id(), collaboration, matter, lead, township, step.value, helper, work.acting.agency, work.acting.officer,
         at, work.acting.now],
    )  # fmt: skip


def subjects(row: CollaborationRow) -> tuple[UUID, ...]:
    """Whom the ledger names: the party that was pushed."""
    return (row.party,) if row.party else ()


def a_date(text: Any) -> date | None:
    return date.fromisoformat(str(text)) if text else None
