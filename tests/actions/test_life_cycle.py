"""The life of a matter, from the form to the archive, and every turn it can take. State is looked at after each."""

from __future__ import annotations

from collections import Counter

import pytest
from officials import MONDAY, days

HOUR = days(1 / 24)


def ledger(city, matter) -> Counter[str]:
    return Counter(city.column("SELECT act FROM ledger_entry WHERE matter_id = %s", matter))


def events(city, matter) -> list[str]:
    found = city.rows("SELECT seq, kind FROM event WHERE matter_id = %s ORDER BY seq", matter)
    assert [seq for seq, _ in found] == list(range(1, len(found) + 1)), "the history has a gap or a double"
    return [kind for _, kind in found]


def pending(city, matter) -> tuple[int, int]:
    """Open branches, and all of them, of the fan-out."""
    return city.one("SELECT pending, total FROM scope WHERE matter_id = %s AND kind = 'multi' ", matter)


def test_life_whole(city):
    """A matter goes from the form to the archive; after every step the rows say where it stands."""
    matter = city.open(names=("温清和", "陆澄远"))
    assert city.open_tasks(matter) == [("court", "draft")]
    assert city.rows("SELECT role, closed_at FROM leg WHERE matter_id = %s", matter) == [("lead", None)]
    assert city.one("SELECT count(*) FROM party WHERE matter_id = %s", matter) == 2

    city.do("court.clerk", matter, "draft")
    assert city.column("SELECT state FROM letter WHERE matter_id = %s", matter) == ["draft", "draft"]
    assert city.one("SELECT count(*) FROM letter_content WHERE matter_id = %s", matter) == 1
    assert city.one("SELECT count(*) FROM letter_subject WHERE matter_id = %s", matter) == 2
    city.do("court.judge", matter, "approve", {"decision": "approve"})
    city.do("court.seal_keeper", matter, "seal", {"checked": True})
    assert {city.letter_state(matter, unit) for unit in ("police", "housing")} == {"delivered"}
    assert sorted(city.column("SELECT number FROM letter WHERE matter_id = %s", matter)) == [
        "〔2026〕云9901协函1号", "〔2026〕云9901协函2号",
    ]  # fmt: skip
    assert city.open_tasks(matter) == [("housing", "sign"), ("police", "sign")]
    assert len(city.rows("SELECT 1 FROM leg WHERE matter_id = %s AND role = 'assist'", matter)) == 2
    assert pending(city, matter) == (2, 2)

    city.do("police.liaison", matter, "sign", at=MONDAY + HOUR)
    assert city.letter_state(matter, "police") == "signed"
    due = city.one("SELECT due_at FROM letter WHERE id = %s", city.letter(matter, "police"))
    assert due > MONDAY + days(1), "the reply clock runs from signing"
    assert city.one("SELECT due_at FROM letter WHERE id = %s", city.letter(matter, "housing")) is None
    city.do("police.liaison", matter, "route", {"handler": "handler_2"})
    assert city.letter_state(matter, "police") == "routed"
    task = city.task(matter, "answer", "police")
    assert city.one("SELECT post_id FROM task WHERE id = %s", task) == city.post("police", "handler_2")

    city.answer(matter, "police", "yes", by="handler_2")
    assert city.letter_state(matter, "police") == "answered"
    assert pending(city, matter) == (2, 2), "an answer is not yet accepted"
    city.check(matter, "police")
    assert city.letter_state(matter, "police") == "accepted"
    assert pending(city, matter) == (1, 2)

    city.sign_and_route(matter, "housing", handler="")
    city.answer(matter, "housing", "no", by="handler_1")
    city.check(matter, "housing")
    assert pending(city, matter) == (0, 2)
    assert city.open_tasks(matter) == [("court", "archive")]
    city.do("court.clerk", matter, "archive", {"summary": "两家单位均已反馈。"}, at=MONDAY + days(1))
    assert city.one("SELECT state, closed_at FROM matter WHERE id = %s", matter) == (
        "closed",
        MONDAY + days(1),
    )
    assert city.column("SELECT DISTINCT closed_at FROM leg WHERE matter_id = %s", matter) == [
        MONDAY + days(1)
    ]
    for table in ("token", "timer"):
        assert city.rows(f"SELECT 1 FROM {table} WHERE matter_id = %s", matter) == []
    assert city.rows("SELECT 1 FROM scope WHERE matter_id = %s AND state = 'open'", matter) == []
    assert ledger(city, matter) == {
        "matter.opened": 1, "letters.draft": 1, "letters.approve": 1, "letters.seal": 1, "letters.deliver": 2,
        "letters.sign": 2, "letters.route": 2, "letters.answer": 2, "letters.check": 2, "task.completed": 1,
        "matters.archive": 1,
    }  # fmt: skip
    assert events(city, matter)[0] == "matter.opened"
    assert events(city, matter)[-1] == "matter.closed"


def test_letter_reply_clock(city):
    """The answer is due after the agreed working days from signing, at the end of a working day in Beijing."""
    from lianban.actions.timing import book

    matter = city.open()
    city.send(matter)
    city.do("police.liaison", matter, "sign", at=MONDAY + days(1))
    due = city.one("SELECT due_at FROM letter WHERE id = %s", city.letter(matter, "police"))
    assert due == book().due("assistance.answer", MONDAY + days(1)).at


def test_approval_returned(city):
    """The judge returns the drafts with a reason; the clerk drops one unit and adds another; only those are sealed."""
    matter = city.open(units=("police", "housing"))
    city.do("court.clerk", matter, "draft")
    city.do("court.judge", matter, "approve", {"decision": "return", "remark": "住建局无须查询，补民政局"})
    assert city.open_tasks(matter) == [("court", "draft")]
    said = city.one(
        "SELECT payload FROM ledger_entry WHERE act = 'letters.approve' AND matter_id = %s", matter
    )
    assert "住建局无须查询" in said
    city.do("court.clerk", matter, "draft", {"units": ["police", "civil_affairs"]})
    assert city.letter_state(matter, "housing") == "withdrawn"
    city.do("court.judge", matter, "approve", {"decision": "approve"})
    city.do("court.seal_keeper", matter, "seal", {"checked": True})
    assert city.open_tasks(matter) == [("civil_affairs", "sign"), ("police", "sign")]
    assert city.letter_state(matter, "housing") == "withdrawn"
    assert city.rows("SELECT 1 FROM leg l JOIN agency a ON a.id = l.agency_id WHERE matter_id = %s AND a.code = 'housing'",
                     matter) == []  # fmt: skip


def test_approval_unit_back(city):
    """A unit that was dropped from the drafts and taken in again is a draft again, and gets its number."""
    matter = city.open(units=("police", "housing"))
    for units in (["police"], ["police", "housing"]):
        city.do("court.clerk", matter, "draft", {"units": units})
        city.do("court.judge", matter, "approve", {"decision": "return", "remark": "请再核对单位"})
    city.do("court.clerk", matter, "draft", {"units": ["police", "housing"]})
    assert city.letter_state(matter, "housing") == "draft"
    city.do("court.judge", matter, "approve", {"decision": "approve"})
    city.do("court.seal_keeper", matter, "seal", {"checked": True})
    assert all(
        city.column("SELECT number <> '' AND withdrawn_at IS NULL FROM letter WHERE matter_id = %s", matter)
    )


def test_answer_returned(city):
    """A returned answer stays on record; the unit answers anew in a second round with the whole period again."""
    matter = city.open(units=("police",))
    city.send(matter)
    city.sign_and_route(matter, "police")
    first = city.answer(matter, "police", "no")
    city.check(matter, "police", "return", "请补充车辆信息", at=MONDAY + days(2))
    assert city.one("SELECT state, state_reason FROM answer WHERE id = %s", first) == (
        "returned",
        "请补充车辆信息",
    )
    letter = city.letter(matter, "police")
    state, count, clock = city.one(
        "SELECT state, returned_count, clock_from FROM letter WHERE id = %s", letter
    )
    assert (state, count, clock) == ("returned", 1, MONDAY + days(2))
    second = city.answer(matter, "police", "yes", at=MONDAY + days(3))
    assert city.one("SELECT round, state FROM answer WHERE id = %s", second) == (2, "sent")
    city.check(matter, "police", at=MONDAY + days(3))
    assert city.one("SELECT state FROM answer WHERE id = %s", second) == "accepted"
    assert city.one("SELECT state FROM answer WHERE id = %s", first) == "returned"
    assert ledger(city, matter)["letters.check"] == 2


def test_answer_needs_supplement(city):
    """补正: the unit asks for more, the court supplies it, the letter is delivered and signed for again."""
    matter = city.open(units=("police",))
    city.send(matter)
    city.sign_and_route(matter, "police")
    city.do(
        "police.handler_1", matter, "answer", {"result": "supplement", "supplement": "请补充被执行人曾用名"}
    )
    city.check(matter, "police", "amend", "同意补正")
    assert city.open_tasks(matter) == [("court", "amend")]
    city.do("court.clerk", matter, "amend", {"note": "曾用名见附件说明"}, at=MONDAY + days(1))
    letter = city.letter(matter, "police")
    state, content, first = city.one("SELECT l.state, c.data, l.delivered_at FROM letter l"
                                    " JOIN letter_content c ON c.id = l.content_id WHERE l.id = %s", letter)  # fmt: skip
    assert (state, content["amendments"][0]["note"], first) == ("delivered", "曾用名见附件说明", MONDAY)
    assert city.open_tasks(matter) == [("police", "sign")]
    city.sign_and_route(matter, "police", at=MONDAY + days(1))
    assert city.one("SELECT clock_from FROM letter WHERE id = %s", letter) == MONDAY + days(1)
    city.answer(matter, "police", "no", at=MONDAY + days(1))
    city.check(matter, "police", at=MONDAY + days(1))
    assert city.open_tasks(matter) == [("court", "archive")]
    assert city.rows("SELECT count(*) FROM leg WHERE matter_id = %s AND role = 'assist'", matter) == [(1,)]


def test_answer_objection(city):
    """An objection 异议 is an answer: it is recorded with its ground, and the court can accept it."""
    matter = city.open(units=("police",))
    city.send(matter)
    city.sign_and_route(matter, "police")
    city.do(
        "police.handler_1",
        matter,
        "answer",
        {"result": "objection", "ground": "本单位不保有该数据", "signer": "陆知行"},
    )
    assert city.one("SELECT result FROM letter WHERE id = %s", city.letter(matter, "police")) == "objection"
    city.check(matter, "police")
    assert city.letter_state(matter, "police") == "accepted"


@pytest.mark.parametrize("finished", [(), ("police",)], ids=["one of two", "the last one open"])
def test_letter_withdrawn(city, finished):
    """撤回: the branch ends and is counted in; the others go on; after the last one the matter goes on to its archive."""
    from lianban.actions.withdraw_letter import withdraw_letter

    matter = city.open()
    city.send(matter)
    for unit in finished:
        city.sign_and_route(matter, unit)
        city.answer(matter, unit)
        city.check(matter, unit)
    letter = city.letter(matter, "housing")
    with city.acting_as("court.judge", MONDAY + days(1)) as acting:
        withdraw_letter(acting, letter, "被执行人已自动履行")
    assert city.one("SELECT state, withdrawn_at, due_at FROM letter WHERE id = %s", letter) == (
        "withdrawn", MONDAY + days(1), None,
    )  # fmt: skip
    assert pending(city, matter) == (1 - len(finished), 2)
    assert city.open_tasks(matter) == ([("court", "archive")] if finished else [("police", "sign")])
    assert city.one("SELECT state, closed_at FROM task WHERE letter_id = %s", letter) == (
        "cancelled",
        MONDAY + days(1),
    )
    assert city.rows("SELECT 1 FROM timer t JOIN scope s ON s.id = t.scope_id JOIN agency a ON a.id = s.agency_id"
                     " WHERE a.code = 'housing'") == []  # fmt: skip
    assert ledger(city, matter)["letters.withdraw"] == 1


def test_matter_withdrawn(city):
    """A whole matter is withdrawn: every branch, letter and task ends, also a supervision nothing waits for."""
    from lianban.actions.withdraw_matter import withdraw_matter

    matter = city.open()
    city.send(matter)
    city.sign_and_route(matter, "police")
    city.fire(MONDAY + days(30))
    with city.acting_as("court.judge", MONDAY + days(31)) as acting:
        withdraw_matter(acting, matter, "当事人撤回申请")
    assert city.one("SELECT state FROM matter WHERE id = %s", matter) == "withdrawn"
    assert city.open_tasks(matter) == []
    assert city.column("SELECT DISTINCT state FROM letter WHERE matter_id = %s", matter) == ["withdrawn"]
    for table in ("token", "timer"):
        assert city.rows(f"SELECT 1 FROM {table} WHERE matter_id = %s", matter) == []
    assert city.column("SELECT DISTINCT closed_at FROM leg WHERE matter_id = %s", matter) == [
        MONDAY + days(31)
    ]
    assert ledger(city, matter)["matter.withdraw"] == 1


def test_answer_recalled_before_check(city):
    """A wrong answer is recalled: it stays, marked; the letter is with its unit again; its reader's task is gone."""
    from lianban.actions.recall_answer import recall_answer

    matter = city.open(units=("police",))
    city.send(matter)
    city.sign_and_route(matter, "police")
    wrong = city.answer(matter, "police", "no")
    with city.acting_as("police.handler_1", MONDAY + HOUR) as acting:
        recall_answer(acting, wrong, "查询范围有误")
    assert city.one("SELECT state, state_reason FROM answer WHERE id = %s", wrong) == (
        "recalled",
        "查询范围有误",
    )
    assert city.letter_state(matter, "police") == "routed"
    assert city.open_tasks(matter) == [("police", "answer")]
    right = city.answer(matter, "police", "yes", at=MONDAY + HOUR)
    assert city.one("SELECT round FROM answer WHERE id = %s", right) == 2
    assert ledger(city, matter)["answer.recalled"] == 1


def test_answer_recalled_after_check(city):
    """Recalled after it was accepted, the answer is only marked: what was done on it is the court's to judge."""
    from lianban.actions.recall_answer import recall_answer

    matter = city.open(units=("police",))
    city.send(matter)
    city.sign_and_route(matter, "police")
    wrong = city.answer(matter, "police", "no")
    city.check(matter, "police")
    with city.acting_as("police.liaison", MONDAY + HOUR) as acting:
        recall_answer(acting, wrong, "查询范围有误")
    assert city.one("SELECT state FROM answer WHERE id = %s", wrong) == "recalled"
    assert city.letter_state(matter, "police") == "accepted"
    assert city.open_tasks(matter) == [("court", "archive")]
    assert "answer.recalled" in events(city, matter)
