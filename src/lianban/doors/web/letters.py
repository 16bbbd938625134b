"""An agency's inbox of letters, a court's letters sent, the supervisor's view of both, and one letter."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lianban.actions.errors import LetterNotFound
from lianban.actions.look import look, unmask
from lianban.actions.permissions import may
from lianban.actions.print_letter import print_letter
from lianban.actions.read_answer import read_answer
from lianban.actions.recall_answer import recall_answer
from lianban.actions.remind_letter import remind_letter
from lianban.actions.supervise_letter import supervise_letter
from lianban.actions.timing import due as clock_due
from lianban.actions.withdraw_letter import withdraw_letter
from lianban.doors.web.answers import answers_shown, scope_shown
from lianban.doors.web.collisions_shown import collision_shown, warrant_shown
from lianban.doors.web.reading import acting_of, an_id
from lianban.engines.clocks import Due, Tag
from lianban.records import answer_reads, collisions, inbox, matter_view, people, scenes, warrants
from lianban.records.directory import directory
from lianban.records.letters import Letters, content_of


@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    acting = acting_of(request)
    assert acting.agency is not None
    side = request.GET.get("side") or _usual_side(acting.role)
    heap = request.GET.get("heap", "waiting")
    if side not in ("received", "sent", "supervised") or heap not in inbox.HEAPS:
        side, heap = _usual_side(acting.role), "waiting"
    if side == "supervised" and acting.role != "supervisor":
        side = "received"
    overdue = acting.now if request.GET.get("overdue") else None
    with connection.cursor() as cursor:
        lines = inbox.letters(
            cursor,
            side=side,
            agency=acting.agency,
            heap=heap,
            overdue_at=overdue,
            after=an_id(request.GET.get("after", "")),
        )
        lookup = directory(cursor)
    context = {
        "lines": lines, "side": side, "heap": heap, "overdue": bool(overdue), "agencies": lookup.agencies,
        "scenes": scenes.scenes(), "next": lines[-1].id if len(lines) == inbox.PAGE and heap != "waiting" else None,
        "now": acting.now, "heaps": ("waiting", "answered", "accepted", "withdrawn", "all"),
        "sides": _sides(acting.role),
    }  # fmt: skip
    template = "parts/letter_list.html" if request.headers.get("HX-Request") else "letters.html"
    return render(request, template, context)


def _usual_side(role: str) -> str:
    if role == "supervisor":
        return "supervised"
    return "sent" if role in ("judge", "clerk", "seal_keeper") else "received"


def _sides(role: str) -> tuple[str, ...]:
    return ("supervised", "received", "sent") if role == "supervisor" else ("received", "sent")


@require_GET
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    acting = acting_of(request)
    with connection.cursor() as cursor:
        line = inbox.letter_line(cursor, letter_id)
        if line is None:
            raise LetterNotFound
        pack = scenes.scene(line.scene)
        subjects = matter_view.subjects(cursor, letter_id)
        answers = matter_view.answers(cursor, letter=letter_id)
        documents = matter_view.documents(cursor, letter=letter_id)
        steps = [step for step in matter_view.steps(cursor, line.matter) if step.letter == letter_id]
        names = people.names(
            cursor, [step.closed_by for step in steps] + [answer.officer for answer in answers]
        )
        rows = Letters()
        rows.read(cursor, [letter_id])
        content = content_of(cursor, rows.rows[letter_id])
        asked = collisions.of_letter(cursor, letter_id)
        issued = warrants.of_matter(cursor, line.matter) if line.sender == acting.agency else []
        reads = answer_reads.of_letter(cursor, letter_id)
        names |= people.names(cursor, [one.officer for one in reads] + [one.requester for one in issued])
        lookup = directory(cursor)
    look(acting, line.matter, [one.id for one in subjects], "letter")
    read_answer(acting, answers)
    kind = pack.letters[line.kind]
    row = rows.rows[letter_id]
    due = clock_due(kind.clock, row.clock_from) if kind.clock and row.clock_from else None
    language = get_language() or "zh-hans"
    waiting = line.state in inbox.WAITING
    context = {
        "line": line, "pack": pack, "kind": kind, "basis": pack.legal_basis.get(line.legal_basis),
        "questions": [pack.questions[code] for code in line.questions], "subjects": subjects,
        "answers": answers_shown(pack, row, answers), "scope": scope_shown(pack, content),
        "documents": documents, "steps": steps, "names": names, "agencies": lookup.agencies, "due": due,
        "explanation": due.explain(language) if due else "", "marks": _marks(due, language), "now": acting.now, "sent": line.sender == acting.agency,
        "task": next((s for s in steps if s.state == "open" and s.agency == acting.agency), None),
        "printable": bool(kind.document and row.sealed_at and acting.agency in (line.sender, line.addressee)),
        "may_remind": waiting and line.sender == acting.agency and may(acting, "remind_letter"),
        "may_withdraw": line.sender == acting.agency and may(acting, "withdraw_letter")
        and line.state not in ("accepted", "withdrawn", "draft", "sealed"),
        "may_supervise": waiting and may(acting, "supervise_letter"),
        "letter_collisions": [collision_shown(one, pack) for one in asked], "reads": reads, "posts": lookup.posts,
        "warrants": [warrant_shown(one, pack, acting.now) for one in issued
                     if one.id in {row.warrant for row in asked}],
        "may_recall": line.addressee == acting.agency and may(acting, "recall_answer"),
    }  # fmt: skip
    return render(request, "letter.html", context)


def _marks(due: Due | None, language: str) -> list[tuple[str, str]]:
    """What must be said beside a date: that no law sets it, that its source is unchecked, that a calendar is missing."""
    if due is None:
        return []
    told = {
        "暂定": _("所涉年份的放假安排尚未公布，公布后自动重算"),
        "未核实": _("规则来源尚未核对原文，请以原文为准"),
    }
    marks = [
        (mark, told.get(known, "")) for mark, known in zip(due.marks(language), due.marks("zh"), strict=True)
    ]
    if due.in_version.source.tag is Tag.PRODUCT:
        marks.append((_("约定"), _("全国没有统一期限，由单位之间约定")))
    return marks


@require_POST
def act(request: HttpRequest, letter_id: UUID, verb: str) -> HttpResponse:
    acting, reason = acting_of(request), request.POST.get("reason", "")
    match verb:
        case "remind":
            remind_letter(acting, letter_id, reason)
        case "withdraw":
            withdraw_letter(acting, letter_id, reason)
        case "supervise":
            supervise_letter(acting, letter_id, reason)
        case "recall":
            answer = an_id(request.POST.get("answer", ""))
            if answer is None:
                raise LetterNotFound
            recall_answer(acting, answer, reason)
        case _:
            raise LetterNotFound
    return HttpResponseRedirect(f"/letters/{letter_id}")


@require_POST
def see(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """The whole number, in place of the masked one. The look is in the ledger before it is on the screen."""
    whole = unmask(acting_of(request), identifier)
    template = "parts/unmasked.html" if request.headers.get("HX-Request") else "unmasked.html"
    return render(request, template, {"whole": whole})


@require_GET
def document(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The official letter as PDF, with whole numbers: printing it is an unmasking, and ledgered."""
    number, pdf = print_letter(acting_of(request), letter_id)
    header = content_disposition_header(True, f"{number}.pdf")
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": header or "attachment"}
    )
