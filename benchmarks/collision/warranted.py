"""One official's question through the whole path: warrant, quotas, index, rows, collision, hits, ledger, commit.

A judge asks at once about the debtor of each of some hundred matters, one act and one durable commit each, on the
product's own server; every act asks all eight registries by their eight agencies. Beside it the same matters in one night:
a join for all, kept matter by matter. What was found is compared with the index asked alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.collision.registries import EIGHT, Ground, large_city
from benchmarks.deployment import a_city, expect, percentile, sequence_and_verify, tell, timed
from benchmarks.table import PROJECT, BenchRow

from lianban.engines.matching import Scope, load_registries
from lianban.engines.matching.synthetic import make_registries

GOAL_MS = 25.0
QUESTIONS = ("household", "vehicles", "real_estate", "provident_fund", "tax", "social_security", "business_registration",
             "bank_accounts")  # fmt: skip


def rows(full: bool) -> list[BenchRow]:
    """The rows of the table for the path with warrant and ledger."""
    # Root's server runs as a service account, but the registries are read by this process alone.
    folder = Path(tempfile.mkdtemp(prefix="lianban-warranted-"))
    try:
        ground = _ground(folder, 8_000_000 if full else 800_000)
        with a_city("warranted") as city:
            return _measured(city, ground, 400 if full else 150)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


rows_with_ledger = rows


def _ground(folder: Path, count: int) -> Ground:
    """The eight registries as of now: this path is judged by the database's clock, and a late registry answers nothing."""
    declared = {
        code: one for code, one in load_registries(PROJECT / "scenes" / "registries").items() if code in EIGHT
    }
    with timed(f"write {count:,} rows", count):
        tables = make_registries(large_city(), folder / "data", at=datetime.now(UTC), rows=count, only=EIGHT)
    questions = frozenset(question for one in declared.values() for question in one.questions)
    return Ground(folder, declared, sum(table.rows for table in tables), Scope(questions, "cpl_2023_253"))


def _measured(city: Any, ground: Any, count: int) -> list[BenchRow]:
    from django.conf import settings
    from django.db import connection, connections, transaction

    from lianban.actions.act_on_matter import act_on_matter
    from lianban.actions.acting import Acting
    from lianban.actions.build_registries import build_registries
    from lianban.actions.collide_batch import collide_batch, plan_night
    from lianban.records import machines, registries
    from lianban.records.context import entered

    settings.REGISTRY_DATA, settings.DATA_FOLDER = ground.data, Path(os.environ["LIANBAN_DATA_FOLDER"])
    declared = ground.folder / "declared"
    declared.mkdir()
    for code in ground.registries:
        shutil.copy(settings.SCENES / "registries" / f"{code}.yaml", declared)
    settings.REGISTRIES = declared
    with (
        timed("build and enrol", ground.rows),
        transaction.atomic(using="owner"),
        connections["owner"].cursor() as cursor,
    ):
        build_registries(cursor, datetime.now(UTC))
    asked = [one for one in ground.asked(2 * count) if one.number][:count]
    warrants = []
    with timed("open matters and issue warrants", len(asked)):
        for one in asked:
            subject = {
                "role": "debtor",
                "kind": "person",
                "name": one.name,
                "id_kind": "resident_id",
                "id_number": one.number,
            }
            matter = city.open(("police",), ["vehicles"], subjects=[subject], at=datetime.now(UTC))
            with city.acting_as("court.judge", datetime.now(UTC)) as acting:
                issued = act_on_matter(acting, matter, "issue_warrant", {
                    "kind": "standing", "legal_basis": "cpl_2023_253", "questions": list(QUESTIONS), "days": 30, "quota": 1000,
                    "reason": "性能测试"})  # fmt: skip
            warrants.append((matter, issued))
    city.superuser.execute("UPDATE lianban.setting SET value = '100000000' WHERE name LIKE 'queries_of%'")
    times = []
    for matter, issued in warrants:
        began = time.perf_counter()
        with city.acting_as("court.judge", datetime.now(UTC)) as acting:
            act_on_matter(acting, matter, "collide_now", {"reason": "性能测试"}, issued)
        times.append(time.perf_counter() - began)
    agencies = city.one("SELECT count(DISTINCT agency_id) FROM collision")
    expect(city.one("SELECT count(*) FROM collision"), len(warrants) * agencies, "collisions")
    hits = city.one("SELECT count(*) FROM collision_hit")
    point = city.column("SELECT digest FROM collision_hit ORDER BY digest")
    with transaction.atomic(), connection.cursor() as cursor:
        key = machines.key_of(cursor, city.agency("court"), machines.NIGHT)
    # The same again in one night: nothing is new, so what the join found is compared before it is dropped as known.
    city.superuser.execute("DELETE FROM collision_hit")
    began = time.perf_counter()
    with entered(key) as identity:
        night = plan_night(Acting(identity, datetime.now(UTC), "夜间查询"))
    joined = time.perf_counter() - began
    for start in range(0, len(night.matters), 100):
        with entered(key) as identity:
            collide_batch(
                Acting(identity, datetime.now(UTC), "夜间查询"), night, night.matters[start : start + 100]
            )
    whole = time.perf_counter() - began
    expect(
        city.column("SELECT digest FROM collision_hit ORDER BY digest"),
        point,
        "the night found otherwise than the day",
    )
    registries.close_index()
    entries = sequence_and_verify(city)
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    tell(
        f"  {hits:,} hits, {entries:,} ledger entries verified; the night's join {joined:.2f} s of {whole:.2f} s"
    )
    data = f"{len(warrants):,} matters × {agencies} agencies, 8 registries of {ground.rows:,} rows, fsync on"
    each = p99 / agencies
    return [
        BenchRow("one collision with warrant, quota and ledger", data, "", f"p50 {p50 / agencies:.1f} ms, p99 {each:.1f} ms",
                 None, f"p99 ≤ {GOAL_MS:.0f} ms", each <= GOAL_MS),
        BenchRow(f"an act that asks all {agencies} agencies at once", data, "", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms"),
        BenchRow("a night: join, warrants, ledger", data, "", f"{whole / len(warrants) * 1000:.1f} ms a matter"),
    ]  # fmt: skip
