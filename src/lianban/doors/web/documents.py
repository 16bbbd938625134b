"""Download a document or file, as it was handed in."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from lianban.actions.errors import MatterNotFound
from lianban.records import matter_view


@require_GET
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    with connection.cursor() as cursor:
        found = matter_view.document_content(cursor, document_id)
    if found is None:
        raise MatterNotFound
    line, content = found
    # Always to disk, never shown in our own address: a handed-in file must not run beside our pages.
    header = content_disposition_header(True, line.name)
    return HttpResponse(
        content, content_type=line.media_type, headers={"Content-Disposition": header or "attachment"}
    )
