"""The database computes what is owed by itself; it must say what the engine says, for every claim."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from money_making import open_enforcement
from officials import MONDAY, in_the_city

from lianban.engines.payments import Bucket, GeneralInterest, MoneyClaim, Pause, RateBook, Tranche
from lianban.records import claims as records
from lianban.records import funds
from lianban.records.claims import NewClaim, ReceiptRow
from lianban.records.identity import new_id

START = date(2024, 1, 1)
days = st.integers(0, 900).map(lambda n: START + timedelta(days=n))
fen = st.integers(0, 5_000_000_00)


@pytest.fixture(scope="module")
def court(database_server, city_database, database_copies, django_db_blocker):
    with in_the_city(database_server, city_database, database_copies, django_db_blocker) as city:
        yield open_enforcement(city)


@contextmanager
def undone(court):
    """A transaction as the court's judge that leaves nothing behind."""
    from django.db import connection, transaction

    with court.city.acting_as("court.judge") as acting, connection.cursor() as cursor:
        yield acting, cursor
        transaction.set_rollback(True)


@st.composite
def spans(draw):
    first = draw(days)
    return first, first + timedelta(days=draw(st.integers(0, 200)))


@st.composite
def money_claims(draw):
    general = tuple(
        GeneralInterest(
            Fraction(draw(st.integers(0, 24_000_000)), 100_000_000),
            first,
            draw(st.none() | st.integers(0, 500).map(lambda n, first=first: first + timedelta(days=n))),
            draw(st.sampled_from([360, 365])),
            draw(st.none() | fen),
        )
        for first in draw(st.lists(days, max_size=2))
    )
    return MoneyClaim(
        "c",
        tuple(Tranche(str(n), amount, day) for n, (amount, day) in enumerate(
            draw(st.lists(st.tuples(fen, days), min_size=1, max_size=3)), 1)),
        general, draw(fen), draw(fen), draw(fen),
        tuple(Pause(*span) for span in draw(st.lists(spans(), max_size=2))),
        draw(fen), draw(st.none() | days),
    )  # fmt: skip


@given(
    money=money_claims(),
    paid=st.lists(st.tuples(days, st.integers(1, 3_000_000_00)), max_size=4),
    on=days,
    order=st.permutations(list(Bucket)),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_settling_in_sql_as_the_engine(court, money, paid, on, order):
    """Any claim, any receipts, any order, any day: each part owed and paid is the same to the fen."""
    with undone(court) as (acting, cursor):
        claim = records.add_claim(
            cursor, matter=court.matter, lead=acting.agency, creditor=court.party("周衡"), own=True, recorded_at=MONDAY
        )  # fmt: skip
        records.add_version(
            cursor, claim, 1,
            NewClaim("（2025）云9901民初88号", money, "agreed", tuple(order), ("暂缓",) * len(money.pauses)),
            matter=court.matter, lead=acting.agency, officer=acting.officer, occurred_at=MONDAY, recorded_at=MONDAY,
        )  # fmt: skip
        rows = [
            funds.FundRow(new_id(), acting.agency, court.matter, "payment", amount, "沈砚", "", "", MONDAY, day, MONDAY, None, None)
            for day, amount in paid
        ]  # fmt: skip
        funds.add_funds(cursor, rows, officer=acting.officer, recorded_at=MONDAY)
        records.add_receipts(
            cursor, [ReceiptRow(new_id(), claim, row.id, row.counts_on, row.amount_fen) for row in rows],
            matter=court.matter, lead=acting.agency, officer=acting.officer, recorded_at=MONDAY,
        )  # fmt: skip
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        (row,) = records.claims(cursor, [court.matter], only=claim)
        assert row.money == MoneyClaim(
            str(claim), money.tranches, money.general, money.interest_fen, money.costs_fen,
            money.enforcement_costs_fen, money.pauses, money.doubled_before_fen, money.doubled_from,
        )  # fmt: skip
        said = records.statement(
            row, records.receipts(cursor, [court.matter])[claim], on, records.settings(cursor)
        )
        cursor.execute("SELECT bucket, paid_fen, owed_fen FROM lianban.settle(%s, %s)", [claim, on])
        found = {bucket: (paid_fen, owed) for bucket, paid_fen, owed in cursor.fetchall()}
        assert found.pop("surplus") == (said.surplus_fen, 0)
        assert found == {bucket.value: (said.paid[bucket], said.owed[bucket]) for bucket in Bucket}


def test_settling_rates_are_the_books(court):
    """The rates that the database multiplies by are those of the rate book, with their days."""
    assert court.city.rows("SELECT from_day, daily FROM lianban.doubled_rate ORDER BY 1") == [
        (rate.from_day, rate.daily) for rate in RateBook.standard().doubled
    ]
