"""Invariant 3 attacked: what was tried as the app role, by raw SQL and through the actions, and what the database said."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from measure_city import CLAIM, DAY, OTHER, at
from officials import refused

from lianban.engines.errors import LianbanError

# What the app role may write of an order.
INSERT = """INSERT INTO measure (id, matter_id, lead_agency_id, asset_id, kind, basis, claim, facts, ordered_on, ordered_at,
                                 ceiling_fen, printed_end, number, sent_at, changed_at)
            SELECT %(id)s, a.matter_id, a.lead_agency_id, a.id, %(kind)s, %(basis)s, %(claim)s, %(facts)s, %(day)s, %(at)s,
                   %(ceiling)s, %(printed)s, 'n', %(at)s, %(at)s FROM asset a WHERE a.id = %(asset)s"""


def order(connection, asset, **more):
    values = {"id": uuid4(), "kind": "freeze", "basis": "enforcement", "claim": "ordinary", "facts": [], "day": DAY.date(),
              "at": DAY, "ceiling": CLAIM, "printed": None, "asset": asset, **more}  # fmt: skip
    connection.execute(INSERT, values)
    return values["id"]


def said(holding, attempt, username="court.judge"):
    """What the database says to an attempt; fails the test if it says nothing."""
    with holding.sql(username) as connection:
        try:
            with connection.transaction():
                done = attempt(connection)
        except psycopg.Error as error:
            return str(error).splitlines()[0]
        pytest.fail(f"the database let it happen: {done}")


# asset kind, more of the order → what the database says
REFUSED_ORDERS = {
    "above the claim": ("deposit", {"ceiling": CLAIM + 1}, "above the outstanding claim and costs of 10000000 fen"),
    "necessities": ("necessities", {"kind": "seal"}, "forbidden: things needed to live may not be taken"),
    "wage account, ordinary claim": ("farm_wage_account", {}, "answers only for the wages of farm workers"),
    "wage account, wages, no fact": ("farm_wage_account", {"claim": "farm_wages"}, "answers only for the wages"),
    "social insurance": ("social_insurance_fund", {}, "may not be frozen or deducted"),
    "deduct by preservation": ("deposit", {"kind": "deduct", "basis": "preservation"}, "does not deduct"),
    "a basis nobody knows": ("deposit", {"basis": "politeness"}, "no limit on record allows"),
    "a kind nobody knows": ("deposit", {"kind": "admire"}, "measure_kind"),
    "deposit printed 1 y + 1 d": ("deposit", {"printed": "2027-03-03"}, "later than the longest term allows (2027-03-02)"),
    "housing fund printed 3 y": ("housing_fund", {"printed": "2029-03-02"}, "later than the longest term allows (2027-03-02)"),
    "vehicle printed 3 y": ("vehicle", {"kind": "seal", "printed": "2029-03-02"}, "(2028-03-02)"),
    "house printed 3 y + 1 d": ("immovable", {"kind": "seal", "printed": "2029-03-03"}, "(2029-03-02)"),
    "administrative 31 d": ("deposit", {"basis": "administrative", "printed": "2026-04-02"}, "(2026-04-01)"),
    "of 2014, a year": ("deposit", {"day": "2014-03-02", "printed": "2015-03-02"}, "(2014-09-02)"),
    "printed before it was made": ("deposit", {"printed": "2026-03-01"}, "not after the day it was made"),
    "dated ahead of the clock": ("deposit", {"at": at("9000-01-01")}, "ahead of the server's clock"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_ORDERS)
def test_orders_the_database_refuses(holding, name):
    """Every limit, tried past the actions."""
    kind, more, answer = REFUSED_ORDERS[name]
    matter = holding.matter()
    asset = holding.asset(matter, kind)
    assert answer in said(holding, lambda connection: order(connection, asset, **more))


ALLOWED_ORDERS = {
    "wage account for its wages": ("farm_wage_account", {"claim": "farm_wages", "facts": ["same_project"]}, "enforcement.freeze_deposit"),
    "dwelling sealed": ("necessary_dwelling", {"kind": "seal", "printed": "2029-03-02"}, "enforcement.seal_immovable"),
    "vehicle two years": ("vehicle", {"kind": "seal", "printed": "2028-03-02"}, "enforcement.seize_movable"),
    "administrative thirty days": ("deposit", {"basis": "administrative", "printed": "2026-04-01"}, "finrisk.admin_freeze"),
    "letter of credit margin frozen": ("letter_of_credit_margin", {}, "enforcement.freeze_deposit"),
}  # fmt: skip


@pytest.mark.parametrize("name", ALLOWED_ORDERS)
def test_orders_the_database_takes(holding, name):
    """The table above refuses because of the limits and not because nothing gets through."""
    kind, more, clock = ALLOWED_ORDERS[name]
    asset = holding.asset(holding.matter(), kind)
    with holding.sql() as connection:
        measure = order(connection, asset, **more)
    assert (holding.row(measure)["clock"], holding.stands(measure)[0]) == (clock, "ordered")


# SQL on one measure that holds, who tries it → what the database says
TRIED = {
    "a unit says where it stands": ("UPDATE measure SET state = 'released' WHERE id = %(m)s", "central_bank.liaison", "permission denied"),
    "a court lengthens its own": ("UPDATE measure SET ends_on = '2040-01-01' WHERE id = %(m)s", "court.judge", "permission denied"),
    "a court ranks itself first": ("UPDATE measure SET rank = 1 WHERE id = %(m)s", "court.judge", "permission denied"),
    "a release without its document": ("UPDATE measure SET released_at = changed_at WHERE id = %(m)s", "court.judge", "permission denied"),
    "a ceiling raised": ("UPDATE measure SET ceiling_fen = 0 WHERE id = %(m)s", "court.judge", "permission denied"),
    "served again": ("UPDATE measure SET served_at = '2026-01-01', changed_at = '2026-05-01' WHERE id = %(m)s", "court.judge", "that is not changed"),
    "service undone": ("UPDATE measure SET served_at = NULL, changed_at = '2026-05-01' WHERE id = %(m)s", "court.judge", "that is not changed"),
    "an answer edited": ("UPDATE measure_answer SET amount_fen = 1 WHERE measure_id = %(m)s", "central_bank.liaison", "permission denied"),
    "an answer deleted": ("DELETE FROM measure_answer WHERE measure_id = %(m)s", "central_bank.liaison", "permission denied"),
    "a measure deleted": ("DELETE FROM measure WHERE id = %(m)s", "court.judge", "permission denied"),
    "a renewal beyond the maximum": (
        "INSERT INTO measure_renewal (id, measure_id, ordered_on, printed_end, number, reason, state, drafted_at, changed_at)"
        " VALUES (gen_random_uuid(), %(m)s, '2026-05-01', '2028-03-03', '', '', 'drafted', '2026-05-01', '2026-05-01')",
        "court.judge", "a renewal prints an end after 2027-03-02 and by 2028-03-02"),
    "a renewal born served": (
        "INSERT INTO measure_renewal (id, measure_id, ordered_on, printed_end, number, reason, state, drafted_at, changed_at)"
        " VALUES (gen_random_uuid(), %(m)s, '2026-05-01', '2028-03-01', '', '', 'served', '2026-05-01', '2026-05-01')",
        "court.judge", "a renewal begins as a draft"),
    "the unit disposes": ("UPDATE measure SET disposed_at = '2026-05-01', changed_at = '2026-05-01' WHERE id = %(m)s",
                          "central_bank.liaison", "only the court of the measure disposes"),
    "a release in the name of the other court": (
        "INSERT INTO measure_release (id, measure_id, ground, reason, number, ordered_at, changed_at)"
        " VALUES (gen_random_uuid(), %(m)s, 'other', 'x', 'n', '2026-05-01', '2026-05-01')",
        f"{OTHER}.judge", "row-level security"),
    "an answer in the name of the bank": (
        "INSERT INTO measure_answer (id, measure_id, outcome, remark, received_at, recorded_at)"
        " VALUES (gen_random_uuid(), %(m)s, 'not_found', '', '2026-05-01', '2026-05-01')",
        "tax.liaison", "row-level security"),
    "somebody else's queue stood": ("SELECT lianban.stand((SELECT id FROM agency LIMIT 1), 'x', now())", f"{OTHER}.judge", "permission denied"),
    "what another matter owes": ("SELECT lianban.control_of(%(matter)s)", f"{OTHER}.judge", "permission denied"),
    "what it claims": ("SELECT lianban.claimed(%(matter)s)", f"{OTHER}.judge", "permission denied"),
    "a limit loosened": ("UPDATE measure_limit SET term = '9 years'", "court.judge", "permission denied"),
    "an asset's value edited": ("UPDATE asset SET value_fen = 1 WHERE matter_id = %(matter)s", "court.judge", "permission denied"),
}  # fmt: skip


@pytest.mark.parametrize("name", TRIED)
def test_what_was_tried_on_a_measure_that_holds(holding, name):
    """Each attempt fails, and the measure stands as before."""
    query, username, answer = TRIED[name]
    matter = holding.matter()
    measure = holding.held(matter, 800_00)
    before = holding.row(measure)
    found = said(
        holding, lambda connection: connection.execute(query, {"m": measure, "matter": matter}), username
    )
    assert answer in found
    assert holding.row(measure) == before


def test_no_effect_before_service_even_for_the_owner(holding):
    """The constraint holds against every role: a row that says otherwise cannot be."""
    matter = holding.matter()
    measure = holding.order(matter, holding.asset(matter))
    for change in ("state = 'effective'", "rank = 1", "effective_from = now()", "ends_on = '2027-01-01'"):
        with pytest.raises(psycopg.errors.CheckViolation, match="measure_no_effect_before_service"):
            holding.city.superuser.execute(f"UPDATE measure SET {change} WHERE id = %s", [measure])
    holding.serve(measure)
    with pytest.raises(psycopg.errors.CheckViolation, match="measure_never_outlives_maximum"):
        holding.city.superuser.execute("UPDATE measure SET ends_on = '2027-03-03' WHERE id = %s", [measure])


def test_answers_are_never_refused(holding):
    """Contradictory, late, negative, to a measure that lapsed: each is recorded beside the others as it came."""
    matter = holding.matter()
    measure = holding.held(matter, 800_00)
    with holding.sql("central_bank.liaison") as connection:
        for number, (outcome, amount, rank) in enumerate(
            [
                ("not_found", None, None),
                ("done", -5, 7),
                ("waiting", 10**15, 3),
                ("refused", 0, None),
                ("done", 800_00, 1),
            ],
            1,
        ):
            when = at("2030-01-01", number)
            connection.execute(
                "INSERT INTO measure_answer (id, measure_id, outcome, amount_fen, rank, remark, received_at, recorded_at)"
                " VALUES (gen_random_uuid(), %s, %s, %s, %s, '', %s, %s)", [measure, outcome, amount, rank, when, when],
            )  # fmt: skip
    rounds = holding.city.column(
        "SELECT round FROM measure_answer WHERE measure_id = %s ORDER BY round", measure
    )
    assert rounds == [1, 2, 3, 4, 5, 6]
    assert holding.stands(measure)[0] == "lapsed"


def test_never_edited_by_anyone(holding):
    """Not even the owner of the tables changes an answer or a value."""
    matter = holding.matter()
    holding.held(matter, 800_00)
    for table in ("measure_answer", "asset_value"):
        for query in (f"DELETE FROM {table}", f"UPDATE {table} SET recorded_at = now()"):
            with pytest.raises(psycopg.errors.RaiseException, match="never edited"):
                holding.city.superuser.execute(query)


def test_excess_blocks_further_orders(holding):
    """While more is held than owed and something can go, no order is written, by the actions or past them."""
    matter = holding.matter()
    holding.held(matter, 150_000_00)
    asset = holding.asset(matter)
    assert "release the excess before ordering more" in said(
        holding, lambda connection: order(connection, asset, ceiling=1)
    )
    found = refused(holding.city, LianbanError, lambda: holding.order(matter, asset, 1), "access_session")
    assert found.code == "LB-MEASURES-007"


def test_dwelling_may_be_sealed_and_not_sold(holding):
    """Sealing goes through; a disposal is refused by the database and by the action, unless an exception is on record."""
    from lianban.actions.deduct_measure import dispose_asset
    from lianban.actions.work import working

    def sealed(**more):
        matter = holding.matter()
        home = holding.asset(matter, "necessary_dwelling", unit="natural_resources", value_fen=CLAIM)
        measure = holding.order(matter, home, kind="seal", **more)
        holding.serve(measure, by="natural_resources.liaison")
        return matter, home, measure

    def sell(matter, home):
        with holding.city.acting_as("court.judge", at("2026-09-01")) as acting, working(acting) as work:
            work.lock([matter])
            return dispose_asset(work, work.matters[matter], home, at("2026-09-01"), "auction")

    matter, home, measure = sealed()
    query = "UPDATE measure SET disposed_at = %(at)s, changed_at = %(at)s, disposed_by = 'auction' WHERE id = %(m)s"
    values = {"at": at("2026-09-01"), "m": measure}
    assert "sealed and not sold" in said(holding, lambda connection: connection.execute(query, values))
    assert refused(holding.city, LianbanError, lambda: sell(matter, home), "access_session").code in (
        "LB-MEASURES-004",
        "LB-MEASURES-005",
    )
    matter, home, measure = sealed(facts=["supporter_has_housing"])
    assert sell(matter, home) == measure


# act, data, who → the code of the refusal
THROUGH_ACTIONS = {
    "above the claim": ("deposit", {"ceiling_fen": CLAIM + 1}, "LB-MEASURES-006"),
    "necessities": ("necessities", {"kind": "seal"}, "LB-MEASURES-004"),
    "wage account": ("farm_wage_account", {}, "LB-MEASURES-004"),
    "vehicle for three years": ("vehicle", {"kind": "seal", "printed_end": "2029-03-02"}, "LB-MEASURES-008"),
    "housing fund for three years": ("housing_fund", {"printed_end": "2029-03-02"}, "LB-MEASURES-008"),
}  # fmt: skip


@pytest.mark.parametrize("name", THROUGH_ACTIONS)
def test_orders_the_actions_refuse(holding, name):
    """The same limits, said in words that tell what to do; nothing is half done."""
    kind, more, code = THROUGH_ACTIONS[name]
    matter = holding.matter()
    asset = holding.asset(matter, kind)
    data = {"kind": "freeze", "basis": "enforcement", "ceiling_fen": CLAIM, **more}
    found = refused(
        holding.city,
        LianbanError,
        lambda: holding.act(matter, "order_measure", data, asset),
        "access_session",
    )
    assert found.code == code


def test_administrative_freeze_is_extended_once(holding):
    """Thirty days and once thirty more (行政强制法 25, 32): the database takes one extension and refuses the second."""
    matter = holding.matter()
    asset = holding.asset(matter)
    with holding.sql() as connection:
        measure = order(connection, asset, basis="administrative")
    holding.city.superuser.execute(
        "UPDATE measure SET served_at = %s, changed_at = %s WHERE id = %s", [DAY, DAY, measure]
    )
    assert holding.stands(measure)[2] == "2026-04-01"
    renewal = holding.renew(measure, at("2026-03-30"))
    with holding.sql() as connection:
        connection.execute("UPDATE measure_renewal SET state = 'served', served_at = %s, changed_at = %s WHERE id = %s",
                           [at("2026-03-31"), at("2026-03-31"), renewal])  # fmt: skip
    assert holding.stands(measure)[2] == "2026-05-01"
    found = refused(
        holding.city, LianbanError, lambda: holding.act(matter, "renew_measure", {}, measure, when=at("2026-04-20")),
        "access_session",
    )  # fmt: skip
    assert found.code == "LB-MEASURES-009"


def test_two_courts_served_at_once_are_never_both_first(holding):
    """Two transactions on one account at the same instant: the second waits for the first, and stands behind it."""
    from threading import Thread

    first, second = holding.matter(), holding.matter(by=f"{OTHER}.clerk")
    one = holding.order(first, holding.asset(first, key="6222-1"))
    two = holding.order(second, holding.asset(second, key="6222-1", by=f"{OTHER}.judge"), by=f"{OTHER}.judge")
    query = "UPDATE measure SET served_at = %s, changed_at = %s WHERE id = %s"
    behind = []
    with holding.sql("central_bank.liaison") as connection:
        connection.execute(query, [at("2026-03-03"), at("2026-03-03"), one])

        def serve() -> None:
            with holding.sql("central_bank.liaison") as other:
                other.execute(query, [at("2026-03-03", 11), at("2026-03-03", 11), two])
            behind.append(holding.stands(two)[:2])

        thread = Thread(target=serve)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "the second did not wait"
        connection.commit()
    thread.join(10)
    assert behind == [("waiting", 2)]
    assert holding.stands(one)[:2] == ("effective", 1)
