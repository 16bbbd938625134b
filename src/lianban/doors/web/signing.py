"""Sign in, sign out, change posts, choose a language."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianban.actions import sign_in as signing
from lianban.actions.errors import SignInRefused
from lianban.doors.web import sessions
from lianban.doors.web.demo_people import DEMO_PASSWORD, demo_people
from lianban.doors.web.language import COOKIE as LANGUAGE_COOKIE

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    people = demo_people() if _demo(request) else []
    context = {"next": _next(request), "people": people, "demo_password": DEMO_PASSWORD if people else ""}
    if request.method == "GET":
        return render(request, "sign_in.html", context)
    username = request.POST.get("username", "").strip()[:100]
    try:
        opened = signing.sign_in(
            username, request.POST.get("password", "")[:200], datetime.now(UTC), demo=_demo(request)
        )
    except SignInRefused as error:
        context |= {"username": username, "refused": error.text(get_language() or "zh")}
        return render(request, "sign_in.html", context, status=error.status)
    target = _next(request)
    response = HttpResponseRedirect("/home" if target == "/" else target)
    sessions.keep(response, opened.key)
    return response


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where a role's day begins: tasks; for a supervisor what is supervised, for an auditor the ledger."""
    role = request.acting.role
    return HttpResponseRedirect(
        {"supervisor": "/letters", "auditor": "/ledger", "recorder": "/matters"}.get(role, "/")
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if (key := sessions.key_of(request)) is not None:
        signing.sign_out(key)
    response = HttpResponseRedirect("/sign-in")
    response.delete_cookie(sessions.COOKIE)
    return response


@require_POST
def change_post(request: HttpRequest) -> HttpResponse:
    """A new session in another post of the same officer; the old one ends."""
    response = HttpResponseRedirect("/home")
    acting = request.acting
    try:
        wanted = UUID(request.POST.get("post", ""))
    except ValueError:
        return response
    if acting.officer is not None and (opened := signing.change_post(acting.officer, wanted)) is not None:
        if (key := sessions.key_of(request)) is not None:
            signing.sign_out(key)
        sessions.keep(response, opened.key)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    wanted = "en" if request.POST.get("language") == "en" else "zh-hans"
    response = HttpResponseRedirect(_next(request))
    response.set_cookie(
        LANGUAGE_COOKIE,
        wanted,
        max_age=365 * 86400,
        samesite="Lax",
        secure=settings.SECURE_COOKIES,
        httponly=True,
    )
    return response


def _demo(request: HttpRequest) -> bool:
    """Demo sign-ins are shown on loopback only, with the embedded database only."""
    return bool(settings.DEMO) and request.META.get("REMOTE_ADDR") in LOOPBACK


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
