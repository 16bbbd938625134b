"""Every request runs in one transaction, in the context of its session, or in none and then sees no row.

The cookie holds the session key itself; the database holds its hash. The middleware hands the key to
``lianban.enter`` and puts the answer on the request: ``request.acting`` is the first argument of every action.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from lianban.actions.acting import Acting
from lianban.records.context import enter
from lianban.records.keys import decoded_key, encoded_key

COOKIE = "lianban"
# Pages anybody may open. Everything else asks for a sign-in; a test walks every route to see that it does.
OPEN_PATHS = ("/sign-in", "/language", "/theme", "/health", "/static/", "/api/", "/verify/")


class SessionContext:
    """Opens the transaction, enters the context, rolls back what a failed request began."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting = None
        if request.path.startswith(("/static/", "/api/", "/health")):
            # The API enters a context of its own, from its key; static files need none.
            return self.get_response(request)
        key = key_of(request)
        with transaction.atomic():
            if key is not None and (identity := enter(key)) is not None:
                request.acting = Acting(identity, datetime.now(UTC))
            if request.acting is None and not request.path.startswith(OPEN_PATHS):
                return _to_sign_in(request)
            response = self.get_response(request)
            if getattr(request, "failed", False) or response.status_code >= 500:
                transaction.set_rollback(True)
            return response


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = f"/sign-in?next={quote(request.get_full_path())}"
    if request.headers.get("HX-Request"):
        # A part of a page cannot follow a redirect to a whole one: the browser is told to go there.
        return HttpResponse(status=204, headers={"HX-Redirect": "/sign-in"})
    response = HttpResponseRedirect(target)
    response.delete_cookie(COOKIE)
    return response


def key_of(request: HttpRequest) -> bytes | None:
    return decoded_key(request.COOKIES.get(COOKIE, ""))


def keep(response: HttpResponse, key: bytes) -> None:
    response.set_cookie(
        COOKIE, encoded_key(key), httponly=True, samesite="Lax",
        secure=settings.SECURE_COOKIES,
    )  # fmt: skip
