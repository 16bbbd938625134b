"""The inbox of a liaison officer with 10,000 open tasks, while the finished tasks beside them grow tenfold.

The same two statements that the page of one's tasks asks: a page of fifty lines (first page and later ones in turn) and
the counts of its heaps, which end at a thousand each. Ours: as the application's role in the officer's session, every row
through the policies. The peer: the same statements as the superuser, whom no policy binds, in the same run, one after
the other.
"""

from __future__ import annotations

import random
import statistics
import time
from datetime import timedelta
from typing import Any

from benchmarks.copies import copy
from benchmarks.deployment import a_city, expect, percentile, tell, timed
from benchmarks.table import BenchRow

OPEN = 10_000
QUERIES = 400
GOAL_MS, GOAL_RATIO = 50.0, 2.0
OFFICER, ROLE = "tax.liaison", "liaison"
UNITS = ("tax", "police")
# What is not read by an inbox is not copied: history, ledger, parties, contents.
FINISHED = ("matter", "leg", "scope", "letter", "task")


def rows(full: bool) -> list[BenchRow]:
    sizes = (1_000_000, 10_000_000) if full else (100_000, 1_000_000)
    found, earlier = [], None
    with a_city("inbox") as city:
        _open_ones(city)
        finished = _finished_one(city)
        each = city.one("SELECT count(*) FROM task WHERE matter_id = %s", finished)
        made = 1
        for size in sizes:
            more = max(size // each - made, 0)
            with timed(f"load up to {size:,} finished tasks", more * each):
                copy(city, finished, more, first=1_000_000 + made, tables=FINISHED)
                city.superuser.execute("VACUUM ANALYZE matter, leg, scope, letter, task")
            made += more
            row, ours = _measured(city, made * each, full, earlier)
            found.append(row)
            earlier = earlier or ours
    return found


def _open_ones(city: Any) -> None:
    """10,000 letters to the tax office that nobody has signed for, due on many days; as many to the police."""
    matter = city.open(UNITS)
    city.send(matter)
    with timed("load open matters", OPEN):
        copy(city, matter, OPEN - 1)
        city.superuser.execute(
            "UPDATE task SET due_at = due_at + random() * interval '40 days' WHERE state = 'open'"
        )
    expect(
        city.one("SELECT count(*) FROM task WHERE state = 'open' AND agency_id = %s", city.agency("tax")), OPEN,
        "open tasks of the officer's agency",
    )  # fmt: skip


def _finished_one(city: Any) -> Any:
    matter = city.open(UNITS)
    city.send(matter)
    for unit in UNITS:
        city.sign_and_route(matter, unit)
        city.answer(matter, unit)
        city.check(matter, unit)
    city.do("court.clerk", matter, "archive", {"summary": "各单位均已反馈。"})
    expect(
        city.one("SELECT state FROM matter WHERE id = %s", matter), "closed", "the matter that was finished"
    )
    return matter


def _measured(city: Any, finished: int, full: bool, earlier: float | None) -> tuple[BenchRow, float]:
    from django.db import connection
    from officials import MONDAY

    from lianban.engines.clocks.moments import legal_date
    from lianban.records import inbox

    draw = random.Random(20261124)
    expect(city.one("SELECT count(*) FROM task WHERE state <> 'open'") >= finished, True, "finished tasks")
    places = city.rows(
        "SELECT due_at, id FROM task WHERE state = 'open' AND agency_id = %s ORDER BY due_at, id",
        city.agency("tax"),
    )
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    # What the counts must be, from the rows themselves.
    soon = MONDAY + timedelta(days=3)
    heaps = (
        sum(due < MONDAY for due, _ in places), sum(MONDAY <= due < soon for due, _ in places),
        sum(due >= soon for due, _ in places),
    )  # fmt: skip
    expect(sum(heaps), OPEN, "open tasks with a date")
    wanted = tuple(inbox.Counted(min(heap, inbox.MOST_COUNTED), heap > inbox.MOST_COUNTED) for heap in heaps)

    def page(cursor: Any, who: dict[str, Any], after: Any) -> tuple[Any, Any]:
        lines = inbox.my_tasks(cursor, **who, after=after)
        return lines, inbox.count_tasks(cursor, **who, now=MONDAY, soon=soon)

    for number in range(-10, QUERIES):
        after = places[draw.randrange(OPEN - inbox.PAGE)] if number % 2 else None
        with city.acting_as(OFFICER) as acting, connection.cursor() as cursor:
            who = {"agency": acting.agency, "post": acting.post, "role": ROLE, "officer": acting.officer,
                   "today": legal_date(MONDAY)}  # fmt: skip
            began = time.perf_counter()
            lines, counts = page(cursor, who, after)
            spent = time.perf_counter() - began
        with city.superuser.cursor() as bare:
            began = time.perf_counter()
            same = page(bare, who, after)
            spent_bare = time.perf_counter() - began
        expect((lines, counts), same, "what the officer and the superuser see of this inbox")
        expect(len(lines), inbox.PAGE, "lines of a page")
        expect(
            (counts.overdue, counts.due_soon, counts.later),
            wanted,
            "tasks of each heap, counted up to the bound",
        )
        if number >= 0:  # the first ones warm the plans up
            times["ours"].append(spent)
            times["bare"].append(spent_bare)
    ours, p99 = statistics.median(times["ours"]) * 1000, percentile(times["ours"], 0.99)
    bare, bare_p99 = statistics.median(times["bare"]) * 1000, percentile(times["bare"], 0.99)
    tell(
        f"  {finished:,} finished: ours p50 {ours:.1f} p99 {p99:.1f} ms; bare SQL p50 {bare:.1f} p99 {bare_p99:.1f} ms"
    )
    flat = "" if earlier is None else f"; p50 {ours / earlier:.2f}× of the first size"
    row = BenchRow(
        "Inbox: a page of 50 with its counts", f"{OPEN:,} open among {finished:,} finished tasks; {QUERIES} pages",
        f"bare SQL, no policies: p50 {bare:.1f}, p99 {bare_p99:.1f} ms", f"p50 {ours:.1f}, p99 {p99:.1f} ms{flat}",
        ours / bare, f"p99 ≤ {GOAL_MS:.0f} ms, ≤ {GOAL_RATIO:.0f}×, flat", p99 <= GOAL_MS and ours / bare <= GOAL_RATIO,
    )  # fmt: skip
    return row, ours
