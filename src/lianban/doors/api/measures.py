"""Measures of control: those of a matter, a judge's radar, and many renewals drafted or signed at once.

One measure is ordered, released, deducted by the acts of its matter (``POST /matters/{id}/acts/…``); a unit serves and
answers by completing its tasks.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from lianban.actions.errors import MatterNotFound
from lianban.actions.renew_measure import RowResult, renew_measures
from lianban.actions.sign_renewals import sign_renewals
from lianban.doors.api import shapes
from lianban.doors.api.matters import REFUSED
from lianban.engines.clocks.moments import legal_date
from lianban.records import matter_view, measures, radar
from lianban.records.directory import directory

router = Router(tags=["measures"])


class MeasureAnswer(Schema):
    round: int
    outcome: str
    amount_fen: int | None
    rank: int | None
    ends_on: date | None
    remark: str
    received_at: datetime
    digest: str


class Measure(Schema):
    """One measure, and where it stands. ``rank`` counts over the orders of every court; whose they are is not said."""

    id: UUID
    matter: UUID
    unit: str
    number: str
    asset: UUID
    asset_key: str
    asset_kind: str
    asset_name: str
    kind: str
    basis: str
    ceiling_fen: int
    printed_end: date | None
    served_at: datetime | None
    state: str
    rank: int | None
    effective_from: datetime | None
    ends_on: date | None
    computed_end: date | None
    ended_at: datetime | None
    notes: list[str]
    answers: list[MeasureAnswer]


class Control(Schema):
    """How much a matter holds against how much it may, in fen. ``releasable``: there is an excess, and something can go."""

    held_fen: int
    most_fen: int
    excess_fen: int
    releasable: bool


class Measures(Schema):
    items: list[Measure]
    control: Control | None


class RadarLine(Schema):
    measure: UUID
    matter: UUID
    matter_number: str
    number: str
    unit: str
    state: str
    rank: int | None
    ends_on: date
    days_left: int
    renewal: str
    away_until: datetime | None


class Radar(Schema):
    items: list[RadarLine]


class Renewing(Schema):
    """``sign``: a judge signs what is drafted, and each renewal goes to its unit at once."""

    measures: list[UUID] = Field(min_length=1, max_length=2000)
    draft: bool = True
    sign: bool = False
    reason: str = Field("", max_length=300)


class Renewed(Schema):
    """What became of one measure of the batch; ``refused`` where it could not be renewed."""

    measure: UUID
    renewal: UUID | None
    printed_end: date | None
    refused: shapes.ErrorBody | None


class Batch(Schema):
    items: list[Renewed]


@router.get("", response={200: Measures, **REFUSED}, summary="The measures of a matter, as one may see them")
def list_(request: HttpRequest, matter: UUID) -> dict[str, Any]:
    with connection.cursor() as cursor:
        if matter_view.head(cursor, matter) is None:
            raise MatterNotFound
        rows = measures.of_matter(cursor, matter)
        answers = measures.answers_of(cursor, [row.id for row in rows])
        control = measures.control_of(cursor, matter)
        lookup = directory(cursor)
    return {
        "items": [
            {
                **{name: getattr(row, name) for name in Measure.model_fields if hasattr(row, name)},
                "unit": lookup.agencies[row.unit].code, "answers": answers.get(row.id, []),
            }
            for row in rows
        ],
        "control": control,
    }  # fmt: skip


@router.get(
    "/radar", response={200: Radar, **REFUSED}, summary="What ends within so many days, the nearest first"
)
def radar_(request: HttpRequest, days: int = Query(60, ge=0, le=1200), whole: bool = False) -> dict[str, Any]:
    acting, today = request.acting, legal_date(request.acting.now)
    with connection.cursor() as cursor:
        lines = radar.lines(
            cursor, agency=acting.agency, officer=acting.officer, post=acting.post, now=acting.now, whole=whole
        )  # fmt: skip
        lookup = directory(cursor)
    return {
        "items": [
            {"measure": line.id, "matter": line.matter, "matter_number": line.matter_number, "number": line.number,
             "unit": lookup.agencies[line.unit].code, "state": line.state, "rank": line.rank, "ends_on": line.ends_on,
             "days_left": (line.ends_on - today).days, "renewal": line.renewal, "away_until": line.away_until}
            for line in lines if (line.ends_on - today).days <= days
        ]
    }  # fmt: skip


@router.post(
    "/renewals", response={200: Batch, **REFUSED}, summary="Draft or sign many renewals, each by itself"
)
def renew(request: HttpRequest, body: Renewing) -> dict[str, Any]:
    results: list[RowResult] = (
        renew_measures(request.acting, body.measures, body.reason) if body.draft else []
    )
    if body.sign:
        ready = [row.measure for row in results if row.refused is None] if body.draft else body.measures
        results = [row for row in results if row.refused is not None] + sign_renewals(request.acting, ready)
    return {"items": [_result(row) for row in results]}


def _result(row: RowResult) -> dict[str, Any]:
    refused = row.refused.as_dict() if row.refused else None
    return {
        "measure": row.measure,
        "renewal": row.renewal,
        "printed_end": row.printed_end,
        "refused": refused,
    }
