"""Registries answer letters by themselves: what they may say, and what they leave to people."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from registry_city import now

from lianban.engines.forms import FormRefused

CAR = ("云A12345", "某牌轿车", "2020-05-01")
OTHER_CAR = ("云B54321", "某牌货车", "2019-01-31")


def test_answer_found_at_once(registry_city):
    """A letter whose only question a fresh registry answers is answered as it is delivered, by the agency's machine."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    matter = registry_city.sent()
    (answer,) = registry_city.answers(matter, "police")
    assert answer["result"] == "yes"
    assert answer["data"]["findings"] == {"vehicles": {"found": True, "records": [
        {"subject": 1, "plate": "云A12345", "model": "某牌轿车", "registered_on": "2020-05-01"}]}}  # fmt: skip
    assert answer["officer"] is None and answer["collision"] is not None
    assert answer["source"] == "机动车登记库" and answer["as_of"] is not None
    assert city.one("SELECT role FROM post WHERE id = %s", answer["post"]) == "machine"
    assert city.letter_state(matter, "police") == "answered"
    assert city.open_tasks(matter) == [("court", "check")]
    due, answered = city.one("SELECT due_at, answered_at FROM letter WHERE matter_id = %s", matter)
    assert answered < due, "an automatic answer counts as one in time"


def test_answer_of_several_subjects(registry_city):
    """Each record names which subject of the letter it is about; a subject without one adds none."""
    registry_city.put(
        "vehicles", (registry_city.number(1), "陆知行", *CAR), (registry_city.number(1), "陆知行", *OTHER_CAR)
    )
    registry_city.build()
    matter = registry_city.sent(names=("温清和", "陆知行"))
    (answer,) = registry_city.answers(matter, "police")
    records = answer["data"]["findings"]["vehicles"]["records"]
    assert [(one["subject"], one["plate"]) for one in records] == [(2, "云A12345"), (2, "云B54321")]


def test_answer_nothing_found(registry_city):
    """A fresh registry that holds nobody of the letter answers 无, and that too is checked by the court."""
    city = registry_city.city
    registry_city.put("vehicles")
    registry_city.build()
    matter = registry_city.sent()
    (answer,) = registry_city.answers(matter, "police")
    assert answer["result"] == "no"
    assert answer["data"]["findings"] == {"vehicles": {"found": False}}
    city.check(matter, "police", at=now())
    assert city.letter_state(matter, "police") == "accepted"
    assert registry_city.answers(matter, "police")[0]["state"] == "accepted"


def test_answer_is_in_the_ledger(registry_city):
    """Warrant, collision and answer are entries of their own; the answer's is the unit's machine's, with its digest."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    matter = registry_city.sent()
    (answer,) = registry_city.answers(matter, "police")
    warrant, collision, said = (
        registry_city.entries(act)[-1] for act in ("warrants.issue", "collisions.asked", "registries.answer")
    )
    assert warrant["officer"] == str(city.officer("court.judge"))
    assert collision["said"]["warrant"] == warrant["said"]["warrant"]
    assert collision["agency"] == str(city.agency("court"))
    assert said["agency"] == str(city.agency("police")) and said["officer"] is None
    assert said["evidence"] == [{"kind": "answer", "id": str(answer["id"]), "digest": city.one(
        "SELECT digest FROM answer WHERE id = %s", answer["id"])}]  # fmt: skip
    assert collision["subjects"] == said["subjects"] == [str(city.one("SELECT id FROM party"))]
    assert city.column("SELECT kind FROM event WHERE matter_id = %s AND agency_id = %s AND officer_id IS NULL",
                       matter, city.agency("police")) == ["registries.answer"]  # fmt: skip


def test_late_registry_says_so(registry_city):
    """A registry older than it promises is never answered with 无: the letter says 迟延 and goes to a person."""
    city = registry_city.city
    registry_city.put("vehicles", as_of=now() - timedelta(hours=49))
    registry_city.build()
    matter = registry_city.sent()
    (answer,) = registry_city.answers(matter, "police")
    assert answer["result"] == "interim"
    assert answer["data"]["left"] == {"vehicles": "late"}
    assert answer["data"]["findings"] == {}
    assert answer["data"]["registries"][0]["status"] == "late"
    assert city.letter_state(matter, "police") == "delivered"
    assert city.open_tasks(matter) == [("police", "sign")]
    assert city.one("SELECT answered_at FROM letter WHERE matter_id = %s", matter) is None


def test_broken_registry_says_so(registry_city):
    """A table that changed since it was indexed is 故障, and nothing of it is answered."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    registry_city.put(
        "vehicles", (registry_city.number(), "温清和", *CAR), (registry_city.number(), "温清和", *OTHER_CAR)
    )
    matter = registry_city.sent()
    (answer,) = registry_city.answers(matter, "police")
    assert (answer["result"], answer["data"]["left"]) == ("interim", {"vehicles": "broken"})
    assert city.open_tasks(matter) == [("police", "sign")]


def test_partly_answered(registry_city):
    """What no registry answers is left to the officer, whose form then holds that question alone; both answers stand."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    matter = registry_city.sent(questions=("vehicles", "household"))
    (answer,) = registry_city.answers(matter, "police")
    assert answer["result"] == "interim"
    assert set(answer["data"]["findings"]) == {"vehicles"}
    assert answer["data"]["left"] == {"household": "no_registry"}
    assert city.letter_state(matter, "police") == "delivered"
    city.sign_and_route(matter, "police", now())
    data = {"result": "no", "findings": {"household": {"found": False}}, "as_of": now().isoformat(),
            "source": "人口系统", "signer": "陆知行"}  # fmt: skip
    with pytest.raises(FormRefused):
        city.do(
            "police.handler_1", matter, "answer", {**data, "findings": {"vehicles": {"found": False}}}, now()
        )
    city.do("police.handler_1", matter, "answer", data, now())
    assert [(one["round"], one["result"], one["state"]) for one in registry_city.answers(matter, "police")] == [
        (1, "interim", "sent"), (2, "no", "sent")]  # fmt: skip
    # The officer found nothing in the rest; the letter as a whole did find something.
    assert city.one("SELECT result FROM letter WHERE matter_id = %s", matter) == "yes"
    city.check(matter, "police", at=now())
    assert {one["state"] for one in registry_city.answers(matter, "police")} == {"accepted"}


def test_returned_automatic_answer(registry_city):
    """The court returns it like any answer: the whole letter is then the officer's, registries or not."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    matter = registry_city.sent()
    city.check(matter, "police", "return", "请核对车辆状态", now())
    assert city.open_tasks(matter) == [("police", "answer")]
    city.do("police.handler_1", matter, "answer",
            {"result": "no", "findings": {"vehicles": {"found": False}}, "as_of": now().isoformat(), "source": "车驾管系统",
             "signer": "陆知行"}, now())  # fmt: skip
    assert [one["state"] for one in registry_city.answers(matter, "police")] == ["returned", "sent"]


def test_amended_letter_is_asked_again(registry_city):
    """A letter that is completed by the court and delivered again is answered again, on the same warrant."""
    city = registry_city.city
    registry_city.put("vehicles", as_of=now() - timedelta(days=4))
    registry_city.build()
    matter = registry_city.sent()
    city.sign_and_route(matter, "police", now())
    city.do("police.handler_1", matter, "answer", {"result": "supplement", "supplement": "请补充号牌"}, now())
    city.check(matter, "police", "amend", "补充号牌", now())
    registry_city.put("vehicles", (registry_city.number(), "温清和", *CAR))
    registry_city.build()
    city.do("court.clerk", matter, "amend", {"note": "号牌云A12345"}, now())
    assert [one["result"] for one in registry_city.answers(matter, "police")] == [
        "interim",
        "supplement",
        "yes",
    ]
    assert city.letter_state(matter, "police") == "answered"
    assert city.one("SELECT used FROM warrant") == 2


def test_unit_without_registry(registry_city):
    """A unit that has none gets its letter as it always did: no collision, no answer, no word of it."""
    city = registry_city.city
    registry_city.put("vehicles")
    registry_city.build()
    matter = registry_city.sent(("housing", "police"), ("provident_fund", "vehicles"))
    assert city.open_tasks(matter) == [("court", "check"), ("housing", "sign")]
    assert city.column("SELECT DISTINCT agency_id FROM collision") == [city.agency("police")]


def test_delivery_entered_later(registry_city):
    """A delivery that is entered a day late is answered by people: the registry speaks of today."""
    from lianban.actions.complete_task import Completion, complete_tasks

    city = registry_city.city
    registry_city.put("vehicles")
    registry_city.build()
    earlier = now() - timedelta(days=1)
    matter = city.open(("police",), ["vehicles"], at=now())
    city.do("court.clerk", matter, "draft", {}, now())
    city.do("court.judge", matter, "approve", {"decision": "approve"}, now())
    with city.acting_as("court.seal_keeper", now()) as acting:
        complete_tasks(acting, [Completion(city.task(matter, "seal"), {"checked": True}, earlier)])
    assert city.open_tasks(matter) == [("police", "sign")]
    assert not registry_city.answers(matter, "police")


def test_revoked_machine_answers_no_more(registry_city):
    """Revoking the account of a registry ends its answers at once; letters go to people."""
    from lianban.records import machines

    city = registry_city.city
    registry_city.put("vehicles")
    registry_city.build()
    registry_city.as_owner(lambda cursor: machines.revoke(cursor, machines.RESPONDER, now()))
    matter = registry_city.sent()
    assert city.open_tasks(matter) == [("police", "sign")]
    assert not city.rows("SELECT 1 FROM collision")


def test_values_that_may_not_leave(registry_city):
    """A registry whose value the answer form would refuse answers nothing of that question."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(), "温清和", "车" * 400, "某牌", "2020-05-01"))
    registry_city.build()
    matter = registry_city.sent()
    assert registry_city.answers(matter, "police")[0]["data"]["left"] == {"vehicles": "values"}
    assert city.open_tasks(matter) == [("police", "sign")]


def test_money_and_rows_at_the_source(registry_city):
    """Yuan of a registry become fen of the answer; a registry read at its source leaves no prepared copy."""
    registry_city.put("taxpayers", (registry_city.number(), "温清和", "正常", "1280.55"))
    registry_city.put(
        "real_estate", (registry_city.number(), "温清和", "云不动产权第1号", "云湖路1号", "单独所有")
    )
    registry_city.build()
    matter = registry_city.sent(("tax", "natural_resources"), ("tax", "real_estate"))
    (tax,) = registry_city.answers(matter, "tax")
    assert tax["data"]["findings"]["tax"]["records"][0]["refund_due"] == 128055
    (land,) = registry_city.answers(matter, "natural_resources")
    assert land["data"]["findings"]["real_estate"]["records"][0]["situated_at"] == "云湖路1号"


def test_no_copy_of_a_registry(registry_city):
    """Of a table nothing is in the database but the fields of the answer, and the index is its owner's alone."""
    from django.conf import settings

    city = registry_city.city
    registry_city.put(
        "vehicles", (registry_city.number(), "温清和", *CAR), (registry_city.number(1), "不相干", *OTHER_CAR)
    )
    registry_city.build()
    registry_city.sent()
    everything = "".join(
        str(row) for table in city.tables() for row in city.rows(f"SELECT t::text FROM {table} t")
    )
    assert "云A12345" in everything
    assert "云B54321" not in everything and "不相干" not in everything
    fields = city.one("SELECT fields FROM collision_hit")
    assert fields == {}, "the answer holds them"
    folder = settings.DATA_FOLDER / "registries" / "index"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_forged_automatic_answer(registry_city):
    """Neither the court's session nor the unit's officer can write an answer in a registry's name."""
    city = registry_city.city
    registry_city.put("vehicles")
    registry_city.build()
    matter = registry_city.sent(("police", "tax"), ("vehicles", "tax"))
    collision = city.one("SELECT id FROM collision WHERE agency_id = %s", city.agency("police"))
    letter = city.letter(matter, "police")
    forge = """INSERT INTO answer (id, letter_id, matter_id, agency_id, reader_id, round, result, data, source, occurred_at,
                                   recorded_at, state, state_reason, digest, collision_id)
               SELECT gen_random_uuid(), l.id, l.matter_id, l.addressee_id, l.sender_id, 9, 'no', '{}', 'x', now(), now(),
                      'sent', '', '', %s FROM letter l WHERE l.id = %s"""
    for username in ("court.judge", "police.handler_1"):
        with registry_city.as_app(username) as connection, pytest.raises(psycopg.Error) as refused:
            connection.execute(forge, [collision, letter])
        assert refused.value.sqlstate in ("LB007", "42501")


def test_new_master_key(registry_city, monkeypatch):
    """Under another master key nobody acts as the old accounts; building again enrols new ones, and answers go on."""
    city = registry_city.city
    registry_city.put("vehicles")
    registry_city.build()
    monkeypatch.setenv("LIANBAN_MASTER_KEY", "5a" * 32)
    registry_city.build()
    assert (
        city.one("SELECT count(*) FROM machine_account WHERE name = 'registries' AND revoked_at IS NULL") == 1
    )
    assert (
        city.one("SELECT count(*) FROM machine_account WHERE name = 'registries' AND revoked_at IS NOT NULL")
        == 1
    )
    city.superuser.execute("DELETE FROM data_key")  # sealed by the old one; a deployment seals them anew
    from lianban.records import envelopes

    envelopes._data_keys.clear()
    matter = registry_city.sent()
    assert registry_city.answers(matter, "police")[0]["result"] == "no"
    envelopes._data_keys.clear()
