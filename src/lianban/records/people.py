"""Names of officers, for those who may see what they did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID


def name(cursor: Any, officer: UUID | None) -> str:
    return names(cursor, [officer]).get(officer, "") if officer else ""


def names(cursor: Any, officers: Iterable[UUID | None]) -> dict[UUID, str]:
    cursor.execute("SELECT id, name FROM officer WHERE id = ANY(%s)", [[key for key in officers if key]])
    return dict(cursor.fetchall())
