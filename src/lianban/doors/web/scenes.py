"""Scenes: the list, the page of one with its versions, and the migration of its open matters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianban.actions.errors import MigrationNotFound, SceneFileUnknown, VersionNotFound
from lianban.actions.order_migration import order_migration, order_roll_back
from lianban.actions.permissions import may
from lianban.actions.publish_again import publish_again
from lianban.actions.scene_files import DRAWING, examine, owns, require_owner
from lianban.doors.web.migration_reports import named, report
from lianban.doors.web.reading import a_number, acting_of
from lianban.doors.web.scene_words import STATUS, differences, finding, standing, table_differences
from lianban.engines.errors import LianbanError
from lianban.engines.migration import ElementMap, compare, route
from lianban.engines.process import Graph, Kind
from lianban.engines.scenes import Scene
from lianban.engines.scenes.abilities import HUMAN_ACTIONS, SERVICE_TYPES
from lianban.engines.scenes.clocks import known_clocks
from lianban.engines.scenes.decisions import decision_ids
from lianban.engines.scenes.table_view import compare_tables, tables_shown
from lianban.records import drafts, migration_orders, people, publications, scenes
from lianban.records.directory import directory
from lianban.records.publications import Publication

RESTING = frozenset(
    {Kind.USER, Kind.SERVICE, Kind.MESSAGE, Kind.SIGNAL, Kind.TIMER, Kind.EVENT_BASED, Kind.SUBPROCESS}
)
"""Where matters may rest: offered for the map while the report has not looked at all of them."""


@require_GET
def scene_list(request: HttpRequest) -> HttpResponse:
    acting = acting_of(request)
    with connection.cursor() as cursor:
        open_drafts: dict[str, int] = {}
        for draft in drafts.open_drafts(cursor):
            open_drafts[draft.scene] = open_drafts.get(draft.scene, 0) + 1
        lines = [
            {"pack": pack, "status": STATUS[pack.status.value], "live": publications.live(cursor, name, DRAWING),
             "tables": len(publications.live_tables(cursor, name)), "drafts": open_drafts.get(name, 0),
             "mine": owns(acting, cursor, name)}
            for name, pack in scenes.scenes().items()
        ]  # fmt: skip
    return render(request, "scenes.html", {"lines": lines})


@require_GET
def scene_page(request: HttpRequest, scene: str) -> HttpResponse:
    acting, pack = acting_of(request), scenes.scene(scene)
    with connection.cursor() as cursor:
        mine = owns(acting, cursor, scene)
        published = publications.published(cursor, scene)
        opened = {draft.file: draft for draft in drafts.open_drafts(cursor, scene)}
        versions = {version.number: version for version in migration_orders.versions(cursor, scene)}
        orders = migration_orders.orders(cursor, scene)
        live = publications.live(cursor, scene, DRAWING)
        wrong = _wrong(cursor, scene, live)
        officers = [one.officer for one in published] + [draft.officer for draft in opened.values()]
        officers += [order.officer for order in orders]
        names, agencies = people.names(cursor, officers), directory(cursor).agencies
        tables = publications.live_tables(cursor, scene)
    numbers = {version.id: version.number for version in versions.values()}
    drawings, draft = [one for one in published if one.file == DRAWING], opened.get(DRAWING)
    context = {
        "pack": pack, "status": STATUS[pack.status.value], "mine": mine, "owners": owners(agencies, pack), "live": live, "wrong": wrong,
        "may_edit": mine and may(acting, "save_draft"), "may_publish": mine and may(acting, "publish_draft"),
        "may_migrate": mine and may(acting, "migrate_matters"),
        "draft": draft, "standing": standing(draft, names.get(draft.officer, "")) if draft else "", "names": names, "agencies": agencies,
        "tables": [{"file": file, "number": number, "draft": opened.get(file)} for file, (number, _) in tables.items()]
        + [{"file": file, "number": 0, "draft": other} for file, other in opened.items()
           if file != DRAWING and file not in tables],
        "drawings": [(one, versions.get(one.number), live is not None and one.number == live.number) for one in drawings],
        "earlier_tables": [(one, tables.get(one.file, (0, ""))[0] == one.number) for one in published
                           if one.file != DRAWING and not one.withdrawn],
        "orders": [(one, numbers.get(one.from_drawing), numbers.get(one.to_drawing)) for one in orders],
        "stages": pack.stages, "forms": pack.forms, "clocks": pack.clocks,
    }  # fmt: skip
    return render(request, "scene.html", context)


def owners(agencies: Mapping[Any, Any], pack: Scene) -> list[Any]:
    """The agencies of the kind that owns the scene; at most three are named."""
    return [agency for agency in agencies.values() if agency.kind == pack.owner][:3]


def _wrong(cursor: Any, scene: str, live: Publication | None) -> int:
    """How many errors the live drawing has beside the scene as its folder is today: a new folder may not fit it."""
    if live is None:
        return 0
    text = publications.text_of(cursor, live)
    return examine(cursor, scene, DRAWING, text.encode("utf-8")).errors


@require_GET
def version_page(request: HttpRequest, scene: str, number: int, file: str) -> HttpResponse:
    """A version as it was published, read-only, with what is different in the live one."""
    acting, pack = acting_of(request), scenes.scene(scene)
    with connection.cursor() as cursor:
        one = publications.version(cursor, scene, file, number)
        if one is None or one.withdrawn:
            raise SceneFileUnknown(scene=scene, file=f"{file[:60]} v{number}")
        live = publications.live(cursor, scene, file)
        text = publications.text_of(cursor, one)
        lines, found, rests = [], None, []
        mine = owns(acting, cursor, scene)
        may_publish = mine and may(acting, "publish_again")
        if live is not None and live.number != number:
            lines = file_differences(cursor, file, one, publications.text_of(cursor, live), live)
            if may_publish and live.drawing is not None and one.drawing is not None:
                # To restore it is to publish it: what open matters could follow is known before.
                way = route(scenes.graph_of(cursor, live.drawing), scenes.graph_of(cursor, one.drawing))
                found = report(cursor, acting, live.drawing, way, {"from": live.number, "to": number})
                rests = named(found, way.old)
        names = people.names(cursor, [one.officer])
        examined = examine(cursor, scene, file, text.encode("utf-8"))
    context = {
        "pack": pack, "one": one, "live": live, "file": file, "lines": lines, "names": names,
        "is_drawing": file == DRAWING, "text": text, "may_publish": may_publish, "report": found, "rests": rests,
        "tables": tables_shown(text.encode("utf-8")) if file != DRAWING else (),
        "findings": [finding(each) for each in examined.findings if each.severity == "error"],
    }  # fmt: skip
    response = render(request, "scene_version.html", context)
    response.shows_drawing = file == DRAWING
    return response


def file_differences(
    cursor: Any, file: str, before: Publication | None, text: str, after: Publication | None = None,
    graph: Graph | None = None,
) -> list[Any]:  # fmt: skip
    """What is different from one version of a file to another, given as a publication or as a text (with its graph)."""
    if file != DRAWING:
        old = publications.text_of(cursor, before).encode("utf-8") if before and not before.withdrawn else b""
        return table_differences(compare_tables(old, text.encode("utf-8")))
    if before is None or before.drawing is None:
        return []
    new = scenes.graph_of(cursor, after.drawing) if after is not None and after.drawing is not None else graph
    assert new is not None
    old_graph = scenes.graph_of(cursor, before.drawing)
    return differences(compare(old_graph, new), old_graph, new)


@require_POST
def publish_earlier(request: HttpRequest, scene: str, number: int, file: str) -> HttpResponse:
    reason, seen = request.POST.get("reason", ""), a_number(request.POST.get("live", ""))
    publish_again(acting_of(request), scene, file, number, reason, seen)
    return HttpResponseRedirect(f"/scenes/{scene}?done=published")


# --- migration


@require_http_methods(["GET", "POST"])
def migrate(request: HttpRequest, scene: str) -> HttpResponse:
    """The report of moving the open matters of one version to the live one, and the order to do so."""
    acting, pack = acting_of(request), scenes.scene(scene)
    given = request.POST if request.method == "POST" else request.GET
    refused: LianbanError | None = None
    with connection.cursor() as cursor:
        require_owner(acting, cursor, scene)
        live = publications.live(cursor, scene, DRAWING)
        known = migration_orders.versions(cursor, scene)
        number = a_number(given.get("from", ""))
        one = next((version for version in known if version.number == number), None)
        if one is None or live is None or live.drawing is None or one.id == live.drawing:
            raise VersionNotFound(scene=scene, version=number, known=_others(known, live))
        old, new = scenes.graph_of(cursor, one.id), scenes.graph_of(cursor, live.drawing)
        chosen = ElementMap(elements={key.removeprefix("map:"): value for key, value in given.items()
                                      if key.startswith("map:") and value})  # fmt: skip
        if request.method == "POST":
            try:
                key = order_migration(acting, scene, number, live.number, chosen, given.get("reason", ""))
                return HttpResponseRedirect(f"/scenes/{scene}/orders/{key}")
            except LianbanError as error:
                refused = error
        asked = {"from": number, "to": live.number} | {f"map:{k}": v for k, v in chosen.elements.items()}
        found = report(cursor, acting, one.id, route(old, new, chosen), asked)
        gone = [
            {"node": node, "chosen": chosen.elements.get(node.id, ""),
             "choices": [other for other in new.nodes.values() if other.type == node.type]}
            for node in old.nodes.values()
            if node.id not in new.nodes
            and (node.id in found.tally.rests or node.id in chosen.elements or (not found.tally.done and node.kind in RESTING))
        ]  # fmt: skip
    context = {
        "pack": pack, "one": one, "live": live, "report": found, "gone": gone, "rests": named(found, old),
        "lines": differences(compare(old, new), old, new), "may_migrate": may(acting, "migrate_matters"),
        "refused": refused.text(get_language() or "zh") if refused else "", "reason": given.get("reason", ""),
    }  # fmt: skip
    return render(request, "scene_migrate.html", context, status=refused.status if refused else 200)


def _others(known: list[migration_orders.Version], live: Publication | None) -> str:
    return "、".join(str(v.number) for v in known if live is None or v.id != live.drawing) or "—"


@require_GET
def order_page(request: HttpRequest, scene: str, order: UUID) -> HttpResponse:
    """How far an order has come. The part with the figures is fetched again while it runs."""
    acting, pack = acting_of(request), scenes.scene(scene)
    with connection.cursor() as cursor:
        given = _order(cursor, scene, order)
        versions = {version.id: version.number for version in migration_orders.versions(cursor, scene)}
        undone = any(other.undoes == order for other in migration_orders.orders(cursor, scene))
        names = people.names(cursor, [given.officer])
        mine = owns(acting, cursor, scene)
    context = {
        "pack": pack, "order": given, "from": versions.get(given.from_drawing), "to": versions.get(given.to_drawing),
        "names": names, "may_undo": mine and may(acting, "migrate_matters") and not given.undoes and not undone
        and given.finished_at is not None and given.moved > 0,
    }  # fmt: skip
    part = bool(request.headers.get("HX-Request"))
    return render(request, "parts/scene_order.html" if part else "scene_order.html", context)


def _order(cursor: Any, scene: str, key: UUID) -> migration_orders.Order:
    given = migration_orders.order(cursor, key)
    if given is None or given.scene != scene:
        raise MigrationNotFound(migration=str(key))
    return given


@require_POST
def undo_order(request: HttpRequest, scene: str, order: UUID) -> HttpResponse:
    """Order the roll-back of a migration."""
    with connection.cursor() as cursor:
        _order(cursor, scene, order)
    key = order_roll_back(acting_of(request), order, request.POST.get("reason", ""))
    return HttpResponseRedirect(f"/scenes/{scene}/orders/{key}")


def offers(cursor: Any, pack: Scene) -> dict[str, Any]:
    """What an element of a drawing may name in this scene: for the editor's panel, in the reader's language."""
    language = get_language() or "zh"
    roles = [
        {"value": address, "label": f"{role.title.text(language)} · {address}"}
        for role in pack.roles.values()
        for address in role.addresses()
        if address.endswith(("@lead", "@branch"))
    ]
    return {
        "roles": roles,
        "forms": [{"value": code, "label": f"{form.title.text(language)} · {code}"} for code, form in pack.forms.items()],
        "actions": [{"value": code, "label": f"{code}" if language.startswith("en") else f"{title} · {code}"}
                    for code, title in HUMAN_ACTIONS.items()],
        "services": [{"value": code, "label": f"{code}" if language.startswith("en") else f"{title} · {code}"}
                     for code, title in SERVICE_TYPES.items()],
        "stages": [{"value": stage.code, "label": f"{stage.title.text(language)} · {stage.code}"} for stage in pack.stages],
        "letters": [{"value": code, "label": f"{kind.title.text(language)} · {code}"} for code, kind in pack.letters.items()],
        "clocks": [{"value": code, "label": code} for code in sorted(known_clocks(pack.clock_rules))],
        "decisions": [{"value": one, "label": one} for one in sorted(decision_ids(scenes.live_tables(cursor, pack.name)))],
    }  # fmt: skip
