"""The pages on which scenes are looked at and changed, as a browser without scripts meets them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from officials import MONDAY

SCENE = "assistance"
BASE = f"/scenes/{SCENE}"
DRAWING = "process.bpmn"
SOURCE = (Path(__file__).parents[2] / "scenes" / SCENE / DRAWING).read_text("utf-8")
RENAMED = SOURCE.replace(
    '<bpmn:userTask id="check" name="核验反馈">', '<bpmn:userTask id="check" name="核验与登记">'
)
WRONG_ROLE = SOURCE.replace("judge@lead", "juge@lead", 1)
TABLE = "decisions/grade.dmn"
DMN = (Path(__file__).parents[2] / "packages" / "feeldmn" / "tests" / "models" / "fees.dmn").read_text(
    "utf-8"
)
READERS = (
    "court.judge",
    "court.clerk",
    "court.seal_keeper",
    "police.liaison",
    "political_legal.supervisor",
    "platform.auditor",
)
OTHERS = {"court.seal_keeper": "LB-ACTIONS", "police.liaison": "LB-ACTIONS-040", "political_legal.supervisor": "LB-ACTIONS-040",
          "platform.auditor": "LB-ACTIONS"}  # fmt: skip


def save(client, text, revision=0, base=1, file=DRAWING):
    body = text.encode() if isinstance(text, str) else text
    return client.post(
        f"{BASE}/draft/{file}?revision={revision}&base={base}", body, content_type="application/xml"
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("username", READERS)
def test_scenes_are_shown_to_everybody(city, browse, read, username, language):
    """Anybody signed in may look at the scenes, their drawings and versions; only the owner sees how to change them."""
    client = browse(username, language)
    for address in ("/scenes", BASE, f"{BASE}/versions/1/{DRAWING}"):
        response = client.get(address)
        assert response.status_code == 200, (address, response.content[:300])
    page = read(client.get(BASE))
    edits = [tag for tag in page.all("a") if "/edit/" in (tag["href"] or "")]
    assert bool(edits) is (username in ("court.judge", "court.clerk"))
    assert client.get("/scenes/nothing").status_code == 404
    assert client.get(f"{BASE}/versions/9/{DRAWING}").status_code == 404


@pytest.mark.parametrize("username", OTHERS)
def test_others_are_refused_in_words(city, browse, read, username):
    """Whoever is not the owner's officer gets 403 at every address that changes something, with the reason."""
    assert save(browse("court.judge"), RENAMED).status_code == 200
    before = city.digests()
    client = browse(username)
    found = [
        client.get(f"{BASE}/edit/{DRAWING}"), client.get(f"{BASE}/publish/{DRAWING}"),
        client.post(f"{BASE}/publish/{DRAWING}", {"revision": "1", "reason": "试一试"}),
        client.post(f"{BASE}/discard/{DRAWING}", {"revision": "1"}),
        client.post(f"{BASE}/again/1/{DRAWING}", {"reason": "试一试"}), save(client, SOURCE, 1),
    ]  # fmt: skip
    assert [one.status_code for one in found] == [403] * len(found)
    for one in found[:-1]:
        assert OTHERS[username] in read(one).text
    assert json.loads(found[-1].content)["error"]["message"]
    assert city.digests() == before


def test_story_by_pages(city, browse, read):
    """A clerk saves with an error and mends it; the judge reads the difference and the report, publishes, migrates and
    takes it back."""
    from lianban.doors.jobs.worker import carry_out_orders

    city.open(at=MONDAY)
    clerk, judge = browse("court.clerk"), browse("court.judge")
    said = json.loads(save(clerk, WRONG_ROLE).content)
    assert said["revision"] == 1 and said["errors"] == 1
    assert [(one["element"], one["severity"]) for one in said["findings"] if one["severity"] == "error"] == [
        ("approve", "error")
    ]
    page = read(judge.get(f"{BASE}/publish/{DRAWING}"))
    assert "还有 1 处错误" in page.text and "juge@lead" in page.text
    said = json.loads(save(clerk, RENAMED, 1).content)
    assert {key: said[key] for key in ("revision", "base", "errors", "more")} == {
        "revision": 2,
        "base": 1,
        "errors": 0,
        "more": 0,
    }
    assert "第 2 次，基于第 1 版" in said["standing"]
    page = read(clerk.get(f"{BASE}/publish/{DRAWING}"))
    assert "不能发布" in page.text and not page.named("reason")
    page = read(judge.get(f"{BASE}/publish/{DRAWING}"))
    assert re.search(r"改动 用户任务“核验与登记” check\s*名称：核验反馈 → 核验与登记", page.text), page.text
    assert "1 件可以迁移，0 件不能" in page.text
    response = judge.post(f"{BASE}/publish/{DRAWING}", {"revision": "2", "reason": " ", "before": "1"})
    assert response.status_code == 400 or response.status_code == 422
    response = judge.post(
        f"{BASE}/publish/{DRAWING}", {"revision": "2", "reason": "统一名称", "before": "1", "migrate": "1"}
    )
    assert response.headers["Location"] == f"{BASE}/migrate?from=1"
    page = read(judge.get(f"{BASE}/migrate?from=1"))
    assert "1 件可以迁移" in page.text
    order = judge.post(f"{BASE}/migrate", {"from": "1", "reason": "随新版"}).headers["Location"]
    assert "进行中" in read(judge.get(order)).text
    with city.as_role("worker"):
        assert carry_out_orders() == 1
    page = read(judge.get(order))
    assert "1 件已移，0 件未移" in page.text and "退回这次迁移" in page.text
    assert "hx-get" not in judge.get(order, headers={"HX-Request": "true"}).content.decode()
    undo = judge.post(f"{order}/undo", {"reason": "新版有误"}).headers["Location"]
    with city.as_role("worker"):
        assert carry_out_orders() == 1
    assert "退回：第 2 版 → 第 1 版" in read(judge.get(undo)).text
    assert city.one("SELECT d.version FROM matter m JOIN drawing d ON d.id = m.drawing_id") == 1
    page = read(judge.get(f"{BASE}/versions/1/{DRAWING}"))
    assert "恢复这一版" in page.text
    response = judge.post(f"{BASE}/again/1/{DRAWING}", {"reason": "仍用旧版", "live": "2"})
    assert response.headers["Location"].startswith(BASE)
    assert "在用：第 3 版" in read(judge.get(BASE)).text


def test_conflict_is_told_and_nothing_overwritten(city, browse):
    """Two who edit at once: the second saving is 409 with who and when; the first one's text stands."""
    clerk, judge = browse("court.clerk"), browse("court.judge")
    assert save(judge, RENAMED).status_code == 200
    response = save(clerk, SOURCE)
    assert response.status_code == 409
    name = city.one("SELECT name FROM officer WHERE username = 'court.judge'")
    assert name in json.loads(response.content)["error"]["message"]
    assert city.column("SELECT content FROM draft") == [RENAMED]


def test_table_from_nothing(city, browse, read):
    """A table is begun on the scene's page, saved, published, shown as a table, changed, and compared by its rules."""
    judge = browse("court.judge")
    response = judge.get(f"{BASE}/new-table", {"name": "fees"})
    assert response.headers["Location"] == f"{BASE}/edit/decisions/fees.dmn"
    assert judge.get(f"{BASE}/new-table", {"name": "../x"}).status_code == 404
    page = read(judge.get(f"{BASE}/edit/decisions/fees.dmn"))
    assert "新文件" in page.text
    file = "decisions/fees.dmn"
    assert json.loads(save(judge, DMN, base=0, file=file).content)["errors"] == 0
    page = read(judge.get(f"{BASE}/publish/{file}"))
    assert "新增 “Filing fee”新增决策" in page.text and "立即用于所有以后的判定" in page.text
    assert judge.post(f"{BASE}/publish/{file}", {"revision": "1", "reason": "新规"}).status_code == 302
    changed = DMN.replace('label="Band"', 'label="Bracket"')
    save(judge, changed, base=1, file=file)
    page = read(judge.get(f"{BASE}/publish/{file}"))
    assert re.search(r"改动 “Filing fee”列：Band、.* → Bracket、", page.text), page.text
    page = read(browse("police.liaison").get(f"{BASE}/versions/1/{file}"))
    assert "Filing fee" in page.text and page.all("table")


def test_numbers_of_addresses_are_read_carefully(city, browse):
    """Nonsense for a number is no draft and no version: refused, never a fault of ours."""
    judge = browse("court.judge")
    for given in ("x", "-1", "9" * 30, "²", ""):
        assert judge.get(f"{BASE}/migrate", {"from": given}).status_code == 404
        assert save(judge, RENAMED, revision=given or "0").status_code in (200, 409)
        assert judge.post(f"{BASE}/discard/{DRAWING}", {"revision": given}).status_code in (302, 409)


def test_removed_step_can_be_mapped(city, browse, read):
    """Where matters rest at a step that is gone, the page offers the steps they may go on at, and plans again."""
    city.open(at=MONDAY)
    judge = browse("court.judge")
    gone = SOURCE.replace('"draft"', '"drafting"').replace(
        '<bpmn:userTask id="drafting"', '<bpmn:userTask id="drafting"'
    )
    gone = gone.replace('formId="drafting"', 'formId="draft"').replace(
        'name="stage" value="drafting"', 'name="stage" value="draft"'
    )
    said = json.loads(save(judge, gone).content)
    assert said["errors"] == 0, said
    page = read(judge.get(f"{BASE}/publish/{DRAWING}"))
    assert "0 件可以迁移，1 件不能" in page.text
    judge.post(f"{BASE}/publish/{DRAWING}", {"revision": "1", "reason": "改编号", "before": "1"})
    page = read(judge.get(f"{BASE}/migrate?from=1"))
    assert [tag["name"] for tag in page.all("select")] == ["map:draft"]
    page = read(judge.get(f"{BASE}/migrate?from=1&map:draft=drafting"))
    assert "1 件可以迁移，0 件不能" in page.text
    assert [tag["value"] for tag in page.named("map:draft") if tag.get("type") == "hidden"] == ["drafting"]


@pytest.mark.parametrize(
    ("file", "body", "status"),
    [
        (DRAWING, "<not-closed>", 422), (DRAWING, SOURCE.replace("?>", "?><!DOCTYPE x [<!ENTITY a 'b'>]>", 1), 422),
        (DRAWING, SOURCE.encode("utf-16"), 422), (DRAWING, "", 422), (DRAWING, b"\xff\x00", 422),
        (DRAWING, SOURCE + " " * 6_000_000, 413), (TABLE, SOURCE, 422), (TABLE, DMN + " " * 6_000_000, 413),
        (TABLE, DMN[:-40], 422), ("scene.yaml", "name: x", 404),
    ],
    ids=["broken", "entities", "utf-16", "empty", "bytes", "too large", "no table", "large table", "broken table", "other file"],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(city, browse, file, body, status):
    """A file that is no drawing or table is refused in words, and the draft that was there stays as it was."""
    judge = browse("court.judge")
    assert save(judge, RENAMED).status_code == 200
    before = city.digests()
    response = save(judge, body, 1 if file == DRAWING else 0, file=file)
    assert response.status_code == status, response.content
    said = json.loads(response.content)["error"]
    assert said["code"].startswith("LB-") and len(said["message"]) > 10
    assert city.digests() == before
    assert city.column("SELECT content FROM draft") == [RENAMED]


def test_many_errors_are_listed_and_counted(city, browse):
    """Of thousands of errors the first are shown and the rest is counted: an answer stays small."""
    strangers = "".join(f'<z:q xmlns:z="urn:z" id="q{n}"/>' for n in range(5_000))
    body = SOURCE.replace('<bpmn:startEvent id="start"', strangers + '<bpmn:startEvent id="start"', 1)
    response = save(browse("court.judge"), body)
    said = json.loads(response.content)
    assert response.status_code == 200 and len(said["findings"]) == 200 and said["more"] > 500
    assert len(response.content) < 200_000
