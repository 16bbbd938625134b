"""The ledger: its signed head, the entries one may see, and a proof to carry away."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lianban.actions.prove_entry import prove_entry
from lianban.actions.sequence_ledger import signing_key
from lianban.doors.web import wording
from lianban.doors.web.reading import an_id
from lianban.records import ledger_view, people
from lianban.records.directory import directory


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    act = request.GET.get("act", "")[:60]
    with connection.cursor() as cursor:
        head = ledger_view.tree_head(cursor)
        entries = ledger_view.entries(cursor, act=act, before=an_id(request.GET.get("before", "")))
        names = people.names(cursor, [entry.officer for entry in entries])
        lookup = directory(cursor)
    context = {
        "tree": head, "entries": entries, "names": names, "agencies": lookup.agencies, "act": act,
        "acts": [(code, str(word)) for code, word in wording.ACT.items()],
        "public_key": signing_key().verifying_key().public.hex(),
        "next": entries[-1].id if len(entries) == 50 else None,
    }  # fmt: skip
    template = "parts/ledger_list.html" if request.headers.get("HX-Request") else "ledger.html"
    return render(request, template, context)


@require_GET
def proof(request: HttpRequest, entry: UUID) -> HttpResponse:
    made = prove_entry(entry, signing_key().verifying_key())
    return HttpResponse(
        made.as_json(), content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="proof-{entry}.json"'},
    )  # fmt: skip
