"""Letters: an agency's inbox and outbox, a letter with its subjects and answers, reminders, withdrawal, recall."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from ninja import Query, Router

from lianban.actions.errors import LetterNotFound
from lianban.actions.look import look, unmask
from lianban.actions.read_answer import read_answer
from lianban.actions.recall_answer import recall_answer
from lianban.actions.remind_letter import remind_letter
from lianban.actions.supervise_letter import supervise_letter
from lianban.actions.withdraw_letter import withdraw_letter
from lianban.doors.api import shapes, shown
from lianban.doors.api.matters import REFUSED
from lianban.records import inbox, matter_view
from lianban.records.directory import directory

router = Router(tags=["letters"])


@router.get("", response={200: shapes.Letters, **REFUSED}, summary="Letters received or sent")
def list_(
    request: HttpRequest, side: Literal["received", "sent"] = "received",
    heap: Literal["waiting", "answered", "accepted", "withdrawn", "all"] = "all", after: UUID | None = None,
    limit: int = Query(50, ge=1, le=200),
) -> dict[str, Any]:  # fmt: skip
    agency = request.acting.agency
    with connection.cursor() as cursor:
        # Newest first by id, so that ``after`` pages steadily while letters arrive.
        rows = inbox.letters(
            cursor, side=side, agency=agency, heap=heap, after=after or UUID(int=2**128 - 1), limit=limit
        )
        lookup = directory(cursor)
    following = str(rows[-1].id) if len(rows) == limit else None
    return {"items": [shown.letter(row, lookup) for row in rows], "next": following}


@router.get(
    "/{letter}", response={200: shapes.WholeLetter, **REFUSED}, summary="One letter; reading it is a look"
)
def read(request: HttpRequest, letter: UUID) -> dict[str, Any]:
    acting = request.acting
    with connection.cursor() as cursor:
        row = inbox.letter_line(cursor, letter)
        if row is None:
            raise LetterNotFound
        subjects = matter_view.subjects(cursor, letter)
        task = next(
            (step for step in matter_view.steps(cursor, row.matter)
             if step.letter == letter and step.state == "open" and step.agency == acting.agency), None,
        )  # fmt: skip
        line = inbox.task_line(cursor, task.id) if task else None
        answers = matter_view.answers(cursor, letter=letter)
        whole = shown.letter(row, directory(cursor)) | {
            "subjects": [shown.subject(one) for one in subjects],
            "answers": [shown.answer(one) for one in answers],
            "task": line.id if line else None,
            "task_form": line.form if line else "",
        }
    look(acting, row.matter, [one.id for one in subjects], "api:letter")
    read_answer(acting, answers)
    return whole


@router.post("/{letter}/reminder", response={200: shapes.Done, **REFUSED}, summary="Remind the unit 催办")
def remind(request: HttpRequest, letter: UUID, body: shapes.Reason) -> dict[str, bool]:
    remind_letter(request.acting, letter, body.reason)
    return {"done": True}


@router.post(
    "/{letter}/supervision", response={200: shapes.Done, **REFUSED}, summary="Supervise the unit 督办"
)
def supervise(request: HttpRequest, letter: UUID, body: shapes.Reason) -> dict[str, bool]:
    supervise_letter(request.acting, letter, body.reason)
    return {"done": True}


@router.post("/{letter}/withdrawal", response={200: shapes.Done, **REFUSED}, summary="Withdraw a letter 撤回")
def withdraw(request: HttpRequest, letter: UUID, body: shapes.Reason) -> dict[str, bool]:
    withdraw_letter(request.acting, letter, body.reason)
    return {"done": True}


@router.post(
    "/answers/{answer}/recall", response={200: shapes.Done, **REFUSED}, summary="Recall a wrong answer"
)
def recall(request: HttpRequest, answer: UUID, body: shapes.Reason) -> dict[str, bool]:
    recall_answer(request.acting, answer, body.reason)
    return {"done": True}


@router.post(
    "/identifiers/{identifier}/unmask",
    response={200: shapes.Unmasked, **REFUSED},
    summary="See a number whole",
)
def see(request: HttpRequest, identifier: UUID) -> dict[str, str]:
    return {"identifier": unmask(request.acting, identifier)}
