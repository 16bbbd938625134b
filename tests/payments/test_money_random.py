"""Random acts on money, each mirrored by the engine: what the engine allows is written, what it refuses is refused with its
words, and after every one the database adds up to the fen."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from money_making import open_enforcement
from officials import MONDAY, days, in_the_city

from lianban.actions import money_errors as errors
from lianban.actions.errors import NothingToDo
from lianban.engines.payments import Fund, Hold, HoldKind, Payout, pro_rata

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hold"), st.none() | st.integers(1, 120_00)),
        st.tuples(st.just("lift"), st.integers(0, 5)),
        st.tuples(st.just("propose"), st.integers(1, 120_00)),
        st.tuples(st.just("approve"), st.integers(0, 5)),
        st.tuples(st.just("refuse"), st.integers(0, 5)),
        st.tuples(st.just("pay"), st.integers(0, 5)),
        st.tuples(st.just("take_back"), st.integers(0, 5)),
    ),
    min_size=4,
    max_size=14,
)


class Place:
    """Holds the city. No dataclass: hypothesis would print all of it."""

    def __init__(self, city):
        self.city = city


@pytest.fixture(scope="module")
def place(database_server, city_database, database_copies, django_db_blocker):
    with in_the_city(database_server, city_database, database_copies, django_db_blocker) as made:
        yield Place(made)


class Mirror:
    """What should be there, kept by the engine's own :class:`Fund`."""

    def __init__(self, court, fund):
        self.court, self.fund = court, fund
        self.holds, self.payouts = {}, {}

    def engine(self, counted):
        return Fund(
            "f", "m", 100_00, MONDAY, MONDAY, None,
            tuple(Hold(str(key), HoldKind.DISPUTE, "争议", MONDAY, fen, until) for key, (fen, until) in self.holds.items()),
            tuple(Payout(str(key), "x", fen, MONDAY) for key, (fen, state) in self.payouts.items() if state in counted),
        )  # fmt: skip

    def payable(self, *counted):
        return self.engine(counted).payable_fen(MONDAY + days(1))

    def tried(self, allowed, act):
        """Do it: it is done exactly where the engine allows it."""
        if allowed:
            return act()
        with pytest.raises(
            (errors.MoneyNotEnough, errors.MoreThanReceived, errors.NotInThisStage, NothingToDo)
        ):
            act()
        return None

    def nth(self, table, number, fits):
        found = [key for key, value in table.items() if fits(value)]
        return found[number % len(found)] if found else None


LIVE = ("proposed", "approved", "paid")


def step(mirror, what, argument, at):
    court = mirror.court
    match what:
        case "hold":
            left = 100_00 - sum(fen for fen, state in mirror.payouts.values() if state == "paid")
            allowed = left > 0 and (argument or 0) <= left
            data = {"kind": "dispute", "reason": "权属争议", **({"amount": argument} if argument else {})}
            key = mirror.tried(allowed, lambda: court.act("hold_fund", data, mirror.fund, at=at))
            if key:
                mirror.holds[key] = (argument, None)
        case "lift":
            key = mirror.nth(mirror.holds, argument, lambda value: value[1] is None)
            if key:
                court.act("lift_hold", {"reason": "争议已解决"}, key, at=at)
                mirror.holds[key] = (mirror.holds[key][0], at)
        case "propose":
            allowed = argument <= mirror.payable(*LIVE)
            key = mirror.tried(
                allowed,
                lambda: court.act(
                    "propose_payout", {"amount": argument}, mirror.fund, by="court.clerk", at=at
                ),
            )
            if key:
                mirror.payouts[key] = (argument, "proposed")
        case "approve" | "refuse":
            key = mirror.nth(mirror.payouts, argument, lambda value: value[1] == "proposed")
            if key:
                fen = mirror.payouts[key][0]
                allowed = what == "refuse" or fen <= mirror.payable("approved", "paid")
                data = {"decision": what, "reason": "核对"}
                if mirror.tried(allowed, lambda: court.act("approve_payout", data, key, at=at)):
                    mirror.payouts[key] = (fen, {"approve": "approved", "refuse": "refused"}[what])
        case "pay":
            key = mirror.nth(mirror.payouts, argument, lambda value: value[1] == "approved")
            if key:
                fen = mirror.payouts[key][0]
                day = {"paid_on": at.date().isoformat()}
                if mirror.tried(
                    fen <= mirror.payable("paid"),
                    lambda: court.act("pay_out", day, key, by="court.cashier", at=at),
                ):
                    mirror.payouts[key] = (fen, "paid")
        case "take_back":
            key = mirror.nth(mirror.payouts, argument, lambda value: value[1] in LIVE)
            if key:
                fen, state = mirror.payouts[key]
                court.act("take_back", {"reason": "账号有误"}, key, by="court.cashier", at=at)
                mirror.payouts[key] = (fen, "returned" if state == "paid" else "cancelled")


@given(steps=STEPS)
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_any_acts_agree_with_the_engine(place, steps):
    """Whatever is held, lifted, proposed, decided, paid and taken back, in any order."""
    city = place.city
    court = open_enforcement(city)
    court.act("record_claim", {"creditor": str(court.party("周衡")), "basis": "判决书",
                               "tranches": [{"amount": 1000_00, "last_day": "2026-03-02"}]})  # fmt: skip
    fund = court.act("receive_payment", {"amount": 100_00, "arrived_on": "2026-03-02"}, by="court.cashier")
    mirror = Mirror(court, fund)
    for number, (what, argument) in enumerate(steps):
        step(mirror, what, argument, MONDAY + days(1 + number / 1000))
        states = city.rows("SELECT id, amount_fen, state FROM payout WHERE fund_id = %s", fund)
        assert {key: (fen, state) for key, fen, state in states} == mirror.payouts
        paid, held = city.one(
            "SELECT coalesce((SELECT sum(amount_fen) FROM payout WHERE fund_id = f.id AND state = 'paid'), 0)::bigint,"
            " coalesce((SELECT max(coalesce(amount_fen, 0)) FROM fund_hold WHERE fund_id = f.id AND until IS NULL), 0)::bigint"
            " FROM fund f WHERE id = %s", fund,
        )  # fmt: skip
        assert paid + held <= 100_00
        assert paid == mirror.engine(("paid",)).paid_fen


@given(owed=st.lists(st.integers(1, 900_000_00), min_size=2, max_size=5), fen=st.integers(1, 3_000_000_00))
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
def test_any_plan_is_the_engines_and_is_paid_to_the_fen(place, owed, fen):
    """Any claims, any sum: the plan in the database is in proportion, adds up, and what leaves is what it gives."""
    names = ("周衡", "秦越", "柳知", "温青", "林溪")[: len(owed)]
    city = place.city
    court = open_enforcement(city, creditors=names)
    claims = [
        court.act("record_claim", {"creditor": str(court.party(name)), "basis": "判决书", "participant": name != names[0],
                                   "tranches": [{"amount": amount, "last_day": "2026-03-02"}]})
        for name, amount in zip(names, owed, strict=True)
    ]  # fmt: skip
    fund = court.act("receive_payment", {"amount": fen, "arrived_on": "2026-03-02"}, by="court.cashier")
    plan = court.act("distribute", {}, fund)
    given_ = dict(
        city.rows(
            "SELECT claim_id, given_ordinary_fen FROM distribution_share WHERE distribution_id = %s", plan
        )
    )
    left = city.one("SELECT left_fen FROM distribution WHERE id = %s", plan)
    assert given_ == pro_rata(min(fen, sum(owed)), dict(zip(claims, owed, strict=True)))
    assert sum(given_.values()) + left == fen
    court.act("serve_distribution", {"served_on": "2026-03-02"}, plan)
    court.act("execute_distribution", {}, plan, at=MONDAY + days(16))
    paid = dict(
        city.rows(
            "SELECT claim_id, sum(amount_fen)::bigint FROM payout WHERE distribution_id = %s GROUP BY 1", plan
        )
    )
    assert paid == {claim: amount for claim, amount in given_.items() if amount}
    if left:
        court.act(
            "propose_payout",
            {"amount": left, "purpose": "surplus", "payee": "沈砚"},
            fund,
            by="court.clerk",
            at=MONDAY + days(16),
        )
    assert city.one("SELECT sum(amount_fen)::bigint FROM payout WHERE fund_id = %s", fund) == fen
