"""A measure taken in hand: found in its matter, locked, with what the engine needs to know of it."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from lianban.actions import timing
from lianban.actions.measure_errors import AssetNotFound, MeasureNotFound
from lianban.actions.work import MatterRow, Work
from lianban.engines import measures as engine
from lianban.engines.identifiers.chinese_numerals import to_chinese
from lianban.records import assets, measures
from lianban.records.assets import AssetRow
from lianban.records.contents import content_of
from lianban.records.measures import ControlLine, MeasureRow

SETTINGS = engine.MeasureSettings()
UNIT_ROLE = "liaison"
"""Who receives orders at an assisting unit."""
SIGN_CLOCK = "assistance.sign_for"
"""How soon a unit signs for an order: agreed between units, no law names a period."""


@lru_cache(maxsize=1)
def limits() -> engine.LimitBook:
    return engine.LimitBook.standard()


def measure_in(work: Work, matter: MatterRow, key: UUID | None) -> MeasureRow:
    """The measure of this matter, locked. Raises :class:`MeasureNotFound`."""
    row = measures.by_ids(work.cursor, [key], lock=True).get(key) if key else None
    if row is None or row.matter != matter.id:
        raise MeasureNotFound
    return row


def asset_in(work: Work, matter: MatterRow, key: UUID | None) -> AssetRow:
    """The asset of this matter. Raises :class:`AssetNotFound`."""
    row = assets.by_ids(work.cursor, [key]).get(key) if key else None
    if row is None or row.matter != matter.id:
        raise AssetNotFound
    return row


def standing(work: Work, row: MeasureRow) -> engine.Standing:
    """The measure with its whole history, as the engine reckons with it. For the court, which sees the asset."""
    return measures.standings_of(work.cursor, [row], assets.by_ids(work.cursor, [row.asset]))[0]


def held(line: ControlLine | None) -> tuple[engine.Outstanding, engine.Control]:
    """What a matter may hold and holds, as the database counts it."""
    if line is None:
        return engine.Outstanding(0), engine.Control(0, 0, 0, (), None)
    excess = (engine.Release("", line.excess_fen, whole=True),) if line.releasable else ()
    return engine.Outstanding(line.most_fen), engine.Control(
        line.held_fen, line.most_fen, line.excess_fen, excess, None
    )


def claim_kind(work: Work, matter: MatterRow) -> engine.ClaimKind:
    """What the claim is for, where the law looks at it."""
    return engine.ClaimKind(content_of(work.cursor, matter.id).get("claim_kind") or "ordinary")


def next_number(work: Work, matter: MatterRow, more: int = 0) -> str:
    """The number of the matter's next ruling on control: the case number, 之一, 之二. Taken under the matter's lock."""
    return f"{matter.number}之{to_chinese(measures.documents_made(work.cursor, matter.id) + 1 + more)}"


def unit_code(work: Work, unit: UUID) -> str:
    return work.directory.agencies[unit].code


def ask_unit(
    work: Work, matter: MatterRow, unit: UUID, name: str, *, action: str, form: str, about: UUID
) -> None:
    """A task at the unit's desk, at once: an order that lies is a freeze that does not hold.

    ``name`` says which document, never which asset: whoever supervises sees the names of tasks.
    """
    due = timing.due(SIGN_CLOCK, work.acting.now)
    work.ask(
        matter, unit, UNIT_ROLE, name, element=form, form=form, action=action, about=about, due_at=due.at
    )


def subjects_of(asset: AssetRow) -> tuple[UUID, ...]:
    return (asset.party,) if asset.party else ()
