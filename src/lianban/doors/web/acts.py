"""The acts a scene declares, each a form on a page of its own: what may be done in a matter outside its drawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from lianban.actions.act_on_matter import act_on_matter, declared_act, may_act
from lianban.actions.errors import MatterNotFound, RoleMayNot
from lianban.doors.web import form_html
from lianban.doors.web.matter_sections import PREFILLS, options_of
from lianban.doors.web.reading import acting_of, as_post, choices_for
from lianban.engines.errors import LianbanError
from lianban.engines.forms.errors import FormRefused
from lianban.records import matter_view, scenes


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, matter_id: UUID, code: str, record: UUID | None = None) -> HttpResponse:
    """The form of one act. Refused, it comes back as it was filled in: nothing typed is lost."""
    acting = acting_of(request)
    with connection.cursor() as cursor:
        head = matter_view.head(cursor, matter_id)
    if head is None:
        raise MatterNotFound
    pack = scenes.scene(head.scene)
    declared = declared_act(pack, code)
    if not may_act(acting, head.lead, head.state, declared):
        raise RoleMayNot(act=declared.title.zh, needed=" / ".join(declared.roles), own=acting.role)
    form = pack.forms[declared.form]
    data: dict[str, Any] = {}
    refused: LianbanError | None = None
    if request.method == "POST":
        data = form.parse(as_post(request))
        if not request.POST.get("grow"):
            try:
                act_on_matter(acting, matter_id, code, data, record)
            except LianbanError as error:
                refused = error
            else:
                return HttpResponseRedirect(f"/matters/{matter_id}?done={code}")
    elif (prefill := PREFILLS.get(declared.verb)) is not None:
        with connection.cursor() as cursor:
            data = prefill(cursor, head, record, acting.now)
    errors = refused.fields if isinstance(refused, FormRefused) else ()
    choices = {**choices_for(acting, pack), **options_of(head)}
    context = {
        "head": head, "pack": pack, "act": declared, "record": record,
        "drawn": form_html.draw(form, data, errors, choices, request.POST.get("grow", "")),
        "refused": refused.text(get_language() or "zh") if refused and not errors else "",
        "refused_code": refused.code if refused else "",
    }  # fmt: skip
    return render(request, "act.html", context, status=refused.status if refused else 200)
