"""What an indicator may count: kinds of facts, their columns and the columns' types.

The same columns stand in the views that records keep (``fact_matters``, ``fact_letters`` and so on) and in the rows that the Python executor is given. They hold no personal data, so a
figure can never leak any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class FactKind(StrEnum):
    """One row of each is one matter, one letter, one observed activity of a matter, one hit of a registry, one request to a township, one closing of a
    matter, one matter in one statistical year in which it was pending (受理 = 新收 + 旧存), or one arrival of money in a matter.
    """

    MATTERS = "matters"
    LETTERS = "letters"
    HITS = "hits"
    OBSERVATIONS = "observations"
    COLLABORATIONS = "collaborations"
    CLOSINGS = "closings"
    CASELOAD = "caseload"
    FUNDS = "funds"


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
            answered_by="text",
            batch="text",
        ),
        FactKind.HITS: _columns(
            id="id",
            matter_id="id",
            scene="text",
            addressee="text",
            question="text",
            kind="text",
            state="text",
            occurred_at="instant",
            decided_at="instant",
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
        FactKind.COLLABORATIONS: _columns(
            id="id",
            matter_id="id",
            scene="text",
            township="text",
            asked="text",
            state="text",
            result="text",
            pushed_at="instant",
            signed_at="instant",
            answered_at="instant",
            due_at="instant",
            result_at="instant",
            matter_closed_at="instant",
            leads="integer",
            batch="text",
        ),
        FactKind.CLOSINGS: _columns(
            id="id",
            matter_id="id",
            scene="text",
            mode="text",
            ground="text",
            case_type="text",
            lead_agency="text",
            filed_at="instant",
            closed_at="instant",
            due_at="instant",
            claimed_fen="integer",
            recovered_fen="integer",
            batch="text",
        ),
        FactKind.CASELOAD: _columns(
            id="id",
            matter_id="id",
            scene="text",
            case_type="text",
            lead_agency="text",
            year_begins="instant",
            accepted="text",
            mode="text",
            closed_at="instant",
            batch="text",
        ),
        FactKind.FUNDS: _columns(
            id="id",
            matter_id="id",
            scene="text",
            kind="text",
            lead_agency="text",
            arrived_at="instant",
            clock_from="instant",
            due_at="instant",
            paid_at="instant",
            amount_fen="integer",
            batch="text",
        ),
    }
)

MATTER_COLUMN: Mapping[FactKind, str] = MappingProxyType(
    {kind: "id" if kind is FactKind.MATTERS else "matter_id" for kind in FactKind}
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows for the Python executor: mappings from column to value, absent ones None or left out."""

    matters: Iterable[Mapping[str, Any]] = ()
    letters: Iterable[Mapping[str, Any]] = ()
    hits: Iterable[Mapping[str, Any]] = ()
    observations: Iterable[Mapping[str, Any]] = ()
    collaborations: Iterable[Mapping[str, Any]] = ()
    closings: Iterable[Mapping[str, Any]] = ()
    caseload: Iterable[Mapping[str, Any]] = ()
    funds: Iterable[Mapping[str, Any]] = ()

    def of(self, kind: FactKind) -> Iterable[Mapping[str, Any]]:
        return getattr(self, kind.value)
