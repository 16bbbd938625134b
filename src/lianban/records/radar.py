"""The judge's radar: the live measures of a desk with what the radar needs, in one query however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np

from lianban.engines.measures import RadarColumns, RenewalState

_STATES = {state.value: number for number, state in enumerate(RenewalState)}


@dataclass(frozen=True, slots=True)
class RadarLine:
    """One live measure as the radar shows it. ``away_until``: its judge has handed the post over when it ends, or is away now."""

    id: UUID
    matter: UUID
    matter_number: str
    matter_state: str
    number: str
    asset_name: str
    asset_kind: str
    kind: str
    basis: str
    unit: UUID
    state: str
    rank: int | None
    ends_on: date
    renewal: str
    renewal_end: date | None
    officer: UUID | None
    away_until: datetime | None
    deputy: str


_LINES = """
SELECT m.id, m.matter_id, t.number, t.state, m.number, m.asset_name, m.asset_kind, m.kind, m.basis, m.unit_agency_id, m.state,
       m.rank, m.ends_on, coalesce(r.state, 'none'), r.printed_end, m.officer_id, d.ends_at, coalesce(o.name, '')
  FROM measure m JOIN matter t ON t.id = m.matter_id
  LEFT JOIN LATERAL (SELECT state, printed_end FROM measure_renewal WHERE measure_id = m.id ORDER BY round DESC LIMIT 1) r ON true
  LEFT JOIN LATERAL (SELECT ends_at, to_officer_id FROM delegation
                      WHERE from_officer_id = m.officer_id AND post_id = m.post_id AND ended_at IS NULL
                        AND begins_at < (m.ends_on + 1) AND ends_at > %(now)s
                      ORDER BY begins_at LIMIT 1) d ON true
  LEFT JOIN officer o ON o.id = d.to_officer_id
 WHERE m.lead_agency_id = %(agency)s AND m.state IN ('effective', 'waiting') AND m.ends_on IS NOT NULL
   AND (%(whole)s OR m.officer_id = %(officer)s
        OR m.post_id = %(post)s AND EXISTS (
           SELECT FROM delegation d WHERE d.from_officer_id = m.officer_id AND d.post_id = m.post_id
              AND d.to_officer_id = %(officer)s AND d.ended_at IS NULL AND %(now)s >= d.begins_at AND %(now)s < d.ends_at))
 ORDER BY m.ends_on, m.id
"""


def lines(
    cursor: Any,
    *,
    agency: UUID | None,
    officer: UUID | None,
    post: UUID | None,
    now: datetime,
    whole: bool = False,
) -> list[RadarLine]:
    """Every live measure with an end: this judge's and those of whom the judge stands in for, or the whole court's."""
    cursor.execute(_LINES, {"agency": agency, "officer": officer, "post": post, "now": now, "whole": whole})
    return [RadarLine(*row) for row in cursor.fetchall()]


def columns(found: Iterable[RadarLine]) -> RadarColumns:
    """The same as the engine's columns."""
    found = list(found)
    # A served renewal has prolonged already; the next one is not begun.
    state = [_STATES["none" if line.renewal == "served" else line.renewal] for line in found]
    return RadarColumns(
        [str(line.id) for line in found],
        np.array([line.ends_on for line in found], dtype="datetime64[D]"),
        np.array(state, dtype=np.int8),
        [str(line.officer or "") for line in found],
    )


@dataclass(frozen=True, slots=True)
class ExcessLine:
    """A matter that holds too much, and by when it must let go."""

    matter: UUID
    number: str
    held_fen: int
    most_fen: int
    since: datetime


def excesses(cursor: Any, agency: UUID | None) -> list[ExcessLine]:
    """The court's matters with an excess, the oldest first."""
    cursor.execute(
        """SELECT e.matter_id, m.number, e.held_fen, e.most_fen, e.since FROM measure_excess e JOIN matter m ON m.id = e.matter_id
            WHERE e.lead_agency_id = %s ORDER BY e.since, e.matter_id""",
        [agency],
    )
    return [ExcessLine(*row) for row in cursor.fetchall()]
