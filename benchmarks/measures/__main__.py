"""Three simulated years of control, and the radar of one judge: 0 unannounced lapses, every planted over-freeze found.

Run: ``python -m benchmarks.measures [--count N] [--judge N]`` (default 100,000 and 2,200; a million takes under a minute and
2 GB). Prints what the referee found, with the plain reminder that courts start from beside it (a note to the officer on the day,
whoever is away), and the time from the facts of one judge's measures to the buckets. Times are CPU seconds of this process.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from datetime import UTC, date, datetime, timedelta

import numpy as np

from lianban.engines.clocks import ClockBook
from lianban.engines.measures import (
    Answer,
    Asset,
    LegalBasis,
    LimitBook,
    Measure,
    MeasureKind,
    Outcome,
    RadarColumns,
    plan_renewals,
    radar,
    stand_all,
)
from lianban.engines.measures.simulation import simulate

TODAY = date(2026, 3, 2)


def of_one_judge(count: int) -> list[Measure]:
    """Accounts frozen over the last year, one a measure, every tenth with a second court's behind it."""
    measures = []
    for number in range(count):
        served = datetime(2026, 2, 20, 2, tzinfo=UTC) - timedelta(days=number % 360)
        key = f"account-{number if number % 10 else max(number - 1, 0)}"
        measures.append(
            Measure(
                id=f"m{number}", matter=f"x{number // 5}", unit=f"bank-{number % 21}", asset=Asset(key, "deposit"),
                kind=MeasureKind.FREEZE, basis=LegalBasis.ENFORCEMENT, ordered_on=served.date(), ceiling_fen=10_000_00,
                served_at=served, answers=(Answer(served, Outcome.DONE, number * 100),),
            )
        )  # fmt: skip
    return measures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="measures of the simulation")
    parser.add_argument("--judge", type=int, default=2_200, help="measures of one judge")
    given = parser.parse_args()
    book, limits = ClockBook.standard(), LimitBook.standard()
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}"
    )

    begin = time.process_time()
    ours = simulate(book, measures=given.count)
    spent = time.process_time() - begin
    plain = simulate(book, measures=given.count, naive=True)
    print(
        f"simulation: {ours.measures:,} measures of {ours.officers} officers over three years, {ours.ends:,} ends, "
        f"{ours.renewed:,} renewed, {ours.lapses:,} let go; {spent:.1f} s"
    )
    print(f"  lapsed unannounced:  Lianban {ours.unannounced}, plain reminder {plain.unannounced:,}")
    print(f"  beyond the maximum:  {ours.outlived}")
    print(
        f"  planted over-freezes found on their day: {ours.found:,} of {ours.planted:,}, false alarms {ours.false_alarms}"
    )

    measures = of_one_judge(given.judge)
    begin = time.process_time()
    standings = stand_all(book, limits, measures, datetime(2026, 3, 2, 2, tzinfo=UTC))
    stood = time.process_time()
    columns = RadarColumns.of(standings.values())
    seen = radar(columns, TODAY)
    buckets = time.process_time()
    plan = plan_renewals(book, limits, standings.values(), TODAY)
    planned = time.process_time()
    print(
        f"radar of one judge: {given.judge:,} measures, from facts to standings {1000 * (stood - begin):.0f} ms, "
        f"to buckets {1000 * (buckets - stood):.1f} ms, plan of {len(plan):,} renewals {1000 * (planned - buckets):.0f} ms; "
        f"buckets {seen.counts()}, unsigned {seen.unsigned.size:,}"
    )


if __name__ == "__main__":
    main()
