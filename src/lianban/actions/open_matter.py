"""Open matters: the scene's form becomes a matter, its parties, its leg, and the first step of its drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from lianban.actions import timing
from lianban.actions.acting import Acting
from lianban.actions.errors import OccurredInTheFuture, SceneNotOpen, SceneOfAnotherAgency
from lianban.actions.parties import take_parties
from lianban.actions.permissions import require
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.clocks.moments import legal_date
from lianban.engines.process import start
from lianban.engines.process.state import State
from lianban.engines.process.timers import TimerSpec
from lianban.engines.scenes import Scene
from lianban.records import scenes
from lianban.records.bulk import insert_many
from lianban.records.history import Entry
from lianban.records.identity import new_id
from lianban.records.numbering import take_numbers
from lianban.records.process_rows import Loaded


@dataclass(frozen=True, slots=True)
class Opening:
    """One matter to open. ``number`` is given where it comes from outside (a case number); otherwise the next
    of its organ, scene and year is taken, without gaps."""

    data: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    number: str = ""
    occurred_at: datetime | None = None
    batch: str | None = None


_MATTER = {"id": "uuid", "scene": "text", "number": "text", "title": "text", "drawing_id": "uuid",
           "lead_agency_id": "uuid", "state": "text", "opened_at": "timestamptz", "recorded_at": "timestamptz",
           "batch": "text", "last_event": "integer"}  # fmt: skip
_LEG = {"id": "uuid", "matter_id": "uuid", "agency_id": "uuid", "lead_agency_id": "uuid", "role": "text",
        "opened_at": "timestamptz"}  # fmt: skip


def open_matters(acting: Acting, scene: str, openings: Sequence[Opening]) -> list[UUID]:
    """Open one or many matters of a scene, all or none; returns their ids in the order given."""
    require(acting, "open_matter")
    pack = scenes.scene(scene)
    if not pack.open_for_matters:
        raise SceneNotOpen(scene=pack.title.zh, status=pack.status.value)
    with working(acting) as work:
        own = work.directory.agencies[acting.agency].kind if acting.agency else ""
        if own != pack.lead:
            raise SceneOfAnotherAgency(scene=pack.title.zh, lead=pack.lead, own=own)
        return open_in(work, pack, openings)


def open_matter(acting: Acting, scene: str, opening: Opening) -> UUID:
    return open_matters(acting, scene, [opening])[0]


def open_in(work: Work, pack: Scene, openings: Sequence[Opening], *, checked: bool = False) -> list[UUID]:
    """The same within a unit of work that is already open. ``checked``: the form was asked already, by an import."""
    if not openings:
        return []
    acting, lead = work.acting, work.acting.agency
    assert lead is not None
    form = pack.forms[pack.matter_form]
    for opening in openings:
        if opening.occurred_at and opening.occurred_at > acting.now + timing.TOLERANCE:
            raise OccurredInTheFuture(occurred_at=opening.occurred_at.isoformat())
        if not checked:
            form.check(dict(opening.data), demo=settings.DEMO)
    drawing = scenes.current_drawing(work.cursor, pack.name)
    numbers = _numbers(work, pack, openings)
    matters = [
        MatterRow(
            new_id(), pack.name, number, drawing, lead, "open", opening.occurred_at or acting.now, 0, new=True
        )
        for number, opening in zip(numbers, openings, strict=True)
    ]
    insert_many(
        work.cursor, "matter", _MATTER,
        [(m.id, m.scene, m.number, o.title or pack.title.zh, drawing, lead, "open", m.opened_at, acting.now, o.batch, 0)
         for m, o in zip(matters, openings, strict=True)],
    )  # fmt: skip
    insert_many(
        work.cursor, "leg", _LEG, [(new_id(), m.id, lead, lead, "lead", m.opened_at) for m in matters]
    )
    contents = take_parties(work, form, matters, [deepcopy(dict(o.data)) for o in openings])
    insert_many(work.cursor, "matter_content", {"matter_id": "uuid", "data": "jsonb"},
                [(m.id, data) for m, (data, _) in zip(matters, contents, strict=True)])  # fmt: skip
    for matter, (data, parties) in zip(matters, contents, strict=True):
        work.matters[matter.id] = matter
        _start(work, pack, matter, data)
        work.enter(
            Entry("matter.opened", matter.id, parties, {"scene": pack.name, "number": matter.number,
                                                        "drawing": str(drawing), "opened_at": matter.opened_at})
        )  # fmt: skip
    return [matter.id for matter in matters]


def _start(work: Work, pack: Scene, matter: MatterRow, data: Mapping[str, Any]) -> None:
    graph = scenes.graph_of(work.cursor, matter.drawing)
    names = scenes.names_read(graph)
    at = matter.opened_at

    def due(spec: TimerSpec, now: datetime) -> datetime:
        return timing.instant(spec, now)

    work.at[matter.id] = at
    work.happen(matter, "matter.opened", at, milestone=True, scene=pack.name)
    work.loaded[matter.id] = Loaded(State.of())
    begun = start(
        graph, variables={key: value for key, value in data.items() if key in names}, matter=work.facts(matter),
        now=at, ids=new_id, due=due, decide=lambda decision, context: work.decide(matter, decision, context, at),
    )  # fmt: skip
    work.take(matter, begun.changes)
    work.serve(matter, begun.effects, at)


def _numbers(work: Work, pack: Scene, openings: Sequence[Opening]) -> list[str]:
    """Given numbers as they are; the others from the organ's sequence of the year."""
    assert work.acting.agency is not None
    organ = work.directory.agencies[work.acting.agency].organ
    year = legal_date(work.acting.now).year
    missing = sum(1 for opening in openings if not opening.number)
    taken = iter(take_numbers(work.cursor, organ, pack.name, year, missing) if missing else ())
    return [opening.number or _number(pack.number_format, organ, year, next(taken)) for opening in openings]


def _number(template: str, organ: str, year: int, count: int) -> str:
    return template.format(organ=organ, year=year, number=count, date=date(year, 1, 1))
