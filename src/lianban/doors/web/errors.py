"""Errors on pages: the family's own sentences; for the rest a page that says whom to tell, and a number."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from lianban.engines.errors import LianbanError, OurFault

log = structlog.get_logger("lianban.web")


class FamilyErrors:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "unresolved", False):
            request.plain = False
            return render(
                request, "error.html", {"status": response.status_code}, status=response.status_code
            )
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        # What the request wrote before it failed is rolled back by the session's transaction.
        request.failed = True
        if isinstance(error, LianbanError):
            if isinstance(error, OurFault):
                log.error("our_fault", code=error.code, path=request.path)
            return error_page(request, error)
        if isinstance(error, Http404):
            return None
        reference = secrets.token_hex(4)
        log.exception("unexpected", reference=reference, path=request.path)
        template = "parts/error.html" if request.headers.get("HX-Request") else "error.html"
        return render(request, template, {"status": 500, "reference": reference}, status=500)


def error_page(request: HttpRequest, error: LianbanError) -> HttpResponse:
    """The whole page, or for a part of a page only the message."""
    template = "parts/error.html" if request.headers.get("HX-Request") else "error.html"
    context = {"status": error.status, "code": error.code, "message": error.text(get_language() or "zh")}
    return render(request, template, context, status=error.status)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "error.html", {"status": 403, "expired": True}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _unresolved(request, 404)


def not_readable(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _unresolved(request, 400)


def not_yours(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _unresolved(request, 403)


def _unresolved(request: HttpRequest, status: int) -> HttpResponse:
    """Django calls these in a thread of its own choosing, which has no part in the request's transaction: the page is
    drawn without asking the database, and drawn again by the middleware where that is inside the transaction."""
    request.plain = True
    response = render(request, "error.html", {"status": status}, status=status)
    response.unresolved = True
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """An exception outside a view: nothing of the request can be relied on, not even who asks."""
    request.plain = True
    return render(request, "error.html", {"status": 500}, status=500)
