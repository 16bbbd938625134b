"""Closing 结案: the six ways an enforcement case ends, what each needs, and what comes after.

The path: facts from the records → :func:`judge` says what holds and everything that is missing → closed, or refused with
the list. 终本 is proved line by line (:func:`checklist`); afterwards :func:`query_days` are the half-yearly queries, and
the case may be resumed at any time. Closings of the past come from a register, which has a mode and no proofs
(:func:`read_register`).

>>> from datetime import date
>>> from lianban.engines.clocks import ClockBook
>>> first_day(ClockBook.standard(), date(2026, 1, 5))
datetime.date(2026, 4, 6)
>>> len(query_days(ClockBook.standard(), date(2026, 6, 1)))
10

Pure: rows in ``data/closing.toml`` with their sources, lengths in the clock book, days as arguments.
"""

from .book import ClosingBook, Counting, Ground, Item, Mode
from .conditions import (
    Line,
    Standing,
    Verdict,
    checklist,
    first_day,
    judge,
    next_query,
    query_days,
    require_reopenable,
)
from .facts import NEED_WORDS, CaseFacts, Need, Proof, ProofKind
from .registered import Flaw, Told, grounds_known, modes_known, read_register

__all__ = [
    "NEED_WORDS",
    "CaseFacts",
    "ClosingBook",
    "Counting",
    "Flaw",
    "Ground",
    "Item",
    "Line",
    "Mode",
    "Need",
    "Proof",
    "ProofKind",
    "Standing",
    "Told",
    "Verdict",
    "checklist",
    "first_day",
    "grounds_known",
    "judge",
    "modes_known",
    "next_query",
    "query_days",
    "read_register",
    "require_reopenable",
]
