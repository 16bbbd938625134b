"""Whole cases a second, durable, beside SpiffWorkflow on the same server in the same run.

Two models. *Letters*: the letters scene, 128 steps of people in 31 branches at once. *Steps*: the observed scene, six
steps in a row. Ours go the full action path (session, policies, forms, history, ledger; for letters also numbers, seals,
answers, clocks and reminders) with many tasks in one act; the peer's keep nothing but its state, committed after each
step. Counted at the end: every case ended, every step of people and every ledger entry there, the ledger verified.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from benchmarks.deployment import a_city, expect, sequence_and_verify, tell
from benchmarks.fan_outs import LETTERS, deliver_all, do_all, open_many, units_asked
from benchmarks.spiff import peer
from benchmarks.table import BenchRow

STEPS = 6  # of the observed scene
OF_LETTERS = 4 + 4 * LETTERS  # draft, approve, seal, archive; sign, route, answer, check in each branch
GOAL = 20.0


def rows(full: bool) -> list[BenchRow]:
    with a_city("spiff") as city:
        found = [
            _letters(city, 400 if full else 60, 20 if full else 4),
            _steps(city, 20_000 if full else 3000, 300),
        ]
        sequence_and_verify(city)
    return found


def _letters(city: Any, count: int, of_peer: int) -> BenchRow:
    from officials import MONDAY

    units = units_asked(city)
    began = time.perf_counter()
    open_many(city, count, units, MONDAY)
    deliver_all(city, MONDAY, together=50)
    steps = 3 * count
    for hours, element in enumerate(("sign", "route", "answer", "check", "archive")):
        steps += do_all(city, [element], MONDAY + timedelta(hours=hours))
    seconds = time.perf_counter() - began
    expect(steps, count * OF_LETTERS, "steps of people done")
    expect(city.one("SELECT count(*) FROM matter WHERE state = 'closed'"), count, "matters closed")
    expect(
        city.one("SELECT count(*) FROM answer WHERE state = 'accepted'"), count * LETTERS, "answers accepted"
    )
    # Each step is an entry, so are the opening and each delivery.
    acts = dict(city.rows("SELECT act, count(*) FROM ledger_entry GROUP BY 1"))
    for act in ("deliver", "sign", "route", "answer", "check"):
        expect(acts[f"letters.{act}"], count * LETTERS, f"ledger entries of letters.{act}")
    for act in ("matter.opened", "letters.draft", "letters.approve", "letters.seal", "matters.archive"):
        expect(acts[act], count, f"ledger entries of {act}")
    drawing = peer.Cases(city.superuser, peer.letters_drawing())
    return _row(
        f"Whole cases with {LETTERS} letters, set-wise", f"{count} matters of {OF_LETTERS} steps of people, 500 an act",
        drawing, of_peer, {"units": units}, lambda step: {}, OF_LETTERS, count / seconds,
    )  # fmt: skip


def _steps(city: Any, count: int, of_peer: int) -> BenchRow:
    from officials import MONDAY

    from lianban.actions.complete_task import Completion, complete_tasks
    from lianban.actions.open_matter import Opening, open_matters
    from lianban.records.tasks import open_tasks

    together = 1000
    began = time.perf_counter()
    made = []
    for first in range(0, count, together):
        openings = [
            Opening({"case_id": str(n), "log": "benchmark"}, number=str(n))
            for n in range(first, min(first + together, count))
        ]
        with city.acting_as("court.recorder") as acting:
            made += open_matters(acting, "observed", openings)
    for step in range(1, STEPS + 1):
        for first in range(0, count, together):
            with (
                city.acting_as("court.recorder", MONDAY + timedelta(hours=step)) as acting,
                _cursor() as cursor,
            ):
                tasks = open_tasks(cursor, made[first : first + together])
                data = {"activity": "询问", "last": step == STEPS}
                complete_tasks(acting, [Completion(task.id, data) for task in tasks])
    seconds = time.perf_counter() - began
    closed = city.one("SELECT count(*) FROM matter WHERE state = 'closed' AND scene = 'observed'")
    expect(closed, count, "matters closed")
    events = city.one("SELECT count(*) FROM event WHERE activity = '询问'")
    expect(events, count * STEPS, "activities recorded")
    drawing = peer.Cases(city.superuser, peer.observed_drawing())
    return _row(
        f"Whole cases of {STEPS} steps, set-wise", f"{count:,} matters, {together:,} tasks an act",
        drawing, of_peer, {"last": False}, lambda step: {"activity": "询问", "last": step == STEPS}, STEPS,
        count / seconds,
    )  # fmt: skip


def _cursor() -> Any:
    from django.db import connection

    return connection.cursor()


def _row(
    what: str,
    data: str,
    cases: peer.Cases,
    count: int,
    start: dict[str, Any],
    said: Any,
    steps: int,
    ours: float,
) -> BenchRow:
    rates = {}
    for read_back in (True, False):
        began = time.perf_counter()
        for _ in range(count):
            expect(cases.run(start, said, read_back), steps, "steps of the peer")
        rates[read_back] = count / (time.perf_counter() - began)
    ratio = ours / rates[True]
    tell(
        f"  {what}: ours {ours:.2f} cases/s; {peer.NAME} {rates[True]:.2f} read back before each step,"
        f" {rates[False]:.2f} kept in memory"
    )
    return BenchRow(
        what, f"{data}; peer: {count} cases, state committed after each step",
        f"{peer.NAME}: {rates[True]:,.2f} cases/s (kept in memory {rates[False]:,.2f})",
        f"{ours:,.1f} cases/s, {ours * steps:,.0f} steps/s", ratio, f"≥ {GOAL:.0f}×", ratio >= GOAL,
    )  # fmt: skip
