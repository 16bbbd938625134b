"""My tasks, and one task: where a person's work begins."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianban.actions.complete_task import complete_task
from lianban.actions.countersign import ask_countersign, countersign
from lianban.actions.errors import TaskNotFound
from lianban.actions.hand_over import claim, hand_over, release
from lianban.actions.hold_task import hold_task
from lianban.actions.look import look
from lianban.actions.permissions import may, may_complete
from lianban.actions.read_answer import read_answer
from lianban.actions.send_back import send_back, steps_before
from lianban.doors.web import form_html
from lianban.doors.web.answers import answers_shown, content_shown, scope_shown
from lianban.doors.web.matter_sections import about_task
from lianban.doors.web.reading import acting_of, an_id, as_post, choices_for
from lianban.engines.clocks.moments import legal_date
from lianban.engines.errors import LianbanError
from lianban.engines.forms.errors import FormRefused
from lianban.engines.forms.model import Option
from lianban.engines.forms.words import Words
from lianban.records import countersigns, inbox, letters, matter_view, people, scenes
from lianban.records.contents import content_of
from lianban.records.directory import directory
from lianban.records.tasks import tasks as task_rows

SOON = timedelta(days=3)


@require_GET
def my_tasks(request: HttpRequest) -> HttpResponse:
    acting = acting_of(request)
    held = request.GET.get("heap") == "held"
    search, scene = request.GET.get("q", "").strip()[:60], request.GET.get("scene", "")
    mine: dict[str, Any] = {
        "agency": acting.agency, "post": acting.post, "role": acting.role, "officer": acting.officer,
        "today": legal_date(acting.now),
    }  # fmt: skip
    with connection.cursor() as cursor:
        lines = inbox.my_tasks(
            cursor, **mine, held=held, scene=scene, search=search, after=_after(request), limit=inbox.PAGE
        )
        counts = inbox.count_tasks(cursor, **mine, now=acting.now, soon=acting.now + SOON)
        asked = countersigns.outstanding_for(cursor, acting.post) if acting.post else []
        asked_lines = [line for row in asked if (line := inbox.task_line(cursor, row.task))]
        holders = people.names(cursor, [line.officer for line in lines])
        lookup = directory(cursor)
    following = None
    if len(lines) == inbox.PAGE:
        last = lines[-1]
        following = f"{last.due_at.isoformat() if last.due_at else ''}~{last.id}"
    context = {
        "groups": _grouped(lines, acting.now) if not held else [("held", lines)], "counts": counts, "held": held,
        "asked": asked_lines, "holders": holders, "lookup": lookup.agencies, "q": search, "scene": scene,
        "scenes": scenes.scenes().values(), "next": following, "now": acting.now, "me": acting.officer,
    }  # fmt: skip
    template = "parts/task_list.html" if request.headers.get("HX-Request") else "tasks.html"
    return render(request, template, context)


def _grouped(lines: list[inbox.TaskLine], now: datetime) -> list[tuple[str, list[inbox.TaskLine]]]:
    """Critically overdue (three days and more), overdue, due soon, not due, without a date."""
    groups: dict[str, list[inbox.TaskLine]] = {
        name: [] for name in ("critical", "overdue", "soon", "later", "undated")
    }
    for line in lines:
        if line.due_at is None:
            groups["undated"].append(line)
        elif line.due_at < now - SOON:
            groups["critical"].append(line)
        elif line.due_at < now:
            groups["overdue"].append(line)
        elif line.due_at < now + SOON:
            groups["soon"].append(line)
        else:
            groups["later"].append(line)
    return [(name, found) for name, found in groups.items() if found]


def _after(request: HttpRequest) -> tuple[datetime | None, UUID] | None:
    due, _sep, key = request.GET.get("after", "").partition("~")
    found = an_id(key)
    if found is None:
        return None
    try:
        return (datetime.fromisoformat(due) if due else None), found
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One task with its form. A refused form comes back as it was filled in: nothing typed is lost."""
    acting = acting_of(request)
    with connection.cursor() as cursor:
        line = inbox.task_line(cursor, task_id)
        if line is None:
            raise TaskNotFound
        row = task_rows(cursor, [task_id])[task_id]
        found = letters.Letters()
        found.read(cursor, [line.letter] if line.letter else [])
    letter = found.rows.get(line.letter) if line.letter else None
    form = scenes.form_of(line.scene, line.form, letter) if line.form else None
    data: dict[str, Any] = {}
    refused: LianbanError | None = None
    if request.method == "POST" and form is not None:
        data = form.parse(as_post(request))
        if not request.POST.get("grow"):
            try:
                complete_task(acting, task_id, data)
            except LianbanError as error:
                refused = error
            else:
                return _done(request, line)
    elif request.method == "POST":
        complete_task(acting, task_id, {})
        return _done(request, line)
    return _task_page(request, line, row, form, letter, data, refused)


def _task_page(
    request: HttpRequest, line: inbox.TaskLine, row: Any, form: Any, letter: Any, data: dict[str, Any],
    refused: LianbanError | None,
) -> HttpResponse:  # fmt: skip
    acting = acting_of(request)
    pack = scenes.scene(line.scene)
    errors = refused.fields if isinstance(refused, FormRefused) else ()
    with connection.cursor() as cursor:
        subjects = (
            matter_view.subjects(cursor, letter.id) if letter else matter_view.parties(cursor, line.matter)
        )
        answers = matter_view.answers(cursor, letter=letter.id) if letter else []
        documents = matter_view.documents(cursor, letter=letter.id) if letter else []
        content = {} if letter else content_of(cursor, line.matter)
        said = letters.content_of(cursor, letter) if letter else {}
        asked = countersigns.of_tasks(cursor, [line.id])
        names = people.names(cursor, [row.officer, row.closed_by, *(answer.officer for answer in answers)])
        lookup = directory(cursor)
    earlier: dict[str, str] = {}
    if row.state == "open" and row.token and row.agency == acting.agency:
        with connection.cursor() as cursor:
            head = matter_view.head(cursor, line.matter)
            earlier = steps_before(cursor, head.drawing, row) if head else {}
    about = about_task(row.action, row.about)
    # Whoever the record of the task names is seen as well, though the reader sees no party of the matter.
    look(acting, line.matter, [*(one.id for one in subjects), *(about or {}).get("seen", ())], "task")
    read_answer(acting, answers)
    choices = dict(choices_for(acting, pack))
    choices["files"] = [
        Option(str(one.id), Words(one.name, one.name)) for one in documents if one.agency == acting.agency
    ]
    context = {
        "line": line, "row": row, "pack": pack, "letter": letter, "subjects": subjects, "names": names,
        "answers": answers_shown(pack, letter, answers) if letter else [],
        "content": content_shown(pack, content, choices),
        "scope": scope_shown(pack, said),
        "holder": names.get(row.officer, ""), "closer": names.get(row.closed_by, "") or _("系统"),
        "doable": may_complete(acting, row),
        "documents": documents, "agencies": lookup.agencies, "posts": lookup.posts, "countersigns": asked,
        "drawn": form_html.draw(form, data, errors, choices, request.POST.get("grow", ""))
        if form else None,
        "refused": refused.text(get_language() or "zh") if refused and not errors else "",
        "refused_code": refused.code if refused else "", "earlier": earlier, "now": acting.now,
        "basis": pack.legal_basis.get(letter.legal_basis) if letter else None,
        "questions": [pack.questions[code] for code in letter.questions] if letter else [],
        "own_posts": [post for post in lookup.posts.values() if post.agency == acting.agency and post.id != acting.post],
        "may": {act: may(acting, act) for act in _BESIDE},
        "mine": row.agency == acting.agency, "largest": settings.LARGEST_UPLOAD,
        "about": about,
        "awaiting": any(one.post == acting.post and not one.decision for one in asked),
    }  # fmt: skip
    status = refused.status if refused else 200
    return render(request, "task.html", context, status=status)


_BESIDE = ("send_back", "hand_over", "ask_countersign", "hold_task", "add_document")


def _done(request: HttpRequest, line: inbox.TaskLine) -> HttpResponse:
    """On to the next task of the same kind, where there is one: thirty-one answers are checked one after another."""
    acting = acting_of(request)
    with connection.cursor() as cursor:
        rest = inbox.my_tasks(
            cursor, agency=acting.agency, post=acting.post, role=acting.role, officer=acting.officer,
            today=legal_date(acting.now), limit=20,
        )  # fmt: skip
    following = next((one for one in rest if one.matter == line.matter), None)
    place = f"/tasks/{following.id}" if following else "/"
    return HttpResponseRedirect(f"{place}?done={line.element}")


@require_POST
def act(request: HttpRequest, task_id: UUID, verb: str) -> HttpResponse:
    """The commands beside the form: send back, hand over, claim, release, countersign, hold."""
    acting, said = acting_of(request), request.POST
    reason = said.get("reason", "")
    match verb:
        case "send-back":
            send_back(acting, task_id, reason, said.get("to", ""))
        case "hand-over":
            hand_over(acting, task_id, said.get("post", ""), reason)
        case "claim":
            claim(acting, task_id)
        case "release":
            release(acting, task_id)
        case "ask-countersign":
            ask_countersign(acting, task_id, said.getlist("posts"))
        case "countersign":
            countersign(acting, task_id, said.get("agrees") == "yes", reason)
        case "hold":
            hold_task(acting, task_id, _day(said.get("until", "")), reason)
        case "resume":
            hold_task(acting, task_id, None)
        case _:
            raise TaskNotFound
    stays = verb in ("claim", "release", "ask-countersign", "resume")
    return HttpResponseRedirect(f"/tasks/{task_id}" if stays else "/?done=sent")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
