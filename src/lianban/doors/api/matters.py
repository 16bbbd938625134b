"""Matters: open one, list those one may see, read one, withdraw one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from ninja import Query, Router

from lianban.actions.act_on_matter import act_on_matter
from lianban.actions.errors import MatterNotFound
from lianban.actions.look import look
from lianban.actions.open_matter import Opening, open_matter
from lianban.actions.receive_message import receive_message
from lianban.actions.withdraw_matter import withdraw_matter
from lianban.doors.api import shapes, shown
from lianban.records import inbox, matter_view
from lianban.records.directory import directory

router = Router(tags=["matters"])
REFUSED = {
    401: shapes.Error,
    403: shapes.Error,
    404: shapes.Error,
    409: shapes.Error,
    422: shapes.Error,
    400: shapes.Error,
}


@router.post("", response={200: shapes.Opened, **REFUSED}, summary="Open a matter")
def open_(request: HttpRequest, body: shapes.Opening) -> dict[str, UUID]:
    return {"id": open_matter(request.acting, body.scene, Opening(body.data, number=body.number))}


@router.get("", response={200: shapes.Matters, **REFUSED}, summary="Matters one may see, newest first")
def list_(
    request: HttpRequest, scene: str = "", state: str = "", after: UUID | None = None,
    limit: int = Query(50, ge=1, le=200),
) -> dict[str, Any]:  # fmt: skip
    with connection.cursor() as cursor:
        rows = matter_view.heads(cursor, scene=scene, state=state, after=after, limit=limit)
        lookup = directory(cursor)
    following = str(rows[-1].id) if len(rows) == limit else None
    return {"items": [shown.matter(row, lookup) for row in rows], "next": following}


@router.get(
    "/{matter}", response={200: shapes.WholeMatter, **REFUSED}, summary="One matter, as one may see it"
)
def read(request: HttpRequest, matter: UUID) -> dict[str, Any]:
    with connection.cursor() as cursor:
        head = matter_view.head(cursor, matter)
        if head is None:
            raise MatterNotFound
        lookup = directory(cursor)
        parties = matter_view.parties(cursor, matter)
        whole = shown.matter(head, lookup) | {
            "parties": [shown.subject(row) for row in parties],
            "letters": [shown.letter(row, lookup) for row in inbox.letters_of(cursor, matter)],
            "events": [shown.event(row, lookup) for row in matter_view.events(cursor, matter)],
            "open_tasks": [shown.task(line) for line in inbox.open_task_lines(cursor, matter)],
        }
    look(request.acting, matter, [row.id for row in parties], "api:matter")
    return whole


@router.post(
    "/{matter}/acts/{code}", response={200: shapes.Acted, **REFUSED},
    summary="Do an act the scene declares, outside its drawing 办理",
)  # fmt: skip
def act(request: HttpRequest, matter: UUID, code: str, body: shapes.Act) -> dict[str, UUID | None]:
    return {"record": act_on_matter(request.acting, matter, code, body.data, body.record)}


@router.post(
    "/{matter}/messages", response={200: shapes.Done, **REFUSED},
    summary="Deliver a message that the matter's drawing waits for 消息",
)  # fmt: skip
def message(request: HttpRequest, matter: UUID, body: shapes.Message) -> dict[str, bool]:
    receive_message(request.acting, matter, body.name, body.variables)
    return {"done": True}


@router.post("/{matter}/withdrawal", response={200: shapes.Done, **REFUSED}, summary="Withdraw a matter")
def withdraw(request: HttpRequest, matter: UUID, body: shapes.Reason) -> dict[str, bool]:
    withdraw_matter(request.acting, matter, body.reason)
    return {"done": True}
