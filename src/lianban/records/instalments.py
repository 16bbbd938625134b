"""Read and write plans of instalments 分期履行; what of them was paid is computed from the receipts of their claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianban.engines.payments import (
    Consent,
    Ground,
    Instalment,
    InstalmentPlan,
    InstalmentState,
    Receipt,
    performance,
)
from lianban.records.bulk import insert_many
from lianban.records.claims import ReceiptRow


@dataclass(frozen=True, slots=True)
class PlanRow:
    id: UUID
    matter: UUID
    claim: UUID
    in_kind: str
    agreed_on: date
    state: str
    ended_on: date | None
    end_reason: str
    plan: InstalmentPlan

    def states(self, received: Iterable[ReceiptRow], today: date) -> tuple[InstalmentState, ...]:
        """Each instalment as it stands, from what was received since the agreement."""
        since = [Receipt(str(r.id), r.paid_on, r.amount_fen) for r in received if r.paid_on >= self.agreed_on]
        return performance(self.plan, since, today)


def plans(cursor: Any, matter: UUID) -> list[PlanRow]:
    """The plans of a matter, the running one first."""
    return _read(cursor, "matter_id = %s", matter)


def plan(cursor: Any, key: UUID) -> PlanRow | None:
    return next(iter(_read(cursor, "id = %s", key)), None)


def _read(cursor: Any, where: str, key: UUID) -> list[PlanRow]:
    cursor.execute(
        f"""SELECT id, matter_id, claim_id, ground, creditor_document, security_document, in_kind, total_fen, agreed_on, state,
                   ended_on, end_reason FROM instalment_plan WHERE {where} ORDER BY state <> 'running', agreed_on DESC, id""",  # noqa: S608
        [key],
    )
    rows = cursor.fetchall()
    parts: dict[UUID, list[Instalment]] = defaultdict(list)
    cursor.execute(
        "SELECT plan_id, due_on, amount_fen FROM instalment WHERE plan_id = ANY(%s) ORDER BY plan_id, number",
        [[row[0] for row in rows]],
    )
    for of, due_on, fen in cursor.fetchall():
        parts[of].append(Instalment(due_on, fen))
    return [
        PlanRow(
            id, matter, claim, in_kind, agreed_on, state, ended_on, why,
            InstalmentPlan(Consent(Ground(ground), creditor, security), total, tuple(parts[id])),
        )
        for id, matter, claim, ground, creditor, security, in_kind, total, agreed_on, state, ended_on, why in rows
    ]  # fmt: skip


def add_plan(cursor: Any, row: PlanRow, *, lead: UUID, officer: UUID | None, recorded_at: datetime) -> None:
    consent = row.plan.consent
    cursor.execute(
        """INSERT INTO instalment_plan (id, matter_id, lead_agency_id, claim_id, ground, creditor_document, security_document,
                                        in_kind, total_fen, agreed_on, last_day, state, end_reason, officer_id, recorded_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'running', '', %s, %s)""",
        [row.id, row.matter, lead, row.claim, consent.ground.value, consent.creditor_document, consent.security_document,
         row.in_kind, row.plan.total_fen, row.agreed_on, row.plan.last_day, officer, recorded_at],
    )  # fmt: skip
    insert_many(
        cursor, "instalment",
        {"plan_id": "uuid", "number": "smallint", "matter_id": "uuid", "lead_agency_id": "uuid", "due_on": "date",
         "amount_fen": "bigint"},
        [(row.id, n, row.matter, lead, i.due_on, i.amount_fen) for n, i in enumerate(row.plan.instalments, 1)],
    )  # fmt: skip


def end_plan(cursor: Any, key: UUID, state: str, reason: str, on: date) -> None:
    cursor.execute(
        "UPDATE instalment_plan SET state = %s, end_reason = %s, ended_on = %s WHERE id = %s",
        [state, reason, on, key],
    )
