"""Is this printed document genuine? Open to anybody who holds one; says who issued it and when, nothing else."""

from __future__ import annotations

import re

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lianban.records import printed

_DIGEST = re.compile(r"[0-9a-f]{64}")


@require_GET
def verify(request: HttpRequest, digest: str = "") -> HttpResponse:
    """``/verify/<code>?no=<number>`` from the QR code, or ``/verify/`` with the two typed in."""
    code = re.sub(r"\s+", "", digest or request.GET.get("code", "")).lower()
    number = request.GET.get("no", "").strip()[:100]
    found = None
    if _DIGEST.fullmatch(code) and number:
        with connection.cursor() as cursor:
            found = printed.find(cursor, code, number)
    context = {"asked": bool(code or number), "found": found, "code": code[:64], "number": number}
    return render(request, "verify.html", context, status=404 if code and found is None else 200)
