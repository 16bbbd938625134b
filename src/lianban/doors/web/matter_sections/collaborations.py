"""乡镇协同: what was pushed to each township, how it stands, its leads, and what comes next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from lianban.actions.look import look
from lianban.doors.web.reading import acting_of
from lianban.engines.collaboration import WORDS, Step
from lianban.engines.forms.model import Option
from lianban.engines.forms.words import Words
from lianban.engines.scenes import Act
from lianban.records import collaborations, matter_view
from lianban.records.collaborations import CollaborationRow, LeadRow
from lianban.records.directory import directory
from lianban.records.matter_view import MatterHead

# The words of every code of a collaboration, for pages.
SAID = {code.value: said for code, said in WORDS.items()}
# Which act may follow a state; what is not possible is not offered.
NEXT = {
    Step.SIGNED: {"collaborations.agree_day"},
    Step.SURVEYED: {"collaborations.agree_day", "collaborations.record_result"},
    Step.LEAD_REPORTED: {"collaborations.agree_day", "collaborations.record_result"},
    Step.DAY_AGREED: {"collaborations.agree_day", "collaborations.record_result"},
    Step.RESULT_RECORDED: {"collaborations.rate"},
}


def part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    """The court sees all of its matter; a township its own."""
    from lianban.doors.web.matter_sections import acts_of

    acting = acting_of(request)
    with connection.cursor() as cursor:
        rows = collaborations.of_matter(cursor, head.id)
        steps = collaborations.steps(cursor, [row.id for row in rows])
        leads = collaborations.leads(cursor, matter=head.id)
        lookup = directory(cursor)
    look(acting, head.id, {row.party for row in rows if row.party}, "collaborations")
    acts, on_leads = acts_of(acting, head, "collaborations"), acts_of(acting, head, "leads")
    lines = [
        {"row": row, "township": lookup.agencies.get(row.township), "steps": steps.get(row.id, []),
         "leads": [{"lead": lead, "acts": on_leads if lead.state == "reported" else []} for lead in leads.get(row.id, [])],
         "acts": _possible(acts, row)}
        for row in rows
    ]  # fmt: skip
    return {"lines": lines, "lead": head.lead == acting.agency, "said": SAID}


def _possible(acts: list[Act], row: CollaborationRow) -> list[Act]:
    return [act for act in acts if act.verb in NEXT.get(Step(row.state), set())]


def townships(cursor: Any, head: MatterHead) -> list[Option]:
    """Townships as options, in the order of their area codes."""
    lookup = directory(cursor)
    rows = [lookup.agencies[key] for key, _, _ in collaborations.townships(cursor) if key in lookup.agencies]
    return [Option(one.code, Words(one.name_zh, one.name_en)) for one in rows]


def debtors(cursor: Any, head: MatterHead) -> list[Option]:
    """The debtors of the matter."""
    return [
        Option(str(one.id), Words(one.name, one.name))
        for one in matter_view.parties(cursor, head.id)
        if one.role == "debtor"
    ]


def about(cursor: Any, record: UUID) -> dict[str, Any] | None:
    """What a township's task shows: the four facts, and what has been done."""
    row = collaborations.collaboration(cursor, record)
    if row is None:
        return None
    return {
        "push": row,
        "seen": (row.party,) if row.party else (),
        "said": SAID,
        "steps": collaborations.steps(cursor, [row.id]).get(row.id, []),
        "leads": collaborations.leads(cursor, matter=row.matter).get(row.id, []),
    }


def about_lead(cursor: Any, record: UUID) -> dict[str, Any] | None:
    """What the judge's task about a lead shows of it."""
    lead: LeadRow | None = collaborations.lead(cursor, record)
    return None if lead is None else {"lead": lead, "said": SAID}
