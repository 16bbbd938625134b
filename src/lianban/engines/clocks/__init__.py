"""Legal clocks 时限: when a period ends, why, and under which version of which law.

Rules are data (``data/clocks/*.toml``), counted in a calendar that is data too (``data/calendar.toml``). Pure: files
only from the package or by paths handed in, no wall clock (``now`` is an argument where it matters).

>>> from datetime import date
>>> book = ClockBook.standard()
>>> book.due("assistance.answer", date(2026, 9, 28)).legal_date  # ten working days, across the October holiday
datetime.date(2026, 10, 16)

Legal dates are dates in Asia/Shanghai; instants are aware and in UTC. A clock that runs is a :class:`RunningClock`, plain
data that the verbs (:func:`start`, :func:`pause`, :func:`extend`, …) turn into a new one. Millions at once:
``lianban.engines.clocks.bulk``.
"""

from .articles import ArticleMap
from .book import ClockBook, Due
from .calendar import Calendar, Notice
from .extending import extend, restart
from .letters import LetterKind, letter_kinds
from .moments import end_of_day, legal_date
from .pausing import exclude, pause, resume, suspend_for_obstacle
from .recompute import Recounted, recount
from .rules import Basis, Bound, ClockRule, ClockVersion, Direction, Length, Nature, SetBy, Tag, Unit, Words
from .running import RunningClock, State, due_of, expire, explain, finish, start
from .standing import Standing, share_used, standing
from .stored import from_json, to_json

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
    "LetterKind",
    "Nature",
    "Notice",
    "Recounted",
    "RunningClock",
    "SetBy",
    "Standing",
    "State",
    "Tag",
    "Unit",
    "Words",
    "due_of",
    "end_of_day",
    "exclude",
    "expire",
    "explain",
    "extend",
    "finish",
    "from_json",
    "legal_date",
    "letter_kinds",
    "pause",
    "recount",
    "restart",
    "resume",
    "share_used",
    "standing",
    "start",
    "suspend_for_obstacle",
    "to_json",
]
