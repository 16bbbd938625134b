"""The editors of drawings and tables in a real browser: an error at its element, mended, published, run by new matters."""

from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path

import pytest
from officials import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EDIT = "/scenes/assistance/edit/process.bpmn"
TABLE = "decisions/urgency.dmn"


def look(page, name: str) -> None:
    """A picture for whoever works on the pages: only where LIANBAN_PICTURES names a folder."""
    if folder := os.environ.get("LIANBAN_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def opened(page, address: str = EDIT):
    page.goto(address)
    page.wait_for_selector("#editor[data-ready=yes]")
    return page


def draw(page, script: str):
    """What a hand would do with the palette, through the modeler's own interface."""
    return page.evaluate(
        "(script) => new Function('get', script)((n) => document.getElementById('editor').modeler.get(n))",
        script,
    )


def saved(page, revision: int) -> None:
    page.keyboard.press("Control+s")
    page.wait_for_selector(f"#editor[data-revision='{revision}']")


def test_owner_changes_the_drawing(shown, person):
    """The clerk adds a task without a way out, sees the error at it, mends it; the judge reads what is different and
    what it means for open matters, publishes with a reason; a new matter runs the new version; others are refused."""
    clerk = opened(person("court.clerk", viewport={"width": 1440, "height": 900}))
    look(clerk, "editor")
    # A task is put between approval and its gateway, by a name and without a role that exists.
    draw(clerk, """
        const registry = get('elementRegistry'), modeling = get('modeling');
        const flow = registry.get('to_decision');
        const shape = get('elementFactory').createShape({ type: 'bpmn:UserTask' });
        const point = { x: flow.waypoints[0].x + 60, y: flow.waypoints[0].y + 160 };
        const made = modeling.createShape(shape, point, registry.get('assistance') ?? get('canvas').getRootElement());
        modeling.updateProperties(made, { id: 'confer', name: '合议' });
        modeling.reconnectEnd(flow, made, { x: made.x, y: made.y + 40 });
        get('selection').select(made);
    """)  # fmt: skip
    assert clerk.locator("#unsaved").is_visible()
    clerk.select_option("#property-role", "judge@lead")
    clerk.select_option("#property-form", "approve")
    saved(clerk, 1)
    # The gateway cannot be reached any more: the finding stands at the element and in the list.
    assert "approved" in clerk.get_attribute("#editor", "data-marked").split()
    assert clerk.locator("#editor .djs-element.found-error[data-element-id=approved]").count() == 1
    line = clerk.locator("#findings-list li[data-severity=error]", has_text="走不到").first
    line.locator("button").focus()
    clerk.keyboard.press("Enter")
    assert (
        draw(clerk, "return get('selection').get()[0].id")
        in clerk.get_attribute("#editor", "data-marked").split()
    )
    look(clerk, "editor-error")
    assert clerk.goto("/scenes/assistance/publish/process.bpmn").status == 200
    assert clerk.get_by_text("不能发布").first.is_visible()

    opened(clerk)
    draw(
        clerk,
        """
        const registry = get('elementRegistry');
        get('modeling').connect(registry.get('confer'), registry.get('approved'));
    """,
    )
    saved(clerk, 2)
    assert clerk.get_attribute("#findings", "data-errors") == "0"
    look(clerk, "editor-mended")

    judge = person("court.judge", viewport={"width": 1280, "height": 900})
    judge.goto("/scenes/assistance")
    look(judge, "scene")
    judge.get_by_role("link", name="比较并发布").click()
    page = judge.locator("main").inner_text()
    assert "合议" in page and "新增" in page and "件可以迁移" in page
    look(judge, "publish")
    judge.fill("#reason", "合议后再审批")
    judge.get_by_role("button", name="确认发布").click()
    judge.wait_for_url("**/scenes/assistance?done=published*")
    assert judge.get_by_text("在用：第 2 版").is_visible()
    look(judge, "scene-published")

    matter = _new_matter(shown)
    judge.goto(f"/matters/{matter}")
    judge.locator("section", has_text="正在办理").get_by_text("合议").first.wait_for()

    _move_and_take_back(judge)

    other = person("tax.liaison")
    with person.expecting_complaints():
        assert other.goto(EDIT).status == 403
    assert other.get_by_text("只有所有者可以修改").is_visible()


def _move_and_take_back(judge) -> None:
    """Open matters are moved by the running worker while the page shows how far it is, and back; then the first
    version is brought back, as it was for the tests that follow."""
    judge.goto("/scenes/assistance")
    judge.get_by_role("link", name="迁移到在用版").click()
    judge.fill("#reason", "随新版办理")
    look(judge, "migrate")
    judge.get_by_role("button", name="下达迁移").click()
    judge.wait_for_url("**/orders/*")
    judge.locator("[data-order=finished]").wait_for(timeout=30_000)
    assert not judge.get_by_text("0 件已移").is_visible()
    look(judge, "order")
    judge.get_by_text("退回这次迁移").click()
    judge.fill("#reason", "新版有误")
    judge.get_by_role("button", name="下达退回").click()
    judge.get_by_role("heading", name="退回：第 2 版 → 第 1 版").wait_for()
    judge.locator("[data-order=finished]").wait_for(timeout=30_000)
    judge.goto("/scenes/assistance/versions/1/process.bpmn")
    judge.locator("#drawing .djs-element[data-element-id=draft]").wait_for()
    judge.get_by_text("恢复这一版").click()
    judge.fill("#reason", "仍用第 1 版")
    look(judge, "version")
    judge.get_by_role("button", name="恢复并发布").click()
    judge.get_by_text("在用：第 3 版").wait_for()


def _new_matter(shown) -> str:
    """Open a matter, draft and approve it, as programs of the court do; it then waits at the next step."""
    keys = {}

    def call(who: str, address: str, body: object = None):
        if who not in keys:
            keys[who] = ""
            keys[who] = call(who, "/sessions", {"username": who, "password": PASSWORD})["key"]
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {keys[who]}"}
        sent = urllib.request.Request(
            f"{shown.address}/api/v1{address}", json.dumps(body).encode() if body is not None else None,
            headers if keys[who] else {"Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(sent, timeout=20) as answer:
            return json.loads(answer.read())

    matter = call("court.clerk", "/matters", {"scene": "assistance", "data": shown.content})["id"]
    for who, data in (("court.clerk", {}), ("court.judge", {"decision": "approve"})):
        task = next(one["id"] for one in call(who, f"/matters/{matter}")["open_tasks"])
        call(who, f"/tasks/{task}/completion", {"data": data})
    return matter


def test_two_editors_at_once(shown, person):
    """Who saves second is told, keeps the drawing, may download it, and overwrites nothing."""
    address = "/scenes/observed/edit/process.bpmn"
    first, second = (
        opened(person(name, viewport={"width": 1280, "height": 900}), address)
        for name in ("court.judge", "court.clerk")
    )
    rename = "get('modeling').updateProperties(get('elementRegistry').filter((e) => e.type === 'bpmn:UserTask')[0], { name: '%s' })"
    draw(first, rename % "甲改的")
    saved(first, 1)
    draw(second, rename % "乙改的")
    with person.expecting_complaints():
        second.keyboard.press("Control+s")
        second.get_by_text("没有保存").wait_for()
    assert second.locator("#unsaved").is_visible()
    with second.expect_download() as caught:
        second.get_by_role("button", name="下载我的版本").click()
    assert "乙改的" in Path(caught.value.path()).read_text("utf-8")
    look(second, "conflict")
    with second.expect_navigation():
        second.get_by_role("button", name="打开对方的版本").click()
    second.wait_for_selector("#editor[data-ready=yes]")
    assert "甲改的" in second.evaluate("JSON.parse(document.getElementById('content').textContent)")


def test_nothing_is_lost_without_the_server(shown, person):
    """With the line cut or the session ended, saving says so and the drawing stays as it was drawn."""
    page = opened(person("court.judge", viewport={"width": 1280, "height": 900}))
    draw(
        page, "get('modeling').updateProperties(get('elementRegistry').get('check'), { name: '断线时改的' })"
    )
    with person.expecting_complaints():
        page.context.set_offline(True)
        page.keyboard.press("Control+s")
        page.get_by_text("服务器没有应答").wait_for()
        page.context.set_offline(False)
        kept = page.context.cookies()
        page.context.clear_cookies(name="lianban")
        page.keyboard.press("Control+s")
        page.get_by_text("登录已过期").wait_for()
    assert page.locator("#unsaved").is_visible()
    assert draw(page, "return get('elementRegistry').get('check').businessObject.name") == "断线时改的"
    page.context.add_cookies(kept)
    page.evaluate("document.getElementById('editor').modeler.get('commandStack').undo()")


def test_tables_in_the_editor(shown, person):
    """A new table, by keyboard: a cell that is no FEEL is shown at its cell, mended, saved again without an error."""
    page = person("court.judge", viewport={"width": 1280, "height": 900})
    with (
        person.expecting_complaints()
    ):  # dmn-js brings a build of its view library that says so on the console
        opened(page, f"/scenes/assistance/edit/{TABLE}")
    look(page, "table-new")
    page.locator("#editor .add-rule button").click()
    cell = page.locator("#editor td.input-cell[data-row-id]").first
    cell.click()
    page.keyboard.type("1 +")
    page.keyboard.press("Tab")
    page.keyboard.type('"高"')
    saved(page, 1)
    look(page, "table-error")
    assert int(page.get_attribute("#findings", "data-errors")) >= 1
    key = cell.get_attribute("data-element-id")
    assert page.locator(f"#editor [data-element-id={key}][data-found=error]").count() == 1
    line = page.locator("#findings-list li[data-severity=error]", has_text="不是正确的 FEEL").first
    line.locator("button").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("(key) => document.activeElement.closest(`[data-element-id=${key}]`)", arg=key)
    page.keyboard.press("Control+a")
    page.keyboard.type('"急"')
    page.locator("#editor td.annotation[data-row-id]").first.click()
    saved(page, 2)
    assert page.get_attribute("#findings", "data-errors") == "0"
    assert page.locator("#editor [data-found=error]").count() == 0


def test_phone_reads_only(shown, person):
    """On a phone the drawing and the findings can be read, and the page says that editing needs a wider screen."""
    page = opened(person("court.judge", viewport={"width": 390, "height": 844}))
    assert page.get_by_text("编辑需要更宽的屏幕").is_visible()
    assert not page.locator("#save").is_visible() and not page.locator(".djs-palette").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    look(page, "phone")
    page.goto("/scenes/assistance")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    look(page, "phone-scene")


def test_drawing_fits_after_the_window_changes(shown, person):
    """A phone that is turned, a window that is made small: the drawing is there, whole, inside of its frame."""
    page = person("court.judge", viewport={"width": 1280, "height": 900})
    page.goto("/scenes/assistance/versions/1/process.bpmn")
    page.locator("#drawing .djs-element[data-element-id=draft]").wait_for()
    for size in (
        {"width": 844, "height": 390},
        {"width": 390, "height": 844},
        {"width": 1280, "height": 1600},
    ):
        page.set_viewport_size(size)
        page.wait_for_timeout(400)
        frame = page.locator("#drawing").bounding_box()
        for element in ("start", "units_answer", "done"):
            box = page.locator(f"#drawing .djs-element[data-element-id={element}]").first.bounding_box()
            assert box["x"] >= frame["x"] - 1 and box["y"] >= frame["y"] - 1, (size, element)
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1, (size, element)
            assert box["y"] + box["height"] <= frame["y"] + frame["height"] + 1, (size, element)


MANY = """
WITH one AS (SELECT d.id AS drawing, a.id AS court FROM drawing d, agency a
              WHERE d.scene = 'observed' AND d.version = 1 AND a.code = 'court'),
made AS (INSERT INTO matter (id, scene, number, title, drawing_id, lead_agency_id, state, opened_at, recorded_at, last_event)
         SELECT uuidv7(), 'observed', 'X' || n, '观察', drawing, court, 'open', now(), now(), 0
           FROM one, generate_series(1, %s) n RETURNING id, lead_agency_id AS lead),
kept AS (INSERT INTO scope (id, matter_id, agency_id, element, kind, index, pending, total, variables, state)
         SELECT id, id, lead, 'observed', 'process', 0, 0, 0, '{}', 'open' FROM made)
INSERT INTO token (id, matter_id, agency_id, scope_id, element, state)
SELECT uuidv7(), id, lead, id, 'record', 'open' FROM made
"""


def test_report_of_more_than_one_part(shown, person, database_server):
    """With more matters than a request looks at, the page goes on by itself to the last one, and the file names all."""
    import psycopg

    count = 5_100
    with psycopg.connect(
        **database_server.dsn("super", shown.environment["LIANBAN_DATABASE_NAME"])
    ) as connection:
        # The rows belong to their matters alone; in what order they are written the foreign keys need not know.
        connection.execute("SET session_replication_role = replica")
        connection.execute(MANY, [count])
        total = connection.execute(
            "SELECT count(*) FROM matter WHERE scene = 'observed' AND state = 'open'"
        ).fetchone()[0]
    assert total >= count
    page = opened(
        person("court.judge", viewport={"width": 1280, "height": 900}), "/scenes/observed/edit/process.bpmn"
    )
    revision = int(page.evaluate("JSON.parse(document.getElementById('words').textContent).revision"))
    draw(
        page,
        "get('modeling').updateProperties(get('elementRegistry').get('record'), { name: '记录活动及时间' })",
    )
    saved(page, revision + 1)
    page.goto("/scenes/observed/publish/process.bpmn", wait_until="commit")
    page.locator("[data-report=going] progress").wait_for()
    look(page, "report-going")
    page.locator("[data-report=done]").wait_for(timeout=60_000)
    assert page.get_by_text(f"{total} 件可以迁移，0 件不能。").is_visible()
    assert page.get_by_text(f"（{total}）").count() == 1
    look(page, "report-done")
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载逐件报告").click()
    assert len(Path(caught.value.path()).read_text("utf-8-sig").splitlines()) == total + 1
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    look(page, "report-phone")


AXE = Path(__file__).resolve().parents[2] / "frontend" / ".parts" / "axe-core" / "axe.min.js"
# What bpmn-js and dmn-js draw inside of the editing area is theirs; the area itself, and all around it, is ours.
RUN = """() => axe.run({exclude: [['#editor > *'], ['#drawing > *']]},
    {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})
  .then(({violations}) => violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target + ' ' + (n.any[0]?.message ?? '')).slice(0, 3).join(' | ')}`))"""


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_scene_pages_are_accessible(shown, person, language):
    """WCAG 2.2 AA in four lights and widths of each page of scenes, the editor with findings among them."""
    page = opened(
        person("court.judge", language, viewport={"width": 1280, "height": 900}),
        "/scenes/observed/edit/process.bpmn",
    )
    revision = int(page.evaluate("JSON.parse(document.getElementById('words').textContent).revision"))
    draw(page, """
        const task = get('elementRegistry').filter((e) => e.type === 'bpmn:UserTask')[0];
        get('modeling').updateProperties(task, { name: task.businessObject.name + '*' });
        get('modeling').appendShape(task, { type: 'bpmn:Task' }, { x: task.x + 50, y: task.y + 200 });
    """)  # fmt: skip
    saved(page, revision + 1)
    found, runs = [], 0
    addresses = ["/scenes", "/scenes/assistance", "/scenes/assistance/versions/1/process.bpmn", "/scenes/observed/edit/process.bpmn",
                 "/scenes/observed/publish/process.bpmn", f"/scenes/assistance/edit/{TABLE}"]  # fmt: skip
    page.emulate_media(reduced_motion="reduce")
    for address in addresses:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            with person.expecting_complaints() if address.endswith("dmn") else _nothing():
                page.goto(address)
                if "/edit/" in address:
                    page.wait_for_selector("#editor[data-ready=yes]", state="attached")
                page.wait_for_timeout(300)
            page.evaluate(AXE.read_text("utf-8"))
            wide = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{address} {width}: {wide} px wide"] if wide > width else []
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                runs += 1
                found += [f"{address} {width} {scheme}: {one}" for one in page.evaluate(RUN)]
                if language == "zh-CN":
                    look(page, f"axe{addresses.index(address)}-{width}-{scheme}")
            page.emulate_media(color_scheme="light")
    assert found == []
    assert runs == 4 * len(addresses)


class _nothing:
    def __enter__(self):
        return None

    def __exit__(self, *_):
        return None
