"""The report of a migration on a page: complete for any number of matters, some thousands a request.

The first part comes with the page; the page then asks for the next by itself and shows how far it is. What has been
found is carried by the page, signed, so that nothing is stored for a report that may never be read to its end; its
size is that of the drawing. Every matter by name is in the file, which is written as it is read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core import signing
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from lianban.actions.acting import Acting
from lianban.actions.errors import DraftGone, DraftHasErrors, MatterNotFound, VersionNotFound
from lianban.actions.permissions import require
from lianban.actions.plan_migration import COLUMNS, Tally, newly_read, plan_migration
from lianban.actions.scene_files import DRAWING, examine, require_owner
from lianban.doors.web.reading import a_number, acting_of
from lianban.doors.web.scene_words import CHANGED, spoken
from lianban.doors.web.sessions import key_of
from lianban.engines.migration import ElementMap, Route, route
from lianban.engines.process import Graph
from lianban.records import drafts, migration_orders, scenes
from lianban.records.context import entered

AT_ONCE = 2_000
"""Matters one request looks at."""
_SALT = "lianban.migration-report"


@dataclass(frozen=True, slots=True)
class Report:
    """What a migration would do, for a page. ``asked`` are the fields by which the next part is asked for."""

    tally: Tally
    total: int
    """Open matters of the old version, those of other lead agencies included."""
    reasons: tuple[tuple[str, int], ...]
    changes: tuple[tuple[str, int], ...]
    newly_read: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    so_far: str

    @property
    def others(self) -> int:
        """Matters that only their own lead agencies may see."""
        return max(0, self.total - self.tally.looked_at) if self.tally.done else 0


def report(
    cursor: Any, acting: Acting, drawing: UUID, way: Route, asked: Mapping[str, object], so_far: str = ""
) -> Report:
    """The dry run over the matters that the reader may see, one part further than ``so_far``."""
    tally = _read(so_far, drawing, way)
    if not tally.done:
        tally.go_on(plan_migration(drawing, way, acting.now, AT_ONCE, tally.last), AT_ONCE)
    cursor.execute("SELECT lianban.open_matters(%s)", [drawing])
    total = cursor.fetchone()[0]
    return Report(
        tally, total, tuple((spoken(obstacle), count) for obstacle, count in tally.why()),
        tuple((str(CHANGED.get(key, key)), count) for key, count in tally.changes.items()), newly_read(way),
        tuple((name, str(value)) for name, value in asked.items()), _sealed(tally, drawing, way),
    )  # fmt: skip


def named(found: Report, graph: Graph) -> list[tuple[str, int]]:
    """Where the matters rest, by the names of the old drawing."""
    return [
        (graph.nodes[element].name or element if element in graph.nodes else element, count)
        for element, count in found.tally.rests.most_common()
    ]


def _of(drawing: UUID, way: Route) -> str:
    """What a report is of. A part of another one is not gone on with."""
    return f"{drawing} {way.new.hash} {sorted(way.elements.items())}"


def _sealed(tally: Tally, drawing: UUID, way: Route) -> str:
    return signing.dumps({"of": _of(drawing, way), "so_far": tally.as_dict()}, salt=_SALT, compress=True)


def _read(so_far: str, drawing: UUID, way: Route) -> Tally:
    """What the page has carried; from the beginning where that is of something else, too old, or not ours."""
    try:
        said = signing.loads(so_far, salt=_SALT, max_age=3600)
    except signing.BadSignature:
        return Tally()
    return Tally.from_dict(said["so_far"]) if said["of"] == _of(drawing, way) else Tally()


# --- the next part, and the file


def _asked(
    cursor: Any, acting: Acting, scene: str, given: Mapping[str, str]
) -> tuple[UUID, Route, dict[str, str]]:
    """The old version, the way, and the fields that said so: from a version to another one, or to the open draft."""
    require_owner(acting, cursor, scene)
    known = {version.number: version for version in migration_orders.versions(cursor, scene)}
    numbers = "、".join(str(number) for number in known) or "—"
    one = known.get(a_number(given.get("from", "")))
    if one is None:
        raise VersionNotFound(scene=scene, version=given.get("from", "")[:9] or "—", known=numbers)
    asked = {"from": str(one.number)}
    old = scenes.graph_of(cursor, one.id)
    if "draft" in given:
        draft = drafts.open_draft(cursor, scene, DRAWING)
        if draft is None or draft.revision != a_number(given["draft"]):
            raise DraftGone(file=DRAWING)
        examined = examine(cursor, scene, DRAWING, draft.content.encode("utf-8"))
        if examined.graph is None:
            first = examined.findings[0]
            raise DraftHasErrors(file=DRAWING, count=examined.errors, first_zh=first.zh, first_en=first.en)
        return one.id, route(old, examined.graph), asked | {"draft": str(draft.revision)}
    other = known.get(a_number(given.get("to", "")))
    if other is None or other.id == one.id:
        raise VersionNotFound(scene=scene, version=given.get("to", "")[:9] or "—", known=numbers)
    chosen = {name: value for name, value in given.items() if name.startswith("map:") and value}
    way = route(
        old, scenes.graph_of(cursor, other.id),
        ElementMap(elements={name.removeprefix("map:"): value for name, value in chosen.items()}),
    )  # fmt: skip
    return one.id, way, asked | {"to": str(other.number)} | chosen


@require_POST
def report_part(request: HttpRequest, scene: str) -> HttpResponse:
    """The report one part further, to take the place of the one that asked."""
    acting, pack = acting_of(request), scenes.scene(scene)
    require(acting, "save_draft")
    with connection.cursor() as cursor:
        drawing, way, asked = _asked(cursor, acting, scene, request.POST.dict())
        found = report(cursor, acting, drawing, way, asked, request.POST.get("so_far", ""))
    part = bool(request.headers.get("HX-Request"))
    context = {"pack": pack, "report": found, "rests": named(found, way.old)}
    return render(request, "parts/scene_report.html" if part else "scene_report.html", context)


@require_GET
def report_file(request: HttpRequest, scene: str) -> StreamingHttpResponse:
    """Every matter of the report as CSV, written as it is read: the file may be of any length, the memory is not."""
    acting = acting_of(request)
    require(acting, "save_draft")
    with connection.cursor() as cursor:
        drawing, way, asked = _asked(cursor, acting, scene, request.GET.dict())
    key = key_of(request)
    assert key is not None  # there is a reader
    parts = _parts(key, drawing, way)
    response = StreamingHttpResponse(
        _as_it_comes(parts) if isinstance(request, ASGIRequest) else parts,
        content_type="text/csv; charset=utf-8",
    )
    name = f"{scene}-{asked['from']}-{asked.get('to', 'draft')}"
    response.headers["Content-Disposition"] = f'attachment; filename="migration-{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _parts(key: bytes, drawing: UUID, way: Route) -> Iterator[bytes]:
    """The file in pieces. Each is a transaction of its own in the reader's session: who signs out gets no more."""
    after: UUID | None = None
    yield b"\xef\xbb\xbf" + _lines([list(COLUMNS)])
    while True:
        with entered(key) as identity:
            if identity is None:
                raise MatterNotFound
            found = islice(plan_migration(drawing, way, datetime.now(UTC), AT_ONCE, after), AT_ONCE)
            rows = [(one.matter, one.cells()) for one in found]
        if rows:
            after = rows[-1][0]
            yield _lines([cells for _, cells in rows])
        if len(rows) < AT_ONCE:
            return


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")


async def _as_it_comes(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same for the server, which would first gather all that comes from an ordinary iterator."""

    @sync_to_async
    def following() -> bytes | None:
        return next(parts, None)

    while (part := await following()) is not None:
        yield part
