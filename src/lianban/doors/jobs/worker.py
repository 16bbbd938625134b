"""The worker: one process, as the database role ``lianban_worker``, acting as the system post.

Loops look for work that the tables themselves hold (timers that are due, entries without a place, orders to migrate)
and claim it with SKIP LOCKED or an advisory lock; what is scheduled goes through procrastinate. Any number of workers may
run; killed at any instruction, the next one finds what was left.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import structlog
from django.db import close_old_connections, connection

from lianban.actions.acting import Acting
from lianban.actions.errors import MigrationIsFinished
from lianban.actions.fire_timers import fire_timers
from lianban.actions.follow_measures import follow_measures
from lianban.actions.migrate_matters import migrate_matters
from lianban.actions.roll_back_migration import roll_back_migration
from lianban.actions.run_clocks import run_clocks
from lianban.actions.sequence_ledger import sequence_ledger
from lianban.doors.jobs.upkeep import app
from lianban.records import migration_orders

log = structlog.get_logger("lianban.jobs")

PAUSE = 0.5  # seconds between two looks when there was nothing to do
AFTER_A_FAULT = 5.0


def fire_all_timers(now: datetime | None = None) -> int:
    """Fire what is due; returns how many timers."""
    fired = 0
    while count := fire_timers(
        Acting(None, now or datetime.now(UTC), purpose="时限到期"), failed=_timer_failed
    ):
        fired += count
    return fired


def run_all_clocks(now: datetime | None = None) -> int:
    """Look at the clocks on records that are due; returns how many."""
    looked = 0
    while count := run_clocks(
        Acting(None, now or datetime.now(UTC), purpose="时限到期"), failed=_clock_failed
    ):
        looked += count
    return looked


def follow_all_measures(now: datetime | None = None) -> int:
    """Let end what has ended, and tell what changed by itself; returns how much there was to do."""
    done = 0
    while count := follow_measures(Acting(None, now or datetime.now(UTC), purpose="时限到期")):
        done += count
    return done


def catch_up(now: datetime | None = None) -> dict[str, int]:
    """Clocks, timers and measures that are due, until none is left: what one of them ends may start another.

    ``now`` is another moment than this one for a demo whose past is being lived. Returns how many of each.
    """
    jobs = {
        "timers_fired": fire_all_timers,
        "clocks_looked_at": run_all_clocks,
        "measures_followed": follow_all_measures,
    }
    done = dict.fromkeys(jobs, 0)
    while round_ := {name: count for name, job in jobs.items() if (count := job(now))}:
        done = {name: count + round_.get(name, 0) for name, count in done.items()}
    return done


def carry_out_orders() -> int:
    """Carry out the orders to migrate matters, or to take a migration back, that nobody has finished; how many."""
    with connection.cursor() as cursor:
        waiting = [order for order in migration_orders.orders(cursor) if order.finished_at is None]
    for order in reversed(waiting):
        act = roll_back_migration if order.undoes else migrate_matters
        try:
            act(Acting(None, datetime.now(UTC), order.reason), order.id)
        except MigrationIsFinished:
            continue  # another worker was faster
    return len(waiting)


def _clock_failed(matter: UUID, error: Exception) -> None:
    log.error("clocks_put_off", matter=str(matter), code=getattr(error, "code", type(error).__name__))


def _timer_failed(matter: UUID, error: Exception) -> None:
    log.error("timers_put_off", matter=str(matter), code=getattr(error, "code", type(error).__name__))


def sequence_all() -> int:
    """Place every committed entry; returns how many."""
    placed = 0
    while count := sequence_ledger(datetime.now(UTC)):
        placed += count
    return placed


async def run(scheduled: bool = True) -> None:
    """Until cancelled, or until the program that started this one is gone."""
    loops = [
        _keep_at(fire_all_timers),
        _keep_at(run_all_clocks),
        _keep_at(follow_all_measures),
        _keep_at(sequence_all),
        _keep_at(carry_out_orders),
        _stop_with_parent(os.getppid()),
    ]
    if scheduled:
        loops.append(_scheduled())
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_at(job: Callable[[], int]) -> None:
    while True:
        try:
            done = await asyncio.to_thread(_with_fresh_connection, job)
        except Exception:
            # A worker that dies of one bad matter would stop every timer of the city.
            log.exception("job_failed", job=job.__name__)
            await asyncio.sleep(AFTER_A_FAULT)
            continue
        if not done:
            await asyncio.sleep(PAUSE)


def _with_fresh_connection(job: Callable[[], int]) -> int:
    close_old_connections()
    return job()


async def _scheduled() -> None:
    async with app.open_async():
        await app.run_worker_async(
            install_signal_handlers=False, delete_jobs="successful", listen_notify=False
        )


async def _stop_with_parent(parent: int) -> None:
    """A server killed with -9 cannot tell its worker; the worker sees that it was orphaned."""
    while os.getppid() == parent:
        await asyncio.sleep(1)
