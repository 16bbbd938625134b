"""Read and write plans of distribution 财产分配方案, their shares and the objections to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.engines.payments import (
    Class,
    Distribution,
    DistributionWay,
    Entitled,
    Objection,
    PaidNow,
    Share,
    undisputed,
)
from lianban.records.bulk import insert_many


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What one claim brings and what the plan gives of it, in fen."""

    claim: UUID
    creditor: UUID
    creditor_name: str
    enforcement_costs_fen: int
    priority_fen: int
    ordinary_fen: int
    doubled_fen: int
    priority_rank: int
    seizure_rank: int
    given: dict[Class, int]

    @property
    def fen(self) -> int:
        return sum(self.given.values())

    @property
    def creditor_fen(self) -> int:
        """Without the costs of enforcement, which the creditor does not get."""
        return self.fen - self.given.get(Class.ENFORCEMENT_COSTS, 0)

    @property
    def entitled_fen(self) -> int:
        return self.enforcement_costs_fen + self.priority_fen + self.ordinary_fen + self.doubled_fen


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    id: UUID
    distribution: UUID
    by: str
    against: UUID
    disputed_fen: int
    ground: str
    received_on: date
    told_on: date | None
    countered_on: date | None
    counter_told_on: date | None
    sued_on: date | None
    ended_on: date | None
    outcome: str


@dataclass(frozen=True, slots=True)
class DistributionRow:
    id: UUID
    matter: UUID
    fund: UUID
    number: int
    way: str
    amount_fen: int
    left_fen: int
    on_day: date
    state: str
    served_on: date | None
    object_until: date | None
    note: str
    recorded_at: datetime
    cancel_reason: str
    shares: list[ShareRow] = field(default_factory=list)
    objections: list[ObjectionRow] = field(default_factory=list)

    @property
    def plan(self) -> Distribution:
        """As the engine made it."""
        shares = tuple(Share(str(s.claim), s.given, s.entitled_fen - s.fen) for s in self.shares)
        return Distribution(self.amount_fen, DistributionWay(self.way), shares, self.left_fen)

    @property
    def open_objections(self) -> list[ObjectionRow]:
        return [one for one in self.objections if one.ended_on is None]

    @property
    def payable(self) -> PaidNow:
        """Of each claim, what nobody disputes and what is kept."""
        return undisputed(
            self.plan,
            [Objection(o.by, str(o.against), o.disputed_fen, o.received_on) for o in self.open_objections],
        )


_PLAN = """SELECT id, matter_id, fund_id, number, way, amount_fen, left_fen, on_day, state, served_on, object_until, note,
                  recorded_at, cancel_reason FROM distribution WHERE """


def distributions(cursor: Any, matter: UUID) -> list[DistributionRow]:
    """The plans of a matter, newest first."""
    cursor.execute(_PLAN + "matter_id = %s ORDER BY number DESC", [matter])
    return _filled(cursor, [DistributionRow(*row) for row in cursor.fetchall()])


def distribution(cursor: Any, key: UUID) -> DistributionRow | None:
    cursor.execute(_PLAN + "id = %s", [key])
    return next(iter(_filled(cursor, [DistributionRow(*row) for row in cursor.fetchall()])), None)


def _filled(cursor: Any, rows: list[DistributionRow]) -> list[DistributionRow]:
    by_id = {row.id: row for row in rows}
    if not rows:
        return rows
    cursor.execute(
        """SELECT s.distribution_id, s.claim_id, c.creditor_id, p.name, s.enforcement_costs_fen, s.priority_fen, s.ordinary_fen,
                  s.doubled_fen, s.priority_rank, s.seizure_rank, s.given_costs_fen, s.given_priority_fen,
                  s.given_ordinary_fen, s.given_doubled_fen
             FROM distribution_share s JOIN claim c ON c.id = s.claim_id JOIN party p ON p.id = c.creditor_id
            WHERE s.distribution_id = ANY(%s) ORDER BY s.claim_id""",
        [list(by_id)],
    )
    for (
        key,
        claim,
        creditor,
        name,
        costs,
        priority,
        ordinary,
        doubled,
        rank,
        seizure,
        *given,
    ) in cursor.fetchall():
        parts = {step: fen for step, fen in zip(Class, given, strict=True) if fen}
        by_id[key].shares.append(
            ShareRow(claim, creditor, name, costs, priority, ordinary, doubled, rank, seizure, parts)
        )
    cursor.execute(
        """SELECT id, distribution_id, by, against_id, disputed_fen, ground, received_on, told_on, countered_on,
                  counter_told_on, sued_on, ended_on, outcome FROM distribution_objection
            WHERE distribution_id = ANY(%s) ORDER BY received_on, id""",
        [list(by_id)],
    )
    for row in cursor.fetchall():
        by_id[row[1]].objections.append(ObjectionRow(*row))
    return rows


def objection(cursor: Any, key: UUID) -> ObjectionRow | None:
    cursor.execute(
        """SELECT id, distribution_id, by, against_id, disputed_fen, ground, received_on, told_on, countered_on,
                  counter_told_on, sued_on, ended_on, outcome FROM distribution_objection WHERE id = %s""",
        [key],
    )
    row = cursor.fetchone()
    return ObjectionRow(*row) if row else None


def next_number(cursor: Any, matter: UUID) -> int:
    cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM distribution WHERE matter_id = %s", [matter])
    return int(cursor.fetchone()[0])


def add_distribution(
    cursor: Any, key: UUID, *, matter: UUID, lead: UUID, fund: UUID, number: int, plan: Distribution,
    entitled: Sequence[Entitled], on_day: date, note: str, officer: UUID | None, recorded_at: datetime,
) -> None:  # fmt: skip
    """Write a plan with its shares; the database checks at the end that they add up to the amount."""
    insert_many(
        cursor, "distribution",
        {"id": "uuid", "matter_id": "uuid", "lead_agency_id": "uuid", "fund_id": "uuid", "number": "smallint",
         "way": "text", "amount_fen": "bigint", "left_fen": "bigint", "on_day": "date", "state": "text", "note": "text",
         "officer_id": "uuid", "recorded_at": "timestamptz", "cancel_reason": "text"},
        [(key, matter, lead, fund, number, plan.way.value, plan.amount_fen, plan.left_fen, on_day, "draft", note, officer,
          recorded_at, "")],
    )  # fmt: skip
    insert_many(
        cursor, "distribution_share",
        {"distribution_id": "uuid", "claim_id": "uuid", "lead_agency_id": "uuid", "enforcement_costs_fen": "bigint",
         "priority_fen": "bigint", "ordinary_fen": "bigint", "doubled_fen": "bigint", "priority_rank": "smallint",
         "seizure_rank": "smallint", "given_costs_fen": "bigint", "given_priority_fen": "bigint",
         "given_ordinary_fen": "bigint", "given_doubled_fen": "bigint"},
        [(key, e.creditor, lead, e.enforcement_costs_fen, e.priority_fen, e.ordinary_fen, e.doubled_fen, e.priority_rank,
          e.seizure_rank, *(plan.of(e.creditor).parts.get(step, 0) for step in Class)) for e in entitled],
    )  # fmt: skip


def serve(cursor: Any, key: UUID, served_on: date, object_until: date) -> None:
    cursor.execute(
        "UPDATE distribution SET state = 'served', served_on = %s, object_until = %s WHERE id = %s",
        [served_on, object_until, key],
    )


def cancel(cursor: Any, key: UUID, reason: str, at: datetime) -> None:
    cursor.execute(
        "UPDATE distribution SET state = 'cancelled', cancel_reason = %s, cancelled_at = %s WHERE id = %s",
        [reason, at, key],
    )


def add_objection(
    cursor: Any, row: ObjectionRow, *, matter: UUID, lead: UUID, officer: UUID | None, recorded_at: datetime
) -> None:
    cursor.execute(
        """INSERT INTO distribution_objection (id, matter_id, lead_agency_id, distribution_id, by, against_id, disputed_fen,
                                               ground, received_on, outcome, officer_id, recorded_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '', %s, %s)""",
        [row.id, matter, lead, row.distribution, row.by, row.against, row.disputed_fen, row.ground, row.received_on, officer,
         recorded_at],
    )  # fmt: skip


STEPS = {"told": "told_on", "countered": "countered_on", "counter_told": "counter_told_on", "sued": "sued_on"}


def step_objection(cursor: Any, key: UUID, step: str, on: date) -> None:
    """One of :data:`STEPS` happened on a day."""
    cursor.execute(f"UPDATE distribution_objection SET {STEPS[step]} = %s WHERE id = %s", [on, key])  # noqa: S608


def end_objection(cursor: Any, key: UUID, outcome: str, on: date) -> None:
    cursor.execute(
        "UPDATE distribution_objection SET ended_on = %s, outcome = %s WHERE id = %s", [on, outcome, key]
    )


def paid_of(cursor: Any, key: UUID) -> dict[tuple[UUID, str], int]:
    """What of each claim's share is on its way or out, by purpose."""
    cursor.execute(
        """SELECT claim_id, purpose, sum(amount_fen)::bigint FROM payout WHERE distribution_id = %s AND claim_id IS NOT NULL
              AND state IN ('proposed', 'approved', 'paid') GROUP BY 1, 2""",
        [key],
    )
    found: dict[tuple[UUID, str], int] = defaultdict(int)
    found.update({(claim, purpose): fen for claim, purpose, fen in cursor.fetchall()})
    return found


def names(rows: Iterable[DistributionRow]) -> dict[UUID, str]:
    """What the creditors of plans are called, by claim."""
    return {share.claim: share.creditor_name for row in rows for share in row.shares}
