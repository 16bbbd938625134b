"""The API as an agency's system uses it: the whole life of a letter, keys, pages, one shape of error."""

from __future__ import annotations

import threading
from uuid import uuid4

import orjson
import pytest
from calling import V1, Caller, caller
from officials import MONDAY, days


@pytest.fixture
def matter(city):
    """A matter with letters to two units."""
    matter = city.open(units=("police", "housing"))
    city.send(matter)
    return matter


def machine(city, agency: str, post: str) -> Caller:
    from django.db import connections, transaction

    from lianban.records import machines

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        _, key = machines.create(cursor, agency, post, f"{agency} 系统", MONDAY)
    return Caller(key)


def test_life_of_a_letter_by_machine(city):
    """Two agencies' systems handle a letter from end to end, and no person is named for it."""
    clerk, judge, keeper = (caller(city, f"court.{role}") for role in ("clerk", "judge", "seal_keeper"))
    status, opened = clerk.post("/matters", {"scene": "assistance", "data": city.content(units=("police",))})
    assert status == 200, opened
    matter = opened["id"]

    def first_task(who: Caller) -> str:
        status, page = who.get("/tasks")
        assert status == 200
        (task,) = [task for task in page["items"] if task["matter"] == matter]
        return task["id"]

    for who, data in ((clerk, {}), (judge, {"decision": "approve"}), (keeper, {"checked": True})):
        assert who.post(f"/tasks/{first_task(who)}/completion", {"data": data})[0] == 200
    liaison, handler = machine(city, "police", "liaison"), machine(city, "police", "handler_1")
    assert liaison.post(f"/tasks/{first_task(liaison)}/completion", {"data": {}})[0] == 200
    assert (
        liaison.post(f"/tasks/{first_task(liaison)}/completion", {"data": {"handler": "handler_1"}})[0] == 200
    )
    status, letters = handler.get("/letters")
    (line,) = letters["items"]
    status, letter = handler.get(f"/letters/{line['id']}")
    assert letter["subjects"][0]["masked"].count("*") >= 8
    assert letter["task"] == first_task(handler)
    answer = city.answer_data(matter, "police", "yes")
    assert handler.post(f"/tasks/{letter['task']}/completion", {"data": answer}) == (200, {"done": True})
    assert judge.post(f"/tasks/{first_task(judge)}/completion", {"data": {"decision": "accept"}})[0] == 200
    status, whole = judge.get(f"/letters/{line['id']}")
    assert (whole["state"], whole["answers"][0]["state"], whole["answers"][0]["data"]["result"]) == (
        "accepted",
        "accepted",
        "yes",
    )
    assert clerk.post(f"/tasks/{first_task(clerk)}/completion", {"data": {"summary": "已反馈"}})[0] == 200
    assert clerk.get(f"/matters/{matter}")[1]["state"] == "closed"
    assert city.column("SELECT DISTINCT officer_id FROM event WHERE kind = 'letters.answer'") == [None]


def test_chinese_is_readable(city, matter):
    """Chinese goes out as Chinese, and instants as ISO 8601 in UTC."""
    who = caller(city, "court.judge")
    who.get(f"/matters/{matter}")
    assert "温清和" in who.raw.content.decode()
    assert orjson.loads(who.raw.content)["opened_at"] == "2026-03-02T01:00:00Z"


def test_file_by_the_api(city, matter):
    """A file is handed in once, whatever the network does, is fetched as it was, and is refused when it is too large."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = b"%PDF-1.7" + bytes(3 * 1024 * 1024)
    who, key = caller(city, "police.liaison"), str(uuid4())

    def hand_in(content: bytes, **headers: str):
        file = SimpleUploadedFile("车辆档案.pdf", content, "application/pdf")
        sent = {"file": file, "matter": str(matter), "letter": str(city.letter(matter, "police"))}
        return who.client.post(f"{V1}/documents", sent, headers={"idempotency-key": key, **headers})

    first, second = hand_in(content), hand_in(content)
    assert first.status_code == 200, first.content
    assert second.content == first.content
    assert second.headers["Idempotent-Replay"] == "true"
    assert hand_in(content + b"x").status_code == 409
    assert city.one("SELECT count(*) FROM document") == 1
    made = orjson.loads(first.content)["id"]
    fetched = who.client.get(f"{V1}/documents/{made}")
    assert (fetched.content, fetched.headers["Content-Type"]) == (content, "application/pdf")
    assert caller(city, "housing.liaison").get(f"/documents/{made}")[0] == 404
    key = str(uuid4())
    for size in (21, 30):
        refused = hand_in(bytes(size * 1024 * 1024))
        assert refused.status_code == 413
        assert orjson.loads(refused.content)["error"]["code"] in ("LB-ACTIONS-015", "LB-API-004")
    assert city.one("SELECT count(*) FROM document") == 1


# --- one shape of error


def failing(city, matter) -> list[tuple[str, str, object, int]]:
    """(method, address, body, status) of calls that fail, each in another way."""
    nothing = uuid4()
    task = city.task(matter, "sign", "police")
    return [
        ("get", "/no/such/address", None, 404), ("get", f"/matters/{nothing}", None, 404), ("get", "/matters/not-an-id", None, 422),
        ("delete", "/matters", None, 405), ("patch", "/tasks", b"{}", 405), ("post", "/matters", b"not json", 422),
        ("post", "/matters", b"", 422), ("post", "/matters", b"\xff\xfe", 422), ("post", "/matters", b"[1,2]", 422),
        ("post", "/matters", {"scene": "assistance", "data": {}}, 422), ("post", "/matters", {"scene": "no_such", "data": {}}, 404),
        ("post", "/matters", b"x" * (3 * 1024 * 1024), 413), ("get", "/tasks?limit=0", None, 422),
        ("get", "/tasks?limit=many", None, 422), ("get", "/tasks?after=nonsense", None, 422), ("get", "/letters?side=upside", None, 422),
        ("get", "/matters?after=x", None, 422), ("post", f"/tasks/{nothing}/completion", {"data": {}}, 404),
        ("post", f"/tasks/{task}/completion", {"data": {}}, 403), ("post", f"/letters/{nothing}/reminder", {"reason": ""}, 404),
        ("post", f"/matters/{matter}/withdrawal", {"reason": ""}, 400), ("get", "/figures/no_such", None, 404),
        ("get", "/figures/assistance/no_such/matters", None, 404), ("get", f"/ledger/entries/{nothing}/proof", None, 404),
        ("post", "/sessions", {"username": "x", "password": "y"}, 403), ("post", "/sessions", {"username": "x"}, 422),
        ("get", "/matters/%00", None, 422), ("post", "/matters", {"scene": "assist\x00ance", "data": {}}, 404),
    ]  # fmt: skip


def test_error_has_one_shape(city, matter):
    """Whatever fails, and whoever refuses it, the answer has the same keys, a code of the family and both sentences."""
    who = caller(city, "court.judge")
    for method, address, body, status in failing(city, matter):
        found, said = who.call(method, address, body)
        assert found == status, (method, address, found, said)
        assert set(said) == {"error"}, (method, address)
        assert set(said["error"]) == {"code", "message", "found"}
        assert said["error"]["code"].startswith("LB-")
        assert set(said["error"]["message"]) == {"zh", "en"}
        assert all(said["error"]["message"].values())
        assert who.raw.headers["Content-Type"] == "application/json"


def test_error_of_ours_has_the_shape_and_says_nothing(city, matter, monkeypatch):
    """A fault of ours is told with a number for the operator, and not what went wrong."""
    from lianban.doors.api import matters as module

    def breaks(*args, **more):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(module.matter_view, "head", breaks)
    who = caller(city, "court.judge")
    status, said = who.get(f"/matters/{matter}")
    assert (status, said["error"]["code"]) == (500, "LB-API-005")
    assert "secret" not in who.raw.content.decode()


def test_key_missing_wrong_and_ended(city, matter):
    """Without a key, with nonsense, with another's idea of one, after signing out: 401, nothing else."""
    from lianban.actions.sign_in import sign_out

    ended = city.session("court.clerk.2", "clerk")
    sign_out(ended)
    for key in (None, "nonsense", "AAAA", ended):
        status, said = Caller(key).get(f"/matters/{matter}")
        assert (status, said["error"]["code"]) == (401, "LB-API-001")


def test_cookie_is_not_a_key(city, matter):
    """The page's cookie does not open the API: no page can be made to call it for somebody."""
    from lianban.records.keys import encoded_key

    who = Caller(None)
    who.client.cookies["lianban"] = encoded_key(city.session("court.judge"))
    assert who.get(f"/matters/{matter}")[0] == 401


def test_session_over_the_api(city, matter):
    """Sign in, call, sign out, and the key is dead."""
    from officials import PASSWORD

    status, said = Caller(None).post("/sessions", {"username": "court.judge", "password": PASSWORD})
    assert status == 200
    who = Caller(said["key"])
    assert who.get("/tasks")[0] == 200
    assert who.call("delete", "/sessions/current")[0] == 200
    assert who.get("/tasks")[0] == 401


# --- idempotency


def opening(city) -> dict:
    return {"scene": "assistance", "data": city.content()}


def test_idempotency_same_answer_once(city):
    """The same key with the same body opens one matter and gives the same answer, marked as a replay."""
    who, body, key = caller(city, "court.clerk"), opening(city), str(uuid4())
    first = who.post("/matters", body, idempotency_key=key)
    assert "Idempotent-Replay" not in who.raw.headers
    assert who.post("/matters", body, idempotency_key=key) == first
    assert who.raw.headers["Idempotent-Replay"] == "true"
    assert city.one("SELECT count(*) FROM matter") == 1


def test_idempotency_other_body(city):
    """The same key with another body is a mistake: 409, and nothing is opened."""
    who, key = caller(city, "court.clerk"), str(uuid4())
    who.post("/matters", opening(city), idempotency_key=key)
    status, said = who.post("/matters", opening(city), idempotency_key=key)
    assert (status, said["error"]["code"]) == (409, "LB-ACTIONS-017")
    assert city.one("SELECT count(*) FROM matter") == 1


def test_idempotency_of_a_colleague(city):
    """A colleague who sends the same key and body is not given the answer to another's call; another agency may."""
    body, key = opening(city), str(uuid4())
    caller(city, "court.clerk").post("/matters", body, idempotency_key=key)
    assert caller(city, "court.clerk.2").post("/matters", body, idempotency_key=key)[0] == 409
    status, said = caller(city, "police.liaison").post("/matters", body, idempotency_key=key)
    assert (status, said["error"]["code"]) == (403, "LB-ACTIONS-009")


def test_idempotency_of_a_failure(city):
    """A refused call uses up no key: corrected, it is sent again with the same one."""
    who, key = caller(city, "court.clerk"), str(uuid4())
    assert who.post("/matters", {"scene": "assistance", "data": {}}, idempotency_key=key)[0] == 422
    assert who.post("/matters", opening(city), idempotency_key=key)[0] == 200


def test_idempotency_key_too_long(city):
    """A key over the limit is refused, not cut: two long keys must not become one."""
    who = caller(city, "court.clerk")
    status, said = who.post("/matters", opening(city), idempotency_key="k" * 201)
    assert (status, said["error"]["code"]) == (422, "LB-API-002")


def test_idempotency_at_once(city):
    """Four calls with one key at the same moment: one matter, and four equal answers."""
    from django.db import connections

    body, key = opening(city), str(uuid4())
    city.session("court.clerk")
    together, answers = threading.Barrier(4), []

    def call() -> None:
        who = caller(city, "court.clerk")
        together.wait()
        answers.append(who.post("/matters", body, idempotency_key=key))
        connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({orjson.dumps(answer) for answer in answers}) == 1, answers
    assert answers[0][0] == 200
    assert city.one("SELECT count(*) FROM matter") == 1


def test_unmasked_number_is_not_kept(city, matter):
    """A number shown by the API is not stored for a replay: each showing is a look of its own."""
    who, key = caller(city, "court.judge"), str(uuid4())
    identifier = city.one("SELECT id FROM party_identifier")
    for _ in range(2):
        assert who.post(f"/letters/identifiers/{identifier}/unmask", {}, idempotency_key=key)[1] == {
            "identifier": city.person(0).id_number,
        }  # fmt: skip
    assert city.one("SELECT count(*) FROM ledger_entry WHERE act = 'unmask'") == 2
    assert city.one("SELECT count(*) FROM idempotency_key") == 0


# --- reading


def test_etag(city, matter):
    """The same answer as last time is 304 without a body; after a change it is not."""
    who = caller(city, "court.judge")
    who.get(f"/letters/{city.letter(matter, 'police')}")
    tag = who.raw.headers["ETag"]
    assert who.get(f"/letters/{city.letter(matter, 'police')}", if_none_match=tag) == (304, None)
    city.do("police.liaison", matter, "sign")
    status, letter = who.get(f"/letters/{city.letter(matter, 'police')}", if_none_match=tag)
    assert (status, letter["state"]) == (200, "signed")


@pytest.mark.parametrize("address", ["/tasks", "/letters?side=sent", "/matters", "/ledger/entries"])
def test_pages(city, address):
    """Page after page gives every row once and in order, whatever arrives meanwhile, and ends with null."""
    matters = [city.open(units=("police",)) for _ in range(5)]
    for number, matter in enumerate(matters):
        city.do("court.clerk", matter, "draft")
        if number % 2:
            city.do("court.judge", matter, "approve", {"decision": "approve"})
            city.do("court.seal_keeper", matter, "seal", {"checked": True})
    who = caller(city, "court.judge" if address != "/tasks" else "police.liaison")
    joined = "&" if "?" in address else "?"
    _, whole = who.get(f"{address}{joined}limit=200")
    assert whole["next"] is None
    wanted = [item["id"] for item in whole["items"]]
    assert len(wanted) >= 2
    found, after = [], ""
    for _ in range(100):
        status, page = who.get(f"{address}{joined}limit=2{f'&after={after}' if after else ''}")
        assert status == 200, page
        found += [item["id"] for item in page["items"]]
        after = (page["next"] or "").replace("+", "%2B")
        if not after:
            break
        if len(found) == 2:
            city.open(units=("police",))
    assert len(found) == len(set(found)), "a row came twice"
    assert [key for key in found if key in wanted] == wanted


def test_figures_and_what_is_behind(city, matter):
    """A figure's number is the length of the list behind it."""
    who = caller(city, "court.judge")
    status, figures = who.get("/figures/assistance")
    assert status == 200
    assert len(figures) > 3
    code = figures[0]["code"] if "code" in figures[0] else figures[0]["indicator"]
    status, behind = who.get(f"/figures/assistance/{code}/matters")
    assert status == 200, behind


def test_ledger_head_and_proof(city, matter):
    """The head is signed; an entry's proof verifies with the published key."""
    from lianban.engines import ledger

    city.sequence(MONDAY + days(1))
    who = caller(city, "court.judge")
    status, head = who.get("/ledger/head")
    assert head["size"] == city.one("SELECT max(size) FROM ledger_checkpoint")
    status, entries = who.get("/ledger/entries")
    status, proof = who.get(f"/ledger/entries/{entries['items'][-1]['id']}/proof")
    assert status == 200
    ledger.verify_proof(
        ledger.Proof.from_json(orjson.dumps(proof).decode()),
        ledger.VerifyingKey("lianban/ledger", bytes.fromhex(head["public_key"])),
    )
    assert V1 == "/api/v1"


def test_matter_in_few_queries(city):
    """A matter with many letters is read in as many statements as one with a few."""
    from django.db import connection

    def statements(matter) -> int:
        count = [0]

        def counted(execute, *args):
            count[0] += 1
            return execute(*args)

        with connection.execute_wrapper(counted):
            assert caller(city, "court.judge").get(f"/matters/{matter}")[0] == 200
        return count[0]

    few, many = (
        city.open(units=("police",)),
        city.open(units=("police", "housing", "tax", "civil_affairs", "transport")),
    )
    for matter in (few, many):
        city.send(matter)
    assert statements(few) == statements(many)
