"""From rows to shapes: agencies by their codes, nothing that the shape does not name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from lianban.doors.api import shapes
from lianban.records.directory import Directory
from lianban.records.inbox import LetterLine, TaskLine
from lianban.records.matter_view import AnswerLine, EventLine, MatterHead, PartyLine


def code(lookup: Directory, agency: UUID | None) -> str | None:
    return lookup.agencies[agency].code if agency in lookup.agencies else None


def matter(row: MatterHead, lookup: Directory) -> dict[str, Any]:
    return {"id": row.id, "scene": row.scene, "number": row.number, "title": row.title,
            "lead_agency": code(lookup, row.lead), "state": row.state, "opened_at": row.opened_at,
            "closed_at": row.closed_at}  # fmt: skip


def letter(row: LetterLine, lookup: Directory) -> dict[str, Any]:
    shown = {
        name: getattr(row, name) for name in shapes.Letter.model_fields if name not in ("sender", "addressee")
    }
    return shown | {"sender": code(lookup, row.sender), "addressee": code(lookup, row.addressee)}


def task(row: TaskLine) -> dict[str, Any]:
    return {name: getattr(row, name) for name in shapes.Task.model_fields}


def subject(row: PartyLine) -> dict[str, Any]:
    return {"party": row.id, "role": row.role, "kind": row.kind, "name": row.name, "identifier": row.identifier,
            "identifier_kind": row.identifier_kind, "masked": row.masked}  # fmt: skip


def answer(row: AnswerLine) -> dict[str, Any]:
    return {name: getattr(row, name) for name in shapes.Answer.model_fields}


def event(row: EventLine, lookup: Directory) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in shapes.Event.model_fields if name != "agency"}
    return shown | {"agency": code(lookup, row.agency)}
