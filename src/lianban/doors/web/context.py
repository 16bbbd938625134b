"""What every template knows: who reads, in which post, in which language and light."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianban.actions.sign_in import posts_of
from lianban.doors.web.theme import theme_of
from lianban.records import people, scenes
from lianban.records.directory import directory

_FRESH = 60.0
_posts: dict[UUID, tuple[float, list[UUID]]] = {}


def reader(request: HttpRequest) -> dict[str, Any]:
    language = getattr(request, "LANGUAGE_CODE", "zh-hans")
    known: dict[str, Any] = {
        "language": language, "theme": theme_of(request), "demo": settings.DEMO, "reader": None,
        "done": _done(request.GET.get("done", ""), language),
    }  # fmt: skip
    acting = None if getattr(request, "plain", False) else getattr(request, "acting", None)
    if acting is None or acting.identity is None or request.headers.get("HX-Request"):
        known["reader"] = {"agency": {"id": acting.agency}} if acting is not None else None
        return known
    try:
        with connection.cursor() as cursor:
            lookup = directory(cursor)
            known["reader"] = {
                "name": people.name(cursor, acting.officer),
                "agency": lookup.agencies[acting.agency],
                "post": lookup.posts[acting.post],
                "role": acting.role,
                "administrator": acting.identity.administrator,
                "posts": [
                    lookup.posts[post]
                    for post in _other_posts(acting.officer, acting.post)
                    if post in lookup.posts
                ],
            }
    except DatabaseError:
        # The page that tells of a broken database must not break on it.
        known["reader"] = None
    return known


def _done(code: str, language: str) -> str:
    """What was just sent, by the code in the address: only our own words are ever shown, not the address's."""
    if not code:
        return ""
    for pack in scenes.scenes().values():
        if code in pack.forms:
            return _("已提交：%(name)s。") % {"name": pack.forms[code].title.text(language)}
    return _("已提交。")


def _other_posts(officer: UUID | None, own: UUID) -> list[UUID]:
    """The other posts of an officer, kept for a minute: most have none, and every page asks."""
    if officer is None:
        return []
    kept = _posts.get(officer)
    if kept is None or time.monotonic() - kept[0] > _FRESH:
        if len(_posts) > 10_000:
            _posts.clear()
        kept = _posts[officer] = (time.monotonic(), posts_of(officer))
    return [post for post in kept[1] if post != own]
