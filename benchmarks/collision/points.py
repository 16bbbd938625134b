"""Point look-ups: our index, our rows, SQLite's and PostgreSQL's, taking turns."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
from benchmarks.collision.registries import NOW, Ground
from benchmarks.deployment import NOT_INHERITED, percentile, tell, timed
from benchmarks.table import BenchRow, WrongResult

from lianban.engines.matching import Asked, PointIndex

# Long enough that the first of a block, whose pages another way has pushed out of the cache, is no hundredth.
BLOCK = 500
ROUNDS = 3
GOAL_INDEX_MS, GOAL_ROWS = 0.1, 2.0


def measured(ground: Ground, count: int, full: bool) -> list[BenchRow]:
    """Whether a goal was met is said at full size only: it is set for that."""
    asked = ground.asked(count)
    index = PointIndex(ground.registries, ground.index, data=ground.data, demo=True)
    with _sqlite(ground) as sqlite, _postgres(ground) as postgres:
        ways: dict[str, Callable[[Asked], Any]] = {
            "index": index.find,
            "rows": lambda one: index.collide(one, ground.scope, now=NOW),
            "sqlite": sqlite,
            "postgres": postgres,
        }
        _check(asked[:1000], index, ground, sqlite, postgres)
        _timed(ways, asked)  # so that every page is in memory, for everybody
        rounds = [_timed(ways, asked) for _round in range(ROUNDS)]
    # Of each question its best round: what is left out is what else the machine was doing.
    times = {
        way: [min(spent) for spent in zip(*(one[way] for one in rounds), strict=True)] for way in rounds[0]
    }
    p50 = {way: percentile(spent, 0.5) for way, spent in times.items()}
    p99 = {way: percentile(spent, 0.99) for way, spent in times.items()}
    data = f"{ground.rows:,} rows in {len(ground.registries)} registries, {count:,} persons"
    both = {way: f"p50 {p50[way]:.4f}, p99 {p99[way]:.4f} ms" for way in times}
    # Medians are compared: a sum is what the busiest moment of a shared machine made of it.
    ratio = p50["rows"] / p50["sqlite"]
    return [
        BenchRow("point collision, index alone", data, f"SQLite, 8 look-ups: {both['sqlite']}", both["index"],
                 p50["index"] / p50["sqlite"], f"p99 ≤ {GOAL_INDEX_MS} ms", p99["index"] <= GOAL_INDEX_MS if full else None),
        BenchRow("point collision with rows, checks and states", data, f"SQLite, 8 look-ups: {both['sqlite']}", both["rows"],
                 ratio, f"≤ {GOAL_ROWS:.0f}×", ratio <= GOAL_ROWS if full else None),
        BenchRow("point collision with rows, checks and states", data, f"PostgreSQL, 8 look-ups: {both['postgres']}",
                 both["rows"], p50["rows"] / p50["postgres"], "", None),
    ]  # fmt: skip


def _timed(ways: dict[str, Callable[[Asked], Any]], asked: list[Asked]) -> dict[str, list[float]]:
    """Seconds of every question, the ways taking turns by blocks so that a busy moment hits them alike."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    clock = time.perf_counter
    for start in range(0, len(asked), BLOCK):
        for way, ask in ways.items():
            for one in asked[start : start + BLOCK]:
                began = clock()
                ask(one)
                times[way].append(clock() - began)
    return times


def _check(asked: list[Asked], index: PointIndex, ground: Ground, sqlite: Any, postgres: Any) -> None:
    """Every row of the peers is among ours, and the peers agree."""
    ours = theirs = 0
    for one in asked:
        collision = index.collide(one, ground.scope, now=NOW)
        for code, found in sqlite(one).items():
            if found and len(found) != len(postgres(one)[code]):
                raise WrongResult("SQLite and PostgreSQL differ")
            hits = [hit for hit in collision.answer(code).hits if hit.check.value != "name_only"]
            if len(hits) < len(found):
                raise WrongResult(f"{code}: {len(found)} rows by SQLite, {len(hits)} by us")
            ours, theirs = ours + len(hits), theirs + len(found)
    tell(
        f"  rows of {len(asked):,} persons: ours {ours:,}, by equal text {theirs:,} ({ours - theirs} by old or untidy numbers)"
    )


@contextlib.contextmanager
def _sqlite(ground: Ground) -> Iterator[Callable[[Asked], dict[str, list[Any]]]]:
    """The same tables in one SQLite file, each with an index on the number."""
    path = ground.folder / "peer.sqlite"
    with (
        contextlib.closing(sqlite3.connect(path, isolation_level=None)) as target,
        contextlib.closing(duckdb.connect()) as source,
    ):
        target.execute("PRAGMA synchronous = OFF")
        target.execute("PRAGMA journal_mode = OFF")
        with timed("load SQLite", ground.rows):
            for code, registry in ground.registries.items():
                columns = [registry.keys[0].column, *ground.columns(registry)]
                target.execute(f"CREATE TABLE {code} ({', '.join(columns)})")
                cursor = source.execute(
                    f"SELECT {', '.join(f'{column}::VARCHAR' for column in columns)} FROM '{ground.data}/{code}.parquet'"
                )
                target.execute("BEGIN")
                while rows := cursor.fetchmany(100_000):
                    target.executemany(f"INSERT INTO {code} VALUES ({', '.join('?' * len(columns))})", rows)
                target.execute("COMMIT")
                target.execute(f"CREATE INDEX {code}_number ON {code} ({columns[0]})")
        target.execute("PRAGMA mmap_size = 17179869184")
        queries = {
            code: f"SELECT {', '.join(ground.columns(registry))} FROM {code} WHERE {registry.keys[0].column} = ?"
            for code, registry in ground.registries.items()
        }
        yield lambda one: {
            code: target.execute(query, (one.number,)).fetchall() for code, query in queries.items()
        }


@contextlib.contextmanager
def _postgres(ground: Ground) -> Iterator[Callable[[Asked], dict[str, list[Any]]]]:
    """The same tables in the product's own PostgreSQL, on a socket, statements prepared."""
    home = Path("/var/lib/lianban") if os.geteuid() == 0 else Path(tempfile.gettempdir())
    folder = home / f"bench-collision-{os.getpid()}"
    for variable in NOT_INHERITED:
        os.environ.pop(variable, None)
    os.environ["LIANBAN_DATA_FOLDER"] = str(folder)
    import psycopg

    from lianban.records import server

    running = server.ensure()
    try:
        with (
            psycopg.connect(**running.dsn("super"), autocommit=True) as target,
            contextlib.closing(duckdb.connect()) as source,
        ):
            target.prepare_threshold = 0
            with timed("load PostgreSQL", ground.rows):
                for code, registry in ground.registries.items():
                    columns = [registry.keys[0].column, *ground.columns(registry)]
                    target.execute(
                        f"CREATE UNLOGGED TABLE {code} ({', '.join(f'{column} text' for column in columns)})"
                    )
                    part = ground.folder / "part.csv"
                    chosen = ", ".join(f"{column}::VARCHAR" for column in columns)
                    source.execute(
                        f"COPY (SELECT {chosen} FROM '{ground.data}/{code}.parquet') TO '{part}' (FORMAT csv, HEADER false)"
                    )
                    with (
                        target.cursor().copy(f"COPY {code} FROM STDIN (FORMAT csv)") as copy,
                        part.open("rb") as file,
                    ):
                        while block := file.read(1 << 20):
                            copy.write(block)
                    part.unlink()
                    target.execute(f"CREATE INDEX ON {code} ({columns[0]})")
                    target.execute(f"ANALYZE {code}")
            queries = {
                code: f"SELECT {', '.join(ground.columns(registry))} FROM {code} WHERE {registry.keys[0].column} = %s"
                for code, registry in ground.registries.items()
            }
            yield lambda one: {
                code: target.execute(query, (one.number,)).fetchall() for code, query in queries.items()
            }
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)
