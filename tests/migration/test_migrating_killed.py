"""Workers that are really killed, and two that carry out one order at once: nobody is lost, nobody moved twice."""

from __future__ import annotations

import time

from new_versions import RICHER, deploy, order
from officials import MONDAY
from test_migrating_matters import finish

WORKER = f"""
import sys
from datetime import datetime
from uuid import UUID
from lianban.actions.acting import Acting
from lianban.actions.errors import MigrationIsFinished
from lianban.actions.migrate_matters import migrate_matters
print("ready", flush=True)
key = UUID(sys.stdin.readline().strip())
try:
    print(migrate_matters(Acting(None, datetime.fromisoformat("{MONDAY.isoformat()}")), key, 1, lambda done: print("batch", flush=True)).moved)
except MigrationIsFinished:
    print(0)
"""


def started(city, key):
    worker = city.start_worker(WORKER)
    assert worker.stdout.readline().strip() == "ready", worker.stderr.read()
    worker.stdin.write(f"{key}\n")
    worker.stdin.flush()
    return worker


def each_moved_once(city, matters, drawing) -> None:
    assert set(city.column("SELECT drawing_id FROM matter")) == {drawing}
    assert city.one("SELECT count(*), count(DISTINCT matter_id) FROM migrated_matter") == (len(matters),) * 2
    for table, name in (("event", "kind"), ("ledger_entry", "act")):
        query = f"SELECT count(*), count(DISTINCT matter_id) FROM {table} WHERE {name} = 'matter.migrated'"
        assert city.one(query) == (len(matters),) * 2
    assert city.one(
        "SELECT bool_and(last_event = (SELECT max(seq) FROM event WHERE matter_id = m.id)) FROM matter m"
    )
    assert city.one("SELECT moved, kept, finished_at IS NOT NULL FROM drawing_migration") == (
        len(matters),
        0,
        True,
    )


def opened(city, count):
    matters = [city.open(("police", "housing", "transport")) for _ in range(count)]
    for matter in matters:
        city.send(matter)
    return matters


def test_migration_worker_killed(city):
    """Killed again and again in the middle of its batches, the order is finished by whoever comes next."""
    matters = opened(city, 12)
    number, drawing = deploy(city, *RICHER)
    key = order(city, number)
    for round_ in range(3):
        worker = started(city, key)
        assert worker.stdout.readline().strip() == "batch"
        time.sleep(0.003 * round_)  # another instruction each time
        worker.kill()
        worker.communicate(timeout=30)
    assert city.one("SELECT count(*) FROM matter WHERE drawing_id = %s", drawing) >= 3
    started(city, key).communicate(timeout=60)
    each_moved_once(city, matters, drawing)
    assert city.one("SELECT count(*) FROM timer WHERE spec = 'R3/PT36H'") == 3 * len(matters)


def test_migration_two_workers(city):
    """Two workers with one order move every matter once between them."""
    matters = opened(city, 8)
    number, drawing = deploy(city, *RICHER)
    key = order(city, number)
    workers = [started(city, key) for _ in range(2)]
    said = [worker.communicate(timeout=60) for worker in workers]
    assert all(worker.returncode == 0 for worker in workers), said
    each_moved_once(city, matters, drawing)


def test_migration_while_somebody_works(city):
    """A matter somebody works on is waited for; it moves when its lock is free, and the work goes on in the new version."""
    (matter,) = opened(city, 1)
    number, drawing = deploy(city, *RICHER)
    key = order(city, number)
    with city.connect("worker") as holding:
        holding.execute("SELECT 1 FROM matter WHERE id = %s FOR UPDATE", [matter])
        worker = started(city, key)
        time.sleep(0.3)
        assert city.one("SELECT count(*) FROM matter WHERE drawing_id = %s", drawing) == 0
    worker.communicate(timeout=60)
    each_moved_once(city, [matter], drawing)
    for unit in ("police", "housing"):
        city.sign_and_route(matter, unit)
        city.answer(matter, unit)
    city.check(matter, "police")
    finish(city, matter)
