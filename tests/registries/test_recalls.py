"""A recall reaches everyone who read the answer, wherever the matter stands, and each says that it did."""

from __future__ import annotations

import psycopg
import pytest
from registry_city import now

CAR = ("云A12345", "某牌轿车", "2020-05-01")


def read(registry_city, matter, username, unit="police"):
    """Look at the answers of a unit's letter as a page does."""
    from django.db import connection

    from lianban.actions.read_answer import read_answers
    from lianban.records import matter_view

    with registry_city.city.acting_as(username, now()) as acting:
        with connection.cursor() as cursor:
            found = matter_view.answers(cursor, letter=registry_city.city.letter(matter, unit))
        read_answers(acting, found)


def recall(registry_city, answer, username="police.liaison", reason="登记库数据有误"):
    from lianban.actions.recall_answer import recall_answer

    with registry_city.city.acting_as(username, now()) as acting:
        recall_answer(acting, answer, reason)


def told(registry_city, username):
    from django.db import connection

    from lianban.records import answer_reads

    with registry_city.city.acting_as(username, now()) as acting, connection.cursor() as cursor:
        assert acting.agency and acting.post
        return answer_reads.recalled_for(
            cursor, agency=acting.agency, post=acting.post, officer=acting.officer
        )


@pytest.fixture
def answered(registry_city):
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    matter = registry_city.sent()
    return matter, registry_city.answers(matter, "police")[0]["id"]


def test_recall_reaches_every_reader(registry_city, answered):
    """Two of the court read it, one twice; the unit that recalls sees who, and each of them is told, nobody else."""
    city = registry_city.city
    matter, answer = answered
    for username in ("court.judge", "court.judge", "court.clerk", "police.liaison"):
        read(registry_city, matter, username)
    assert sorted(city.rows("SELECT officer_id, times FROM answer_read")) == sorted(
        [(city.officer("court.judge"), 2), (city.officer("court.clerk"), 1)]
    )
    recall(registry_city, answer)
    for username in ("court.judge", "court.clerk"):
        (line,) = told(registry_city, username)
        assert (line.answer, line.recall_reason) == (answer, "登记库数据有误")
    assert not told(registry_city, "court.seal_keeper")
    said = registry_city.entries("answer.recalled")[-1]["said"]
    assert set(said["readers"]) == {str(city.officer("court.judge")), str(city.officer("court.clerk"))}


def test_recall_of_an_accepted_answer(registry_city, answered):
    """Accepted, archived, closed: the recall still reaches its readers, and each acknowledges with what was done."""
    from lianban.actions.errors import NothingToDo
    from lianban.actions.read_answer import acknowledge_recall

    city = registry_city.city
    matter, answer = answered
    read(registry_city, matter, "court.judge")
    city.check(matter, "police", at=now())
    city.do("court.clerk", matter, "archive", {"summary": "各单位均已反馈。"}, now())
    recall(registry_city, answer)
    assert city.one("SELECT state FROM answer WHERE id = %s", answer) == "recalled"
    (line,) = told(registry_city, "court.judge")
    with city.acting_as("court.judge", now()) as acting:
        acknowledge_recall(acting, line.id, "尚未据此采取措施")
    assert not told(registry_city, "court.judge")
    with pytest.raises(NothingToDo), city.acting_as("court.judge", now()) as acting:
        acknowledge_recall(acting, line.id, "再次知悉")
    assert registry_city.entries("answer.recall_seen")[-1]["said"]["remark"] == "尚未据此采取措施"


def test_recalled_registry_answer_goes_to_people(registry_city, answered):
    """Before the check: the letter is the unit's again, to be signed for and answered in full by its officers."""
    city = registry_city.city
    matter, answer = answered
    recall(registry_city, answer)
    assert city.open_tasks(matter) == [("police", "sign")]
    assert city.letter_state(matter, "police") == "delivered"
    city.sign_and_route(matter, "police", now())
    city.do("police.handler_1", matter, "answer",
            {"result": "no", "findings": {"vehicles": {"found": False}}, "as_of": now().isoformat(), "source": "车驾管系统",
             "signer": "陆知行"}, now())  # fmt: skip
    assert [one["state"] for one in registry_city.answers(matter, "police")] == ["recalled", "sent"]
    assert city.one("SELECT result FROM letter WHERE matter_id = %s", matter) == "no"


def test_successor_in_the_post_is_told(registry_city, answered):
    """What a judge read is the post's: a colleague in the same post is told as well, and may acknowledge."""
    from lianban.actions.read_answer import acknowledge_recall

    city = registry_city.city
    matter, answer = answered
    read(registry_city, matter, "court.judge")
    recall(registry_city, answer)
    (line,) = told(registry_city, "court.judge.2")
    with city.acting_as("court.judge.2", now()) as acting:
        acknowledge_recall(acting, line.id, "已核对，未采取措施")
    assert not told(registry_city, "court.judge")


def test_reads_are_not_forged(registry_city, answered):
    """Nobody puts a reader where there was none, takes one away, or marks a recall that was not."""
    city = registry_city.city
    matter, answer = answered
    read(registry_city, matter, "court.judge")
    row = """INSERT INTO answer_read (id, answer_id, letter_id, matter_id, answering_id, agency_id, post_id, officer_id,
                                      first_at, last_at, times, remark)
             VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s, now(), now(), 1, '')"""
    letter, police, tax = city.letter(matter, "police"), city.agency("police"), city.agency("tax")
    with registry_city.as_app("tax.liaison") as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(
            row,
            [answer, letter, matter, police, tax, city.post("tax", "liaison"), city.officer("tax.liaison")],
        )
    assert refused.value.sqlstate == "LB008"
    with registry_city.as_app("court.judge") as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(row, [answer, letter, matter, police, city.agency("court"), city.post("court", "clerk"),
                                 city.officer("court.clerk")])  # fmt: skip
    assert refused.value.sqlstate == "42501"
    for statement in (
        "DELETE FROM answer_read",
        "UPDATE answer_read SET recalled_at = now()",
        "UPDATE answer_read SET officer_id = NULL",
    ):
        with (
            registry_city.as_app("police.liaison") as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)
