"""Each call of the API: one transaction, one context, one answer to one idempotency key.

A caller sends its key as ``Authorization: Bearer …``: an agency's machine account, or a session an officer
opened at ``POST /api/v1/sessions``. Cookies are not read, so no page can be made to call the API for somebody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from lianban.actions.acting import Acting
from lianban.actions.errors import ArrivedBefore
from lianban.doors.api.errors import CallerUnknown, RequestTooLarge, answer
from lianban.records import idempotency
from lianban.records.context import enter
from lianban.records.keys import decoded_key

PREFIX = "/api/v1/"
# The description of the API and the opening of a session need no key.
OPEN = frozenset({"openapi.json", "docs", "sessions"})
LARGEST_BODY = 2 * 1024 * 1024


class ApiContext:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if request.path.removeprefix(PREFIX).rstrip("/") in OPEN:
            return self.get_response(request)
        key = decoded_key(request.headers.get("Authorization", "").removeprefix("Bearer ").strip())
        with transaction.atomic():
            identity = enter(key) if key else None
            if identity is None:
                return answer(CallerUnknown())
            request.acting = Acting(identity, datetime.now(UTC), purpose="接口调用")
            response = self._once(request, identity.agency)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return _with_etag(request, response)

    def _once(self, request: HttpRequest, agency: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return self.get_response(request)
        if _length(request) > LARGEST_BODY:
            return answer(RequestTooLarge(limit=LARGEST_BODY))
        said = hashlib.sha256(request.path.encode() + b"\n" + request.body).digest()
        with connection.cursor() as cursor:
            before = idempotency.arrive(cursor, agency, key[:200], said, datetime.now(UTC))
            if before is not None:
                if before.request != said:
                    return answer(ArrivedBefore(key=key[:60]))
                return HttpResponse(
                    orjson.dumps(before.response), status=before.status, content_type="application/json",
                    headers={"Idempotent-Replay": "true"},
                )  # fmt: skip
            response = self.get_response(request)
            if response.status_code < 400:
                idempotency.done(
                    cursor, agency, key[:200], response.status_code, orjson.loads(response.content or b"null")
                )
            return response


def _length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0


def _with_etag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer as last time is said in one line (RFC 9110, section 13)."""
    if request.method != "GET" or response.status_code != 200 or response.streaming:
        return response
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
