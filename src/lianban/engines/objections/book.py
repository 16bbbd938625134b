"""The kinds of objection and review, with their clocks. Data in ``data/objections.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from lianban.engines.clocks import ClockBook, Tag, Words
from lianban.engines.clocks.rules import Source

from .errors import BadObjectionData, UnknownObjection

STANDARD_OBJECTIONS = Path(__file__).parent / "data" / "objections.toml"
_FIELDS = frozenset(
    ["code", "zh", "en", "who", "file", "decide", "ask", "fix", "then", "extension", "bars_disposal",
     "law", "article", "edition", "tag"]
)  # fmt: skip


class Who(StrEnum):
    """Who may raise it: a party or person concerned, or somebody outside who claims the asset."""

    PARTY = "party"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True)
class ObjectionKind:
    """One remedy. Clock names are those of the clock book; empty where there is none."""

    code: str
    name: Words
    who: Who
    source: Source
    file: str = ""
    decide: str = ""
    ask: str = ""
    fix: str = ""
    then: str = ""
    extension: str = ""
    bars_disposal: bool = False


@dataclass(frozen=True)
class ObjectionBook:
    """Kinds by code. Immutable."""

    kinds: Mapping[str, ObjectionKind]

    @classmethod
    def standard(cls) -> ObjectionBook:
        """The kinds shipped with the package, read once."""
        return _standard()

    @classmethod
    def from_file(cls, path: Path) -> ObjectionBook:
        """Read a file. Raises :class:`BadObjectionData`."""
        try:
            with path.open("rb") as file:
                data = tomllib.load(file)
            kinds = {raw["code"]: _kind(raw, path.name) for raw in data["kind"]}
        except (tomllib.TOMLDecodeError, KeyError) as error:
            raise BadObjectionData(where=path.name, problem=repr(error)) from error
        for kind in kinds.values():
            if kind.then and kind.then not in kinds:
                raise BadObjectionData(
                    where=f"{path.name} {kind.code}", problem=f"then names {kind.then!r}, which is not there"
                )
        return cls(kinds)

    def kind(self, code: str) -> ObjectionKind:
        """Raises :class:`UnknownObjection`, naming those there are."""
        try:
            return self.kinds[code]
        except (KeyError, TypeError):
            raise UnknownObjection(found=str(code)[:60], known="、".join(self.kinds)) from None

    def before(self, code: str) -> ObjectionKind | None:
        """The remedy whose refusal opens this one; None for a first one."""
        return next((kind for kind in self.kinds.values() if kind.then == code), None)

    def check_against(self, clocks: ClockBook) -> None:
        """Every clock named here is one of the book. Raises what the clock book raises."""
        for kind in self.kinds.values():
            for name in (kind.file, kind.decide, kind.ask, kind.fix):
                if name:
                    clocks.rule(name)


def _kind(raw: Mapping[str, Any], name: str) -> ObjectionKind:
    where = f"{name} {raw.get('code', '?')}"
    unknown = sorted(set(raw) - _FIELDS)
    if unknown:
        raise BadObjectionData(where=where, problem=f"unknown field {unknown[0]!r}")
    try:
        return ObjectionKind(
            raw["code"],
            Words(raw["zh"], raw["en"]),
            Who(raw["who"]),
            Source(raw["law"], raw["article"], Tag(raw["tag"]), raw.get("edition", "")),
            raw.get("file", ""),
            raw.get("decide", ""),
            raw.get("ask", ""),
            raw.get("fix", ""),
            raw.get("then", ""),
            raw.get("extension", ""),
            raw.get("bars_disposal", False),
        )
    except (KeyError, ValueError) as error:
        raise BadObjectionData(where=where, problem=repr(error)) from error


@lru_cache(maxsize=1)
def _standard() -> ObjectionBook:
    return ObjectionBook.from_file(STANDARD_OBJECTIONS)
