"""Headers: what a page may load and run. Only what this server sends."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
# The drawing's viewer sets style attributes on what it draws. Its page alone relaxes styles, not scripts.
DRAWING_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")


class ContentSecurityPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        drawing = getattr(response, "shows_drawing", False)
        response.headers.setdefault("Content-Security-Policy", DRAWING_POLICY if drawing else POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
        if not request.path.startswith("/static/"):
            # Pages show personal data: no cache but the reader's own screen keeps them.
            response.headers.setdefault("Cache-Control", "no-store")
        return response
