"""The pages of registries: what stands on them, for whom, and that their buttons do what they say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from registry_city import now

CAR = ("云A12345", "某牌轿车", "2020-05-01")


@pytest.fixture
def browse(registry_city):
    from django.test import Client

    from lianban.doors.web.language import COOKIE as LANGUAGE
    from lianban.doors.web.sessions import COOKIE
    from lianban.records.keys import encoded_key

    def signed_in(username, language="zh-hans"):
        client = Client(enforce_csrf_checks=False, REMOTE_ADDR="127.0.0.1")
        client.cookies[LANGUAGE] = language
        client.cookies[COOKIE] = encoded_key(registry_city.city.session(username))
        return client

    return signed_in


def text(response):
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def test_registries_page(registry_city, browse):
    """Every registry with its agency, the fields that may leave, its as-of time; late and broken are said with why."""
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.put("taxpayers", as_of=now() - timedelta(days=5))
    registry_city.put("real_estate")
    registry_city.build()
    registry_city.put("real_estate", ("", "某人", "证", "坐落", "共有"))
    from lianban.actions.build_registries import look_at_registries

    registry_city.as_owner(lambda cursor: look_at_registries(cursor, now()))
    page = text(browse("court.judge").get("/registries"))
    for words in ("机动车登记库", "云澜市公安局", "号牌号码", "登记日期", "超过 48 小时为迟延", "数据时点早于约定的更新期限",
                  "数据表已更新，索引未重建", "单位原表，不留副本", "查询被执行人财产"):  # fmt: skip
        assert words in page, words
    assert "云A12345" not in page
    english = text(browse("police.liaison", "en").get("/registries"))
    for words in (
        "Motor vehicles",
        "Late after 48 hours".lower(),
        "its data is older than it promises",
        "Hits to check",
    ):
        assert words in english, words


def test_letter_page_of_an_automatic_answer(registry_city, browse):
    """The court sees that it is automatic, what the registry was, the warrant it rests on; reading it is kept."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    matter = registry_city.sent(questions=("vehicles", "household"))
    letter = city.letter(matter, "police")
    page = text(browse("court.judge").get(f"/letters/{letter}"))
    for words in (
        "自动反馈",
        "阶段反馈",
        "云A12345",
        "机动车登记库",
        "没有登记库可答",
        "查询授权",
        "随函",
        "已用 1 / 4 次",
    ):
        assert words in page, words
    assert city.rows("SELECT officer_id, times FROM answer_read") == [(city.officer("court.judge"), 1)]
    unit = text(browse("police.liaison").get(f"/letters/{letter}"))
    assert "谁读过反馈" in unit and "执行法官" in unit
    assert "随函" not in unit
    assert city.one("SELECT count(*) FROM answer_read") == 1, (
        "a unit that sees its own answer is no reader of it"
    )


def test_hits_page(registry_city, browse):
    """The unit's liaison decides on the page; another unit sees nothing; the look is in the ledger."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温青禾", *CAR))
    registry_city.build()
    matter = registry_city.sent()
    liaison = browse("police.liaison")
    page = text(liaison.get("/hits"))
    for words in ("温清和", "温青禾", "号码一致、姓名不符", "云A12345", "法院"):
        assert words in page, words
    assert registry_city.number() not in page
    assert registry_city.entries("look")[-1]["said"] == {"at": "hits"}
    assert "温青禾" not in text(browse("tax.liaison").get("/hits"))
    assert "温青禾" not in text(browse("court.judge").get("/hits"))
    task = city.task(matter, "confirm_hits", "police")
    assert "/hits" in text(liaison.get(f"/tasks/{task}"))
    assert "1 条数据碰撞命中" in text(liaison.get("/recalls"))
    hit = city.one("SELECT id FROM collision_hit")
    refused = liaison.post(f"/hits/{hit}", {"confirms": "yes", "reason": ""})
    assert refused.status_code == 422 or refused.status_code == 400
    liaison.post(f"/hits/{hit}", {"confirms": "no", "reason": "同号不同人"})
    assert city.one("SELECT state FROM collision_hit") == "rejected"
    assert "没有待核对的命中" in text(liaison.get("/hits"))


def test_recall_on_the_readers_page(registry_city, browse):
    """My tasks tells the reader of the recall with its reason, until it is acknowledged with what was done."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    matter = registry_city.sent()
    letter, judge = city.letter(matter, "police"), browse("court.judge")
    judge.get(f"/letters/{letter}")
    answer = registry_city.answers(matter, "police")[0]["id"]
    browse("police.liaison").post(
        f"/letters/{letter}/recall", {"answer": answer, "reason": "车辆已过户，登记滞后"}
    )
    part = text(judge.get("/recalls"))
    assert "车辆已过户，登记滞后" in part and "云澜市公安局" in part
    assert "车辆已过户" not in text(browse("court.seal_keeper").get("/recalls"))
    assert 'hx-get="/recalls"' in text(judge.get("/"))
    read = city.one("SELECT id FROM answer_read")
    judge.post(f"/recalls/{read}", {"remark": "未据此办理"})
    assert "车辆已过户" not in text(judge.get("/recalls"))
    assert "已知悉撤回" in text(browse("police.liaison").get(f"/letters/{letter}"))


def test_matter_section(registry_city, browse):
    """Warrants, what was asked and what was found beside letters; a refusal is said with its reason."""
    from test_warrants import collide, issue

    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    matter = city.open(("police",), ["vehicles"], at=now())
    judge = browse("court.judge")
    issued = issue(registry_city, matter)
    address = f"/matters/{matter}/parts/collisions"
    page = text(judge.get(address))
    assert "夜间查询" in page and f"/matters/{matter}/acts/collide_now/{issued}" in page
    assert "查询授权与数据碰撞" in text(judge.get(f"/matters/{matter}"))
    collide(registry_city, matter, issued)
    page = text(judge.get(address))
    assert "云A12345" in page and "温清和" in page and "查得 1 条" in page
    city.superuser.execute("UPDATE warrant SET revoked_at = now(), revoked_reason = '案件和解'")
    collide(registry_city, matter, issued)
    page = text(judge.get(address))
    assert "查询授权已撤销" in page and "案件和解" in page
    assert text(judge.get(f"/matters/{matter}/acts/issue_warrant"))


def test_alert_on_the_auditors_page(registry_city, browse):
    """The auditor alone sees the alert, and says what became of it."""
    from test_warrants import collide, follow_up, issue

    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    matter = city.open(("police",), ["vehicles"], at=now())
    city.superuser.execute("UPDATE matter SET state = 'closed', closed_at = now() - interval '1 hour'")
    follow_up(registry_city, matter, now())
    issued = issue(registry_city, matter, kind="follow_up", days=300)
    for _ in range(5):
        collide(registry_city, matter, issued)
    auditor = browse("platform.auditor")
    page = text(auditor.get("/registries"))
    assert "查询 5 次，设定 4 次" in page and "温清和" not in page
    assert "查询 5 次" not in text(browse("court.judge").get("/registries"))
    alert = city.one("SELECT id FROM query_alert")
    assert browse("court.judge").post(f"/alerts/{alert}", {"remark": "无妨"}).status_code == 403
    auditor.post(f"/alerts/{alert}", {"remark": "已向执行局核实"})
    assert city.one("SELECT remark, handled_by_id FROM query_alert") == (
        "已向执行局核实",
        city.officer("platform.auditor"),
    )
