"""The registries: which there are, what may leave them, how they stand; the hits that wait for a person; recalls; alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from lianban.actions.confirm_hit import confirm_hit
from lianban.actions.handle_query_alert import handle_query_alert
from lianban.actions.look import look
from lianban.actions.permissions import may
from lianban.actions.read_answer import acknowledge_recall
from lianban.doors.web.reading import acting_of
from lianban.engines.forms.words import Words
from lianban.engines.matching import REASON_WORDS, Reason
from lianban.engines.scenes import Force, LegalBasis, Question
from lianban.records import answer_reads, collisions, people, query_alerts, registries, scenes
from lianban.records.directory import directory
from lianban.records.registries import RegistryLine


@require_GET
def registry_list(request: HttpRequest) -> HttpResponse:
    """Agency by agency: the registry, how it stands, its as-of time, and for each question the fields that may leave."""
    acting = acting_of(request)
    with connection.cursor() as cursor:
        lines = registries.lines(cursor)
        lookup = directory(cursor)
        waiting = collisions.count_pending(cursor, agency=acting.agency)
        alerts = query_alerts.alerts(cursor) if acting.role == "auditor" else []
    known = questions_by_code()
    groups: dict[UUID, list[dict[str, Any]]] = {}
    for line in lines:
        groups.setdefault(line.agency, []).append(_shown(line, known))
    states = {state: sum(1 for line in lines if line.state == state) for state in ("ready", "late", "broken")}
    context = {
        "groups": [(lookup.agencies.get(agency), shown) for agency, shown in groups.items()], "states": states,
        "waiting": waiting, "may_confirm": may(acting, "confirm_hit"), "alerts": alerts, "agencies": lookup.agencies,
        "auditor": acting.role == "auditor",
    }  # fmt: skip
    return render(request, "registries.html", context)


def questions_by_code() -> Mapping[str, Question]:
    """Every question of every scene; the words of the first scene that declares one are used."""
    found: dict[str, Question] = {}
    for pack in scenes.scenes().values():
        for code, question in pack.questions.items():
            found.setdefault(code, question)
    return found


def bases_by_code() -> Mapping[str, LegalBasis]:
    """Every legal basis of every scene. Where two scenes cite one article, the words of the one that only asks."""
    found: dict[str, LegalBasis] = {}
    for pack in scenes.scenes().values():
        for code, basis in pack.legal_basis.items():
            if code not in found or basis.force is Force.ASK:
                found[code] = basis
    return found


def _shown(line: RegistryLine, known: Mapping[str, Question]) -> dict[str, Any]:
    leaves = []
    for code, fields in line.fields.items():
        question = known.get(code)
        titles = {one.code: one.title for one in question.fields} if question else {}
        leaves.append(
            (
                question.title if question else Words(code, code),
                [titles.get(name, Words(name, name)) for name in fields],
            )
        )
    bases = bases_by_code()
    return {
        "line": line, "leaves": leaves, "reason": REASON_WORDS[Reason(line.reason)] if line.reason else None,
        "bases": [bases[code].title if code in bases else Words(code, code) for code in line.legal_basis],
    }  # fmt: skip


@require_GET
def hits(request: HttpRequest) -> HttpResponse:
    """The hits in this agency's registries that a person has to decide, and what was decided last."""
    acting = acting_of(request)
    assert acting.agency is not None
    with connection.cursor() as cursor:
        waiting = collisions.pending_hits(cursor, acting.agency)
        decided = collisions.decided_hits(cursor, acting.agency)
        names = people.names(cursor, [one.decided_by for one in decided])
        titles = {one.code: Words(one.name_zh, one.name_en) for one in registries.lines(cursor)}
        lookup = directory(cursor)
    shown: dict[UUID, list[UUID]] = {}
    for one in waiting:
        shown.setdefault(one.matter, []).append(one.party)
    for matter, parties in shown.items():
        look(acting, matter, parties, "hits")
    known = questions_by_code()
    context = {
        "waiting": [hit_shown(one, known) for one in waiting], "decided": [hit_shown(one, known) for one in decided],
        "names": names, "titles": titles, "agencies": lookup.agencies, "may_confirm": may(acting, "confirm_hit"),
    }  # fmt: skip
    return render(request, "hits.html", context)


def hit_shown(hit: collisions.HitLine, known: Mapping[str, Question]) -> dict[str, Any]:
    """A hit with the words of its question and of its fields."""
    question = known.get(hit.question)
    fields = [
        (one.title, value(hit.fields[one.code], one.format))
        for one in (question.fields if question else ()) if one.code in hit.fields
    ]  # fmt: skip
    bases = bases_by_code()
    return {
        "hit": hit, "question": question.title if question else Words(hit.question, hit.question), "fields": fields,
        "basis": bases[hit.legal_basis].title if hit.legal_basis in bases else Words(hit.legal_basis, hit.legal_basis),
    }  # fmt: skip


def value(held: Any, kind: str | None) -> str:
    """One field as people read it: money in yuan."""
    if kind == "money" and isinstance(held, int):
        return f"¥{held / 100:,.2f}"
    return str(held)


@require_POST
def decide(request: HttpRequest, hit: UUID) -> HttpResponse:
    confirm_hit(
        acting_of(request), hit, request.POST.get("confirms") == "yes", request.POST.get("reason", "")
    )
    return HttpResponseRedirect("/hits?done=sent")


@require_POST
def acknowledge(request: HttpRequest, read: UUID) -> HttpResponse:
    acknowledge_recall(acting_of(request), read, request.POST.get("remark", ""))
    return HttpResponseRedirect("/?done=sent")


@require_POST
def handle_alert(request: HttpRequest, alert: UUID) -> HttpResponse:
    handle_query_alert(acting_of(request), alert, request.POST.get("remark", ""))
    return HttpResponseRedirect("/registries?done=sent")


@require_GET
def recalled(request: HttpRequest) -> HttpResponse:
    """What the reader read and a unit recalled since: the part of My tasks that nobody should miss."""
    acting = acting_of(request)
    assert acting.agency is not None and acting.post is not None
    with connection.cursor() as cursor:
        lines = answer_reads.recalled_for(
            cursor, agency=acting.agency, post=acting.post, officer=acting.officer
        )
        resting = answer_reads.resting_on(cursor, {one.answer for one in lines}) if lines else {}
        lookup = directory(cursor)
        waiting = collisions.count_pending(cursor, agency=acting.agency) if may(acting, "confirm_hit") else 0
    context = {
        "recalled": lines,
        "resting": resting,
        "agencies": lookup.agencies,
        "waiting": waiting,
        "language": get_language(),
    }
    return render(request, "parts/recalled.html", context)
