"""Figures: a scene's indicators, each with its definition, its breakdown by agency, and its matters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lianban.doors.web.reading import acting_of, an_id
from lianban.engines.indicators import Condition, Figure, Indicator, Op, Part, Scope
from lianban.engines.process.timers import BEIJING
from lianban.records import figures as figure_records
from lianban.records import matter_view, scenes
from lianban.records.directory import AgencyRow, Directory, directory


def _scope(request: HttpRequest, scene: str) -> Scope:
    batch = request.GET.get("batch", "")
    also = (Condition("batch", Op.EQ, batch),) if batch else ()
    start, end = (_day(request, name) for name in ("from", "to"))
    if start and end and end < start:
        start, end = end, start
    return Scope(
        _begins(start) if start else None, _begins(end + timedelta(days=1)) if end else None,
        as_of=acting_of(request).now, scene=scene, also=also,
    )  # fmt: skip


def _day(request: HttpRequest, name: str) -> date | None:
    """A day of the period asked for, both days included; what is no date asks for nothing."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    known = scenes.scenes()
    scene = request.GET.get("scene") or next(iter(known))
    pack = scenes.scene(scene)
    scope = _scope(request, scene)
    known_figures = figure_records.definitions(scene)
    breakable = [one for one in known_figures.values() if "addressee" in one.by]
    of = known_figures.get(request.GET.get("of", ""), breakable[0] if breakable else None)
    with connection.cursor() as cursor:
        shown = [
            {"figure": figure_records.figure(cursor, one, scope), "definition": one}
            for one in known_figures.values()
        ]
        cursor.execute(
            "SELECT DISTINCT batch FROM matter WHERE scene = %s AND batch IS NOT NULL ORDER BY 1", [scene]
        )
        batches = [row[0] for row in cursor.fetchall()]
        lookup = directory(cursor)
        breakdown = _by(cursor, of, scope, lookup) if of in breakable else []
    context = {
        "pack": pack, "scenes": known.values(), "shown": shown, "batches": batches, "batch": request.GET.get("batch", ""),
        "breakdown": breakdown, "breakable": breakable, "of": of, "as_of": scope.as_of,
        "start": _day(request, "from"), "end": _day(request, "to"),
    }  # fmt: skip
    return render(request, "figures.html", context)


def _by(cursor: Any, definition: Indicator, scope: Scope, lookup: Directory) -> list[tuple[AgencyRow, Line]]:
    """By addressee, in the order of the directory, never by rank: there are no league tables here."""
    found = dict(figure_records.figures_by(cursor, definition, scope, "addressee"))
    return [(agency, Line(found[agency.code])) for agency in lookup.agencies.values() if agency.code in found]


@dataclass(frozen=True, slots=True)
class Line:
    figure: Figure

    @property
    def plain(self) -> str:
        """The number as a chart reads it: a point as decimal sign in every language, empty where there is none."""
        rounded = self.figure.rounded()
        return "" if rounded is None else format(rounded, "f")


@require_GET
def behind(request: HttpRequest, scene: str, code: str) -> HttpResponse:
    """The matters a figure counts: the number above and the list below come from one definition."""
    definition = figure_records.definition(scene, code)
    scope = _scope(request, scene)
    group = request.GET.get("addressee", "")
    if group and "addressee" in definition.by:
        scope = replace(scope, also=(*scope.also, Condition("addressee", Op.EQ, group)))
    part = request.GET.get("part", "")
    chosen = Part(part) if part in {one.value for one in Part} else None
    with connection.cursor() as cursor:
        figure = figure_records.figure(cursor, definition, scope)
        ids = figure_records.matters_behind(
            cursor, definition, scope, part=chosen, after=an_id(request.GET.get("after", ""))
        )
        rows = sorted(matter_view.heads(cursor, only=ids, limit=len(ids) or 1), key=lambda row: row.id)
        lookup = directory(cursor)
    context = {
        "definition": definition, "figure": figure, "rows": rows, "scene": scene, "pack": scenes.scene(scene),
        "batch": request.GET.get("batch", ""), "group": group, "agencies": lookup.agencies,
        "group_agency": lookup.by_code.get(group), "chosen": chosen or definition.opens,
        "next": ids[-1] if len(ids) == 50 else None, "start": _day(request, "from"), "end": _day(request, "to"),
    }  # fmt: skip
    return render(request, "figure_matters.html", context)
