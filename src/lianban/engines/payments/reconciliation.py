"""The court's books against the bank's statement, to the fen.

Lines are matched by the bank's reference, then by amount and day only where exactly one of each side is left: a guess between two
equal sums is a person's. The balances must agree: opening + in − out = closing, on both sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .claims import unique


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement: positive in, negative out. ``reference`` is the bank's number, empty where it was not recorded."""

    id: str
    on: date
    amount_fen: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    book: str
    bank: str
    by: str  # reference, or amount_and_day
    difference_fen: int  # bank minus book; 0 unless the reference agrees and the sum does not


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Matches, what only one side knows, and the balances. ``balanced``: nothing is open and both sides end on the same fen."""

    matches: tuple[Match, ...]
    only_book: tuple[Entry, ...]
    only_bank: tuple[Entry, ...]
    book_closing_fen: int
    bank_closing_fen: int

    @property
    def difference_fen(self) -> int:
        """Bank minus books: always the open bank lines less the open book lines plus the differences of matches."""
        return self.bank_closing_fen - self.book_closing_fen

    @property
    def balanced(self) -> bool:
        return not (
            self.only_book
            or self.only_bank
            or self.difference_fen
            or any(m.difference_fen for m in self.matches)
        )


def reconcile(book: Iterable[Entry], bank: Iterable[Entry], *, opening_fen: int = 0) -> Reconciliation:
    """Compare both sides from a common opening balance. The result does not depend on the order of the lines."""
    ours = sorted(book, key=lambda e: e.id)
    theirs = sorted(bank, key=lambda e: e.id)
    unique(e.id for e in ours)
    unique(e.id for e in theirs)
    matches = _matched(ours, theirs, "reference")
    matched = {m.book for m in matches}, {m.bank for m in matches}
    rest = [e for e in ours if e.id not in matched[0]], [e for e in theirs if e.id not in matched[1]]
    matches += _matched(*rest, "amount_and_day")
    done = {m.book for m in matches}, {m.bank for m in matches}
    return Reconciliation(
        tuple(sorted(matches, key=lambda m: m.book)),
        tuple(e for e in ours if e.id not in done[0]),
        tuple(e for e in theirs if e.id not in done[1]),
        opening_fen + sum(e.amount_fen for e in ours),
        opening_fen + sum(e.amount_fen for e in theirs),
    )


def _matched(ours: list[Entry], theirs: list[Entry], by: str) -> list[Match]:
    """Pairs that agree in the key, where the key is alone on both sides."""

    def keyed(entries: list[Entry]) -> dict[object, list[Entry]]:
        groups: dict[object, list[Entry]] = defaultdict(list)
        for entry in entries:
            if by == "reference":
                if entry.reference:
                    groups[entry.reference].append(entry)
            else:
                groups[entry.amount_fen, entry.on].append(entry)
        return groups

    left, right = keyed(ours), keyed(theirs)
    pairs = [
        (left[key][0], right[key][0])
        for key in left
        if key in right and len(left[key]) == len(right[key]) == 1 and _same_way(left[key][0], right[key][0])
    ]
    return [Match(a.id, b.id, by, b.amount_fen - a.amount_fen) for a, b in pairs]


def _same_way(a: Entry, b: Entry) -> bool:
    """In and out are never the same movement, and two different references are two movements."""
    apart = a.reference and b.reference and a.reference != b.reference
    return (a.amount_fen > 0) == (b.amount_fen > 0) and not apart
