"""The server is killed while many calls are being served together: what was answered is kept, nothing is done twice."""

from __future__ import annotations

from uuid import UUID

from benchmarks.killing import KILLS
from officials import MONDAY

from lianban.actions.complete_task import Completion
from lianban.actions.together import Call, Once, Together

# Brings up one server after another, in each of which eight callers under one key hand in task after task and say each
# that was answered, and kills it at some instant. Says how many were killed in the middle, then all that was answered.
SERVERS = """
import os, random, signal, sys, threading, time
from datetime import datetime
from uuid import UUID
from lianban.actions import abilities
from lianban.actions.complete_task import Completion
from lianban.actions.together import Call, Once, Together
from lianban.records import scenes
abilities.load()
scenes.scenes()
key, now = bytes.fromhex({key!r}), datetime.fromisoformat({now!r})
tasks = [UUID(text) for text in sys.stdin.readline().split()]
gathered = Together()

def caller(rest, pipe):
    for task in rest:
        once = Once(f"k-{{task}}", lambda identity: task.bytes, 200, {{"done": True}})
        gathered.complete(Call(key, Completion(task, {{"activity": "询问", "last": False}}), now, "接口调用", once))
        os.write(pipe, task.bytes)

answered, midway, draw = set(), 0, random.Random(20260302)
for _ in range({kills}):
    rest = [task for task in tasks if task not in answered]
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        threads = [threading.Thread(target=caller, args=(rest[number::8], writer)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(60)
    os.close(writer)
    time.sleep(draw.uniform(0.15, 0.6))
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    said = b""
    while part := os.read(reader, 65536):
        said += part
    os.close(reader)
    answered |= {{UUID(bytes=said[start : start + 16]) for start in range(0, len(said), 16)}}
    midway += len(answered) < len(tasks)
print(midway, *answered)
"""


def test_callers_killed(city):
    """Killed again and again; every call is sent again with its key until it is answered, and each task was done once."""
    from lianban.actions.open_matter import Opening, open_matters

    count = 100 * KILLS
    with city.acting_as("court.recorder") as acting:
        open_matters(acting, "observed", [Opening({"case_id": f"k{n}", "log": "test"}) for n in range(count)])
    tasks = city.column("SELECT id FROM task WHERE state = 'open' ORDER BY id")
    program = SERVERS.format(key=city.session("court.recorder").hex(), now=MONDAY.isoformat(), kills=KILLS)
    process = city.start_worker(program, LIANBAN_ROLE="app")
    said, wrong = process.communicate(" ".join(map(str, tasks)) + "\n", timeout=60 + 2 * KILLS)
    assert process.returncode == 0, wrong
    midway, *answered = said.split()
    assert int(midway) > KILLS // 2, "hardly any was killed in the middle of its work"
    done = set(city.column("SELECT id FROM task WHERE state = 'done'"))
    assert answered and {UUID(task) for task in answered} <= done, "what was answered was lost"
    gathered = Together()
    for task in tasks:
        once = Once(f"k-{task}", lambda identity, task=task: task.bytes, 200, {"done": True})
        data = {"activity": "询问", "last": False}
        gathered.complete(
            Call(city.session("court.recorder"), Completion(task, data), MONDAY, "接口调用", once)
        )
    assert city.column("SELECT DISTINCT state FROM task WHERE id = ANY(%s)", tasks) == ["done"]
    for table, name in (("event", "kind"), ("ledger_entry", "act")):
        query = (
            f"SELECT count(*), count(DISTINCT matter_id) FROM {table} WHERE {name} = 'observations.record'"
        )
        assert city.one(query) == (count, count)
    assert city.one("SELECT count(*) FROM task") == 2 * count
    assert city.one("SELECT count(*) FROM idempotency_key") == count
