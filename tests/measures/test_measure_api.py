"""Measures by the API: a matter's, the radar, a batch with a result for each row."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from django.test import Client

from lianban.records.keys import encoded_key

NOW = datetime.now(UTC)


def call(holding, username, method, path, body=None):
    client = Client(
        REMOTE_ADDR="127.0.0.1", HTTP_AUTHORIZATION=f"Bearer {encoded_key(holding.city.session(username))}"
    )
    if method == "get":
        response = client.get(f"/api/v1/measures{path}")
    else:
        response = client.post(f"/api/v1/measures{path}", json.dumps(body), content_type="application/json")
    return response.status_code, response.json()


def test_measures_of_a_matter_for_court_and_unit(holding):
    """The court sees all and the sum; the unit its own order and no sum; a third agency that there is no such matter."""
    when = NOW - timedelta(days=5)
    matter = holding.matter(when=when)
    measure = holding.held(matter, 70_000_00, when=when)
    status, said = call(holding, "court.judge", "get", f"?matter={matter}")
    assert status == 200
    assert said["control"] == {
        "held_fen": 70_000_00,
        "most_fen": 100_000_00,
        "excess_fen": 0,
        "releasable": False,
    }
    (one,) = said["items"]
    assert (one["id"], one["state"], one["rank"], one["unit"]) == (
        str(measure),
        "effective",
        1,
        "central_bank",
    )
    assert [answer["outcome"] for answer in one["answers"]] == ["done"]
    status, said = call(holding, "central_bank.liaison", "get", f"?matter={matter}")
    assert (status, said["control"], len(said["items"])) == (200, None, 1)
    assert call(holding, "tax.liaison", "get", f"?matter={matter}")[0] == 404


def test_batch_of_renewals_answers_row_by_row(holding):
    """Three ids: one renewed and signed, one unknown, one that waits without an end; and the radar that led there."""
    when = NOW - timedelta(days=350)
    matter = holding.matter(when=when)
    good = holding.held(matter, 1_00, when=when, ceiling=1_00)
    ordered = holding.order(matter, holding.asset(matter, when=when), 1_00, when=when)
    status, said = call(holding, "court.judge", "get", "/radar?days=30")
    assert status == 200
    assert [(line["measure"], line["renewal"]) for line in said["items"]] == [(str(good), "none")]
    assert 10 <= said["items"][0]["days_left"] <= 16
    unknown = "01a20d76-0000-7000-8000-000000000000"
    status, said = call(holding, "court.judge", "post", "/renewals",
                        {"measures": [str(good), unknown, str(ordered)], "sign": True})  # fmt: skip
    assert status == 200
    rows = {row["measure"]: row for row in said["items"]}
    assert rows[str(good)]["refused"] is None and rows[str(good)]["printed_end"]
    assert rows[unknown]["refused"]["code"] == "LB-ACTIONS-071"
    assert rows[str(ordered)]["refused"]["code"] == "LB-MEASURES-009"
    assert holding.city.column("SELECT state FROM measure_renewal") == ["sent"]
    assert call(holding, "central_bank.liaison", "post", "/renewals", {"measures": [str(good)]})[0] == 403


def test_payment_that_covers_the_claim_makes_an_excess(holding):
    """Nobody ordered anything: money arrived, less is owed, and what is held is too much from that moment."""
    when = NOW - timedelta(days=5)
    day = when.date().isoformat()
    matter = holding.matter(when=when)
    holding.held(matter, 70_000_00, when=when)
    creditor = holding.city.one("SELECT id FROM party WHERE matter_id = %s AND role = 'creditor'", matter)
    holding.act(matter, "record_claim", {
        "creditor": str(creditor), "basis": "（2025）云9901民初1号民事判决书", "costs": 0, "enforcement_costs": 0,
        "tranches": [{"amount": 100_000_00, "last_day": day}],
    }, when=when)  # fmt: skip
    assert holding.city.one("SELECT count(*) FROM measure_excess") == 0
    holding.act(matter, "receive_payment", {"amount": 60_000_00, "arrived_on": day, "notified_on": day, "payer": "沈砚"},
                by="court.cashier", when=when)  # fmt: skip
    held, most = holding.city.one(
        "SELECT held_fen, most_fen FROM measure_excess WHERE matter_id = %s", matter
    )
    assert held == 70_000_00 and 40_000_00 <= most < 41_000_00
    holding.follow(NOW)
    assert holding.task(matter, "measure_excess")
