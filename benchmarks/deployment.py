"""A deployment of its own for one benchmark: embedded server, migrated database, the fictional city; gone afterwards.

The server is the product's own (fsync on, its settings as ``lianban serve`` starts it), in a data folder that no other
process knows. ``City`` is the one the tests use: acts go through sessions and actions, rows are read as the superuser.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.table import PROJECT, WrongResult

sys.path[:0] = [
    str(PROJECT / "tests"),
    str(PROJECT / "tests" / "migration"),
    str(PROJECT / "tests" / "process"),
]
# What would point a benchmark at somebody else's database, or change what is measured.
NOT_INHERITED = (
    "LIANBAN_DATABASE_URL",
    "LIANBAN_ROLE",
    "LIANBAN_DATABASE_NAME",
    "LIANBAN_ROLE_PASSWORDS",
    "LIANBAN_SCENES",
)


@contextlib.contextmanager
def a_city(name: str) -> Iterator[Any]:
    """The city, empty but for its officers, with demo mode on."""
    # Root lends the server a service account, which could not reach a private temporary folder.
    home = Path("/var/lib/lianban") if os.geteuid() == 0 else Path(tempfile.gettempdir())
    folder = home / f"bench-{name}-{os.getpid()}"
    for variable in NOT_INHERITED:
        os.environ.pop(variable, None)
    os.environ |= {
        "LIANBAN_DATA_FOLDER": str(folder), "DJANGO_SETTINGS_MODULE": "lianban.config.settings", "LIANBAN_DEMO": "1",
    }  # fmt: skip
    running = None
    try:
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
        call_command("migrate", database="owner", interactive=False, verbosity=0, skip_checks=True)
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            load_city(cursor, read_city(settings.SCENES / "city.yaml"), PASSWORD, MONDAY)
            scenes.deploy(cursor, MONDAY)
        with psycopg.connect(**running.dsn("super"), autocommit=True) as superuser:
            city = City(superuser.info.dbname, running, superuser)
            if city.one("SHOW fsync") != "on" or city.one("SHOW synchronous_commit") != "on":
                raise WrongResult("the server is not durable: its figures would say nothing")
            yield city
    finally:
        if running is not None:
            connections.close_all()
            running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def expect(found: Any, wanted: Any, what: str) -> None:
    """Fail loudly where the result is not what it must be."""
    if found != wanted:
        raise WrongResult(f"{what}: {found!r} instead of {wanted!r}")


def sequence_and_verify(city: Any) -> int:
    """Place every ledger entry that waits, verify the whole ledger, and return how many entries it has."""
    from lianban.actions.sequence_ledger import signing_key
    from lianban.actions.verify_ledger import verify_ledger

    while city.sequence():
        pass
    with city.as_role("auditor"):
        found = verify_ledger(signing_key().verifying_key())
    entries = city.one("SELECT count(*) FROM ledger_entry")
    expect((found.sound, found.waiting, found.entries), (True, 0, entries), "the ledger does not verify")
    return entries


def tell(text: str) -> None:
    """Progress, on the error output; the table is what goes to the other."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def timed(what: str, count: int | None = None) -> Iterator[list[float]]:
    """Seconds of a block, in a list that is filled when it ends."""
    spent: list[float] = []
    began = time.perf_counter()
    yield spent
    spent.append(time.perf_counter() - began)
    rate = f"  {count / spent[0]:,.0f}/s" if count else ""
    tell(f"  {what}: {spent[0]:.2f} s{rate}")


def percentile(times: list[float], share: float) -> float:
    """Of a list of seconds, in milliseconds."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def cpu_seconds(city: Any) -> float:
    """CPU spent so far by this process, its children and the server's backends: what work costs on a shared machine."""
    backend = city.one("SELECT pg_backend_pid()")
    postmaster = _stat(backend)[1]
    family = {os.getpid(), postmaster}
    spent = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                own = _stat(int(entry.name))
                if int(entry.name) in family or own[1] in family:
                    spent += sum(own[11:15])  # its own, and that of its children that have ended
    return spent / os.sysconf("SC_CLK_TCK")


def _stat(process: int) -> list[int]:
    """The numbers of /proc/PID/stat from the third field on; the state's letter counts as 0."""
    _, *rest = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, rest)]
