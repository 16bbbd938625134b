"""Measures of control: three simulated years in the engine and through the database, and the radar of one judge.

*Engine*: a million measures (``full``; else 100,000) with leave and holidays, a referee that shares no code with it: lapses
that nobody was told of, ends beyond the maximum, over-freezes planted with the day on which they come about.
*Database*: the same with the tables, their triggers, the clock worker day by day, the batch renewals of the radar's page.
*Radar*: one judge's 2,200 live measures of two courts in real rows: what the page fetches and sorts, and the whole page through
Django as the app role under its row policies. There is no peer; the goals are DESIGN's and the issue's.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from benchmarks.deployment import a_city, expect, tell, timed
from benchmarks.table import PROJECT, BenchRow

sys.path.insert(0, str(PROJECT / "tests" / "measures"))

JUDGE = 2_200
OTHERS = 2_000
PAGES = 15
GOAL_RADAR = 1.0


def rows(full: bool) -> list[BenchRow]:
    return [_engine(full), *_database(full)]


def _engine(full: bool) -> BenchRow:
    from lianban.engines.clocks import ClockBook
    from lianban.engines.measures.simulation import simulate

    count = 1_000_000 if full else 100_000
    begun = time.process_time()
    ours = simulate(ClockBook.standard(), measures=count)
    spent = time.process_time() - begun
    plain = simulate(ClockBook.standard(), measures=min(count, 100_000), naive=True)
    expect((ours.outlived, ours.false_alarms), (0, 0), "measures beyond the maximum, false alarms")
    return BenchRow(
        "Three years of control, the engine", f"{count:,} measures, {ours.ends:,} ends, leave and holidays",
        f"note on the day, to the officer: {plain.unannounced:,} unannounced of {plain.measures:,}",
        f"{ours.unannounced} unannounced, {ours.found:,} of {ours.planted:,} over-freezes, {spent:.0f} s CPU", None,
        "0 unannounced, all found", ours.unannounced == 0 and ours.found == ours.planted,
    )  # fmt: skip


def _database(full: bool) -> list[BenchRow]:
    from measure_city import FAR, Holding, second_court
    from measure_years import live, shown

    with a_city("measures") as city:
        city.superuser.execute(
            "UPDATE lianban.setting SET value = %s WHERE name = 'act_ahead_minutes'", [FAR]
        )
        second_court(city)
        holding = Holding(city)
        report = live(holding, 2_000 if full else 400, 1_096)
        tell(f"  {shown(report)}")
        city.superuser.execute("UPDATE measure SET officer_id = NULL")  # those are nobody's on the radar
        radar = _radar(city, holding)
    return [
        BenchRow(
            "Three years of control, through the database",
            f"{report.measures:,} measures, {report.renewed:,} renewals, {report.lapses:,} lapses; day by day", "",
            f"{report.unannounced} unannounced, {report.found} of {report.planted} over-freezes; {report.seconds:.0f} s", None,
            "0 unannounced, all found", report.unannounced == 0 and report.found == report.planted,
        ),
        radar,
    ]  # fmt: skip


def _radar(city: Any, holding: Any) -> BenchRow:
    """2,200 live measures of one judge, others of another court beside them."""
    from django.test import Client

    from lianban.doors.web.sessions import COOKIE
    from lianban.engines.clocks.moments import legal_date
    from lianban.engines.measures import radar
    from lianban.records import radar as records
    from lianban.records.keys import encoded_key

    now = datetime.now(UTC)
    with timed("fill", JUDGE + OTHERS):
        _fill(city, holding, "court.judge", JUDGE, now)
        _fill(city, holding, "court_b.judge", OTHERS, now)
    city.superuser.execute("VACUUM ANALYZE measure, asset, measure_answer, matter")
    rows_ms, page_ms = [], []
    client = Client(REMOTE_ADDR="127.0.0.1", HTTP_HOST="127.0.0.1")
    client.cookies[COOKIE] = encoded_key(city.session("court.judge"))
    for _ in range(PAGES):
        with city.acting_as("court.judge", now) as acting:
            from django.db import connection

            begun = time.perf_counter()
            with connection.cursor() as cursor:
                lines = records.lines(
                    cursor, agency=acting.agency, officer=acting.officer, post=acting.post, now=now
                )
            found = radar(records.columns(lines), legal_date(now))
            rows_ms.append(1000 * (time.perf_counter() - begun))
            expect(len(lines), JUDGE, "measures of the judge")
        begun = time.perf_counter()
        response = client.get("/radar")
        page_ms.append(1000 * (time.perf_counter() - begun))
        expect(response.status_code, 200, "the page")
    worst = max(page_ms[1:])
    tell(
        f"  buckets {found.counts()}, unsigned {found.unsigned.size}; page median {statistics.median(page_ms[1:]):.0f} ms"
    )
    return BenchRow(
        "Radar of one judge", f"{JUDGE:,} live measures of the judge, {OTHERS:,} of another court's judge", "",
        f"rows and buckets {statistics.median(rows_ms):.0f} ms; whole page {statistics.median(page_ms[1:]):.0f} ms (worst {worst:.0f})",
        None, f"≤ {GOAL_RADAR:.0f} s", worst <= 1000 * GOAL_RADAR,
    )  # fmt: skip


def _fill(city: Any, holding: Any, judge: str, count: int, now: datetime) -> None:
    """Accounts frozen over the last year, served and answered, a hundred a matter; written as the tables take them."""
    draw = random.Random(20261124)
    lead = city.superuser
    clerk = judge.replace("judge", "clerk")
    matters = [
        holding.matter(10**12, by=clerk, when=now - timedelta(days=400)) for _ in range(max(count // 100, 1))
    ]
    for number in range(count):
        begun = now - timedelta(days=draw.randrange(0, 364), hours=1)
        _one(
            lead,
            judge,
            matters[number % len(matters)],
            begun,
            begun.date() if begun.hour < 16 else begun.date() + timedelta(days=1),
        )


def _one(lead: Any, judge: str, matter: Any, when: datetime, day: date) -> None:
    asset, measure = uuid4(), uuid4()
    with lead.transaction():
        lead.execute(
            """INSERT INTO asset (id, matter_id, lead_agency_id, kind, unit_agency_id, key, name, value_fen, share_numerator,
                   share_denominator, encumbrance_fen, divisible, details, found_by, occurred_at, recorded_at)
               SELECT %s, m.id, m.lead_agency_id, 'deposit', (SELECT id FROM agency WHERE code = 'central_bank'), %s, '存款', 1, 1, 1,
                      0, true, '{}', 'other', %s, %s FROM matter m WHERE m.id = %s""",
            [asset, asset.hex, when, when, matter],
        )
        lead.execute(
            """INSERT INTO measure (id, matter_id, lead_agency_id, asset_id, kind, basis, claim, facts, ordered_on, ordered_at,
                   ceiling_fen, number, post_id, officer_id, sent_at, changed_at)
               SELECT %s, m.id, m.lead_agency_id, %s, 'freeze', 'enforcement', 'ordinary', '{}', %s, %s, 1, 'n',
                      (SELECT p.id FROM post p WHERE p.agency_id = m.lead_agency_id AND p.code = 'judge'),
                      (SELECT id FROM officer WHERE username = %s), %s, %s FROM matter m WHERE m.id = %s""",
            [measure, asset, day, when, judge, when, when, matter],
        )
        lead.execute(
            "UPDATE measure SET served_at = %s, changed_at = %s WHERE id = %s", [when, when, measure]
        )
