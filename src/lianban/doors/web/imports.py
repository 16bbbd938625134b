"""Import matters from a file, and export them: read, checked and taken in steps that the page shows."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianban.actions.cancel_import import cancel_import
from lianban.actions.check_import import check_import
from lianban.actions.errors import FileTooLarge
from lianban.actions.export_matters import export_matters
from lianban.actions.import_errors import ImportNotFound
from lianban.actions.importing import columns_for
from lianban.actions.permissions import may
from lianban.actions.refused_rows import refused_rows
from lianban.actions.start_import import start_import
from lianban.actions.take_import import take_import
from lianban.doors.web.reading import acting_of
from lianban.engines.errors import LianbanError
from lianban.engines.imports import template_heads, write_csv, write_table
from lianban.records import imports, scenes
from lianban.records.directory import directory
from lianban.records.imports import RunRow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 100


@require_http_methods(["GET", "POST"])
def all_imports(request: HttpRequest) -> HttpResponse:
    acting = acting_of(request)
    refused: LianbanError | None = None
    if request.method == "POST":
        handed = request.FILES.get("file")
        if (too_large := getattr(request, "upload_refused", None)) is not None:
            raise FileTooLarge(**too_large)
        try:
            name, content = (handed.name or "", handed.read()) if handed else ("", b"")
            run = start_import(acting, request.POST.get("scene", ""), name, content)
        except LianbanError as error:
            refused = error
        else:
            return HttpResponseRedirect(f"/imports/{run}")
    with connection.cursor() as cursor:
        rows = imports.runs(cursor, acting.agency)
        own = directory(cursor).agencies[acting.agency].kind if acting.agency else ""
    packs = [one for one in scenes.scenes().values() if one.open_for_matters and one.lead == own]
    context = {
        "runs": rows, "packs": packs, "known": scenes.scenes(), "may": may(acting, "start_import"),
        "may_export": may(acting, "export_matters"), "refused": refused, "largest": settings.LARGEST_UPLOAD,
        "chosen": request.POST.get("scene", ""),
    }  # fmt: skip
    return render(request, "imports.html", context, status=refused.status if refused else 200)


@require_GET
def template(request: HttpRequest, scene: str) -> HttpResponse:
    """An empty table with the right heads, and a note at each that says what belongs there."""
    columns = columns_for(scenes.scene(scene))
    notes = [
        "；".join([*([one.help.zh] if one.help else []), "、".join(o.label.zh for o in one.options)]).strip(
            "；"
        )
        for one in columns
    ]
    return _file(write_table(template_heads(columns), [], notes=notes), f"{scene}-template.xlsx", XLSX)


@require_GET
def one_import(request: HttpRequest, run: UUID) -> HttpResponse:
    return render(request, "import.html", _shown(request, _run(run)))


@require_POST
def step(request: HttpRequest, run: UUID) -> HttpResponse:
    """Check, or take, the next rows. The page asks for one step after another, and shows how far it is."""
    acting = acting_of(request)
    taking = request.POST.get("take") == "yes"
    found = take_import(acting, run) if taking else check_import(acting, run)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"/imports/{run}")
    return render(request, "parts/import.html", _shown(request, found, taking=taking))


@require_POST
def cancel(request: HttpRequest, run: UUID) -> HttpResponse:
    cancel_import(acting_of(request), run)
    return HttpResponseRedirect("/imports")


@require_GET
def bad_rows(request: HttpRequest, run: UUID) -> HttpResponse:
    heads, rows = refused_rows(acting_of(request), run)
    return _file(write_table(heads, rows, sheet="需要改正的行"), f"refused-{run}.xlsx", XLSX)


@require_GET
def export(request: HttpRequest, scene: str, form: str) -> HttpResponse:
    asked = request.GET
    made = export_matters(
        acting_of(request), scene, state=asked.get("state", ""), opened_from=_day(asked.get("from", "")),
        opened_to=_day(asked.get("to", "")),
    )  # fmt: skip
    heads = [column.title.zh for column in made.columns]
    if form == "csv":
        response = _file(write_csv(heads, made.rows), f"{scene}.csv", "text/csv; charset=utf-8")
    else:
        response = _file(write_table(heads, made.rows), f"{scene}.xlsx", XLSX)
    if made.cut:
        response.headers["X-Lianban-Cut"] = str(len(made.rows))
    return response


def _day(text: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _run(run: UUID) -> RunRow:
    with connection.cursor() as cursor:
        found = imports.run_of(cursor, run)
    if found is None:
        raise ImportNotFound
    return found


def _shown(request: HttpRequest, found: RunRow, *, taking: bool = False) -> dict[str, object]:
    with connection.cursor() as cursor:
        errors = imports.errors_in(cursor, found.id, SHOWN) if found.bad else []
    going = "check" if found.state == "checking" else "take" if taking and found.state == "checked" else ""
    checked = found.total - found.waiting
    done = found.taken if found.state in ("checked", "done") and (taking or found.taken) else checked
    return {"run": found, "errors": errors, "going": going, "checked": checked, "progress": done,
            "of": found.good + found.taken if found.taken or taking else found.total,
            "title": scenes.scene(found.scene).title, "may": may(acting_of(request), "start_import")}  # fmt: skip


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
