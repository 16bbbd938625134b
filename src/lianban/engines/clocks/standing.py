"""How a due date stands today, in words: 剩 4 天, 今天到期, 逾期 2 天."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .moments import in_utc, legal_date


@dataclass(frozen=True, slots=True)
class Standing:
    """Days from today to a legal date: negative when it is past."""

    days: int
    overdue: bool

    def text(self, language: str = "zh") -> str:
        english = language.startswith("en")
        count = abs(self.days)
        plural = "day" if count == 1 else "days"
        if self.overdue:
            if count == 0:
                return "overdue today" if english else "今天已逾期"
            return f"{count} {plural} overdue" if english else f"逾期 {count} 天"
        if count == 0:
            return "due today" if english else "今天到期"
        return f"{count} {plural} left" if english else f"剩 {count} 天"


def standing(due_on: date, due_at: datetime, now: datetime) -> Standing:
    """Where ``now`` stands to a due date: calendar days in Asia/Shanghai, overdue by the instant."""
    return Standing((due_on - legal_date(now)).days, in_utc(now) > due_at)


def share_used(trigger: datetime, due_at: datetime, now: datetime) -> float:
    """How much of a period is used, from 0.0 at the trigger to 1.0 at the end and beyond: for warnings at 70/90/100%.

    Pauses that are over have moved ``due_at`` and so count as part of the period.
    """
    whole = (in_utc(due_at) - in_utc(trigger)).total_seconds()
    used = (in_utc(now) - in_utc(trigger)).total_seconds()
    return 1.0 if whole <= 0 else max(0.0, used / whole)
