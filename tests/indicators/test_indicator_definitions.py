"""Reading definitions: the documented example, and one test for every mistake that can be made."""

import copy
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lianban.engines.indicators import (
    COLUMNS,
    Aggregate,
    FactKind,
    IndicatorsRefused,
    Op,
    Part,
    Unit,
    parse_indicators,
    read_indicators,
)

DOCUMENT = (Path(__file__).parents[2] / "docs" / "reference" / "indicators.md").read_text("utf-8")
EXAMPLE = re.search(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)[1]
WORDS = {"zh": "指标", "en": "indicator"}
GOOD = {"code": "x", "title": WORDS, "source": WORDS, "of": "letters", "unit": "count", "value": "count"}
SHARE = {
    **{key: GOOD[key] for key in ("code", "title", "source", "of")},
    "unit": "percent",
    "numerator": {},
    "denominator": {},
}


@pytest.mark.parametrize("reader", ["rt", "safe"])
def test_documented_example(reader):
    """The example of the reference is read as it says, with line numbers kept or not."""
    rate, time = parse_indicators(YAML(typ=reader).load(EXAMPLE), source="indicators.yaml")
    assert (rate.code, rate.unit, rate.opens, rate.by) == (
        "answered_in_time",
        Unit.PERCENT,
        Part.REMAINDER,
        ("addressee",),
    )
    assert rate.parts == (Part.REMAINDER, Part.NUMERATOR, Part.DENOMINATOR, Part.EXCLUDED)
    assert rate.title.zh == "按期反馈率"
    assert (time.value.aggregate, time.value.duration.start, time.unit) == (
        Aggregate.MEDIAN,
        "opened_at",
        Unit.DAYS,
    )
    assert parse_indicators(None, source="empty.yaml") == ()


def test_reference_names_everything():
    """Every column, operator, unit, aggregate and list is in the reference."""
    for names in (*COLUMNS.values(), Op, Unit, Aggregate, Part, FactKind):
        for name in names:
            assert f"`{name}`" in DOCUMENT or f"{name}｜" in DOCUMENT or f"｜{name}" in DOCUMENT, name


def with_keys(base=GOOD, **keys):
    return {**copy.deepcopy(base), **keys}


def without(base, key):
    return {name: value for name, value in base.items() if name != key}


def where(**condition):
    return with_keys(where=[condition])


SPAN = {"from": "delivered_at", "to": "answered_at"}
MISTAKES = {
    "code missing": (without(GOOD, "code"), "indicators[0].code", "lower-case"),
    "code upper": (with_keys(code="Answered"), "Answered.code", "lower-case"),
    "title missing": (without(GOOD, "title"), "x.title", "mapping"),
    "title one language": (with_keys(title={"zh": "甲"}), "x.title", "zh and en"),
    "title third language": (with_keys(title={**WORDS, "de": "x"}), "x.title.de", "Use: zh, en"),
    "source missing": (without(GOOD, "source"), "x.source", "mapping"),
    "unknown key": (with_keys(valeu="count"), "x.valeu", 'did you mean "value"?'),
    "unknown fact": (with_keys(of="leters"), "x.of", 'did you mean "letters"?'),
    "unknown unit": (with_keys(unit="day"), "x.unit", 'did you mean "days"?'),
    "unit of another kind": (with_keys(unit="percent"), "x.unit", "one of count"),
    "unit of a share": (with_keys(SHARE, unit="count"), "x.unit", "one of ratio, percent"),
    "unit of a duration": (with_keys(value={"aggregate": "mean", **SPAN}), "x.unit", "one of seconds"),
    "no value": (without(GOOD, "value"), "x", "either value"),
    "value and share": (with_keys(SHARE, value="count"), "x", "either value"),
    "no denominator": (without(SHARE, "denominator"), "x.denominator", "mapping"),
    "share of a mean": (
        with_keys(SHARE, numerator={"value": {"aggregate": "mean", "field": "returned_count"}}),
        "x.numerator.value",
        "side of a share",
    ),
    "share of a duration": (
        with_keys(SHARE, denominator={"value": {"aggregate": "sum", **SPAN}}),
        "x.denominator.value",
        "side of a share",
    ),
    "unknown aggregate": (with_keys(value="average"), "x.value.aggregate", "not known"),
    "count of a field": (with_keys(value={"aggregate": "count", "field": "id"}), "x.value.aggregate", "nothing else"),
    "variants of letters": (with_keys(value="variants"), "x.value.aggregate", "observations only"),
    "mean of nothing": (with_keys(value="mean"), "x.value.aggregate", "either field"),
    "mean of a text": (with_keys(value={"aggregate": "mean", "field": "kind"}), "x.value.field", "of type text"),
    "mean of both": (
        with_keys(value={"aggregate": "mean", "field": "returned_count", **SPAN}), "x.value.aggregate", "either field",
    ),
    "half a duration": (
        with_keys(unit="days", value={"aggregate": "mean", "from": "delivered_at"}), "x.value.to", "not known",
    ),
    "duration to itself": (
        with_keys(unit="days", value={"aggregate": "mean", "from": "due_at", "to": "due_at"}), "x.value.to", "the same",
    ),
    "distinct durations": (with_keys(unit="days", value={"aggregate": "distinct", **SPAN}), "x.value.aggregate", "needs field"),
    "mean survival": (
        with_keys(unit="days", value={"aggregate": "mean", **SPAN, "censoring": "kaplan_meier"}),
        "x.value.censoring",
        "median",
    ),
    "censored field": (
        with_keys(value={"aggregate": "mean", "field": "returned_count", "censoring": "beside"}),
        "x.value.censoring",
        "durations only",
    ),
    "span of observations": (
        with_keys(of="observations", unit="days", value={"aggregate": "mean", "from": "occurred_at", "to": "last"}),
        "x.value.from",
        "first",
    ),
    "unknown field": (where(field="stat", op="eq", value="x"), "x.where[0].field", 'did you mean "state"?'),
    "field of other facts": (where(field="opened_at", op="present"), "x.where[0].field", "not known"),
    "unknown op": (where(field="state", op="==", value="x"), "x.where[0].op", "not known"),
    "order of text": (where(field="state", op="lt", value="x"), "x.where[0].op", "no order"),
    "no value to compare": (where(field="state", op="eq"), "x.where[0].op", "either value or other"),
    "value and other": (where(field="state", op="eq", value="x", other="kind"), "x.where[0].op", "either value or other"),
    "absent with value": (where(field="state", op="absent", value="x"), "x.where[0].op", "takes no value"),
    "list missing": (where(field="state", op="in", value="x"), "x.where[0].value", "needs a list"),
    "list empty": (where(field="state", op="in", value=[]), "x.where[0].value", "needs a list"),
    "list of other": (where(field="state", op="in", other="kind"), "x.where[0].op", "needs a list"),
    "wrong type": (where(field="returned_count", op="eq", value="1"), "x.where[0].value", "of type integer"),
    "boolean": (where(field="returned_count", op="eq", value=True), "x.where[0].value", "of type integer"),
    "wrong type in list": (where(field="state", op="in", value=["a", 1]), "x.where[0].value", "found 1"),
    "no zone": (where(field="due_at", op="lt", value="2026-01-01T00:00:00"), "x.where[0].value", "time zone"),
    "no instant": (where(field="due_at", op="lt", value="soon"), "x.where[0].value", "of type instant"),
    "no id": (where(field="id", op="eq", value="x"), "x.where[0].value", "of type id"),
    "types differ": (where(field="due_at", op="eq", other="state"), "x.where[0].other", "of type text"),
    "plus alone": (
        where(field="due_at", op="eq", value="2026-01-01T00:00:00Z", plus={"days": 1}), "x.where[0].plus", "other only",
    ),
    "plus of text": (where(field="state", op="eq", other="kind", plus={"days": 1}), "x.where[0].plus", "instants only"),
    "plus of weeks": (where(field="due_at", op="le", other="signed_at", plus={"weeks": 1}), "x.where[0].plus", "weeks"),
    "plus of a million years": (
        where(field="due_at", op="le", other="signed_at", plus={"days": 10**9}), "x.where[0].plus", "hundred years",
    ),
    "where no list": (with_keys(where={"field": "state"}), "x.where", "list of mappings"),
    "exclude all": (with_keys(exclude=[{"when": [], "because": WORDS}]), "x.exclude[0].when", "every row"),
    "exclude silently": (
        with_keys(exclude=[{"when": [{"field": "state", "op": "present"}]}]), "x.exclude[0].because", "mapping",
    ),
    "period of text": (with_keys(period="state"), "x.period", "of type text"),
    "group by instant": (with_keys(by=["due_at"]), "x.by", "not known"),
    "group no list": (with_keys(by="state"), "x.by", "list of columns"),
    "opens elsewhere": (with_keys(opens="numerator"), "x.opens", "Use: counted"),
    "opens unknown": (with_keys(opens="all"), "x.opens", "not known"),
    "places": (with_keys(places=9), "x.places", "from 0 to 6"),
}  # fmt: skip


@pytest.mark.parametrize("what", MISTAKES)
def test_mistake(what):
    """Each mistake is refused, named by its place, and told in both languages."""
    raw, place, says = MISTAKES[what]
    reading = read_indicators([raw], source="scenes/x/indicators.yaml")
    assert reading.indicators == ()
    problem = next(problem for problem in reading.problems if problem.where == place)
    assert says in problem.en
    assert re.search("[\u4e00-\u9fff]", problem.zh)
    assert problem.text("en").startswith(f"scenes/x/indicators.yaml {place}: ")
    with pytest.raises(IndicatorsRefused) as caught:
        parse_indicators([raw], source="scenes/x/indicators.yaml")
    assert caught.value.found["count"] == len(reading.problems)


def test_mistakes_are_all_told():
    """One bad definition does not hide the next, and good ones are still read."""
    raw = [with_keys(unit="day"), with_keys(code="y"), "text", with_keys(code="z", of="x")]
    reading = read_indicators(raw, source="s")
    assert [indicator.code for indicator in reading.indicators] == ["y"]
    assert [problem.where for problem in reading.problems] == ["indicators", "x.unit", "z.of"]


def test_code_twice():
    """The second definition of one code is refused."""
    reading = read_indicators([GOOD, GOOD], source="s")
    assert len(reading.indicators) == 1
    assert "twice" in reading.problems[0].en


@pytest.mark.parametrize("raw", ["text", 1, {"indicator": []}, {"indicators": {"a": 1}}, [["x"]]])
def test_no_list_of_definitions(raw):
    """A file that is something else altogether is refused, not half read."""
    reading = read_indicators(raw, source="s")
    assert reading.problems
    assert reading.indicators == ()


def test_line_numbers():
    """A mistake is named by the line on which it stands in the file."""
    text = EXAMPLE.replace("op: present", "op: presnt").replace("unit: days", "unit: day")
    lines = text.splitlines()
    reading = read_indicators(YAML(typ="rt").load(text), source="indicators.yaml")
    found = {problem.where: problem.line for problem in reading.problems}
    assert found == {
        "answered_in_time.denominator.where[0].op": 1
        + next(n for n, line in enumerate(lines) if "presnt" in line),
        "handling_time.unit": 1 + next(n for n, line in enumerate(lines) if "unit: day" in line),
    }
    assert reading.problems[0].text("zh").startswith("indicators.yaml:13 answered_in_time")


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=4)
    | st.sampled_from(["count", "state", "eq", "letters"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*GOOD, "where", "exclude", "by", "opens", "numerator", "field", "op"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from([*GOOD, "where", "exclude", "period", "by", "opens", "places", "description"]), JUNK)
def test_junk_never_crashes(key, junk):
    """Whatever stands in a file, reading it ends in definitions or in problems."""
    reading = read_indicators([{**GOOD, key: junk}, junk], source="s")
    assert reading.problems or reading.indicators
