"""Is it well? For a load balancer and for an operator's eye; nothing about matters or people.

``well`` says whether pages can be served, and decides the status: a worker that is behind takes no page away, so it makes
the state ``degraded`` and leaves the status 200.
"""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lianban import __version__
from lianban.records.health import WORKER_BEHIND, database_health


def health(request: HttpRequest) -> HttpResponse:
    found: dict[str, Any] = {"version": __version__}
    try:
        with connection.cursor() as cursor:
            found |= database_health(cursor)
            found["well"] = True
            found["state"] = "degraded" if found["worker_behind"] else "well"
            if found["worker_behind"]:
                found["todo"] = WORKER_BEHIND.en
    except DatabaseError as error:
        found |= {"well": False, "state": "down", "database": type(error).__name__}
    status = 200 if found["well"] else 503
    if "text/html" in request.headers.get("Accept", ""):
        return render(request, "health.html", {"found": found}, status=status)
    return JsonResponse(found, status=status)
