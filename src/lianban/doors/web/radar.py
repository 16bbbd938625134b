"""The judge's radar: what lapses within 60, 30, 15 and 7 days, which renewal is unsigned, and many renewed at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from lianban.actions import timing
from lianban.actions.measure_errors import MeasureNotFound
from lianban.actions.measure_in_hand import SETTINGS
from lianban.actions.permissions import may
from lianban.actions.print_measure import Paper, print_measure
from lianban.actions.renew_measure import RowResult, renew_measures
from lianban.actions.sign_renewals import sign_renewals
from lianban.doors.web.reading import acting_of, an_id
from lianban.engines import measures as engine
from lianban.engines.clocks.moments import legal_date
from lianban.engines.forms.words import Words
from lianban.records import assets, people
from lianban.records import radar as radar_records
from lianban.records.directory import directory
from lianban.records.radar import RadarLine

SHOWN = 120
"""How many of one heap the page shows at once; one heap by itself shows all of it."""
_LOOKS = {60: "later", 30: "later", 15: "soon", 7: "overdue"}


@require_http_methods(["GET", "POST"])
def radar(request: HttpRequest) -> HttpResponse:
    """The page, and what its buttons do: each chosen measure by itself, each with its result."""
    acting = acting_of(request)
    results: list[RowResult] = []
    chosen = [key for text in request.POST.getlist("measure") if (key := an_id(text))]
    deed = request.POST.get("deed", "")
    if request.method == "POST" and chosen:
        if deed in ("draft", "both"):
            results = renew_measures(acting, chosen)
        if deed in ("sign", "both"):
            drafted = [row.measure for row in results if row.refused is None] if deed == "both" else chosen
            signed = sign_renewals(acting, drafted)
            results = [row for row in results if row.refused is not None] + signed
    whole = request.GET.get("whole", "") == "1" or acting.role != "judge"
    with connection.cursor() as cursor:
        lines = radar_records.lines(
            cursor, agency=acting.agency, officer=acting.officer, post=acting.post, now=acting.now, whole=whole
        )  # fmt: skip
        over = radar_records.excesses(cursor, acting.agency)
        kinds = {code: Words(zh, en) for code, (_, zh, en) in assets.kinds(cursor).items()}
        lookup = directory(cursor)
        found = engine.radar(radar_records.columns(lines), legal_date(acting.now), SETTINGS)
        wanted, unsigned = request.GET.get("days", ""), request.GET.get("unsigned", "") == "1"
        bound = int(wanted) if wanted.isdigit() and int(wanted) in found.buckets else None
        groups = _groups(found, lines, bound, unsigned)
        names = (
            people.names(cursor, {line.officer for group in groups for line in group["lines"]})
            if whole
            else {}
        )
    context = {
        "groups": groups, "total": len(lines), "whole": whole, "days": bound, "unsigned": unsigned,
        "counts": [(days, count) for days, count in found.counts().items()], "soon": sum(found.counts().values()),
        "unsigned_count": int(found.unsigned.size), "kinds": kinds, "agencies": lookup.agencies, "names": names,
        "may_draft": may(acting, "renew_measures"), "may_sign": may(acting, "sign_renewals"), "now": acting.now,
        "results": _told(results, lines, deed), "done_count": sum(row.refused is None for row in results),
        "chosen": {row.measure for row in results if row.refused is not None},
        "excesses": [{"line": one, "over": one.held_fen - one.most_fen, "due": timing.due(SETTINGS.release_clock, one.since).at} for one in over],
    }  # fmt: skip
    return render(request, "radar.html", context)


def _groups(
    found: engine.Radar, lines: Sequence[RadarLine], bound: int | None, unsigned: bool
) -> list[dict[str, Any]]:
    """Heaps, the nearest first; past ones, which a running system never has, before them."""
    open_rows = set(found.unsigned.tolist())
    heaps: list[tuple[int, list[int]]] = [(0, found.past.tolist())]
    heaps += [(days, found.buckets[days].tolist()) for days in sorted(found.buckets)]
    groups = []
    for days, rows in heaps:
        if bound is not None and days != bound:
            continue
        if unsigned:
            rows = [row for row in rows if row in open_rows]
        if rows:
            shown = rows if bound is not None or unsigned else rows[:SHOWN]
            groups.append(
                {"bound": days, "look": _LOOKS.get(days, "critical"), "count": len(rows),
                 "lines": [lines[row] for row in shown], "more": len(rows) - len(shown)}
            )  # fmt: skip
    return groups


def _told(results: Iterable[RowResult], lines: Sequence[RadarLine], deed: str) -> list[dict[str, Any]]:
    """Each result in words, with the number and the thing."""
    known = {line.id: line for line in lines}
    language = get_language() or "zh"
    return [
        {
            "number": line.number if (line := known.get(row.measure)) else str(row.measure)[:8],
            "name": line.asset_name if line else "",
            "state": "drafted" if deed == "draft" else "sent",
            "until": row.printed_end,
            "refused": row.refused.text(language) if row.refused else "",
        }
        for row in results
    ]


@require_GET
def paper(request: HttpRequest, measure: UUID, kind: str) -> HttpResponse:
    """The ruling or the notice of a measure, its renewal or its release, as PDF. Printing it is ledgered."""
    try:
        wanted = Paper(kind)
    except ValueError:
        raise MeasureNotFound from None
    number, pdf = print_measure(acting_of(request), measure, wanted, an_id(request.GET.get("of", "")))
    header = content_disposition_header(True, f"{number}.pdf")
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": header or "attachment"}
    )
