"""Money by the API: what a finance system sends, what a court's own system reads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from calling import caller

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "payments"))


@pytest.fixture
def court(city):
    from money_making import open_enforcement

    return open_enforcement(city)


def test_arrivals_are_sent_once_claimed_and_read(court):
    """Arrivals come in together or not at all, the same call twice is one; claimed, the matter's money shows them to the fen."""
    city = court.city
    finance = caller(city, "court.cashier")
    sent = {"arrivals": [
        {"amount_fen": 30_000_00, "arrived_at": "2026-03-02T09:00:00+08:00", "payer": "沈砚", "bank_reference": "X1",
         "notified_at": "2026-03-02T10:00:00+08:00"},
        {"amount_fen": 5_00, "arrived_at": "2026-03-02T09:00:00+08:00", "bank_reference": "X2"},
    ]}  # fmt: skip
    status, said = finance.post("/payments/arrivals", sent, Idempotency_Key="k1")
    assert status == 200
    assert finance.post("/payments/arrivals", sent, Idempotency_Key="k1") == (200, said)
    assert finance.post("/payments/arrivals", sent)[0] == 409
    assert city.one("SELECT count(*) FROM fund") == 2
    assert [one["bank_reference"] for one in finance.get("/payments/unclaimed")[1]] == ["X1", "X2"]
    judge = caller(city, "court.judge")
    status, claim = judge.post(f"/matters/{court.matter}/acts/record_claim", {"data": {
        "creditor": str(court.party("周衡")), "basis": "判决书", "enforcement_costs": 100_00,
        "tranches": [{"amount": 50_000_00, "last_day": "2026-03-02"}]}})  # fmt: skip
    assert status == 200
    assert (
        judge.post(f"/matters/{court.matter}/acts/claim_fund", {"data": {}, "record": said["ids"][0]})[0]
        == 200
    )
    status, money = judge.get(f"/payments/matters/{court.matter}")
    assert status == 200
    assert money["claims"][0]["id"] == claim["record"]
    parts = {one["part"]: one["paid_fen"] for one in money["claims"][0]["parts"]}
    assert parts["enforcement_costs"] == 100_00
    assert parts["principal"] == 29_900_00
    assert money["funds"][0]["payable_fen"] == 30_000_00
    assert money["funds"][0]["due_at"].startswith("2026-04-01")


def test_money_is_told_to_its_court_alone(court):
    """Another agency finds neither the matter nor the arrivals; a post that keeps no money is refused by name."""
    city = court.city
    assert caller(city, "police.liaison").get(f"/payments/matters/{court.matter}")[0] == 404
    status, said = caller(city, "court.seal_keeper").get("/payments/unclaimed")
    assert (status, said["error"]["code"]) == (403, "LB-ACTIONS-009")


def test_lines_of_the_bank_by_api(court):
    """A line is matched with a movement by its id, or becomes an arrival; what is open is told on both sides."""
    from officials import MONDAY

    from lianban.actions.import_statement import import_statement

    city = court.city
    court.act("receive_payment", {"amount": 700, "arrived_on": "2026-03-01"}, by="court.cashier")
    with city.acting_as("court.cashier", MONDAY) as acting:
        import_statement(
            acting, "账.csv", "日期,金额,流水号\n2026-03-02,7.00,A\n2026-03-02,9.00,B\n".encode(), 0
        )
    finance = caller(city, "court.cashier")
    _, open_ = finance.get("/payments/reconciling")
    lines = {one["reference"]: one["id"] for one in open_["lines"]}
    assert len(open_["movements"]) == 1
    assert finance.post(f"/payments/lines/{lines['A']}", {"movement": open_["movements"][0]["id"]})[0] == 200
    assert finance.post(f"/payments/lines/{lines['B']}", {})[0] == 200
    assert finance.post(f"/payments/lines/{lines['B']}", {})[0] == 409
    _, open_ = finance.get("/payments/reconciling")
    assert (open_["lines"], open_["movements"], open_["book_fen"], open_["bank_fen"]) == ([], [], 1600, 1600)
