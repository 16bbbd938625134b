"""The numbers of the law on sales, each with the day from which it governs and its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from .errors import BadSaleRules

DATA = Path(__file__).parent / "data" / "rules.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """One number: a share in percent, a count or days."""

    code: str
    value: int
    start: date
    law: str
    article: str
    tag: str

    @property
    def unverified(self) -> bool:
        return self.tag == "U"


@dataclass(frozen=True)
class SaleRules:
    """Every version of every rule, the oldest first."""

    rules: Mapping[str, tuple[Rule, ...]]

    @classmethod
    def standard(cls) -> SaleRules:
        """The rules that come with the program, read once."""
        return _standard()

    @classmethod
    def from_file(cls, path: Path) -> SaleRules:
        """Raises :class:`BadSaleRules`."""
        found: dict[str, list[Rule]] = {}
        try:
            for row in tomllib.loads(path.read_text("utf-8"))["rule"]:
                rule = Rule(
                    row["code"], int(row["value"]), row["from"], row["law"], row["article"], row["tag"]
                )
                found.setdefault(rule.code, []).append(rule)
        except (KeyError, TypeError, ValueError, tomllib.TOMLDecodeError) as error:
            raise BadSaleRules(problem=str(error)) from error
        return cls({code: tuple(sorted(rows, key=lambda rule: rule.start)) for code, rows in found.items()})

    def on(self, code: str, day: date) -> Rule:
        """The rule in force on a day; the first one for days before it."""
        try:
            rows = self.rules[code]
        except KeyError as error:
            raise BadSaleRules(problem=f"no rule {code}") from error
        return next((rule for rule in reversed(rows) if rule.start <= day), rows[0])


@lru_cache(maxsize=1)
def _standard() -> SaleRules:
    return SaleRules.from_file(DATA)
