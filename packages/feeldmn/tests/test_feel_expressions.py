"""Expressions of FEEL: what they mean, by the chapters of the standard (DMN 1.5, 10.3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from feeldmn import FeelSyntaxError, compile_expression


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 2 - 3", 5),
        ("2 ** 3 ** 2", 64),
        ("-5 ** 2", 25),
        ("0.1 + 0.2", Decimal("0.3")),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ("1.5e3", 1500),
        (".5 * 4", 2),
    ],
)
def test_arithmetic_is_decimal_with_34_digits(feel, source, value):
    """Numbers are decimal, operators bind by the standard, powers from the left."""
    assert feel(source) == value


@pytest.mark.parametrize(
    ("left", "right", "conjunction", "disjunction"),
    [
        ("true", "true", True, True),
        ("true", "false", False, True),
        ("true", "null", None, True),
        ("false", "null", False, None),
        ("null", "null", None, None),
        ('"text"', "false", False, None),
    ],
)
def test_logic_has_three_values(feel, left, right, conjunction, disjunction):
    """`and` and `or` follow the truth table of the standard in both orders; what is no boolean counts as null."""
    assert feel(f"{left} and {right}") is conjunction
    assert feel(f"{right} and {left}") is conjunction
    assert feel(f"{left} or {right}") is disjunction
    assert feel(f"{right} or {left}") is disjunction


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 = 1.0", True),
        ('1 = "1"', None),
        ("null = null", True),
        ("null = 1", False),
        ("[1, 2] = [1, 2]", True),
        ("[1, 2] = [2, 1]", False),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("[1..3] = [1..3]", True),
        ("[1..3] = [1..3)", False),
        ('"a" < "b"', True),
        ("1 < null", None),
        ("5 between 1 and 10", True),
        ("5 in [1..5)", False),
        ("5 in (1, >= 5)", True),
        ('"b" in ("a", "b")', True),
        ("(< 10) = (null..10)", False),
    ],
)
def test_comparison_of_kinds(feel, source, value):
    """Values of one kind are compared, values of two kinds give null."""
    assert feel(source) is value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("[1, 2, 3][2]", 2),
        ("[1, 2, 3][-1]", 3),
        ("[1, 2, 3][item > 1]", [2, 3]),
        ("[{a: 1}, {a: 2}][a = 2]", [{"a": 2}]),
        ("[{a: 1}, {a: 2}].a", [1, 2]),
        ("[{item: 5}, {item: 1}][item > 3]", [{"item": 5}]),
        ("7[1]", 7),
        ("null[1]", None),
        ("[1, 2, 3][5]", None),
        ("for i in 1..3 return i * i", [1, 4, 9]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in [1, 2], j in [10, 20] return i + j", [11, 21, 12, 22]),
        ("for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3, 5]),
        ("some x in [1, 2, 3] satisfies x > 2", True),
        ("every x in [1, 2, 3] satisfies x > 2", False),
        ("some x in [1, null] satisfies x > 2", None),
        ("{a: 1, b: a + 1}.b", 2),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", 120),
        ("(function(a, b) a - b)(b: 1, a: 5)", 4),
        ("for f in (for i in 1..3 return function(x) x + i) return f(10)", [11, 12, 13]),
    ],
)
def test_lists_contexts_and_functions(feel, source, value):
    """Filters, paths, loops, contexts and functions, and that a function keeps the names it was made with."""
    assert feel(source) == value


@pytest.mark.parametrize(
    ("source", "context", "value"),
    [
        ("Monthly Salary * 12", {"Monthly Salary": 100}, 1200),
        ("profit and loss > 0", {"profit and loss": 3}, True),
        ("a-b", {"a-b": 7, "a": 1, "b": 1}, 7),
        ("a - b", {"a-b": 7, "a": 3, "b": 1}, 2),
        ("Ma's age + 1", {"Ma's age": 60}, 61),
        ("当事人 人数 > 1", {"当事人 人数": 2}, True),
        ("date and time offset", {"date and time offset": 5}, 5),
        ("date", {"date": 5}, 5),
        ("[{total amount: 3}][total amount > 2].total amount", {}, [3]),
        ("for loan in loans return loan.due in days", {"loans": [{"due in days": 3}], "due in days": 0}, [3]),
    ],
)
def test_names_with_spaces_signs_and_keywords(feel, source, context, value):
    """A name is the longest one known in scope, and names that stand side by side are one name."""
    assert compile_expression(source, names=context)(context) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('"a\\"b"', 'a"b'),
        ('"\\u4e2d"', "中"),
        ('"\\U01F40E"', "🐎"),
        ('string length("🐎")', 1),
        ("1 // a comment\n + 1", 2),
        ("1 /* a comment */ + 1", 2),
        ('"a" + "b"', "ab"),
    ],
)
def test_strings_and_comments(feel, source, value):
    """Escapes, characters beyond the basic plane, and comments."""
    assert feel(source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 instance of number", True),
        ("null instance of Any", False),
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ('{a: 1, b: "x"} instance of context<a: number>', True),
        ("(function(a: number) a) instance of function<number> -> Any", True),
        ('@"P1D" instance of days and time duration', True),
        ("[1..2] instance of range<number>", True),
    ],
)
def test_instance_of(feel, source, value):
    """`instance of` asks for the kind, also of what lists, contexts and functions hold."""
    assert feel(source) is value


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("1 +", 4),
        ("(1", 3),
        ("[1, 2", 6),
        ('"open', 1),
        ("if true then 1", 15),
        ("1 2", 3),
        ("{a 1}", 2),
        ("#", 1),
    ],
)
def test_syntax_error_names_its_place(source, column):
    """A text that is no FEEL raises the package's own error with the place and what was found."""
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(source)
    assert caught.value.code == "feel.syntax"
    assert caught.value.position is not None
    assert caught.value.position.column == column
    assert caught.value.found


def test_names_used_leaves_out_built_ins_and_locals():
    """The names an expression takes are those of its context alone."""
    expression = compile_expression("for i in items return i * rate + count(items)")
    assert expression.names_used == {"items", "rate"}
    assert compile_expression("partial deal + 1").names_used == {"partial deal"}


def test_names_in_filters_may_be_entries():
    """A name within a filter may belong to the items: it is told apart."""
    expression = compile_expression("items[price > limit].price + total")
    assert expression.names_used == {"items", "total"}
    assert expression.names_in_filters == {"price", "limit"}
