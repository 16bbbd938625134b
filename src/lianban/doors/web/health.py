"""Is it well? For a load balancer and for an operator's eye; nothing about matters or people."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lianban import __version__
from lianban.records.health import database_health


def health(request: HttpRequest) -> HttpResponse:
    found: dict[str, Any] = {"version": __version__}
    try:
        with connection.cursor() as cursor:
            found |= database_health(cursor)
            found["well"] = True
    except DatabaseError as error:
        found |= {"well": False, "database": type(error).__name__}
    status = 200 if found["well"] else 503
    if "text/html" in request.headers.get("Accept", ""):
        return render(request, "health.html", {"found": found}, status=status)
    return JsonResponse(found, status=status)
