"""Errors of the indicators engine, and one mistake in a definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lianban.engines.errors import YourMistake


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it stands (``line`` counts from 1, None when the reader kept no lines) and what to do."""

    source: str
    line: int | None
    where: str
    zh: str
    en: str

    def text(self, language: str = "zh") -> str:
        """``scenes/x/indicators.yaml:12 answered.where[0]: …``"""
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{place} {self.where}: {self.en if language.startswith('en') else self.zh}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "line": self.line,
            "where": self.where,
            "message": {"zh": self.zh, "en": self.en},
        }


class IndicatorsRefused(YourMistake):
    """Definitions that cannot be used. ``found["problems"]`` holds every mistake, not only the first."""

    code = "LB-INDICATORS-001"
    zh = "指标定义有 {count} 处需要改正：{details_zh}"
    en = "The indicator definitions have {count} mistakes to correct: {details_en}"

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> IndicatorsRefused:
        return cls(
            count=len(problems),
            details_zh="；".join(problem.text("zh") for problem in problems),
            details_en="; ".join(problem.text("en") for problem in problems),
            problems=[problem.as_dict() for problem in problems],
        )


class NotThisPart(YourMistake):
    """A list of matters was asked for that this indicator does not have."""

    code = "LB-INDICATORS-002"
    zh = "指标“{indicator}”不能打开“{part}”清单。可打开：{known}。"
    en = 'Indicator "{indicator}" has no list "{part}". It has: {known}.'


class NotThisGroup(YourMistake):
    """A breakdown was asked for that the definition does not allow."""

    code = "LB-INDICATORS-003"
    zh = "指标“{indicator}”不能按“{by}”分组。可分组：{known}。"
    en = 'Indicator "{indicator}" cannot be broken down by "{by}". It can by: {known}.'


class BadScope(YourMistake):
    """The period or the day of counting is missing or makes no sense."""

    code = "LB-INDICATORS-004"
    zh = "统计范围不可用：{problem_zh}。请改正起止时间与统计时点。"
    en = "The scope cannot be used: {problem_en}. Correct the period and the instant of counting."


class BackwardInterval(YourMistake):
    """An agency is said to have stopped holding the ball before it began, or at no known instant."""

    code = "LB-INDICATORS-005"
    zh = "“{agency}”的持有区间不可用：起 {start}，止 {end}。起止须带时区，且止不早于起。"
    en = (
        'The interval in which "{agency}" held the ball cannot be used: from {start} to {end}. '
        "Both need a time zone, and the end may not come before the start."
    )
