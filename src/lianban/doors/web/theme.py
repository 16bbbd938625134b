"""Light or dark, kept in a cookie: the page comes in it from the server, so nothing flashes and no script is needed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "lianban_theme"


def theme_of(request: HttpRequest) -> str:
    """``light``, ``dark``, or empty: as the system has it."""
    kept = request.COOKIES.get(COOKIE, "")
    return kept if kept in ("light", "dark") else ""


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("theme", "")
    back = request.POST.get("next", "/")
    response = HttpResponseRedirect(
        back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"
    )
    if wanted in ("light", "dark"):
        response.set_cookie(
            COOKIE, wanted, max_age=365 * 86400, samesite="Lax", secure=settings.SECURE_COOKIES, httponly=True
        )
    else:
        response.delete_cookie(COOKIE)
    return response
