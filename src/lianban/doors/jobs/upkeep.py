"""What runs by the calendar: next month's partitions, what the planner knows. Each job is small, and may be run twice."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import procrastinate
from django.conf import settings
from django.db import connection

from lianban.records import server

app = procrastinate.App(
    connector=procrastinate.PsycopgConnector(
        kwargs={
            **server.dsn_for("worker", settings.DATABASE_NAME),
            "options": "-c search_path=procrastinate",
        },
        min_size=1,
        max_size=2,
    )
)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="partitions", pass_context=False)
def make_partitions(timestamp: int) -> None:
    """Partitions of events and ledger for the months to come, long before they begin."""
    day = datetime.fromtimestamp(timestamp, UTC).date() + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianban.ensure_partitions(%s, 24)", [day])


@app.periodic(cron="47 1 * * *")
@app.task(queueing_lock="night", pass_context=False)
def ask_registries(timestamp: int) -> None:
    """The night's queries. This process has no grant on parties and answers, so another one, in the app's role and with
    the court's own account for the night, does it (docs/adr/0012)."""
    subprocess.run(
        [sys.executable, "-m", "lianban.doors.cli", "collide", "--all", "--json"],
        env={key: value for key, value in os.environ.items() if key != "LIANBAN_ROLE"},
        check=True,
        capture_output=True,
    )


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="statistics", pass_context=False)
def refresh_statistics(timestamp: int) -> None:
    """What the planner knows of the partitioned tables: PostgreSQL gathers it of each month alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianban.refresh_statistics()")
