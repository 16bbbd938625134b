"""Listing 失信 and limits on consumption 限制消费, by the rules that are in force on the day.

The path of one listing: a request (15 days to decide) or the court by itself → :func:`plan_listing` says whether and for how
long → the president signs → grace of one to three months, if granted → published → :func:`removal` says what removes it
and in how many working days. Limits on consumption: :func:`plan_limit`, :func:`lift`.

>>> from datetime import date
>>> from lianban.engines.clocks import ClockBook
>>> found = plan_listing(ListingBook.standard(), ClockBook.standard(),
...                      Candidate("obstructs", person=True, born=date(1980, 1, 1)), date(2026, 3, 2))
>>> found.ends_on(ClockBook.standard(), date(2026, 3, 2))
datetime.date(2028, 3, 2)

Pure: rows in ``data/listings.toml``, periods in the clock book, days as arguments. Minors are never listed.
"""

from .age import ADULT, is_adult, require_adult
from .book import Kind, ListingBook, Row, WithTerm
from .limits import Lift, PlannedLimit, lift, plan_limit
from .listing import Candidate, Origin, Planned, applies, plan_listing, removal

__all__ = [
    "ADULT",
    "Candidate",
    "Kind",
    "Lift",
    "ListingBook",
    "Origin",
    "Planned",
    "PlannedLimit",
    "Row",
    "WithTerm",
    "applies",
    "is_adult",
    "lift",
    "plan_limit",
    "plan_listing",
    "removal",
    "require_adult",
]
