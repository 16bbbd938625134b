"""Letters in bulk, each sealed and in the signed ledger; and none lost or doubled however often a worker is killed.

*Rate.* Approved drafts of matters with 31 letters are sealed, twenty matters an act: each letter gets its number and the
digest of what was sealed, is delivered into its unit's branch, and has a ledger entry. Beside it runs the product's
worker, which gives every entry its place in the Merkle tree and signs a checkpoint. The clock stops when the last entry
has its place. There is no peer in this run; for context, X-Road's published figure is 110 signed messages a second on
32 cores.

*Kills.* A process that seals, signs for, routes and answers, ten tasks an act, is killed with SIGKILL at some instant
and started again; so is, at the same time, the process that sequences the ledger. When all kills are done, the rest of
the work is finished and everything counted: each letter has one number, no number is missing, each was delivered, signed
for, routed and answered exactly once in the letters, in the history and in the ledger, and the ledger verifies.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from benchmarks.copies import copy
from benchmarks.deployment import a_city, cpu_seconds, expect, sequence_and_verify, tell, timed
from benchmarks.fan_outs import LETTERS, do_all, units_asked
from benchmarks.killing import killed, killing
from benchmarks.table import BenchRow, WrongResult
from benchmarks.timers import workers

GOAL_RATE = 1000
GOAL_KILLS = 200
UNITS = ("police", "housing", "tax", "civil_affairs", "transport")
TOGETHER = 10  # tasks an act of the process that is killed
# What the killed process does: whose tasks, at which step. A unit's answer needs its letter's facts.
ACTS = """
import json
from datetime import datetime
from lianban.actions.acting import Acting
from lianban.actions.complete_task import Completion, complete_tasks
from lianban.records.context import entered
from lianban.actions import abilities
from lianban.records import scenes
from django.db import connection
abilities.load()  # what a worker that lives long has read long ago; the forked ones find it read
scenes.scenes()
AT = datetime.fromisoformat({at!r})
STEPS = json.loads({steps!r})
def work():
    done = 0
    for key, element, data in STEPS:
        while True:
            with entered(bytes.fromhex(key)) as identity:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT id FROM task WHERE state = 'open' AND element = %s AND agency_id = %s"
                                   " ORDER BY id LIMIT {together}", [element, identity.agency])
                    tasks = [row[0] for row in cursor.fetchall()]
                if tasks:
                    complete_tasks(Acting(identity, AT), [Completion(task, data) for task in tasks])
            if not tasks:
                break
            done += len(tasks)
    return done
"""
SEQUENCES = """
import time
from datetime import datetime
from lianban.actions.sequence_ledger import sequence_ledger
def work():
    while True:
        if not sequence_ledger(datetime.fromisoformat({at!r}), batch=200):
            time.sleep(0.01)
"""
ALONE = "\nprint(work())\n"


def rows(full: bool) -> list[BenchRow]:
    with a_city("letters") as city:
        rate = _rate(city, 1000 if full else 150)
        kills = _kills(city, GOAL_KILLS if full else 20, 4000 if full else 250)
    return [rate, kills]


def _approved(city: Any, units: tuple[str, ...], count: int, at: datetime) -> UUID:
    """Matters whose letters wait for the seal; returns the original."""
    matter = city.open(units, at=at)
    city.do("court.clerk", matter, "draft", {}, at)
    city.do("court.judge", matter, "approve", {"decision": "approve"}, at)
    copy(city, matter, count - 1)
    city.superuser.execute("VACUUM ANALYZE")
    return matter


def _rate(city: Any, matters: int) -> BenchRow:
    now = datetime.now(UTC)  # the worker lives by the clock: letters of long ago it would remind of at once
    _approved(city, tuple(units_asked(city)), matters, now)
    count = matters * LETTERS
    with workers(1):
        cpu, began = cpu_seconds(city), time.perf_counter()
        do_all(city, ["seal"], now, together=20)
        while city.one("SELECT EXISTS (SELECT FROM ledger_pending)"):
            time.sleep(0.02)
        seconds = time.perf_counter() - began
        cpu = cpu_seconds(city) - cpu
    _numbered(city, count)
    expect(
        city.one(
            "SELECT count(DISTINCT l.id) FROM letter l JOIN (SELECT jsonb_array_elements(payload::jsonb -> 'said' -> 'sealed') AS said"
            " FROM ledger_entry WHERE act = 'letters.seal') s ON s.said ->> 'letter' = l.id::text WHERE l.state = 'delivered'"
        ),
        count,
        "sealed letters",
    )
    acts = dict(city.rows("SELECT act, count(*) FROM ledger_entry WHERE act LIKE 'letters.%' GROUP BY 1"))
    expect(
        (acts["letters.seal"], acts["letters.deliver"]),
        (matters, count),
        "ledger entries of seals and deliveries",
    )
    expect(
        city.one("SELECT count(*) FROM task WHERE element = 'sign' AND state = 'open'"),
        count,
        "tasks to sign for",
    )
    sequence_and_verify(city)
    rate = count / seconds
    tell(f"  {count:,} letters in {seconds:.1f} s (CPU {cpu:.1f} s), {rate:,.0f}/s")
    return BenchRow(
        "Letters in bulk, sealed and in the signed ledger", f"{count:,} letters of {matters:,} matters, 620 an act", "",
        f"{rate:,.0f} letters/s ({seconds:.1f} s, CPU {cpu:.1f} s)", None, f"≥ {GOAL_RATE:,}/s", rate >= GOAL_RATE,
    )  # fmt: skip


def _kills(city: Any, kills: int, matters: int) -> BenchRow:
    from officials import MONDAY

    earlier = city.one("SELECT count(*) FROM letter")
    # The letters of the first part wait for units of their own; this part's are counted apart by their numbers' order.
    steps = _steps(city)
    city.superuser.execute("UPDATE task SET state = 'cancelled', closed_at = now() WHERE state = 'open'")
    original = _approved(city, UNITS, matters, MONDAY)
    city.superuser.execute("CREATE TABLE wanted AS SELECT id FROM matter WHERE state = 'open' AND id IN"
                           " (SELECT matter_id FROM task WHERE element = 'seal' AND state = 'open')")  # fmt: skip
    expect(city.one("SELECT count(*) FROM wanted"), matters, "matters that wait for the seal")
    assert original
    at = (MONDAY + timedelta(hours=1)).isoformat()
    acts = ACTS.format(at=at, steps=json.dumps(steps, ensure_ascii=False, default=str), together=TOGETHER)
    sequences = SEQUENCES.format(at=at)
    # Long enough for some acts on this machine, as busy as it is: a process killed before its first act proves nothing.
    longest = min(max(6 * _one_act(city, at), 1.0), 8.0)
    with timed(f"{kills} kills of the acting process, {kills} of the sequencer, each within {longest:.1f} s"):
        programs = [
            city.start_worker(killing(acts, kills=kills, longest=longest), LIANBAN_ROLE="app"),
            city.start_worker(killing(sequences, kills=kills, longest=longest, seed=7)),
        ]
        counts = [_said(program) for program in programs]
    (acting, midway), (sequencing, _) = map(killed, counts)
    expect((acting, sequencing), (kills, kills), "processes killed")
    between = city.one("SELECT count(*) FROM ledger_entry WHERE act = ANY(%s) AND matter_id IN (SELECT id FROM wanted)",
                       [f"letters.{step}" for step in ("seal", "sign", "route", "answer")])  # fmt: skip
    if between <= TOGETHER:
        raise WrongResult(
            f"only {between} steps were done between {kills} kills: the machine is too busy to tell anything"
        )
    with timed("the rest, without kills"):
        _said(city.start_worker(acts + ALONE, LIANBAN_ROLE="app"))
    count = matters * len(UNITS)
    lost_or_doubled = _counted(city, matters, count)
    _numbered(city, count, earlier)
    entries = sequence_and_verify(city)
    tell(f"  {acting + sequencing} kills, {midway} of them before the work was done; {between:,} steps done between them;"
         f" {count:,} letters counted, {entries:,} ledger entries verified")  # fmt: skip
    if midway < kills // 2:
        raise WrongResult(f"only {midway} of {kills} kills met a process at work")
    return BenchRow(
        "Letters while workers are killed", f"{count:,} letters sealed, signed for, routed, answered; {kills} kills of the"
        f" acting process ({midway} at work, {between:,} steps done between), {kills} of the sequencer", "",
        f"{lost_or_doubled} lost or doubled, ledger verified", None, f"0 in {GOAL_KILLS} kills",
        lost_or_doubled == 0 if kills >= GOAL_KILLS else None,
    )  # fmt: skip


def _steps(city: Any) -> list[tuple[str, str, Any]]:
    """(session key, step, what its form says) in the order of the work; answers are made from a letter of the kind."""
    sample = city.open(UNITS)
    city.send(sample)
    steps = [(city.session("court.seal_keeper").hex(), "seal", {"checked": True})]
    for unit in UNITS:
        liaison, handler = city.session(f"{unit}.liaison").hex(), city.session(f"{unit}.handler_1").hex()
        steps += [
            (liaison, "sign", {}), (liaison, "route", {"handler": "handler_1"}),
            (handler, "answer", city.answer_data(sample, unit)),
        ]  # fmt: skip
    return steps


def _one_act(city: Any, at: str) -> float:
    """Seconds of one act of the killed process's size, in a process that has just begun."""
    steps = [(city.session("court.seal_keeper").hex(), "seal", {"checked": True})]
    program = ACTS.format(at=at, steps=json.dumps(steps), together=TOGETHER).replace(
        "while True:", "for _ in range(1):"
    )
    return float(_said(city.start_worker(program + "\nimport time\nbegan = time.time()\nwork()\nprint(time.time() - began)\n",
                                         LIANBAN_ROLE="app")))  # fmt: skip


def _said(program: Any) -> str:
    said, wrong = program.communicate(timeout=3600)
    if program.returncode:
        raise WrongResult(f"a process failed: {wrong[-2000:]}")
    return str(said)


def _numbered(city: Any, count: int, earlier: int = 0) -> None:
    """Every letter has a number of its own, and no number is missing."""
    numbers = [
        int(number.partition("函")[2].rstrip("号"))
        for number in city.column("SELECT number FROM letter WHERE number <> '' ORDER BY sealed_at")
    ]
    expect(len(set(numbers)), len(numbers), "numbers of their own")
    expect(max(numbers), len(numbers), "the highest number")
    if len(numbers) < earlier + count:
        raise WrongResult(f"{len(numbers)} letters have a number, {earlier + count} should")


def _counted(city: Any, matters: int, count: int) -> int:
    """How many letters have not exactly one of everything; raises where the histories do not agree with the letters."""
    mine = "matter_id IN (SELECT id FROM wanted)"
    wrong = city.one(
        f"""SELECT count(*) FROM letter l WHERE {mine} AND NOT (state = 'answered' AND delivered_at IS NOT NULL
              AND signed_at IS NOT NULL AND routed_at IS NOT NULL AND number <> ''
              AND 1 = (SELECT count(*) FROM answer a WHERE a.letter_id = l.id)
              AND 1 = (SELECT count(*) FROM task t WHERE t.letter_id = l.id AND t.state = 'open' AND t.element = 'check')
              AND 3 = (SELECT count(*) FROM task t WHERE t.letter_id = l.id AND t.state = 'done'))"""
    )  # fmt: skip
    expect(city.one(f"SELECT count(*) FROM letter WHERE {mine}"), count, "letters")
    for table, column in (("event", "kind"), ("ledger_entry", "act")):
        acts = dict(
            city.rows(
                f"SELECT {column}, count(*) FROM {table} WHERE {mine} AND {column} LIKE 'letters.%' GROUP BY 1"
            )
        )
        # The original matter was drafted and approved by the actions, the copies were not.
        acts.pop("letters.draft"), acts.pop("letters.approve")
        each = {f"letters.{name}": count for name in ("deliver", "sign", "route", "answer")}
        expect(acts, each | {"letters.seal": matters}, f"rows of {table} by act")
    gaps = f"SELECT count(*) FROM (SELECT matter_id FROM event WHERE {mine} GROUP BY 1 HAVING max(seq) - min(seq) + 1 <> count(*)) g"
    expect(city.one(gaps), 0, "matters whose history has a gap")
    expect(city.one(f"SELECT count(*) FROM token WHERE {mine}"), count + matters, "tokens")
    return int(wrong)
