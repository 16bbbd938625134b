"""Record matters that were closed before they came here: their content, their parties and their two dates.

They have no process rows: nothing of them waits. Figures count them by the same dates as any other matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.parties import take_parties
from lianban.actions.permissions import require
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.scenes import Scene
from lianban.records import scenes
from lianban.records.bulk import insert_many
from lianban.records.history import Entry
from lianban.records.identity import new_id


@dataclass(frozen=True, slots=True)
class ClosedMatter:
    """One matter of the past, by the scene's form."""

    data: Mapping[str, Any]
    number: str
    opened_at: datetime
    closed_at: datetime


_MATTER = {"id": "uuid", "scene": "text", "number": "text", "title": "text", "drawing_id": "uuid", "lead_agency_id": "uuid",
           "state": "text", "opened_at": "timestamptz", "recorded_at": "timestamptz", "closed_at": "timestamptz",
           "batch": "text", "last_event": "integer"}  # fmt: skip
_LEG = {"id": "uuid", "matter_id": "uuid", "agency_id": "uuid", "lead_agency_id": "uuid", "role": "text",
        "opened_at": "timestamptz", "closed_at": "timestamptz"}  # fmt: skip


def record_closed(acting: Acting, scene: str, matters: Sequence[ClosedMatter], batch: str) -> list[UUID]:
    """Record closed matters, all or none; ``batch`` names what arrived together. Returns their ids in the order given."""
    require(acting, "start_import")
    with working(acting) as work:
        return record_closed_in(work, scenes.scene(scene), matters, batch)


def record_closed_in(work: Work, pack: Scene, matters: Sequence[ClosedMatter], batch: str) -> list[UUID]:
    """The same within a unit of work that is already open. The data was checked by the form."""
    if not matters:
        return []
    lead, now = work.acting.agency, work.acting.now
    assert lead is not None
    drawing = scenes.current_drawing(work.cursor, pack.name)
    rows = [
        MatterRow(new_id(), pack.name, one.number, drawing, lead, "closed", one.opened_at, 0, closed_at=one.closed_at, new=True)
        for one in matters
    ]  # fmt: skip
    insert_many(
        work.cursor, "matter", _MATTER,
        [(m.id, m.scene, m.number, pack.title.zh, drawing, lead, "closed", m.opened_at, now, m.closed_at, batch, 0) for m in rows],
    )  # fmt: skip
    insert_many(
        work.cursor, "leg", _LEG,
        [(new_id(), m.id, lead, lead, "lead", m.opened_at, m.closed_at) for m in rows],
    )  # fmt: skip
    contents = take_parties(
        work, pack.forms[pack.matter_form], rows, [deepcopy(dict(one.data)) for one in matters]
    )
    insert_many(work.cursor, "matter_content", {"matter_id": "uuid", "data": "jsonb"},
                [(m.id, data) for m, (data, _) in zip(rows, contents, strict=True)])  # fmt: skip
    for matter, (_, parties) in zip(rows, contents, strict=True):
        assert matter.closed_at is not None
        work.matters[matter.id] = matter
        work.happen(matter, "matter.opened", matter.opened_at, milestone=True, scene=pack.name, imported=True)
        work.happen(matter, "matter.closed", matter.closed_at, milestone=True, imported=True)
        work.enter(
            Entry("matter.imported", matter.id, parties,
                  {"scene": pack.name, "number": matter.number, "opened_at": matter.opened_at,
                   "closed_at": matter.closed_at, "batch": batch})
        )  # fmt: skip
    return [matter.id for matter in rows]
