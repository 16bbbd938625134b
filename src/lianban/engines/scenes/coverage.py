"""What a sample city shows of a scene, and what it does not: states, clocks and alarms, each with how many matters show it.

What there is to show is computed by whoever reads the records; what cannot be shown stands in the stories' ``not_shown``, with
a reason. Nothing is left out silently: an item is shown, excluded with a reason, or missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lianban.engines.forms import Words


class Sort(StrEnum):
    """What an item is."""

    STATE = "state"
    CLOCK = "clock"
    ALARM = "alarm"


SORT_WORDS = {
    Sort.STATE: Words("状态", "states"),
    Sort.CLOCK: Words("时限", "clocks"),
    Sort.ALARM: Words("提醒", "alarms"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a city can show. ``code``: ``measure.state=lapsed``, a code of the clock book, ``warned:measures.lapse``."""

    sort: Sort
    code: str


@dataclass(frozen=True, slots=True)
class Line:
    """An item, how many matters show it now, and why none can, where the stories say so."""

    item: Item
    matters: int
    reason: Words | None = None

    @property
    def missing(self) -> bool:
        return self.matters == 0 and self.reason is None


@dataclass(frozen=True)
class Coverage:
    """Every item of a scene, in the order given."""

    lines: tuple[Line, ...]
    # Reasons for what does not exist, or is shown after all: the list of exceptions has to be put right.
    needless: tuple[str, ...] = ()

    def of(self, sort: Sort) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.item.sort is sort)

    @property
    def missing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.missing)

    def shown(self, sort: Sort) -> tuple[int, int]:
        """How many of the sort are shown, and of how many: those excluded with a reason are not counted."""
        wanted = [line for line in self.of(sort) if line.matters or line.reason is None]
        return sum(1 for line in wanted if line.matters), len(wanted)

    def summary(self) -> Words:
        """One line for the whole, such as 状态 180/180、时限 70/70、提醒 40/40."""
        parts = [(SORT_WORDS[sort], *self.shown(sort)) for sort in Sort]
        return Words(
            "、".join(f"{words.zh} {shown}/{wanted}" for words, shown, wanted in parts),
            ", ".join(f"{words.en} {shown}/{wanted}" for words, shown, wanted in parts),
        )


def cover(items: Iterable[Item], counted: Mapping[Item, int], reasons: Mapping[str, Words]) -> Coverage:
    """Put together what there is, what is seen, and what is excused. ``reasons`` by an item's code."""
    lines = tuple(Line(item, counted.get(item, 0), reasons.get(item.code)) for item in items)
    excused = {line.item.code for line in lines if line.reason is not None and line.matters == 0}
    return Coverage(lines, tuple(sorted(set(reasons) - excused)))
