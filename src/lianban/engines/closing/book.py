"""The rows of ``data/closing.toml``: modes with their grounds, the checklist of 终本, what statistics count.

::

    book = ClosingBook.standard()
    book.mode("terminated", on=day).needs
    [item.name.zh for item in book.checklist(on=day)]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from lianban.engines.clocks import Tag, Words
from lianban.engines.clocks.rules import Source

from .errors import BadClosingData, GroundDoesNotFit, UnknownMode
from .facts import Need, ProofKind

STANDARD_CLOSING = Path(__file__).parent / "data" / "closing.toml"
CIRCUMSTANCES = frozenset(
    ["debtor_missing", "obstructed", "hides_property", "creditor_asked_audit", "not_all_online"]
)


@dataclass(frozen=True, slots=True)
class Dated:
    """What every row has: a code, words, a source, and the days it governs."""

    code: str
    name: Words
    source: Source
    from_day: date
    to_day: date | None

    def in_force(self, day: date) -> bool:
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a case is closed in this mode. ``waives`` are needs that this ground makes moot."""

    code: str
    name: Words
    waives: frozenset[Need] = frozenset()


class Recovered(StrEnum):
    """What a register means that gives no amount beside a mode."""

    ALL = "all"
    NONE = "none"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Mode:
    """One of the six ways. ``ends``: enforcement is over for good; ``real``: counted as 实结.

    ``also``, ``states_ground`` and ``recovered`` are for closings that a register tells (:mod:`.registered`).
    """

    row: Dated
    ends: bool
    real: bool
    ruling: bool
    checklist: bool
    needs: tuple[Need, ...]
    grounds: tuple[Ground, ...]
    also: tuple[str, ...] = ()
    states_ground: bool = False
    recovered: Recovered = Recovered.ASKED

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def name(self) -> Words:
        return self.row.name

    def ground(self, code: str) -> Ground:
        """Raises :class:`GroundDoesNotFit`."""
        for ground in self.grounds:
            if ground.code == code:
                return ground
        raise GroundDoesNotFit(
            mode_zh=self.name.zh, mode_en=self.name.en, found=str(code)[:60],
            known="、".join(ground.code for ground in self.grounds),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the checklist. ``answers``: questions whose answer proves the search; ``assets``: kinds of asset whose measure does.

    A line with ``rests_on`` holds when the lines it names hold, by their proofs; one with ``rests_on_need`` when the need does.
    """

    row: Dated
    proof: frozenset[ProofKind]
    answers: frozenset[str]
    assets: frozenset[str]
    only_if: str
    rests_on: tuple[str, ...] = ()
    rests_on_need: Need | None = None

    @property
    def derived(self) -> bool:
        """Whether other lines or a need settle it: nothing is asked of the officer twice."""
        return bool(self.rests_on) or self.rests_on_need is not None

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def name(self) -> Words:
        return self.row.name

    @property
    def unverified(self) -> bool:
        return self.row.source.unverified


@dataclass(frozen=True, slots=True)
class Counting:
    """Which cases a statistic leaves out, by the type in their case number, and when its year begins (month-day)."""

    row: Dated
    leave_out: tuple[str, ...]
    year_begins: str

    def counts(self, case_type: str) -> bool:
        return case_type not in self.leave_out


@dataclass(frozen=True)
class ClosingBook:
    """Modes, checklist, counting rules. ``switched_off``: items of an unverified source that a court does not use."""

    modes: tuple[Mode, ...]
    items: tuple[Item, ...]
    countings: tuple[Counting, ...]
    formulas: tuple[Dated, ...]
    switched_off: frozenset[str] = field(default=frozenset())

    @classmethod
    def standard(cls) -> ClosingBook:
        """The rows shipped with the package, read once."""
        return _standard()

    def without(self, *codes: str) -> ClosingBook:
        """This book for a court that does not use some items. Only what was not verified can be switched off."""
        for code in codes:
            item = next((one for one in self.items if one.code == code), None)
            if item is None or not item.unverified:
                raise BadClosingData(where=code, problem="only an unverified item may be switched off")
        return ClosingBook(
            self.modes, self.items, self.countings, self.formulas, self.switched_off | set(codes)
        )

    def modes_on(self, on: date) -> tuple[Mode, ...]:
        return tuple(mode for mode in self.modes if mode.row.in_force(on))

    def mode(self, code: str, on: date) -> Mode:
        """Raises :class:`UnknownMode`, naming those in force."""
        known = self.modes_on(on)
        for mode in known:
            if mode.code == code:
                return mode
        raise UnknownMode(day=on.isoformat(), found=str(code)[:60], known="、".join(m.code for m in known))

    def mode_of_register(self, code: str, on: date) -> Mode | None:
        """The mode of a closing that a register tells: as it was in force, or, where the closing is older than the rows,
        its first row. A register is not refused because a law was renumbered since."""
        rows = [mode for mode in self.modes if mode.code == code]
        return next((mode for mode in rows if mode.row.in_force(on)), rows[0] if rows else None)

    def checklist(self, on: date) -> tuple[Item, ...]:
        return tuple(i for i in self.items if i.row.in_force(on) and i.code not in self.switched_off)

    def counting(self, code: str, on: date) -> Counting:
        for counting in self.countings:
            if counting.row.code == code and counting.row.in_force(on):
                return counting
        raise BadClosingData(where=code, problem=f"no such counting rule on {on}")

    @classmethod
    def from_file(cls, path: Path) -> ClosingBook:
        """Read a file. Raises :class:`BadClosingData` with the place and the problem."""
        try:
            with path.open("rb") as file:
                data = tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise BadClosingData(where=path.name, problem=str(error)) from error
        unknown = sorted(set(data) - {"mode", "item", "counting", "formula"})
        if unknown:
            raise BadClosingData(where=path.name, problem=f"unknown table {unknown[0]!r}")
        book = cls(
            tuple(_mode(raw, path.name) for raw in data.get("mode", ())),
            tuple(_item(raw, path.name) for raw in data.get("item", ())),
            tuple(_counting(raw, path.name) for raw in data.get("counting", ())),
            tuple(_dated(raw, f"{path.name} formula") for raw in data.get("formula", ())),
        )
        codes = {item.code for item in book.items if not item.derived}
        for item in book.items:
            if unknown := sorted(set(item.rests_on) - codes):
                raise BadClosingData(
                    where=f"{path.name} item {item.code}", problem=f"rests on {unknown[0]!r}, which is no line of its own"
                )  # fmt: skip
        if len(book.modes) < 6:
            raise BadClosingData(where=path.name, problem="there are six ways of closing")
        return book


def _dated(raw: Mapping[str, Any], where: str) -> Dated:
    try:
        source = Source(
            raw["law"], raw["article"], Tag(raw["tag"]), raw.get("edition", ""), raw.get("note", "")
        )
        return Dated(raw["code"], Words(raw["zh"], raw["en"]), source, raw["from"], raw.get("to"))
    except (KeyError, ValueError) as error:
        raise BadClosingData(where=f"{where} {raw.get('code', '?')}", problem=repr(error)) from error


def _mode(raw: Mapping[str, Any], name: str) -> Mode:
    row = _dated(raw, f"{name} mode")
    try:
        grounds = tuple(
            Ground(
                one["code"],
                Words(one["zh"], one["en"]),
                frozenset(Need(need) for need in one.get("waives", ())),
            )
            for one in raw["ground"]
        )
        needs = tuple(Need(need) for need in raw["needs"])
        return Mode(
            row,
            raw["ends"],
            raw["real"],
            raw.get("ruling", False),
            raw.get("checklist", False),
            needs,
            grounds,
            tuple(raw.get("also", ())),
            raw.get("states_ground", False),
            Recovered(raw.get("recovered", "asked")),
        )
    except (KeyError, ValueError) as error:
        raise BadClosingData(where=f"{name} mode {row.code}", problem=repr(error)) from error


def _item(raw: Mapping[str, Any], name: str) -> Item:
    row = _dated(raw, f"{name} item")
    only_if = raw.get("only_if", "")
    if only_if and only_if not in CIRCUMSTANCES:
        raise BadClosingData(where=f"{name} item {row.code}", problem=f"unknown circumstance {only_if!r}")
    try:
        proof = frozenset(ProofKind(kind) for kind in raw["proof"])
    except (KeyError, ValueError) as error:
        raise BadClosingData(where=f"{name} item {row.code}", problem=repr(error)) from error
    need = Need(raw["rests_on_need"]) if "rests_on_need" in raw else None
    return Item(
        row, proof, frozenset(raw.get("answers", ())), frozenset(raw.get("assets", ())), only_if,
        tuple(raw.get("rests_on", ())), need,
    )  # fmt: skip


def _counting(raw: Mapping[str, Any], name: str) -> Counting:
    row = _dated(raw, f"{name} counting")
    return Counting(row, tuple(raw.get("leave_out", ())), raw.get("year_begins", "01-01"))


@lru_cache(maxsize=1)
def _standard() -> ClosingBook:
    return ClosingBook.from_file(STANDARD_CLOSING)
