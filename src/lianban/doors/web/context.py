"""What every template knows: who reads, in which post, in which language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from lianban.records import people
from lianban.records.directory import directory


def reader(request: HttpRequest) -> dict[str, Any]:
    language = getattr(request, "LANGUAGE_CODE", "zh-hans")
    known: dict[str, Any] = {"language": language, "demo": settings.DEMO, "reader": None}
    acting = getattr(request, "acting", None)
    if acting is None or acting.identity is None:
        return known
    with connection.cursor() as cursor:
        lookup = directory(cursor)
        known["reader"] = {
            "name": people.name(cursor, acting.officer),
            "agency": lookup.agencies[acting.agency],
            "post": lookup.posts[acting.post],
            "role": acting.role,
            "administrator": acting.identity.administrator,
        }
    return known
