"""Open matters moved to a new version of their drawing, taken back, moved again, and every one of them then completed.

Run: ``python -m benchmarks.migration`` (10,000 matters) or with ``FULL=1`` (100,000); ``--count N`` for another number;
``--steps complete`` leaves out going back, ``--steps none`` stops after the first migration.

The matters are real ones of the letters scene, opened and moved on by the actions (letters out to three units, some
branches answered and checked, others at each step), then copied by INSERT … SELECT with ids of their own. The new
version has a fan-out and a step under other ids (mapped), a new name and clock for a task, a changed and a new timer.
The goal is 100,000 in 60 seconds, none stranded: at the end no matter may be open. There is no peer in this run.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "tests"), str(PROJECT / "tests" / "migration")]

GOAL = 60.0 / 100_000  # seconds a matter
TOGETHER = 500  # tasks completed in one act
# Tables a matter consists of, and which of their columns are ids that a copy has for itself.
COPIED = {
    "matter": ("id",),
    "matter_content": ("matter_id",),
    "leg": ("id", "matter_id"),
    "party": ("id", "matter_id"),
    "scope": ("id", "matter_id", "parent_id"),
    "token": ("id", "matter_id", "scope_id"),
    "timer": ("id", "matter_id", "scope_id", "token_id"),
    "letter": ("id", "matter_id", "scope_id"),
    "letter_subject": ("id", "letter_id", "party_id", "matter_id"),
    "answer": ("id", "matter_id", "letter_id"),
    "task": ("id", "matter_id", "scope_id", "token", "letter_id"),
}


def prepared(folder: Path) -> Any:
    """A server of its own with the city in it; returns the city to act in."""
    os.environ["LIANBAN_DATA_FOLDER"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianban.config.settings"
    for name in ("LIANBAN_DATABASE_URL", "LIANBAN_ROLE", "LIANBAN_DATABASE_NAME", "LIANBAN_ROLE_PASSWORDS"):
        os.environ.pop(name, None)
    import django

    django.setup()
    import psycopg
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections, transaction
    from officials import MONDAY, PASSWORD, City

    from lianban.actions.load_city import load_city
    from lianban.engines.scenes.city import load_city as read_city
    from lianban.records import scenes, server

    running = server.ensure()
    settings.DEMO = True
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        load_city(cursor, read_city(settings.SCENES / "city.yaml"), PASSWORD, MONDAY)
        scenes.deploy(cursor, MONDAY)
    superuser = psycopg.connect(**running.dsn("super"), autocommit=True)
    return City(superuser.info.dbname, running, superuser)


def originals(city: Any) -> list[UUID]:
    """One matter at each of the places where most open matters rest."""
    made = []
    for reach in ("signed for by nobody", "one unit answers", "one unit is checked", "to be archived"):
        matter = city.open(("police", "housing", "transport"))
        city.send(matter)
        for unit in ("police", "housing", "transport"):
            if unit == "transport" and reach == "signed for by nobody":
                continue
            city.sign_and_route(matter, unit)
            if unit == "transport" and reach == "one unit answers":
                continue
            city.answer(matter, unit)
            if unit == "transport" and reach == "one unit is checked":
                continue
            city.check(matter, unit)
        made.append(matter)
    return made


def copy(city: Any, matter: UUID, copies: int) -> None:
    """Copies of one matter, with ids, numbers and rows of their own. History and ledger are not copied."""
    with city.superuser.transaction():
        city.superuser.execute("SET LOCAL session_replication_role = replica")
        for table, own in COPIED.items():
            columns = city.column(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                table,
            )
            chosen = [
                f"md5({name}::text || n)::uuid" if name in own else f"{name} || '-' || n" if name == "number" else name
                for name in columns
            ]  # fmt: skip
            key = "id" if table == "matter" else "matter_id"
            names = ", ".join(f'"{name}"' for name in columns)
            city.superuser.execute(
                f"INSERT INTO {table} ({names}) SELECT {', '.join(chosen)} FROM {table}, generate_series(1, %s) n"
                f" WHERE {key} = %s", [copies, matter],
            )  # fmt: skip


def complete_everything(city: Any) -> tuple[int, float]:
    """Do every open task until none is left, each as an officer who may; returns how many, and seconds."""
    from officials import MONDAY

    from lianban.actions.complete_task import Completion, complete_tasks

    at, done, began = MONDAY + timedelta(days=2), 0, time.perf_counter()
    answers: dict[tuple[str, str], Any] = {}
    while True:
        todo: dict[str, list[tuple[UUID, UUID, str, str]]] = defaultdict(list)
        for task, matter, element, agency, role in city.rows(
            "SELECT t.id, t.matter_id, t.element, a.code, t.role FROM task t JOIN agency a ON a.id = t.agency_id"
            " WHERE t.state = 'open' ORDER BY t.matter_id"
        ):
            who = {"handler": "handler_1"}.get(role, role)
            todo[f"{agency}.{who}"].append((task, matter, element, agency))
        if not todo:
            return done, time.perf_counter() - began
        for officer, tasks in todo.items():
            for first in range(0, len(tasks), TOGETHER):
                completions = []
                for task, matter, element, agency in tasks[first : first + TOGETHER]:
                    if element == "answer" and (agency, element) not in answers:
                        answers[agency, element] = city.answer_data(matter, agency, at=at)
                    data = {
                        "assign": {"handler": "handler_1"},
                        "answer": answers.get((agency, element)),
                        "check": {"decision": "accept"},
                        "archive": {"summary": "各单位均已反馈。"},
                    }.get(element) or {}
                    completions.append(Completion(task, data))
                with city.acting_as(officer, at) as acting:
                    complete_tasks(acting, completions)
                done += len(completions)


def cpu_seconds(city: Any) -> float:
    """Of this process and of the server's backends that have ended: what the work costs on a machine shared with others."""
    backend = city.one("SELECT pg_backend_pid()")
    parent = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1]
    ended = Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[13:15]
    return time.process_time() + sum(map(int, ended)) / os.sysconf("SC_CLK_TCK")


def line(what: str, count: int, seconds: float, note: str = "") -> None:
    print(
        f"{what:<44} {count:>9,}  {seconds:8.1f} s  {count / seconds if seconds else 0:9,.0f}/s  {note}",
        flush=True,
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100_000 if os.environ.get("FULL") == "1" else 10_000)
    options.add_argument("--steps", default="back,complete", help="what follows the migration")
    chosen = options.parse_args()
    # Root lends the server a service account, which could not reach a private temporary folder.
    home = Path("/var/lib/lianban") if os.geteuid() == 0 else Path(tempfile.gettempdir())
    folder = home / f"bench-{os.getpid()}"
    city = prepared(folder)
    try:
        return measure(city, chosen.count, chosen.steps.split(","))
    finally:
        city.superuser.close()
        from django.db import connections

        connections.close_all()
        city.server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(city: Any, count: int, steps: list[str]) -> int:
    from new_versions import RICHER, deploy, migrate, roll_back
    from officials import MONDAY

    from lianban.engines.migration import ElementMap

    print(
        f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    )
    began = time.perf_counter()
    made = originals(city)
    for number, matter in enumerate(made):
        share = count // len(made) + (number < count % len(made))
        copy(city, matter, max(share - 1, 0))
    city.superuser.execute("ANALYZE")
    total = city.one("SELECT count(*) FROM matter WHERE state = 'open'")
    line("set-up: open matters", total, time.perf_counter() - began)
    for table in ("scope", "token", "task", "timer"):
        print(f"  {table}: {city.one(f'SELECT count(*) FROM {table}'):,} rows")
    version, drawing = deploy(
        city,
        *RICHER,
        ('"units_answer"', '"units"'),
        ('id="route"', 'id="assign"'),
        ('Ref="route"', 'Ref="assign"'),
    )
    chosen, at = ElementMap({"units_answer": "units", "route": "assign"}), MONDAY + timedelta(days=1)

    def timed(act: Any) -> tuple[Any, float, str]:
        start, cpu = time.perf_counter(), cpu_seconds(city)
        found = act()
        seconds = time.perf_counter() - start
        time.sleep(0.5)  # a backend's CPU time counts when it is gone
        return found, seconds, f"CPU {cpu_seconds(city) - cpu:.1f} s"

    (key, moved), seconds, cpu = timed(lambda: migrate(city, version, chosen, at))
    goal = GOAL * total
    line("migrate", moved.moved, seconds, f"{cpu} · goal {goal:.1f} s · ratio {goal / seconds:.2f}×")
    stayed = len(moved.kept)
    if "complete" not in steps:
        behind = city.one("SELECT count(*) FROM matter WHERE state = 'open' AND drawing_id <> %s", drawing)
        print(f"stayed behind: {stayed + behind}   (nothing was completed in this run)")
        return 1 if stayed or behind else 0
    if "back" in steps:
        back, back_seconds, cpu = timed(lambda: roll_back(city, key, at))
        line("roll back", back.moved, back_seconds, cpu)
        (_, again), again_seconds, cpu = timed(lambda: migrate(city, version, chosen, at))
        line("migrate again", again.moved, again_seconds, cpu)
        stayed += len(again.kept)
    stayed += city.one("SELECT count(*) FROM matter WHERE drawing_id <> %s", drawing)
    tasks, work_seconds = complete_everything(city)
    line("complete every task that is left", tasks, work_seconds)
    stranded = city.one("SELECT count(*) FROM matter WHERE state = 'open'")
    left = {table: city.one(f"SELECT count(*) FROM {table}") for table in ("token", "timer")}
    print(f"stayed behind: {stayed}   stranded: {stranded}   tokens and timers left: {left}")
    return 1 if stranded or stayed or any(left.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
