"""Point and batch collision over eight registries of made-up people, beside SQLite, PostgreSQL and bare DuckDB joins.

Point: the same people are asked of our index alone, of index and rows with their checks, and of SQLite and PostgreSQL
tables with an index on the number (the bare look-ups by prepared statements: no rule, no name check, no state of the
registry); they take turns, a block each, in one run, and of each question the best of three rounds counts. Every row that SQLite finds must be among ours; what it misses
(fifteen digits, untidy texts) is printed. Batch: the same parties joined with one registry by ours, by a bare join on
packed keys and by the same join on texts, five times in turn, the median counts; all results must be equal in number.

Sizes: 8M rows and 200,000 × 4M; FULL=1: 100M rows, 1M × 20M and 1M × 100M.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.collision import batches, points
from benchmarks.collision.registries import made
from benchmarks.table import BenchRow


def rows(full: bool) -> list[BenchRow]:
    folder = Path(tempfile.mkdtemp(prefix="lianban-collision-"))
    try:
        ground = made(folder / "point", 100_000_000 if full else 8_000_000)
        found = points.measured(ground, 5_000 if full else 3_000, full)
        shutil.rmtree(folder / "point")
        for parties, size in (
            ((1_000_000, 20_000_000), (1_000_000, 100_000_000)) if full else ((200_000, 4_000_000),)
        ):
            found += batches.measured(folder / "batch", parties, size, full)
            shutil.rmtree(folder / "batch")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    # The full path of an official's question, through warrant, quota and ledger, is measured with the actions.
    if importlib.util.find_spec("benchmarks.collision.warranted"):
        warranted: Any = importlib.import_module("benchmarks.collision.warranted")
        found += warranted.rows(full)
    return found
