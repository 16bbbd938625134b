"""The table of worked examples, read once for the tests and the reference page.

``worked_examples.csv`` is written for lawyers. ``start`` and ``due`` are dates or wall times in Shanghai; ``more`` says what
else happened, in order: ``length 60``, ``printed 2026-09-30``, ``law 2017-04-30``, ``pause GROUND A..B``, ``extend RULE
granted A [asked B] [by N]``, ``restart GROUND A``, ``obstacle A..B asked C``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

TABLE = Path(__file__).parent / "worked_examples.csv"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Example:
    no: int
    clock: str
    start: date | datetime
    more: tuple[tuple[str, ...], ...]
    due: date | datetime
    provisional: bool
    edge: bool
    why: str

    def said(self, word: str) -> list[tuple[str, ...]]:
        """What ``more`` says under a word."""
        return [rest for first, *rest in self.more if first == word]


def when(text: str) -> date | datetime:
    """A date, or a wall time of Shanghai as an instant."""
    if " " in text:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)
    return date.fromisoformat(text)


def examples() -> list[Example]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Example(
                no=int(row["no"]),
                clock=row["clock"],
                start=when(row["start"]),
                more=tuple(tuple(part.split()) for part in row["more"].split(";") if part.strip()),
                due=when(row["due"]),
                provisional=bool(row["provisional"]),
                edge=bool(row["edge"]),
                why=row["why"],
            )
            for row in csv.DictReader(file)
        ]
