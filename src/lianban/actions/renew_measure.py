"""续行: draft the renewal of one measure or of many. A draft prolongs nothing; a judge signs it (:mod:`.sign_renewals`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from lianban.actions import timing
from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.acting import Acting
from lianban.actions.measure_errors import MeasureNotFound, MeasureNotPossible
from lianban.actions.measure_in_hand import limits, measure_in, standing, unit_code
from lianban.actions.order_measure import told
from lianban.actions.permissions import require
from lianban.actions.work import Work, working
from lianban.engines import measures as engine
from lianban.engines.clocks.moments import legal_date
from lianban.engines.errors import LianbanError
from lianban.records import assets, measures
from lianban.records.bulk import insert_many
from lianban.records.history import Entry
from lianban.records.identity import new_id
from lianban.records.measures import MeasureRow, RenewalLine

OPEN = ("drafted", "signed", "sent")


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one measure of a batch: the renewal, or the error that says why not."""

    measure: UUID
    renewal: UUID | None = None
    printed_end: date | None = None
    refused: LianbanError | None = None


@acts("measures.renew")
def renew_measure(doing: Doing) -> Outcome:
    """Draft one renewal, printing the end given or the latest that the law allows."""
    row = measure_in(doing.work, doing.matter, doing.record)
    printed = doing.data.get("printed_end")
    given = date.fromisoformat(str(printed)) if printed else None
    drafted = _checked(doing.work, row, standing(doing.work, row), legal_date(doing.at), given)
    key = write_renewals(doing.work, [(row, drafted)], doing.at, str(doing.data.get("reason", "")))[0]
    unit = unit_code(doing.work, row.unit)
    return Outcome(
        record=row.id,
        said={"measure": str(row.id), "renewal": str(key), "printed_end": drafted.printed_end},
        shown=told(row.id, row.number, unit) | {"printed_end": _iso(drafted.printed_end)},
        milestone=False,
    )


def renew_measures(acting: Acting, ids: Sequence[UUID], reason: str = "") -> list[RowResult]:
    """Draft many at once, each by itself: one that cannot be renewed says why, and stops no other.

    Raises :class:`RoleMayNot` for a role that drafts no renewals.
    """
    require(acting, "renew_measures")
    with working(acting) as work:
        rows = lock_measures(work, ids)
        things = assets.by_ids(work.cursor, [row.asset for row in rows.values()])
        standings = {UUID(s.measure.id): s for s in measures.standings_of(work.cursor, rows.values(), things)}
        results: dict[UUID, RowResult] = {}
        made: list[tuple[MeasureRow, engine.Renewal]] = []
        for key in dict.fromkeys(ids):
            row = rows.get(key)
            try:
                if row is None or key not in standings:
                    raise MeasureNotFound
                made.append((row, _checked(work, row, standings[key], legal_date(acting.now), None)))
            except LianbanError as error:
                results[key] = RowResult(key, refused=error)
        for (row, drafted), renewal in zip(made, write_renewals(work, made, acting.now, reason), strict=True):
            results[row.id] = RowResult(row.id, renewal, drafted.printed_end)
            matter, unit = work.matters[row.matter], unit_code(work, row.unit)
            shown = told(row.id, row.number, unit) | {"printed_end": _iso(drafted.printed_end)}
            work.happen(matter, "measures.renew", acting.now, **shown)
            work.enter(Entry("measures.renew", matter.id, said=shown | {"renewal": str(renewal)}))
        return [results[key] for key in dict.fromkeys(ids)]


def lock_measures(work: Work, ids: Iterable[UUID]) -> dict[UUID, MeasureRow]:
    """The measures that the reader's court leads, locked after their matters, in the order of their ids."""
    seen = measures.by_ids(work.cursor, ids)
    own = {key: row for key, row in seen.items() if row.lead_agency == work.acting.agency}
    work.lock({row.matter for row in own.values()})
    return measures.by_ids(work.cursor, own, lock=True)


def write_renewals(
    work: Work,
    made: Sequence[tuple[MeasureRow, engine.Renewal]],
    at: datetime,
    reason: str,
    state: str = "drafted",
) -> list[UUID]:
    """Write drafts (or decisions not to renew), in the order given; returns their ids."""
    rows = [
        (new_id(), row.id, renewal.ordered_on, renewal.printed_end, "", reason, state, at, work.acting.officer,
         work.acting.now) for row, renewal in made
    ]  # fmt: skip
    insert_many(work.cursor, "measure_renewal", measures.RENEWAL, rows)
    return [row[0] for row in rows]


def _checked(
    work: Work, row: MeasureRow, standing: engine.Standing, day: date, printed_end: date | None
) -> engine.Renewal:
    """The draft, or the error that says why not."""
    if standing.measure.renewal_state.value in OPEN:
        raise MeasureNotPossible(
            number=row.number, state=row.state, act_zh="续行", act="a renewal", reason_zh="已有一份续行正在办理",
            reason="a renewal is under way already",
        )  # fmt: skip
    return engine.renewal_for(timing.book(), limits(), standing, day, printed_end)


def open_renewal(work: Work, row: MeasureRow) -> RenewalLine | None:
    """The renewal that is being made, if there is one."""
    lines = measures.renewals_of(work.cursor, [row.id]).get(row.id, [])
    return lines[-1] if lines and lines[-1].state in OPEN else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
