"""Instalments: only agreed, never imposed; each with its day; no ruling in kind on a settlement."""

from __future__ import annotations

import pytest
from money_making import open_enforcement
from officials import MONDAY, days, refused

from lianban.actions import money_errors as errors
from lianban.actions.errors import NothingToDo
from lianban.engines.forms.errors import FormRefused
from lianban.engines.payments.errors import EventsOutOfOrder, InstalmentsDoNotAddUp, InstalmentsNotAgreed

PLAN = {
    "ground": "agreement", "creditor_document": "2026年3月2日执行和解笔录", "agreed_on": "2026-03-02", "total": 30_000_00,
    "instalments": [{"due_on": f"2026-0{month}-10", "amount": 10_000_00} for month in (4, 5, 6)],
}  # fmt: skip


@pytest.fixture
def court(city):
    return open_enforcement(city)


@pytest.fixture
def claim(court):
    return court.act("record_claim", {
        "creditor": str(court.party("周衡")), "basis": "判决书",
        "tranches": [{"amount": 30_000_00, "last_day": "2026-03-02"}]})  # fmt: skip


def run(court, at):
    from lianban.actions.acting import Acting
    from lianban.actions.run_clocks import run_clocks

    with court.city.as_role("worker"):
        while run_clocks(Acting(None, at, "时限")):
            pass


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"creditor_document": "  "}, (InstalmentsNotAgreed, FormRefused)),
        ({"ground": "security"}, (InstalmentsNotAgreed,)),
        ({"total": 30_000_01}, (InstalmentsDoNotAddUp,)),
        ({"instalments": PLAN["instalments"][::-1]}, (EventsOutOfOrder,)),
    ],
)
def test_instalments_refused(court, claim, change, error):
    """No consent, no security where it is the ground, a sum that is not the settlement's, days that do not rise."""
    refused(court.city, error, lambda: court.act("agree_instalments", {**PLAN, **change}, claim))


def test_instalments_run_are_missed_and_paid(court, claim):
    """A clock for each; what is paid meets the oldest; the day after one is missed, the judge is told; two years to resume."""
    plan = court.act("agree_instalments", PLAN, claim)
    city = court.city
    codes = "SELECT code, due_on::text, state FROM clock WHERE about_kind LIKE 'instalment%%' ORDER BY due_on"
    missed = "enforcement.instalment_missed"
    assert city.rows(codes) == [
        (missed, "2026-04-10", "running"), (missed, "2026-05-10", "running"), (missed, "2026-06-10", "running"),
        ("enforcement.settlement_resume", "2028-06-12", "running"),
    ]  # fmt: skip
    april = MONDAY.replace(month=4, day=9)
    court.act(
        "record_instalment",
        {"amount": 10_000_00, "arrived_on": "2026-04-09", "payer": "沈砚"},
        plan,
        by="court.cashier",
        at=april,
    )
    assert [state for *_, state in city.rows(codes)] == ["met", "running", "running", "running"]
    refused(city, errors.StillPerforming, lambda: court.act(
        "end_instalments", {"state": "resumed", "reason": "申请恢复"}, plan, at=april))  # fmt: skip
    refused(
        city,
        NothingToDo,
        lambda: court.act("end_instalments", {"state": "performed", "reason": "履行完毕"}, plan, at=april),
    )
    run(court, MONDAY.replace(month=5, day=10, hour=12))
    assert city.column("SELECT name FROM task WHERE element = 'instalment_missed'") == []
    run(court, MONDAY.replace(month=5, day=11))
    (task,) = city.column("SELECT name FROM task WHERE element = 'instalment_missed' AND state = 'open'")
    assert "恢复执行" in task
    court.act(
        "end_instalments",
        {"state": "resumed", "reason": "逾期未付，申请恢复"},
        plan,
        at=MONDAY.replace(month=5, day=12),
    )
    assert (
        city.one("SELECT count(*) FROM clock WHERE about_kind LIKE 'instalment%%' AND state = 'running'") == 0
    )
    assert city.column("SELECT state FROM task WHERE element = 'instalment_missed'") == ["cancelled"]


def test_instalments_performed_in_full(court, claim):
    """When everything arrived the plan is performed, whatever the instalments were paid in."""
    plan = court.act("agree_instalments", PLAN, claim)
    refused(court.city, errors.SettlementRuns, lambda: court.act("agree_instalments", PLAN, claim))
    court.act(
        "record_instalment", {"amount": 30_000_00, "arrived_on": "2026-03-02"}, plan, by="court.cashier"
    )
    court.act("end_instalments", {"state": "performed", "reason": "提前付清"}, plan)
    assert court.city.one("SELECT state FROM instalment_plan") == "performed"


def test_no_ruling_in_kind_on_a_settlement(court, claim):
    """和解规定 6: while a settlement runs, and after it was performed, nothing is ordered in kind; before one, it counts as paid."""
    order = {"amount": 5_000_00, "effective_on": "2026-03-02", "ruling": "（2026）云9901执1号之二"}
    court.act("in_kind", order, claim)
    assert court.city.rows(
        "SELECT bucket, paid_fen FROM lianban.settle(%s, '2026-03-02') WHERE paid_fen > 0", claim
    ) == [("principal", 5_000_00)]
    court.act("agree_instalments", {**PLAN, "in_kind": "轿车一辆抵一万元"}, claim)
    refused(court.city, errors.NoOrderInKind, lambda: court.act("in_kind", order, claim))
    # What went in kind never was in the account, and is not paid out of it.
    fund = court.act(
        "receive_payment",
        {"amount": 25_000_00, "arrived_on": "2026-03-02", "notified_on": "2026-03-02"},
        by="court.cashier",
    )
    refused(
        court.city,
        errors.MoneyNotEnough,
        lambda: court.act("propose_payout", {"amount": 30_000_00}, fund, by="court.clerk"),
    )
    court.act("propose_payout", {"amount": 25_000_00}, fund, by="court.clerk", at=MONDAY + days(1))
