"""The report of a migration on a page: complete however many matters there are, a part a request, and as a file."""

from __future__ import annotations

import asyncio
import csv
import io
import json

import pytest
from officials import MONDAY
from test_scene_pages import BASE, DRAWING, SOURCE, save

# The step at which every matter begins has another id: who rests there cannot move, who is further on can.
GONE = SOURCE.replace('"draft"', '"drafting"').replace('formId="drafting"', 'formId="draft"').replace(
    'name="stage" value="drafting"', 'name="stage" value="draft"'
)  # fmt: skip
PART = 3


@pytest.fixture
def many(city, browse, monkeypatch):
    """Ten matters with a part of three, seven of which rest at the step that is gone; the judge, with a draft of it."""
    from lianban.doors.web import migration_reports

    monkeypatch.setattr(migration_reports, "AT_ONCE", PART)
    matters = [city.open(("police", "housing")) for _ in range(10)]
    for matter in matters[2:9:3]:
        city.send(matter)
    judge = browse("court.judge")
    assert json.loads(save(judge, GONE).content)["errors"] == 0
    return judge


def fields(page):
    """The hidden fields by which the page asks for the next part."""
    wanted = ("from", "to", "draft", "so_far", "map:draft")
    return {name: page.named(name)[-1]["value"] for name in wanted if page.named(name)}


def to_the_end(client, read, address):
    """The page, and every part that it asks for, as pages."""
    pages = [read(client.get(address))]
    while sent := fields(pages[-1]) if pages[-1].named("so_far") else None:
        response = client.post(f"{BASE}/report", sent, headers={"HX-Request": "true"})
        assert response.status_code == 200, response.content
        pages.append(read(response))
        assert len(pages) < 20
    return pages


def test_report_is_complete_beyond_one_part(city, many, read):
    """Part by part every matter is counted once: what moves, what stays and why, where they rest, as a whole plan says."""
    from django.db import connection

    from lianban.actions.plan_migration import Tally, plan_migration
    from lianban.engines.migration import route
    from lianban.engines.process import compile_bpmn
    from lianban.records import publications, scenes

    pages = to_the_end(many, read, f"{BASE}/publish/{DRAWING}")
    assert len(pages) == 4
    assert "3 / 10" in pages[0].text and "9 / 10" in pages[2].text
    assert "3 件可以迁移，7 件不能。" in pages[-1].text and " / 10" not in pages[-1].text
    assert "拟函（7）" in pages[-1].text or "（7）" in pages[-1].text
    with city.acting_as("court.judge") as acting, connection.cursor() as cursor:
        drawing = publications.live(cursor, "assistance", DRAWING).drawing
        way = route(scenes.graph_of(cursor, drawing), compile_bpmn(GONE.encode(), source="x"))
        whole, parts = Tally(), Tally()
        whole.go_on(plan_migration(drawing, way, acting.now), 1_000)
        while not parts.done:
            # Carried as the page carries it.
            parts = Tally.from_dict(json.loads(json.dumps(parts.as_dict())))
            parts.go_on(plan_migration(drawing, way, acting.now, PART, parts.last), PART)
    assert whole == parts and (whole.moves, whole.kept, whole.done) == (3, 7, True)
    assert [(obstacle.code, obstacle.element, count) for obstacle, count in whole.why()] == [
        ("removed", "draft", 7)
    ]
    assert whole.rests["draft"] == 7


def test_what_a_page_carries_does_not_grow(city, many, read):
    """What is carried from part to part depends on the drawing, not on how many matters were looked at."""
    sizes = [len(fields(page)["so_far"]) for page in to_the_end(many, read, f"{BASE}/publish/{DRAWING}")[:-1]]
    for _ in range(12):
        city.open(("police",))
    more = [len(fields(page)["so_far"]) for page in to_the_end(many, read, f"{BASE}/publish/{DRAWING}")[:-1]]
    assert len(more) == len(sizes) + 4
    # Named matters are at most twenty; here each of the first costs some bytes.
    assert max(more) < max(sizes) + 20 * 90


def test_report_of_something_else_begins_anew(city, many, read):
    """What was carried for another draft, or was tampered with, counts for nothing: the report begins at the first."""
    first = fields(read(many.get(f"{BASE}/publish/{DRAWING}")))
    assert json.loads(save(many, SOURCE.replace("核验反馈", "核验与登记"), revision=1).content)["errors"] == 0
    changed = many.post(f"{BASE}/report", first | {"draft": "2"}, headers={"HX-Request": "true"})
    assert "3 / 10" in read(changed).text and "0 件不能" in read(changed).text
    forged = many.post(f"{BASE}/report", first | {"draft": "2", "so_far": first["so_far"][:-2] + "xx"})
    assert "3 / 10" in read(forged).text
    assert many.post(f"{BASE}/report", first).status_code == 409  # that revision is not there any more


def test_page_without_scripts_goes_on(city, many, read):
    """Without scripts the next part is a page of its own."""
    page = read(many.post(f"{BASE}/report", fields(read(many.get(f"{BASE}/publish/{DRAWING}")))))
    assert "6 / 10" in page.text and page.all("h1")


def rows(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_file_names_every_matter(city, many, read):
    """The file holds every matter once with its reasons, for a draft and, with a map, between two versions."""
    link = next(
        tag["href"]
        for tag in read(many.get(f"{BASE}/publish/{DRAWING}")).all("a")
        if "report.csv" in tag["href"]
    )
    found = rows(many.get(link))
    assert {row["matter"] for row in found} == {str(key) for key in city.column("SELECT id FROM matter")}
    assert len(found) == 10 and [row["moves"] for row in found].count("no") == 7
    assert all(bool(row["reasons_zh"]) is bool(row["reasons_en"]) is (row["moves"] == "no") for row in found)
    many.post(f"{BASE}/publish/{DRAWING}", {"revision": "1", "reason": "改编号", "before": "1"})
    found = rows(many.get(f"{BASE}/report.csv?from=1&to=2&map:draft=drafting"))
    assert [row["moves"] for row in found] == ["yes"] * 10


def test_file_comes_in_pieces_from_the_server(city, many):
    """Under the server that is run, the file is an asynchronous stream, a piece a part: it is never gathered first."""
    from django.test import AsyncClient

    from lianban.doors.web.sessions import COOKIE
    from lianban.records.keys import encoded_key

    async def pieces():
        client = AsyncClient()
        client.cookies[COOKIE] = encoded_key(city.session("court.judge"))
        response = await client.get(f"{BASE}/report.csv?from=1&draft=1")
        assert response.is_async
        return [piece async for piece in response.streaming_content]

    found = asyncio.run(pieces())
    assert [piece.count(b"\r\n") for piece in found] == [1, 3, 3, 3, 1]


def test_map_is_offered_before_all_is_looked_at(city, many, read):
    """A step that is gone may be mapped although the first part met nobody who rests there."""
    many.post(f"{BASE}/publish/{DRAWING}", {"revision": "1", "reason": "改编号", "before": "1"})
    page = read(many.get(f"{BASE}/migrate?from=1"))
    assert [tag["name"] for tag in page.all("select")] == ["map:draft"]
    pages = to_the_end(many, read, f"{BASE}/migrate?from=1&map:draft=drafting")
    assert "10 件可以迁移，0 件不能。" in pages[-1].text


def test_restoring_shows_the_report_first(city, many, read):
    """An earlier version is brought back from a page that says what open matters could follow; whoever may not publish
    does not see it."""
    many.post(f"{BASE}/publish/{DRAWING}", {"revision": "1", "reason": "改编号", "before": "1"})
    city.open(("police",), at=MONDAY)
    pages = to_the_end(many, read, f"{BASE}/versions/1/{DRAWING}")
    assert "0 件可以迁移，1 件不能。" in pages[0].text and "恢复这一版" in pages[0].text


@pytest.mark.parametrize("username", ["court.seal_keeper", "police.liaison", "platform.auditor"])
def test_report_is_the_owners(city, many, browse, username):
    """Others get neither a part nor the file."""
    client = browse(username)
    asked = {"from": "1", "draft": "1"}
    assert client.post(f"{BASE}/report", asked).status_code == 403
    assert client.get(f"{BASE}/report.csv", asked).status_code == 403


@pytest.mark.parametrize(
    "asked", [{}, {"from": "1", "to": "1"}, {"from": "x", "to": "1"}, {"from": "1", "to": "9" * 40}]
)
def test_report_of_nothing_is_refused(city, many, asked):
    """Versions that are not there are told, not guessed."""
    assert many.post(f"{BASE}/report", asked).status_code == 404
    assert many.get(f"{BASE}/report.csv", asked).status_code == 404
