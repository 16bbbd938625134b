"""Read and change letters, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.records.bulk import insert_many, update_many

COLUMNS = {
    "id": "uuid", "matter_id": "uuid", "scope_id": "uuid", "scene": "text", "kind": "text", "number": "text",
    "sender_id": "uuid", "addressee_id": "uuid", "legal_basis": "text", "questions": "text[]", "content": "jsonb",
    "state": "text", "drafted_at": "timestamptz", "sealed_at": "timestamptz", "delivered_at": "timestamptz",
    "signed_at": "timestamptz", "routed_at": "timestamptz", "clock_from": "timestamptz", "due_at": "timestamptz",
    "due_provisional": "boolean", "answered_at": "timestamptz", "accepted_at": "timestamptz",
    "withdrawn_at": "timestamptz", "result": "text", "returned_count": "integer", "reminded_count": "integer",
    "supervised_at": "timestamptz", "by_registry": "text[]",
}  # fmt: skip
_SELECT = "SELECT " + ", ".join(COLUMNS) + " FROM letter "  # noqa: S608


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
    content: dict[str, Any]
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

    def _keep(self, cursor: Any) -> None:
        for row in cursor.fetchall():
            letter = LetterRow(*row)
            letter.content = orjson.loads(letter.content)  # type: ignore[arg-type]  # text in plain cursors
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
        self.rows[letter.id] = letter
        self._by_addressee[letter.matter_id, letter.addressee_id] = letter.id
        self._new[letter.id] = letter

    def change(self, letter: LetterRow, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(letter, name, value)
        if letter.id not in self._new:
            self._changed.setdefault(letter.id, {}).update(columns)

    def write(self, cursor: Any) -> None:
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
