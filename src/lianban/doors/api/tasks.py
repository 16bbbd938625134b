"""Tasks: list one's own, complete them, send back, hand over, countersign."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from ninja import Query, Router

from lianban.actions.complete_task import Completion
from lianban.actions.countersign import ask_countersign, countersign
from lianban.actions.hand_over import claim, hand_over, release
from lianban.actions.hold_task import hold_task
from lianban.actions.send_back import send_back
from lianban.doors.api import shapes, shown
from lianban.doors.api.context import complete_together
from lianban.doors.api.errors import RequestRefused
from lianban.doors.api.matters import REFUSED
from lianban.engines.clocks.moments import legal_date
from lianban.records import inbox

router = Router(tags=["tasks"])


@router.get("", response={200: shapes.Tasks, **REFUSED}, summary="My open tasks, by due date")
def list_(request: HttpRequest, after: str = "", limit: int = Query(50, ge=1, le=200)) -> dict[str, Any]:
    acting = request.acting
    with connection.cursor() as cursor:
        rows = inbox.my_tasks(
            cursor, agency=acting.agency, post=acting.post, role=acting.role, officer=acting.officer,
            today=legal_date(acting.now), after=_cursor(after), limit=limit,
        )  # fmt: skip
    following = None
    if len(rows) == limit:
        due = rows[-1].due_at
        following = f"{due.astimezone(UTC).isoformat() if due else ''}~{rows[-1].id}"
    return {"items": [shown.task(row) for row in rows], "next": following}


def _cursor(after: str) -> tuple[datetime | None, UUID] | None:
    if not after:
        return None
    due, _, key = after.partition("~")
    try:
        return (datetime.fromisoformat(due) if due else None), UUID(key)
    except ValueError as error:
        raise RequestRefused(problems="after: not the next of a page") from error


@router.post("/{task}/completion", response={200: shapes.Done, **REFUSED}, summary="Complete a task")
def complete(request: HttpRequest, task: UUID, body: shapes.Completed) -> Any:
    return complete_together(request, Completion(task, body.data), {"done": True})


@router.post(
    "/{task}/return", response={200: shapes.Done, **REFUSED}, summary="Send back to an earlier step 退回"
)
def return_(request: HttpRequest, task: UUID, body: shapes.SentBack) -> dict[str, bool]:
    send_back(request.acting, task, body.reason, body.to_element)
    return {"done": True}


@router.post(
    "/{task}/handover", response={200: shapes.Done, **REFUSED}, summary="Hand over to another post 转办"
)
def handover(request: HttpRequest, task: UUID, body: shapes.HandedOver) -> dict[str, bool]:
    hand_over(request.acting, task, body.post, body.reason)
    return {"done": True}


@router.post(
    "/{task}/countersigns", response={200: shapes.Done, **REFUSED}, summary="Ask for countersignatures 会签"
)
def ask(request: HttpRequest, task: UUID, body: shapes.CountersignAsked) -> dict[str, bool]:
    ask_countersign(request.acting, task, body.posts)
    return {"done": True}


@router.post("/{task}/countersign", response={200: shapes.Done, **REFUSED}, summary="Countersign")
def sign(request: HttpRequest, task: UUID, body: shapes.Countersigned) -> dict[str, bool]:
    countersign(request.acting, task, body.agrees, body.remark)
    return {"done": True}


@router.post(
    "/{task}/claim", response={200: shapes.Done, **REFUSED}, summary="Take a task from the pool 领办"
)
def take(request: HttpRequest, task: UUID) -> dict[str, bool]:
    claim(request.acting, task)
    return {"done": True}


@router.delete(
    "/{task}/claim", response={200: shapes.Done, **REFUSED}, summary="Put a task back into the pool"
)
def put_back(request: HttpRequest, task: UUID) -> dict[str, bool]:
    release(request.acting, task)
    return {"done": True}


@router.post(
    "/{task}/hold", response={200: shapes.Done, **REFUSED}, summary="Put a task on hold until a day 暂挂"
)
def hold(request: HttpRequest, task: UUID, body: shapes.Held) -> dict[str, bool]:
    hold_task(request.acting, task, body.until, body.reason)
    return {"done": True}


@router.delete("/{task}/hold", response={200: shapes.Done, **REFUSED}, summary="Take a task off hold")
def resume(request: HttpRequest, task: UUID) -> dict[str, bool]:
    hold_task(request.acting, task, None)
    return {"done": True}
