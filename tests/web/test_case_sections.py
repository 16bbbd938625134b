"""The sections of a case's page and the township's task, as each reader is shown them."""

from __future__ import annotations

import pytest
from case_making import LEAD, at, limited, open_case, terminate


@pytest.fixture
def read():
    """A response as its text."""
    return lambda response: response.content.decode()


@pytest.fixture
def case(city):
    """A case in which a township reported, a debtor is limited and to be listed, and somebody objects."""
    made = open_case(city, creditors=("金丝雀债权人",), firms=("云澜机电有限公司",))
    key = made.act(
        "push_to_township",
        {"township": "qingping", "party": made.party("沈砚"), "asked": "look_for_property"},
    )
    made.do("qingping.liaison", "collaborations.sign", {}, key)
    made.do("qingping.grid_worker", "collaborations.report", {**LEAD, "more": True}, key)
    made.act("limit_consumption", {"party": made.party("沈砚"), "capacity": "debtor"})
    made.act("list_debtor", {"party": made.party("沈砚"), "ground": "obstructs", "facts": "执行中持械抗拒"})
    made.act("file_objection", {"kind": "third_party", "objector": "孟案外", "request": "该车归我所有",
                                "received_on": "2026-03-02"})  # fmt: skip
    return made


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_sections_as_the_court_sees_them(city, browse, read, case, language):
    """Each section says what stands there and offers what comes next, in both languages."""
    client = browse("court.judge", language)
    parts = {name: read(client.get(f"/matters/{case.matter}/parts/{name}"))
             for name in ("collaborations", "listings", "objections", "closing")}  # fmt: skip
    for text in ("青坪村东三组", "沈砚", case.number, "/acts/agree_day/", "/acts/verify_lead/"):
        assert text in parts["collaborations"], text
    for text in ("沈砚", "执行中持械抗拒", "/acts/refuse_listing/", "/acts/end_limit/"):
        assert text in parts["listings"], text
    assert "孟案外" in parts["objections"]
    assert "238" in parts["objections"]
    assert "/acts/decide_objection/" in parts["objections"]
    missing = "missing" if language == "en" else "终本还缺"
    assert missing in parts["closing"]
    page = read(client.get(f"/matters/{case.matter}"))
    for code in ("push_to_township", "limit_consumption", "list_debtor", "file_objection", "close_matter"):
        assert f"/acts/{code}" in page
        assert client.get(f"/matters/{case.matter}/acts/{code}").status_code == 200, code


def test_sections_as_the_township_sees_them(city, browse, read, case):
    """Its own push; of listings, objections and closing nothing; of the other parties nothing."""
    client = browse("qingping.grid_worker")
    for name in (
        "collaborations",
        "listings",
        "objections",
        "closing",
        "parties",
        "history",
        "content",
        "clocks",
    ):
        text = read(client.get(f"/matters/{case.matter}/parts/{name}"))
        for hidden in ("金丝雀债权人", "孟案外", "执行中持械抗拒", "云澜机电", "买卖合同"):
            assert hidden not in text, (name, hidden)
    assert "沈砚" in read(client.get(f"/matters/{case.matter}/parts/collaborations"))


def test_task_of_the_township_shows_four_facts(city, browse, read, case):
    """Name, number, amount, question, and the form; the look is in the ledger with whom it showed."""
    client = browse("qingping.grid_worker")
    task = case.task("collaborations.report")
    text = read(client.get(f"/tasks/{task}"))
    for shown in ("沈砚", case.number, "摸排财产线索", "29,172.60", "青坪村东三组"):
        assert shown in text, shown
    for hidden in ("金丝雀债权人", "买卖合同", "民初88号", city.person(1).id_number[:6] + "*"):
        assert hidden not in text, hidden
    looked = city.rows(
        "SELECT subjects FROM ledger_entry WHERE act = 'look' AND agency_id = %s", city.agency("qingping")
    )
    assert any(str(one) == case.party("沈砚") for (subjects,) in looked for one in subjects)


def test_township_reports_by_its_form(city, browse, case):
    """A note with a telephone number comes back with its sentence and keeps what was typed; without it, it is taken."""
    client = browse("qingping.grid_worker")
    task = case.task("collaborations.report")
    data = {"found": "yes", "helper": "mediator", "kind": "machinery", "place": "青坪村西仓库", "quantity": "2", "measured": "piece",
            "note": "电话13812345678"}  # fmt: skip
    refused = client.post(f"/tasks/{task}", data)
    assert refused.status_code == 400
    text = refused.content.decode()
    assert "青坪村西仓库" in text
    assert "电话号码" in text
    assert client.post(f"/tasks/{task}", {**data, "note": "两台拖拉机"}).status_code == 302
    assert city.one("SELECT quantity::text, measured, note FROM property_lead WHERE kind = 'machinery'") == (
        "2.00", "piece", "两台拖拉机",
    )  # fmt: skip


def test_president_is_shown_what_is_signed(city, browse, read, case):
    """The task of the president shows debtor, ground, facts, term, and that the age was looked at."""
    text = read(browse("court.president").get(f"/tasks/{case.task('listings.sign')}"))
    for shown in ("沈砚", "执行中持械抗拒", "2 年", "已核对成年"):
        assert shown in text, shown


def test_bulletin_page(city, browse, read, case):
    """Sixteen townships in the order of their codes, counts only; a township is shown itself."""
    text = read(browse("political_legal.supervisor").get("/bulletin?month=2026-03"))
    assert "沈砚" not in text
    order = [
        text.index(name) for name in ("云湖街道办事处", "城东街道办事处", "青坪镇人民政府", "谷原乡人民政府")
    ]
    assert order == sorted(order)
    own = read(browse("liuxi.liaison").get("/bulletin?month=2026-03"))
    assert "柳溪镇" in own
    assert "青坪镇" not in own
    assert browse("court.judge").get("/bulletin?month=no").status_code == 200


def test_closing_shows_links_to_its_proofs(city, browse, read):
    """After 终本 the page shows every line with where its proof is read, and the query that comes next."""
    made = open_case(city)
    limited(made)
    terminate(made, moment=at("2026-06-03 10:00"))
    text = read(browse("court.judge").get(f"/matters/{made.matter}/parts/closing"))
    assert text.count("/documents/") >= 4
    for shown in ("终结本次执行程序", "2026-12-03", "无财产可供执行"):
        assert shown in text, shown
