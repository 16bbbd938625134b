"""Forms: nothing typed is lost, mistakes are told at their fields, and every command is a form that needs no script."""

from __future__ import annotations

from datetime import date, timedelta

import pytest


@pytest.fixture
def matter(city):
    """A matter that waits for the answer of the police."""
    made = city.open()
    city.send(made)
    city.sign_and_route(made, "police", handler="")
    return made


@pytest.fixture
def answering(city, matter):
    """The address of the task to answer."""
    return f"/tasks/{city.task(matter, 'answer', 'police')}"


def filled(text="温家坝路五号"):
    """An answer of the police as a browser sends it."""
    return {
        "result": "yes", "findings.household.found": "true", "findings.household.records.0.subject": "1",
        "findings.household.records.0.registered_address": text, "findings.household.records.0.registration_status": "正常",
        "as_of": "2026-03-02T08:30", "source": "人口登记系统", "signer": "陆知行",
    }  # fmt: skip


def test_mistakes_are_told_and_nothing_typed_is_lost(answering, browse, read):
    """A refused form comes back filled in, with a summary that leads to each mistake."""
    for language, words in (("zh-hans", "处需要改正"), ("en", "need correcting")):
        client = browse("police.handler_1", language)
        response = client.post(answering, filled() | {"signer": "", "source": ""})
        assert response.status_code == 422
        page = read(response)
        assert words in page.text
        assert [tag["value"] for tag in page.named("findings.household.records.0.registered_address")] == [
            "温家坝路五号"
        ]
        assert [tag["value"] for tag in page.named("as_of")] == ["2026-03-02T08:30"]
        assert next(tag for tag in page.named("result") if "checked" in tag)["value"] == "yes"
        wrong = {tag["id"] for _, tag in page.tags if "aria-invalid" in tag}
        assert wrong == {"f-signer", "f-source"}
        assert {"#f-signer", "#f-source"} <= {tag.get("href") for tag in page.all("a")}


def test_adding_a_row_needs_no_script(answering, browse, read):
    """The button that adds a row draws the form again with one row more, and sends nothing off."""
    client = browse("police.handler_1")
    response = client.post(answering, filled() | {"grow": "findings.household.records"})
    assert response.status_code == 200
    page = read(response)
    assert [tag["value"] for tag in page.named("findings.household.records.0.registered_address")] == [
        "温家坝路五号"
    ]
    assert [tag["value"] for tag in page.named("findings.household.records.1.registered_address")] == [""]


def test_answer_is_sent_and_shown(city, matter, answering, browse, read):
    """A right answer goes through; the court reads it in the words of the form, by the letter's page."""
    clerk = browse("police.handler_1")
    response = clerk.post(answering, filled())
    assert response.status_code == 302
    assert "已提交：反馈" in read(clerk.get(response["Location"])).text
    assert (
        "请致电" not in read(clerk.get("/?done=请致电")).text
    )  # the address puts no words of its own on the page
    page = read(browse("court.judge").get(f"/letters/{city.letter(matter, 'police')}"))
    for words in ("温家坝路五号", "户籍登记", "人口登记系统", "2026-03-02 08:30", "陆知行"):
        assert words in page.text


def test_second_of_two_clerks_is_told_and_keeps_the_text(city, matter, answering, browse, read):
    """Both have the form open; the second learns who was first and still has what was typed."""
    first, second = browse("police.handler_1"), browse("police.handler_2")
    assert first.get(answering).status_code == second.get(answering).status_code == 200
    assert first.post(answering, filled("第一份")).status_code == 302
    response = second.post(answering, filled("第二份"))
    assert response.status_code == 409
    page = read(response)
    assert "没有提交" in page.text
    assert [tag["value"] for tag in page.named("findings.household.records.0.registered_address")] == [
        "第二份"
    ]
    assert city.one("SELECT count(*) FROM answer WHERE matter_id = %s", matter) == 1
    english = read(browse("police.handler_2", "en").post(answering, filled("第二份")))
    assert "was already completed" in english.text


def test_answer_after_withdrawal_is_refused(city, matter, answering, browse, read):
    """The court took the letter back while the form was open: nothing is sent, the text is still there."""
    clerk = browse("police.handler_1")
    clerk.get(answering)
    letter = city.letter(matter, "police")
    assert (
        browse("court.judge").post(f"/letters/{letter}/withdraw", {"reason": "案件已和解"}).status_code == 302
    )
    response = clerk.post(answering, filled())
    assert response.status_code in (404, 409)
    assert "撤回" in read(response).text or "找不到" in read(response).text
    assert city.one("SELECT count(*) FROM answer WHERE matter_id = %s", matter) == 0


def test_answer_recalled_and_given_again(city, matter, answering, browse, read):
    """A recalled answer stays, marked; the unit answers anew; recalling without a reason is refused in words."""
    client = browse("police.handler_1")
    client.post(answering, filled("写错了的地址"))
    letter = city.letter(matter, "police")
    answer = city.one("SELECT id FROM answer WHERE matter_id = %s", matter)
    refused = client.post(f"/letters/{letter}/recall", {"answer": str(answer), "reason": ""})
    assert refused.status_code == 400
    assert "理由" in read(refused).text
    assert (
        client.post(f"/letters/{letter}/recall", {"answer": str(answer), "reason": "同名误中"}).status_code
        == 302
    )
    # The task of before is done; a form that was still open on it does not overwrite anything.
    assert client.post(answering, filled()).status_code == 409
    again = f"/tasks/{city.task(matter, 'answer', 'police')}"
    assert client.post(again, filled("正确的地址")).status_code == 302
    page = read(browse("court.judge").get(f"/letters/{letter}"))
    assert "写错了的地址" in page.text
    assert "同名误中" in page.text
    assert "正确的地址" in page.text


def test_commands_beside_the_form(city, matter, answering, browse, read):
    """Claim, release, hold and take off hold, hand over, ask for and give a countersignature, send back."""
    client = browse("police.handler_1")
    task = answering.rsplit("/", 1)[1]
    assert client.post(f"{answering}/claim").status_code == 302
    assert "我已领办" in read(client.get("/")).text
    assert "已领办" not in read(browse("police.handler_2").get("/")).text
    client.post(f"{answering}/release")
    later = (date.today() + timedelta(days=5)).isoformat()
    assert client.post(f"{answering}/hold", {"until": later, "reason": "等待分局回函"}).status_code == 302
    assert answering not in client.get("/").content.decode()
    held = read(client.get("/?heap=held"))
    assert f"{later} 恢复" in held.text
    client.post(f"{answering}/resume")
    assert answering in client.get("/").content.decode()
    past = client.post(f"{answering}/hold", {"until": "2026-01-01", "reason": "等待分局回函"})
    assert past.status_code == 409
    assert client.post(f"{answering}/ask-countersign", {"posts": ["liaison"]}).status_code == 302
    assert client.post(answering, filled()).status_code == 409
    liaison = browse("police.liaison")
    assert "等我会签" in read(liaison.get("/")).text
    assert liaison.post(f"{answering}/countersign", {"agrees": "yes"}).status_code == 302
    assert client.post(f"{answering}/send-back", {"reason": "应由二岗办理"}).status_code == 302
    assert city.open_tasks(matter) == [("housing", "sign"), ("police", "route")]
    route = f"/tasks/{city.task(matter, 'route', 'police')}"
    assert (
        liaison.post(f"{route}/hand-over", {"post": "handler_2", "reason": "联络员休假"}).status_code == 302
    )
    assert route in browse("police.handler_2").get("/").content.decode()
    assert client.post(f"/tasks/{task}/nothing").status_code == 404


def test_commands_of_a_letter(city, matter, browse, read):
    """The court reminds and withdraws; the supervisor supervises; neither does the other's."""
    letter = f"/letters/{city.letter(matter, 'housing')}"
    assert browse("court.judge").post(f"{letter}/remind", {"reason": ""}).status_code == 302
    assert (
        browse("political_legal.supervisor").post(f"{letter}/supervise", {"reason": "请尽快签收"}).status_code
        == 302
    )
    assert browse("police.liaison").post(f"{letter}/remind").status_code in (403, 404)
    assert browse("court.judge").post(f"{letter}/supervise", {"reason": "请尽快"}).status_code == 403
    page = read(browse("court.judge").get(letter))
    assert "督办于" in page.text
    assert "催办次数" in page.text
    assert (
        browse("court.judge").post(f"/matters/{matter}/withdraw", {"reason": "当事人和解"}).status_code == 302
    )
    assert "已撤销" in read(browse("court.judge").get(f"/matters/{matter}")).text


def test_clock_is_explained_on_the_letter(city, matter, browse, read):
    """The page counts for the reader: from which day, how long, to which day, and that no law sets it."""
    letter = f"/letters/{city.letter(matter, 'police')}"
    page = read(browse("police.liaison").get(letter))
    for words in ("2026年3月2日", "10个工作日", "2026年3月16日", "约定"):
        assert words in page.text
    assert "working days" in read(browse("police.liaison", "en").get(letter)).text


def test_new_matter_from_its_form(city, browse, read):
    """A clerk opens a matter; a wrong identity number is refused at its field, and the row stays."""
    client = browse("court.clerk")
    assert client.get("/matters/new/assistance").status_code == 200
    sent = {
        "case_no": "（2026）云9901执88号", "cause": "民间借贷纠纷", "legal_basis": "cpl_2023_253", "questions": ["household"],
        "units": ["police"], "subjects.0.role": "debtor", "subjects.0.kind": "person", "subjects.0.name": "温清和",
        "subjects.0.id_kind": "resident_id", "subjects.0.id_number": "990101199001010001",
    }  # fmt: skip
    response = client.post("/matters/new/assistance", sent)
    assert response.status_code == 422
    page = read(response)
    assert {tag["id"] for _, tag in page.tags if "aria-invalid" in tag} == {"f-subjects-0-id_number"}
    assert [tag["value"] for tag in page.named("subjects.0.name")] == ["温清和"]
    assert {tag["value"] for tag in page.named("units") if "checked" in tag} == {"police"}
    response = client.post(
        "/matters/new/assistance", sent | {"subjects.0.id_number": city.person().id_number}
    )
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200
    assert browse("police.liaison").post("/matters/new/assistance", sent).status_code in (403, 422)


def test_whole_number_is_shown_only_with_its_entry(city, matter, browse, read):
    """Masked until asked for; the look is in the ledger before the number is on the screen; others get nothing."""
    client = browse("court.judge")
    person = city.person().id_number
    key = city.one("SELECT id FROM party_identifier WHERE matter_id = %s", matter)
    masked = client.get(f"/matters/{matter}/parts/parties").content.decode()
    assert person not in masked
    assert person[:4] + "*" in masked
    response = client.post(f"/identifiers/{key}", HTTP_HX_REQUEST="true")
    assert person in response.content.decode()
    assert "<html" not in response.content.decode()
    assert person in client.post(f"/identifiers/{key}").content.decode()
    assert city.one("SELECT count(*) FROM ledger_entry WHERE act = 'unmask' AND matter_id = %s", matter) == 2
    assert client.get(f"/identifiers/{key}").status_code == 405
    assert browse("tax.liaison").post(f"/identifiers/{key}").status_code == 404


def test_form_without_its_token_is_refused(answering, browse, read):
    """A form sent from another site has no token: refused in words, and nothing is done."""
    client = browse("police.handler_1")
    client.handler.enforce_csrf_checks = True
    response = client.post(answering, filled())
    assert response.status_code == 403
    assert "页面已过期" in read(response).text
