"""Open and end a session with a name and a password. An agency's own system uses its machine key instead."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from ninja import Router

from lianban.actions import sign_in as signing
from lianban.doors.api import shapes
from lianban.records.keys import decoded_key, encoded_key

router = Router(tags=["sessions"])


@router.post("", response={200: shapes.Session, 403: shapes.Error}, summary="Open a session")
def open_session(request: HttpRequest, body: shapes.Credentials) -> dict[str, str]:
    opened = signing.sign_in(body.username, body.password, datetime.now(UTC), demo=_demo(request))
    return {"key": encoded_key(opened.key)}


def _demo(request: HttpRequest) -> bool:
    return bool(settings.DEMO) and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")


@router.delete("/current", response={200: shapes.Done, 401: shapes.Error}, summary="End this session")
def close_session(request: HttpRequest) -> dict[str, bool]:
    key = decoded_key(request.headers["Authorization"].removeprefix("Bearer ").strip())
    if key:
        signing.sign_out(key)
    return {"done": True}
