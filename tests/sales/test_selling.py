"""Selling in the city: by the acts, and past every act with raw SQL as the court's own session."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from measure_city import DAY, OTHER, at
from officials import refused

from lianban.engines.sales import SaleRules

AUCTION = {
    "way": "auction", "announced_on": "2026-03-10", "start_fen": 70_000_00, "deposit_fen": 7_000_00,
    "bidding_from": "2026-04-20T10:00:00+08:00", "bidding_until": "2026-04-21T11:00:00+08:00",
}  # fmt: skip


def held_house(holding, kind="immovable", unit="natural_resources", **more):
    """A house that the matter holds first."""
    matter = holding.matter()
    asset = holding.asset(matter, kind=kind, unit=unit, divisible=False, **more)
    measure = holding.order(matter, asset, kind="seal")
    holding.serve(measure, by=f"{unit}.liaison")
    holding.answer(measure, by=f"{unit}.liaison")
    return matter, asset, measure


def valued(holding, matter, asset, value=100_000_00, when=DAY, method="appraisal"):
    started = holding.act(
        matter, "value_for_sale", {"method": method, "started_on": "2026-03-02"}, asset, when=when
    )
    holding.act(
        matter,
        "settle_price",
        {"outcome": "settled", "value_fen": value, "settled_on": "2026-03-02"},
        started,
        when=when,
    )
    return started


def clocks(holding, about):
    return dict(holding.city.rows("SELECT code, state FROM clock WHERE about = %s ORDER BY code", about))


def test_house_from_the_price_to_the_key(holding):
    """Appraised, announced, sold, paid, ruled over, delivered: each with its day, its clock, and its entry."""
    matter, asset, measure = held_house(holding)
    price = valued(holding, matter, asset)
    assert clocks(holding, price)["enforcement.price_validity"] == "running"
    assert clocks(holding, asset)["enforcement.sale_start"] == "running"
    sale = holding.act(matter, "announce_sale", AUCTION, asset, when=at("2026-03-10"))
    assert clocks(holding, asset)["enforcement.sale_start"] == "met"
    assert holding.city.one(
        "SELECT due_on FROM clock WHERE about = %s AND code LIKE '%%tell_parties'", sale
    ) == date(2026, 4, 17)
    holding.act(
        matter,
        "record_sale",
        {"outcome": "sold", "ended_on": "2026-04-21", "price_fen": 88_000_00, "buyer": "某公司"},
        sale,
        when=at("2026-04-21", 12),
    )
    holding.act(matter, "price_paid", {"paid_on": "2026-04-28"}, sale, when=at("2026-04-28"))
    assert holding.city.one(
        "SELECT due_on FROM clock WHERE about = %s AND code LIKE '%%transfer_order'", sale
    ) == date(2026, 5, 8)
    holding.act(
        matter,
        "transfer_title",
        {"transferred_on": "2026-05-06", "served_on": "2026-05-07"},
        sale,
        when=at("2026-05-07"),
    )
    assert holding.stands(measure)[0] == "disposed"
    holding.act(matter, "deliver_asset", {"delivered_on": "2026-05-20"}, sale, when=at("2026-05-20"))
    assert set(clocks(holding, sale).values()) <= {"met", "running"}
    assert clocks(holding, sale)["enforcement.delivery"] == "met"
    acts = holding.city.column("SELECT act FROM ledger_entry WHERE act LIKE 'sales.%%' ORDER BY id")
    assert acts == [
        "sales.value",
        "sales.settle",
        "sales.announce",
        "sales.result",
        "sales.paid",
        "sales.transfer",
        "sales.deliver",
    ]


def test_steps_come_in_order_and_once(holding):
    """No title before the money, no key before the title, nothing twice, nothing dated backwards."""
    from lianban.actions.sale_errors import StepOutOfOrder

    matter, asset, _ = held_house(holding)
    valued(holding, matter, asset)
    sale = holding.act(matter, "announce_sale", AUCTION, asset, when=at("2026-03-10"))
    late = at("2026-05-20")

    def no(code, data):
        refused(holding.city, StepOutOfOrder, lambda: holding.act(matter, code, data, sale, when=late))

    no("price_paid", {"paid_on": "2026-04-28"})
    no("record_sale", {"outcome": "failed", "ended_on": "2026-03-09"})
    holding.act(
        matter,
        "record_sale",
        {"outcome": "sold", "ended_on": "2026-04-21", "price_fen": 70_000_00, "buyer": "甲"},
        sale,
        when=late,
    )
    no("transfer_title", {"transferred_on": "2026-05-06"})
    no("price_paid", {"paid_on": "2026-04-20"})
    holding.act(matter, "price_paid", {"paid_on": "2026-04-28"}, sale, when=late)
    no("price_paid", {"paid_on": "2026-04-29"})
    no("deliver_asset", {"delivered_on": "2026-05-01"})
    no("record_sale", {"outcome": "failed", "ended_on": "2026-05-02"})


def test_beef_is_sold_at_once(holding):
    """What spoils goes without an appraiser: the debtor's cattle, seized, sold to a buyer, the price controlled."""
    matter = holding.matter()
    asset = holding.asset(
        matter, kind="seasonal_goods", unit="agriculture", name="牛肉三百公斤", divisible=True
    )
    measure = holding.order(matter, asset, ceiling=28_840_00, kind="detain")
    holding.serve(measure, by="agriculture.liaison")
    holding.answer(measure, by="agriculture.liaison")
    sale = holding.act(
        matter,
        "announce_sale",
        {"way": "direct", "ground": "perishable", "announced_on": "2026-03-02", "start_fen": 28_840_00},
        asset,
    )
    holding.act(
        matter,
        "record_sale",
        {"outcome": "sold", "ended_on": "2026-03-02", "price_fen": 28_840_00, "buyer": "某饭店"},
        sale,
    )
    assert holding.city.one("SELECT state FROM sale WHERE id = %s", sale) == "sold"


def test_failed_auction_is_announced_again(holding):
    """Within thirty days, at eighty percent of the last price; after the second it is sold directly."""
    from lianban.engines.sales.errors import NoMoreAuctions, StartTooLow

    matter, asset, _ = held_house(holding)
    valued(holding, matter, asset)
    first = holding.act(matter, "announce_sale", AUCTION, asset, when=at("2026-03-10"))
    holding.act(
        matter,
        "record_sale",
        {"outcome": "failed", "ended_on": "2026-04-21"},
        first,
        when=at("2026-04-21", 12),
    )
    assert holding.city.one(
        "SELECT due_on FROM clock WHERE about = %s AND code LIKE '%%auction_again'", asset
    ) == date(2026, 5, 21)
    again = {**AUCTION, "announced_on": "2026-05-06", "start_fen": 55_999_99, "deposit_fen": 5_600_00,
             "bidding_from": "2026-05-25T10:00:00+08:00", "bidding_until": "2026-05-26T11:00:00+08:00"}  # fmt: skip
    when = at("2026-05-06")
    refused(holding.city, StartTooLow, lambda: holding.act(matter, "announce_sale", again, asset, when=when))
    second = holding.act(matter, "announce_sale", {**again, "start_fen": 56_000_00}, asset, when=when)
    assert clocks(holding, asset)["enforcement.auction_again"] == "met"
    assert holding.city.one("SELECT round FROM sale WHERE id = %s", second) == 2
    holding.act(
        matter,
        "record_sale",
        {"outcome": "failed", "ended_on": "2026-05-26"},
        second,
        when=at("2026-05-26", 12),
    )
    later = {**again, "announced_on": "2026-06-01", "start_fen": 50_000_00, "bidding_from": "2026-07-02T10:00:00+08:00",
             "bidding_until": "2026-07-03T11:00:00+08:00"}  # fmt: skip
    refused(
        holding.city,
        NoMoreAuctions,
        lambda: holding.act(matter, "announce_sale", later, asset, when=at("2026-06-01")),
    )
    holding.act(
        matter,
        "announce_sale",
        {"way": "direct", "ground": "unsold", "announced_on": "2026-06-01", "start_fen": 50_000_00},
        asset,
        when=at("2026-06-01"),
    )


def test_only_who_holds_it_first_sells(holding):
    """A matter that waits behind another may not sell; neither may one whose order has not arrived."""
    from lianban.actions.sale_errors import NotHeldFirst

    held_house(holding, key="云不动产-7")
    matter = holding.matter(by=f"{OTHER}.clerk")
    asset = holding.asset(
        matter, kind="immovable", unit="natural_resources", key="云不动产-7", by=f"{OTHER}.judge"
    )
    measure = holding.order(matter, asset, kind="seal", by=f"{OTHER}.judge")
    plan = {"way": "direct", "ground": "consent", "announced_on": "2026-03-02", "start_fen": 1_00}
    for _ in range(2):
        refused(
            holding.city,
            NotHeldFirst,
            lambda: holding.act(matter, "announce_sale", plan, asset, by=f"{OTHER}.judge"),
        )
        if holding.row(measure)["served_at"] is None:
            holding.serve(measure, by="natural_resources.liaison")
    assert holding.stands(measure)[:2] == ("waiting", 2)


def test_dwelling_is_sealed_and_not_sold(holding):
    """A necessary dwelling stays with those who live in it, unless a fact of the law stands in the file."""
    from lianban.engines.measures.errors import ConditionMissing

    matter, asset, _ = held_house(holding, kind="necessary_dwelling")
    valued(holding, matter, asset)
    when = at("2026-03-10")
    refused(
        holding.city,
        ConditionMissing,
        lambda: holding.act(matter, "announce_sale", AUCTION, asset, when=when),
    )
    holding.act(
        matter, "announce_sale", {**AUCTION, "facts": ["standard_housing_or_rent_offered"]}, asset, when=when
    )


def test_nothing_is_sold_while_somebody_outside_claims_it(holding):
    """A third party's objection bars the sale, announced before or after (民诉法 238)."""
    from lianban.actions.sale_errors import DisposalBarred

    matter, asset, _ = held_house(holding)
    valued(holding, matter, asset)
    sale = holding.act(matter, "announce_sale", AUCTION, asset, when=at("2026-03-10"))
    holding.act(
        matter,
        "file_objection",
        {
            "kind": "third_party",
            "received_on": "2026-03-11",
            "objector": "案外人甲",
            "request": "停止处置",
            "asset": str(asset),
        },
        when=at("2026-03-11"),
    )
    sold = {"outcome": "sold", "ended_on": "2026-04-21", "price_fen": 88_000_00, "buyer": "甲"}
    refused(
        holding.city,
        DisposalBarred,
        lambda: holding.act(matter, "record_sale", sold, sale, when=at("2026-04-21", 12)),
    )
    with holding.sql() as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(
            "UPDATE sale SET state = 'sold', ended_on = '2026-04-21', price_fen = 8800000 WHERE id = %s",
            [sale],
        )


RAW = {
    "way": "auction", "ground": "", "facts": "[]", "round": 1, "announced_on": "2026-03-10", "start_fen": 7_000_000, "deposit_fen": 700_000,
    "bidding_from": "2026-04-20T10:00:00+08:00", "bidding_until": "2026-04-21T11:00:00+08:00", "state": "announced",
    "buyer": "", "transfer_number": "", "reason": "",
}  # fmt: skip


def _insert(connection, matter, asset, valuation, court, **changed):
    row = {
        **RAW,
        "matter_id": matter,
        "lead_agency_id": court,
        "asset_id": asset,
        "valuation_id": valuation,
        **changed,
    }
    names = ", ".join(row)
    connection.execute(
        f"INSERT INTO sale (id, recorded_at, {names}) VALUES (gen_random_uuid(), now(), {', '.join(['%s'] * len(row))})", list(row.values())
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"start_fen": 6_999_999}, "below the least"), ({"deposit_fen": 349_999}, "deposit"),
        ({"deposit_fen": 1_400_001}, "deposit"), ({"bidding_until": "2026-04-21T09:59:00+08:00"}, "a day at least"),
        ({"valuation_id": None}, "no reference price"), ({"announced_on": "2027-03-03"}, "no reference price"),
        ({"way": "direct", "ground": "perishable", "valuation_id": None, "start_fen": 0}, "sale_amounts"),
        ({"way": "self", "start_fen": 9_999_999}, "below the least"),
    ],
)  # fmt: skip
def test_database_holds_the_law_past_the_acts(holding, changed, said):
    """Raw SQL in the judge's own session: each thing the acts refuse, the database refuses too."""
    matter, asset, _ = held_house(holding)
    price = valued(holding, matter, asset)
    with holding.sql() as connection:
        court = connection.execute("SELECT lianban.agency()").fetchone()[0]
        with pytest.raises(psycopg.errors.CheckViolation, match=said):
            _insert(connection, matter, asset, price, court, **changed)


def test_database_keeps_what_was_decided(holding):
    """A settled price and an ended sale are not rewritten; a price below the floor does not stand."""
    matter, asset, _ = held_house(holding)
    price = valued(holding, matter, asset)
    sale = holding.act(matter, "announce_sale", AUCTION, asset, when=at("2026-03-10"))
    for statement in (
        f"UPDATE valuation SET value_fen = 1 WHERE id = '{price}'",
        f"UPDATE sale SET state = 'sold', ended_on = '2026-04-21', price_fen = 6999999 WHERE id = '{sale}'",
        f"UPDATE sale SET paid_on = '2026-04-21' WHERE id = '{sale}'",
    ):
        with holding.sql() as connection, pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(statement)
    holding.act(
        matter, "record_sale", {"outcome": "withdrawn", "ended_on": "2026-03-20"}, sale, when=at("2026-03-20")
    )
    with (
        holding.sql() as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="does not end otherwise"),
    ):
        connection.execute("UPDATE sale SET state = 'failed' WHERE id = %s", [sale])


def test_database_and_engine_have_the_same_numbers(holding):
    """The shares of the law stand in two places and are one."""
    rules = SaleRules.standard()
    for code, versions in rules.rules.items():
        found = holding.city.one("SELECT lianban.sale_share(%s)", code)
        assert found in (None, versions[-1].value), code
        assert found is not None or code == "self_sale_days"


def test_another_court_sees_no_sale(holding):
    """What one court sells is not another's to see."""
    matter, asset, _ = held_house(holding)
    valued(holding, matter, asset)
    with holding.sql(f"{OTHER}.judge") as connection:
        assert connection.execute("SELECT count(*) FROM valuation").fetchone() == (0,)
