"""The arithmetic a judge is shown adds up to the statement, for every claim."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from test_settling_in_sql import days, money_claims

from lianban.engines.payments import Bucket, Receipt, settle, stretches
from lianban.engines.payments.interest import half_up


@given(
    money=money_claims(), paid=st.lists(st.tuples(days, st.integers(1, 3_000_000_00)), max_size=4), on=days
)
@settings(max_examples=200)
def test_stretches_add_up(money, paid, on):
    """Base × rate × days of every stretch, summed exactly and rounded once, is what was paid and is owed together."""
    receipts = [Receipt(f"r{n}", day, fen) for n, (day, fen) in enumerate(paid) if day <= on]
    statement = settle(money, receipts, on)
    for bucket, before in (
        (Bucket.DOUBLED_INTEREST, money.doubled_before_fen), (Bucket.GENERAL_INTEREST, money.interest_fen),
    ):  # fmt: skip
        exact = sum((one.exact_fen for one in stretches(statement) if one.bucket is bucket), Fraction(before))
        assert half_up(exact) == statement.paid[bucket] + statement.owed[bucket]
