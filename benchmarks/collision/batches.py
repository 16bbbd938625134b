"""Batches: our join of one registry, the bare join on packed keys, the same join on texts, taking turns."""

from __future__ import annotations

import contextlib
import statistics
import time
from pathlib import Path

import duckdb
from benchmarks.collision.registries import NOW, made
from benchmarks.deployment import tell, timed
from benchmarks.table import BenchRow, WrongResult

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching import Parties, collide_batch
from lianban.engines.matching import batch as engine
from lianban.engines.matching.keys import Lane
from lianban.engines.matching.segments import TABLE, field_columns

REGISTRY = "real_estate"
TURNS = 5
GOAL = 1.2
MEMORY = "6GB"
# Everything a bare join would miss but names: texts that are no valid number are found by equal text.
LANES = frozenset({Lane.TEXT})


def measured(folder: Path, count: int, size: int, full: bool) -> list[BenchRow]:
    ground = made(folder, size, only=(REGISTRY,))
    registry = ground.registries[REGISTRY]
    parties = _parties(ground.data / f"{REGISTRY}.parquet", count)
    (segment,) = ground.index.glob(f"{REGISTRY}-*.duckdb")
    columns = ", ".join(field_columns(registry))
    kinds = frozenset(parties.kinds)
    with contextlib.closing(duckdb.connect(config={"memory_limit": MEMORY})) as connection:
        with timed("check and pack the parties' numbers", count):
            engine._load(connection, parties, True)
        connection.execute(f"ATTACH '{segment}' AS segment (READ_ONLY)")
        connection.execute(
            "CREATE TABLE texts AS SELECT * FROM (SELECT unnest($1) AS number, unnest($2) AS party)",
            [list(parties.numbers), list(range(count))],
        )
        source = f"read_parquet('{ground.data}/{REGISTRY}.parquet')"
        connection.execute(
            f"CREATE TABLE raw AS SELECT {registry.keys[0].column} AS number, {', '.join(ground.columns(registry))} FROM {source}"
        )
        bare = f"CREATE TABLE bare AS SELECT p.party, row_no, {columns} FROM segment.{TABLE} JOIN parties p ON r0 = p.r"
        text = "CREATE TABLE text AS SELECT t.party, raw.* FROM raw JOIN texts t USING (number)"
        times: dict[str, list[float]] = {"ours": [], "bare": [], "text": []}
        for _turn in range(TURNS + 1):
            for table in (f'"hits {REGISTRY}"', "bare", "text"):
                connection.execute(f"DROP TABLE IF EXISTS {table}")
            began = time.perf_counter()
            engine._join(connection, registry, kinds, LANES)
            middle = time.perf_counter()
            connection.execute(bare)
            later = time.perf_counter()
            connection.execute(text)
            times["ours"].append(middle - began)
            times["bare"].append(later - middle)
            times["text"].append(time.perf_counter() - later)
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {table}{where}").fetchall()[0][0]
            for name, table, where in (
                ("ours", f'"hits {REGISTRY}"', " WHERE best <= 2"),
                ("bare", "bare", ""),
                ("text", "text", ""),
            )
        }
    if counts["ours"] != counts["bare"] or counts["text"] > counts["ours"]:
        raise WrongResult(f"hits: {counts}")
    with timed("the whole call, from texts to checked hits", count):
        whole = collide_batch(
            ground.registries,
            ground.index,
            parties,
            ground.scope,
            data=ground.data,
            now=NOW,
            demo=True,
            memory=MEMORY,
        )
    tell(f"  hits: {counts}; with texts and name-only ones {whole.count():,}")
    whole.close()
    # The first turn reads the file from disk.
    ours, bare_, text_ = (statistics.median(times[name][1:]) for name in ("ours", "bare", "text"))
    data = f"{count:,} parties × {size:,} rows, {counts['ours']:,} hits with name and fields"
    return [
        BenchRow("batch collision, name checks included", data, f"DuckDB, bare join on packed keys: {bare_:.2f} s", f"{ours:.2f} s", ours / bare_,
                 f"≤ {GOAL}×", ours / bare_ <= GOAL if full else None),
        BenchRow("batch collision, name checks included", data, f"DuckDB, the same join on texts: {text_:.2f} s", f"{ours:.2f} s", ours / text_),
    ]  # fmt: skip


def _parties(table: Path, count: int) -> Parties:
    """Half of them from the registry's own rows, half numbered through from far away."""
    with contextlib.closing(duckdb.connect()) as connection:
        rows = connection.execute(
            f"SELECT zjhm, qlr FROM '{table}' WHERE length(zjhm) = 18 AND NOT starts_with(zjhm, '91') USING SAMPLE reservoir({count // 2} ROWS) REPEATABLE (11)"
        ).fetchall()
    numbers = [row[0] for row in rows]
    from lianban.engines.identifiers.resident_ids import check_character

    for place in range(count - len(numbers)):
        digits = f"990900{1950 + place % 50}{1 + place // 50 % 12:02d}{1 + place // 600 % 28:02d}{place // 16800 % 1000:03d}"
        numbers.append(digits + check_character(digits))
    names = [row[1] for row in rows] + [
        f"{chr(0x4E00 + place % 7919)}某" for place in range(count - len(rows))
    ]
    return Parties(
        [str(place) for place in range(count)], [IdentifierKind.RESIDENT_ID] * count, numbers, names
    )
