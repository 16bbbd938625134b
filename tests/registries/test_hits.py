"""A hit whose number and name do not both agree is nobody's fact until a person of the holding agency says so."""

from __future__ import annotations

import psycopg
import pytest
from registry_city import now

from lianban.actions.errors import WithoutReason
from lianban.actions.query_errors import HitIsDecided, HitNotFound, HitsUndecided

CAR = ("云A12345", "某牌轿车", "2020-05-01")


def decide(registry_city, hit, confirms, reason="与车主本人核对", username="police.liaison"):
    from lianban.actions.confirm_hit import confirm_hit

    with registry_city.city.acting_as(username, now()) as acting:
        confirm_hit(acting, hit, confirms, reason)


@pytest.fixture
def doubtful(registry_city):
    """A letter for which the registry found the number under another name."""
    registry_city.put("vehicles", (registry_city.number(), "温青禾", *CAR))
    registry_city.build()
    return registry_city.sent()


def test_name_differs_goes_to_a_person(registry_city, doubtful):
    """The question is left, the answer says so, the fields are in no answer, and the unit's liaison has a task."""
    city = registry_city.city
    (answer,) = registry_city.answers(doubtful, "police")
    assert (answer["result"], answer["data"]["left"]) == ("interim", {"vehicles": "to_confirm"})
    assert "云A12345" not in str(answer["data"])
    assert city.open_tasks(doubtful) == [("police", "confirm_hits"), ("police", "sign")]
    kind, state, asked, found = city.one("SELECT kind, state, asked, found_name FROM collision_hit")
    assert (kind, state, asked["name"], found) == ("name_differs", "pending", "温清和", "温青禾")
    assert registry_city.number() not in str(asked)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (("", "温清和"), "name_only"),
        (("990100199001019999", "温清和"), "name_only"),
        ((None, "温清和"), "name_only"),
    ],
)
def test_name_only(registry_city, row, kind):
    """A row without a usable number is found by its name, and is never more than a hit for a person."""
    city = registry_city.city
    registry_city.put("vehicles", (*row, *CAR))
    registry_city.build()
    matter = registry_city.sent()
    assert city.one("SELECT kind, state FROM collision_hit") == (kind, "pending")
    assert registry_city.answers(matter, "police")[0]["result"] == "interim"


def test_court_does_not_see_what_is_undecided(registry_city, doubtful):
    """Neither the hit nor the name of the other person reaches the court before it is confirmed."""
    city = registry_city.city
    hit = city.one("SELECT id FROM collision_hit")
    seen = "SELECT count(*) FROM collision_hit"
    with registry_city.as_app("court.judge") as connection:
        assert connection.execute(seen).fetchone() == (0,)
    with registry_city.as_app("tax.liaison") as connection:
        assert connection.execute(seen).fetchone() == (0,)
    decide(registry_city, hit, True)
    with registry_city.as_app("court.judge") as connection:
        assert connection.execute(seen).fetchone() == (1,)


def test_answer_waits_for_the_decision(registry_city, doubtful):
    """The officer decides first, then answers; the confirmed hit then stands in the officer's answer."""
    city = registry_city.city
    hit = city.one("SELECT id FROM collision_hit")
    city.sign_and_route(doubtful, "police", now())
    data = {"result": "yes", "findings": {"vehicles": {"found": True, "records": [{"subject": 1, "plate": "云A12345"}]}},
            "as_of": now().isoformat(), "source": "车驾管系统", "signer": "陆知行"}  # fmt: skip
    with pytest.raises(HitsUndecided, match="1"):
        city.do("police.handler_1", doubtful, "answer", data, now())
    assert city.letter_state(doubtful, "police") == "routed"
    decide(registry_city, hit, True)
    assert city.open_tasks(doubtful) == [("police", "answer")]
    city.do("police.handler_1", doubtful, "answer", data, now())
    answer = registry_city.answers(doubtful, "police")[-1]
    assert city.one("SELECT state, answer_id FROM collision_hit") == ("confirmed", answer["id"])


def test_supplement_needs_no_decision(registry_city, doubtful):
    """What says nothing of the findings, asking the court to complete its letter, does not wait for them."""
    city = registry_city.city
    city.sign_and_route(doubtful, "police", now())
    city.do(
        "police.handler_1", doubtful, "answer", {"result": "supplement", "supplement": "请补充姓名"}, now()
    )
    assert city.letter_state(doubtful, "police") == "answered"


def test_rejected_hit(registry_city, doubtful):
    """Rejected with a reason, it stays so; nothing of it is in an answer, and the reason is in the ledger."""
    city = registry_city.city
    hit = city.one("SELECT id FROM collision_hit")
    with pytest.raises(WithoutReason):
        decide(registry_city, hit, False, " ")
    decide(registry_city, hit, False, "同号不同人，系登记差错")
    with pytest.raises(HitIsDecided):
        decide(registry_city, hit, True)
    assert city.one("SELECT state, decided_by_id FROM collision_hit") == (
        "rejected",
        city.officer("police.liaison"),
    )
    assert registry_city.entries("collisions.confirm")[-1]["said"]["reason"] == "同号不同人，系登记差错"


def test_other_agency_decides_nothing(registry_city, doubtful):
    """Only an officer of the agency that holds the registry decides, not the court that asked."""
    from lianban.actions.errors import RoleMayNot

    hit = registry_city.city.one("SELECT id FROM collision_hit")
    with pytest.raises(HitNotFound):
        decide(registry_city, hit, True, username="tax.liaison")
    with pytest.raises(RoleMayNot):
        decide(registry_city, hit, True, username="court.judge")


def test_database_lets_no_machine_decide(registry_city, doubtful):
    """As the app role: no machine and no statement makes a fact of a hit, and none that is undecided stands in an answer."""
    from django.db import connection as app
    from django.db import transaction

    from lianban.records import machines
    from lianban.records.context import entered

    city = registry_city.city
    hit, letter = city.one("SELECT id, letter_id FROM collision_hit")
    answer = registry_city.answers(doubtful, "police")[0]["id"]
    with entered(city.session("police.liaison")), app.cursor() as cursor:
        key = machines.key_of(cursor, city.agency("police"), machines.RESPONDER)
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [key])
        for statement, state in (
            ("UPDATE collision_hit SET state = 'fact' WHERE id = %s", ("23514", "LB006")),
            (
                "UPDATE collision_hit SET state = 'confirmed', decided_at = now(), reason = 'x' WHERE id = %s",
                ("LB006", "23514"),
            ),
            (f"UPDATE collision_hit SET answer_id = '{answer}' WHERE id = %s", ("23514",)),
        ):
            with pytest.raises(psycopg.Error) as refused, connection.transaction():
                connection.execute(statement, [hit])
            assert refused.value.sqlstate in state, statement
    assert transaction.get_connection().in_atomic_block is False
    assert city.one("SELECT state, answer_id FROM collision_hit WHERE letter_id = %s", letter) == (
        "pending",
        None,
    )


def test_forged_hit(registry_city, doubtful):
    """A hit is written with its collision or not at all: none is put beside an old one."""
    city = registry_city.city
    with registry_city.as_app("court.judge") as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(
            """INSERT INTO collision_hit (id, collision_id, matter_id, lead_agency_id, agency_id, letter_id, party_id, question,
                                          registry, kind, asked, found_name, fields, digest, state, occurred_at, reason)
               SELECT gen_random_uuid(), c.id, c.matter_id, c.lead_agency_id, c.agency_id, c.letter_id, c.subjects[1],
                      'vehicles', 'vehicles', 'exact', '{}', '', '{"plate": "伪造"}', 'x', 'fact', now(), '' FROM collision c"""
        )
    assert refused.value.sqlstate == "LB005"
    assert city.one("SELECT count(*) FROM collision_hit") == 1


def test_task_of_the_hits(registry_city, doubtful):
    """The task itself is completed only when nothing is undecided; the last decision completes it."""
    from lianban.actions.complete_task import complete_task

    city = registry_city.city
    task = city.task(doubtful, "confirm_hits", "police")
    with pytest.raises(HitsUndecided), city.acting_as("police.liaison", now()) as acting:
        complete_task(acting, task, {})
    decide(registry_city, city.one("SELECT id FROM collision_hit"), False)
    assert city.one("SELECT state, closed_by_id FROM task WHERE id = %s", task) == (
        "done",
        city.officer("police.liaison"),
    )


def test_figures_of_hits(registry_city, doubtful):
    """Of the hits decided, the share rejected, for the court as for the unit, though the court is shown none of them."""
    from django.db import connection

    from lianban.engines.indicators import Scope
    from lianban.records import figures

    city = registry_city.city
    decide(registry_city, city.one("SELECT id FROM collision_hit"), False)
    for username, numbers in (("court.judge", (1, 1)), ("police.liaison", (1, 1)), ("tax.liaison", (0, 0))):
        with city.acting_as(username, now()), connection.cursor() as cursor:
            found = figures.figure(
                cursor, figures.definition("assistance", "hits_rejected"), Scope(scene="assistance")
            )
        assert (found.numerator, found.denominator) == numbers, username
    with registry_city.as_app("court.judge") as app:
        assert app.execute("SELECT count(*) FROM collision_hit").fetchone() == (0,)


def test_figure_of_answers_at_once(registry_city):
    """Of the letters answered, those that registries answered alone."""
    from django.db import connection

    from lianban.engines.indicators import Scope
    from lianban.records import figures

    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    registry_city.sent()
    registry_city.sent(questions=("vehicles", "household"))
    with registry_city.city.acting_as("court.judge", now()), connection.cursor() as cursor:
        scope = Scope(scene="assistance")
        at_once = figures.figure(cursor, figures.definition("assistance", "answered_by_registry"), scope)
        in_time = figures.figure(cursor, figures.definition("assistance", "answered_in_time"), scope)
    assert (at_once.numerator, at_once.denominator) == (1, 1), "an interim answer is no answer"
    assert (in_time.numerator, in_time.denominator) == (1, 1)
