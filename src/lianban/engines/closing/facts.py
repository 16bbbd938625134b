"""What is known of a case when somebody wants to close it: plain values, collected from the records by the caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from lianban.engines.clocks import Words


class Need(StrEnum):
    """A condition that records decide, not the officer."""

    NOTHING_OUTSTANDING = "nothing_outstanding"
    NOTHING_UNDISTRIBUTED = "nothing_undistributed"
    NO_OBJECTION_OPEN = "no_objection_open"
    NO_MEASURE_LEFT = "no_measure_left"
    THREE_MONTHS = "three_months"
    CONSUMPTION_LIMITED = "consumption_limited"
    NO_LEAD_UNVERIFIED = "no_lead_unverified"


NEED_WORDS = {
    Need.NOTHING_OUTSTANDING: Words("债权已全部受偿", "nothing is owed any more"),
    Need.NOTHING_UNDISTRIBUTED: Words("案款已全部发放", "all money that arrived is paid out"),
    Need.NO_OBJECTION_OPEN: Words("没有未审结的异议", "no objection is undecided"),
    Need.NO_MEASURE_LEFT: Words("控制措施已全部解除", "every measure of control is released"),
    Need.THREE_MONTHS: Words("自立案之日起已超过三个月", "more than three months since filing"),
    Need.CONSUMPTION_LIMITED: Words("已对被执行人限制消费", "every debtor's consumption is limited"),
    Need.NO_LEAD_UNVERIFIED: Words("没有未核查的财产线索", "no lead is unverified"),
}


class ProofKind(StrEnum):
    """What may prove an item. ``statement`` is the officer's own, in writing, and is always shown as such."""

    ANSWER = "answer"
    COLLISION = "collision"
    MEASURE = "measure"
    LEAD = "lead"
    COLLABORATION = "collaboration"
    LIMIT = "limit"
    LISTING = "listing"
    DOCUMENT = "document"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof of one item: a row of the records by its id, or a statement with its text."""

    item: str
    kind: ProofKind
    reference: UUID | None = None
    statement: str = ""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Counts and sums. Money in fen; None where no such record is kept in this deployment yet (then it is not asked).

    ``circumstances`` are facts that make an item of the checklist necessary: ``debtor_missing``, ``obstructed``,
    ``hides_property``, ``creditor_asked_audit``, ``not_all_online``.
    """

    filed_on: date
    outstanding_fen: int | None = None
    undistributed_fen: int | None = None
    open_objections: int = 0
    live_measures: int | None = None
    debtors_not_limited: int = 0
    unverified_leads: int = 0
    circumstances: frozenset[str] = frozenset()
    proofs: tuple[Proof, ...] = field(default=())
