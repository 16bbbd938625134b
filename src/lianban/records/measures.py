"""Read measures 控制措施 with their answers, renewals and releases, and as the engine reckons with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.engines import measures as engine
from lianban.records.assets import AssetRow

# What the court writes of an order; everything else of the row is the database's own.
ORDER = {
    "id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "asset_id": "uuid", "kind": "text", "basis": "text",
    "claim": "text", "facts": "text[]", "ordered_on": "date", "ordered_at": "timestamptz", "ceiling_fen": "bigint",
    "printed_end": "date", "number": "text", "post_id": "uuid", "officer_id": "uuid", "sent_at": "timestamptz",
    "changed_at": "timestamptz",
}  # fmt: skip
ANSWER = {
    "id": "uuid", "measure_id": "uuid", "outcome": "text", "amount_fen": "bigint", "rank": "integer", "ends_on": "date",
    "remark": "text", "officer_id": "uuid", "received_at": "timestamptz", "recorded_at": "timestamptz",
}  # fmt: skip
RENEWAL = {
    "id": "uuid", "measure_id": "uuid", "ordered_on": "date", "printed_end": "date", "number": "text", "reason": "text",
    "state": "text", "drafted_at": "timestamptz", "drafted_by_id": "uuid", "changed_at": "timestamptz",
}  # fmt: skip
RELEASE = {
    "id": "uuid", "measure_id": "uuid", "amount_fen": "bigint", "ground": "text", "reason": "text", "number": "text",
    "officer_id": "uuid", "ordered_at": "timestamptz", "changed_at": "timestamptz",
}  # fmt: skip
_READ = (
    "id, matter_id, lead_agency_id, asset_id, unit_agency_id, asset_key, asset_kind, asset_name, kind, basis, claim, facts,"
    " clock, ordered_on, ordered_at, ceiling_fen, printed_end, number, post_id, officer_id, sent_at, served_at, released_at,"
    " disposed_at, disposed_by, state, rank, effective_from, ends_on, computed_end, ended_at, renewals, notes, stood_at"
)
LIVE = ("effective", "waiting")


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure: the order, what happened to it, and where the database says it stands."""

    id: UUID
    matter: UUID
    lead_agency: UUID
    asset: UUID
    unit: UUID
    asset_key: str
    asset_kind: str
    asset_name: str
    kind: str
    basis: str
    claim: str
    facts: list[str]
    clock: str
    ordered_on: date
    ordered_at: datetime
    ceiling_fen: int
    printed_end: date | None
    number: str
    post: UUID | None
    officer: UUID | None
    sent_at: datetime | None
    served_at: datetime | None
    released_at: datetime | None
    disposed_at: datetime | None
    disposed_by: str
    state: str
    rank: int | None
    effective_from: datetime | None
    ends_on: date | None
    computed_end: date | None
    ended_at: datetime | None
    renewals: int
    notes: list[str]
    stood_at: datetime | None

    @property
    def live(self) -> bool:
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class AnswerLine:
    id: UUID
    measure: UUID
    agency: UUID
    written_by: UUID
    round: int
    outcome: str
    amount_fen: int | None
    rank: int | None
    ends_on: date | None
    remark: str
    received_at: datetime
    recorded_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class RenewalLine:
    id: UUID
    measure: UUID
    round: int
    ordered_on: date
    printed_end: date | None
    number: str
    reason: str
    state: str
    signed_at: datetime | None
    sent_at: datetime | None
    served_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    id: UUID
    measure: UUID
    amount_fen: int | None
    ground: str
    reason: str
    number: str
    ordered_at: datetime
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True)
class ControlLine:
    """How much a matter holds against how much it may, as the database counts it. In fen."""

    held_fen: int
    most_fen: int
    excess_fen: int
    releasable: bool


def to_be_served(cursor: Any, matter: UUID) -> set[UUID]:
    """On whom the rulings of a matter are served: its debtors and creditors (查扣冻规定 1)."""
    cursor.execute("SELECT id FROM party WHERE matter_id = %s AND role IN ('debtor', 'creditor')", [matter])
    return {row[0] for row in cursor.fetchall()}


def parties_served(cursor: Any, matter: UUID) -> dict[UUID, dict[UUID, str]]:
    """By measure, the parties on whom its ruling was served, with the day, as the history of the matter tells it."""
    cursor.execute(
        """SELECT (data ->> 'measure')::uuid, party::uuid, data ->> 'served_on' FROM event,
                  jsonb_array_elements_text(data -> 'parties') AS party
            WHERE matter_id = %s AND kind = 'measures.serve_parties' ORDER BY seq DESC""",
        [matter],
    )
    served: dict[UUID, dict[UUID, str]] = {}
    for measure, party, day in cursor.fetchall():
        served.setdefault(measure, {})[party] = day
    return served


def by_ids(cursor: Any, ids: Iterable[UUID], *, lock: bool = False) -> dict[UUID, MeasureRow]:
    """Measures by id, those the reader may see; in the order of their ids when locked."""
    cursor.execute(
        f"SELECT {_READ} FROM measure WHERE id = ANY(%s) ORDER BY id {'FOR UPDATE' if lock else ''}",  # noqa: S608
        [list(ids)],
    )
    return {row[0]: MeasureRow(*row) for row in cursor.fetchall()}


def of_matter(cursor: Any, matter: UUID) -> list[MeasureRow]:
    cursor.execute(f"SELECT {_READ} FROM measure WHERE matter_id = %s ORDER BY id", [matter])  # noqa: S608
    return [MeasureRow(*row) for row in cursor.fetchall()]


def answers_of(cursor: Any, ids: Iterable[UUID]) -> dict[UUID, list[AnswerLine]]:
    """The answers to each measure, the first first."""
    cursor.execute(
        """SELECT id, measure_id, agency_id, written_by_id, round, outcome, amount_fen, rank, ends_on, remark, received_at,
                  recorded_at, digest FROM measure_answer WHERE measure_id = ANY(%s) ORDER BY measure_id, round""",
        [list(ids)],
    )
    return _grouped(AnswerLine(*row) for row in cursor.fetchall())


def renewals_of(cursor: Any, ids: Iterable[UUID]) -> dict[UUID, list[RenewalLine]]:
    cursor.execute(
        """SELECT id, measure_id, round, ordered_on, printed_end, number, reason, state, signed_at, sent_at, served_at
             FROM measure_renewal WHERE measure_id = ANY(%s) ORDER BY measure_id, round""",
        [list(ids)],
    )
    return _grouped(RenewalLine(*row) for row in cursor.fetchall())


def renewal(cursor: Any, renewal_id: UUID) -> RenewalLine | None:
    cursor.execute(
        """SELECT id, measure_id, round, ordered_on, printed_end, number, reason, state, signed_at, sent_at, served_at
             FROM measure_renewal WHERE id = %s""",
        [renewal_id],
    )
    row = cursor.fetchone()
    return RenewalLine(*row) if row else None


def releases_of(cursor: Any, ids: Iterable[UUID]) -> dict[UUID, list[ReleaseLine]]:
    cursor.execute(
        """SELECT id, measure_id, amount_fen, ground, reason, number, ordered_at, arrived_at FROM measure_release
            WHERE measure_id = ANY(%s) ORDER BY measure_id, id""",
        [list(ids)],
    )
    return _grouped(ReleaseLine(*row) for row in cursor.fetchall())


def control_of(cursor: Any, matter: UUID) -> ControlLine | None:
    """None for whoever does not lead the matter."""
    cursor.execute("SELECT held, most, excess, releasable FROM lianban.control(%s)", [matter])
    row = cursor.fetchone()
    return ControlLine(*row) if row and row[0] is not None else None


def nets_of(cursor: Any, matter: UUID) -> dict[UUID, int]:
    """What each measure of a matter holds for its claim, in fen. Empty for whoever does not lead it."""
    cursor.execute("SELECT measure, net_fen FROM lianban.nets(%s)", [matter])
    return dict(cursor.fetchall())


def excess_since(cursor: Any, matter: UUID) -> datetime | None:
    cursor.execute("SELECT since FROM measure_excess WHERE matter_id = %s", [matter])
    row = cursor.fetchone()
    return row[0] if row else None


def documents_made(cursor: Any, matter: UUID) -> int:
    """How many rulings on control the matter has: the next takes the number after."""
    cursor.execute(
        """SELECT (SELECT count(*) FROM measure WHERE matter_id = %(m)s)
                + (SELECT count(*) FROM measure_renewal WHERE matter_id = %(m)s AND number <> '')
                + (SELECT count(*) FROM measure_release WHERE matter_id = %(m)s)""",
        {"m": matter},
    )
    return int(cursor.fetchone()[0])


# --- as the engine reckons


def as_engine(
    row: MeasureRow,
    asset: AssetRow,
    answers: Iterable[AnswerLine] = (),
    renewals: Iterable[RenewalLine] = (),
) -> engine.Measure:
    """The same measure as the engine's value."""
    return engine.Measure(
        id=str(row.id), matter=str(row.matter), unit=str(row.unit), asset=asset.engine,
        kind=engine.MeasureKind(row.kind), basis=engine.LegalBasis(row.basis), ordered_on=row.ordered_on,
        ceiling_fen=row.ceiling_fen, printed_end=row.printed_end, served_at=row.served_at,
        answers=tuple(
            engine.Answer(a.received_at, engine.Outcome(a.outcome), a.amount_fen, a.rank, a.ends_on, a.remark)
            for a in answers
        ),
        renewals=tuple(
            engine.Renewal(r.ordered_on, engine.RenewalState(r.state), r.served_at, r.printed_end) for r in renewals
        ),
        released_at=row.released_at, disposed_at=row.disposed_at, officer=str(row.officer or ""),
    )  # fmt: skip


def standing_of(row: MeasureRow, measure: engine.Measure) -> engine.Standing:
    """Where the database says it stands, as the engine's value."""
    return engine.Standing(
        measure, engine.State(row.state), row.rank, row.effective_from, row.ends_on, row.ended_at, row.computed_end,
        notes=tuple(row.notes),
    )  # fmt: skip


def standings_of(
    cursor: Any, rows: Iterable[MeasureRow], assets: Mapping[UUID, AssetRow]
) -> list[engine.Standing]:
    """The standings of measures of which the reader sees the assets, with their whole history."""
    rows = [row for row in rows if row.asset in assets]
    ids = [row.id for row in rows]
    answers, renewals = answers_of(cursor, ids), renewals_of(cursor, ids)
    return [
        standing_of(row, as_engine(row, assets[row.asset], answers.get(row.id, ()), renewals.get(row.id, ())))
        for row in rows
    ]


def _grouped(lines: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for line in lines:
        found[line.measure].append(line)
    return found
