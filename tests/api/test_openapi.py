"""The document of the API: a change of it is seen in review, and what it promises holds for whatever is sent."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path

import orjson
import pytest
import schemathesis
from calling import Caller, caller
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lianban.records.keys import encoded_key

SNAPSHOT = Path(__file__).parent / "openapi.json"
EXAMPLES = 6  # for each operation


def document() -> dict:
    from lianban.doors.api import api

    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))


def test_document_is_the_snapshot():
    """Whoever changes the API changes tests/api/openapi.json with it (LIANBAN_UPDATE=1 writes it anew)."""
    found = orjson.dumps(document(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
    if os.environ.get("LIANBAN_UPDATE"):
        SNAPSHOT.write_bytes(found)
    assert SNAPSHOT.read_bytes() == found, "the API differs from its snapshot"


def test_document_is_served_to_anybody(city):
    """The description needs no key."""
    who = Caller(None)
    status, said = who.get("/openapi.json")
    assert status == 200
    assert said["openapi"].startswith("3.1")


def test_document_is_whole():
    """Every operation has a summary, an answer for success, and the one error shape for whoever has no key."""
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            where = f"{method.upper()} {path}"
            assert operation.get("summary"), where
            assert "200" in operation["responses"], where
            if path != "/api/v1/sessions":
                shape = operation["responses"]["401"]["content"]["application/json"]["schema"]
                assert shape["$ref"].endswith("/Error"), where


@pytest.fixture
def keys(city):
    """A busy little city, and whoever calls in turn."""
    matter = city.open(units=("police", "housing"))
    city.send(matter)
    city.sign_and_route(matter, "police")
    city.answer(matter, "police")
    return [
        encoded_key(city.session(name))
        for name in ("court.judge", "police.liaison", "political_legal.supervisor")
    ]


def test_fuzz(city, keys):
    """What the document allows to be sent, and much that it does not, is answered as the document says: no fault of ours."""
    from django.core.wsgi import get_wsgi_application

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the fuzzer's own libraries
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
        tried = 0
        for result in schema.get_all_operations():
            operation = result.ok()
            if operation.path.endswith("/sessions/current"):
                continue  # would end the session of the others
            tried += _fuzz(operation, keys)
    assert tried >= 100


def _fuzz(operation, keys) -> int:
    calls = []

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def call(case):
        key = keys[len(calls) % len(keys)]
        calls.append(key)
        response = case.call(headers={"Authorization": f"Bearer {key}"})
        assert response.status_code < 500, f"{case.as_curl_command()}: {response.status_code} {response.text}"
        case.validate_response(
            response, checks=[status_code_conformance, content_type_conformance, response_schema_conformance]
        )

    call()
    return len(calls)


def test_values_postgresql_cannot_hold(city):
    """A NUL character in any text is refused, not a fault of ours."""
    matter = city.open(units=("police",))
    city.send(matter)
    letter, task = city.letter(matter, "police"), city.task(matter, "sign", "police")
    judge, liaison = caller(city, "court.judge"), caller(city, "police.liaison")
    for who, address, body in (
        (judge, f"/letters/{letter}/reminder", {"reason": "a\x00b"}),
        (liaison, f"/tasks/{task}/completion", {"data": {"note": "a\x00b"}}),
        (liaison, f"/tasks/{task}/handover", {"post": "a\x00b", "reason": "转办测试"}),
        (judge, "/sessions", {"username": "a\x00b", "password": "x"}),
    ):  # fmt: skip
        status, said = who.post(address, body)
        assert 400 <= status < 500, (address, said)
    assert judge.get("/matters?scene=a%00b")[0] == 422
