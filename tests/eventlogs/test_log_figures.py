"""Real logs give their published figures, and the shipped one gives those of its source."""

import gzip
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.eventlogs import (
    CaseLog,
    LoggedEvent,
    milliseconds,
    read_log,
    statistics,
    stream_events,
)

SHIPPED = Path(__file__).parents[2] / "scenes" / "observed" / "demo"
LOGS = [
    "pm4py/receipt.csv",
    "pm4py/running-example.xes",
    "pm4py/roadtraffic100traces.xes",
    "brazil_courts/1a_VARA_DE_FEITOS_TRIBUTARIOS_DO_ESTADO_-_TJMG.xes",
    "brazil_courts/3a_VARA_DE_FEITOS_TRIBUTARIOS_DO_ESTADO_-_TJMG.xes",
    "brazil_courts/COLOMBO_-_VARA_DA_FAZENDA_PUBLICA_-_TJPR_filter.xes",
    "eventdataR/traffic_fines",
]
COUNTS = ("cases", "events", "activities", "variants", "start", "end")
SECONDS = ("mean_s", "median_s", "max_s")


def plain_time(text):
    return datetime.fromisoformat(text)


def assert_equal_figures(found, expected):
    for key in ("cases", "events", "activities", "variants"):
        assert found[key] == expected[key], key
    for key in ("start", "end"):
        assert plain_time(found[key]) == plain_time(expected[key]), key
    for key in SECONDS:
        assert round(found[key], 3) == round(expected[key], 3), key


@pytest.mark.data
def test_every_published_log_is_tested(real_inputs):
    """No log of the published figures is left out of the next test."""
    published = json.loads((real_inputs / "eventlogs" / "expected_stats.json").read_text())
    assert [entry["log"] for entry in published] == LOGS


@pytest.mark.data
@pytest.mark.parametrize("name", LOGS)
def test_statistics_published(name, real_inputs):
    """Counts, variants and durations equal the published ones to the millisecond."""
    folder = real_inputs / "eventlogs"
    published = json.loads((folder / "expected_stats.json").read_text())
    expected = next(entry for entry in published if entry["log"] == name)
    path = folder / Path(name).name
    if not path.exists():
        path = folder / f"{path.name}.csv.gz"
    assert_equal_figures(statistics(read_log(path).cases).as_dict(), expected)


@pytest.mark.data
def test_statistics_same_log_as_csv_and_xes(real_inputs):
    """The same log in both formats has the same cases, in every event."""
    logs = [read_log(real_inputs / "eventlogs" / f"running-example.{kind}") for kind in ("csv", "xes")]
    csv, xes = (
        {case.name: [(event.activity, event.occurred_at) for event in case.events] for case in log.cases}
        for log in logs
    )
    assert csv == xes


def test_shipped_log_figures():
    """The court's log that comes with the project has the figures of its source, on any machine."""
    assert statistics(read_log(SHIPPED / "colombo.csv.gz").cases).as_dict() == {
        "cases": 316,
        "events": 8661,
        "activities": 23,
        "variants": 237,
        "start": "2012-05-22 13:00:50+00:00",
        "end": "2020-08-18 18:27:44+00:00",
        "mean_s": 119827484.921,
        "median_s": 139193166.0,
        "max_s": 189489522.0,
    }


@pytest.mark.data
def test_shipped_log_equals_its_source(real_inputs):
    """Event by event, in order, the shipped log is the source's."""
    source = real_inputs / "eventlogs" / "COLOMBO_-_VARA_DA_FAZENDA_PUBLICA_-_TJPR_filter.xes"
    ours = [(e.case, e.activity, e.occurred_at) for e in stream_events(SHIPPED / "colombo.csv.gz")]
    assert ours == [(e.case, e.activity, e.occurred_at) for e in stream_events(source)]
    assert hashlib.sha256(source.read_bytes()).hexdigest() in (SHIPPED / "SOURCE.md").read_text("utf-8")


def test_shipped_log_is_reproducible():
    """Its gzip header holds no time and no name, and SOURCE.md states the hash of what is inside."""
    packed = (SHIPPED / "colombo.csv.gz").read_bytes()
    raw = gzip.decompress(packed)
    assert hashlib.sha256(raw).hexdigest() in (SHIPPED / "SOURCE.md").read_text("utf-8")
    assert packed[3:8] == bytes(5)  # no flags, so no name; time 0
    assert len(packed) < 50_000
    again = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=again, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(raw)
    assert gzip.decompress(again.getvalue()) == raw
    assert again.getvalue()[:8] == packed[:8]


START = datetime(2026, 1, 1, tzinfo=UTC)
EVENTS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 5 * 10**12)), max_size=40
)


@given(EVENTS)
def test_statistics_against_fractions(rows):
    """Whatever the events, mean, median and maximum are those of exact fractions over sorted durations."""
    log = CaseLog.of(
        LoggedEvent(case, activity, START + timedelta(microseconds=offset), place, place + 2)
        for place, (case, activity, offset) in enumerate(rows)
    )
    found = statistics(log.cases)
    if not rows:
        assert found is None
        return
    spans = {}
    for case, _, offset in rows:
        low, high = spans.get(case, (offset, offset))
        spans[case] = (min(low, offset), max(high, offset))
    durations = sorted(high - low for low, high in spans.values())
    middle = (
        durations if len(durations) < 3 else durations[(len(durations) - 1) // 2 : len(durations) // 2 + 1]
    )
    assert found.mean == Fraction(sum(durations), len(durations))
    assert found.median == Fraction(sum(middle), len(middle))
    assert found.longest == durations[-1]
    assert (found.cases, found.events) == (len(spans), len(rows))
    assert found.activities == len({activity for _, activity, _ in rows})
    ordered = sorted(enumerate(rows), key=lambda entry: (entry[1][2], entry[0]))
    variants = {case: tuple(activity for _, (name, activity, _) in ordered if name == case) for case in spans}
    assert found.variants == len(set(variants.values()))


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [
        (Fraction(1_000_000), "1.000"),
        (Fraction(1_234_499), "1.234"),
        (Fraction(1_234_500), "1.234"),
        (Fraction(1_235_500), "1.235"),
        (Fraction(1_235_501), "1.236"),
        (Fraction(2, 3), "0.000"),
        (Fraction(10**18 + 1500, 1), "1000000000000.001"),
    ],
)
def test_milliseconds_half_down(microseconds, text):
    """Exact microseconds are rounded at the millisecond, a half down, however large."""
    assert str(milliseconds(microseconds)) == text
