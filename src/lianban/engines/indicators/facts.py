"""What an indicator may count: three kinds of facts, their columns and the columns' types.

The same columns stand in the views that records keep (``fact_matters``, ``fact_letters``,
``fact_observations``) and in the rows that the Python executor is given. They hold no personal data, so a
figure can never leak any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class FactKind(StrEnum):
    """One row of each is one matter, one letter, or one observed activity of a matter."""

    MATTERS = "matters"
    LETTERS = "letters"
    OBSERVATIONS = "observations"


class ColumnType(StrEnum):
    """``instant`` is an aware datetime (``timestamptz``), ``id`` a UUID; any column may be absent (NULL)."""

    ID = "id"
    TEXT = "text"
    INTEGER = "integer"
    INSTANT = "instant"


def _columns(**types: str) -> Mapping[str, ColumnType]:
    return MappingProxyType({name: ColumnType(kind) for name, kind in types.items()})


COLUMNS: Mapping[FactKind, Mapping[str, ColumnType]] = MappingProxyType(
    {
        FactKind.MATTERS: _columns(
            id="id",
            scene="text",
            number="text",
            state="text",
            opened_at="instant",
            closed_at="instant",
            lead_agency="text",
            batch="text",
        ),
        FactKind.LETTERS: _columns(
            id="id",
            matter_id="id",
            scene="text",
            addressee="text",
            kind="text",
            state="text",
            delivered_at="instant",
            signed_at="instant",
            answered_at="instant",
            accepted_at="instant",
            due_at="instant",
            result="text",
            returned_count="integer",
            reminded_count="integer",
            batch="text",
        ),
        FactKind.OBSERVATIONS: _columns(
            matter_id="id",
            scene="text",
            activity="text",
            occurred_at="instant",
            seq="integer",
            batch="text",
        ),
    }
)

MATTER_COLUMN: Mapping[FactKind, str] = MappingProxyType(
    {FactKind.MATTERS: "id", FactKind.LETTERS: "matter_id", FactKind.OBSERVATIONS: "matter_id"}
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows for the Python executor: mappings from column to value, absent ones None or left out."""

    matters: Iterable[Mapping[str, Any]] = ()
    letters: Iterable[Mapping[str, Any]] = ()
    observations: Iterable[Mapping[str, Any]] = ()

    def of(self, kind: FactKind) -> Iterable[Mapping[str, Any]]:
        return getattr(self, kind.value)
