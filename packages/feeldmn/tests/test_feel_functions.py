"""Built-in functions: one line or more for each, and the rules that hold for all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from feeldmn import compile_expression
from feeldmn.builtins import BUILT_INS

CASES = [
    ('number("1 000,5", " ", ",")', Decimal("1000.5")),
    ('string(1.50) + string([1, "a", null])', '1.50[1, "a", null]'),
    ('context([{key: "a", value: 1}])', {"a": 1}),
    ("string(0 * -1) + string(0.00)", "00.00"),
    ("not(false)", True),
    ('substring("法院执行", 3)', "执行"),
    ('substring("foobar", -3, 2)', "ba"),
    ('string length("法院")', 2),
    ('upper case("aB")', "AB"),
    ('lower case("aB")', "ab"),
    ('substring before("foobar", "bar")', "foo"),
    ('substring after("foobar", "ob")', "ar"),
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
    ('contains("foobar", "oba")', True),
    ('starts with("foobar", "foo")', True),
    ('ends with("foobar", "bar")', True),
    ('matches("法院2024", "\\p{L}+[0-9]{4}")', True),
    ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
    ('string join(["a", null, "b"], "-")', "a-b"),
    ("list contains([1, null], null)", True),
    ("count([1, null])", 2),
    ("min(3, 1, 2)", 1),
    ('max(["a", "c", "b"])', "c"),
    ("sum([1, 2.5])", Decimal("3.5")),
    ("mean(1, 2, 3)", 2),
    ("all([true, false, null])", False),
    ("any([true, null])", True),
    ("sublist([1, 2, 3], -2)", [2, 3]),
    ("append([1], 2, 3)", [1, 2, 3]),
    ("concatenate([1], [2, 3])", [1, 2, 3]),
    ("insert before([1, 3], 2, 2)", [1, 2, 3]),
    ("remove([1, 2, 3], 2)", [1, 3]),
    ("list replace([1, 2], 1, 9)", [9, 2]),
    ("list replace([1, 5, 2], function(item, new) item > 4, 0)", [1, 0, 2]),
    ("reverse([1, 2])", [2, 1]),
    ("index of([1, 2, 1], 1)", [1, 3]),
    ("union([1, 2], [2, 3])", [1, 2, 3]),
    (
        'distinct values([1, 1.0, true, null, [1], @"P1D", [1], null, @"PT24H", true])',
        [1, True, None, [1], dt.timedelta(days=1)],
    ),
    ("flatten([[1, [2]], 3])", [1, 2, 3]),
    ("product(2, 3, 4)", 24),
    ("median([6, 1, 2, 3])", Decimal("2.5")),
    ("stddev(2, 4, 7, 5)", Decimal("2.081665999466132735282297706979931")),
    ("mode([6, 3, 9, 6, 6, 3, 3])", [3, 6]),
    ("decimal(2.5, 0)", 2),
    ("floor(-1.55, 1)", Decimal("-1.6")),
    ("ceiling(-1.5)", -1),
    ("round up(-5.51, 1)", Decimal("-5.6")),
    ("round down(5.59, 1)", Decimal("5.5")),
    ("round half up(5.5, 0)", 6),
    ("round half down(5.5, 0)", 5),
    ("abs(-1)", 1),
    ("modulo(-12, 5)", 3),
    ("sqrt(16)", 4),
    ("log(1)", 0),
    ("exp(0)", 1),
    ("odd(-5)", True),
    ("even(0)", True),
    ('is(1, "1")', False),
    ('get value({a: 1}, "a")', 1),
    ("get entries({a: 1})", [{"key": "a", "value": 1}]),
    ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
    ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
    ("context merge([{a: 1, b: 1}, {b: 2}])", {"a": 1, "b": 2}),
    ("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1]),
    ("before(1, [2..3])", True),
    ("after([5..6], [1..5))", True),
    ("meets([1..5], [5..10])", True),
    ("met by([5..10], [1..5])", True),
    ("overlaps([1..5], [3..8])", True),
    ("overlaps before([1..5], [3..8])", True),
    ("overlaps after([3..8], [1..5])", True),
    ("finishes(10, [1..10])", True),
    ("finished by([1..10], [5..10])", True),
    ("includes([1..10], 5)", True),
    ("during(5, [1..10])", True),
    ("starts([1..5], [1..10])", True),
    ("started by([1..10], 1)", True),
    ("coincides([1..5], [1..5])", True),
    ('5 in range("[1..10)")', True),
    ('20 in range("[18..)")', True),
    ('string(date("2024-02-29"))', "2024-02-29"),
    ("string(date(2024, 2, 29))", "2024-02-29"),
    ('string(time(10, 20, 30, duration("PT8H")))', "10:20:30+08:00"),
    ('string(date and time(date("2024-02-29"), time("10:20:30")))', "2024-02-29T10:20:30"),
    ('string(duration("PT25H"))', "P1DT1H"),
    ('string(years and months duration(date("2024-01-31"), date("2024-02-29")))', "P0M"),
    ('day of year(date("2024-02-01"))', 32),
    ('day of week(date("2024-02-29"))', "Thursday"),
    ('month of year(date("2024-02-29"))', "February"),
    ('week of year(date("2024-02-29"))', 9),
]


@pytest.mark.parametrize(("source", "value"), CASES)
def test_function_value(feel, source, value):
    """Each function gives what the standard's examples give."""
    assert feel(source) == value


def test_every_function_has_a_case():
    """No function of the library is without a case above (now and today are in the temporal tests)."""
    tested = {name for name in BUILT_INS for source, _ in CASES if f"{name}(" in source}
    assert set(BUILT_INS) - tested == {"now", "today"}


def test_every_function_says_what_it_does():
    """The reference is written from these summaries."""
    assert [name for name, function in BUILT_INS.items() if not function.summary.endswith(".")] == []


@pytest.mark.parametrize(
    ("named", "positional"),
    [
        ('substring(string: "foobar", start position: 3)', 'substring("foobar", 3)'),
        ("modulo(divisor: 5, dividend: 12)", "modulo(12, 5)"),
        ("sum(list: [1, 2])", "sum([1, 2])"),
        ("before(point: 1, range: [2..3])", "before(1, [2..3])"),
        ("date(year: 2024, month: 1, day: 2)", "date(2024, 1, 2)"),
    ],
)
def test_named_arguments_equal_positional_ones(feel, named, positional):
    """Arguments go by the standard's parameter names as well."""
    assert feel(named) == feel(positional) is not None


@pytest.mark.parametrize(
    "source", ['substring(string: "a")', "modulo(dividend: 1, other: 2)", "sum(lists: [1])"]
)
def test_wrong_names_of_arguments_give_null(feel, why, source):
    """A name that no signature has, or a missing one, is null with a reason."""
    assert feel(source) is None
    assert why(source) == ["feel.arguments"]


def test_single_item_stands_for_list_and_list_of_one_for_item(feel):
    """The implicit conversions of the standard apply to arguments."""
    assert feel('string length(["abc"])') == 3
    assert feel("count(7)") == 1


def test_name_of_the_context_shadows_a_built_in():
    """A value handed in under the name of a function is that value, when its name was told."""
    assert compile_expression("count + 1", names=["count"])({"count": 4}) == 5
    assert compile_expression("count + 1")({"count": 4}) == 5


def test_python_function_can_be_handed_in():
    """A callable of the context is a function of FEEL and sees Python's values."""
    seen = []

    def fee(amount, rate):
        seen.append((amount, rate))
        return amount * rate

    assert compile_expression("fee(100, 0.5)", names=["fee"])({"fee": fee}) == 50
    assert seen == [(Decimal(100), Decimal("0.5"))]
