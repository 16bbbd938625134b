"""Several creditors: the plan, its objections with their clocks, and what may be paid meanwhile."""

from __future__ import annotations

import pytest
from money_making import open_enforcement
from officials import MONDAY, days, refused

from lianban.actions import money_errors as errors
from lianban.actions.errors import NothingToDo


@pytest.fixture
def court(city):
    return open_enforcement(city, creditors=("周衡", "秦越", "柳知"))


def claims_of(court, *amounts):
    found = []
    for name, fen in zip(("周衡", "秦越", "柳知"), amounts, strict=False):
        data = {"creditor": str(court.party(name)), "basis": f"（2025）云9901民初{fen}号", "participant": name != "周衡",
                "tranches": [{"amount": fen, "last_day": "2026-12-31"}]}  # fmt: skip
        found.append(court.act("record_claim", data))
    return found


def arrived(court, fen, **more):
    return court.act(
        "receive_payment", {"amount": fen, "arrived_on": "2026-03-02", "notified_on": "2026-03-02", "payer": "沈砚", **more},
        by="court.cashier",
    )  # fmt: skip


@pytest.fixture
def plan(court):
    """Claims of 6, 3 and 1 million fen, not due but with a title; 5 million to divide by seizure of a due amount."""
    a, b, c = claims_of(court, 600_000_00, 300_000_00, 100_000_00)
    # Fall due, so that they take part.
    for claim, fen in ((a, 600_000_00), (b, 300_000_00), (c, 100_000_00)):
        court.act("correct_claim", {"basis": "判决书", "reason": "履行期以判决书为准",
                                    "tranches": [{"amount": fen, "last_day": "2026-03-02"}]}, claim)  # fmt: skip
    fund = arrived(court, 500_000_01)
    return a, b, c, fund, court.act("distribute", {}, fund)


def served(court, plan, at=MONDAY):
    court.act("serve_distribution", {"served_on": at.date().isoformat()}, plan, at=at)
    return court.city.one("SELECT object_until FROM distribution WHERE id = %s", plan)


def test_plan_divides_to_the_fen_and_holds(court, plan):
    """Half of each claim and the odd fen to the largest loser; the money is held and its clock stands."""
    a, b, c, fund, key = plan
    assert court.city.rows("SELECT claim_id, given_ordinary_fen FROM distribution_share ORDER BY given_ordinary_fen DESC") == [
        (a, 300_000_01), (b, 150_000_00), (c, 50_000_00)
    ]  # fmt: skip
    assert court.city.column("SELECT kind FROM fund_hold WHERE until IS NULL") == ["distribution"]
    assert court.city.column("SELECT state FROM clock WHERE about = %s", fund) == ["stopped"]
    assert court.city.one("SELECT lianban.outstanding_on(%s, '2026-03-02')", court.matter) == 600_000_00
    refused(
        court.city,
        errors.PlanStandsInTheWay,
        lambda: court.act("propose_payout", {"amount": 1, "claim": str(a)}, fund, by="court.clerk"),
    )
    refused(court.city, errors.PlanStandsInTheWay, lambda: court.act("distribute", {}, fund))
    refused(court.city, errors.NotInThisStage, lambda: court.act("execute_distribution", {}, key))


def test_plan_without_objection_is_paid_in_full(court, plan):
    """Fifteen days after the last of them received it everything is counted and proposed, and nothing before."""
    a, b, c, _fund, key = plan
    assert served(court, key).isoformat() == "2026-03-17"
    refused(
        court.city,
        errors.TimeToObject,
        lambda: court.act("execute_distribution", {}, key, at=MONDAY + days(15)),
    )
    court.act("execute_distribution", {}, key, at=MONDAY + days(16))
    assert court.city.rows("SELECT claim_id, amount_fen, state FROM payout ORDER BY amount_fen DESC") == [
        (a, 300_000_01, "proposed"), (b, 150_000_00, "proposed"), (c, 50_000_00, "proposed")
    ]  # fmt: skip
    assert court.city.one("SELECT sum(amount_fen) FROM receipt") == 500_000_01
    refused(court.city, NothingToDo, lambda: court.act("execute_distribution", {}, key, at=MONDAY + days(16)))
    for payout in court.city.column("SELECT id FROM payout"):
        court.act(
            "approve_payout", {"decision": "approve"}, payout, at=MONDAY + days(17), by="court.president"
        )
        court.act("pay_out", {"paid_on": "2026-03-19"}, payout, by="court.cashier", at=MONDAY + days(17))
    refused(
        court.city,
        errors.CorrectionBlocked,
        lambda: court.act("cancel_distribution", {"reason": "重做"}, key),
    )


def test_objection_keeps_the_disputed_part(court, plan):
    """The undisputed is paid, the rest kept with its reason; a suit that fails sets it free; each step has its clock."""
    a, b, _c, _fund, key = plan
    served(court, key)
    objection = court.act("object_to_distribution", {
        "by": "柳知", "against": str(b), "disputed": 100_000_00, "ground": "债权已部分清偿", "received_on": "2026-03-10",
    }, key, at=MONDAY + days(8))  # fmt: skip
    late = MONDAY + days(16)
    refused(court.city, errors.ObjectionTooLate, lambda: court.act("object_to_distribution", {
        "by": "沈砚", "against": str(a), "ground": "金额有误", "received_on": "2026-03-18"}, key, at=late))  # fmt: skip
    court.act("objection_step", {"step": "told", "on": "2026-03-11"}, objection, at=MONDAY + days(9))
    refused(court.city, errors.NotInThisStage, lambda: court.act(
        "objection_step", {"step": "sued", "on": "2026-03-12"}, objection, at=MONDAY + days(10)))  # fmt: skip
    court.act("objection_step", {"step": "countered", "on": "2026-03-12"}, objection, at=MONDAY + days(10))
    court.act("execute_distribution", {}, key, at=late)
    assert court.city.one("SELECT amount_fen FROM payout WHERE claim_id = %s", b) == 50_000_00
    assert court.city.rows("SELECT kind, amount_fen FROM fund_hold WHERE until IS NULL") == [
        ("objection", 100_000_00)
    ]
    court.act("objection_step", {"step": "counter_told", "on": "2026-03-18"}, objection, at=late)
    assert court.city.rows("SELECT code, state FROM clock WHERE about = %s ORDER BY id", objection) == [
        ("enforcement.distribution_counter", "met"), ("enforcement.distribution_suit", "running")
    ]  # fmt: skip
    court.act(
        "objection_step",
        {"step": "ended", "on": "2026-04-03", "outcome": "no_suit"},
        objection,
        at=MONDAY + days(32),
    )
    court.act("execute_distribution", {}, key, at=MONDAY + days(32))
    assert court.city.one("SELECT sum(amount_fen) FROM payout WHERE claim_id = %s", b) == 150_000_00
    assert court.city.one("SELECT sum(amount_fen) FROM payout") == 500_000_01
    assert court.city.column("SELECT kind FROM fund_hold WHERE until IS NULL") == []


def test_objection_upheld_needs_another_plan(court, plan):
    """An objection that is upheld, or that nobody answers, corrects the plan: the old one is taken back."""
    _a, b, c, fund, key = plan
    served(court, key)
    objection = court.act("object_to_distribution", {
        "by": "柳知", "against": str(b), "ground": "债权虚假", "received_on": "2026-03-10"}, key, at=MONDAY + days(8))  # fmt: skip
    court.act(
        "objection_step",
        {"step": "ended", "on": "2026-04-03", "outcome": "upheld"},
        objection,
        at=MONDAY + days(32),
    )
    refused(
        court.city,
        errors.CorrectionBlocked,
        lambda: court.act("execute_distribution", {}, key, at=MONDAY + days(32)),
    )
    court.act("cancel_distribution", {"reason": "按异议修正"}, key, at=MONDAY + days(32))
    again = court.act(
        "distribute",
        {"ranks": [{"claim": str(c), "priority": 100_000_00, "priority_rank": 1}]},
        fund,
        at=MONDAY + days(32),
    )
    assert (
        court.city.one(
            "SELECT given_priority_fen FROM distribution_share WHERE distribution_id = %s AND claim_id = %s",
            again,
            c,
        )
        == 100_000_00
    )
    assert (
        court.city.one(
            "SELECT sum(given_ordinary_fen + given_priority_fen) FROM distribution_share WHERE distribution_id = %s",
            again,
        )
        == 500_000_01
    )


def test_end_of_the_time_to_object_is_told(court, plan):
    """When nobody may object any more, the judge is told to execute the plan; executing closes the task."""
    from lianban.actions.acting import Acting
    from lianban.actions.run_clocks import run_clocks

    *_, key = plan
    served(court, key)
    with court.city.as_role("worker"):
        run_clocks(Acting(None, MONDAY + days(16), "时限"))
    assert court.city.column("SELECT name FROM task WHERE about = %s AND state = 'open'", key) == [
        "分配方案异议期满：执行分配方案"
    ]
    court.act("execute_distribution", {}, key, at=MONDAY + days(16))
    assert court.city.column("SELECT state FROM task WHERE about = %s", key) == ["cancelled"]
