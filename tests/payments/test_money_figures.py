"""案款及时发放率 from the database: what was due and paid, who may count it, and that both executors agree."""

from __future__ import annotations

import pytest
from money_making import open_enforcement
from officials import MONDAY, days
from test_money_of_a_matter import arrived, claimed, paid

from lianban.engines.indicators import Facts, Scope, evaluate
from lianban.engines.indicators import matters_behind as behind_in_python


def read(city, by, code="paid_out_in_time"):
    """(figure, matters behind it) as this officer counts."""
    from django.db import connection

    from lianban.records import figures

    scope = Scope(MONDAY - days(10), MONDAY + days(90), scene="enforcement")
    with city.acting_as(by), connection.cursor() as cursor:
        one = figures.definition("enforcement", code)
        return figures.figure(cursor, one, scope), figures.matters_behind(cursor, one, scope)


@pytest.fixture
def courts(city):
    """Paid in time; paid four days late; half paid; on hold by law; not notified, so that no clock runs."""
    made = [open_enforcement(city) for _ in range(5)]
    for court in made:
        claimed(court)
    funds = [arrived(court, 100_000_00) for court in made[:4]]
    made[4].act(
        "receive_payment",
        {"amount": 5_000_00, "arrived_on": "2026-03-02", "payer": "沈砚"},
        by="court.cashier",
    )
    for court, fund, late in ((made[0], funds[0], 30), (made[1], funds[1], 34)):
        paid(court, fund, 87_600_00, at=MONDAY + days(late))
        paid(court, fund, 12_400_00, purpose="costs", at=MONDAY + days(late))
    paid(made[2], funds[2], 40_000_00, at=MONDAY + days(5))
    made[3].act("hold_fund", {"kind": "dispute", "reason": "权属争议", "amount": 100_000_00}, funds[3])
    return made


def test_money_paid_in_time_is_counted(city, courts):
    """One of three was paid in full in time; the list behind opens the late one and the half-paid one."""
    rate, matters = read(city, "court.judge")
    assert (rate.numerator, rate.denominator) == (1, 3)
    assert set(matters) == {courts[1].matter, courts[2].matter}
    supervisor, _ = read(city, "political_legal.supervisor")
    assert (supervisor.numerator, supervisor.denominator) == (1, 3)
    assert read(city, "police.liaison")[0].denominator == 0
    mean, _ = read(city, "court.judge", "payout_days")
    assert round(float(mean.value)) == 32


def test_both_executors_agree(city, courts):
    """The rows of the view, counted in Python, give the figure and the list of the database."""
    from django.db import connection

    from lianban.records import figures

    scope = Scope(MONDAY - days(10), MONDAY + days(90), scene="enforcement")
    for by in ("court.judge", "political_legal.supervisor"):
        with city.acting_as(by), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM fact_funds")
            names = [column.name for column in cursor.description]
            facts = Facts(funds=[dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
            for code in ("paid_out_in_time", "payout_days"):
                one = figures.definition("enforcement", code)
                counted = figures.figure(cursor, one, scope)
                assert evaluate(one, facts, scope).value == counted.value, (by, code)
                assert set(behind_in_python(one, facts, scope)) == set(
                    figures.matters_behind(cursor, one, scope)
                )


def test_figures_page_shows_it(city, courts):
    """The judge finds the rate among the figures of the scene, and the late matters behind it."""
    from django.test import Client

    from lianban.doors.web.sessions import COOKIE
    from lianban.records.keys import encoded_key

    client = Client(REMOTE_ADDR="127.0.0.1")
    client.cookies[COOKIE] = encoded_key(city.session("court.judge"))
    page = client.get("/figures?scene=enforcement").content.decode()
    assert "案款及时发放率" in page
