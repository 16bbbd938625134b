"""What an indicator is asked about: which period, as of when, which scene."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lianban.engines.indicators.definitions import Condition
from lianban.engines.indicators.errors import BadScope


@dataclass(frozen=True, slots=True)
class Scope:
    """The question put to a definition. All instants are aware.

    The period holds ``start`` and not ``end``; either may be open. ``as_of`` is the instant of counting:
    what ended after it is still open. Without it, what has an end has ended. ``scene`` narrows to the
    matters of one scene; ``also`` adds conditions, such as one batch or one group of a breakdown.
    """

    start: datetime | None = None
    end: datetime | None = None
    as_of: datetime | None = None
    scene: str | None = None
    also: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        for name in ("start", "end", "as_of"):
            instant = getattr(self, name)
            if instant is not None and instant.tzinfo is None:
                raise BadScope(problem_zh=f"{name} 没有时区", problem_en=f"{name} has no time zone")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise BadScope(problem_zh="起始时间不早于截止时间", problem_en="the period ends before it starts")

    @property
    def has_period(self) -> bool:
        return self.start is not None or self.end is not None


EVERYTHING = Scope()
"""Every fact there is, with no period and no instant of counting."""
