"""Read and change letters, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.records.bulk import insert_many, update_many
from lianban.records.identity import new_id

COLUMNS = {
    "id": "uuid", "matter_id": "uuid", "scope_id": "uuid", "scene": "text", "kind": "text", "number": "text",
    "sender_id": "uuid", "addressee_id": "uuid", "legal_basis": "text", "questions": "text[]", "content_id": "uuid",
    "state": "text", "drafted_at": "timestamptz", "sealed_at": "timestamptz", "delivered_at": "timestamptz",
    "signed_at": "timestamptz", "routed_at": "timestamptz", "clock_from": "timestamptz", "due_at": "timestamptz",
    "due_provisional": "boolean", "answered_at": "timestamptz", "accepted_at": "timestamptz",
    "withdrawn_at": "timestamptz", "result": "text", "returned_count": "integer", "reminded_count": "integer",
    "supervised_at": "timestamptz", "by_registry": "text[]",
}  # fmt: skip
_SELECT = "SELECT " + ", ".join(COLUMNS) + " FROM letter "  # noqa: S608
_CONTENT = {"id": "uuid", "matter_id": "uuid", "sender_id": "uuid", "data": "jsonb"}
_SUBJECT = {"id": "uuid", "content_id": "uuid", "party_id": "uuid", "matter_id": "uuid"}

OF_CASE = """
    SELECT id FROM letter WHERE matter_id = %(m)s
    UNION ALL
    SELECT o.id FROM letter_content c JOIN letter o ON o.matter_id = c.matter_id AND o.content_id = c.id
     WHERE c.data ->> 'case_no' IN (SELECT number FROM matter WHERE id = %(m)s
                                    UNION ALL SELECT number FROM reopening WHERE matter_id = %(m)s)
"""
"""Ids of the letters of a case, for a query with the parameter ``m``, its matter: those sent in it, and those that name
its number (letters about an enforcement case go out in matters of their own)."""


@dataclass(slots=True)
class LetterRow:
    id: UUID
    matter_id: UUID
    scope_id: UUID | None
    scene: str
    kind: str
    number: str
    sender_id: UUID
    addressee_id: UUID
    legal_basis: str
    questions: list[str]
    content_id: UUID
    state: str
    drafted_at: datetime
    sealed_at: datetime | None = None
    delivered_at: datetime | None = None
    signed_at: datetime | None = None
    routed_at: datetime | None = None
    clock_from: datetime | None = None
    due_at: datetime | None = None
    due_provisional: bool = False
    answered_at: datetime | None = None
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None
    result: str = ""
    returned_count: int = 0
    reminded_count: int = 0
    supervised_at: datetime | None = None
    # The questions that registries have answered.
    by_registry: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Letters:
    """The letters an act works on: read once, changed in memory, written together."""

    rows: dict[UUID, LetterRow] = field(default_factory=dict)
    _by_addressee: dict[tuple[UUID, UUID], UUID] = field(default_factory=dict)
    _whole: set[UUID] = field(default_factory=set)
    _new: dict[UUID, LetterRow] = field(default_factory=dict)
    _changed: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    _contents: dict[UUID, tuple[UUID, UUID, UUID, dict[str, Any]]] = field(default_factory=dict)
    _subjects: list[tuple[UUID, UUID, UUID, UUID]] = field(default_factory=list)

    def _keep(self, cursor: Any) -> None:
        for row in cursor.fetchall():
            letter = LetterRow(*row)
            if letter.id not in self.rows:
                self.rows[letter.id] = letter
                self._by_addressee[letter.matter_id, letter.addressee_id] = letter.id

    def read(self, cursor: Any, ids: Iterable[UUID]) -> None:
        if missing := [key for key in ids if key not in self.rows]:
            cursor.execute(_SELECT + "WHERE id = ANY(%s)", [missing])
            self._keep(cursor)

    def of_matter(self, cursor: Any, matter: UUID) -> list[LetterRow]:
        """Every letter of the matter that this role may see."""
        if matter not in self._whole:
            cursor.execute(_SELECT + "WHERE matter_id = %s", [matter])
            self._keep(cursor)
            self._whole.add(matter)
        return [row for row in self.rows.values() if row.matter_id == matter]

    def to(self, cursor: Any, matter: UUID, addressee: UUID) -> LetterRow | None:
        if (matter, addressee) not in self._by_addressee:
            self.of_matter(cursor, matter)
        key = self._by_addressee.get((matter, addressee))
        return self.rows.get(key) if key else None

    def add(self, letter: LetterRow) -> None:
        """A letter whose content was said before, by :meth:`say`."""
        self.rows[letter.id] = letter
        self._by_addressee[letter.matter_id, letter.addressee_id] = letter.id
        self._new[letter.id] = letter

    def say(self, matter: UUID, sender: UUID, data: Mapping[str, Any], parties: Iterable[UUID]) -> UUID:
        """A new content about these parties, for any number of letters of the matter to point to."""
        key = new_id()
        self._contents[key] = (key, matter, sender, dict(data))
        self._subjects += [(new_id(), key, party, matter) for party in parties]
        return key

    def change(self, letter: LetterRow, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(letter, name, value)
        if letter.id not in self._new:
            self._changed.setdefault(letter.id, {}).update(columns)

    def write(self, cursor: Any) -> None:
        insert_many(cursor, "letter_content", _CONTENT, self._contents.values())
        insert_many(cursor, "letter_subject", _SUBJECT, self._subjects)
        self._contents, self._subjects = {}, []
        insert_many(
            cursor,
            "letter",
            COLUMNS,
            ([getattr(row, name) for name in COLUMNS] for row in self._new.values()),
        )
        groups: dict[tuple[str, ...], list[tuple[UUID, Mapping[str, Any]]]] = {}
        for key, columns in self._changed.items():
            groups.setdefault(tuple(sorted(columns)), []).append((key, columns))
        for names, rows in groups.items():
            update_many(
                cursor,
                "letter",
                {"id": "uuid"} | {name: COLUMNS[name] for name in names},
                [(key, *(columns[name] for name in names)) for key, columns in rows],
                ", ".join(f"{name} = d.{name}" for name in names),
                "t.id = d.id",
            )
        self._new, self._changed = {}, {}


def contents_of(cursor: Any, letters: Iterable[LetterRow]) -> dict[UUID, dict[str, Any]]:
    """What letters say, by the id of their content: those that the reader sent or was sent."""
    cursor.execute(
        "SELECT id, data::text FROM letter_content WHERE id = ANY(%s)",
        [list({row.content_id for row in letters})],
    )
    return {key: orjson.loads(data) for key, data in cursor.fetchall()}


def content_of(cursor: Any, letter: LetterRow) -> dict[str, Any]:
    """What a letter says, empty for whoever sees the letter and is neither its sender nor its addressee."""
    return contents_of(cursor, [letter]).get(letter.content_id, {})


def parties_of(cursor: Any, letter: LetterRow) -> list[UUID]:
    """Whom a letter asks about, as far as the reader may know."""
    cursor.execute(
        "SELECT party_id FROM letter_subject WHERE content_id = %s ORDER BY party_id", [letter.content_id]
    )
    return [row[0] for row in cursor.fetchall()]
