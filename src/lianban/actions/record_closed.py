"""Record matters that were closed before they came here: their content, their parties, their two dates, how they ended.

They have no process rows: nothing of their drawing waits. Figures count them by the same dates as any other matter; where
their register says in which mode they were closed, as closings too. After 终本 the half-yearly queries that are left go on
here; those whose day has passed were the register's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from lianban.actions import timing
from lianban.actions.acting import Acting
from lianban.actions.close_matter import QUERY, QUERY_PERIOD, filed_sum, finish_of
from lianban.actions.parties import take_parties
from lianban.actions.permissions import require
from lianban.actions.running_clocks import prepared, start_clocks
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.clocks.moments import legal_date
from lianban.engines.closing import ClosingBook, Told, modes_known, next_query
from lianban.engines.closing.errors import UnknownMode
from lianban.engines.scenes import Scene
from lianban.records import scenes
from lianban.records.bulk import insert_many
from lianban.records.clocks import ClockRow
from lianban.records.history import Entry
from lianban.records.identity import new_id


@dataclass(frozen=True, slots=True)
class ClosedMatter:
    """One matter of the past, by the scene's form. ``closing``: how it ended, where that is known."""

    data: Mapping[str, Any]
    number: str
    opened_at: datetime
    closed_at: datetime
    closing: Told | None = None


_MATTER = {"id": "uuid", "scene": "text", "number": "text", "title": "text", "drawing_id": "uuid", "lead_agency_id": "uuid",
           "state": "text", "opened_at": "timestamptz", "recorded_at": "timestamptz", "closed_at": "timestamptz",
           "batch": "text", "last_event": "integer"}  # fmt: skip
_LEG = {"id": "uuid", "matter_id": "uuid", "agency_id": "uuid", "lead_agency_id": "uuid", "role": "text",
        "opened_at": "timestamptz", "closed_at": "timestamptz"}  # fmt: skip
_CLOSING = {"id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "mode": "text", "ground": "text", "ruling_no": "text",
            "filed_on": "date", "closed_on": "date", "legal_end_on": "date", "case_type": "text", "required": "text[]",
            "circumstances": "text[]", "claimed_fen": "bigint", "recovered_fen": "bigint", "closed_at": "timestamptz",
            "closed_by_id": "uuid", "queries_until": "date", "recorded_at": "timestamptz", "source": "text"}  # fmt: skip
_QUERY = {"id": "uuid", "closing_id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "number": "smallint",
          "due_on": "date", "summary": "text"}  # fmt: skip


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
    _record_closings(work, rows, matters)
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


def _record_closings(work: Work, rows: Sequence[MatterRow], matters: Sequence[ClosedMatter]) -> None:
    """A closing for each matter whose register tells one, and after 终本 the next query."""
    told = [
        (row, one, one.closing) for row, one in zip(rows, matters, strict=True) if one.closing is not None
    ]
    if not told:
        return
    book, clocks, now = ClosingBook.standard(), timing.book(), work.acting.now
    today = legal_date(now)
    kinds = _case_types(work, [one.number for _, one, _ in told])
    ends = lru_cache(maxsize=None)(lambda code, began: clocks.due(code, began).legal_date)
    upcoming = lru_cache(maxsize=None)(lambda closed_on: next_query(clocks, closed_on, today))
    closings: list[tuple[Any, ...]] = []
    queries: list[tuple[Any, ...]] = []
    running: list[ClockRow] = []
    for row, one, closing in told:
        key, filed, closed = new_id(), legal_date(one.opened_at), legal_date(one.closed_at)
        mode = book.mode_of_register(closing.mode, closed)
        if mode is None:
            raise UnknownMode(day=closed.isoformat(), found=closing.mode[:60],
                              known="、".join(code for code, _ in modes_known(book)))  # fmt: skip
        claimed = filed_sum(one.data)
        recovered = claimed if closing.recovered_fen is None else closing.recovered_fen
        until = ends(QUERY_PERIOD, closed) if mode.checklist else None
        closings.append(
            (key, row.id, row.lead_agency, mode.code, closing.ground, closing.ruling_no, filed, closed,
             ends(finish_of(one.data), filed), kinds[one.number], [], [], claimed, recovered, one.closed_at,
             work.acting.officer, until, now, "import")
        )  # fmt: skip
        ahead = upcoming(closed) if until else None
        if ahead is not None:
            query = new_id()
            queries.append((query, key, row.id, row.lead_agency, *ahead, ""))
            running.append(prepared(work, row, code=QUERY, about_kind="terminated_query", about=query, from_at=one.closed_at,
                                    due_on=ahead[1], verb="closing.query", warn_days=(7,)))  # fmt: skip
    insert_many(work.cursor, "closing", _CLOSING, closings)
    insert_many(work.cursor, "terminated_query", _QUERY, queries)
    start_clocks(work, running)


def _case_types(work: Work, numbers: Sequence[str]) -> dict[str, str]:
    """类型代字 of each number, as the database tells it of any closing."""
    work.cursor.execute("SELECT n, lianban.case_type(n) FROM unnest(%s::text[]) AS n", [list(numbers)])
    return dict(work.cursor.fetchall())
