"""Delegations 代理: before a leave, let a colleague act in one's post; see and end what one gave."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from lianban.actions.delegate import colleague, delegate, end_delegation
from lianban.actions.errors import DelegationRefused
from lianban.doors.web.reading import acting_of, choices_for
from lianban.engines.errors import LianbanError
from lianban.engines.process.timers import BEIJING
from lianban.records.delegations import delegations_of
from lianban.records.directory import directory


@require_http_methods(["GET", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    acting = acting_of(request)
    refused: LianbanError | None = None
    if request.method == "POST":
        said = request.POST
        try:
            begins, ends = _moment(said.get("begins_at", "")), _moment(said.get("ends_at", ""))
            delegate(
                acting, colleague(said.get("to", "")), begins, ends, said.get("reason", "").strip()[:500]
            )
        except LianbanError as error:
            refused = error
        else:
            return HttpResponseRedirect("/delegations")
    with connection.cursor() as cursor:
        lines = delegations_of(cursor, acting.officer) if acting.officer else []
        posts = directory(cursor).posts
    context = {
        "lines": lines,
        "posts": posts,
        "officer": acting.officer,
        "now": acting.now,
        "colleagues": choices_for(acting)["officer"],
        "said": request.POST,
        "refused": refused.text(get_language() or "zh") if refused else "",
    }
    return render(request, "delegations.html", context, status=refused.status if refused else 200)


def _moment(text: str) -> datetime:
    """A local time of the browser's field, in Beijing time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DelegationRefused(
            reason_zh="请填写起止时间", reason="give the times of beginning and end"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


@require_POST
def end(request: HttpRequest, delegation: UUID) -> HttpResponse:
    end_delegation(acting_of(request), delegation)
    return HttpResponseRedirect("/delegations")
