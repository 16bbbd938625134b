"""Nulls that come from a mistake say why, and where."""

from __future__ import annotations

import pytest

from feeldmn import compile_expression


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("missing + 1", "feel.unknown_name"),
        ('1 + "a"', "feel.operands"),
        ("1 / 0", "feel.division_by_zero"),
        ("10 ** 10000", "feel.overflow"),
        ('1 < "a"', "feel.comparison"),
        ("{a: 1}.b", "feel.no_entry"),
        ('@"2024-01-01".hour', "feel.no_property"),
        ("[1, 2][3]", "feel.index"),
        ('[1, 2]["a"]', "feel.filter"),
        ('@"2024-13-01"', "feel.text"),
        ('date("2023-02-29")', "feel.text"),
        ("substring(1, 2)", "feel.argument"),
        ("substring()", "feel.arguments"),
        ("5(1)", "feel.not_a_function"),
        ("(function(a) a)(1, 2)", "feel.arguments"),
        ('(function(a: number) a)("x")', "feel.argument"),
        ("{a: 1, a: 2}", "feel.duplicate"),
        ("for i in null return i", "feel.iteration"),
        ("if 1 then 2 else 3", "feel.condition"),
        ("not(1)", "feel.argument"),
        ('matches("a", "(")', "feel.pattern"),
        ("now()", "feel.now"),
        ('function(a) external {java: {class: "x", method signature: "y()"}}', None),
        ('(function(a) external {java: {class: "x", method signature: "y()"}})(1)', "feel.external"),
        ("1 instance of Unheard", "feel.unknown_type"),
        ("[1..null] = 1", "feel.comparison"),
    ],
)
def test_null_from_a_mistake_carries_its_reason(why, source, code):
    """Every kind of mistake has its code."""
    codes = why(source)
    assert (codes[0] if codes else None) == code


def test_diagnostic_names_line_and_column():
    """The place of a diagnostic is that of the operator or the name at fault."""
    found = compile_expression('1 +\n  2 * "x"', where="fees.dmn").evaluate().diagnostics[0]
    assert (found.position.line, found.position.column) == (2, 5)
    assert found.where == "fees.dmn"
    assert str(found) == "fees.dmn, 2:5: number * string has no value [feel.operands]"


def test_null_without_a_mistake_is_silent(why):
    """A null that was handed in, or written, is no mistake."""
    assert why("null") == []
    assert why("x", x=None) == []
    assert why("if x = null then null else 1", x=None) == []


def test_diagnostics_are_bounded():
    """A loop that fails at every round does not fill the memory with reasons."""
    evaluation = compile_expression("for i in 1..1000 return 1 / 0").evaluate()
    assert len(evaluation.diagnostics) == 100
    assert evaluation.value == [None] * 1000
