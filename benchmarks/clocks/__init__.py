"""A million clocks due-dated: Lianban beside chinesecalendar used the naive way, in one run.

``python -m benchmarks.clocks [--count N] [--peer N]`` chooses other sizes. Both count the same clocks: working days,
calendar days that roll off rest days, months and years, forward and backward, as many of each as the book has. The peer
walks one day at a time and asks ``chinese_calendar.is_workday`` about each, as a programmer does who has only the
calendar. It is handed the rules, so that only the counting is compared. It does a sample; the ratio is per clock. Every
date of the sample is compared. Times are CPU seconds of this one process, so that a busy machine does not tilt the ratio.
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from importlib import metadata

import chinese_calendar
import numpy as np
from benchmarks.deployment import expect, tell
from benchmarks.table import BenchRow

from lianban.engines.clocks import ClockBook, ClockRule, ClockVersion, Direction, Unit
from lianban.engines.clocks.bulk import ClockColumns, due_columns

SEED = 20261124
FIRST, LAST = (
    date(2009, 1, 1),
    date(2025, 11, 30),
)  # published years on both sides of every period up to a year
LONGEST = 400  # days


def walk(rule: ClockRule, version: ClockVersion, day: date) -> date:
    """One clock, one day at a time."""
    step = 1 if rule.direction is Direction.AFTER else -1
    left = version.length.count
    if version.length.unit in (Unit.MONTHS, Unit.YEARS):
        months = (
            day.year * 12 + day.month - 1 + step * left * (12 if version.length.unit is Unit.YEARS else 1)
        )
        number = day.day
        while True:
            try:
                day = date(months // 12, months % 12 + 1, number)
                break
            except ValueError:
                number -= 1
    elif version.length.unit is Unit.DAYS:
        day += timedelta(days=step * left)
    else:
        while left:
            day += timedelta(days=step)
            left -= chinese_calendar.is_workday(day)
    if version.rolls:
        while not chinese_calendar.is_workday(day):
            day += timedelta(days=1)
    return day


def chosen(book: ClockBook) -> list[str]:
    """Clocks of days, months and years that both sides can count: no longer than a year, in force since 2009."""
    codes = []
    for rule in book:
        version = rule.versions[0]
        size = {Unit.DAYS: 1, Unit.WORKING_DAYS: 2, Unit.MONTHS: 31, Unit.YEARS: 366}.get(version.length.unit)
        simple = len(rule.versions) == 1 and version.from_day <= FIRST and not version.needs_length
        if size and simple and version.length.count * size <= LONGEST:
            codes.append(rule.code)
    return codes


def measure(count: int, peer_count: int) -> BenchRow:
    """``count`` clocks by Lianban, the first ``peer_count`` of the same by the peer and one by one."""
    book = ClockBook.standard()
    codes = chosen(book)
    rng = np.random.default_rng(SEED)
    index = rng.integers(0, len(codes), count)
    trigger = np.datetime64(FIRST) + rng.integers(0, (LAST - FIRST).days, count).astype("timedelta64[D]")
    clocks = ClockColumns(tuple(codes), index, trigger)
    due_columns(book, clocks)  # the calendar's tables are made once a process

    start = time.process_time()
    found = due_columns(book, clocks)
    bulk = time.process_time() - start
    start = time.process_time()
    soon = found.between(date(2024, 1, 1), date(2024, 1, 31))
    sweep = time.process_time() - start

    sample = min(peer_count, count)
    days = [day.astype(object) for day in trigger[:sample]]
    names = [codes[number] for number in index[:sample]]
    start = time.process_time()
    single = [book.due(name, day).legal_date for name, day in zip(names, days, strict=True)]
    one_by_one = time.process_time() - start

    walked = [(book.rule(name), book.version(name, day), day) for name, day in zip(names, days, strict=True)]
    start = time.process_time()
    peer = [walk(*clock) for clock in walked]
    naive = time.process_time() - start
    ours = [day.astype(object) for day in found.legal_date[:sample]]
    wrong = sum(a != b or b != c for a, b, c in zip(ours, peer, single, strict=True))

    each, peer_each, single_each = bulk / count, naive / sample, one_by_one / sample
    for who, seconds, per in (
        ("Lianban, columns", bulk, each), ("Lianban, one by one", one_by_one, single_each), ("chinesecalendar", naive, peer_each),
    ):  # fmt: skip
        tell(f"  {who:<20} {seconds:8.3f} CPU s  {per * 1e6:8.3f} µs a clock  {1 / per:14,.0f} a second")
    tell(
        f"  due in January 2024: {soon.size:,} clocks found in {sweep * 1000:.1f} ms; dates that differ: {wrong}"
    )
    expect(wrong, 0, "dates that differ from the peer's or from those counted one by one")
    return BenchRow(
        "Due dates of clocks, on columns", f"{count:,} clocks over {len(codes)} rules, seed {SEED}; peer {sample:,} of them",
        f"chinesecalendar {metadata.version('chinesecalendar')}, day by day: {peer_each * 1e6:.1f} µs a clock",
        f"{each * 1e6:.3f} µs a clock (one by one, with steps, {single_each * 1e6:.1f})", peer_each / each,
    )  # fmt: skip


def rows(full: bool) -> list[BenchRow]:
    return [measure(1_000_000, 100_000 if full else 30_000)]
