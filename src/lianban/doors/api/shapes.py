"""The shapes calls take and give. Field by field: what is not named here does not leave."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field


class Words(Schema):
    zh: str
    en: str


class ErrorBody(Schema):
    code: str
    message: Words
    found: dict[str, Any]


class Error(Schema):
    """The one error shape."""

    error: ErrorBody


class Opening(Schema):
    """A new matter. ``data`` is what the scene's matter form asks for."""

    scene: str = Field(max_length=60)
    data: dict[str, Any]
    number: str = Field("", max_length=200)


class Opened(Schema):
    id: UUID


class Done(Schema):
    done: bool = True


class Matter(Schema):
    id: UUID
    scene: str
    number: str
    title: str
    lead_agency: str
    state: str
    opened_at: datetime
    closed_at: datetime | None


class Letter(Schema):
    id: UUID
    matter: UUID
    matter_number: str
    scene: str
    kind: str
    number: str
    sender: str
    addressee: str
    legal_basis: str
    questions: list[str]
    state: str
    delivered_at: datetime | None
    signed_at: datetime | None
    due_at: datetime | None
    due_provisional: bool
    answered_at: datetime | None
    accepted_at: datetime | None
    withdrawn_at: datetime | None
    result: str


class Subject(Schema):
    party: UUID
    role: str
    kind: str
    name: str
    identifier: UUID | None
    identifier_kind: str | None
    masked: str | None


class Answer(Schema):
    id: UUID
    round: int
    result: str
    data: dict[str, Any]
    as_of: datetime | None
    source: str
    occurred_at: datetime
    state: str
    state_reason: str
    digest: str
    automatic: bool


class Registry(Schema):
    """One registry. ``fields`` are by question the only ones that may leave it."""

    code: str
    agency: str | None
    name: dict[str, str]
    fields: dict[str, list[str]]
    legal_basis: list[str]
    state: str
    reason: str
    as_of: datetime | None
    fresh_hours: int
    rows: int
    checked_at: datetime


class Hit(Schema):
    """A hit whose number and name do not both agree: a person of the agency decides."""

    id: UUID
    letter: UUID | None
    asked_by: str | None
    question: str
    registry: str
    kind: str
    asked: dict[str, str]
    found_name: str
    fields: dict[str, Any]
    legal_basis: str
    occurred_at: datetime


class HitDecision(Schema):
    confirms: bool
    reason: str


class RestingAsset(Schema):
    """Property recorded from an answer, in its own matter, with the numbers of the measures that hold it."""

    id: UUID
    matter: UUID
    matter_number: str
    name: str
    measures: list[str]


class Recalled(Schema):
    """An answer the caller read and its unit recalled; ``assets`` were recorded from it, and ``measures`` rest on them."""

    id: UUID
    answer: UUID
    letter: UUID
    matter: UUID
    agency: str | None
    recalled_at: datetime | None
    reason: str
    measures: list[str]
    assets: list[RestingAsset]


class WholeLetter(Letter):
    """A letter with whom it asks about and what was answered. Reading it is a look, and is ledgered."""

    subjects: list[Subject]
    answers: list[Answer]
    task: UUID | None
    task_form: str


class Event(Schema):
    seq: int
    kind: str
    activity: str | None
    agency: str | None
    milestone: bool
    occurred_at: datetime
    recorded_at: datetime
    data: dict[str, Any]


class WholeMatter(Matter):
    parties: list[Subject]
    letters: list[Letter]
    events: list[Event]
    open_tasks: list[Task]


class Task(Schema):
    id: UUID
    matter: UUID
    number: str
    scene: str
    name: str
    stage: str
    element: str
    role: str
    letter: UUID | None
    form: str
    opened_at: datetime
    due_at: datetime | None
    held_until: date | None


WholeMatter.model_rebuild()


class Completed(Schema):
    """What the task's form asks for."""

    data: dict[str, Any] = {}


class Act(Schema):
    """What the act's form asks for, and the record it is done to, where it is done to one."""

    data: dict[str, Any] = {}
    record: UUID | None = None


class Acted(Schema):
    """The record that was made or changed."""

    record: UUID | None


class Message(Schema):
    """A message by its name in the drawing, with what its expressions may read of it."""

    name: str = Field(min_length=1, max_length=200)
    variables: dict[str, Any] = {}


class Reason(Schema):
    reason: str = Field("", max_length=500)


class SentBack(Reason):
    to_element: str = Field("", max_length=200)


class HandedOver(Reason):
    post: str = Field(max_length=100)


class Held(Reason):
    until: date


class Delegating(Reason):
    to: str = Field(max_length=100, description="user name of the colleague")
    begins_at: datetime
    ends_at: datetime


class CountersignAsked(Schema):
    posts: list[str] = Field(max_length=20)


class Countersigned(Schema):
    agrees: bool
    remark: str = Field("", max_length=500)


class Credentials(Schema):
    username: str = Field(max_length=100)
    password: str = Field(max_length=200)


class Session(Schema):
    """Send ``key`` as ``Authorization: Bearer``."""

    key: str


class Agency(Schema):
    code: str
    kind: str
    name: Words


class Unmasked(Schema):
    identifier: str


class Page(Schema):
    """``next`` is the ``after`` of the following page; null at the end."""

    next: str | None


class Matters(Page):
    items: list[Matter]


class Tasks(Page):
    items: list[Task]


class Letters(Page):
    items: list[Letter]


class Entry(Schema):
    id: UUID
    recorded_at: datetime
    act: str
    agency: str | None
    matter: UUID | None
    subjects: int
    payload: dict[str, Any] | None
    index: int | None


class Entries(Page):
    items: list[Entry]


class TreeHead(Schema):
    size: int
    root: str
    signed_at: datetime | None
    note: str
    public_key: str
