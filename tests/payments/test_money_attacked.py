"""What the database refuses by itself: raw SQL as the app role, in the session of a judge, past every action."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import psycopg
import pytest
from money_making import open_enforcement
from officials import MONDAY, in_the_city

from lianban.records.identity import new_id

PAYOUT = """INSERT INTO payout (id, matter_id, lead_agency_id, fund_id, purpose, claim_id, payee, account_tail, amount_fen, state,
    proposed_by_id, proposed_at, decision_reason, bank_reference, recorded_at)
    VALUES (%(id)s, %(matter)s, %(lead)s, %(fund)s, %(purpose)s, %(claim)s, 'x', '', %(fen)s, %(state)s, lianban.officer(), %(now)s,
            '', '', %(now)s)"""


class World:
    """A matter with a claim of 1,000 yuan and an arrival of 600, and the words to attack it with."""

    def __init__(self, city):
        self.court = open_enforcement(city, creditors=("周衡", "秦越"))
        self.city, self.matter, self.lead = city, self.court.matter, self.court.lead
        self.claim = self.court.act("record_claim", {
            "creditor": str(self.court.party("周衡")), "basis": "判决书",
            "tranches": [{"amount": 1000_00, "last_day": "2026-03-02"}]})  # fmt: skip
        self.fund = self.court.act(
            "receive_payment", {"amount": 600_00, "arrived_on": "2026-03-02"}, by="court.cashier"
        )

    def values(self, **more):
        return {"id": new_id(), "matter": self.matter, "lead": self.lead, "fund": self.fund, "claim": self.claim, "now": MONDAY,
                "purpose": "claim", "state": "proposed", "fen": 1_00} | more  # fmt: skip

    @contextmanager
    def session(self, username="court.judge"):
        """The app role in this officer's session; whatever it did is undone."""
        with self.city.connect("app") as connection:
            connection.execute("SELECT lianban.enter(%s)", [self.city.session(username)])
            yield connection
            connection.rollback()

    def payout(self, connection, **more):
        values = self.values(**more)
        connection.execute(PAYOUT, values)
        return values["id"]


@pytest.fixture(scope="module")
def world(database_server, city_database, database_copies, django_db_blocker):
    with in_the_city(database_server, city_database, database_copies, django_db_blocker) as city:
        yield World(city)


def committed(connection, *steps):
    """Run (statement, values) one after another, and check at once what is checked at the end of a transaction."""
    for statement, values in steps:
        connection.execute(statement, values)
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "more",
    [{"fen": 600_01}, {"fen": 0}, {"fen": -1}, {"state": "paid"}, {"state": "approved"}, {"purpose": "costs"},
     {"purpose": "surplus", "claim": None}, {"claim": None}],
    ids=str,
)  # fmt: skip
def test_attack_payout_inserted(world, more):
    """More than arrived, nothing, less than nothing, without approval, for costs nobody is owed, as surplus there is none."""
    with (
        world.session() as connection,
        pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.NotNullViolation)),
    ):
        world.payout(connection, **more)


def test_attack_payouts_that_together_are_too_much(world):
    """Each alone would do; the second is refused, and what was set aside by a hold with it."""
    with world.session() as connection:
        world.payout(connection, fen=400_00)
        with pytest.raises(psycopg.errors.CheckViolation, match="does not suffice"):
            world.payout(connection, fen=200_01)
    with world.session() as connection:
        connection.execute(
            "INSERT INTO fund_hold (id, matter_id, lead_agency_id, fund_id, kind, reason, approval, amount_fen, since, lift_reason,"
            " recorded_at) VALUES (%(id)s, %(matter)s, %(lead)s, %(fund)s, 'dispute', '权属争议', '', 500_00, %(now)s, '', %(now)s)",
            world.values(),
        )
        with pytest.raises(psycopg.errors.CheckViolation, match="does not suffice"):
            world.payout(connection, fen=100_01)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("state = 'approved', decided_by_id = lianban.officer(), decided_at = now()", "another officer"),
        ("state = 'approved', decided_at = now(), decided_by_id = (SELECT id FROM officer WHERE username = 'court.president')", "in person"),
        ("state = 'approved', decided_at = now()", "in person"),
        ("state = 'paid', decided_at = now(), paid_at = now()", "does not go from"),
        ("amount_fen = 1", "permission denied"),
        ("payee = 'y'", "permission denied"),
        ("proposed_by_id = NULL", "permission denied"),
    ],
)  # fmt: skip
def test_attack_payout_changed(world, change, error):
    """Nobody approves his own, nobody approves in another's name, nothing is paid unapproved, nothing is rewritten."""
    with world.session() as connection:
        key = world.payout(connection)
        with pytest.raises(psycopg.Error, match=error):
            connection.execute(f"UPDATE payout SET {change} WHERE id = %s", [key])


def test_attack_payout_in_another_name(world):
    """A proposal carries the name of who makes it."""
    with world.session() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(
            PAYOUT.replace(
                "lianban.officer()", "(SELECT id FROM officer WHERE username = 'court.president')"
            ),
            world.values(),
        )


def test_attack_hold(world):
    """No hold without words, none above what is left, none lifted without a reason, none deleted."""
    insert = ("INSERT INTO fund_hold (id, matter_id, lead_agency_id, fund_id, kind, reason, approval, amount_fen, since, lift_reason,"
              " recorded_at) VALUES (%(id)s, %(matter)s, %(lead)s, %(fund)s, %(kind)s, %(why)s, '', %(fen)s, %(now)s, '', %(now)s)")  # fmt: skip
    for more in ({"why": "  "}, {"fen": 600_01}, {"kind": "president"}, {"kind": "sudden"}):
        with world.session() as connection, pytest.raises(psycopg.errors.CheckViolation):
            committed(connection, (insert, {**world.values(), "kind": "dispute", "why": "争议", **more}))
    with world.session() as connection:
        values = {**world.values(), "kind": "dispute", "why": "争议"}
        connection.execute(insert, values)
        with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
            connection.execute("UPDATE fund_hold SET until = now() WHERE id = %(id)s", values)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM fund_hold")


@pytest.mark.parametrize("table", ["claim", "claim_version", "claim_tranche", "receipt", "fund", "payout", "distribution",
                                   "distribution_share", "instalment", "bank_entry", "bank_statement"])  # fmt: skip
def test_attack_what_was_recorded(world, table):
    """Nothing of it is deleted, and no amount is changed, by whoever is signed in."""
    column = {"claim": "own = false", "claim_version": "costs_fen = 1", "distribution": "amount_fen = 1",
              "distribution_share": "given_ordinary_fen = 1", "bank_statement": "closing_fen = 1"}.get(table, "amount_fen = 1")  # fmt: skip
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column}"):
        with world.session() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_attack_claim_added_to(world):
    """A line slipped into a recorded claim no longer adds up."""
    for statement in (
        "INSERT INTO claim_tranche (version_id, number, lead_agency_id, amount_fen, last_day) SELECT id, 9, lead_agency_id, 0,"
        " '2026-03-02' FROM claim_version WHERE claim_id = %(claim)s",
        "INSERT INTO claim_interest (version_id, number, lead_agency_id, yearly_percent, first_day, day_basis) SELECT id, 9,"
        " lead_agency_id, 24, '2020-01-01', 365 FROM claim_version WHERE claim_id = %(claim)s",
        "INSERT INTO claim_version (id, claim_id, matter_id, lead_agency_id, number, basis, principal_fen, tranches, interests, pauses,"
        " interest_fen, costs_fen, enforcement_costs_fen, doubled_before_fen, attribution, buckets, reason, occurred_at, recorded_at)"
        " SELECT %(id)s, claim_id, matter_id, lead_agency_id, 3, basis, principal_fen, tranches, 0, 0, 0, 0, 0, 0, attribution, buckets,"
        " '改', occurred_at, recorded_at FROM claim_version WHERE claim_id = %(claim)s",
    ):
        with world.session() as connection, pytest.raises(psycopg.errors.CheckViolation):
            committed(connection, (statement, world.values()))


RECEIPT = """INSERT INTO receipt (id, matter_id, lead_agency_id, claim_id, fund_id, paid_on, amount_fen, ruling, supersedes_id, reason,
    recorded_at) VALUES (%(id)s, %(matter)s, %(lead)s, %(claim)s, %(fund)s, '2026-03-02', %(fen)s, %(ruling)s, %(old)s, %(why)s, %(now)s)"""


def test_attack_receipt(world):
    """Money is not counted twice, not without an arrival or a ruling, not corrected twice, not as nothing."""
    base = {"ruling": "", "old": None, "why": ""}
    for more in ({}, {"fund": None}, {"fen": 0}, {"old": new_id(), "why": "改"}):
        with world.session() as connection, pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(RECEIPT, {**world.values(), **base, **more})
    old = world.city.one("SELECT id FROM receipt WHERE superseded_at IS NULL")
    with world.session() as connection:
        world.payout(connection, fen=600_00)
        with pytest.raises(psycopg.errors.CheckViolation, match="exceed"):
            connection.execute(RECEIPT, {**world.values(), **base, "old": old, "why": "改", "fen": 100_00})


def test_attack_fund(world):
    """An arrival is claimed once, for a matter of one's own court; a bank's number is one arrival."""
    other = open_enforcement(world.city)
    with world.session() as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("UPDATE fund SET matter_id = %s WHERE id = %s", [other.matter, world.fund])
    insert = ("INSERT INTO fund (id, agency_id, kind, amount_fen, payer, bank_reference, remark, arrived_at, counts_on, reason, recorded_at)"
              " VALUES (%(id)s, %(lead)s, 'payment', %(fen)s, '', 'R1', '', %(now)s, '2026-03-02', '', %(now)s)")  # fmt: skip
    with world.session() as connection:
        connection.execute(insert, world.values())
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(insert, world.values())
    with world.session() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(insert, world.values(lead=world.city.agency("police")))
    with world.session("police.liaison") as connection:
        assert connection.execute("SELECT count(*) FROM fund").fetchone()[0] == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            world.payout(connection, lead=world.city.agency("police"))


def test_attack_distribution(world):
    """Shares that do not add up to the amount, more than is there, a share above its claim, a second plan of one arrival."""
    plan = ("INSERT INTO distribution (id, matter_id, lead_agency_id, fund_id, number, way, amount_fen, left_fen, on_day, state, note,"
            " recorded_at, cancel_reason) VALUES (%(id)s, %(matter)s, %(lead)s, %(fund)s, %(n)s, 'pro_rata', %(fen)s, 0, '2026-03-02',"
            " 'draft', '', %(now)s, '')")  # fmt: skip
    share = ("INSERT INTO distribution_share (distribution_id, claim_id, lead_agency_id, enforcement_costs_fen, priority_fen, ordinary_fen,"
             " doubled_fen, priority_rank, seizure_rank, given_costs_fen, given_priority_fen, given_ordinary_fen, given_doubled_fen)"
             " VALUES (%(id)s, %(claim)s, %(lead)s, 0, 0, %(owed)s, 0, 1, 1, 0, 0, %(given)s, 0)")  # fmt: skip
    for fen, owed, given in ((600_00, 600_00, 599_99), (600_01, 600_01, 600_01), (600_00, 500_00, 600_00)):
        values = {**world.values(fen=fen), "n": 1, "owed": owed, "given": given}
        with world.session() as connection, pytest.raises(psycopg.errors.CheckViolation):
            committed(connection, (plan, values), (share, values))
    with world.session() as connection:
        values = {**world.values(fen=600_00), "n": 1, "owed": 600_00, "given": 600_00}
        committed(connection, (plan, values), (share, values))
        for change in ("served_on = '2026-03-02', state = 'served'", "state = 'cancelled'"):
            with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
                connection.execute(f"UPDATE distribution SET {change} WHERE id = %(id)s", values)
        with pytest.raises(psycopg.errors.CheckViolation, match="time to object"), connection.transaction():
            connection.execute(
                PAYOUT.replace("claim_id, payee", "claim_id, distribution_id, payee").replace(
                    "%(claim)s, 'x'", "%(claim)s, %(plan)s, 'x'"
                ),
                {**world.values(), "plan": values["id"]},
            )
        with pytest.raises(psycopg.errors.CheckViolation, match="by that plan"), connection.transaction():
            world.payout(connection)
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(plan, {**values, "id": new_id(), "n": 2})


def test_attack_instalments(world):
    """No plan without the creditor's document or the security, none whose parts are not its sum or whose days do not rise."""
    plan = ("INSERT INTO instalment_plan (id, matter_id, lead_agency_id, claim_id, ground, creditor_document, security_document, in_kind,"
            " total_fen, agreed_on, last_day, state, end_reason, recorded_at) VALUES (%(id)s, %(matter)s, %(lead)s, %(claim)s, %(ground)s,"
            " %(consent)s, %(security)s, '', 200, '2026-03-02', '2026-05-01', 'running', '', %(now)s)")  # fmt: skip
    part = ("INSERT INTO instalment (plan_id, number, matter_id, lead_agency_id, due_on, amount_fen)"
            " VALUES (%(id)s, %(n)s, %(matter)s, %(lead)s, %(day)s, %(part)s)")  # fmt: skip
    good = {"ground": "agreement", "consent": "和解笔录", "security": ""}
    for more in ({"consent": " "}, {"ground": "security"}, {"ground": "order"}):
        with world.session() as connection, pytest.raises(psycopg.errors.CheckViolation):
            committed(connection, (plan, {**world.values(), **good, **more}))
    for parts in (
        [],
        [("2026-05-01", 199)],
        [("2026-05-01", 100), ("2026-04-01", 100)],
        [("2026-04-01", 200)],
    ):
        values = {**world.values(), **good}
        lines = [(part, {**values, "n": n, "day": day, "part": fen}) for n, (day, fen) in enumerate(parts, 1)]
        with world.session() as connection, pytest.raises(psycopg.errors.CheckViolation):
            committed(connection, (plan, values), *lines)
    with world.session() as connection:
        values = {**world.values(), **good}
        committed(connection, (plan, values), (part, {**values, "n": 1, "day": "2026-05-01", "part": 200}))
        with pytest.raises(psycopg.errors.CheckViolation, match="settlement"):
            connection.execute(
                RECEIPT, {**world.values(fund=None), "ruling": "（2026）云9901执1号", "old": None, "why": ""}
            )


def test_attack_bank(world):
    """Lines that do not lead to the closing balance, a line added later, a match of other sums than it says."""
    statement = ("INSERT INTO bank_statement (id, agency_id, name, digest, first_day, last_day, opening_fen, closing_fen, lines, recorded_at)"
                 " VALUES (%(id)s, %(lead)s, 'x', %(id)s::text, '2026-03-01', '2026-03-31', 0, 600_00, 1, %(now)s)")  # fmt: skip
    line = ("INSERT INTO bank_entry (id, statement_id, agency_id, line, on_day, amount_fen, reference, counterparty, remark)"
            " VALUES (gen_random_uuid(), %(id)s, %(lead)s, %(n)s, '2026-03-02', %(fen)s, '', '', '')")  # fmt: skip
    for lines in ([], [599_99]):
        values = world.values()
        each = [(line, {**values, "n": n, "fen": fen}) for n, fen in enumerate(lines)]
        with world.session() as connection, pytest.raises(psycopg.errors.CheckViolation):
            committed(connection, (statement, values), *each)
    with world.session() as connection:
        values = world.values()
        committed(connection, (statement, values), (line, {**values, "n": 1, "fen": 600_00}))
        with pytest.raises(psycopg.errors.CheckViolation, match="added to"), connection.transaction():
            connection.execute(line, {**values, "n": 2, "fen": 1})
        with pytest.raises(psycopg.errors.CheckViolation, match="not the same"):
            connection.execute(
                "INSERT INTO bank_match (id, agency_id, entry_id, fund_id, returned, by, difference_fen, recorded_at, undo_reason)"
                " SELECT gen_random_uuid(), agency_id, id, %(fund)s, false, 'officer', 1, %(now)s, '' FROM bank_entry", values,
            )  # fmt: skip


def test_outstanding_is_told_to_nobody_else(world):
    """What is owed is asked by functions; the app role cannot call it, and another court's officer is told nothing."""
    with world.session() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT lianban.outstanding(%s)", [world.matter])
    with world.session() as connection:
        assert (
            connection.execute("SELECT lianban.owed(%s, '2026-03-02')", [world.matter]).fetchone()[0]
            == 400_00
        )
    with world.session("police.liaison") as connection:
        assert (
            connection.execute("SELECT lianban.owed(%s, '2026-03-02')", [world.matter]).fetchone()[0] is None
        )
        assert (
            connection.execute("SELECT * FROM lianban.settle(%s, '2026-03-02')", [world.claim]).fetchall()
            == []
        )


def test_two_officers_pay_out_the_same_money(
    database_server, city_database, database_copies, django_db_blocker
):
    """Two connections at once, each with all of it: one is written, the other waits for the lock and is told no."""
    with in_the_city(database_server, city_database, database_copies, django_db_blocker) as city:
        world = World(city)
        gate, told = threading.Barrier(2), []

        def propose(username):
            with city.connect("app") as connection:
                connection.execute("SELECT lianban.enter(%s)", [keys[username]])
                gate.wait(20)
                try:
                    world_values = {**values, "id": new_id()}
                    connection.execute(PAYOUT, world_values)
                    connection.commit()
                    told.append("written")
                except psycopg.errors.CheckViolation as error:
                    told.append(error.diag.message_primary)

        keys = {name: city.session(name) for name in ("court.judge", "court.clerk")}
        values = world.values(fen=600_00)
        threads = [threading.Thread(target=propose, args=[name]) for name in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(told) == ["the money that is there and not held does not suffice", "written"]
        assert city.one("SELECT count(*) FROM payout") == 1
