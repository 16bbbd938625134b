"""Matters: the list, a new one, and the page of one, whose sections load and fail by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianban.actions import timing
from lianban.actions.add_document import add_document
from lianban.actions.errors import FileTooLarge, MatterNotFound
from lianban.actions.look import look
from lianban.actions.open_matter import Opening, open_matter
from lianban.actions.permissions import may
from lianban.actions.withdraw_matter import withdraw_matter
from lianban.doors.web import form_html, wording
from lianban.doors.web.answers import content_shown
from lianban.doors.web.matter_sections import PARTS as RECORD_PARTS
from lianban.doors.web.matter_sections import acts_of, sections_of
from lianban.doors.web.reading import acting_of, an_id, as_post, choices_for
from lianban.engines.errors import LianbanError
from lianban.engines.forms.errors import FormRefused
from lianban.engines.forms.words import Words
from lianban.engines.process import Graph
from lianban.engines.scenes import Scene
from lianban.records import inbox, ledger_view, matter_view, people, scenes
from lianban.records.contents import content_of
from lianban.records.directory import directory
from lianban.records.matter_view import MatterHead


@require_GET
def matters(request: HttpRequest) -> HttpResponse:
    acting = acting_of(request)
    scene, state = request.GET.get("scene", ""), request.GET.get("state", "")
    search = request.GET.get("q", "").strip()[:60]
    with connection.cursor() as cursor:
        rows = matter_view.heads(
            cursor, scene=scene, state=state, search=search, after=an_id(request.GET.get("after", ""))
        )
        lookup = directory(cursor)
    known = scenes.scenes()
    context = {
        "rows": rows, "scene": scene, "state": state, "q": search, "scenes": known, "agencies": lookup.agencies,
        "next": rows[-1].id if len(rows) == 50 else None, "may_open": may(acting, "open_matter"),
        "openable": [one for one in known.values() if one.open_for_matters and acting.role in one.roles],
        "states": tuple(wording.MATTER),
    }  # fmt: skip
    return render(request, "matters.html", context)


@require_GET
def recent(request: HttpRequest) -> HttpResponse:
    """What the reader looked at last, from the reader's own looks in the ledger: nothing is kept beside it."""
    acting = acting_of(request)
    with connection.cursor() as cursor:
        ids = ledger_view.last_looked(
            cursor, agency=acting.agency, officer=acting.officer, since=acting.now - timedelta(days=14)
        )
        rows = {row.id: row for row in matter_view.heads(cursor, only=ids)} if ids else {}
    return render(request, "parts/recent.html", {"rows": [rows[key] for key in ids if key in rows]})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, scene: str) -> HttpResponse:
    acting = acting_of(request)
    pack = scenes.scene(scene)
    form = pack.forms[pack.matter_form]
    data: dict[str, Any] = {}
    refused: LianbanError | None = None
    if request.method == "POST":
        data = form.parse(as_post(request))
        if not request.POST.get("grow"):
            try:
                matter = open_matter(acting, scene, Opening(data))
            except LianbanError as error:
                refused = error
            else:
                return HttpResponseRedirect(f"/matters/{matter}")
    errors = refused.fields if isinstance(refused, FormRefused) else ()
    drawn = form_html.draw(form, data, errors, choices_for(acting, pack), request.POST.get("grow", ""))
    context = {
        "pack": pack,
        "drawn": drawn,
        "refused": refused.text(get_language() or "zh") if refused and not errors else "",
    }
    return render(request, "matter_new.html", context, status=refused.status if refused else 200)


def _head(matter_id: UUID) -> MatterHead:
    with connection.cursor() as cursor:
        head = matter_view.head(cursor, matter_id)
    if head is None:
        raise MatterNotFound
    return head


@require_GET
def matter(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    acting = acting_of(request)
    head = _head(matter_id)
    with connection.cursor() as cursor:
        lookup = directory(cursor)
    context = _stages(head) | {
        "acts": acts_of(acting, head), "kinds": sections_of(head), "done": _act_done(request, head),
        "head": head, "pack": scenes.scene(head.scene), "agencies": lookup.agencies,
        "main": MAIN, "side": SIDE, "lead": head.lead == acting.agency,
        "may_withdraw": head.state == "open" and head.lead == acting.agency and may(acting, "withdraw_matter"),
    }  # fmt: skip
    return render(request, "matter.html", context)


@require_GET
def section(request: HttpRequest, matter_id: UUID, name: str) -> HttpResponse:
    """One section of the page. It is fetched again when the matter moves, and fails without the others."""
    head = _head(matter_id)
    part = _PARTS.get(name) or (RECORD_PARTS.get(name) if name in sections_of(head) else None)
    if part is None:
        raise MatterNotFound
    acting = acting_of(request)
    context = {"head": head, "pack": scenes.scene(head.scene), "now": acting.now} | part(request, head)
    return render(request, f"parts/matter_{name}.html", context)


def _act_done(request: HttpRequest, head: MatterHead) -> Words | None:
    """What the reader has just done on this matter, to be said once at the head of the page."""
    act = scenes.scene(head.scene).acts.get(request.GET.get("done", ""))
    return act.title if act else None


def _stages(head: MatterHead) -> dict[str, Any]:
    """Each stage of the drawing: how many of the reader's visible tasks wait there, and how many are done."""
    pack = scenes.scene(head.scene)
    with connection.cursor() as cursor:
        graph = scenes.graph_of(cursor, head.drawing)
        steps = matter_view.steps(cursor, head.id)
        letters = inbox.letters_of(cursor, head.id)
    titles = {stage.code: stage.title for stage in pack.stages}
    waiting: dict[str, int] = {}
    done: dict[str, int] = {}
    for step in steps:
        heap = waiting if step.state == "open" else done
        if step.state != "cancelled":
            heap[step.stage] = heap.get(step.stage, 0) + 1
    delivered = sum(1 for letter in letters if letter.delivered_at)
    stages = []
    # As the scene lists them: a drawing with a short cut reaches a later one first.
    listed = {stage.code: place for place, stage in enumerate(pack.stages)}
    for code, name in sorted(graph.stages(), key=lambda one: listed.get(one[0], len(listed))):
        count_done = done.get(code, 0) or (delivered if code == "deliver" else 0)
        state = (
            "waiting" if waiting.get(code) else "done" if count_done or head.state == "closed" else "ahead"
        )
        stages.append({"code": code, "title": titles.get(code), "name": name, "state": state,
                       "waiting": waiting.get(code, 0), "done": count_done})  # fmt: skip
    return {"stages": stages}


def _stages_part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    return _stages(head)


def _letters_part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    with connection.cursor() as cursor:
        lines = inbox.letters_of(cursor, head.id)
        lookup = directory(cursor)
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.state] = counts.get(line.state, 0) + 1
    return {"lines": lines, "agencies": lookup.agencies, "counts": counts}


def _steps_part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    acting = acting_of(request)
    with connection.cursor() as cursor:
        steps = [step for step in matter_view.steps(cursor, head.id) if step.state == "open"]
        steps.sort(key=lambda step: step.agency != acting.agency)  # one's own first
        lookup = directory(cursor)
    return {"steps": steps, "agencies": lookup.agencies, "own": acting.agency}


def _parties_part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    acting = acting_of(request)
    with connection.cursor() as cursor:
        parties = matter_view.parties(cursor, head.id)
    look(acting, head.id, [party.id for party in parties], "matter")
    return {"parties": parties}


def _history_part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    before = request.GET.get("before", "")
    with connection.cursor() as cursor:
        events = matter_view.events(
            cursor, head.id, before=int(before) if before.isdigit() else None, limit=40
        )
        names = people.names(cursor, [event.officer for event in events])
        lookup = directory(cursor)
    rules = timing.book().rules
    lines = [
        {"line": event, "unit": lookup.by_code.get(str(event.data.get("unit", ""))),
         "rule": rules.get(str(event.data.get("clock", ""))),
         "step": SimpleNamespace(**{"name": "", "element": "", "stage": ""} | event.data) if event.kind == "task.completed" else None}
        for event in events
    ]  # fmt: skip
    return {"events": lines, "names": names, "agencies": lookup.agencies,
            "earlier": events[-1].seq if len(events) == 40 else None}  # fmt: skip


def _documents_part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    with connection.cursor() as cursor:
        documents = matter_view.documents(cursor, matter=head.id)
        lookup = directory(cursor)
    return {"documents": documents, "agencies": lookup.agencies, "may_add": may(acting_of(request), "add_document"),
            "largest": settings.LARGEST_UPLOAD}  # fmt: skip


def _ledger_part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    with connection.cursor() as cursor:
        entries = ledger_view.entries(cursor, matter=head.id, limit=6)
        names = people.names(cursor, [entry.officer for entry in entries])
        lookup = directory(cursor)
    return {"entries": entries, "names": names, "agencies": lookup.agencies}


def _content_part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    pack = scenes.scene(head.scene)
    with connection.cursor() as cursor:
        content = content_of(cursor, head.id)
    return {"content": content_shown(pack, content, choices_for(acting_of(request), pack)) if content else ()}


_PARTS: dict[str, Callable[[HttpRequest, MatterHead], dict[str, Any]]] = {
    "stages": _stages_part, "letters": _letters_part, "steps": _steps_part, "parties": _parties_part,
    "content": _content_part, "documents": _documents_part, "history": _history_part, "ledger": _ledger_part,
}  # fmt: skip
# The stages are drawn with the page; the others are fetched by it, each by itself.
MAIN, SIDE = ("steps", "letters", "ledger"), ("parties", "documents", "history", "content")


@require_GET
def drawing(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    head = _head(matter_id)
    with connection.cursor() as cursor:
        bpmn = matter_view.drawing(cursor, head.drawing)
        live = matter_view.live_elements(cursor, matter_id)
        graph = scenes.graph_of(cursor, head.drawing)
    bodies = {node.body for node in graph.nodes.values()}
    names = _names(scenes.scene(head.scene), graph, live)
    resting = [
        (names[element], count)
        for element, count in live.items()
        if element in graph.nodes and element not in bodies
    ]
    context = {"head": head, "pack": scenes.scene(head.scene), "bpmn": bpmn, "resting": resting}
    response = render(request, "drawing.html", context)
    response.shows_drawing = True
    return response


@require_GET
def live_steps(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Where the matter rests now, for the drawing: element → how many."""
    head = _head(matter_id)
    with connection.cursor() as cursor:
        live = matter_view.live_elements(cursor, matter_id)
        graph = scenes.graph_of(cursor, head.drawing)
        done = {step.element for step in matter_view.steps(cursor, matter_id) if step.state == "done"}
    # A sub-process is lit while anything inside it is.
    for element in list(live):
        body = graph.nodes[element].body if element in graph.nodes else None
        while body is not None and body in graph.nodes:
            live.setdefault(body, 0)
            body = graph.nodes[body].body
    names = _names(scenes.scene(head.scene), graph, live)
    return JsonResponse({"live": live, "done": sorted(done - set(live)), "state": head.state, "names": names})


def _names(pack: Scene, graph: Graph, elements: Iterable[str]) -> dict[str, str]:
    """What the steps are called in the reader's language: the drawing's name, or in English the title of its form."""
    english = (get_language() or "zh").startswith("en")
    return {
        element: pack.forms[element].title.en
        if english and element in pack.forms
        else (graph.nodes[element].name if element in graph.nodes else "") or element
        for element in elements
    }


@require_POST
def withdraw(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    withdraw_matter(acting_of(request), matter_id, request.POST.get("reason", ""))
    return HttpResponseRedirect(f"/matters/{matter_id}")


@require_POST
def upload(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """Hand in a file. One over the limit was not read at all: the upload handler stopped it."""
    acting = acting_of(request)
    handed = request.FILES.get("file")  # reading the form is what finds out
    if (refused := getattr(request, "upload_refused", None)) is not None:
        raise FileTooLarge(**refused)
    name = handed.name or "" if handed else ""
    letter = an_id(request.POST.get("letter", ""))
    key = add_document(acting, matter_id, name, handed.read() if handed else b"", letter)
    back = request.POST.get("back", "")
    if request.headers.get("HX-Request"):
        # The page stays, and with it whatever was typed into its other forms.
        context = {"document": key, "name": name, "in_form": back.startswith("/tasks/")}
        return render(request, "parts/uploaded.html", context)
    return HttpResponseRedirect(
        back if back.startswith(("/matters/", "/tasks/", "/letters/")) else f"/matters/{matter_id}"
    )
