"""Every address of the pages and the API, as every role and as nobody: nothing leaks, and nothing fails on our side."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product

import pytest
from busy import ROLES, make_busy
from django.urls import URLPattern, URLResolver, get_resolver
from officials import in_the_city

from lianban.records.keys import encoded_key

# Addresses anybody may open, signed in or not. Whoever adds one must add it here.
OPEN = {
    "sign-in", "language", "theme", "health", "sessions", "openapi.json",
    "verify",  # asked with the code on a printed document: it says what the paper says
}  # fmt: skip
SLOW_TO_COUNT = 6  # ids of one kind that are tried


@pytest.fixture(scope="module")
def busy(database_server, city_database, database_copies, django_db_blocker):
    with in_the_city(database_server, city_database, database_copies, django_db_blocker) as city:
        yield make_busy(city)


def patterns(found=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(route, pattern) of every address of the project."""
    for one in found if found is not None else get_resolver().url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, route)
        else:
            yield route, one


def ids(city) -> dict[str, list[str]]:
    """Real values for what stands in angle brackets."""

    def some(query: str) -> list[str]:
        return [str(value) for value in city.column(query)[:SLOW_TO_COUNT]]

    values = {
        "task": some("SELECT DISTINCT ON (agency_id, element) id FROM task WHERE state = 'open'"),
        "letter": some("SELECT id FROM letter"), "matter": some("SELECT id FROM matter"),
        "identifier": some("SELECT id FROM party_identifier"), "document": some("SELECT id FROM document"),
        "delegation": some("SELECT id FROM delegation"),
        "answer": some("SELECT id FROM answer"),
        "measure": some("SELECT id FROM measure"), "kind": ["ruling", "notice", "no-such"],
        "payout": some("SELECT id FROM payout"), "fund": some("SELECT id FROM fund"),
        "distribution": some("SELECT id FROM distribution"), "line": some("SELECT id FROM bank_entry"),
        "hit": some("SELECT id FROM collision_hit"), "read": some("SELECT id FROM answer_read"),
        "alert": some("SELECT id FROM query_alert"),
        "entry": some("SELECT DISTINCT ON (act) id FROM ledger_entry"),
        "scene": ["assistance", "observed"], "code": ["letters_sent", "order_measure", "no_such"], "indicator": ["letters_sent"],
        "name": ["history", "letters", "answers", "parties", "documents", "steps", "no-such"],
        "file": ["process.bpmn", "decisions/none.dmn", "scene.yaml"], "order": some("SELECT id FROM drawing_migration"),
        "verb": ["remind", "claim", "hold", "no-such"], "digest": ["0" * 64], "run": some("SELECT id FROM import_run"), "form": ["xlsx", "csv"], "record": some("SELECT about FROM clock"), "number": ["1"],
    }  # fmt: skip
    return values | {f"{name}_id": found for name, found in values.items()}


def addresses(city) -> list[str]:
    """Every address with every id put in."""
    values, made = ids(city), []
    for route, _ in patterns():
        plain = re.sub(r"[\^$\\]", "", route)
        names = [part.split(":")[-1] for part in re.findall(r"<([^>]+)>", plain)]
        missing = [name for name in names if name not in values]
        assert not missing, f"the walk has no value for {missing} in {route}"
        for chosen in product(*(values[name] for name in names)):
            address = plain
            for name, value in zip(names, chosen, strict=True):
                address = re.sub(rf"<[^>]*\b{name}>", value, address, count=1)
            made.append(f"/{address}")
    return made


def as_officer(city, username):
    from django.test import Client

    key = encoded_key(city.session(username))
    client = Client(headers={"host": "127.0.0.1", "authorization": f"Bearer {key}"})
    client.cookies["lianban"] = key
    return client


def body_of(response) -> str:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    text = raw.decode("utf-8", "replace")
    # JSON may write Chinese as escapes: what is looked for is what a reader would read.
    if "json" in response.headers.get("Content-Type", "") and text:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return text


def test_every_open_address_is_meant(busy):
    """Signed in as nobody, each address sends to the sign-in page or answers 401; only the listed ones open."""
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    opened = set()
    for address in addresses(busy.city):
        for method in ("get", "post"):
            response = getattr(client, method)(address)
            if response.status_code == 401:
                assert json.loads(response.content)["error"]["code"] == "LB-API-001"
            elif not (response.status_code == 302 and response.headers["Location"].startswith("/sign-in")):
                opened.add(address.removeprefix("/api/v1").split("/")[1])
            text = body_of(response)
            assert not [word for word in busy.canaries if word in text], address
    assert opened <= OPEN, f"open to everybody: {opened - OPEN}"


@pytest.mark.parametrize("username", ROLES)
def test_routes_as(busy, username):
    """Each address with the ids of every matter: the role is shown nothing it may not see; nothing fails inside."""
    city, forbidden = busy.city, busy.forbidden(username.split(".")[0])
    client = as_officer(city, username)
    seen = 0
    for address in addresses(city):
        response = client.get(address)
        assert response.status_code < 500, f"{username} GET {address}: {response.status_code}"
        text = body_of(response)
        assert not [word for word in forbidden if word in text], f"{username} GET {address}"
        seen += response.status_code == 200
    assert seen >= 10, "the walk saw hardly a page: it is not signed in"


@pytest.mark.parametrize(
    "username", ["housing.liaison", "customs.liaison", "political_legal.supervisor", "platform.auditor"]
)
def test_posts_as(busy, username):
    """What is sent to every address without a word in it changes no matter of others and shows nothing of theirs."""
    city, forbidden = busy.city, busy.forbidden(username.split(".")[0])
    client = as_officer(city, username)
    mine = city.agency(username.split(".")[0])
    tables = ("party", "answer", "matter_content", "letter_content", "letter_subject", "matter")
    before = {table: found for table, found in city.digests().items() if table in tables}
    others = "SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM {} t WHERE {} <> %s"
    rows = {"task": "agency_id", "letter": "addressee_id"}
    kept = {table: city.one(others.format(table, column), mine) for table, column in rows.items()}
    for address in addresses(city):
        if address in ("/sign-out", "/post"):
            continue
        api = address.startswith("/api/")
        response = (
            client.post(address, "{}", content_type="application/json") if api else client.post(address)
        )
        assert response.status_code < 500, f"{username} POST {address}: {response.status_code}"
        if "identifiers" in address:
            continue  # shows a number whole to those asked, which is tested by itself
        assert not [word for word in forbidden if word in body_of(response)], f"{username} POST {address}"
    after = {table: found for table, found in city.digests().items() if table in tables}
    changed = {table for table in tables if before[table] != after[table]}
    assert changed <= {"matter"}, "only the counter of a matter's events may have moved"
    assert kept == {table: city.one(others.format(table, column), mine) for table, column in rows.items()}


def test_unmask_by_those_asked(busy):
    """Who is asked about a person may see the number whole, one by one, and each look is in the ledger; others may not."""
    city = busy.city
    identifier = city.one(
        "SELECT i.id FROM party_identifier i JOIN party p ON p.id = i.party_id WHERE p.name = '金丝雀甲'"
    )
    whole = city.person(0).id_number
    count = "SELECT count(*) FROM ledger_entry WHERE act = 'unmask' AND officer_id = %s"
    for username in ROLES:
        client = as_officer(city, username)
        before = city.one(count, city.officer(username))
        response = client.post(f"/api/v1/letters/identifiers/{identifier}/unmask")
        may = username.split(".")[0] in ("court", "police", "housing")
        assert (response.status_code == 200) is may, username
        assert (whole in body_of(response)) is may, username
        assert city.one(count, city.officer(username)) == before + may


def test_looks_one_entry_a_view(busy):
    """A page that shows people is one entry, listing them; a page that shows nobody is none."""
    city = busy.city
    matter = city.one("SELECT id FROM matter WHERE number LIKE '%%2号' AND scene = 'assistance'")
    client = as_officer(city, "court.judge")

    def looks() -> list[list]:
        return city.column("SELECT subjects FROM ledger_entry WHERE act = 'look' AND officer_id = %s ORDER BY recorded_at, id",
                           city.officer("court.judge"))  # fmt: skip

    before = len(looks())
    assert client.get(f"/api/v1/matters/{matter}").status_code == 200
    assert len(looks()) == before + 1
    assert sorted(looks()[-1]) == sorted(city.column("SELECT id FROM party WHERE matter_id = %s", matter))
    assert client.get("/api/v1/tasks").status_code == 200
    assert client.get("/api/v1/agencies").status_code == 200
    assert len(looks()) == before + 1


def test_numbers_are_masked(busy):
    """What pages show of an identity number hides its middle, the day of birth and the sequence."""
    for masked, kind in busy.city.rows("SELECT masked, kind FROM party_identifier"):
        assert kind == "resident_id"
        assert "*" in masked
        assert not any(number in masked for number in busy.numbers)
        assert sum(character.isdigit() for character in masked) <= 10
