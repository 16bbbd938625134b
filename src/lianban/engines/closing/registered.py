"""A closing as the register of a court tells it: the mode, the ground where the law lists grounds, what was recovered.

Nothing is proved here and nothing is decided: the case was closed by a court long ago. What is asked is that the row can be
counted as a closing made here is counted, so a mode without a day, a ground of another mode or a missing amount is a flaw.

>>> read_register(ClosingBook.standard(), {"mode": "completed"}, "2025-06-30")
Told(mode='completed', ground='', ruling_no='', recovered_fen=None)
>>> [flaw.cell for flaw in read_register(ClosingBook.standard(), {"mode": "completed"}, "")]
['closed_on']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lianban.engines.clocks import Words
from lianban.engines.errors import LianbanError
from lianban.engines.identifiers import parse_money

from .book import ClosingBook, Mode, Recovered

MOST_FEN = 10**15


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says of its closing. ``ground`` is empty where the register gives none and the law lists none;
    ``recovered_fen`` of None: all that was claimed."""

    mode: str
    ground: str
    ruling_no: str
    recovered_fen: int | None


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong, at one of the cells ``mode``, ``ground``, ``ruling_no``, ``recovered``, ``closed_on``."""

    cell: str
    zh: str
    en: str


def modes_known(book: ClosingBook) -> tuple[tuple[str, Words], ...]:
    """(code, name) of every mode there is or was, once each."""
    return tuple({mode.code: (mode.code, mode.name) for mode in book.modes}.values())


def grounds_known(book: ClosingBook) -> tuple[tuple[str, Words], ...]:
    """(code, name) of every ground of every mode, once each."""
    return tuple({one.code: (one.code, one.name) for mode in book.modes for one in mode.grounds}.values())


def read_register(book: ClosingBook, cells: Mapping[str, str], closed_on: str) -> Told | list[Flaw] | None:
    """The closing that a row tells; None where it tells none; or all that is wrong with it.

    ``cells``: ``mode`` and ``ground`` as codes, names or names in use, ``ruling_no``, ``recovered`` in yuan; ``closed_on`` is
    an ISO day that was checked elsewhere, or empty.
    """
    given = {name: cells.get(name, "").strip() for name in ("mode", "ground", "ruling_no", "recovered")}
    if not given["mode"]:
        return [_no_mode()] if any(given.values()) else None
    if not closed_on:
        return [
            Flaw(
                "closed_on",
                "填写了结案方式，请填写结案日期。",
                "There is a closing mode: give the day of closing.",
            )
        ]
    try:
        day = date.fromisoformat(closed_on)
    except ValueError:
        return None  # the day is told as wrong by whoever checks days
    mode = _mode(book, given["mode"], day)
    if mode is None:
        known = "、".join(words.zh for _, words in modes_known(book))
        return [Flaw("mode", f"没有结案方式“{given['mode'][:20]}”，可用的有：{known}。",
                     f'There is no closing mode "{given["mode"][:20]}". There are: '
                     + ", ".join(words.en for _, words in modes_known(book)) + ".")]  # fmt: skip
    ground, flaws = _ground(mode, given["ground"])
    recovered = _recovered(mode, ground, given["recovered"], flaws)
    return flaws or Told(mode.code, ground, given["ruling_no"], recovered)


def _no_mode() -> Flaw:
    return Flaw("mode", "填写了结案事由、裁定文号或到位金额，请填写结案方式。",
                "There is a ground, a ruling or an amount: give the closing mode.")  # fmt: skip


def _mode(book: ClosingBook, text: str, day: date) -> Mode | None:
    code = next(
        (m.code for m in book.modes if text in (m.code, m.name.zh, m.name.en, *m.also)), ""
    )  # fmt: skip
    return book.mode_of_register(code, day)


def _ground(mode: Mode, text: str) -> tuple[str, list[Flaw]]:
    found = next((g.code for g in mode.grounds if text in (g.code, g.name.zh, g.name.en)), "")
    known = "；".join(ground.name.zh for ground in mode.grounds)
    known_en = "; ".join(ground.name.en for ground in mode.grounds)
    if text and not found:
        return "", [Flaw("ground", f"“{mode.name.zh}”没有这一事由，可用的有：{known}。",
                         f'"{mode.name.en}" has no such ground. There are: {known_en}.')]  # fmt: skip
    if not text and mode.states_ground:
        return "", [Flaw("ground", f"“{mode.name.zh}”请填写事由，可用的有：{known}。",
                         f'"{mode.name.en}" needs a ground. There are: {known_en}.')]  # fmt: skip
    if not text and len(mode.grounds) == 1:
        return mode.grounds[0].code, []
    return found, []


def _recovered(mode: Mode, ground: str, text: str, flaws: list[Flaw]) -> int | None:
    if text:
        try:
            money = parse_money(text, unit="元")
            fen = money.fen if money.is_exact else -1
        except LianbanError:
            fen = -1
        if not 0 <= fen <= MOST_FEN:
            flaws.append(Flaw("recovered", "请填写金额（元），如 28840.00。", "Give an amount in yuan, like 28840.00."))  # fmt: skip
        return fen
    if mode.recovered is Recovered.NONE:
        return 0
    # A settlement that was performed may be for less than the claim: then only the register knows.
    if mode.recovered is Recovered.ALL and ground != "settlement_performed":
        return None
    flaws.append(Flaw("recovered", "请填写实际到位金额（元），没有的填 0。", "Give what was recovered in yuan; 0 where nothing was."))  # fmt: skip
    return None
