"""The clocks a scene uses: those of the standard book, and its own agreed ones in ``clocks.toml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lianban.engines.clocks import ClockBook, ClockRule
from lianban.engines.clocks.errors import BadClockData
from lianban.engines.clocks.loading import read_clock_file
from lianban.engines.scenes.problems import nearest
from lianban.engines.scenes.reading import Findings


@lru_cache(maxsize=1)
def _standard() -> frozenset[str]:
    return frozenset(rule.code for rule in ClockBook.standard())


def known_clocks(own: tuple[ClockRule, ...]) -> frozenset[str]:
    """Codes a scene may name: the standard book's and its own."""
    return _standard() | {rule.code for rule in own}


def read_clocks(folder: Path, findings: Findings) -> tuple[ClockRule, ...]:
    """The scene's own clocks. A code of the standard book cannot be defined anew: the law is in the book."""
    path = folder / "clocks.toml"
    if not path.exists():
        return ()
    try:
        rules = read_clock_file(path)
    except BadClockData as error:
        findings.note(
            "clocks.toml", _line(path, str(error.found.get("where", ""))), error.text("zh"), error.text("en")
        )
        return ()
    for rule in rules:
        if rule.code in _standard():
            findings.note(
                "clocks.toml",
                _line(path, rule.code),
                f"时限“{rule.code}”已在时限册中。请删去，或另取代码。",
                f'The clock "{rule.code}" is in the book already. Remove it or give it another code.',
            )
    return rules


def check_clock(code: str, declared: tuple[str, ...]) -> tuple[str, str] | None:
    """What to say about a clock that a drawing uses and ``scene.yaml`` does not list."""
    if code in declared:
        return None
    near = nearest(code, declared)
    return (
        f"时限“{code}”没有列在 scene.yaml 的 clocks 中。{near[0]}",
        f'The clock "{code}" is not listed under clocks in scene.yaml. {near[1]}',
    )


def _line(path: Path, words: str) -> int:
    """The line of the first of ``words`` that looks like a clock's code and stands in the file."""
    for word in words.replace(":", " ").split():
        for number, text in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if "." in word and f'"{word}"' in text:
                return number
    return 0
