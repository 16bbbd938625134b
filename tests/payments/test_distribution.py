"""Distribution among creditors: worked examples, and that the parts always add up."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.clocks import ClockBook
from lianban.engines.payments import (
    Class,
    DistributionWay,
    Entitled,
    Objection,
    PaymentSettings,
    distribute,
    objection_clocks,
    pro_rata,
    undisputed,
)
from lianban.engines.payments.errors import AmountNotAllowed, SameIdTwice

with (Path(__file__).parent / "distributions.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def creditor(text):
    """``a:600/3000@2``: creditor a with 600 in priority, 3,000 ordinary, second to seize."""
    name, amounts = text.split(":")
    amounts, _, rank = amounts.partition("@")
    priority, ordinary = map(int, amounts.split("/"))
    return Entitled(name, ordinary, priority_fen=priority, seizure_rank=int(rank or 1))


@pytest.mark.parametrize("row", ROWS, ids=[r["no"] for r in ROWS])
def test_distribution_row(row):
    """Each row: amount, creditors, way → shares to the fen."""
    found = distribute(
        int(row["amount"]), map(creditor, row["creditors"].split()), DistributionWay(row["way"])
    )
    assert {s.creditor: s.fen for s in found.shares} == {
        k: int(v) for k, v in (w.split("=") for w in row["shares"].split())
    }
    assert found.left_fen == int(row["left"])


def test_doubled_interest_comes_after_all_document_debts():
    """By default nobody gets doubled interest while another's judgment is unpaid; a court may count it in."""
    both = [Entitled("a", 1000, doubled_fen=1000), Entitled("b", 1000)]
    found = distribute(2500, both)
    assert found.of("a").parts == {Class.ORDINARY: 1000, Class.DOUBLED_INTEREST: 500}
    assert (found.of("b").fen, found.of("a").unpaid_fen) == (1000, 500)
    together = distribute(1500, both, settings=PaymentSettings(doubled_last_in_distribution=False))
    assert (together.of("a").fen, together.of("b").fen) == (1000, 500)


def test_enforcement_costs_come_first():
    """Costs of enforcement before any priority, priority by rank."""
    found = distribute(
        100,
        [
            Entitled("a", priority_fen=80, priority_rank=2),
            Entitled("b", priority_fen=80),
            Entitled("court", enforcement_costs_fen=10),
        ],
    )
    assert {s.creditor: s.fen for s in found.shares} == {"a": 10, "b": 80, "court": 10}


def test_disputed_part_is_kept_and_the_rest_paid():
    """What nobody disputes is paid now; objections to one share are about the same money."""
    plan = distribute(1000, [Entitled("a", 3000), Entitled("b", 1000)])
    on = date(2026, 3, 2)
    now = undisputed(
        plan, [Objection("debtor", "a", 300, on), Objection("b", "a", 200, on), Objection("a", "b", 9999, on)]
    )
    assert (now.pay, now.keep) == ({"a": 450, "b": 0}, {"a": 300, "b": 250})


def test_objection_clocks_are_fifteen_days_each():
    """To object, to answer, to sue (民诉解释 509–510); a fifteenth day on a rest day rolls."""
    found = objection_clocks(
        ClockBook.standard(), plan_received=date(2026, 3, 2), objection_told=date(2026, 3, 13)
    )
    assert {code.rsplit("_", 1)[1]: due.legal_date for code, due in found.items()} == {
        "objection": date(2026, 3, 17), "counter": date(2026, 3, 30),
    }  # fmt: skip


def test_distribution_mistakes_are_named():
    """A creditor twice, negative money."""
    with pytest.raises(SameIdTwice):
        distribute(1, [Entitled("a", 1)] * 2)
    with pytest.raises(AmountNotAllowed):
        distribute(-1, [])
    with pytest.raises(AmountNotAllowed):
        Entitled("a", -1)
    with pytest.raises(KeyError):
        distribute(1, [Entitled("a", 1)]).of("b")


amount = st.integers(0, 10**9)
creditors = st.lists(
    st.tuples(amount, amount, amount, st.integers(1, 3), st.integers(0, 1000), st.integers(1, 3)), max_size=12
).map(
    lambda rows: [
        Entitled(f"c{n}", o, d, p, rank, costs, seized)
        for n, (o, d, p, rank, costs, seized) in enumerate(rows)
    ]
)


@given(amount, creditors, st.sampled_from(DistributionWay), st.booleans(), st.randoms(use_true_random=False))
def test_distribution_adds_up_whatever_the_order(total, given_, way, last, random):
    """Shares and rest are the amount; nobody gets more than the claim; the order of the list decides nothing."""
    settings = PaymentSettings(doubled_last_in_distribution=last)
    found = distribute(total, given_, way, settings)
    assert sum(s.fen for s in found.shares) + found.left_fen == total
    assert all(s.unpaid_fen >= 0 for s in found.shares)
    assert found.left_fen == 0 or all(s.unpaid_fen == 0 for s in found.shares)
    shuffled = list(given_)
    random.shuffle(shuffled)
    assert distribute(total, shuffled, way, settings) == found


@given(amount, st.dictionaries(st.text(min_size=1, max_size=3), amount, max_size=12))
def test_pro_rata_is_within_one_fen_of_the_exact_share(total, claims):
    """Nobody is a fen or more away from the exact proportion, and a larger claim never gets less."""
    shares = pro_rata(total, claims)
    whole = sum(claims.values())
    assert sum(shares.values()) == min(total, whole)
    if 0 < total < whole:
        for key, claim in claims.items():
            assert abs(shares[key] * whole - total * claim) < whole
            assert all(shares[key] >= shares[other] for other in claims if claims[other] < claim)
