"""Open matters moved to a new version of their drawing, taken back, moved again, and every one of them then completed.

10,000 matters, or 100,000 at full size. ``python -m benchmarks.migration --count N`` chooses another number;
``--steps complete`` leaves out going back, ``--steps none`` stops after the first migration.

The matters are real ones of the letters scene, opened and moved on by the actions (letters out to three units, some
branches answered and checked, others at each step), then copied by INSERT … SELECT with ids of their own. The new
version has a fan-out and a step under other ids (mapped), a new name and clock for a task, a changed and a new timer.
The goal is 100,000 in 60 seconds, none stranded: at the end no matter may be open. There is no peer in this run.
"""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from benchmarks.copies import copy
from benchmarks.deployment import a_city, cpu_seconds, expect, tell
from benchmarks.table import BenchRow

GOAL = 60.0 / 100_000  # seconds a matter
TOGETHER = 500  # tasks completed in one act
SMALLEST = 10_000  # matters, from which on the goal is judged in proportion


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


def line(what: str, count: int, seconds: float, note: str = "") -> None:
    tell(f"  {what:<44} {count:>9,}  {seconds:8.1f} s  {count / seconds if seconds else 0:9,.0f}/s  {note}")


def rows(full: bool) -> list[BenchRow]:
    return run(100_000 if full else 10_000)


def run(count: int, steps: tuple[str, ...] = ("back", "complete")) -> list[BenchRow]:
    with a_city("migration") as city:
        return measure(city, count, steps)


def measure(city: Any, count: int, steps: tuple[str, ...]) -> list[BenchRow]:
    from new_versions import RICHER, deploy, migrate, roll_back
    from officials import MONDAY

    from lianban.engines.migration import ElementMap

    began = time.perf_counter()
    made = originals(city)
    for number, matter in enumerate(made):
        share = count // len(made) + (number < count % len(made))
        copy(city, matter, max(share - 1, 0))
    city.superuser.execute("ANALYZE")
    total = city.one("SELECT count(*) FROM matter WHERE state = 'open'")
    line("set-up: open matters", total, time.perf_counter() - began)
    for table in ("scope", "token", "task", "timer"):
        tell(f"    {table}: {city.one(f'SELECT count(*) FROM {table}'):,} rows")
    version, drawing = deploy(
        city,
        *RICHER,
        ('"units_answer"', '"units"'),
        ('id="route"', 'id="assign"'),
        ('Ref="route"', 'Ref="assign"'),
    )
    chosen, at = ElementMap({"units_answer": "units", "route": "assign"}), MONDAY + timedelta(days=1)

    def timed(what: str, act: Any, goal: bool = False) -> tuple[Any, BenchRow]:
        start, cpu = time.perf_counter(), cpu_seconds(city)
        found = act()
        seconds, cpu = time.perf_counter() - start, cpu_seconds(city) - cpu
        report = found[1] if isinstance(found, tuple) else found
        expect(report.moved, total, "matters moved")
        line(what, report.moved, seconds, f"CPU {cpu:.1f} s")
        return found, BenchRow(
            what, f"{total:,} open matters with letters at four places, bulk by the worker", "",
            f"{seconds:.1f} s (CPU {cpu:.1f} s), {total / seconds:,.0f} matters/s", None,
            "100,000 in ≤ 60 s, 0 stranded" if goal else "", seconds <= GOAL * total if goal and total >= SMALLEST else None,
        )  # fmt: skip

    (key, moved), row = timed(
        "Open matters migrated to a new drawing", lambda: migrate(city, version, chosen, at), goal=True
    )
    found = [row]
    stayed = len(moved.kept)
    if "back" in steps:
        _, row = timed("Open matters rolled back again", lambda: roll_back(city, key, at))
        found.append(row)
        (_, again), _row = timed("migrated once more", lambda: migrate(city, version, chosen, at))
        stayed += len(again.kept)
    expect(stayed, 0, "matters that could not be moved")
    expect(
        city.one("SELECT count(*) FROM matter WHERE drawing_id <> %s", drawing),
        0,
        "matters that stayed behind",
    )
    if "complete" in steps:
        tasks, work_seconds = complete_everything(city)
        line("complete every task that is left", tasks, work_seconds)
        expect(city.one("SELECT count(*) FROM matter WHERE state = 'open'"), 0, "matters stranded")
        for table in ("token", "timer"):
            expect(city.one(f"SELECT count(*) FROM {table}"), 0, f"rows of {table} left")
    return found
