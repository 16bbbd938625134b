"""What several pages need: the reader's identity, ids from addresses, the options of forms."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from lianban.actions.acting import Acting
from lianban.actions.errors import MatterNotFound
from lianban.doors.web.form_html import Choices
from lianban.engines.forms.model import Option
from lianban.engines.forms.words import Words
from lianban.engines.scenes import Scene
from lianban.records.directory import directory


def acting_of(request: HttpRequest) -> Acting:
    """The signed-in reader. Every page behind the sign-in has one: the session's middleware saw to it."""
    acting = request.acting
    if acting is None or acting.identity is None:
        raise MatterNotFound
    return acting


def an_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def a_number(text: str) -> int:
    """A version or revision of an address; what is none counts as 0, which none of them has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def choices_for(acting: Acting, scene: Scene | None = None) -> Choices:
    """Agencies a letter may go to, and the posts and officers of the reader's own agency."""
    with connection.cursor() as cursor:
        lookup = directory(cursor)
        kinds = (
            {kind for question in scene.questions.values() for kind in question.agency_kinds}
            if scene
            else None
        )
        agencies = [
            Option(agency.code, Words(agency.name_zh, agency.name_en))
            for agency in lookup.agencies.values()
            if agency.id != acting.agency and (kinds is None or agency.kind in kinds)
        ]
        posts = [
            Option(post.code, Words(post.name_zh, post.name_en))
            for post in lookup.posts.values()
            if post.agency == acting.agency
        ]
        cursor.execute(
            """SELECT DISTINCT o.username, o.name FROM officer o JOIN appointment a ON a.officer_id = o.id
                 JOIN post p ON p.id = a.post_id WHERE p.agency_id = %s ORDER BY o.username""",
            [acting.agency],
        )
        officers = [Option(username, Words(name, name)) for username, name in cursor.fetchall()]
    return {"agency": agencies, "post": posts, "officer": officers}


def handler_posts(acting: Acting) -> list[Option]:
    """The posts a letter can be routed to: those whose role handles, the pool's first."""
    with connection.cursor() as cursor:
        lookup = directory(cursor)
        return [
            Option(post.code, Words(post.name_zh, post.name_en))
            for post in lookup.posts.values()
            if post.agency == acting.agency and post.role in ("handler", "liaison")
        ]


def as_post(request: HttpRequest) -> dict[str, list[str]]:
    """The submitted form as the forms engine reads it."""
    return {name: request.POST.getlist(name) for name in request.POST}
