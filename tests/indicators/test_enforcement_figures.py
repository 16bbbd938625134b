"""The figures of enforcement, as they were printed, from generated facts; what is printed and cannot be is flagged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest
from ruamel.yaml import YAML

from lianban.engines.indicators import (
    Facts,
    IndicatorsRefused,
    Part,
    Scope,
    evaluate,
    matters_behind,
    parse_indicators,
)

FILE = Path(__file__).resolve().parents[2] / "scenes" / "enforcement" / "indicators.yaml"
DAY = datetime(2021, 3, 1, tzinfo=UTC)
YEAR = Scope(
    datetime(2020, 11, 30, 16, tzinfo=UTC), datetime(2021, 11, 30, 16, tzinfo=UTC)
)  # December to November


@pytest.fixture(scope="module")
def known():
    return {one.code: one for one in parse_indicators(YAML(typ="safe").load(FILE), source="indicators.yaml")}


def pushed(count: int, closed: int):
    """``count`` cases pushed, ``closed`` of them closed; every seventh to two townships."""
    rows = []
    for number in range(count):
        for township in ("qingping", "liuxi")[: 2 if number % 7 == 0 else 1]:
            rows.append({
                "id": UUID(int=len(rows) + 1), "matter_id": UUID(int=10_000 + number), "scene": "enforcement", "township": township,
                "asked": "look_for_property", "state": "signed", "pushed_at": DAY + timedelta(minutes=number),
                "matter_closed_at": DAY + timedelta(days=30) if number < closed else None, "leads": 1,
            })  # fmt: skip
    return Facts(collaborations=rows)


def closings(*rows):
    """(mode, case type, days from filing, claimed, recovered) of each."""
    return Facts(closings=[
        {"id": UUID(int=n), "matter_id": UUID(int=n), "scene": "enforcement", "mode": mode, "ground": "", "case_type": kind,
         "lead_agency": "court", "filed_at": DAY, "closed_at": DAY + timedelta(days=days), "due_at": DAY + timedelta(days=184),
         "claimed_fen": claimed, "recovered_fen": recovered}
        for n, (mode, kind, days, claimed, recovered) in enumerate(rows, start=1)
    ])  # fmt: skip


def test_1203_pushed_and_454_closed(known):
    """1,203 pushed, 454 closed: 37.74 %, a case pushed twice counted once; the list opens the 749 that are open."""
    facts = pushed(1203, 454)
    assert len(facts.collaborations) > 1203
    assert evaluate(known["pushed"], facts).value == 1203
    rate = evaluate(known["pushed_closed"], facts)
    assert (rate.numerator, rate.denominator) == (454, 1203)
    assert rate.rounded() == Decimal("37.74")
    assert len(matters_behind(known["pushed_closed"], facts)) == 1203 - 454
    assert len(matters_behind(known["pushed_closed"], facts, part=Part.NUMERATOR)) == 454


def test_printed_figures_agree_or_are_flagged(known):
    """Every figure in print without a flag is what the definition gives; one that is flagged says why."""
    facts = pushed(1203, 454)
    checked = []
    for indicator in known.values():
        for printed in indicator.published:
            assert printed.flag or evaluate(indicator, facts).rounded() == Decimal(printed.value)
            assert bool(printed.flag) is (printed.because is not None)
            checked.append((indicator.code, printed.flag))
    assert checked == [("pushed", ""), ("pushed_closed", ""), ("recovered", "plausibility")]


def test_37315_wan_over_454_cases_is_flagged(known):
    """373.15 million over 454 cases is 822 thousand a case: kept as printed, and flagged."""
    (printed,) = known["recovered"].published
    assert printed.value == "373150000"
    assert printed.flag == "plausibility"
    assert round(Fraction(int(printed.value), 454) / 10_000, 1) == Fraction("82.2")
    assert "82.2" in printed.because.zh


def test_sixteen_workers_in_eleven_days(known):
    """16人11天: sixteen workers paid within eleven days, as closings enforced in full, of which none is late."""
    facts = closings(*(("completed", "执", 11, 1_802_50, 1_802_50) for _ in range(16)))
    assert evaluate(known["completion_rate"], facts).rounded() == Decimal("100.00")
    assert evaluate(known["closed_in_legal_period"], facts).numerator == 16
    assert evaluate(known["recovered"], facts).rounded() == Decimal(
        "28840.00"
    )  # the debt of 28,840 yuan in the same report


def test_rates_leave_out_what_they_say(known):
    """Resumed and preservation cases are excluded, counted beside the figure, and the reason is printed."""
    facts = closings(
        ("completed", "执", 10, 100, 100), ("terminated", "执", 100, 300, 0), ("ended", "执", 200, 100, 20),
        ("completed", "执恢", 10, 100, 100), ("completed", "执保", 10, 100, 0),
    )  # fmt: skip
    done = evaluate(known["completion_rate"], facts)
    assert (done.numerator, done.denominator, done.excluded) == (1, 3, 2)
    assert "恢复执行" in known["completion_rate"].exclusions[0].because.zh
    in_time = evaluate(known["closed_in_legal_period"], facts)
    assert (in_time.numerator, in_time.denominator) == (2, 3)
    other = evaluate(known["real_share_of_closed"], facts)
    assert (other.numerator, other.denominator) == (2, 3)
    # Money is counted over all closings, resumed ones too: what came is what came.
    money = evaluate(known["recovered_rate"], facts)
    assert (money.numerator, money.denominator) == (220, 700)


def test_two_rates_of_2018_add_up(known):
    """实际执结率 + 终本率 = 执结率, over cases accepted, new and old, in a year from December to November."""
    begins = datetime(2020, 11, 30, 16, tzinfo=UTC)
    rows = [
        {"id": UUID(int=n), "matter_id": UUID(int=n), "scene": "enforcement", "case_type": kind, "lead_agency": "court",
         "year_begins": begins, "accepted": accepted, "mode": mode}
        for n, (kind, accepted, mode) in enumerate(
            [("执", "old", "completed"), ("执", "new", "terminated"), ("执", "new", None), ("执", "new", "ended"),
             ("执恢", "new", "completed")], start=1)
    ]  # fmt: skip
    # The year before has its own row and its own base.
    rows.append({**rows[0], "id": UUID(int=99), "year_begins": begins - timedelta(days=365), "mode": None})
    facts = Facts(caseload=rows)
    real, ended = (
        evaluate(known["real_closing_rate"], facts, YEAR),
        evaluate(known["terminated_rate"], facts, YEAR),
    )
    assert (real.numerator, real.denominator) == (2, 4)
    assert real.value + ended.value == 75


def test_closing_rate_is_the_sum_of_the_two(known):
    """What is closed in whatever mode, over what was accepted; the open ones are the list behind it."""
    begins = datetime(2020, 11, 30, 16, tzinfo=UTC)
    facts = Facts(caseload=[
        {"id": UUID(int=n), "matter_id": UUID(int=n), "scene": "enforcement", "case_type": "执", "lead_agency": "court",
         "year_begins": begins, "accepted": "new", "mode": mode}
        for n, mode in enumerate(["completed", "terminated", None, None], start=1)
    ])  # fmt: skip
    rates = {
        code: evaluate(known[code], facts, YEAR).value
        for code in ("closing_rate", "real_closing_rate", "terminated_rate")
    }
    assert rates["closing_rate"] == rates["real_closing_rate"] + rates["terminated_rate"] == 50
    assert len(matters_behind(known["closing_rate"], facts, YEAR)) == 2


def test_money_paid_in_time(known):
    """In time, late, never, on hold, clock not begun: one of three, and the list opens the two that were not."""
    due = DAY + timedelta(days=30)
    rows = [
        {"id": UUID(int=n), "matter_id": UUID(int=n), "scene": "enforcement", "lead_agency": "court", "arrived_at": DAY,
         "due_at": ends, "paid_at": paid, "amount_fen": 100}
        for n, (ends, paid) in enumerate(
            [(due, due), (due, due + timedelta(seconds=1)), (due, None), (None, None), (None, DAY)], start=1)
    ]  # fmt: skip
    rate = evaluate(known["paid_out_in_time"], Facts(funds=rows))
    assert (rate.numerator, rate.denominator) == (1, 3)
    assert set(matters_behind(known["paid_out_in_time"], Facts(funds=rows))) == {UUID(int=2), UUID(int=3)}
    assert round(float(evaluate(known["payout_days"], Facts(funds=rows)).value), 2) == 20.0


def test_property_decides_who_is_counted(known):
    """终本 because nothing was found, or without a ground, is no case with property; 终本 because it cannot be sold is."""
    facts = Facts(closings=[
        {"id": UUID(int=n), "matter_id": UUID(int=n), "scene": "enforcement", "mode": mode, "ground": ground, "case_type": "执",
         "lead_agency": "court", "filed_at": DAY, "closed_at": DAY + timedelta(days=days), "due_at": DAY + timedelta(days=184),
         "claimed_fen": 100, "recovered_fen": 0}
        for n, (mode, ground, days) in enumerate(
            [("completed", "performed", 20), ("terminated", "nothing_found", 100), ("terminated", "", 100),
             ("terminated", "cannot_be_sold", 200)], start=1)
    ])  # fmt: skip
    rate = evaluate(known["with_property_in_time"], facts)
    assert (rate.numerator, rate.denominator, rate.excluded) == (1, 2, 2)
    assert evaluate(known["real_enforcement_2008"], facts).value == 25


def test_nothing_is_ranked(known):
    """No figure is broken down by officer or person: townships and courts, in the order of the directory."""
    assert {column for one in known.values() for column in one.by} <= {"township", "lead_agency"}


@pytest.mark.parametrize(
    ("change", "said"),
    [({"value": 37.74}, "in quotes"), ({"flag": "wrong"}, "plausibility"), ({"flag": "plausibility"}, "belong together"),
     ({"because": {"zh": "甲", "en": "a"}}, "belong together")],
)  # fmt: skip
def test_published_that_is_wrong_is_refused(change, said):
    """A figure in print is text; a flag has its reason."""
    words = {"zh": "甲", "en": "a"}
    raw = {"code": "x", "title": words, "source": words, "of": "matters", "unit": "count", "value": "count",
           "published": [{"value": "1", "source": words, **change}]}  # fmt: skip
    with pytest.raises(IndicatorsRefused) as caught:
        parse_indicators([raw], source="x.yaml")
    assert said in str(caught.value)
