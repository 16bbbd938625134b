"""A recall reaches everyone who read the answer, wherever the matter stands, and each says that it did."""

from __future__ import annotations

import psycopg
import pytest
from registry_city import now

CAR = ("云A12345", "某牌轿车", "2020-05-01")


def read(registry_city, matter, username, unit="police"):
    """Look at the answers of a unit's letter as a page does."""
    from django.db import connection

    from lianban.actions.read_answer import read_answer
    from lianban.records import matter_view

    with registry_city.city.acting_as(username, now()) as acting:
        with connection.cursor() as cursor:
            found = matter_view.answers(cursor, letter=registry_city.city.letter(matter, unit))
        read_answer(acting, found)


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


def asset(registry_city, found_by, reference, username="court.judge"):
    """Record property as found by an answer or a hit, as the app role; returns its id."""
    city = registry_city.city
    with registry_city.as_app(username) as connection:
        made = connection.execute(
            """INSERT INTO asset (id, matter_id, lead_agency_id, kind, unit_agency_id, key, name, share_numerator,
                                  share_denominator, encumbrance_fen, divisible, details, found_by, found_ref, occurred_at,
                                  recorded_at)
               SELECT gen_random_uuid(), m.id, m.lead_agency_id, k.code, %s, gen_random_uuid()::text, '轿车', 1, 1, 0, true, '{}',
                      %s, %s, now(), now() FROM matter m, (SELECT code FROM asset_kind ORDER BY code LIMIT 1) k RETURNING id""",
            [city.agency("police"), found_by, reference],
        ).fetchone()[0]
        connection.commit()
    return made


def kinds_of_assets(city):
    city.superuser.execute(
        "INSERT INTO asset_kind (code, family, zh, en) VALUES ('vehicle', 'movable', '机动车', 'Vehicle') ON CONFLICT DO NOTHING"
    )


def test_property_rests_on_facts(registry_city, answered):
    """Property is not recorded on an answer that was recalled: no measure can come of it."""
    city = registry_city.city
    kinds_of_assets(city)
    _, answer = answered
    assert asset(registry_city, "answer", answer)
    recall(registry_city, answer)
    with pytest.raises(psycopg.Error) as refused:
        asset(registry_city, "answer", answer)
    assert refused.value.sqlstate == "LB010"


def test_property_rests_on_no_doubtful_hit(registry_city):
    """A hit that nobody confirmed is no ground to record property, and so none for a measure; a confirmed one is."""
    from lianban.actions.confirm_hit import confirm_hit

    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温青禾", *CAR))
    registry_city.build()
    registry_city.sent()
    kinds_of_assets(city)
    hit = city.one("SELECT id FROM collision_hit")
    with pytest.raises(psycopg.Error) as refused:
        asset(registry_city, "collision", hit)
    assert refused.value.sqlstate == "LB010"
    with city.acting_as("police.liaison", now()) as acting:
        confirm_hit(acting, hit, True, "与车主本人核对")
    assert asset(registry_city, "collision", hit)


def test_recall_names_the_measures(registry_city, answered):
    """Whoever is told of the recall is told which measures rest on property that was recorded from the answer."""
    from django.db import connection

    from lianban.records import answer_reads

    city = registry_city.city
    kinds_of_assets(city)
    _, answer = answered
    made = asset(registry_city, "answer", answer)
    # Ordered in its own scene, whose limits and clocks are not this test's business: the row alone is.
    with city.superuser.transaction():
        city.superuser.execute("SET LOCAL session_replication_role = replica")
        city.superuser.execute(
            """INSERT INTO measure (id, matter_id, lead_agency_id, asset_id, unit_agency_id, asset_key, asset_kind, asset_name,
                                    kind, basis, claim, facts, clock, ordered_on, ordered_at, ceiling_fen, number, state,
                                    disposed_by, changed_at, renewals, notes)
               SELECT gen_random_uuid(), a.matter_id, a.lead_agency_id, a.id, a.unit_agency_id, a.key, a.kind, a.name, 'seal',
                      'enforcement', 'ordinary', '{}', '', current_date, now(), 100, '（2026）云9901执1号之一', 'ordered', '',
                      now(), 0, '{}'
                 FROM asset a WHERE a.id = %s""",
            [made],
        )
    with city.acting_as("court.judge", now()), connection.cursor() as cursor:
        (resting,) = answer_reads.resting_on(cursor, [answer])[answer]
        assert (resting.asset, resting.name, resting.measures) == (made, "轿车", ["（2026）云9901执1号之一"])
