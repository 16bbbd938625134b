"""The worker's jobs in processes of their own: at once, and killed at any instruction, nothing is lost or doubled."""

from __future__ import annotations

import signal
import time

import pytest
from benchmarks.killing import KILLS, killed, killing
from officials import MONDAY, days

from lianban.actions.acting import Acting
from lianban.actions.fire_timers import PUT_OFF, fire_timers

LATE = MONDAY + days(2)  # every letter not signed for is reminded of once by then

# Fires what is due in small batches until nothing is.
FIRE = f"""
from datetime import datetime
from lianban.actions.acting import Acting
from lianban.actions.fire_timers import fire_timers
now = datetime.fromisoformat("{LATE.isoformat()}")
def work():
    fired = 0
    while count := fire_timers(Acting(None, now, "时限到期"), batch=3):
        fired += count
    return fired
"""

SEQUENCE = """
from datetime import UTC, datetime
from lianban.actions.sequence_ledger import sequence_ledger
def work():
    placed = 0
    while count := sequence_ledger(datetime.now(UTC), batch=4):
        placed += count
    return placed
"""

# Says how many.
ALONE = """
print("ready", flush=True)
input()
print(work())
"""


def unsigned(city, matters: int) -> int:
    """Matters whose letters nobody has signed for; returns how many timers will be due."""
    units = ("police", "housing", "tax", "civil_affairs")
    for _ in range(matters):
        city.send(city.open(units=units))
    return matters * len(units)


def go(worker) -> None:
    worker.stdin.write("go\n")
    worker.stdin.flush()


def ready(worker):
    said = worker.stdout.readline().strip()
    assert said == "ready", worker.stderr.read()
    return worker


def told(worker) -> int:
    said, wrong = worker.communicate(timeout=60)
    assert worker.returncode == 0, wrong
    return int(said)


def deaths(worker) -> tuple[int, int]:
    said, wrong = worker.communicate(timeout=30 + 2 * KILLS)
    assert worker.returncode == 0, wrong
    return killed(said)


def each_reminded_once(city, count: int) -> None:
    assert city.one("SELECT count(*), count(DISTINCT letter_id) FROM reminder") == (count, count)
    assert city.column("SELECT DISTINCT reminded_count FROM letter") == [1]
    for table, name in (("event", "kind"), ("ledger_entry", "act")):
        assert city.one(f"SELECT count(*) FROM {table} WHERE {name} = 'letters.remind'") == count
    # Every matter's history counts without a gap, every timer is armed once more.
    assert city.one(
        "SELECT bool_and(last_event = (SELECT max(seq) FROM event WHERE matter_id = m.id)) FROM matter m"
    )
    assert (
        city.one("SELECT count(*), count(DISTINCT (matter_id, seq)) FROM event")
        == (city.one("SELECT count(*) FROM event"),) * 2
    )
    assert city.one("SELECT count(*) FROM timer WHERE due_at > %s", LATE) == count


def test_two_workers_race(city):
    """Two workers take the same due timers: together they fire each exactly once."""
    count = unsigned(city, 5)
    workers = [ready(city.start_worker(FIRE + ALONE)) for _ in range(2)]
    for worker in workers:
        go(worker)
    fired = [told(worker) for worker in workers]
    assert city.fire(LATE) + sum(fired) == count
    each_reminded_once(city, count)


def test_worker_killed(city):
    """A worker is killed again and again in the middle of its batches; the next one finds exactly what was left."""
    count = unsigned(city, 15)
    assert deaths(city.start_worker(killing(FIRE)))[0] == KILLS
    done = city.one("SELECT count(*) FROM reminder")
    assert done > 0, "no worker lived long enough to do anything"
    city.fire(LATE)
    each_reminded_once(city, count)


def test_sequencer_killed(city):
    """A sequencer is killed again and again: every entry has one place, the tree has no gap, and all of it verifies."""
    from lianban.actions.sequence_ledger import signing_key
    from lianban.actions.verify_ledger import verify_ledger

    unsigned(city, 10)
    assert deaths(city.start_worker(killing(SEQUENCE)))[0] == KILLS
    assert city.one("SELECT count(*) FROM ledger_tile") > 0
    while city.sequence():
        pass
    count = city.one("SELECT count(*) FROM ledger_entry")
    assert city.one(
        "SELECT count(*), count(DISTINCT entry) FROM (SELECT unnest(entries) AS entry FROM ledger_tile) t"
    ) == (count, count)
    with city.as_role("auditor"):
        found = verify_ledger(signing_key().verifying_key())
    assert (found.sound, found.waiting, found.entries) == (True, 0, count)


def test_officer_killed_in_the_middle(city):
    """A process of the pages that dies between the act and the commit leaves no trace of the act."""
    matter = city.open(units=("police",))
    program = f"""
import os, signal
from datetime import datetime
from uuid import UUID
from lianban.actions.acting import Acting
from lianban.actions.complete_task import complete_task
from lianban.records.context import entered
with entered(bytes.fromhex("{city.session("court.clerk").hex()}")) as identity:
    complete_task(Acting(identity, datetime.fromisoformat("{MONDAY.isoformat()}")), UUID("{city.task(matter, "draft")}"), {{}})
    print("acted", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    before = city.digests()
    worker = city.start_worker(program, LIANBAN_ROLE="app")
    said, wrong = worker.communicate()
    assert said.strip() == "acted", wrong
    assert worker.returncode == -signal.SIGKILL
    assert city.digests() == before
    city.do("court.clerk", matter, "draft")


# --- one bad matter


@pytest.fixture
def bad_and_good(city, monkeypatch):
    """Two matters with due timers; firing those of the first fails, as a drawing that runs in a circle would."""
    from lianban.actions import work

    bad, good = city.open(units=("police",)), city.open(units=("police",))
    for matter in (bad, good):
        city.send(matter)
    advance = work.Work.advance

    def fails(self, matter, *args, **more):
        if matter.id == bad:
            raise ZeroDivisionError("a fault in one matter")
        return advance(self, matter, *args, **more)

    monkeypatch.setattr(work.Work, "advance", fails)
    return bad, good


def test_bad_matter_stops_no_other(city, bad_and_good):
    """The timers of the good matter fire; the bad one is told of, put off, and tried again later."""
    bad, good = bad_and_good
    failed = []
    with city.as_role("worker"):
        for at in (LATE, LATE, LATE + PUT_OFF):
            fire_timers(Acting(None, at, "时限到期"), failed=lambda matter, error: failed.append(matter))
    assert failed == [bad, bad], "tried once, left alone, tried again"
    assert city.column("SELECT matter_id FROM reminder") == [good]
    due, put_off = city.one("SELECT min(due_at), min(not_before) FROM timer WHERE matter_id = %s", bad)
    assert due < LATE < put_off, "its due date is what it was"


def test_lost_database_is_not_a_bad_matter(city, monkeypatch):
    """When the database goes away nothing is put off: the worker's loop waits and begins again."""
    from django.db import OperationalError

    from lianban.actions import work

    unsigned(city, 1)

    def gone(self, *args, **more):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(work.Work, "advance", gone)
    with city.as_role("worker"), pytest.raises(OperationalError):
        fire_timers(Acting(None, LATE, "时限到期"))
    assert city.column("SELECT DISTINCT not_before FROM timer") == [None]


def test_worker_process_does_it_all(city):
    """The worker as it is started in production fires timers and sequences the ledger, and ends when told."""
    import os
    import subprocess
    import sys

    matter = city.open(units=("police",), at=MONDAY - days(5))
    city.send(matter, MONDAY - days(5))
    worker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "lianban.config.worker"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "LIANBAN_ROLE": "worker", "LIANBAN_DATABASE_NAME": city.database},
    )  # fmt: skip
    try:
        until = time.monotonic() + 40
        while time.monotonic() < until:
            if city.rows("SELECT 1 FROM reminder") and not city.one("SELECT count(*) FROM ledger_pending"):
                break
            time.sleep(0.1)
        assert city.one("SELECT count(*) > 0 FROM reminder")
        assert city.one("SELECT count(*) FROM ledger_pending") == 0
    finally:
        worker.terminate()
        _, wrong = worker.communicate(timeout=20)
    assert b"Traceback" not in wrong, wrong


def test_upkeep(city):
    """Partitions are made long before their month, again without harm; statistics of the partitioned tables are taken."""
    from django.db import connection

    city.superuser.execute("DROP TABLE event_202812; DROP TABLE ledger_entry_202812") if city.rows(
        "SELECT 1 FROM pg_class WHERE relname = 'event_202812'"
    ) else None
    with city.as_role("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT lianban.ensure_partitions(date '2028-12-01', 1)")
        assert cursor.fetchone()[0] == 2
        cursor.execute("SELECT lianban.ensure_partitions(date '2028-12-01', 1)")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT lianban.refresh_statistics()")
    forced = city.column(
        "SELECT relforcerowsecurity FROM pg_class WHERE relname IN ('event_202812', 'ledger_entry_202812')"
    )
    assert forced == [True, True]
    assert city.one("SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'event'")
