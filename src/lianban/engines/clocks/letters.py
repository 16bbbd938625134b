"""Which clock answers which kind of letter: the reply-clock matrix (``data/letters.toml``).

A reply, its adoption and its carrying out are three facts with three dates; the clocks here are those of the reply. They
run from the day the letter is received, never from the day it was sent.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .rules import Words

STANDARD_LETTERS = Path(__file__).parent / "data" / "letters.toml"


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One legal kind of letter. ``urgent`` and ``then`` are clocks too: the shorter one, and the one that follows."""

    code: str
    name: Words
    to: Words
    reply: str
    urgent: str | None = None
    then: str | None = None

    def clocks(self) -> tuple[str, ...]:
        return tuple(code for code in (self.reply, self.urgent, self.then) if code)


def read_letter_kinds(path: Path) -> Mapping[str, LetterKind]:
    """The kinds of letter in a file, by code."""
    with path.open("rb") as file:
        data = tomllib.load(file)
    return {
        row["code"]: LetterKind(
            code=row["code"],
            name=Words(row["zh"], row["en"]),
            to=Words(row["to"]["zh"], row["to"]["en"]),
            reply=row["reply"],
            urgent=row.get("urgent"),
            then=row.get("then"),
        )
        for row in data["letter"]
    }


@lru_cache(maxsize=1)
def letter_kinds() -> Mapping[str, LetterKind]:
    """The kinds of letter shipped with the package."""
    return read_letter_kinds(STANDARD_LETTERS)
