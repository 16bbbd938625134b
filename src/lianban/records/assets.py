"""Read assets 财产 of matters and what they were valued at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from lianban.engines import measures as engine

COLUMNS = {
    "id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "party_id": "uuid", "kind": "text",
    "unit_agency_id": "uuid", "key": "text", "name": "text", "value_fen": "bigint", "share_numerator": "integer",
    "share_denominator": "integer", "encumbrance_fen": "bigint", "divisible": "boolean", "details": "jsonb",
    "found_by": "text", "found_ref": "uuid", "occurred_at": "timestamptz", "recorded_at": "timestamptz",
    "officer_id": "uuid",
}  # fmt: skip
VALUE = {
    "id": "uuid", "asset_id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "basis": "text",
    "value_fen": "bigint", "share_numerator": "integer", "share_denominator": "integer", "encumbrance_fen": "bigint",
    "valued_on": "date", "note": "text", "occurred_at": "timestamptz", "recorded_at": "timestamptz", "officer_id": "uuid",
}  # fmt: skip
_READ = ", ".join(COLUMNS)


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset as it stands now. Money in fen."""

    id: UUID
    matter: UUID
    lead_agency: UUID
    party: UUID | None
    kind: str
    unit: UUID
    key: str
    name: str
    value_fen: int | None
    share_numerator: int
    share_denominator: int
    encumbrance_fen: int
    divisible: bool
    details: dict[str, Any]
    found_by: str
    found_ref: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    officer: UUID | None

    @property
    def engine(self) -> engine.Asset:
        """As the engine reckons with it."""
        return engine.Asset(
            f"{self.unit}|{self.key}", self.kind, self.value_fen, self.share_numerator, self.share_denominator,
            self.encumbrance_fen, self.divisible,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ValueLine:
    """What an asset was said to be worth once."""

    asset: UUID
    basis: str
    value_fen: int | None
    share_numerator: int
    share_denominator: int
    encumbrance_fen: int
    valued_on: date
    note: str
    recorded_at: datetime


def of_matter(cursor: Any, matter: UUID) -> list[AssetRow]:
    """The assets of a matter, in the order in which they were recorded."""
    cursor.execute(f"SELECT {_READ} FROM asset WHERE matter_id = %s ORDER BY id", [matter])  # noqa: S608
    return [_row(row) for row in cursor.fetchall()]


def by_ids(cursor: Any, ids: Iterable[UUID]) -> dict[UUID, AssetRow]:
    cursor.execute(f"SELECT {_READ} FROM asset WHERE id = ANY(%s)", [list(ids)])  # noqa: S608
    return {row.id: row for row in map(_row, cursor.fetchall())}


def values_of(cursor: Any, matter: UUID) -> list[ValueLine]:
    """Every value any asset of the matter was ever given, the latest first."""
    cursor.execute(
        """SELECT asset_id, basis, value_fen, share_numerator, share_denominator, encumbrance_fen, valued_on, note, recorded_at
             FROM asset_value WHERE matter_id = %s ORDER BY recorded_at DESC, id DESC""",
        [matter],
    )
    return [ValueLine(*row) for row in cursor.fetchall()]


def kinds(cursor: Any) -> dict[str, tuple[str, str, str]]:
    """code → (family, zh, en) of every kind of asset."""
    cursor.execute("SELECT code, family, zh, en FROM asset_kind ORDER BY family, code")
    return {code: (family, zh, en) for code, family, zh, en in cursor.fetchall()}


def _row(row: tuple[Any, ...]) -> AssetRow:
    values = dict(zip(COLUMNS, row, strict=True))
    if isinstance(values["details"], str):  # text in plain cursors
        values["details"] = orjson.loads(values["details"])
    return AssetRow(*values.values())
