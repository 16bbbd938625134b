"""The demo city, loaded: how long that takes, the pages each of its people opens, and steps while it is there.

All stories of the enforcement scene are lived through the actions (a tenth of them; with ``FULL=1`` all: 18,000 closed cases
and some 2,000 open ones). Then pages are rendered by the process that answers, without the network between, for the judge,
the clerk, the keeper of the funds, the president, a unit's liaison officer, a grid worker and the supervisor; and new
cases are accepted and notified, one by one and a thousand an act. There is no peer: the page of the peer does not exist.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from benchmarks.deployment import a_city, expect, percentile, sequence_and_verify, tell
from benchmarks.table import BenchRow

SCENE, CLERK, JUDGE = "enforcement", "court.clerk", "court.judge"
LOADED_WITHIN = 90.0
PAGE_TIMES = 60
# The page of a case asks for its sections one by one.
SECTIONS = tuple(
    f"/matters/{{matter}}/parts/{name}"
    for name in ("clocks", "assets", "measures", "sales", "payments", "collaborations", "listings", "closing")
)
# Who opens what. "{matter}" is the case with most that happened in it.
PAGES = (
    ("judge", JUDGE, ("/", "/matters?scene=enforcement", "/matters/{matter}", *SECTIONS, "/radar", "/payments")),
    ("clerk", CLERK, ("/", "/letters", "/imports")),
    ("keeper of the funds", "court.cashier", ("/", "/payments")),
    ("president (leader)", "court.president", ("/", "/figures?scene=enforcement")),
    ("liaison of a bank", "central_bank.liaison", ("/", "/letters")),
    ("grid worker", "qingping.grid_worker", ("/",)),
    ("supervisor", "political_legal.supervisor", ("/", "/bulletin")),
)  # fmt: skip


def rows(full: bool) -> list[BenchRow]:
    scale = 1.0 if full else 0.1
    with a_city("city") as city:
        living, loaded = _loaded(city, scale, full)
        data = f"the city with {city.one('SELECT count(*) FROM matter'):,} cases"
        filings = [life.data for lives in living.lives.values() for life in lives]
        made = [loaded, *_pages(city, data), *_steps(city, data, filings)]
        tell(f"  {sequence_and_verify(city):,} ledger entries verified")
        return made


def _loaded(city: Any, scale: float, full: bool) -> tuple[Any, BenchRow]:
    from lianban.doors.cli.living import Living

    began = time.perf_counter()
    living = Living(SCENE, CLERK, scale)
    acts = living.live()
    seconds = time.perf_counter() - began
    expect(city.one("SELECT count(*) FROM matter"), living.total, "cases of the city")
    city.superuser.execute("ANALYZE")
    tell(f"  {living.total:,} cases, {acts:,} acts in {seconds:.1f} s")
    return living, BenchRow(
        "Demo city: cases loaded", f"{living.total:,} enforcement cases, {acts:,} acts", "",
        f"{seconds:.1f} s, {acts / seconds:,.0f} acts/s", None, f"≤ {LOADED_WITHIN:.0f} s",
        seconds <= LOADED_WITHIN if full else None,
    )  # fmt: skip


def _pages(city: Any, data: str) -> list[BenchRow]:
    from django.test import Client

    from lianban.records.keys import encoded_key

    busiest = city.one("SELECT matter_id FROM event GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
    tell(f"  the case: {city.one('SELECT last_event FROM matter WHERE id = %s', busiest)} events")
    made = []
    for who, username, addresses in PAGES:
        client = Client(headers={"host": "127.0.0.1"})
        client.cookies["lianban"] = encoded_key(city.session(username))
        for pattern in addresses:
            address = pattern.format(matter=busiest)
            times = _times(lambda client=client, address=address: client.get(address).status_code)  # type: ignore[misc]
            shown = pattern.replace("{matter}", "…")
            figures = f"p50 {percentile(times, 0.5):.1f}, p99 {percentile(times, 0.99):.1f} ms"
            tell(f"  {who} {shown}: {figures}")
            made.append(BenchRow(f"Page of the {who}: {shown}", data, "", figures))
    return made


def _times(get: Callable[[], int]) -> list[float]:
    times = []
    for number in range(-5, PAGE_TIMES):
        began = time.perf_counter()
        expect(get(), 200, "the page's status")
        if number >= 0:  # the first ones compile templates and warm plans
            times.append(time.perf_counter() - began)
    return times


def _steps(city: Any, data: str, filings: list[Any]) -> list[BenchRow]:
    """Accepting and notifying new cases, which is what a court does most."""
    from lianban.actions.complete_task import Completion, complete_tasks
    from lianban.actions.open_matter import Opening, open_matters

    made, now = [], datetime.now(UTC)
    for size, count in ((1, 150), (1_000, 1_500)):
        with city.acting_as(CLERK, now) as acting:
            matters = open_matters(acting, SCENE, [Opening(filing) for filing in filings[:count]])
        began, steps = time.perf_counter(), 0
        for element, who, said in (("accept", CLERK, {"handler": JUDGE}),
                                   ("notify", JUDGE, {"notice_on": now.date().isoformat(), "report_within_days": 15})):  # fmt: skip
            tasks = _open_tasks(city, matters, element)
            expect(len(tasks), count, f"open tasks {element}")
            for start in range(0, count, size):
                with city.acting_as(who, now) as acting:
                    complete_tasks(acting, [Completion(task, said) for task in tasks[start : start + size]])
            steps += count
        seconds = time.perf_counter() - began
        how = "one by one, 1 client" if size == 1 else f"set-wise, {size:,} an act"
        tell(f"  steps {how}: {steps / seconds:,.0f}/s")
        made.append(
            BenchRow(
                f"Steps with the city loaded, {how}",
                f"{data}; {steps:,} steps",
                "",
                f"{steps / seconds:,.0f}/s",
            )
        )
    return made


def _open_tasks(city: Any, matters: list[UUID], element: str) -> list[UUID]:
    found: list[UUID] = city.column(
        "SELECT id FROM task WHERE matter_id = ANY(%s) AND element = %s AND state = 'open'", matters, element
    )
    return found
