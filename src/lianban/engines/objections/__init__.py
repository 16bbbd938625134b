"""Objections and reviews 异议与复议: which remedy, by which clocks, and what it stops.

>>> from datetime import date
>>> from lianban.engines.clocks import ClockBook
>>> raise_objection(ObjectionBook.standard(), ClockBook.standard(), "act", date(2026, 3, 2)).clocks
('enforcement.objection_file', 'enforcement.objection_review')
>>> bars_disposal(ClockBook.standard(), ThirdPartyClaim(date(2026, 3, 2)), date(2026, 3, 20))
True

Pure: kinds in ``data/objections.toml``, periods in the clock book, days as arguments.
"""

from .book import ObjectionBook, ObjectionKind, Who
from .remedies import Raised, ThirdPartyClaim, bars_disposal, raise_objection

__all__ = [
    "ObjectionBook",
    "ObjectionKind",
    "Raised",
    "ThirdPartyClaim",
    "Who",
    "bars_disposal",
    "raise_objection",
]
