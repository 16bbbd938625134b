"""One matter as its reader may see it: head, stages, steps, parties, answers, history, documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson


@dataclass(frozen=True, slots=True)
class MatterHead:
    id: UUID
    scene: str
    number: str
    title: str
    drawing: UUID
    lead: UUID
    state: str
    opened_at: datetime
    closed_at: datetime | None
    last_event: int


_HEAD = """SELECT m.id, m.scene, m.number, m.title, m.drawing_id, m.lead_agency_id, m.state, m.opened_at, m.closed_at,
                  m.last_event FROM matter m """


def head(cursor: Any, matter: UUID) -> MatterHead | None:
    cursor.execute(_HEAD + "WHERE m.id = %s", [matter])
    row = cursor.fetchone()
    return MatterHead(*row) if row else None


def heads(
    cursor: Any, *, scene: str = "", state: str = "", search: str = "", after: UUID | None = None, limit: int = 50,
    only: list[UUID] | None = None,
) -> list[MatterHead]:  # fmt: skip
    """Newest first. ``only`` restricts to some ids (those behind a figure)."""
    where = ["true"]
    params: dict[str, Any] = {"limit": limit}
    if scene:
        where.append("m.scene = %(scene)s")
        params["scene"] = scene
    if state:
        where.append("m.state = %(state)s")
        params["state"] = state
    if search:
        where.append("m.number LIKE %(like)s")
        escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        params["like"] = f"%{escaped}%"
    if after is not None:
        where.append("m.id < %(after)s")
        params["after"] = after
    if only is not None:
        where.append("m.id = ANY(%(only)s)")
        params["only"] = only
    cursor.execute(_HEAD + f"WHERE {' AND '.join(where)} ORDER BY m.id DESC LIMIT %(limit)s", params)
    return [MatterHead(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class PartyLine:
    id: UUID
    role: str
    kind: str
    name: str
    identifier: UUID | None
    identifier_kind: str | None
    masked: str | None


def parties(cursor: Any, matter: UUID) -> list[PartyLine]:
    cursor.execute(
        """SELECT p.id, p.role, p.kind, p.name, i.id, i.kind, i.masked FROM party p
             LEFT JOIN party_identifier i ON i.party_id = p.id WHERE p.matter_id = %s ORDER BY p.id""",
        [matter],
    )
    return [PartyLine(*row) for row in cursor.fetchall()]


def subjects(cursor: Any, letter: UUID) -> list[PartyLine]:
    """Whom a letter asks about."""
    cursor.execute(
        """SELECT p.id, p.role, p.kind, p.name, i.id, i.kind, i.masked
             FROM letter l JOIN letter_subject s ON s.content_id = l.content_id
             JOIN party p ON p.id = s.party_id LEFT JOIN party_identifier i ON i.party_id = p.id
            WHERE l.id = %s ORDER BY p.id""",
        [letter],
    )
    return [PartyLine(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class EventLine:
    seq: int
    kind: str
    activity: str | None
    agency: UUID | None
    officer: UUID | None
    milestone: bool
    occurred_at: datetime
    recorded_at: datetime
    data: dict[str, Any]


def events(cursor: Any, matter: UUID, *, before: int | None = None, limit: int = 100) -> list[EventLine]:
    """The history, newest first."""
    cursor.execute(
        """SELECT seq, kind, activity, agency_id, officer_id, milestone, occurred_at, recorded_at, data::text FROM event
            WHERE matter_id = %s AND (%s::integer IS NULL OR seq < %s) ORDER BY seq DESC LIMIT %s""",
        [matter, before, before, limit],
    )
    return [EventLine(*[*row, orjson.loads(data)]) for *row, data in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    id: UUID
    letter: UUID
    agency: UUID
    round: int
    result: str
    data: dict[str, Any]
    as_of: datetime | None
    source: str
    officer: UUID | None
    occurred_at: datetime
    state: str
    state_reason: str
    digest: str
    # Written by the machine of the agency, from its registries.
    automatic: bool = False


def answers(cursor: Any, *, matter: UUID | None = None, letter: UUID | None = None) -> list[AnswerLine]:
    cursor.execute(
        """SELECT id, letter_id, agency_id, round, result, data::text, as_of, source, officer_id, occurred_at, state,
                  state_reason, digest, collision_id IS NOT NULL FROM answer
            WHERE (%s::uuid IS NULL OR matter_id = %s) AND (%s::uuid IS NULL OR letter_id = %s)
            ORDER BY letter_id, round DESC""",
        [matter, matter, letter, letter],
    )
    return [_answer(*row) for row in cursor.fetchall()]


def _answer(*row: Any) -> AnswerLine:
    key, letter, agency, number, result, data, *rest = row
    return AnswerLine(key, letter, agency, number, result, orjson.loads(data), *rest)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    id: UUID
    letter: UUID | None
    agency: UUID
    kind: str
    number: str
    name: str
    media_type: str
    size: int
    digest: str
    recorded_at: datetime


def documents(cursor: Any, *, matter: UUID | None = None, letter: UUID | None = None) -> list[DocumentLine]:
    cursor.execute(
        """SELECT id, letter_id, agency_id, kind, number, name, media_type, size, digest, recorded_at FROM document
            WHERE (%s::uuid IS NULL OR matter_id = %s) AND (%s::uuid IS NULL OR letter_id = %s) ORDER BY id""",
        [matter, matter, letter, letter],
    )
    return [DocumentLine(*row) for row in cursor.fetchall()]


def document_content(cursor: Any, document: UUID) -> tuple[DocumentLine, bytes] | None:
    cursor.execute(
        """SELECT id, letter_id, agency_id, kind, number, name, media_type, size, digest, recorded_at, content
             FROM document WHERE id = %s""",
        [document],
    )
    row = cursor.fetchone()
    return (DocumentLine(*row[:10]), bytes(row[10])) if row else None


@dataclass(frozen=True, slots=True)
class StepLine:
    """A task of the matter, open or closed, as far as the reader sees it."""

    id: UUID
    element: str
    name: str
    stage: str
    role: str
    agency: UUID
    officer: UUID | None
    state: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    closed_by: UUID | None
    letter: UUID | None


def steps(cursor: Any, matter: UUID) -> list[StepLine]:
    cursor.execute(
        """SELECT id, element, name, stage, role, agency_id, officer_id, state, opened_at, due_at, closed_at, closed_by_id,
                  letter_id FROM task WHERE matter_id = %s ORDER BY id""",
        [matter],
    )
    return [StepLine(*row) for row in cursor.fetchall()]


def live_elements(cursor: Any, matter: UUID) -> dict[str, int]:
    """How many tokens rest at each element of the drawing, as far as the reader sees them."""
    cursor.execute("SELECT element, count(*) FROM token WHERE matter_id = %s GROUP BY element", [matter])
    return dict(cursor.fetchall())


def drawing(cursor: Any, wanted: UUID) -> str | None:
    cursor.execute("SELECT bpmn FROM drawing WHERE id = %s", [wanted])
    row = cursor.fetchone()
    return row[0] if row else None
