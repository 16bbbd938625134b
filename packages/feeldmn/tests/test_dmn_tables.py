"""Decision tables: hit policies, aggregations, defaults, and the speedy look-ups beside the plain meaning."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from dmn_writing import decision, definitions, input_data, table
from hypothesis import given, settings
from hypothesis import strategies as st

from feeldmn import compile_unary_tests, read_dmn

OVERLAPPING = [("< 10", '"low"'), ("< 20", '"middle"'), (">= 5", '"high"'), ("30", '"low"')]


def decide(policy, value, *, rules=OVERLAPPING, values=(), defaults=()):
    """Return the value and the codes of the diagnostics of a table with one numeric input."""
    content = definitions(
        input_data("x"),
        decision(
            "d", table([("x", "number")], ["o"], rules, policy, values=values, defaults=defaults), needs=["x"]
        ),
    )
    evaluation = read_dmn(content).decision("d").evaluate({"x": value})
    return evaluation.value, [found.code for found in evaluation.diagnostics]


@pytest.mark.parametrize(
    ("policy", "value", "result"),
    [
        ("UNIQUE", 25, "high"),
        ("UNIQUE", 7, None),
        ("FIRST", 7, "low"),
        ("FIRST", 15, "middle"),
        ("PRIORITY", 7, "high"),
        ("ANY", 25, "high"),
        ("ANY", 7, None),
        ("COLLECT", 7, ["low", "middle", "high"]),
        ("RULE ORDER", 15, ["middle", "high"]),
        ("OUTPUT ORDER", 7, ["high", "middle", "low"]),
        ("COLLECT/COUNT", 7, Decimal(3)),
        ("COLLECT/MIN", 7, "high"),
        ("COLLECT/MAX", 7, "middle"),
    ],
)
def test_hit_policy(policy, value, result):
    """Each policy makes its result of the rules that match."""
    assert decide(policy, value, values=['"high", "middle", "low"'])[0] == result


def test_collect_sum():
    """SUM adds the outputs of all hits."""
    rules = [("< 10", "1.5"), ("< 20", "2"), (">= 5", "0.25")]
    assert decide("COLLECT/SUM", 7, rules=rules)[0] == Decimal("3.75")


@pytest.mark.parametrize(
    ("policy", "result", "code"),
    [
        ("UNIQUE", None, "dmn.no_rule"),
        ("FIRST", None, "dmn.no_rule"),
        ("COLLECT", [], None),
        ("RULE ORDER", [], None),
        ("COLLECT/COUNT", Decimal(0), None),
        ("COLLECT/SUM", None, "dmn.no_rule"),
    ],
)
def test_no_rule_matches(policy, result, code):
    """Without a hit a single-hit table is null with the reason, and a collecting one is empty."""
    value, codes = decide(policy, 1, rules=[("> 5", "1")])
    assert value == result
    assert codes == ([code] if code else [])


@pytest.mark.parametrize(("policy", "result"), [("UNIQUE", "none"), ("FIRST", "none"), ("COLLECT", ["none"])])
def test_default_output(policy, result):
    """The default stands where no rule matches."""
    assert decide(policy, 1, rules=[("> 5", '"some"')], defaults=['"none"']) == (result, [])


def test_unique_table_names_the_rules_that_clash():
    """The diagnostic of a table that is not unique says which rules match."""
    content = definitions(
        input_data("x"), decision("d", table([("x", "number")], ["o"], OVERLAPPING), needs=["x"])
    )
    found = read_dmn(content, source="fees.dmn").decision("d").evaluate({"x": 7}).diagnostics[0]
    assert found.code == "dmn.not_unique"
    assert found.where == "fees.dmn, decision 'd'"
    assert "1, 2, 3" in found.message


def test_several_outputs_make_a_context():
    """A table with several output columns decides a context."""
    rules = [("< 10", '"low"', "1"), (">= 10", '"high"', "x * 2")]
    content = definitions(
        input_data("x"), decision("d", table([("x", "number")], ["name", "rate"], rules), needs=["x"])
    )
    assert read_dmn(content).decision("d").evaluate({"x": 12}).value == {"name": "high", "rate": 24}


def test_input_outside_of_allowed_values_is_null_with_a_reason():
    """A value that `inputValues` does not list is null to the cells, and the diagnostic says so."""
    content = definitions(
        input_data("x"),
        decision(
            "d", table([("x", "string", '"a", "b"')], ["o"], [('"c"', "1"), ("null", "2")]), needs=["x"]
        ),
    )
    evaluation = read_dmn(content).decision("d").evaluate({"x": "c"})
    assert evaluation.value == 2
    assert [found.code for found in evaluation.diagnostics] == ["dmn.input_not_allowed"]


def test_error_in_a_cell_names_the_cell():
    """A cell that is no FEEL makes that cell null, and its place is said; the other rules go on."""
    rules = [("< 10", "1 +"), (">= 10", "2")]
    content = definitions(input_data("x"), decision("d", table([("x", "number")], ["o"], rules), needs=["x"]))
    model = read_dmn(content, source="fees.dmn")
    assert model.decision("d").evaluate({"x": 12}).value == 2
    found = model.decision("d").evaluate({"x": 5}).diagnostics[0]
    assert (found.code, found.where) == ("feel.syntax", "fees.dmn, decision 'd', rule 1, output 1")


CELLS = {
    "number": [
        "-", "5", "3, 7", "< 5", "<= 5", "> 5", ">= 5", "[3..7]", "(3..7)", "[3..7)", "not(5)", "not(< 3, > 7)",
        "< 3, [5..6]", "0.5", "= 5", "null", "? > 4", "3.0",
    ],
    "string": ["-", '"a"', '"a", "b"', 'not("a")', 'not("a", "b")', '"c"', '""', 'starts with(?, "a")', "null"],
    "boolean": ["-", "true", "false", "not(true)", "true, false"],
}  # fmt: skip
VALUES = {
    "number": st.sampled_from([None, 0, 2, 3, 4, 5, 6, 7, 8, Decimal("0.5"), Decimal("5.5"), "a", True, [5]]),
    "string": st.sampled_from([None, "", "a", "b", "c", "ab", 5, False]),
    "boolean": st.sampled_from([None, True, False, "true"]),
}


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(list(CELLS)))
def test_column_matches_as_its_cells_do(data, kind):
    """Look-ups and binary searches of whole columns give what each cell gives by itself."""
    cells = data.draw(st.lists(st.sampled_from(CELLS[kind]), min_size=1, max_size=8))
    value = data.draw(VALUES[kind])
    content = definitions(
        input_data("x"),
        decision(
            "d",
            table([("x", "")], ["o"], [(cell, str(at)) for at, cell in enumerate(cells)], "COLLECT"),
            needs=["x"],
        ),
    )
    found = read_dmn(content).decision("d").evaluate({"x": value}).value
    assert found == [at for at, cell in enumerate(cells) if compile_unary_tests(cell)(value)]


def test_input_of_null_is_no_mistake_of_the_cells():
    """A missing input is said once, and not again by every cell that cannot compare it."""
    content = definitions(
        input_data("x"),
        decision("d", table([("x", "number")], ["o"], [*OVERLAPPING, ("null", "1")]), needs=["x"]),
    )
    model = read_dmn(content)
    assert model.decision("d").evaluate({"x": None}).value == 1
    assert model.decision("d").evaluate({"x": None}).diagnostics == ()
    assert [found.code for found in model.decision("d").evaluate({}).diagnostics] == ["dmn.input_missing"]


def test_table_is_shared_by_threads():
    """A compiled model decides in many threads at once."""
    content = definitions(
        input_data("x"), decision("d", table([("x", "number")], ["o"], OVERLAPPING, "COLLECT"), needs=["x"])
    )
    model = read_dmn(content)
    values = list(range(40)) * 10
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda x: model.decision("d").evaluate({"x": x}).value, values))
    assert together == [model.decision("d").evaluate({"x": x}).value for x in values]
