"""Rows of a file of cases a second: read, checked, and taken as matters, with bad rows among them.

100,000 rows (10,000 by default), of which 300 (30) are spoilt in eight different ways; half are closed cases. The file is
Excel. Verified at the end: every bad row told, every good one a matter, the rows erased, the ledger with one entry each.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from benchmarks.deployment import a_city
from benchmarks.table import PROJECT, BenchRow, WrongResult

sys.path.insert(0, str(PROJECT / "tests" / "imports"))


def rows(full: bool) -> list[BenchRow]:
    count, bad = (100_000, 300) if full else (10_000, 30)
    with a_city("imports") as city:
        return measure(city, count, bad)


def table(count: int, bad: int) -> tuple[bytes, int]:
    """The file, and how many rows of it are closed cases that are right."""
    from cases import HEADS, case

    from lianban.engines.imports import write_table

    spoilt = [
        (0, ""),
        (1, "三月"),
        (4, ""),
        (5, "别的"),
        (6, "两万"),
        (9, ""),
        (16, "990101199003070032"),
        (11, "12"),
    ]
    every = max(count // bad, 1)
    made, closed = [], 0
    for number in range(1, count + 1):
        row = case(number, closed="2025-06-30" if number % 2 else "")
        if number % every == 0 and number // every <= bad:
            column, cell = spoilt[number // every % len(spoilt)]
            row[column] = cell
        elif row[2]:
            closed += 1
        made.append(row)
    return write_table(HEADS, made), closed


def measure(city: Any, count: int, bad: int) -> list[BenchRow]:
    from lianban.actions.check_import import check_import
    from lianban.actions.start_import import start_import
    from lianban.actions.take_import import take_import

    content, closed = table(count, bad)
    times = {}
    began = time.perf_counter()
    with city.acting_as("court.clerk") as acting:
        run = start_import(acting, "enforcement", "立案.xlsx", content)
    times["read"] = time.perf_counter() - began
    began = time.perf_counter()
    found = None
    while found is None or found.state == "checking":
        with city.acting_as("court.clerk") as acting:
            found = check_import(acting, run)
    times["checked"] = time.perf_counter() - began
    if (found.good, found.bad) != (count - bad, bad):
        raise WrongResult(f"{found.good} good and {found.bad} bad rows instead of {count - bad} and {bad}")
    began = time.perf_counter()
    while found.state == "checked":
        with city.acting_as("court.clerk") as acting:
            found = take_import(acting, run)
    times["taken"] = time.perf_counter() - began
    facts = city.one(
        "SELECT (SELECT count(*) FROM matter), (SELECT count(*) FROM matter WHERE state = 'closed'),"
        " (SELECT count(*) FROM import_row WHERE state = 'bad' AND jsonb_array_length(errors) > 0),"
        " (SELECT count(*) FROM import_row WHERE state = 'taken' AND sealed IS NULL),"
        " (SELECT count(*) FROM ledger_entry WHERE act IN ('matter.opened', 'matter.imported'))"
    )
    if tuple(facts) != (count - bad, closed, bad, count - bad, count - bad):
        raise WrongResult(f"the import left {facts}")
    total = sum(times.values())
    data = f"{count:,} cases in Excel ({len(content) / 1e6:.1f} MB), {bad} rows bad, half of them closed"
    detail = ", ".join(f"{name} {count / seconds:,.0f}/s" for name, seconds in times.items())
    return [
        BenchRow("import, row by row", data, "", f"{count / total:,.0f} rows/s ({detail}); {total:.0f} s")
    ]
