"""Legal clocks 时限: when a period ends, why, and under which version of which law.

Rules are data (``data/clocks/*.toml``), counted in a calendar that is data too (``data/calendar.toml``). Pure: files
only from the package or by paths handed in, no wall clock (``now`` is an argument where it matters).

>>> from datetime import date
>>> book = ClockBook.standard()
>>> book.due("assistance.answer", date(2026, 9, 28)).legal_date  # ten working days, across the October holiday
datetime.date(2026, 10, 16)

Legal dates are dates in Asia/Shanghai; instants are aware and in UTC.
"""

from .articles import ArticleMap
from .book import ClockBook, Due
from .calendar import Calendar, Notice
from .rules import Basis, Bound, ClockRule, ClockVersion, Direction, Length, Nature, SetBy, Tag, Unit

__all__ = [
    "ArticleMap",
    "Basis",
    "Bound",
    "Calendar",
    "ClockBook",
    "ClockRule",
    "ClockVersion",
    "Direction",
    "Due",
    "Length",
    "Nature",
    "Notice",
    "SetBy",
    "Tag",
    "Unit",
]
