"""Each call of the API: one transaction, one context, one answer to one idempotency key.

A caller sends its key as ``Authorization: Bearer …``: an agency's machine account, or a session an officer
opened at ``POST /api/v1/sessions``. Cookies are not read, so no page can be made to call the API for somebody.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from lianban.actions.acting import Acting
from lianban.actions.complete_task import Completion
from lianban.actions.errors import ArrivedBefore
from lianban.actions.together import Call, NobodyEntered, Once, Together
from lianban.doors.api.errors import CallerUnknown, RequestRefused, RequestTooLarge, answer, in_shape
from lianban.records import idempotency
from lianban.records.context import Identity, enter
from lianban.records.keys import decoded_key

PREFIX = "/api/v1/"
# The description of the API and the opening of a session need no key.
OPEN = frozenset({"openapi.json", "docs", "sessions"})
LARGEST_BODY = 2 * 1024 * 1024
LONGEST_KEY = 200
UNMASK = "/unmask"
UPLOADS = f"{PREFIX}documents"
PURPOSE = "接口调用"
# Calls that an agency's system sends by the thousand: those that wait at the same time are done in one transaction.
TOGETHER = re.compile(f"{PREFIX}tasks/[^/]+/completion")
together = Together(settings.TOGETHER)


class ApiContext:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        return in_shape(request, self._answered(request))

    def _answered(self, request: HttpRequest) -> HttpResponse:
        limit = LARGEST_BODY
        if request.path.startswith(UPLOADS):
            limit += settings.LARGEST_UPLOAD  # the action says how large the file itself may be
        if _length(request) > limit:
            return answer(RequestTooLarge(limit=limit))
        if request.path.removeprefix(PREFIX).rstrip("/") in OPEN:
            return self.get_response(request)
        key = decoded_key(request.headers.get("Authorization", "").removeprefix("Bearer ").strip())
        if request.method == "POST" and TOGETHER.fullmatch(request.path):
            if key is None:
                return answer(CallerUnknown())
            request.key = (
                key  # the view hands it on: its transaction is shared with calls that wait beside it
            )
            return self.get_response(request)
        with transaction.atomic():
            identity = enter(key) if key else None
            if identity is None:
                return answer(CallerUnknown())
            request.acting = Acting(identity, datetime.now(UTC), PURPOSE)
            response = self._once(request, identity)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return _with_etag(request, response)

    def _once(self, request: HttpRequest, identity: Identity) -> HttpResponse:
        key, agency = request.headers.get("Idempotency-Key", ""), identity.agency
        # A number that is shown is neither kept nor shown again without another look.
        if request.method != "POST" or not key or request.path.endswith(UNMASK):
            return self.get_response(request)
        if len(key) > LONGEST_KEY:
            return answer(RequestRefused(problems=f"Idempotency-Key: > {LONGEST_KEY}"))
        said = _asked(request, identity)
        with connection.cursor() as cursor:
            before = idempotency.arrive(cursor, agency, key, said, datetime.now(UTC))
            if before is not None:
                if before.request != said:
                    return answer(ArrivedBefore(key=key[:60]))
                return _replayed(before)
            response = self.get_response(request)
            if response.status_code < 400:
                idempotency.done(
                    cursor, agency, key, response.status_code, orjson.loads(response.content or b"null")
                )
            return response


def complete_together(request: HttpRequest, completion: Completion, response: Any) -> Any:
    """Complete a task, in one transaction with the calls of the same key that wait; answered with ``response``, or
    with what the same call was answered before."""
    once = None
    if name := request.headers.get("Idempotency-Key", ""):
        if len(name) > LONGEST_KEY:
            raise RequestRefused(problems=f"Idempotency-Key: > {LONGEST_KEY}")
        once = Once(name, partial(_asked, request), 200, response)
    try:
        before = together.complete(Call(request.key, completion, datetime.now(UTC), PURPOSE, once))
    except NobodyEntered as unknown:
        raise CallerUnknown from unknown
    return response if before is None else _replayed(before)


def _replayed(before: idempotency.Before) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(before.response), status=before.status, content_type="application/json",
        headers={"Idempotent-Replay": "true"},
    )  # fmt: skip


def _asked(request: HttpRequest, identity: Identity) -> bytes:
    # Who asks belongs to what is asked: a colleague who sends the same key is not shown the answer to another.
    who = f"{identity.officer or identity.machine} {identity.post} {request.path}\n"
    return hashlib.sha256(who.encode() + _body(request)).digest()


def _body(request: HttpRequest) -> bytes:
    """What was sent; of files their digests, because a file is not held in memory."""
    if request.content_type != "multipart/form-data":
        return request.body
    said = [f"{name}={values}" for name, values in sorted(request.POST.lists())]
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest = hashlib.file_digest(file.file, "sha256").hexdigest()
            file.seek(0)
            said.append(f"{name}={file.name} {digest}")
    return "\n".join(said).encode()


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
