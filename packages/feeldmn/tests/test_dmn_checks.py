"""Static checks: names, types, gaps and overlaps."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from dmn_writing import decision, definitions, input_data, literal, table
from hypothesis import given, settings
from hypothesis import strategies as st

from feeldmn import Severity, compile_unary_tests, read_dmn


def findings(expression, *inputs, kind=""):
    """Return the findings for a decision over typed inputs."""
    content = definitions(
        *[input_data(name, declared) for name, declared in inputs],
        decision("result", expression, needs=[name for name, _ in inputs], kind=kind),
    )
    return read_dmn(content, source="f.dmn").check()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x + amont", "'amont' is not known"),
        ('x + "a"', "number + string has no value"),
        ('x > "a"', "number > string cannot be compared"),
        ("x and true", "'and' joins booleans"),
        ("if x then 1 else 2", "a condition is boolean"),
        ("substring(x, 1)", "'string' takes string"),
        ("substring(s)", "does not take 1 arguments"),
        ("d.hour", "date has no property 'hour'"),
        ("[1, 2][s]", "a filter takes a condition or an index"),
        ('[1.."a"]', "a range cannot run"),
        ('some i in [1, 2] satisfies i > "a"', "number > string"),
        ("d - x", "date - number has no value"),
        ("unheard(1)", "'unheard' is not known"),
        ("1 +", "an expression was expected"),
    ],
)
def test_clash_is_found(text, message):
    """Each mistake is found without evaluating, with its place."""
    found = findings(literal(text), ("x", "number"), ("s", "string"), ("d", "date"))
    assert len(found) == 1
    assert message in found[0].message
    assert found[0].where == "f.dmn, decision 'result'"
    assert found[0].position is not None


@pytest.mark.parametrize(
    "text",
    [
        'x + 1 > 2 and s = "a"',
        'd + duration("P1D") > date("2024-01-01")',
        "for i in 1..3 return i + x",
        "[{a: 1}][a = 1].a",
        'if s = "a" then x else null',
        "x in [1, 2, 3]",
        "x in [[1..2], [3..4]]",
        "sort([1, 2], function(a, b) a < b)",
        "count(s)",
        "min(1, 2)",
    ],
)
def test_sound_expression_has_no_finding(text):
    """What is right is left alone."""
    assert findings(literal(text), ("x", "number"), ("s", "string"), ("d", "date")) == []


def test_missing_requirement_is_advised():
    """A name that the model has, but the decision does not require, is told how to get."""
    content = definitions(input_data("x"), decision("d", literal("x + 1")))
    assert "draw a requirement from the input 'x'" in read_dmn(content).check()[0].message


def test_declared_type_of_the_result_is_checked():
    """A result that can never have the declared type is found."""
    assert "declared as number" in findings(literal('"a"'), kind="number")[0].message


def test_cell_of_another_type_is_found():
    """A cell that tests a number against a string names its rule and column."""
    found = findings(
        table([("x", "number")], ["o"], [('"a"', "1"), ("< 5", "2"), (">= 5", "3")]), ("x", "number")
    )
    assert found[0].where == "f.dmn, decision 'result', rule 1, input 1"


def test_gap_is_shown_as_a_row():
    """Inputs without a rule are shown in the words of cells."""
    rules = [("< 18", '"minor"', "1"), ("[18..65)", '"adult"', "2"), ("> 65", "-", "3")]
    found = findings(
        table([("age", "number"), ("role", "string", '"minor", "adult"')], ["o"], rules),
        ("age", "number"),
        ("role", "string"),
    )
    assert [(finding.code, finding.severity) for finding in found] == [("check.gap", Severity.WARNING)]
    assert set(found[0].rows) == {("< 18", '"adult"'), ("[18..65)", '"minor"'), ("65", "-")}
    assert "| 65 | - |" in str(found[0])


def test_default_output_closes_gaps():
    """A table with a default has no gaps."""
    assert findings(table([("x", "number")], ["o"], [("> 5", "1")], defaults=["0"]), ("x", "number")) == []


def test_overlap_is_shown_with_its_rules():
    """In a UNIQUE table rules that match together are an error."""
    rules = [("<= 10", "1"), (">= 10", "2")]
    found = findings(table([("x", "number")], ["o"], rules), ("x", "number"))
    assert [(finding.code, finding.rules, finding.rows) for finding in found] == [
        ("check.overlap", (1, 2), (("10",),))
    ]


def test_any_table_may_overlap_with_equal_outputs():
    """In an ANY table only rules with different outputs clash."""
    assert (
        findings(table([("x", "number")], ["o"], [("<= 10", "1"), (">= 10", "1")], "ANY"), ("x", "number"))
        == []
    )
    found = findings(
        table([("x", "number")], ["o"], [("<= 10", "1"), (">= 10", "2")], "ANY"), ("x", "number")
    )
    assert [finding.code for finding in found] == ["check.overlap"]


def test_hidden_rule_of_a_first_table():
    """A rule whose cases all go to earlier ones never counts."""
    rules = [("< 10", "1"), ("[2..5]", "2"), ("-", "3")]
    found = findings(table([("x", "number")], ["o"], rules, "FIRST"), ("x", "number"))
    assert [(finding.code, finding.rules) for finding in found] == [("check.unreachable", (2,))]


def test_dates_and_booleans_are_analysed():
    """Bounds may be dates, written as functions; a boolean has two values."""
    rules = [
        ('< date("2024-01-01")', "true", "1"),
        ('>= @"2024-01-01"', "true", "2"),
        ('>= date("2024-06-01")', "false", "3"),
    ]
    found = findings(table([("d", "date"), ("b", "boolean")], ["o"], rules), ("d", "date"), ("b", "boolean"))
    assert [finding.rows for finding in found] == [(('< @"2024-06-01"', "false"),)]


def test_table_with_computed_cells_is_said_not_to_be_analysed():
    """A cell that depends on other inputs is not guessed at."""
    found = findings(
        table([("x", "number")], ["o"], [("> y", "1"), ("<= y", "2")]), ("x", "number"), ("y", "number")
    )
    assert [finding.code for finding in found] == ["check.not_analysed"]


NUMBER_CELLS = ["-", "5", "< 5", "> 5", "[3..7]", "(3..7)", "not(5)", "< 3, > 7", ">= 7"]
TEXT_CELLS = ["-", '"a"', '"b"', '"a", "b"', 'not("a")']
SAMPLES = [Decimal(n) / 2 for n in range(20)]


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(NUMBER_CELLS), st.sampled_from(TEXT_CELLS)), min_size=1, max_size=5)
)
def test_gaps_and_overlaps_are_those_of_the_rules(rules):
    """Every sample of the inputs lies in a gap or an overlap exactly when no rule, or several, match it."""
    found = findings(
        table([("x", "number"), ("s", "string")], ["o"], [(*cells, "1") for cells in rules]),
        ("x", "number"),
        ("s", "string"),
    )
    gaps = [row for finding in found if finding.code == "check.gap" for row in finding.rows]
    overlaps = [row for finding in found if finding.code == "check.overlap" for row in finding.rows]
    for number, text in itertools.product(SAMPLES, ["a", "b", "c"]):
        hits = sum(matches(cells, number, text) for cells in rules)
        assert (hits == 0) == any(matches(row, number, text) for row in gaps)
        assert (hits > 1) == any(matches(row, number, text) for row in overlaps)


def matches(cells, number, text):
    """Say whether a row of cells matches."""
    return _tests(cells[0])(number) and _tests(cells[1])(text)


_compiled: dict[str, object] = {}


def _tests(cell):
    if cell not in _compiled:
        _compiled[cell] = compile_unary_tests(cell)
    return _compiled[cell]


@pytest.mark.parametrize(
    ("text", "clash"),
    [
        ('@"P1D" + @"P1D" > @"P1D"', ""),
        ('@"P1D" * 2 > @"P1D"', ""),
        ('@"P1D" / @"P1D" > 1', ""),
        ('@"P1Y" / 2 > @"P1Y"', ""),
        ('d - d > @"P1D"', ""),
        ('@"P1M" + d > d', ""),
        ('@"10:00:00" + @"PT1H" > @"10:00:00"', ""),
        ('@"10:00:00" + @"P1M"', "time + years and months duration"),
        ("-s", "- string has no value"),
        ("-x > 1", ""),
        ('x between "a" and 3', "number cannot be compared with string"),
        ('x in ["a", "b"]', "tested against string"),
        ('{a: x, b: a + "t"}', "number + string"),
        ("{a: 1}.b", "has no entry 'b'"),
        ("[{a: 1}].a[1] + 1", ""),
        ('(function(n: number) n + "a")(1)', "number + string"),
        ("every i in 1..3 satisfies i", "a condition is boolean"),
        ('for i in [1..3] return i + "a"', "number + string"),
        ("not(s)", ""),
        ("x instance of string", ""),
        ("if true then x else 1 + 1", ""),
        ("string length(string: x)", ""),
        ("d.year + 1", ""),
        ("(if true then x else s) + 1", ""),
    ],
)
def test_types_of_operations(text, clash):
    """The types of operations are known, so that clashes show through them, and only clashes."""
    found = findings(literal(text), ("x", "number"), ("s", "string"), ("d", "date"))
    assert [clash in finding.message for finding in found] == ([True] if clash else [])


def test_allowed_values_of_a_type_bound_the_analysis():
    """A column whose input type lists its values has no other cases."""
    types = (
        '<itemDefinition name="tLevel"><typeRef>string</typeRef>'
        '<allowedValues><text>"low", "high"</text></allowedValues></itemDefinition>'
    )
    rules = [('"low"', "1"), ('"high"', "2")]
    content = definitions(
        types,
        input_data("x", "tLevel"),
        decision("result", table([("x", "tLevel")], ["o"], rules), needs=["x"]),
    )
    assert read_dmn(content).check() == []
    content = definitions(
        types,
        input_data("x", "tLevel"),
        decision("result", table([("x", "tLevel")], ["o"], rules[:1]), needs=["x"]),
    )
    assert [finding.rows for finding in read_dmn(content).check()] == [(('"high"',),)]


def test_output_that_is_not_allowed_is_found():
    """A constant output outside of the allowed values of its type names its cell."""
    types = (
        '<itemDefinition name="tLevel"><typeRef>string</typeRef>'
        '<allowedValues><text>"low", "high"</text></allowedValues></itemDefinition>'
    )
    text = table([("x", "number")], ["o"], [("< 5", '"low"'), (">= 5", '"hihg"')]).replace(
        '<output name="o">', '<output name="o" typeRef="tLevel">'
    )
    content = definitions(types, input_data("x", "number"), decision("result", text, needs=["x"]))
    (found,) = read_dmn(content).check()
    assert "hihg is not among the allowed values of tLevel" in found.message
    assert found.where.endswith("rule 2, output 1")


def test_table_too_large_to_analyse_is_said_so():
    """The work is bounded: a table of very many boxes is not analysed."""
    names = [f"x{number}" for number in range(9)]
    rules = [[f"> {row + 10 * column}" for column in range(9)] + ["1"] for row in range(9)]
    found = findings(
        table([(name, "number") for name in names], ["o"], rules, "FIRST"), *[(n, "number") for n in names]
    )
    assert {finding.code for finding in found} <= {"check.not_analysed", "check.gap", "check.unreachable"}
