"""Figures and the matters behind them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from ninja import Query, Router

from lianban.doors.api import shapes, shown
from lianban.doors.api.matters import REFUSED
from lianban.engines.indicators import Condition, Op, Scope
from lianban.records import figures as figure_records
from lianban.records import matter_view
from lianban.records.directory import directory

router = Router(tags=["figures"])


def scope_of(scene: str, batch: str, now: Any) -> Scope:
    also = (Condition("batch", Op.EQ, batch),) if batch else ()
    return Scope(as_of=now, scene=scene, also=also)


@router.get("/{scene}", response={200: list[dict[str, Any]], **REFUSED}, summary="Every figure of a scene")
def figures(request: HttpRequest, scene: str, batch: str = "") -> list[dict[str, Any]]:
    scope = scope_of(scene, batch, request.acting.now)
    with connection.cursor() as cursor:
        return [
            figure_records.figure(cursor, one, scope).as_dict()
            for one in figure_records.definitions(scene).values()
        ]


@router.get(
    "/{scene}/{indicator}/matters",
    response={200: shapes.Matters, **REFUSED},
    summary="The matters behind a figure",
)
def behind(
    request: HttpRequest, scene: str, indicator: str, batch: str = "", after: UUID | None = None,
    limit: int = Query(50, ge=1, le=200),
) -> dict[str, Any]:  # fmt: skip
    scope = scope_of(scene, batch, request.acting.now)
    with connection.cursor() as cursor:
        definition = figure_records.definition(scene, indicator)
        ids = figure_records.matters_behind(cursor, definition, scope, after=after, limit=limit)
        rows = sorted(matter_view.heads(cursor, only=ids, limit=limit), key=lambda row: row.id)
        lookup = directory(cursor)
    following = str(ids[-1]) if len(ids) == limit else None
    return {"items": [shown.matter(row, lookup) for row in rows], "next": following}
