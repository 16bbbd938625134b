"""Registries and how they stand, the hits that wait for a person, and answers read that were recalled since."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from ninja import Router

from lianban.actions.confirm_hit import confirm_hit
from lianban.actions.look import look
from lianban.actions.read_answer import acknowledge_recall
from lianban.doors.api import shapes, shown
from lianban.doors.api.matters import REFUSED
from lianban.records import answer_reads, collisions, registries
from lianban.records.directory import directory

router = Router(tags=["registries"])


@router.get(
    "", response={200: list[shapes.Registry], **REFUSED}, summary="Every registry, and what may leave it"
)
def list_(request: HttpRequest) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        lookup = directory(cursor)
        return [
            {"code": one.code, "agency": shown.code(lookup, one.agency), "name": {"zh": one.name_zh, "en": one.name_en},
             "fields": one.fields, "legal_basis": one.legal_basis, "state": one.state, "reason": one.reason,
             "as_of": one.as_of, "fresh_hours": one.fresh_hours, "rows": one.rows, "checked_at": one.checked_at}
            for one in registries.lines(cursor)
        ]  # fmt: skip


@router.get(
    "/hits", response={200: list[shapes.Hit], **REFUSED}, summary="Hits in one's own registries to be decided"
)
def hits(request: HttpRequest) -> list[dict[str, Any]]:
    acting = request.acting
    with connection.cursor() as cursor:
        lookup = directory(cursor)
        rows = collisions.pending_hits(cursor, acting.agency)
    matters: dict[UUID, set[UUID]] = {}
    for row in rows:
        matters.setdefault(row.matter, set()).add(row.party)
    for matter, parties in matters.items():
        look(acting, matter, parties, "api:hits")
    return [
        {"id": row.id, "letter": row.letter, "asked_by": shown.code(lookup, row.lead), "question": row.question,
         "registry": row.registry, "kind": row.kind, "asked": row.asked, "found_name": row.found_name,
         "fields": row.fields, "legal_basis": row.legal_basis, "occurred_at": row.occurred_at}
        for row in rows
    ]  # fmt: skip


@router.post(
    "/hits/{hit}", response={200: shapes.Done, **REFUSED}, summary="Confirm or reject a hit 核对命中"
)
def decide(request: HttpRequest, hit: UUID, body: shapes.HitDecision) -> dict[str, bool]:
    confirm_hit(request.acting, hit, body.confirms, body.reason)
    return {"done": True}


@router.get(
    "/recalls",
    response={200: list[shapes.Recalled], **REFUSED},
    summary="Answers one read that were recalled",
)
def recalls(request: HttpRequest) -> list[dict[str, Any]]:
    acting = request.acting
    with connection.cursor() as cursor:
        lookup = directory(cursor)
        rows = answer_reads.recalled_for(
            cursor, agency=acting.agency, post=acting.post, officer=acting.officer
        )
        resting = answer_reads.resting_on(cursor, {row.answer for row in rows}) if rows else {}
    return [
        {"id": row.id, "answer": row.answer, "letter": row.letter, "matter": row.matter,
         "agency": shown.code(lookup, row.answering), "recalled_at": row.recalled_at, "reason": row.recall_reason,
         "measures": [number for one in resting.get(row.answer, ()) for number in one.measures],
         "assets": [{"id": one.asset, "matter": one.matter, "matter_number": one.matter_number, "name": one.name,
                     "measures": one.measures} for one in resting.get(row.answer, ())]}
        for row in rows
    ]  # fmt: skip


@router.post(
    "/recalls/{read}",
    response={200: shapes.Done, **REFUSED},
    summary="Say what became of the work on a recalled answer",
)
def acknowledge(request: HttpRequest, read: UUID, body: shapes.Reason) -> dict[str, bool]:
    acknowledge_recall(request.acting, read, body.reason)
    return {"done": True}
