"""Who gets which page: every page for every role, in both languages, as a browser without scripts meets it."""

from __future__ import annotations

import re

import pytest

ROLES = {
    "court.judge": "judge", "court.clerk": "clerk", "court.seal_keeper": "seal_keeper", "court.recorder": "recorder",
    "police.liaison": "liaison", "police.handler_1": "handler", "tax.liaison": "liaison of a unit that is not asked",
    "political_legal.supervisor": "supervisor", "platform.auditor": "auditor",
}  # fmt: skip
LISTS = ("/", "/?heap=held", "/?q=2026&scene=assistance", "/letters", "/letters?side=sent&heap=all&overdue=1", "/matters",
         "/matters?state=open&q=协查", "/matters/recent", "/figures", "/figures?scene=observed", "/figures?of=hit_rate",
         "/figures/assistance/answered_in_time", "/figures/assistance/hit_rate?addressee=police&part=denominator",
         "/ledger", "/ledger?act=look", "/health", "/sign-in")  # fmt: skip
SEES_MATTER = {"court.judge", "court.clerk", "court.seal_keeper", "court.recorder", "police.liaison", "police.handler_1",
               "political_legal.supervisor"}  # fmt: skip
PARTS = ("stages", "steps", "letters", "parties", "content", "documents", "history", "ledger")


@pytest.fixture
def matter(city):
    """A matter whose letters are delivered; the police have answered."""
    made = city.open()
    city.send(made)
    city.sign_and_route(made, "police")
    city.answer(made, "police", "yes")
    city.sequence()
    return made


@pytest.mark.parametrize("username", ROLES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_lists_open_for_everybody(matter, browse, read, username, language):
    """Lists show each reader their own: no page of them is refused or broken."""
    client = browse(username, language)
    for address in LISTS:
        response = client.get(address, HTTP_ACCEPT="text/html")
        assert response.status_code == 200, (address, response.content[:500])
        if address != "/matters/recent":
            assert [tag["lang"] for tag in read(response).all("html")] == [
                "en" if language == "en" else "zh-Hans"
            ]


@pytest.mark.parametrize("username", ROLES)
def test_matter_opens_for_those_with_a_leg(city, matter, browse, username):
    """The matter's page, drawing and sections open for the lead, the units asked and the supervisor; nobody else
    learns that it exists."""
    wanted = 200 if username in SEES_MATTER else 404
    client = browse(username)
    for address in (f"/matters/{matter}", f"/matters/{matter}/drawing", f"/matters/{matter}/live.json",
                    *(f"/matters/{matter}/parts/{part}" for part in PARTS)):  # fmt: skip
        assert client.get(address).status_code == wanted, address
    assert client.get(f"/matters/{matter}/parts/nothing").status_code == 404


@pytest.mark.parametrize("username", ROLES)
def test_letter_opens_for_its_two_ends(city, matter, browse, username):
    """A letter is its sender's, its addressee's and the supervisor's."""
    letter = city.letter(matter, "police")
    response = browse(username).get(f"/letters/{letter}")
    assert response.status_code == (200 if username in SEES_MATTER else 404)


@pytest.mark.parametrize("username", ROLES)
def test_task_opens_for_its_agency(city, matter, browse, username):
    """A task of the court is the court's; the supervisor sees that it waits; the others are told that there is none."""
    response = browse(username).get(f"/tasks/{city.check_task(matter, 'police')}")
    sees = username.startswith("court.") or username == "political_legal.supervisor"
    assert response.status_code == (200 if sees else 404)


def test_supervisor_sees_no_party_and_no_answer(city, matter, browse, read):
    """What was asked about whom and what came back stays between the two ends of a letter."""
    client = browse("political_legal.supervisor")
    name = city.one("SELECT name FROM party WHERE matter_id = %s", matter)
    for address in (f"/tasks/{city.check_task(matter, 'police')}", f"/letters/{city.letter(matter, 'police')}",
                    *(f"/matters/{matter}/parts/{part}" for part in PARTS)):  # fmt: skip
        page = read(client.get(address))
        assert name not in page.text, address
        assert not page.named("decision"), address
    assert "还没有反馈" in read(client.get(f"/letters/{city.letter(matter, 'police')}")).text


def test_unknown_ids_are_not_found(browse, read):
    """An id that is nobody's is a page with words, in both languages, for every kind of thing."""
    nobody = "01a20cdf-357c-7aec-bb62-000000000000"
    for language, words in (("zh-hans", "找不到"), ("en", "There is no such")):
        client = browse("court.judge", language)
        for address in (
            f"/matters/{nobody}",
            f"/tasks/{nobody}",
            f"/letters/{nobody}",
            f"/documents/{nobody}",
        ):
            response = client.get(address)
            assert response.status_code == 404, address
            assert words in read(response).text, address
    assert browse("court.judge").get("/nothing-here").status_code == 404
    assert "没有这个页面" in read(browse("court.judge").get("/nothing-here")).text
    assert browse("court.judge").get("/figures/assistance/nothing").status_code == 404
    assert browse("court.judge").get("/matters/new/nothing").status_code == 404


def test_nobody_is_sent_to_the_sign_in(matter, browse):
    """Without a session every page but the open ones leads to the sign-in, and a part of a page says where to go."""
    client = browse("")
    for address in ("/", "/letters", f"/matters/{matter}", "/figures", "/ledger"):
        response = client.get(address)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/sign-in"), address
    part = client.get(f"/matters/{matter}/parts/steps", HTTP_HX_REQUEST="true")
    assert (part.status_code, part["HX-Redirect"]) == (204, "/sign-in")


def test_pages_carry_no_inline_script_or_style(city, matter, browse):
    """What the policy forbids is not sent either: no handler, no style attribute, no script without an address."""
    client = browse("court.judge")
    for address in (*LISTS, f"/matters/{matter}", f"/matters/{matter}/drawing", f"/tasks/{city.check_task(matter, 'police')}",
                    f"/letters/{city.letter(matter, 'police')}", *(f"/matters/{matter}/parts/{part}" for part in PARTS)):  # fmt: skip
        html = client.get(address, HTTP_ACCEPT="text/html").content.decode()
        assert not re.search(r"<[^>]+\s(style|on\w+)\s*=", html), address
        assert not re.search(r"<style|<script(?![^>]*(src=|type=\"application/json\"))", html), address
        assert not re.search(r"(src|href)=\"(https?:)?//", html), address


def test_policy_lets_nothing_from_elsewhere_run(matter, browse):
    """The policy allows scripts and styles of this server only; the drawing's page relaxes styles, not scripts."""
    usual = browse("court.judge").get(f"/matters/{matter}")["Content-Security-Policy"]
    assert "script-src 'self';" in usual
    assert "style-src 'self';" in usual
    drawn = browse("court.judge").get(f"/matters/{matter}/drawing")["Content-Security-Policy"]
    assert "script-src 'self';" in drawn
    assert "style-src 'self' 'unsafe-inline'" in drawn


def test_role_lands_where_its_day_begins(browse):
    """Tasks for most; supervised letters for a supervisor, the ledger for an auditor."""
    for username, target in (("court.judge", "/"), ("tax.handler_1", "/"), ("political_legal.supervisor", "/letters"),
                             ("platform.auditor", "/ledger")):  # fmt: skip
        assert browse(username).get("/home")["Location"] == target


def test_sign_in_and_out(city, browse, read):
    """The right password opens a session and leads to where one wanted to go; a wrong one says so and keeps the name."""
    from officials import PASSWORD

    client = browse("")
    response = client.post("/sign-in", {"username": "court.judge", "password": "wrong", "next": "/letters"})
    assert response.status_code == 403
    page = read(response)
    assert "用户名或密码不正确" in page.text
    assert [
        tag
        for tag in page.named("username")
        if tag.get("value") == "court.judge" and tag.get("id") == "username"
    ]
    response = client.post("/sign-in", {"username": "court.judge", "password": PASSWORD, "next": "/letters"})
    assert (response.status_code, response["Location"]) == (302, "/letters")
    assert client.get("/letters").status_code == 200
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/letters").status_code == 302
    away = client.post(
        "/sign-in", {"username": "court.judge", "password": PASSWORD, "next": "https://example.org/"}
    )
    assert away["Location"] == "/home"


def test_demo_people_are_offered_on_loopback_only(city, browse, read):
    """The people of the city's file stand first; from another address none is shown."""
    from django.test import Client

    page = read(browse("").get("/sign-in"))
    offered = [tag["value"] for tag in page.named("username") if tag.get("type") == "hidden"]
    assert offered[:5] == [
        "court.judge",
        "court.clerk",
        "court.seal_keeper",
        "court.president",
        "court.cashier",
    ]
    elsewhere = read(Client(REMOTE_ADDR="10.0.0.9").get("/sign-in"))
    assert not [tag for tag in elsewhere.named("username") if tag.get("type") == "hidden"]


def test_language_and_light_are_kept(browse, read):
    """Both are chosen by a button, without a script, and lead back to the page they were chosen on."""
    client = browse("court.judge")
    response = client.post("/language", {"language": "en", "next": "/letters"})
    assert response["Location"] == "/letters"
    assert "My tasks" in read(client.get("/")).text
    assert client.post("/theme", {"theme": "dark", "next": "https://example.org"})["Location"] == "/"
    assert read(client.get("/")).all("html")[0]["data-theme"] == "dark"
    client.post("/theme", {"theme": ""})
    assert "data-theme" not in read(client.get("/")).all("html")[0]


def test_officer_with_two_posts_changes_between_them(city, browse, read):
    """Another post of the officer is offered by name; choosing it opens a session in it and ends the old one."""
    from datetime import date

    other = city.post("court", "seal_keeper")
    row = city.one("SELECT id FROM officer WHERE username = 'court.judge'")
    columns = city.column(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'appointment' AND table_schema = 'public'"
    )
    assert {"officer_id", "post_id", "begins_on"} <= set(columns)
    city.superuser.execute(
        "INSERT INTO appointment (id, officer_id, post_id, begins_on) VALUES (gen_random_uuid(), %s, %s, %s)",
        [row, other, date(2020, 1, 1)],
    )
    from lianban.doors.web import context

    context._posts.clear()
    client = browse("court.judge")
    page = read(client.get("/"))
    assert [tag["value"] for tag in page.named("post")] == [str(other)]
    before = client.cookies["lianban"].value
    assert client.post("/post", {"post": str(other)}).status_code == 302
    assert client.cookies["lianban"].value != before
    assert "印章管理员" in read(client.get("/")).text
    context._posts.clear()


def test_recent_matters_come_from_own_looks(matter, browse, read):
    """What somebody looked at is listed for them and for no colleague."""
    client = browse("court.judge")
    assert read(client.get("/matters/recent")).text.strip() == ""
    client.get(f"/matters/{matter}/parts/parties")
    assert "一键事了" in read(client.get("/matters/recent")).text
    assert read(browse("court.clerk").get("/matters/recent")).text.strip() == ""


def test_broken_database_says_so_in_a_page(browse, read, monkeypatch):
    """An error of ours is a page with a number to tell, whole or as a part, and its details stay in the log."""
    from lianban.doors.web import matters

    def broken(*_args, **_kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(matters.matter_view, "heads", broken)
    for language, words in (("zh-hans", "系统出错"), ("en", "Something went wrong")):
        client = browse("court.judge", language)
        client.raise_request_exception = False
        response = client.get("/matters")
        assert response.status_code == 500
        assert words in read(response).text
        assert re.search(r"[0-9a-f]{8}", read(response).text)
        assert b"secret detail" not in response.content
        part = client.get("/matters", HTTP_HX_REQUEST="true")
        assert b"<html" not in part.content
        assert words in read(part).text


def test_missing_page_knows_its_reader(browse, read):
    """An address that is none shows the navigation and the reader's name like any page."""
    text = read(browse("court.judge").get("/nothing-here")).text
    assert "执行法官" in text
    assert "没有这个页面" in text


def test_official_letter_is_handed_out_and_verified(city, matter, browse, read):
    """Both ends of a letter can have its PDF; whoever holds one can ask, without a sign-in, whether it is genuine."""
    letter = city.letter(matter, "police")
    response = browse("police.handler_1").get(f"/letters/{letter}/letter.pdf")
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Disposition"].startswith("attachment")
    assert browse("tax.liaison").get(f"/letters/{letter}/letter.pdf").status_code == 404
    assert browse("political_legal.supervisor").get(f"/letters/{letter}/letter.pdf").status_code == 404
    number = city.one("SELECT number FROM letter WHERE id = %s", letter)
    digest = city.one("SELECT digest FROM printed_document WHERE number = %s", number)
    digest = digest.hex() if isinstance(digest, bytes) else digest
    nobody = browse("")
    page = read(nobody.get(f"/verify/{digest}", {"no": number}))
    assert "核验一致" in page.text
    assert "云澜市云湖区人民法院" in page.text
    wrong = nobody.get(f"/verify/{digest[:-1]}{'0' if digest[-1] != '0' else '1'}", {"no": number})
    assert wrong.status_code == 404
    assert "未查到这份文书" in read(wrong).text
    assert nobody.get("/verify/").status_code == 200


def test_judge_sees_what_is_to_be_approved(city, browse, read):
    """Before a letter exists, its approval shows the case, the basis, the questions and the units; other agencies
    never see what the matter was opened with."""
    made = city.open(("police", "housing"), questions=("household", "provident_fund"))
    city.do("court.clerk", made, "draft", {})
    page = read(browse("court.judge").get(f"/tasks/{city.task(made, 'approve')}"))
    for words in ("民间借贷纠纷", "查询被执行人财产", "户籍登记", "云澜市公安局"):
        assert words in page.text
    assert city.person().id_number not in page.text
    city.do("court.judge", made, "approve", {"decision": "approve"})
    city.do("court.seal_keeper", made, "seal", {"checked": True})
    shown = read(browse("police.liaison").get(f"/matters/{made}/parts/content"))
    assert "云澜市住房" not in shown.text
    assert "只有牵头单位可见" in shown.text
