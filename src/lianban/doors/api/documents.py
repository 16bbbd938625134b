"""Files of matters and answers: hand one in, fetch one; and the official letter as PDF."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Form, Router, UploadedFile

from lianban.actions.add_document import add_document
from lianban.actions.errors import MatterNotFound
from lianban.actions.print_letter import print_letter
from lianban.doors.api import shapes
from lianban.doors.api.matters import REFUSED
from lianban.records import matter_view

router = Router(tags=["documents"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE = {"responses": {200: {"description": "The file", "content": {"*/*": _BINARY}}}}


@router.post("", response={200: shapes.Opened, 413: shapes.Error, **REFUSED}, summary="Hand in a file")
def hand_in(
    request: HttpRequest, file: File[UploadedFile], matter: Form[UUID], letter: Form[UUID | None] = None
) -> dict[str, UUID]:
    return {"id": add_document(request.acting, matter, file.name or "", file.read(), letter)}


@router.get("/{document}", response=REFUSED, openapi_extra=_FILE, summary="Fetch a file as it was handed in")
def fetch(request: HttpRequest, document: UUID) -> HttpResponse:
    with connection.cursor() as cursor:
        found = matter_view.document_content(cursor, document)
    if found is None:
        raise MatterNotFound
    line, content = found
    return HttpResponse(content, content_type=line.media_type, headers=_named(line.name))


@router.get(
    "/letters/{letter}.pdf",
    response=REFUSED,
    openapi_extra=_FILE,
    summary="The official letter; printing it is ledgered",
)
def letter(request: HttpRequest, letter: UUID) -> HttpResponse:
    number, pdf = print_letter(request.acting, letter)
    return HttpResponse(pdf, content_type="application/pdf", headers=_named(f"{number}.pdf"))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
