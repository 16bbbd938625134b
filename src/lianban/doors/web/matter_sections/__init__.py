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
from lianban.doors.web.matter_sections import (
    assets,
    clocks,
    closing,
    collaborations,
    collisions,
    listings,
    measures,
    objections,
    parties,
    payments,
    sales,
)
from lianban.engines.forms.model import Option
from lianban.engines.scenes import Act
from lianban.records import scenes
from lianban.records.matter_view import MatterHead

Part = Callable[[HttpRequest, MatterHead], dict[str, Any]]

PARTS: dict[str, Part] = {
    "clocks": clocks.part,
    "assets": assets.part,
    "measures": measures.part,
    "sales": sales.part,
    "collisions": collisions.part,
    "payments": payments.part,
    "collaborations": collaborations.part,
    "listings": listings.part,
    "objections": objections.part,
    "closing": closing.part,
}
OPTIONS: dict[str, Callable[[Any, MatterHead], list[Option]]] = {
    "party": parties.options,
    "asset": assets.options,
    "finding": assets.found,
    "agency": assets.units,
    "claim": payments.claim_options,
    "township": collaborations.townships,
    "debtor": collaborations.debtors,
    "listing": listings.options,
    "limit": listings.limit_options,
    "document": closing.documents,
    "closing_item": closing.items,
}
PREFILLS: dict[str, Callable[[Any, MatterHead, UUID | None, datetime], dict[str, Any]]] = {
    "assets.value": measures.prefill_value,
    "measures.order": measures.prefill_order,
    "measures.renew": measures.prefill_renewal,
    "payments.claim": payments.prefill_claim,
    "payments.correct_claim": payments.prefill_claim,
    "payments.propose": payments.prefill_payout,
    "payments.receive": payments.prefill_today("arrived_on"),
    "payments.record_instalment": payments.prefill_today("arrived_on"),
    "payments.claim_fund": payments.prefill_today("notified_on"),
    "payments.pay": payments.prefill_today("paid_on"),
    "payments.serve_distribution": payments.prefill_today("served_on"),
    "payments.object": payments.prefill_today("received_on"),
    "payments.objection_step": payments.prefill_today("on"),
    "payments.instalments": payments.prefill_instalments,
}
# What a task about a record shows of it, by the concept its action begins with: the template and what it is drawn from.
ABOUT: dict[str, tuple[str, Callable[[Any, UUID], dict[str, Any] | None]]] = {
    "measures": ("parts/task_measure.html", measures.about),
    "collaborations": ("parts/task_collaboration.html", collaborations.about),
    "leads": ("parts/task_lead.html", collaborations.about_lead),
    "listings": ("parts/task_listing.html", listings.about),
    "limits": ("parts/task_limit.html", listings.about_limit),
    "closing": ("parts/task_query.html", closing.about),
}


def about_task(action: str, record: UUID | None) -> dict[str, Any] | None:
    """The record a task is about, as far as the reader may see it, with the template that shows it."""
    template, read = ABOUT.get(action.split(".")[0], ("", None))
    if record is None or read is None:
        return None
    with connection.cursor() as cursor:
        found = read(cursor, record)
    return None if found is None else {"template": template, **found}


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
