"""The versions of a scene's drawing, and the orders to migrate open matters from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.records.bulk import insert_many


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version of a scene's drawing, and how many open matters go by it."""

    id: UUID
    scene: str
    number: int
    graph_hash: str
    recorded_at: datetime
    open_matters: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order to migrate, or with ``undoes`` to take one back."""

    id: UUID
    scene: str
    from_drawing: UUID
    to_drawing: UUID
    undoes: UUID | None
    map: Mapping[str, Any]
    officer: UUID
    agency: UUID
    reason: str
    ordered_at: datetime
    finished_at: datetime | None
    moved: int
    kept: int


def versions(cursor: Any, scene: str) -> list[Version]:
    """Every stored version of a scene's drawing, oldest first."""
    cursor.execute(
        """SELECT d.id, d.scene, d.version, d.graph_hash, d.recorded_at,
                  (SELECT count(*) FROM matter m WHERE m.drawing_id = d.id AND m.state = 'open')
             FROM drawing d WHERE d.scene = %s ORDER BY d.version""",
        [scene],
    )
    return [Version(*row) for row in cursor.fetchall()]


_ORDER = """SELECT id, scene, from_drawing_id, to_drawing_id, undoes_id, map, officer_id, agency_id, reason, ordered_at,
                   finished_at, moved, kept FROM drawing_migration """


def order(cursor: Any, key: UUID, lock: bool = False) -> Order | None:
    cursor.execute(_ORDER + "WHERE id = %s" + (" FOR NO KEY UPDATE" if lock else ""), [key])
    return next((_read_order(row) for row in cursor.fetchall()), None)


def orders(cursor: Any, scene: str | None = None) -> list[Order]:
    """The orders of a scene, or all, newest first."""
    cursor.execute(_ORDER + "WHERE %s::text IS NULL OR scene = %s ORDER BY ordered_at DESC", [scene, scene])
    return [_read_order(row) for row in cursor.fetchall()]


def _read_order(row: tuple[Any, ...]) -> Order:
    key, scene, one, other, undoes, chosen, *rest = row
    return Order(key, scene, one, other, undoes, orjson.loads(chosen), *rest)


def add_order(cursor: Any, made: Order, post: UUID) -> None:
    insert_many(
        cursor, "drawing_migration",
        {"id": "uuid", "scene": "text", "from_drawing_id": "uuid", "to_drawing_id": "uuid", "undoes_id": "uuid",
         "map": "jsonb", "officer_id": "uuid", "agency_id": "uuid", "post_id": "uuid", "reason": "text",
         "ordered_at": "timestamptz", "moved": "integer", "kept": "integer"},
        [(made.id, made.scene, made.from_drawing, made.to_drawing, made.undoes, made.map, made.officer, made.agency,
          post, made.reason, made.ordered_at, 0, 0)],
    )  # fmt: skip


def progress(cursor: Any, key: UUID, moved: int, kept: int | None, finished_at: datetime | None) -> None:
    cursor.execute(
        "UPDATE drawing_migration SET moved = moved + %s, kept = coalesce(%s, kept), finished_at = %s WHERE id = %s",
        [moved, kept, finished_at, key],
    )
