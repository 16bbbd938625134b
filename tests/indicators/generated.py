"""Generated facts and generated definitions, for tests that compare two executors."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from lianban.engines.indicators import COLUMNS, ColumnType, FactKind, Facts, Scope, parse_indicators

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = {"zh": "指标", "en": "indicator"}
TEXTS = ["a", "b", "甲"]
MATTERS = [UUID(int=place << 64 | 7) for place in (3, 1, 2, 9)]

# Few distinct instants, so that ties and limits of periods are met often, and some that differ by a microsecond.
INSTANTS = st.builds(
    lambda days, micro: START + timedelta(days=days, microseconds=micro),
    st.integers(0, 6),
    st.sampled_from([0, 0, 0, 1, 86_399_999_999]),
)


def value_of(kind):
    return {
        ColumnType.ID: st.sampled_from(MATTERS),
        ColumnType.TEXT: st.sampled_from(TEXTS),
        ColumnType.INTEGER: st.integers(-2, 3),
        ColumnType.INSTANT: INSTANTS,
    }[kind]


REQUIRED = {
    FactKind.MATTERS: {"id", "scene"},
    FactKind.LETTERS: {"id", "matter_id", "scene"},
    FactKind.OBSERVATIONS: {"matter_id", "activity", "occurred_at", "seq"},
}


def rows_of(kind):
    columns = {
        name: value_of(column) if name in REQUIRED[kind] else st.none() | value_of(column)
        for name, column in COLUMNS[kind].items()
    }
    unique = {"unique_by": lambda row: row["id"]} if kind is FactKind.MATTERS else {}
    if kind is FactKind.LETTERS:
        columns["id"] = st.uuids()
    return st.lists(st.fixed_dictionaries(columns), max_size=12, **unique)


FACTS = st.builds(
    Facts,
    matters=rows_of(FactKind.MATTERS),
    letters=rows_of(FactKind.LETTERS),
    # No two observations of one matter have the same number, as in the history of a real matter.
    observations=rows_of(FactKind.OBSERVATIONS).map(
        lambda rows: [{**row, "seq": place} for place, row in enumerate(rows)]
    ),
)


def named(kind, *types):
    return [name for name, column in COLUMNS[kind].items() if column in types]


@st.composite
def condition(draw, kind):
    field = draw(st.sampled_from(list(COLUMNS[kind])))
    column = COLUMNS[kind][field]
    ordered = column in (ColumnType.INTEGER, ColumnType.INSTANT)
    ops = ["eq", "ne", "in", "not_in", "absent", "present", *(["lt", "le", "gt", "ge"] if ordered else [])]
    op = draw(st.sampled_from(ops))
    if op in ("absent", "present"):
        return {"field": field, "op": op}
    plain = value_of(column)
    if column is ColumnType.INSTANT:
        plain = plain.map(lambda instant: draw(st.sampled_from([instant, instant.isoformat()])))
    if op in ("in", "not_in"):
        return {"field": field, "op": op, "value": draw(st.lists(plain, min_size=1, max_size=3))}
    if draw(st.booleans()):
        other = draw(st.sampled_from(named(kind, column)))
        if column is ColumnType.INSTANT and draw(st.booleans()):
            plus = {"days": draw(st.integers(-2, 2)), "hours": draw(st.integers(-30, 30))}
            return {"field": field, "op": op, "other": other, "plus": plus}
        return {"field": field, "op": op, "other": other}
    return {"field": field, "op": op, "value": draw(plain)}


def conditions(kind, least=0):
    return st.lists(condition(kind), min_size=least, max_size=2)


@st.composite
def measure(draw, kind):
    """A value and the units that suit it."""
    aggregate = draw(
        st.sampled_from(["count", "distinct", "sum", "mean", "median", "min", "max", "variants"])
    )
    if aggregate == "variants" and kind is not FactKind.OBSERVATIONS:
        aggregate = "count"
    if aggregate in ("count", "variants"):
        return aggregate, ["count"]
    if aggregate == "distinct":
        return {"aggregate": aggregate, "field": draw(st.sampled_from(list(COLUMNS[kind])))}, ["count"]
    integers = named(kind, ColumnType.INTEGER)
    if integers and draw(st.booleans()):
        return {"aggregate": aggregate, "field": draw(st.sampled_from(integers))}, ["count"]
    units = ["seconds", "minutes", "hours", "days"]
    if kind is FactKind.OBSERVATIONS:
        return {"aggregate": aggregate, "from": "first", "to": "last"}, units
    start, end = draw(st.permutations(named(kind, ColumnType.INSTANT)))[:2]
    value = {"aggregate": aggregate, "from": start, "to": end}
    if aggregate == "median" and draw(st.booleans()):
        value["censoring"] = "kaplan_meier"
    return value, units


@st.composite
def share(draw, kind):
    integers = named(kind, ColumnType.INTEGER)
    values = ["count", {"aggregate": "distinct", "field": draw(st.sampled_from(list(COLUMNS[kind])))}]
    if integers:
        values.append({"aggregate": "sum", "field": draw(st.sampled_from(integers))})
    return {"where": draw(conditions(kind)), "value": draw(st.sampled_from(values))}


@st.composite
def definitions(draw):
    kind = draw(st.sampled_from(list(FactKind)))
    raw = {
        "code": "generated",
        "title": WORDS,
        "source": WORDS,
        "of": kind.value,
        "where": draw(st.just([]) | conditions(kind)),
        "exclude": [
            {"when": when, "because": WORDS} for when in draw(st.lists(conditions(kind, 1), max_size=2))
        ],
        "by": draw(st.lists(st.sampled_from(named(kind, ColumnType.TEXT)), max_size=2, unique=True)),
    }
    if draw(st.booleans()):
        value, units = draw(measure(kind))
        raw |= {"value": value, "unit": draw(st.sampled_from(units))}
        # A duration whose end is also the period's column has a rule of its own: meet it often.
        if isinstance(value, dict) and value.get("to") in COLUMNS[kind] and draw(st.booleans()):
            raw["period"] = value["to"]
    else:
        raw |= {"numerator": draw(share(kind)), "denominator": draw(share(kind)), "unit": "percent"}
    if "period" not in raw and draw(st.booleans()):
        raw["period"] = draw(st.sampled_from(named(kind, ColumnType.INSTANT)))
    (indicator,) = parse_indicators([raw], source="generated")
    opens = draw(st.sampled_from(indicator.parts))
    return parse_indicators([{**raw, "opens": opens.value}], source="generated")[0]


@st.composite
def scopes(draw, indicator):
    start, end = draw(st.none() | INSTANTS), draw(st.none() | INSTANTS)
    if start is not None and end is not None and start >= end:
        start, end = (end, start) if end < start else (start, None)
    also = draw(st.just([]) | conditions(indicator.of))
    raw = {
        "code": "also", "title": WORDS, "source": WORDS, "of": indicator.of.value, "unit": "count", "value": "count",
        "where": also,
    }  # fmt: skip
    survival = indicator.value is not None and indicator.value.censoring.value == "kaplan_meier"
    return Scope(
        start=start,
        end=end,
        as_of=draw(INSTANTS if survival else st.none() | INSTANTS),
        scene=draw(st.none() | st.sampled_from(TEXTS)),
        also=parse_indicators([raw], source="also")[0].where,
    )
