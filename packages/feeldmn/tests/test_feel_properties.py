"""Rules that hold for all values."""

from __future__ import annotations

import datetime as dt
from decimal import Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeldmn import compile_expression
from feeldmn.comparison import compare, equal
from feeldmn.temporal.calendar import civil, day_number, iso_week
from feeldmn.temporal.texts import parse_at_literal
from feeldmn.texts import literal_of

EXACT = Context(prec=34)
numbers = st.decimals(min_value=-(10**12), max_value=10**12, places=6, allow_nan=False)
dates = st.dates()
moments = st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=8)), None]))
spans = st.timedeltas(min_value=dt.timedelta(days=-5000), max_value=dt.timedelta(days=5000))
simple = st.one_of(numbers, st.text(max_size=8), st.booleans(), st.none(), dates, spans, moments)
values = st.recursive(
    simple,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z]{1,3}( [a-z]{1,3})?", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)

ADD, SUBTRACT, MULTIPLY, LESS = (compile_expression(f"a {operator} b") for operator in ("+", "-", "*", "<"))


@given(numbers, numbers)
def test_arithmetic_is_that_of_decimals(a, b):
    """Sums, differences and products are those of decimal arithmetic with 34 digits."""
    context = {"a": a, "b": b}
    assert ADD(context) == EXACT.add(a, b)
    assert SUBTRACT(context) == EXACT.subtract(a, b)
    assert MULTIPLY(context) == EXACT.multiply(a, b)
    assert LESS(context) == (a < b)


@given(st.integers(min_value=10**33, max_value=10**34 - 1))
def test_all_34_digits_are_kept(number):
    """No function loses digits to a narrower context."""
    for source in (
        "abs(-n)",
        "floor(n)",
        "-(-n)",
        "n * 1",
        "min(n, n)",
        "decimal(n, 0)",
        "[n][1]",
        "modulo(n, n + 0) + n",
    ):
        assert compile_expression(source)({"n": number}) == number


@given(moments, spans)
def test_adding_and_taking_away_a_span_is_nothing(moment, span):
    """Days and time durations are exact."""
    back = compile_expression("m + d - d")({"m": moment, "d": span})
    if dt.datetime(2, 1, 1) + abs(span) < moment.replace(tzinfo=None) < dt.datetime(9998, 1, 1) - abs(span):
        assert back == moment


@given(dates, dates)
def test_difference_of_dates_is_pythons(a, b):
    """Whole days lie between two dates."""
    assert SUBTRACT({"a": a, "b": b}) == a - b
    assert LESS({"a": a, "b": b}) == (a < b)


@given(dates)
def test_calendar_is_pythons(day):
    """Within Python's years the calendar is the same."""
    number = day_number(day.year, day.month, day.day)
    assert number == (day - dt.date(1970, 1, 1)).days
    assert civil(number) == (day.year, day.month, day.day)
    assert iso_week(day.year, day.month, day.day) == day.isocalendar().week
    assert compile_expression("day of week(d)")({"d": day}) == day.strftime("%A")


@given(st.integers(min_value=-(10**9) * 366, max_value=10**9 * 366))
def test_calendar_of_any_year_goes_both_ways(number):
    """A day number and its date stand for each other far beyond Python's years."""
    assert day_number(*civil(number)) == number


@given(simple)
def test_text_of_a_value_reads_back(value):
    """The FEEL literal of a value gives that value."""
    feel = compile_expression("x").evaluate({"x": value}).feel_value
    text = literal_of(feel)
    back = (
        parse_at_literal(text)
        if isinstance(value, (dt.date, dt.timedelta))
        else compile_expression(text).evaluate().feel_value
    )
    assert equal(back, feel) or back is feel is None


@given(values)
def test_values_go_in_and_come_out(value):
    """What goes in comes out."""
    assert compile_expression("x")({"x": value}) == value


@given(values, values)
def test_equality_is_symmetric(a, b):
    """Equality and order do not depend on the side, and every value equals itself."""
    left, right = (compile_expression("x").evaluate({"x": value}).feel_value for value in (a, b))
    assert equal(left, right) == equal(right, left)
    assert equal(left, left) is True
    forth, back = compare(left, right), compare(right, left)
    assert (forth is None) == (back is None)
    assert forth is None or forth == -back


@given(st.lists(numbers, min_size=1, max_size=12))
def test_functions_of_lists_agree_with_python(items):
    """Sorting, extremes, counting and reversing are what Python gives."""
    context = {"l": items}
    assert compile_expression("sort(l, function(x, y) x < y)")(context) == sorted(items)
    assert compile_expression("min(l)")(context) == min(items)
    assert compile_expression("max(l)")(context) == max(items)
    assert compile_expression("count(l[item > 0])")(context) == sum(item > 0 for item in items)
    assert compile_expression("reverse(reverse(l))")(context) == items
    assert compile_expression("for i in 1..count(l) return l[i]")(context) == items


@pytest.mark.parametrize("source", ["decimal(n, 2)", "round half up(n, 2)", "floor(n, 2)", "ceiling(n, 2)"])
@given(numbers)
def test_rounding_stays_within_one_step(source, number):
    """A rounded number differs by less than the step, and rounding it again changes nothing."""
    rounded = compile_expression(source)({"n": number})
    assert abs(rounded - number) < Decimal("0.01")
    assert compile_expression(source)({"n": rounded}) == rounded
