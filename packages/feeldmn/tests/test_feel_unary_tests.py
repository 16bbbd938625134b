"""Unary tests: the cells of decision tables."""

from __future__ import annotations

import datetime as dt

import pytest

from feeldmn import compile_unary_tests


@pytest.mark.parametrize(
    ("source", "value", "holds"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("< 10, > 20", 25, True),
        ("< 10, > 20", 15, False),
        ("[18..65)", 65, False),
        ("]18..65[", 18, False),
        ('"A", "B"', "B", True),
        ('not("A", "B")', "C", True),
        ('not("A", "B")', "A", False),
        ("not(< 10)", None, None),
        ("? > 5 and ? < 10", 7, True),
        ('contains(?, "院")', "法院", True),
        ("null", None, True),
        ("null", 5, False),
        ("< 10", None, None),
        ("< 10", "text", None),
        ('date("2024-01-01")', dt.date(2024, 1, 1), True),
        ("true", True, True),
        ("false", True, False),
        ("false", False, True),
        ("[1, 2, 3]", 2, True),
        ("limit", 7, True),
        ("> limit", 8, True),
        ("limits", 8, True),
        ("not(true) or ? = 7", 7, True),
    ],
)
def test_tests_of_a_value(source, value, holds):
    """True, false, or null where the value cannot be compared."""
    context = {"limit": 7, "limits": [7, 8]}
    assert compile_unary_tests(source).evaluate(value, context).value is holds


def test_shorthand_is_true_or_false():
    """Called directly, tests that cannot be told do not hold."""
    tests = compile_unary_tests("< 10")
    assert tests(5) is True
    assert tests(None) is False
    assert compile_unary_tests("> limit").names_used == {"limit"}
