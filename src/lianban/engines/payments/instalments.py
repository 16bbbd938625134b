"""Instalments 分期: only by the creditor's agreement, or on security to which the creditor consents; never imposed.

Sources: 民诉法 241 (settlement), 242 (security and consent); the sum of the instalments is the sum of the settlement; while the
debtor performs there is no resumption (和解规定 10–11); a missed instalment is shown on the day after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lianban.engines.clocks import ClockBook, Due

from .claims import Receipt, whole
from .errors import EventsOutOfOrder, InstalmentsDoNotAddUp, InstalmentsNotAgreed


class Ground(StrEnum):
    AGREEMENT = "agreement"  # 执行和解
    SECURITY = "security"  # 执行担保


@dataclass(frozen=True, slots=True)
class Consent:
    """Why instalments may be paid: the document of the creditor's agreement, and that of the security where there is one."""

    ground: Ground
    creditor_document: str
    security_document: str = ""

    def __post_init__(self) -> None:
        if not self.creditor_document.strip():
            raise InstalmentsNotAgreed(missing_zh="申请执行人同意的文书", missing_en="the creditor's consent")
        if self.ground is Ground.SECURITY and not self.security_document.strip():
            raise InstalmentsNotAgreed(missing_zh="担保文书", missing_en="the document of the security")


@dataclass(frozen=True, slots=True)
class Instalment:
    due_on: date
    amount_fen: int

    def __post_init__(self) -> None:
        whole(self.amount_fen, "分期金额", "an instalment")


@dataclass(frozen=True, slots=True)
class InstalmentPlan:
    """The plan. Days rise, amounts add up to the total, and it cannot be made without a :class:`Consent`."""

    consent: Consent
    total_fen: int
    instalments: tuple[Instalment, ...]

    def __post_init__(self) -> None:
        total = sum(i.amount_fen for i in self.instalments)
        if total != self.total_fen or not self.instalments:
            raise InstalmentsDoNotAddUp(sum=total, total=self.total_fen)
        days = [i.due_on for i in self.instalments]
        if days != sorted(set(days)):
            raise EventsOutOfOrder(
                id="instalments",
                problem_zh="各期日期没有依次递增",
                problem_en="the days of the instalments do not rise",
            )

    @property
    def last_day(self) -> date:
        return self.instalments[-1].due_on


@dataclass(frozen=True, slots=True)
class InstalmentState:
    """One instalment: what of it was paid, and whether it is missed."""

    instalment: Instalment
    paid_fen: int
    missed: bool


def performance(
    plan: InstalmentPlan, receipts: Iterable[Receipt], today: date
) -> tuple[InstalmentState, ...]:
    """The plan as it stands: payments fill the instalments in order, whenever they came; missed the day after the day due."""
    left = sum(receipt.amount_fen for receipt in receipts if receipt.paid_on <= today)
    states = []
    for instalment in plan.instalments:
        paid = min(left, instalment.amount_fen)
        left -= paid
        states.append(
            InstalmentState(instalment, paid, paid < instalment.amount_fen and today > instalment.due_on)
        )
    return tuple(states)


def may_resume(plan: InstalmentPlan, receipts: Iterable[Receipt], today: date) -> bool:
    """Whether the creditor may ask to resume: only if the debtor is not performing (和解规定 11)."""
    return any(state.missed for state in performance(plan, receipts, today))


def resume_until(book: ClockBook, plan: InstalmentPlan) -> Due:
    """Until when the creditor may ask to resume: two years from the last agreed day (和解规定 10)."""
    return book.due("enforcement.settlement_resume", plan.last_day)
