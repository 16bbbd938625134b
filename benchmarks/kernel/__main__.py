"""Human steps through the full action path: session, policies, engine, history, ledger, one commit each.

    python -m benchmarks.kernel [--matters 2000]

A database of its own beside the deployment's is made, filled and dropped. Each line: what, steps a second,
milliseconds of one act (median and 99th percentile), statements of one act. The peer is bare psycopg, as a superuser
whom no policy binds, writing the same rows in as many statements; steps/s of the two are compared one by one.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

NAME = f"lianban_bench_{os.getpid()}"
CLIENTS = 4


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--matters", type=int, default=2000)
    matters = parser.parse_args().matters
    os.environ.update(
        LIANBAN_DATABASE_NAME=NAME, LIANBAN_DEMO="1", DJANGO_SETTINGS_MODULE="lianban.config.settings"
    )
    import psycopg

    from lianban.records import server

    running = server.ensure()
    with psycopg.connect(**running.dsn(server.Role.SUPERUSER, "postgres"), autocommit=True) as admin:
        server.make_database(admin, NAME)
        try:
            _run(running, matters)
        finally:
            from django.db import connections

            connections.close_all()
            server.drop_database(admin, NAME)


def _run(running, matters: int) -> None:  # type: ignore[no-untyped-def]
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections, transaction

    from lianban.actions.load_city import load_city
    from lianban.engines.scenes.city import load_city as read_city
    from lianban.records import scenes, server

    call_command("migrate", database="owner", interactive=False, verbosity=0, skip_checks=True)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        load_city(cursor, read_city(settings.SCENES / "city.yaml"), "benchmark", datetime.now(UTC))
        scenes.deploy(cursor, datetime.now(UTC))
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"fsync {_fsync(running)}")  # fmt: skip
    print(f"{'':<46} {'steps/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'statements':>11}")
    ids = _open_all(matters)
    _set_wise(ids)
    one = _one_by_one(ids)
    _many_clients(ids)
    with running_superuser(running, server) as superuser:
        bare = _bare(superuser, ids)
    print(f"\nFull path one by one against bare psycopg writing the same rows: {bare / one:.1f} x its time")
    _fan_out()


def _fsync(running) -> str:  # type: ignore[no-untyped-def]
    import psycopg

    from lianban.records import server

    with psycopg.connect(**running.dsn(server.Role.SUPERUSER, "postgres")) as connection:
        return str(connection.execute("SHOW fsync").fetchone()[0])  # type: ignore[index]


def running_superuser(running, server):  # type: ignore[no-untyped-def]
    import psycopg

    return psycopg.connect(**running.dsn(server.Role.SUPERUSER, NAME))


def line(what: str, steps: float, times: list[float] | None = None, statements: float | None = None) -> None:
    spread = ("", "")
    if times:
        ordered = sorted(times)
        spread = (f"{statistics.median(ordered) * 1e3:.1f}", f"{ordered[int(len(ordered) * 0.99)] * 1e3:.1f}")
    print(
        f"{what:<46} {steps:9,.0f} {spread[0]:>8} {spread[1]:>8} {'' if statements is None else f'{statements:.1f}':>11}"
    )


def acting_as(username: str):  # type: ignore[no-untyped-def]
    from lianban.doors.cli.officers import acting_as as as_officer

    return as_officer(username)


def _open_all(count: int) -> list[UUID]:
    from lianban.actions.open_matter import Opening, open_matters

    openings = [Opening({"case_id": str(n), "log": "benchmark"}, number=str(n)) for n in range(count)]
    ids: list[UUID] = []
    began = time.perf_counter()
    for start in range(0, count, 1000):
        with acting_as("court.recorder") as acting:
            ids += open_matters(acting, "observed", openings[start : start + 1000])
    line("open matters, 1,000 an act", count / (time.perf_counter() - began))
    return ids


def _tasks(ids: list[UUID]) -> dict[UUID, UUID]:
    from django.db import connection

    from lianban.records.tasks import open_tasks

    with acting_as("court.recorder"), connection.cursor() as cursor:
        return {task.matter: task.id for task in open_tasks(cursor, ids)}


DATA = {"activity": "询问", "last": False}


def _set_wise(ids: list[UUID]) -> None:
    from lianban.actions.complete_task import Completion, complete_tasks

    for size in (1000, 50):
        tasks = list(_tasks(ids).values())[: size * 4]
        began = time.perf_counter()
        for start in range(0, len(tasks), size):
            with acting_as("court.recorder") as acting:
                complete_tasks(acting, [Completion(task, DATA) for task in tasks[start : start + size]])
        line(f"complete tasks, {size:,} an act", len(tasks) / (time.perf_counter() - began))


def _one_by_one(ids: list[UUID], count: int = 300, quiet: bool = False) -> float:
    from django.db import connection

    from lianban.actions.complete_task import complete_task

    tasks = list(_tasks(ids[:count]).values())
    statements, times = [0], []

    def counted(execute: Callable[..., object], *args: object) -> object:
        statements[0] += 1
        return execute(*args)

    began = time.perf_counter()
    with connection.execute_wrapper(counted):
        for task in tasks:
            at = time.perf_counter()
            with acting_as("court.recorder") as acting:
                complete_task(acting, task, DATA)
            times.append(time.perf_counter() - at)
    rate = len(tasks) / (time.perf_counter() - began)
    if not quiet:
        line("complete a task, 1 an act, 1 client", rate, times, statements[0] / len(tasks))
    return rate


def _many_clients(ids: list[UUID]) -> None:
    """Processes, as the server has them; each connects for itself."""
    from django.db import connections

    share = len(ids) // CLIENTS
    connections.close_all()
    began = time.perf_counter()
    children = []
    for number in range(CLIENTS):
        child = os.fork()
        if child == 0:
            try:
                _one_by_one(ids[number * share : number * share + 200], 200, quiet=True)
                connections.close_all()
                os._exit(0)
            except BaseException as error:
                print(error, file=sys.stderr)
                os._exit(1)
        children.append(child)
    failed = [child for child in children if os.waitpid(child, 0)[1]]
    assert not failed, "a client failed"
    line(f"complete a task, 1 an act, {CLIENTS} clients", CLIENTS * 200 / (time.perf_counter() - began))


def _bare(connection, ids: list[UUID], count: int = 300) -> float:  # type: ignore[no-untyped-def]
    """The rows that completing one task writes, and nothing read but the task: no policy, no engine, no check."""
    times = []
    began = time.perf_counter()
    for matter in ids[:count]:
        at = time.perf_counter()
        connection.execute("SELECT * FROM matter WHERE id = %s FOR UPDATE", [matter])
        task, token = connection.execute(
            "SELECT id, token FROM task WHERE matter_id = %s AND state = 'open'", [matter]
        ).fetchone()
        connection.execute(
            "INSERT INTO token (id, matter_id, agency_id, scope_id, element, flow, state) SELECT gen_random_uuid(),"
            " matter_id, agency_id, scope_id, element, flow, state FROM token WHERE id = %s", [token],
        )  # fmt: skip
        connection.execute(
            "INSERT INTO task SELECT (json_populate_record(t, json_build_object('id', gen_random_uuid()))).* FROM task t"
            " WHERE id = %s", [task],
        )  # fmt: skip
        connection.execute("UPDATE scope SET variables = variables WHERE matter_id = %s", [matter])
        connection.execute("UPDATE task SET state = 'done', closed_at = now() WHERE id = %s", [task])
        connection.execute("DELETE FROM token WHERE id = %s", [token])
        connection.execute("UPDATE matter SET last_event = last_event + 1 WHERE id = %s", [matter])
        connection.execute(
            "INSERT INTO event (id, matter_id, seq, kind, occurred_at, data) VALUES (gen_random_uuid(), %s, 9999, 'x',"
            " now(), '{}')", [matter],
        )  # fmt: skip
        connection.execute(
            "WITH e AS (INSERT INTO ledger_entry (id, act, payload, salt, commitment) VALUES (gen_random_uuid(), 'x',"
            " repeat('x', 600), 'x', 'x') RETURNING id, recorded_at) INSERT INTO ledger_pending SELECT id, recorded_at FROM e"
        )
        connection.commit()
        times.append(time.perf_counter() - at)
    rate = count / (time.perf_counter() - began)
    line("bare psycopg, the same rows, 1 client", rate, times, 10)
    return rate


def _fan_out() -> None:
    """The main job of the demo: one matter, thirty-one letters, each signed for, routed, answered and checked."""
    from lianban.doors.cli.main_job import Demonstration, handle_one, leave_on_their_way

    demo = Demonstration()
    handled = handle_one(demo, tell=lambda zh, en: None)
    print(f"\nOne matter with {handled.letters} letters: {handled.acts} acts in {handled.seconds:.1f} s,"
          f" {handled.acts / handled.seconds:.0f} acts/s with the reading between them")  # fmt: skip
    leave_on_their_way(demo)
    _pages(handled.matter)


def _pages(matter: UUID) -> None:
    """Whole pages, rendered by the process that answers, without the network between."""
    from django.test import Client

    from lianban.doors.cli.officers import session_of
    from lianban.records.keys import encoded_key

    print()
    for username, what, address in (
        ("court.judge", "page: my tasks, of the judge", "/"), ("tax.liaison", "page: letters received, of a unit", "/letters"),
        ("court.judge", "page: a matter with 31 letters", f"/matters/{matter}"),
        ("court.judge", "call: the same matter by the API", f"/api/v1/matters/{matter}"),
    ):  # fmt: skip
        key = encoded_key(session_of(username))
        client = Client(headers={"host": "127.0.0.1", "authorization": f"Bearer {key}"})
        client.cookies["lianban"] = key
        times = []
        for number in range(105):
            at = time.perf_counter()
            response = client.get(address)
            assert response.status_code == 200, response.status_code
            if number >= 5:  # the first ones compile the templates
                times.append(time.perf_counter() - at)
        line(what, len(times) / sum(times), times)


if __name__ == "__main__":
    main()
