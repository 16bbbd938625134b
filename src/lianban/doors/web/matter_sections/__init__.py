"""The sections of a matter's page for the kinds of records its scene lists, one file a kind.

A section is ``part(request, head) -> context`` with the template ``parts/matter_<kind>.html``. Two more tables serve the
forms of acts: :data:`PREFILLS` (verb → what the form begins with, for the record it is done to) and :data:`OPTIONS` (source
name of a form's choices → the options in this matter, such as its assets).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from lianban.actions.act_on_matter import may_act
from lianban.actions.acting import Acting
from lianban.doors.web.matter_sections import clocks, collisions, parties
from lianban.engines.forms.model import Option
from lianban.engines.scenes import Act
from lianban.records import scenes
from lianban.records.matter_view import MatterHead

Part = Callable[[HttpRequest, MatterHead], dict[str, Any]]

PARTS: dict[str, Part] = {
    "clocks": clocks.part,
    "collisions": collisions.part,
}
OPTIONS: dict[str, Callable[[Any, MatterHead], list[Option]]] = {
    "party": parties.options,
}
PREFILLS: dict[str, Callable[[Any, MatterHead, UUID | None, datetime], dict[str, Any]]] = {}


def sections_of(head: MatterHead) -> tuple[str, ...]:
    """The kinds of records this matter's page shows, in the order the scene lists them."""
    return tuple(kind for kind in scenes.scene(head.scene).records if kind in PARTS)


def options_of(head: MatterHead) -> Mapping[str, list[Option]]:
    """The options that depend on the matter, by the source a form's field names (``x-source``)."""
    with connection.cursor() as cursor:
        return {name: source(cursor, head) for name, source in OPTIONS.items()}


def acts_of(acting: Acting, head: MatterHead, about: str | None = None) -> list[Act]:
    """What the reader may do in the matter now: to a record of the kind ``about``, or making a new one."""
    acts = scenes.scene(head.scene).acts.values()
    return [act for act in acts if act.about == about and may_act(acting, head.lead, head.state, act)]
