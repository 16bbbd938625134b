"""What the health page says of a worker that is behind, and what the page of one's tasks says of very many tasks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from officials import MONDAY, days

from lianban.records import inbox


@pytest.fixture
def asked(browse):
    """Ask for the health, as a monitor or as a person."""
    client = browse("court.clerk")
    return lambda html=False: client.get("/health", headers={"accept": "text/html"} if html else {})


@pytest.fixture
def waiting(city):
    """A letter whose reminder is armed, with everything in the ledger and nothing due."""
    matter = city.open(("police",))
    city.send(matter)
    city.sign_and_route(matter, "police")
    city.sequence()
    city.superuser.execute("UPDATE timer SET due_at = now() + interval '1 day', not_before = NULL")
    city.superuser.execute("DELETE FROM ledger_pending")
    assert city.one("SELECT count(*) > 0 FROM timer")
    return matter


def _due(city, what, minutes):
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    if what == "timer":
        city.superuser.execute("UPDATE timer SET due_at = %s", [at])
    elif what == "clock":
        city.superuser.execute(
            "INSERT INTO clock (id, matter_id, lead_agency_id, about_kind, about, code, verb, from_at, due_on, due_at,"
            " provisional, unverified, warn_days, next_at, state) SELECT uuidv7(), id, lead_agency_id, 'matter', id, 'x', '',"
            " now(), current_date, %s, false, false, '{}', %s, 'running' FROM matter", [at, at],
        )  # fmt: skip
    else:
        city.superuser.execute(
            "INSERT INTO ledger_pending (entry, recorded_at) SELECT id, %s FROM ledger_entry LIMIT 1", [at]
        )


@pytest.mark.parametrize("what", ["timer", "clock", "entry"])
def test_health_worker_behind(city, waiting, asked, what):
    """What waits longer than the bound makes the state degraded, says what to do, and takes no page away."""
    said = asked().json()
    assert (said["state"], said["worker_behind"]) == ("well", False)
    _due(city, what, 4)
    assert asked().json()["state"] == "well", "within the bound"
    city.superuser.execute("DELETE FROM clock")
    city.superuser.execute("DELETE FROM ledger_pending")
    _due(city, what, 6)
    found = asked()
    said = found.json()
    assert (found.status_code, said["well"], said["state"]) == (200, True, "degraded")
    assert "lianban jobs" in said["todo"]
    name = {
        "timer": "timers_oldest_due_seconds",
        "clock": "clocks_oldest_due_seconds",
        "entry": "ledger_oldest_waiting_seconds",
    }[what]
    assert 360 <= said[name] < 400
    assert "后台任务没有跟上" in asked(html=True).content.decode()


def test_health_bound_is_a_setting(city, waiting, asked):
    """An operator who lets more wait says so in the setting."""
    _due(city, "timer", 6)
    assert asked().json()["worker_behind"] is True
    city.superuser.execute("UPDATE lianban.setting SET value = '10' WHERE name = 'worker_behind_minutes'")
    assert asked().json()["worker_behind"] is False


def test_health_timer_put_off_waits_for_no_worker(city, waiting, asked):
    """One that failed and was put off does not say that the worker is behind, nor does one of a closed matter."""
    _due(city, "timer", 60)
    city.superuser.execute("UPDATE timer SET not_before = now() + interval '10 minutes'")
    assert asked().json()["worker_behind"] is False
    city.superuser.execute("UPDATE timer SET not_before = NULL")
    city.superuser.execute("UPDATE matter SET state = 'closed', closed_at = now()")
    assert asked().json()["worker_behind"] is False


def test_tasks_counted_to_a_bound(city, browse, monkeypatch):
    """Up to the bound a heap is counted exactly; beyond it the page says "more than", in the reader's language."""
    monkeypatch.setattr(inbox, "MOST_COUNTED", 3)

    def counted():
        with city.acting_as("police.liaison") as acting, connection.cursor() as cursor:
            return inbox.count_tasks(
                cursor, agency=acting.agency, post=acting.post, role=acting.role, officer=acting.officer,
                now=MONDAY, soon=MONDAY + days(3), today=MONDAY.date(),
            )  # fmt: skip

    for number in range(1, 5):
        city.send(city.open(("police",)))
        assert counted().open == inbox.Counted(min(number, 3), number > 3)
        assert counted().held == inbox.Counted(0)
    assert "多于 3" in browse("police.liaison").get("/").content.decode()
    assert "over 3" in browse("police.liaison", "en").get("/").content.decode()
    city.superuser.execute(
        "UPDATE task SET held_until = '2999-01-01' WHERE state = 'open' AND agency_id = %s",
        [city.agency("police")],
    )
    assert (counted().open, counted().held) == (inbox.Counted(0), inbox.Counted(3, more=True))
