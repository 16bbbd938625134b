"""Figures computed by hand, in both executors, and the real court's log through the indicators."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest
from ruamel.yaml import YAML

from lianban.engines.eventlogs import milliseconds, read_log, statistics
from lianban.engines.indicators import (
    Condition,
    Facts,
    Op,
    Part,
    Scope,
    Views,
    compile_figure,
    compile_matters,
    evaluate,
    evaluate_by,
    matters_behind,
    parse_indicators,
)
from lianban.engines.indicators.errors import BadScope, NotThisGroup, NotThisPart
from lianban.engines.indicators.figures import median_survival

PROJECT = Path(__file__).parents[2]
DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)


def words(text):
    return {"zh": text, "en": text}


def definition(**keys):
    raw = {"code": "x", "title": words("x"), "source": words("x"), "of": "matters", "unit": "count", **keys}
    return parse_indicators([raw], source="test")[0]


def matter(number, opened, closed=None, **keys):
    return {
        "id": UUID(int=number),
        "scene": "assistance",
        "state": "open" if closed is None else "closed",
        "opened_at": START + opened * DAY,
        "closed_at": None if closed is None else START + closed * DAY,
        **keys,
    }


# Four matters: 2, 4 and 9 days long, and one open since day 1.
MATTERS = Facts(matters=[matter(1, 0, 2), matter(2, 0, 4), matter(3, 1, 10), matter(4, 1)])
SPAN = {"from": "opened_at", "to": "closed_at"}


@pytest.mark.parametrize(
    ("aggregate", "days"), [("mean", 5), ("median", 4), ("min", 2), ("max", 9), ("sum", 15)]
)
def test_duration_of_ended_with_open_beside(aggregate, days):
    """Ended matters make the number; the pending one is counted beside it, not dropped."""
    figure = evaluate(definition(unit="days", value={"aggregate": aggregate, **SPAN}), MATTERS)
    assert figure.value == days
    assert (figure.rows, figure.open, figure.excluded, figure.matters) == (3, 1, 0, 3)


def test_duration_as_of():
    """What ended after the instant of counting is still open then, and what began later is not there."""
    scope = Scope(as_of=START + 5 * DAY)
    figure = evaluate(definition(unit="days", value={"aggregate": "mean", **SPAN}), MATTERS, scope)
    assert (figure.value, figure.rows, figure.open) == (3, 2, 2)
    early = Scope(as_of=START + timedelta(hours=12))
    figure = evaluate(definition(unit="days", value={"aggregate": "mean", **SPAN}), MATTERS, early)
    assert (figure.value, figure.rows, figure.open) == (None, 0, 2)


def test_period_of_the_end_keeps_the_pending():
    """Counted by the day of closing, matters that still wait at the period's end stay visible."""
    indicator = definition(unit="days", period="closed_at", value={"aggregate": "mean", **SPAN})
    scope = Scope(start=START + 3 * DAY, end=START + 8 * DAY, as_of=START + 8 * DAY)
    figure = evaluate(indicator, MATTERS, scope)
    assert (figure.value, figure.rows, figure.open) == (4, 1, 2)
    assert matters_behind(indicator, MATTERS, scope, Part.OPEN) == [UUID(int=3), UUID(int=4)]


def test_kaplan_meier_by_hand():
    """Lengths 2, 4, 9 ended and 9 open so far (as of day 10): the share open falls to one half at 4 days."""
    indicator = definition(unit="days", value={"aggregate": "median", **SPAN, "censoring": "kaplan_meier"})
    figure = evaluate(indicator, MATTERS, Scope(as_of=START + 10 * DAY))
    assert (figure.value, figure.rows, figure.open) == (4, 3, 1)
    waiting = Facts(matters=[*MATTERS.matters, matter(5, 0), matter(6, 0)])
    assert evaluate(indicator, waiting, Scope(as_of=START + 10 * DAY)).value == 9
    assert evaluate(indicator, waiting, Scope(as_of=START + 9 * DAY)).value is None


def test_kaplan_meier_published_example():
    """Remission times of Freireich's 21 patients on 6-MP (Cox and Oakes, 1984): median 23 weeks."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    running = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    rows = [matter(place, 0, length) for place, length in enumerate(ended)]
    rows += [matter(50 + place, 40 - length) for place, length in enumerate(running)]
    indicator = definition(unit="days", value={"aggregate": "median", **SPAN, "censoring": "kaplan_meier"})
    figure = evaluate(indicator, Facts(matters=rows), Scope(as_of=START + 40 * DAY))
    assert (figure.value, figure.rows, figure.open) == (23, 9, 12)
    # The table of that book: at risk before each time, and how many ended at it.
    steps = [(6, 3, 21), (7, 1, 17), (10, 1, 15), (13, 1, 12), (16, 1, 11), (22, 1, 7), (23, 1, 6)]
    assert median_survival(steps) == 23
    assert median_survival(steps[:-1]) is None


def test_kaplan_meier_exactly_one_half():
    """A share of exactly one half is reached, however the factors round: integers decide."""
    thirds = [(1, 1, 3), (2, 1, 4)]  # 2/3 · 3/4 = 1/2
    assert median_survival(thirds) == 2
    many = [(time, 1, 200_000 - time) for time in range(100_000)]
    assert median_survival(many) == 99_999
    assert median_survival(many[:-1]) is None


def test_kaplan_meier_needs_an_instant():
    """Without an instant of counting, nobody can say how long the open ones have waited."""
    indicator = definition(unit="days", value={"aggregate": "median", **SPAN, "censoring": "kaplan_meier"})
    with pytest.raises(BadScope, match="as_of"):
        evaluate(indicator, MATTERS)
    with pytest.raises(BadScope, match="as_of"):
        compile_figure(indicator)


def letter(number, matter_number, addressee, answered=None, due=5, **keys):
    return {
        "id": UUID(int=100 + number),
        "matter_id": UUID(int=matter_number),
        "scene": "assistance",
        "addressee": addressee,
        "state": "delivered" if answered is None else "answered",
        "delivered_at": START,
        "answered_at": None if answered is None else START + answered * DAY,
        "due_at": START + due * DAY,
        "returned_count": number,
        **keys,
    }


LETTERS = Facts(
    letters=[
        letter(0, 1, "bank", 3),
        letter(1, 1, "land", 5),
        letter(2, 2, "bank", 6),
        letter(3, 2, "land"),
        letter(4, 3, "bank", 1, state="withdrawn"),
    ]
)
IN_TIME = {
    "of": "letters",
    "unit": "percent",
    "by": ["addressee"],
    "exclude": [
        {"when": [{"field": "state", "op": "eq", "value": "withdrawn"}], "because": words("withdrawn")}
    ],
    "denominator": {},
    "numerator": {"where": [{"field": "answered_at", "op": "le", "other": "due_at"}]},
}


def test_share_and_its_lists():
    """Two of four letters were answered in time; each side, the rest and the excluded open their matters."""
    indicator = definition(**IN_TIME, opens="remainder")
    figure = evaluate(indicator, LETTERS)
    assert (figure.value, figure.numerator, figure.denominator, figure.excluded) == (50, 2, 4, 1)
    lists = {part: [m.int for m in matters_behind(indicator, LETTERS, part=part)] for part in indicator.parts}
    assert lists == {
        Part.REMAINDER: [2],
        Part.NUMERATOR: [1],
        Part.DENOMINATOR: [1, 2],
        Part.EXCLUDED: [3],
    }
    assert figure.matters == 1
    assert figure.as_dict()["value"] == "50.00"
    assert figure.as_dict()["exclusions"] == [words("withdrawn")]


def test_share_never_exceeds_the_whole():
    """A row outside the denominator cannot enter the numerator."""
    indicator = definition(
        **{**IN_TIME, "denominator": {"where": [{"field": "addressee", "op": "eq", "value": "land"}]}}
    )
    assert evaluate(indicator, LETTERS).numerator == 1


def test_share_within_days():
    """``plus`` shifts the other instant: answered within three days of delivery."""
    within = [{"field": "answered_at", "op": "le", "other": "delivered_at", "plus": {"days": 3}}]
    figure = evaluate(definition(**{**IN_TIME, "numerator": {"where": within}}), LETTERS)
    assert (figure.numerator, figure.denominator) == (1, 4)


def test_breakdown_adds_up():
    """The groups of a breakdown add up to the whole, and each opens its own matters."""
    indicator = definition(**IN_TIME)
    groups = evaluate_by(indicator, LETTERS, "addressee")
    assert {name: (f.numerator, f.denominator) for name, f in groups.items()} == {
        "bank": (1, 2),
        "land": (1, 2),
    }
    land = Scope(also=(Condition("addressee", Op.EQ, "land"),))
    assert matters_behind(indicator, LETTERS, land, Part.DENOMINATOR) == [UUID(int=1), UUID(int=2)]
    with pytest.raises(NotThisGroup, match="addressee"):
        evaluate_by(indicator, LETTERS, "kind")
    with pytest.raises(NotThisGroup):
        compile_figure(indicator, by="kind; DROP TABLE matter")


@pytest.mark.parametrize("op", ["ne", "not_in"])
def test_absent_never_compares(op):
    """A letter without a result is not "other than yes": only ``absent`` says that."""
    value = "yes" if op == "ne" else ["yes"]
    indicator = definition(of="letters", value="count", where=[{"field": "result", "op": op, "value": value}])
    assert evaluate(indicator, LETTERS).value == 0
    absent = definition(of="letters", value="count", where=[{"field": "result", "op": "absent"}])
    assert evaluate(absent, LETTERS).value == 5


def test_no_rows_no_number():
    """A rate of nothing and a mean of nothing are no number; a count of nothing is zero."""
    empty = Facts()
    assert evaluate(definition(**IN_TIME), empty).value is None
    assert evaluate(definition(**IN_TIME), empty).as_dict()["value"] is None
    assert evaluate(definition(unit="days", value={"aggregate": "mean", **SPAN}), empty).value is None
    assert evaluate(definition(value="count"), empty).value == 0


def test_extreme_opens_who_waited_longest():
    """The list behind a maximum may be the matters that have it."""
    indicator = definition(unit="days", value={"aggregate": "max", **SPAN}, opens="extreme")
    assert matters_behind(indicator, MATTERS) == [UUID(int=3)]
    assert evaluate(indicator, MATTERS).matters == 1


def test_part_that_is_not_there():
    """A list that the indicator does not have is refused, with those it has."""
    with pytest.raises(NotThisPart, match="counted"):
        matters_behind(definition(value="count"), MATTERS, part=Part.NUMERATOR)
    with pytest.raises(NotThisPart):
        compile_matters(definition(value="count"), part=Part.NUMERATOR)


@pytest.mark.parametrize(
    "keys",
    [{"start": datetime(2026, 1, 1)}, {"start": START, "end": START}, {"start": START, "end": START - DAY}],
)
def test_scope_refused(keys):
    """A period without zone, empty or backwards is refused before anything is counted."""
    with pytest.raises(BadScope):
        Scope(**keys)


@pytest.mark.parametrize("name", ["fact matters", 'x"; DROP TABLE y', "Fact", "a.b.c", ""])
def test_view_names_are_checked(name):
    """A name of a view cannot smuggle SQL in."""
    with pytest.raises(BadScope):
        Views(matters=name)


def test_values_are_parameters():
    """No value of a definition or scope stands in the text of the SELECT."""
    nasty = "'; DROP TABLE matter; --"
    indicator = definition(value="count", where=[{"field": "state", "op": "eq", "value": nasty}])
    query = compile_figure(indicator, Scope(scene=nasty))
    assert nasty not in query.sql
    assert list(query.params.values()) == [nasty, nasty]


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("seconds", timedelta(milliseconds=1234, microseconds=500), "1.234"),
        ("seconds", timedelta(milliseconds=1235, microseconds=500), "1.235"),
        ("minutes", timedelta(seconds=20), "0.333"),
        ("hours", timedelta(minutes=90), "1.500"),
        ("days", timedelta(hours=36), "1.500"),
    ],
)
def test_units_and_rounding(unit, value, text):
    """Exact microseconds become the unit at the very end; exactly one half is rounded down."""
    row = {**matter(1, 0), "closed_at": START + value}
    indicator = definition(unit=unit, value={"aggregate": "mean", **SPAN})
    assert format(evaluate(indicator, Facts(matters=[row])).rounded(), "f") == text


def observations(log):
    return [
        {
            "matter_id": UUID(int=number),
            "activity": event.activity,
            "occurred_at": event.occurred_at,
            "seq": place,
            "batch": "log",
        }
        for number, case in enumerate(log.cases)
        for place, event in enumerate(case.events)
    ]


def test_observed_scene_reproduces_the_court_log():
    """The indicators of the shipped scene give the reference figures of the shipped log."""
    scene = PROJECT / "scenes" / "observed"
    definitions = parse_indicators(
        YAML(typ="rt").load((scene / "indicators.yaml").read_text("utf-8")), source="indicators.yaml"
    )
    log = read_log(scene / "demo" / "colombo.csv.gz")
    facts = Facts(observations=observations(log))
    found = {indicator.code: evaluate(indicator, facts) for indicator in definitions}
    expected = statistics(log.cases)
    assert {code: found[code].value for code in ("cases", "events", "activities", "variants")} == {
        "cases": expected.cases,
        "events": expected.events,
        "activities": expected.activities,
        "variants": expected.variants,
    }
    assert found["mean_s"].value == expected.mean / 1_000_000
    assert found["mean_s"].rounded() == milliseconds(expected.mean) == Decimal("119827484.921")
    assert found["median_s"].value == expected.median / 1_000_000
    assert found["max_s"].value == Fraction(expected.longest, 1_000_000)
    assert found["mean_s"].matters == 316


def test_variants_order_by_time_then_sequence():
    """One matter's sequence is by time, then number; matters with one sequence are one variant."""
    rows = [
        {"matter_id": UUID(int=m), "activity": activity, "occurred_at": START + day * DAY, "seq": seq}
        for m, activity, day, seq in [
            (1, "b", 1, 0), (1, "a", 0, 1), (1, "c", 1, 2),
            (2, "a", 0, 0), (2, "b", 1, 1), (2, "c", 1, 2),
            (3, "a", 0, 0), (3, "c", 1, 1), (3, "b", 1, 2),
        ]
    ]  # fmt: skip
    indicator = definition(of="observations", value="variants")
    assert evaluate(indicator, Facts(observations=rows)).value == 2
