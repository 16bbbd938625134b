"""月通报: what each township did in a month, in counts, in the order of their area codes. Nothing is ranked and nobody is named."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lianban.doors.web.reading import acting_of
from lianban.engines.clocks.moments import legal_date
from lianban.engines.process.timers import BEIJING
from lianban.records import collaborations
from lianban.records.collaborations import BulletinLine
from lianban.records.directory import directory


@require_GET
def bulletin(request: HttpRequest) -> HttpResponse:
    """The supervisor sees every township, a court what it pushed, a township itself; whoever else asks, zeros."""
    acting = acting_of(request)
    month = _month(request.GET.get("month", ""), legal_date(acting.now))
    following = _next(month)
    with connection.cursor() as cursor:
        found = collaborations.bulletin(cursor, _begins(month), _begins(following))
        order = collaborations.townships(cursor)
        lookup = directory(cursor)
    own = acting.agency if acting.agency in {key for key, _, _ in order} else None
    lines = [
        {
            "township": lookup.agencies.get(key),
            "area": area,
            "line": found.get(key) or BulletinLine(key, *[0] * 8),
        }
        for key, _, area in order
        if own is None or key == own
    ]
    total = {
        name: sum(getattr(row["line"], name) for row in lines)
        for name in ("pushed", "signed", "answered", "in_time", "overdue", "leads", "results", "closed")
    }
    context = {"month": month, "before": _before(month), "after": following, "lines": lines, "total": total}
    return render(request, "bulletin.html", context)


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _begins(month: date) -> datetime:
    return datetime.combine(month, time(), BEIJING)
