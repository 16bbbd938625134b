"""归档: the last thing a matter does before it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lianban.actions.abilities import serves
from lianban.actions.work import MatterRow, Work
from lianban.engines.process.events import CallService
from lianban.records.history import Entry


@serves("matters.archive")
def archive_matter(work: Work, matter: MatterRow, call: CallService, at: datetime) -> Mapping[str, Any]:
    work.happen(matter, "matters.archive", at, milestone=True)
    work.enter(
        Entry("matters.archive", matter.id, said={"number": matter.number, "events": matter.last_event})
    )
    return {}
