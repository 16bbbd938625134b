"""评估与处置: what each asset was valued at, and how far its sale has come."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest

from lianban.doors.web.reading import acting_of
from lianban.records import assets, sales
from lianban.records.matter_view import MatterHead
from lianban.records.sales import SaleRow

# What may follow at each stage of a sale: the verbs of the acts to offer.
_NEXT = {
    "announced": ("sales.result",),
    "sold": ("sales.paid", "sales.result"),
    "paid": ("sales.transfer",),
    "transferred": ("sales.deliver",),
}


def part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    from lianban.doors.web.matter_sections import acts_of

    acting = acting_of(request)
    with connection.cursor() as cursor:
        things = {row.id: row for row in assets.of_matter(cursor, head.id)}
        prices, attempts = sales.valuations(cursor, head.id), sales.sales(cursor, head.id)
    on_sale = acts_of(acting, head, "sales")
    return {
        "things": things,
        "prices": prices,
        "attempts": [
            {"sale": row, "stage": stage(row), "acts": [act for act in on_sale if act.verb in _NEXT.get(stage(row), ())]}
            for row in attempts
        ],
        "settle": acts_of(acting, head, "valuations"),
    }  # fmt: skip


def stage(row: SaleRow) -> str:
    """How far a sale has come, as one word."""
    if row.state != "sold":
        return row.state
    if row.delivered_on:
        return "delivered"
    if row.transferred_on:
        return "transferred"
    return "paid" if row.paid_on else "sold"
