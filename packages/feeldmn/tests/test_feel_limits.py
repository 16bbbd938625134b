"""Bounds: nothing runs without end, however it is written."""

from __future__ import annotations

import pytest

from feeldmn import FeelSyntaxError, LimitExceeded, Limits, UnsupportedValue, compile_expression


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("for i in 1..10000000 return i", "feel.limit.steps"),
        ("for i in 1..2000, j in 1..2000 return i", "feel.limit.steps"),
        ("some i in 1..10000000 satisfies false", "feel.limit.steps"),
        ("{f: function(n) f(n + 1), r: f(1)}.r", "feel.limit.depth"),
        (
            "for i in 1..60 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
            "feel.limit.steps",
        ),
        ('for i in 1..60 return if i = 1 then "abcdefgh" else partial[-1] + partial[-1]', "feel.limit.text"),
        (
            'for i in 1..60 return if i = 1 then "abcdefgh" else string join([partial[-1], partial[-1]])',
            "feel.limit.text",
        ),
        (
            "sort(for i in 1..100000 return modulo(i * 7919, 100003), function(a, b) a < b)",
            "feel.limit.steps",
        ),
        ('matches("' + "a" * 40 + '!", "^(a|aa)+$")', "feel.limit.pattern"),
    ],
)
def test_bound_is_reached(source, code):
    """Loops, recursion, lists and strings that double, sorting, and patterns that backtrack end with an error."""
    with pytest.raises(LimitExceeded) as caught:
        compile_expression(source).evaluate()
    assert caught.value.code == code
    assert caught.value.remedy


def test_limits_can_be_narrowed():
    """A caller sets its own bounds."""
    expression = compile_expression("for i in 1..100 return i")
    assert len(expression.evaluate(limits=Limits(steps=200)).value) == 100
    with pytest.raises(LimitExceeded):
        expression.evaluate(limits=Limits(steps=50))


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "-" * 5000 + "1",
        "[" * 5000,
        "[1.." * 200,
        "{a:" * 500 + "1" + "}" * 500,
        "if a then " * 3000,
        "function(a) " * 3000 + "a",
        "x instance of " + "list<" * 3000 + "number" + ">" * 3000,
        "a" + ".b" * 20000,
        "a" + "[1]" * 20000,
        "a" + "()" * 20000,
        "a in " * 5000 + "a",
        "a" + " instance of number" * 5000,
    ],
)
def test_deep_source_is_refused(source):
    """A source nested too deep is a syntax error, and never a crash."""
    with pytest.raises(FeelSyntaxError):
        compile_expression(source)


@pytest.mark.parametrize("operator", ["+", "and", "or", "*", "-"])
def test_long_chains_are_no_depth(operator):
    """A chain of thousands of operators is evaluated in a loop."""
    value = "true" if operator in ("and", "or") else "1"
    assert compile_expression(f" {operator} ".join([value] * 5000))() is not None


def test_value_that_holds_itself_is_refused():
    """A list that contains itself cannot be converted."""
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(UnsupportedValue):
        compile_expression("x")({"x": loop})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"bytes", object(), {1: 2}])
def test_value_without_counterpart_is_refused(value):
    """What FEEL has no value for is refused with its own error."""
    with pytest.raises(UnsupportedValue) as caught:
        compile_expression("x")({"x": value})
    assert caught.value.remedy


@pytest.mark.parametrize(
    "source",
    [
        "remove([1], 1e6000)",
        'substring("a", 1e6000)',
        'substring("a", 1, -1e6000)',
        "sublist([1], 1, 1e6000)",
        "decimal(1, 1e6000)",
        "[1][1e6000]",
        "date(1e6000, 1, 1)",
        '@"P1D" * 1e6000',
        '@"-999999999-01-01" - @"P1D"',
        "2 ** 1e6000",
    ],
)
def test_enormous_numbers_give_null_with_a_reason(feel, why, source):
    """Positions, scales, dates and powers beyond all bounds are no crash."""
    assert feel(source) is None
    assert why(source)
