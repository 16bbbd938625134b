"""Nightly queries: many matters at once, each on its own warrant, and only what is new is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from registry_city import now
from test_hits import decide
from test_warrants import issue

CAR = ("云A12345", "某牌轿车", "2020-05-01")


def night(registry_city):
    """The night of the court, as the command does it: the court's own machine account, in the app's role."""
    from django.db import connection, transaction

    from lianban.actions.acting import Acting
    from lianban.actions.collide_batch import collide_batch, plan_night
    from lianban.records import machines
    from lianban.records.context import entered

    with transaction.atomic(), connection.cursor() as cursor:
        key = machines.key_of(cursor, registry_city.city.agency("court"), machines.NIGHT)
    with entered(key) as identity:
        planned = plan_night(Acting(identity, now(), "夜间查询"))
    with entered(key) as identity:
        return collide_batch(Acting(identity, now(), "夜间查询"), planned, planned.matters)


@pytest.fixture
def three_matters(registry_city):
    """One with a warrant for vehicles, one with a warrant for tax, one without a warrant; all their debtors have both."""
    registry_city.put(
        "vehicles",
        (registry_city.number(0), "甲一", *CAR),
        (registry_city.number(0), "甲一", "云B54321", "某牌", None),
    )
    registry_city.put("taxpayers", (registry_city.number(0), "甲一", "正常", "12.00"))
    registry_city.build()
    matters = [registry_city.city.open(("police",), ["vehicles"], ("甲一",), at=now()) for _ in range(3)]
    issue(registry_city, matters[0])
    issue(registry_city, matters[1], questions=["tax"])
    return matters


def test_night_keeps_to_each_warrant(registry_city, three_matters):
    """Each matter learns what its own warrant allows, and the one without a warrant nothing."""
    city = registry_city.city
    kept = night(registry_city)
    assert (kept.matters, kept.collisions, kept.refused, kept.found) == (2, 2, 0, 3)
    found = city.rows("SELECT matter_id, question, count(*) FROM collision_hit GROUP BY 1, 2 ORDER BY 3")
    assert found == [(three_matters[1], "tax", 1), (three_matters[0], "vehicles", 2)]
    assert city.one("SELECT fields FROM collision_hit WHERE question = 'tax'") == {
        "taxpayer": "甲一", "registration_status": "正常", "refund_due": 1200}  # fmt: skip
    assert not city.rows("SELECT 1 FROM collision WHERE matter_id = %s", three_matters[2])
    assert ("court", "review_findings") in city.open_tasks(three_matters[0])
    entries = registry_city.entries("collisions.asked")
    assert {entry["officer"] for entry in entries} == {None}
    assert {entry["agency"] for entry in entries} == {str(city.agency("court"))}
    with registry_city.as_app("court.judge") as connection:
        assert connection.execute("SELECT count(*) FROM collision_hit").fetchone() == (3,)


def test_night_tells_only_what_is_new(registry_city, three_matters):
    """The same findings are no news the next night; a new one is, alone."""
    city = registry_city.city
    night(registry_city)
    assert night(registry_city).found == 0
    assert city.one("SELECT count(*) FROM collision_hit") == 3
    registry_city.put("vehicles", (registry_city.number(0), "甲一", *CAR), (registry_city.number(0), "甲一", "云B54321", "某牌", None),
                      (registry_city.number(0), "甲一", "云C00001", "某牌", None))  # fmt: skip
    registry_city.build()
    assert night(registry_city).found == 1
    assert (
        city.one("SELECT fields ->> 'plate' FROM collision_hit ORDER BY occurred_at DESC LIMIT 1")
        == "云C00001"
    )


def test_night_asks_once_about_a_doubtful_hit(registry_city):
    """A number under another name goes to a person of the registry once, not every night anew, decided or not."""
    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(0), "乙二", *CAR))
    registry_city.build()
    matter = city.open(("police",), ["vehicles"], ("甲一",), at=now())
    issue(registry_city, matter)
    assert night(registry_city).pending == 1
    assert night(registry_city).pending == 0
    assert city.one("SELECT count(*) FROM collision_hit") == 1
    assert city.one("SELECT count(*) FROM task WHERE element = 'confirm_hits' AND state = 'open'") == 1
    decide(registry_city, city.one("SELECT id FROM collision_hit"), False, "同号不同人，系登记差错")
    assert night(registry_city).pending == 0


def test_night_agrees_with_one_by_one(registry_city, three_matters):
    """The join finds what the index finds point by point: the same hits, kinds and fields."""
    from test_warrants import collide

    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(0), "甲一", *CAR), (registry_city.number(0), "乙二", "云B54321", "某牌", None),
                      ("", "甲一", "云D00001", "某牌", None))  # fmt: skip
    registry_city.build()
    night(registry_city)
    query = ("SELECT question, kind, fields, found_name, digest FROM collision_hit h JOIN collision c ON c.id = h.collision_id"
             " WHERE c.way = %s AND h.matter_id = %s ORDER BY digest")  # fmt: skip
    batch = city.rows(query, "batch", three_matters[0])
    city.superuser.execute("DELETE FROM collision_hit")
    collide(
        registry_city,
        three_matters[0],
        city.one("SELECT id FROM warrant WHERE matter_id = %s", three_matters[0]),
    )
    assert batch == city.rows(query, "point", three_matters[0])
    assert sorted(kind for _, kind, *_ in batch) == ["exact", "name_differs", "name_only"]


def test_warrant_that_dies_in_the_night(registry_city, three_matters):
    """Revoked between the join and the keeping, nothing of it is kept, and the refusal is ledgered."""
    from django.db import connection, transaction

    from lianban.actions.acting import Acting
    from lianban.actions.collide_batch import collide_batch, plan_night
    from lianban.records import machines
    from lianban.records.context import entered

    city = registry_city.city
    with transaction.atomic(), connection.cursor() as cursor:
        key = machines.key_of(cursor, city.agency("court"), machines.NIGHT)
    with entered(key) as identity:
        planned = plan_night(Acting(identity, now(), "夜间查询"))
    city.superuser.execute("UPDATE warrant SET revoked_at = now() WHERE matter_id = %s", [three_matters[0]])
    with entered(key) as identity:
        kept = collide_batch(Acting(identity, now(), "夜间查询"), planned, planned.matters)
    assert (kept.collisions, kept.refused) == (1, 1)
    assert not city.rows("SELECT 1 FROM collision_hit WHERE matter_id = %s", three_matters[0])
    assert registry_city.entries("collisions.refused")[-1]["said"]["refused"] == "revoked"


def test_night_asks_a_follow_up_once_a_period(registry_city):
    """A closed matter in follow-up is asked once in each period of its clock, not every night."""
    from test_warrants import follow_up

    city = registry_city.city
    registry_city.put("vehicles", (registry_city.number(0), "甲一", *CAR))
    registry_city.build()
    matter = city.open(("police",), ["vehicles"], ("甲一",), at=now())
    city.superuser.execute("UPDATE matter SET state = 'closed', closed_at = now() - interval '1 hour'")
    follow_up(registry_city, matter, now())
    issue(registry_city, matter, kind="follow_up", days=1800)
    assert night(registry_city).found == 1
    assert night(registry_city).matters == 0
    city.superuser.execute("UPDATE clock SET from_at = now() + interval '1 second'")
    assert night(registry_city).matters == 1
    assert city.open_tasks(matter) == [("court", "draft")] or not city.rows(
        "SELECT 1 FROM task WHERE action = 'collisions.review'")  # fmt: skip


def test_commands(registry_city, three_matters):
    """``lianban registries build|status`` and ``lianban collide --all`` as programs, in the roles they say."""
    from django.conf import settings

    city = registry_city.city
    environment = os.environ | {
        "LIANBAN_DATABASE_NAME": city.database, "LIANBAN_DEMO": "1", "LIANBAN_REGISTRIES": str(registry_city.declarations),
        "LIANBAN_REGISTRY_DATA": str(registry_city.tables),
    }  # fmt: skip

    def run(*arguments):
        return subprocess.run([sys.executable, "-m", "lianban.doors.cli", *arguments], env=environment, text=True,
                              capture_output=True, check=False)  # fmt: skip

    try:
        built = run("registries", "build", "--json")
        assert built.returncode == 0, built.stderr
        assert json.loads(built.stdout)["registries"]["vehicles"]["valid"] >= 2
        status = run("registries", "status", "--json")
        assert {line["code"]: line["state"] for line in json.loads(status.stdout)} == {
            "vehicles": "ready",
            "taxpayers": "ready",
        }
        assert run("collide").returncode == 2
        done = run("collide", "--all", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {
            "courts": 1,
            "matters": 2,
            "collisions": 2,
            "refused": 0,
            "found": 3,
            "pending": 0,
        }
        assert city.one("SELECT count(*) FROM collision") == 2
        (registry_city.tables / "vehicles.parquet").unlink()
        status = run("registries", "status")
        assert status.returncode == 1 and "故障" in status.stdout
    finally:
        import shutil

        from lianban.records import server

        assert server.data_folder() != settings.DATA_FOLDER
        shutil.rmtree(server.data_folder() / "registries", ignore_errors=True)
