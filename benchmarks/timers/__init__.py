"""Fifty thousand timers due at one instant, fired with their follow-up by two workers as the product runs them.

Every letter of 10,000 matters (five letters each) has waited too long to be signed for: its timer fires, the letter is
reminded of (a reminder's row, the letter's count, an event of history, a ledger entry, the unit's pages woken) and the
timer is armed for the next day. The workers are the program behind ``lianban jobs``, in processes of their own and in
the worker's role; they sequence the ledger at the same time. The clock starts at the instant the timers are due and
stops when none is left. There is no peer. At the end each letter was reminded of exactly once and the ledger verifies.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.copies import copy
from benchmarks.deployment import a_city, cpu_seconds, expect, sequence_and_verify, tell, timed
from benchmarks.table import BenchRow, WrongResult

UNITS = ("police", "housing", "tax", "civil_affairs", "transport")
GOAL_SECONDS, GOAL_TIMERS = 15.0, 50_000
WORKERS = 2
PATIENCE = 40  # times the goal, after which the workers are taken to have stopped


def rows(full: bool) -> list[BenchRow]:
    matters = GOAL_TIMERS // len(UNITS)  # the goal's size takes seconds: there is no smaller one
    with a_city("timers") as city:
        count = _unsigned(city, matters)
        with workers(WORKERS):
            due = datetime.now(UTC) + timedelta(seconds=6)
            city.superuser.execute("UPDATE timer SET due_at = %s", [due])
            city.superuser.execute("VACUUM ANALYZE timer, letter, task, scope, token, matter, leg")
            if (early := (due - datetime.now(UTC)).total_seconds()) > 0:
                time.sleep(early)
            else:
                tell(f"  set up {-early:.1f} s too late: some timers were fired before the clock started")
            cpu = cpu_seconds(city)
            seconds = _until_none_is_due(city, due, count)
            cpu = cpu_seconds(city) - cpu
            with timed("until the last entry had its place in the ledger"):
                _until_sequenced(city)
        _each_reminded_once(city, count, due)
        entries = sequence_and_verify(city)
    rate = count / seconds
    tell(f"  {count:,} timers in {seconds:.1f} s, {rate:,.0f}/s; {entries:,} ledger entries verified")
    goal = GOAL_SECONDS * count / GOAL_TIMERS
    return [
        BenchRow(
            "Timers due at once, with their follow-up",
            f"{count:,} timers of {matters:,} matters; {WORKERS} workers; reminder, history, ledger", "",
            f"{seconds:.1f} s (CPU {cpu:.1f} s), {rate:,.0f} timers/s", None, f"{GOAL_TIMERS:,} in ≤ {GOAL_SECONDS:.0f} s", seconds <= goal,
        )
    ]  # fmt: skip


def _unsigned(city: Any, matters: int) -> int:
    """Matters whose letters nobody has signed for; returns how many timers they have."""
    now = datetime.now(UTC)
    original = city.open(UNITS, at=now)
    city.send(original, at=now)
    with timed("load matters", matters):
        copy(city, original, matters - 1)
    count = matters * len(UNITS)
    expect(city.one("SELECT count(*) FROM timer"), count, "timers armed")
    return count


@contextlib.contextmanager
def workers(count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Workers as the product starts them; they end with the block."""
    environment = {**os.environ, "LIANBAN_ROLE": "worker"}
    started = [
        subprocess.Popen([sys.executable, "-m", "lianban.config.worker"], env=environment, stdout=sys.stderr)
        for _ in range(count)
    ]
    try:
        time.sleep(4)  # they import, connect and find nothing to do
        if any(worker.poll() is not None for worker in started):
            raise WrongResult("a worker ended by itself")
        yield started
    finally:
        for worker in started:
            worker.terminate()
        for worker in started:
            worker.wait(30)


def _until_none_is_due(city: Any, due: datetime, count: int) -> float:
    while city.one("SELECT EXISTS (SELECT FROM timer WHERE due_at <= %s)", due):
        seconds = (datetime.now(UTC) - due).total_seconds()
        if seconds > GOAL_SECONDS * PATIENCE:
            raise WrongResult(f"after {seconds:.0f} s timers are still due")
        time.sleep(0.05)
    return (datetime.now(UTC) - due).total_seconds()


def _until_sequenced(city: Any) -> None:
    while city.one("SELECT EXISTS (SELECT FROM ledger_pending)"):
        time.sleep(0.05)


def _each_reminded_once(city: Any, count: int, due: datetime) -> None:
    expect(
        city.one("SELECT count(*), count(DISTINCT letter_id) FROM reminder"),
        (count, count),
        "reminders, letters",
    )
    expect(
        city.column("SELECT DISTINCT reminded_count FROM letter"),
        [1],
        "how often each letter was reminded of",
    )
    for table, name in (("event", "kind"), ("ledger_entry", "act")):
        expect(
            city.one(f"SELECT count(*) FROM {table} WHERE {name} = 'letters.remind'"),
            count,
            f"rows of {table}",
        )
    expect(city.one("SELECT count(*) FROM timer WHERE due_at > %s", due), count, "timers armed again")
    gaps = "SELECT count(*) FROM (SELECT matter_id FROM event GROUP BY 1 HAVING max(seq) - min(seq) + 1 <> count(*)) g"
    expect(city.one(gaps), 0, "matters whose history has a gap")
