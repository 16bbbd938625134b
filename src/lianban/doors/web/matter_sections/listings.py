"""失信与限制消费: who is listed and limited, until when, and which three working days run."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from lianban.actions.look import look
from lianban.doors.web.reading import acting_of
from lianban.engines.clocks.moments import legal_date
from lianban.engines.forms.model import Option
from lianban.engines.forms.words import Words
from lianban.engines.listings import Kind, ListingBook
from lianban.engines.scenes import Act
from lianban.records import listings
from lianban.records.listings import LimitRow, ListingRow
from lianban.records.matter_view import MatterHead

NEXT = {
    "requested": {"listings.propose", "listings.refuse"},
    "proposed": {"listings.refuse"},
    "grace": {"listings.publish", "listings.end"},
    "listed": {"listings.end"},
}


def part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    from lianban.doors.web.matter_sections import acts_of

    acting = acting_of(request)
    with connection.cursor() as cursor:
        rows = listings.of_matter(cursor, head.id)
        limits = listings.limits_of_matter(cursor, head.id)
    look(acting, head.id, {row.party for row in rows} | {row.party for row in limits}, "listings")
    acts, on_limits = acts_of(acting, head, "listings"), acts_of(acting, head, "limits")
    items = ListingBook.standard().rows(Kind.LIMITED, legal_date(acting.now))
    return {
        "listings": [{"row": row, "ground": _ground(row), "acts": _possible(acts, row)} for row in rows],
        "limits": [{"row": row, "acts": _possible_on(on_limits, row)} for row in limits],
        "items": items if limits else (),
        "lead": head.lead == acting.agency,
    }


def _ground(row: ListingRow) -> Words | None:
    for one in ListingBook.standard().all:
        if one.kind is Kind.GROUND and one.code == row.ground:
            return Words(one.name.zh, one.name.en)
    return None


def _possible(acts: list[Act], row: ListingRow) -> list[Act]:
    if row.removal_event and row.state != "removed":
        return []  # its three working days run: the clerk deletes it by a task
    return [act for act in acts if act.verb in NEXT.get(row.state, set())]


def _possible_on(acts: list[Act], row: LimitRow) -> list[Act]:
    return [] if row.lifted_at or row.lift_event else acts


def options(cursor: Any, head: MatterHead) -> list[Option]:
    """Listings of the matter that can be corrected."""
    return [
        Option(str(row.id), Words(row.party_name, row.party_name))
        for row in listings.of_matter(cursor, head.id)
        if row.state in ("grace", "listed")
    ]


def limit_options(cursor: Any, head: MatterHead) -> list[Option]:
    """Limits of the matter that are in force."""
    return [
        Option(str(row.id), Words(row.whom, row.whom))
        for row in listings.limits_of_matter(cursor, head.id)
        if row.lifted_at is None
    ]


def about(cursor: Any, record: UUID) -> dict[str, Any] | None:
    """What the president's and the clerk's task about a listing shows."""
    row = listings.listing(cursor, record)
    return None if row is None else {"listing": row, "ground": _ground(row), "seen": (row.party,)}


def about_limit(cursor: Any, record: UUID) -> dict[str, Any] | None:
    """What the clerk's task about a limit shows."""
    row = listings.limit(cursor, record)
    return None if row is None else {"limit": row, "seen": (row.party,)}
