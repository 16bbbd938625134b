"""Human steps through the full action path: session, policies, engine, history, ledger, durable, beside bare psycopg.

Many open matters are there (20,000; with ``FULL=1`` a million): one is opened by the actions and copied. Then their
tasks are completed: one by one by one client and by sixteen, by sixteen callers at once under one key (which the server
serves together), and set-wise. The peer is bare psycopg as a superuser whom no policy binds, which reads the task and
writes the same rows with a commit each; it and the full path take turns, act by act, so that both meet the same machine.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from benchmarks.copies import copy
from benchmarks.deployment import a_city, cpu_seconds, expect, percentile, tell, timed
from benchmarks.kernel.bare import bare_step
from benchmarks.kernel.pages import pages
from benchmarks.table import BenchRow

CLIENTS = 16
WHO = "court.recorder"
DATA = {"activity": "询问", "last": False}
# Of a matter that was just opened these tables hold something, beside history and ledger.
TABLES = ("matter", "leg", "scope", "token", "task")


def rows(full: bool) -> list[BenchRow]:
    """The rows of the table; goals are judged at full size alone, because they are set for a million open matters."""
    with a_city("kernel") as city:
        number = 1_000_000 if full else 20_000
        todo = _filled(city, number)
        data = f"{number:,} open matters; row policies, history, ledger, fsync on"
        made = [
            _beside_bare(city, todo, data, full),
            _many_clients(city, todo, data, full),
            _together(city, todo, data, full),
            *(_set_wise(city, todo, size, data, full) for size in (1000, 50)),
            _opened(city, data),
        ]
        done = city.one("SELECT count(*) FROM event WHERE kind = 'observations.record'")
        expect(
            city.one("SELECT count(*) FROM ledger_entry WHERE act = 'observations.record'"),
            done,
            "ledger entries",
        )
        expect(city.one("SELECT count(*) FROM task WHERE state = 'done' AND closed_by_id IS NOT NULL"), done,
               "tasks that are done")  # fmt: skip
        return [*made, *pages(city)]


def _filled(city: Any, number: int) -> Iterator[UUID]:
    """Open matters, and then their tasks in a random order: an officer does not take them as they lie on disk."""
    from lianban.actions.open_matter import Opening, open_matter

    with city.acting_as(WHO) as acting:
        first = open_matter(acting, "observed", Opening({"case_id": "bench", "log": "benchmark"}))
    with timed(f"{number:,} open matters", number):
        copy(city, first, number, tables=TABLES)
        city.superuser.execute("VACUUM ANALYZE matter, leg, scope, token, task")
        city.superuser.execute("CHECKPOINT")  # what filling left to write is not the steps' to wait for
    tasks = city.column(
        "SELECT id FROM task TABLESAMPLE SYSTEM (%s) WHERE state = 'open'", min(100, 3e6 / number)
    )
    random.Random(20261124).shuffle(tasks)
    return iter(tasks)


def taken(todo: Iterator[UUID], count: int) -> list[UUID]:
    found = [task for task, _ in zip(todo, range(count), strict=False)]
    expect(len(found), count, "tasks that are left to measure with")
    return found


def complete_one(city: Any, task: UUID) -> None:
    from lianban.actions.complete_task import complete_task

    with city.acting_as(WHO, datetime.now(UTC)) as acting:
        complete_task(acting, task, DATA)


# --- one by one


def _beside_bare(city: Any, todo: Iterator[UUID], data: str, full: bool, count: int = 300) -> BenchRow:
    from django.db import connection

    statements = 0

    def counted(execute: Callable[..., object], *args: object) -> object:
        nonlocal statements
        statements += 1
        return execute(*args)

    times: dict[str, list[float]] = {"ours": [], "bare": []}
    cpu = dict.fromkeys(times, 0.0)
    for task in taken(todo, 20):  # plans, graphs, forms
        complete_one(city, task)
    with city.connect("super") as superuser:
        acts = {
            "ours": functools.partial(complete_one, city),
            "bare": functools.partial(bare_step, superuser),
        }
        servers = {"ours": connection.connection.info.backend_pid, "bare": superuser.info.backend_pid}
        for task in taken(todo, 10):
            bare_step(superuser, task)
        before = {name: _server_cpu(pid) for name, pid in servers.items()}
        with connection.execute_wrapper(counted):
            for number, task in enumerate(taken(todo, 2 * count)):
                name = ("ours", "bare")[number % 2]
                began, spent = time.perf_counter(), time.process_time()
                acts[name](task)
                times[name].append(time.perf_counter() - began)
                cpu[name] += time.process_time() - spent
        for name, pid in servers.items():
            cpu[name] += _server_cpu(pid) - before[name]
    ours, bare = sum(times["ours"]), sum(times["bare"])
    # What bare psycopg wrote is nobody's act: it must not be counted as one.
    city.superuser.execute("UPDATE task SET closed_by_id = NULL WHERE closed_at IS NOT NULL AND name = ''")
    tell(f"  one by one: ours {ours / count * 1e3:.2f} ms, bare {bare / count * 1e3:.2f} ms; CPU"
         f" {cpu['ours'] / count * 1e3:.2f} and {cpu['bare'] / count * 1e3:.2f} ms")  # fmt: skip
    return BenchRow(
        "Human steps, one by one, 1 client", data,
        f"bare psycopg, the same rows: {count / bare:,.0f}/s, p50 {percentile(times['bare'], 0.5):.1f} ms,"
        f" CPU {cpu['bare'] / count * 1e3:.1f} ms",
        f"{count / ours:,.0f}/s, p50 {percentile(times['ours'], 0.5):.1f}, p99 {percentile(times['ours'], 0.99):.1f} ms,"
        f" CPU {cpu['ours'] / count * 1e3:.1f} ms, {statements / count:.1f} statements",
        ours / bare, "≤ 3× its time", ours / bare <= 3 if full else None,
    )  # fmt: skip


def _server_cpu(process: int) -> float:
    """CPU seconds of one backend of the server."""
    with open(f"/proc/{process}/stat") as stat:
        spent = stat.read().rpartition(")")[2].split()[11:13]
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def _many_clients(city: Any, todo: Iterator[UUID], data: str, full: bool, each: int = 60) -> BenchRow:
    """Processes, as servers have them; each connects for itself and is warm before the clock starts."""
    from django.db import connections

    city.session(WHO)
    connections.close_all()
    processes = multiprocessing.get_context("fork")
    together = processes.Barrier(CLIENTS + 1)

    def client(tasks: list[UUID]) -> None:
        for task in tasks[:5]:
            complete_one(city, task)
        together.wait()
        for task in tasks[5:]:
            complete_one(city, task)
        together.wait()
        os._exit(0)  # the parent's connections are not this process's to close

    shares = [taken(todo, 5 + each) for _ in range(CLIENTS)]
    children = [processes.Process(target=client, args=(share,)) for share in shares]
    for child in children:
        child.start()
    together.wait(120)
    began, spent = time.perf_counter(), cpu_seconds(city)
    together.wait(600)
    seconds, spent = time.perf_counter() - began, cpu_seconds(city) - spent
    for child in children:
        child.join()
        expect(child.exitcode, 0, "a client's end")
    count = CLIENTS * each
    return _row(f"Human steps, one by one, {CLIENTS} clients", data, "", count, seconds, spent, 300, full)


# --- many at once


def _together(city: Any, todo: Iterator[UUID], data: str, full: bool, each: int = 150) -> BenchRow:
    """As the server does with calls of the API: each caller is a thread that waits for its own answer."""
    from django.db import connections

    from lianban.actions.complete_task import Completion
    from lianban.actions.together import Call, Together

    sizes: list[int] = []
    gathered, key = Together(batch=sizes.append), city.session(WHO)
    start = threading.Barrier(CLIENTS + 1)
    failed: list[BaseException] = []

    def caller(tasks: list[UUID]) -> None:
        try:
            for number, task in enumerate(tasks):
                if number == 5:
                    start.wait(120)
                gathered.complete(Call(key, Completion(task, DATA), datetime.now(UTC), "接口调用"))
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    callers = [threading.Thread(target=caller, args=(taken(todo, 5 + each),)) for _ in range(CLIENTS)]
    for one in callers:
        one.start()
    start.wait(120)
    sizes.clear()
    began, spent = time.perf_counter(), cpu_seconds(city)
    for one in callers:
        one.join()
    seconds, spent = time.perf_counter() - began, cpu_seconds(city) - spent
    expect(failed, [], "callers that failed")
    count = CLIENTS * each
    row = _row(f"Human steps, micro-batched, {CLIENTS} callers of one key", data, "", count, seconds, spent, 800, full,
               f", {count / len(sizes):.1f} a transaction")  # fmt: skip
    return row


def _set_wise(city: Any, todo: Iterator[UUID], size: int, data: str, full: bool) -> BenchRow:
    from lianban.actions.complete_task import Completion, complete_tasks

    acts = [taken(todo, size) for _ in range(5)]
    for number, tasks in enumerate(acts):
        if number == 1:  # the first one warms up
            began, spent = time.perf_counter(), cpu_seconds(city)
        with city.acting_as(WHO, datetime.now(UTC)) as acting:
            complete_tasks(acting, [Completion(task, DATA) for task in tasks])
    seconds, spent = time.perf_counter() - began, cpu_seconds(city) - spent
    goal = 3000 if size == 1000 else None
    return _row(f"Human steps, set-wise, {size:,} an act", data, "", 4 * size, seconds, spent, goal, full)


def _opened(city: Any, data: str, size: int = 1000) -> BenchRow:
    from lianban.actions.open_matter import Opening, open_matters

    for number in range(3):
        if number == 1:
            began, spent = time.perf_counter(), cpu_seconds(city)
        openings = [Opening({"case_id": f"{number}-{n}", "log": "benchmark"}) for n in range(size)]
        with city.acting_as(WHO, datetime.now(UTC)) as acting:
            open_matters(acting, "observed", openings)
    seconds, spent = time.perf_counter() - began, cpu_seconds(city) - spent
    return _row(f"Matters opened, set-wise, {size:,} an act", data, "", 2 * size, seconds, spent, None, False)


def _row(what: str, data: str, peer: str, count: int, seconds: float, spent: float, goal: int | None, full: bool,
         more: str = "") -> BenchRow:  # fmt: skip
    rate = count / seconds
    tell(f"  {what}: {rate:,.0f}/s, CPU {spent / count * 1e3:.2f} ms each{more}")
    met = rate >= goal if goal and full else None
    ours = f"{rate:,.0f}/s, CPU {spent / count * 1e3:.2f} ms each{more}"
    return BenchRow(what, data, peer, ours, None, f"≥ {goal:,}/s" if goal else "", met)
