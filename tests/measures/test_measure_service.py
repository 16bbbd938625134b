"""What the court owes after it ordered a measure: the ruling to the parties, and the search for a price of what is to be sold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from measure_city import DAY, at

RULING, PRICE = "enforcement.ruling_service", "enforcement.price_start"


def clocks(holding, about, code):
    return holding.city.rows(
        "SELECT state, due_on::text, unverified FROM clock WHERE about = %s AND code = %s ORDER BY id", about, code
    )  # fmt: skip


def parties(holding, matter):
    return dict(holding.city.rows("SELECT role, id FROM party WHERE matter_id = %s", matter))


def house(holding, matter, **more):
    return holding.asset(matter, kind="immovable", unit="natural_resources", divisible=False, **more)


def test_ruling_waits_until_everybody_was_served(holding):
    """Ordered on 2 March: five days, marked unverified; the debtor first, the creditor by post later, and the clock is met."""
    matter = holding.matter()
    measure = holding.order(matter, holding.asset(matter))
    assert clocks(holding, measure, RULING) == [("running", "2026-03-09", True)]  # 7 March is a Saturday
    who = parties(holding, matter)
    holding.serve(measure)
    holding.follow(DAY)
    assert clocks(holding, measure, RULING)[0][0] == "running"  # the unit's signature is not the parties'
    served = {"parties": [str(who["debtor"])], "served_on": "2026-03-03", "way": "direct"}
    holding.act(matter, "serve_ruling", served, measure, when=at("2026-03-03"))
    assert clocks(holding, measure, RULING)[0][0] == "running"
    holding.act(matter, "serve_ruling", {"parties": [str(who["creditor"])], "served_on": "2026-03-05", "way": "post"},
                measure, when=at("2026-03-06"))  # fmt: skip
    assert clocks(holding, measure, RULING)[0][0] == "met"
    said = holding.city.column(
        "SELECT data ->> 'left' FROM event WHERE matter_id = %s AND kind = 'measures.serve_parties' ORDER BY seq", matter
    )  # fmt: skip
    assert said == ["1", "0"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"served_on": "2026-03-01"}, "送达日"),
        ({"served_on": "2026-04-01"}, "送达日"),
        ({"parties": ["others"]}, "不在其中"),
    ],
)
def test_service_that_cannot_be(holding, change, why):
    """Before the ruling, in the future, on somebody whose ruling it is not: refused, and the clock runs on."""
    from officials import refused

    from lianban.actions.measure_errors import RulingServiceWrong

    matter, other = holding.matter(), holding.matter()
    measure = holding.order(matter, holding.asset(matter))
    data = {
        "parties": [str(parties(holding, matter)["debtor"])],
        "served_on": "2026-03-02",
        "way": "direct",
        **change,
    }
    data["parties"] = [
        str(parties(holding, other)["debtor"]) if one == "others" else one for one in data["parties"]
    ]
    error = refused(
        holding.city, RulingServiceWrong, lambda: holding.act(matter, "serve_ruling", data, measure)
    )
    assert why in error.text("zh")
    assert clocks(holding, measure, RULING)[0][0] == "running"


def test_price_is_sought_within_thirty_days_of_control(holding):
    """A house sealed on 2 March: by 1 April its price is sought; beginning the search meets the clock, once."""
    matter = holding.matter()
    asset = house(holding, matter)
    measure = holding.order(matter, asset, kind="seal")
    holding.follow(DAY)
    assert clocks(holding, measure, PRICE) == []  # ordered is not in effect
    holding.serve(measure, by="natural_resources.liaison")
    holding.follow(DAY)
    holding.follow(DAY + timedelta(days=1))
    assert clocks(holding, measure, PRICE) == [("running", "2026-04-01", False)]
    holding.act(
        matter,
        "value_for_sale",
        {"method": "online", "started_on": "2026-03-03"},
        asset,
        when=at("2026-03-03"),
    )
    assert clocks(holding, measure, PRICE)[0][0] == "met"
    holding.renew(measure, at("2026-03-20"))
    holding.complete(holding.city.one("SELECT id FROM measure_renewal WHERE measure_id = %s", measure), "renewal_service",
                     by="natural_resources.liaison", when=at("2026-03-20"))  # fmt: skip
    holding.follow(at("2026-03-21"))
    assert [state for state, _, _ in clocks(holding, measure, PRICE)] == ["met"]


def test_nobody_seeks_the_price_of_money_or_of_what_waits(holding):
    """A deposit, a preservation, a seal that waits behind another: no clock; when the seal moves up, its clock begins."""
    matter, later = holding.matter(), holding.matter()
    money = holding.held(matter)
    kept = holding.order(matter, house(holding, matter), kind="seal", basis="preservation", ceiling=1000)
    holding.serve(kept, by="natural_resources.liaison")
    first = holding.order(matter, house(holding, matter, key="云字1号"), kind="seal", ceiling=1000)
    holding.serve(first, by="natural_resources.liaison")
    second = holding.order(later, house(holding, later, key="云字1号"), kind="seal", ceiling=1000)
    holding.serve(second, DAY + timedelta(hours=1), by="natural_resources.liaison")
    holding.follow(DAY + timedelta(hours=2))
    assert [clocks(holding, one, PRICE) != [] for one in (money, kept, first, second)] == [
        False,
        False,
        True,
        False,
    ]
    holding.act(
        matter,
        "release_measure",
        {"ground": "withdrawn", "reason": "申请人同意解除"},
        first,
        when=at("2026-03-10"),
    )
    release = holding.city.one("SELECT id FROM measure_release WHERE measure_id = %s", first)
    holding.complete(release, "release_confirmation", by="natural_resources.liaison", when=at("2026-03-10"))
    holding.follow(at("2026-03-10", 12))
    assert clocks(holding, first, PRICE)[0][0] == "stopped"
    assert clocks(holding, second, PRICE) == [("running", "2026-04-09", False)]


def test_section_says_who_is_not_served_yet(holding):
    """The judge reads who was served and who not, and that no law names the days."""
    from lianban.records import measures

    matter = holding.matter()
    measure = holding.order(matter, holding.asset(matter))
    who = parties(holding, matter)
    holding.act(matter, "serve_ruling", {"parties": [str(who["debtor"])], "served_on": "2026-03-02", "way": "direct"}, measure)  # fmt: skip
    from django.db import connection

    with holding.city.acting_as("court.judge", DAY), connection.cursor() as cursor:
        assert measures.parties_served(cursor, matter) == {measure: {who["debtor"]: "2026-03-02"}}
        assert measures.to_be_served(cursor, matter) == set(who.values())
    with holding.city.acting_as("central_bank.liaison", DAY), connection.cursor() as cursor:
        assert measures.parties_served(cursor, matter) == {}
