"""Generated facts and generated definitions, for tests that compare two executors."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import strategies as st

from lianban.engines.indicators import COLUMNS, ColumnType, FactKind, Facts, Scope, parse_indicators

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = {"zh": "指标", "en": "indicator"}
TEXTS = ["a", "b", "甲"]
MATTERS = [UUID(int=place << 64 | 7) for place in (3, 1, 2, 9)]

# Few distinct instants, so that ties and limits of periods are met often, and some that differ by a microsecond.
OFFSETS = [0, 0, 0, 1, 86_399_999_999]
INSTANTS = st.builds(
    lambda days, micro: START + timedelta(days=days, microseconds=micro),
    st.integers(0, 4),
    st.sampled_from(OFFSETS),
)


def plain_value(random, kind):
    if kind is ColumnType.ID:
        return random.choice(MATTERS)
    if kind is ColumnType.TEXT:
        return random.choice(TEXTS)
    if kind is ColumnType.INTEGER:
        return random.randint(-2, 3)
    return START + timedelta(
        days=random.randint(0, 6), microseconds=random.choice([0, 0, 0, 1, 86_399_999_999])
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
    FactKind.HITS: {"id", "matter_id", "scene"},
    FactKind.OBSERVATIONS: {"matter_id", "scene", "activity", "occurred_at", "seq"},
    FactKind.COLLABORATIONS: {"id", "matter_id", "scene"},
    FactKind.CLOSINGS: {"id", "matter_id", "scene"},
    FactKind.CASELOAD: {"id", "matter_id", "scene"},
    FactKind.FUNDS: {"id", "matter_id", "scene"},
}


def some_rows(random, kind):
    """Some thirty rows: lists that hypothesis grows itself stay too short to meet ties, gaps and groups."""
    rows = []
    for place in range(random.choice([0, 3, 10, 20, 31])):
        row = {
            name: None
            if name not in REQUIRED[kind] and random.random() < 0.3
            else plain_value(random, column)
            for name, column in COLUMNS[kind].items()
        }
        if kind is not FactKind.OBSERVATIONS:
            row["id"] = UUID(int=random.getrandbits(128))
        else:
            row["seq"] = place  # no two observations of a matter have the same number
        if kind is FactKind.MATTERS and place < len(MATTERS):
            row["id"] = MATTERS[place]
        rows.append(row)
    random.shuffle(rows)
    return rows


def some_traces(random):
    """Matters that share a few sequences of activities, numbered in another order than that of time."""
    rows = []
    for matter in MATTERS:
        activities = random.choice([TEXTS, TEXTS[::-1], TEXTS[:2]])
        numbers = random.sample(range(100), len(activities))
        for day, (activity, number) in enumerate(zip(activities, numbers, strict=True)):
            at = START + timedelta(days=day, microseconds=random.choice([0, 1]))
            rows.append(
                {
                    "matter_id": matter,
                    "scene": TEXTS[0],
                    "activity": activity,
                    "occurred_at": at,
                    "seq": number,
                    "batch": None,
                }
            )
    return rows


def some_facts(seed):
    rows = {kind.value: some_rows(Random(f"{seed} {kind}"), kind) for kind in FactKind}
    if seed % 3 == 0:
        rows["observations"] = some_traces(Random(seed))
    return Facts(**rows)


# From a seed, not from draws: what a list of draws would shrink to is rarely what two executors disagree on.
FACTS = st.integers(0, 2**32 - 1).map(some_facts)


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


def rarely(strategy):
    """Nothing three times out of four: conditions that leave no row would make every executor right."""
    return st.one_of(st.just([]), st.just([]), st.just([]), strategy)


@st.composite
def measure(draw, kind, aggregate):
    """A value and the units that suit it."""
    if aggregate in ("count", "variants"):
        return aggregate, ["count"]
    if aggregate == "distinct":
        return {"aggregate": aggregate, "field": draw(st.sampled_from(list(COLUMNS[kind])))}, ["count"]
    units = ["seconds", "minutes", "hours", "days"]
    integers = named(kind, ColumnType.INTEGER)
    if aggregate != "survival" and integers and draw(st.integers(0, 3)) == 0:
        field = draw(st.sampled_from(integers))
        return {"aggregate": aggregate, "field": field}, ["yuan" if field.endswith("_fen") else "count"]
    if kind is FactKind.OBSERVATIONS:
        return {"aggregate": aggregate, "from": "first", "to": "last"}, units
    start, end = draw(st.permutations(named(kind, ColumnType.INSTANT)))[:2]
    value = {"aggregate": aggregate, "from": start, "to": end}
    if aggregate == "survival":
        value |= {"aggregate": "median", "censoring": "kaplan_meier"}
    return value, units


@st.composite
def share(draw, kind):
    integers = named(kind, ColumnType.INTEGER)
    values = ["count", {"aggregate": "distinct", "field": draw(st.sampled_from(list(COLUMNS[kind])))}]
    if integers:
        values.append({"aggregate": "sum", "field": draw(st.sampled_from(integers))})
    return {"where": draw(conditions(kind)), "value": draw(st.sampled_from(values))}


SHAPES = ["share", "count", "distinct", "sum", "mean", "median", "min", "max", "variants", "survival"]


def kinds_of(shape):
    if shape == "variants":
        return [FactKind.OBSERVATIONS]
    return [FactKind.MATTERS, FactKind.LETTERS] if shape == "survival" else list(FactKind)


@st.composite
def definitions(draw, shape):
    kind = draw(st.sampled_from(kinds_of(shape)))
    raw = {
        "code": "generated",
        "title": WORDS,
        "source": WORDS,
        "of": kind.value,
        "where": draw(rarely(conditions(kind))),
        "exclude": [
            {"when": when, "because": WORDS}
            for when in draw(rarely(st.lists(conditions(kind, 1), min_size=1, max_size=2)))
        ],
        "by": draw(st.lists(st.sampled_from(named(kind, ColumnType.TEXT)), max_size=1, unique=True)),
    }
    if shape == "share":
        raw |= {"numerator": draw(share(kind)), "denominator": draw(share(kind)), "unit": "percent"}
    else:
        value, units = draw(measure(kind, shape))
        raw |= {"value": value, "unit": draw(st.sampled_from(units))}
        # A duration whose end is also the period's column has a rule of its own: meet it often.
        if isinstance(value, dict) and value.get("to") in COLUMNS[kind] and draw(st.booleans()):
            raw["period"] = value["to"]
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
    raw = {
        "code": "also", "title": WORDS, "source": WORDS, "of": indicator.of.value, "unit": "count", "value": "count",
        "where": draw(rarely(conditions(indicator.of))),
    }  # fmt: skip
    survival = indicator.value is not None and indicator.value.censoring.value == "kaplan_meier"
    return Scope(
        start=start,
        end=end,
        as_of=draw(INSTANTS if survival else st.none() | INSTANTS),
        scene=draw(st.sampled_from([None, None, None, *TEXTS])),
        also=parse_indicators([raw], source="also")[0].where,
    )
