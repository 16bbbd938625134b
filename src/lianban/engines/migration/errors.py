"""What can go wrong with a map between two versions of a drawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lianban.engines.errors import YourMistake


@dataclass(frozen=True, slots=True)
class MapProblem:
    """One finding in a map: the line of the file (0: the map as a whole), what, and what to do, in both languages."""

    line: int
    zh: str
    en: str


class MapRefused(YourMistake):
    """The map cannot be used. ``found["problems"]`` lists every finding, not only the first."""

    code = "LB-MIGRATION-001"
    status = 422
    zh = "对照表 {source} 不能使用，发现 {count} 处问题：\n{list_zh}"
    en = "The map {source} cannot be used; {count} problem(s) found:\n{list_en}"

    def __init__(self, source: str, problems: Iterable[Any], **_: Any) -> None:
        self.problems = tuple(p if isinstance(p, MapProblem) else MapProblem(**p) for p in problems)
        super().__init__(
            source=source,
            count=len(self.problems),
            problems=[{"line": p.line, "zh": p.zh, "en": p.en} for p in self.problems],
            list_zh="\n".join(f"- {p.line}: {p.zh}" for p in self.problems),
            list_en="\n".join(f"- {p.line}: {p.en}" for p in self.problems),
        )
