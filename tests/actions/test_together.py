"""Calls that come at the same time: one transaction for those of one key, and each as if it had come alone."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from officials import MONDAY

from lianban.actions import together as module
from lianban.actions.complete_task import Completion
from lianban.actions.errors import ArrivedBefore, TaskAlreadyClosed, TaskNotFound
from lianban.actions.together import Call, NobodyEntered, Once, Together, serve
from lianban.engines.forms.errors import FormRefused

DATA = {"activity": "询问", "last": False}
RESPONSE = {"done": True}


def observed(city, count: int) -> list:
    """Open matters of one step each, and the task of each."""
    from lianban.actions.open_matter import Opening, open_matters

    openings = [Opening({"case_id": f"m{next(city.cases)}", "log": "test"}) for _ in range(count)]
    with city.acting_as("court.recorder") as acting:
        matters = open_matters(acting, "observed", openings)
    return [city.one("SELECT id FROM task WHERE matter_id = %s", matter) for matter in matters]


def call(city, task, data=DATA, who: str = "court.recorder", once: str = "", said: bytes = b"") -> Call:
    asked = hashlib.sha256(said or str(task).encode()).digest()
    under = Once(once, lambda identity: asked, 200, RESPONSE) if once else None
    return Call(city.session(who), Completion(task, data), MONDAY, "接口调用", under)


def outcome(act, *arguments):
    try:
        return act(*arguments)
    except Exception as error:
        return error


def at_once(city, calls, plug):
    """Send all calls while the first of them, whose matter is locked by somebody else, is being served. Returns the
    outcomes in order, and how many calls each transaction served."""
    sizes: list[int] = []
    gathered = Together(batch=sizes.append)
    said: dict[int, object] = {}

    def send(number: int) -> None:
        from django.db import connections

        try:
            said[number] = outcome(gathered.complete, calls[number])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(calls))]
    with city.connect("super") as holder:
        holder.execute(
            "SELECT FROM matter WHERE id = (SELECT matter_id FROM task WHERE id = %s) FOR UPDATE", [plug]
        )
        threads[0].start()
        until = time.monotonic() + 20
        while not city.one("SELECT count(*) FROM pg_locks WHERE NOT granted") and time.monotonic() < until:
            time.sleep(0.01)
        for thread in threads[1:]:
            thread.start()
        while (
            time.monotonic() < until and sum(map(len, gathered._queues.values())) + len(said) < len(calls) - 1
        ):
            time.sleep(0.01)
        holder.rollback()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads), "a caller was never answered"
    assert not gathered._queues
    return [said[number] for number in range(len(calls))], sizes


def transactions(city, tasks) -> list:
    """The transaction that last wrote each task."""
    return [city.one("SELECT xmin::text FROM task WHERE id = %s", task) for task in tasks]


def test_together_waiting_calls_share_a_transaction(city):
    """Who comes while another is served waits, and all who wait are served in one transaction, each with its entry."""
    tasks = observed(city, 9)
    said, sizes = at_once(city, [call(city, task) for task in tasks], tasks[0])
    assert said == [None] * 9
    assert sizes == [1, 8]
    shared = transactions(city, tasks[1:])
    assert len(set(shared)) == 1
    assert transactions(city, tasks[:1]) != shared[:1]
    assert city.column("SELECT DISTINCT state FROM task WHERE id = ANY(%s)", tasks) == ["done"]
    entries = city.rows(
        "SELECT officer_id, payload::jsonb -> 'said' ->> 'task', payload::jsonb ->> 'purpose' FROM ledger_entry"
        " WHERE act = 'observations.record'"
    )
    assert sorted(entries) == sorted(
        (city.officer("court.recorder"), str(task), "接口调用") for task in tasks
    )


def test_together_two_agencies_never_in_one_transaction(city):
    """Calls of two agencies at one moment: each in a transaction of its own key, which sees its own rows alone."""
    ours, theirs = [], []
    for _ in range(4):
        matter = city.open(units=("police", "housing"))
        city.send(matter)
        ours.append(city.task(matter, "sign", "police"))
        theirs.append(city.task(matter, "sign", "housing"))
    calls = [call(city, task, {}, "police.liaison") for task in ours]
    calls += [call(city, task, {}, "housing.liaison") for task in theirs]
    # Each also tries a task of the other's.
    calls += [call(city, theirs[0], {}, "police.liaison"), call(city, ours[0], {}, "housing.liaison")]
    said, _ = at_once(city, calls, ours[0])
    assert said[:8] == [None] * 8
    assert [type(one) for one in said[8:]] == [TaskNotFound, TaskNotFound]
    assert not set(transactions(city, ours)) & set(transactions(city, theirs))
    for unit, tasks in (("police", ours), ("housing", theirs)):
        entries = city.rows(
            "SELECT agency_id, officer_id, payload::jsonb -> 'said' ->> 'task' FROM ledger_entry"
            " WHERE act = 'letters.sign' AND agency_id = %s", city.agency(unit),
        )  # fmt: skip
        who = city.officer(f"{unit}.liaison")
        assert sorted(entries) == sorted((city.agency(unit), who, str(task)) for task in tasks)
        events = city.rows(
            "SELECT DISTINCT agency_id, officer_id FROM event WHERE kind = 'letters.sign' AND agency_id = %s",
            city.agency(unit),
        )
        assert events == [(city.agency(unit), who)]
        assert city.column("SELECT DISTINCT closed_by_id FROM task WHERE id = ANY(%s)", tasks) == [who]


def test_together_one_bad_call_fails_alone(city):
    """In one transaction: a refused form, an unknown task, a task twice. Each caller gets its own error, the rest is done."""
    tasks = observed(city, 8)
    unknown = city.officer("court.recorder")  # an id that is no task's
    calls = [
        call(city, tasks[0]), call(city, tasks[1]), call(city, tasks[2], {"activity": ""}), call(city, unknown),
        call(city, tasks[3]), call(city, tasks[4]), call(city, tasks[4]), call(city, tasks[5]),
    ]  # fmt: skip
    said, sizes = at_once(city, calls, tasks[0])
    assert sizes == [1, 7]
    kinds = [type(one) for one in said]
    assert kinds[:4] + [kinds[4], kinds[7]] == [
        type(None),
        type(None),
        FormRefused,
        TaskNotFound,
        type(None),
        type(None),
    ]
    assert Counter(kinds[5:7]) == Counter([type(None), TaskAlreadyClosed])
    done = [tasks[0], tasks[1], tasks[3], tasks[4], tasks[5]]
    assert sorted(city.column("SELECT id FROM task WHERE state = 'done'")) == sorted(done)
    for table, name in (("ledger_entry", "act"), ("event", "kind")):
        assert city.one(f"SELECT count(*) FROM {table} WHERE {name} = 'observations.record'") == len(done)
    assert city.one("SELECT count(*) FROM ledger_pending") == city.one("SELECT count(*) FROM ledger_entry")


def test_together_unknown_key(city):
    """A key that is none's is told so, and nothing is done."""
    (task,) = observed(city, 1)
    before = city.digests()
    with pytest.raises(NobodyEntered):
        Together().complete(Call(b"x" * 32, Completion(task, DATA), MONDAY, "接口调用"))
    assert city.digests() == before


def test_together_sent_again(city):
    """In one transaction the same call twice is done once and answered twice; another call under its key is refused;
    what failed leaves its key free."""
    first, second, third = observed(city, 3)
    calls = [
        call(city, first, once="a"), call(city, first, once="a"), call(city, second, once="a"),
        call(city, third, {"activity": ""}, once="b"), call(city, third, once="b"),
    ]  # fmt: skip
    waiting = [module._Waiting(one) for one in calls]
    serve(waiting)
    assert [type(one.said) for one in waiting] == [
        type(None), module.Before, ArrivedBefore, FormRefused, type(None),
    ]  # fmt: skip
    assert (waiting[1].said.status, waiting[1].said.response) == (200, RESPONSE)
    assert city.rows("SELECT key, status, response FROM idempotency_key ORDER BY key") == [
        ("a", 200, RESPONSE), ("b", 200, RESPONSE),
    ]  # fmt: skip
    assert city.one("SELECT count(*) FROM event WHERE kind = 'observations.record'") == 2


def test_together_lost_commit(city, monkeypatch):
    """A commit that does not come through is everybody's error, and nobody's success."""
    from django.db import OperationalError, connection

    tasks = observed(city, 3)
    before = city.digests()

    def lost() -> None:
        connection.rollback()
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(connection, "commit", lost)
    gathered = Together()
    place = (city.session("court.recorder"), "接口调用")
    others = [module._Waiting(call(city, task)) for task in tasks[1:]]
    own = module._Waiting(call(city, tasks[0]))
    gathered._queues[place] = [own, *others]
    gathered._serve(place, own)
    assert [type(one.said) for one in (own, *others)] == [OperationalError] * 3
    assert all(one.woken.is_set() for one in others)
    assert not gathered._queues
    assert city.digests() == before


KINDS = st.lists(
    st.sampled_from(["good", "good", "good", "refused", "closed", "foreign", "twice", "last"]),
    min_size=1,
    max_size=9,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(KINDS)
def test_together_equals_one_by_one(city, kinds):
    """Any mix of good and bad calls in one transaction says and leaves what the same calls say and leave alone."""
    foreign = city.open(units=("police",))
    city.send(foreign)

    def calls() -> list[Call]:
        made, tasks = [], observed(city, len(kinds))
        for kind, task in zip(kinds, tasks, strict=True):
            data = (
                {**DATA, "last": True} if kind == "last" else {"activity": ""} if kind == "refused" else DATA
            )
            if kind == "closed":
                serve([module._Waiting(call(city, task))])
            if kind == "foreign":
                task = city.task(foreign, "sign", "police")
            made.append(call(city, task, data))
            if kind == "twice":
                made.append(call(city, task, data))
        return made

    def left(made) -> list:
        matters = city.column(
            "SELECT matter_id FROM task WHERE id = ANY(%s)", [one.completion.task for one in made]
        )
        found = []
        # In the order in which they were opened: as texts, number 10 stands before number 9.
        for matter in sorted(matters):
            found.append((  # noqa: PERF401
                city.rows("SELECT state, last_event, closed_at FROM matter WHERE id = %s", matter),
                city.rows("SELECT element, state, opened_at, closed_at, closed_by_id FROM task WHERE matter_id = %s ORDER BY id", matter),
                city.rows("SELECT element, count(*) FROM token WHERE matter_id = %s GROUP BY 1", matter),
                city.rows("SELECT state, pending, variables FROM scope WHERE matter_id = %s ORDER BY id", matter),
                city.rows("SELECT seq, kind, activity, agency_id, officer_id, milestone, occurred_at, recorded_at,"
                          " data FROM event WHERE matter_id = %s ORDER BY seq", matter),
                city.rows("SELECT act, agency_id, officer_id, recorded_at, payload::jsonb - 'entry' - 'matter' #- '{said,task}' #- '{said,number}'"
                          " FROM ledger_entry WHERE matter_id = %s ORDER BY id", matter),
                city.one("SELECT count(*) FROM ledger_pending p JOIN ledger_entry e ON e.id = p.entry WHERE e.matter_id = %s", matter),
            ))  # fmt: skip
        return found

    alone = calls()
    singly = [outcome(Together().complete, one) for one in alone]
    joined = calls()
    waiting = [module._Waiting(one) for one in joined]
    serve(waiting)
    assert [(type(a), getattr(a, "code", "")) for a in singly] == [
        (type(b.said), getattr(b.said, "code", "")) for b in waiting
    ]
    assert left(alone) == left(joined)
