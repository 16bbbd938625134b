"""Completing a task by the API: the calls of one key that wait are done together, and none of them can tell."""

from __future__ import annotations

import threading

from calling import Caller, caller
from django.db import connections
from officials import MONDAY, days

from lianban.doors.api import context


def to_sign(city, count: int) -> list[str]:
    """As many letters to the police, waiting to be signed for; the tasks."""
    for _ in range(count):
        city.send(city.open(units=("police",)))
    return [
        str(task) for task in city.column("SELECT id FROM task WHERE element = 'sign' AND state = 'open'")
    ]


def test_completion_sent_again(city):
    """The same call gets the same answer and does nothing more; another under its key is refused; a failure is not kept."""
    first, second = to_sign(city, 2)
    who = caller(city, "police.liaison")
    at_first = who.post(f"/tasks/{first}/completion", {"data": {}}, idempotency_key="k1")
    assert at_first == (200, {"done": True})
    assert "Idempotent-Replay" not in who.raw.headers
    before = city.digests()
    assert who.post(f"/tasks/{first}/completion", {"data": {}}, idempotency_key="k1") == at_first
    assert who.raw.headers["Idempotent-Replay"] == "true"
    status, said = who.post(f"/tasks/{second}/completion", {"data": {}}, idempotency_key="k1")
    assert (status, said["error"]["code"]) == (409, "LB-ACTIONS-017")
    status, said = who.post(f"/tasks/{first}/completion", {"data": {}}, idempotency_key="k2")
    assert status == 409 and said["error"]["code"] != "LB-ACTIONS-017"
    assert city.digests() == before
    assert who.post(f"/tasks/{second}/completion", {"data": {}}, idempotency_key="k2") == (
        200,
        {"done": True},
    )
    status, said = who.post(f"/tasks/{second}/completion", {"data": {}}, idempotency_key="k" * 201)
    assert (status, said["error"]["code"]) == (422, "LB-API-002")


def test_completion_without_a_valid_key(city):
    """No key, a key that is none, the key of a session that ended: 401, in the one shape."""
    (task,) = to_sign(city, 1)
    before = city.digests()
    ended = caller(city, "police.liaison")
    city.superuser.execute("UPDATE access_session SET ended_at = %s", [MONDAY + days(1)])
    for who in (Caller(None), Caller(b"n" * 32), Caller("x"), ended):
        status, said = who.post(f"/tasks/{task}/completion", {"data": {}})
        assert (status, said["error"]["code"]) == (401, "LB-API-001")
    assert city.digests() == before


def test_completions_at_once(city, monkeypatch):
    """Calls of two units at the same moment, some of them bad: each caller gets its own answer."""
    sizes: list[int] = []
    monkeypatch.setattr(context.together, "_batch", sizes.append)
    good = to_sign(city, 6)
    calls = [("police.liaison", task) for task in good] + [("housing.liaison", task) for task in good[:2]]
    calls += [("police.liaison", good[0]), ("police.liaison", str(city.officer("court.clerk")))]
    for username in ("police.liaison", "housing.liaison"):
        city.session(username)
    said: list[object] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def send(number: int) -> None:
        username, task = calls[number]
        try:
            start.wait(30)
            said[number] = caller(city, username).post(f"/tasks/{task}/completion", {"data": {}})
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    done = (200, {"done": True})
    assert said[1:6] == [done] * 5
    first, again = sorted([said[0], said[8]], key=lambda one: one[0])
    assert first == done and again[0] == 409
    assert [said[number][0] for number in (6, 7, 9)] == [404, 404, 404], "another agency's tasks, and none"
    assert sum(sizes) == len(calls)
    entries = city.rows("SELECT DISTINCT agency_id, officer_id FROM ledger_entry WHERE act = 'letters.sign'")
    assert entries == [(city.agency("police"), city.officer("police.liaison"))]
    assert city.one("SELECT count(*) FROM ledger_entry WHERE act = 'letters.sign'") == 6
