"""Chinese unless the reader chose English: by cookie, else by what the browser asks for, else Chinese."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "lianban_language"


class LanguageOfReader:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


def chosen(request: HttpRequest) -> str:
    kept = request.COOKIES.get(COOKIE)
    if kept in ("zh-hans", "en"):
        return kept
    accepted = request.headers.get("Accept-Language", "")
    return "en" if accepted.lower().startswith("en") else "zh-hans"
