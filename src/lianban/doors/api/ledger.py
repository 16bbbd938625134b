"""The ledger: its signed head, entries one may see, and the proof of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from ninja import Query, Router

from lianban.actions.prove_entry import prove_entry
from lianban.actions.sequence_ledger import signing_key
from lianban.doors.api import shapes, shown
from lianban.doors.api.matters import REFUSED
from lianban.records import ledger_view
from lianban.records.directory import directory

router = Router(tags=["ledger"])


@router.get("/head", response={200: shapes.TreeHead, **REFUSED}, summary="The newest signed checkpoint")
def head(request: HttpRequest) -> dict[str, Any]:
    with connection.cursor() as cursor:
        top = ledger_view.tree_head(cursor)
    key = signing_key().verifying_key().public.hex()
    return {
        "size": top.size,
        "root": top.root,
        "signed_at": top.signed_at,
        "note": top.note,
        "public_key": key,
    }


@router.get(
    "/entries", response={200: shapes.Entries, **REFUSED}, summary="Entries one may see, newest first"
)
def entries(
    request: HttpRequest,
    matter: UUID | None = None,
    after: UUID | None = None,
    limit: int = Query(50, ge=1, le=200),
) -> dict[str, Any]:
    with connection.cursor() as cursor:
        rows = ledger_view.entries(cursor, matter=matter, before=after, limit=limit)
        lookup = directory(cursor)
    items = [
        {"id": row.id, "recorded_at": row.recorded_at, "act": row.act, "agency": shown.code(lookup, row.agency),
         "matter": row.matter, "subjects": row.subjects, "payload": row.payload, "index": row.index}
        for row in rows
    ]  # fmt: skip
    return {"items": items, "next": str(rows[-1].id) if len(rows) == limit else None}


@router.get(
    "/entries/{entry}/proof", response={200: dict[str, Any], **REFUSED}, summary="A proof to carry away"
)
def proof(request: HttpRequest, entry: UUID) -> dict[str, Any]:
    return prove_entry(entry, signing_key().verifying_key()).as_dict()
