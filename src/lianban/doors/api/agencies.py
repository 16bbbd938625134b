"""The directory of agencies."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest
from ninja import Router

from lianban.doors.api import shapes
from lianban.records.directory import directory

router = Router(tags=["agencies"])


@router.get("", response={200: list[shapes.Agency], 401: shapes.Error}, summary="Every agency, by name")
def agencies(request: HttpRequest) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        return [
            {"code": agency.code, "kind": agency.kind, "name": {"zh": agency.name_zh, "en": agency.name_en}}
            for agency in directory(cursor).agencies.values()
        ]
