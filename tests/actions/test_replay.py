"""A real case log, driven through the actions, gives by the indicators the figures that were published of it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from officials import City, days

from lianban.engines.eventlogs import read_log
from lianban.engines.eventlogs.logs import CaseLog

# Where expected_stats.json calls a log by the folder it came from.
FILES = {
    "pm4py/receipt.csv": "receipt.csv", "pm4py/running-example.xes": "running-example.xes",
    "pm4py/roadtraffic100traces.xes": "roadtraffic100traces.xes",
    "brazil_courts/1a_VARA_DE_FEITOS_TRIBUTARIOS_DO_ESTADO_-_TJMG.xes": "1a_VARA_DE_FEITOS_TRIBUTARIOS_DO_ESTADO_-_TJMG.xes",
    "brazil_courts/3a_VARA_DE_FEITOS_TRIBUTARIOS_DO_ESTADO_-_TJMG.xes": "3a_VARA_DE_FEITOS_TRIBUTARIOS_DO_ESTADO_-_TJMG.xes",
    "brazil_courts/COLOMBO_-_VARA_DA_FAZENDA_PUBLICA_-_TJPR_filter.xes": "COLOMBO_-_VARA_DA_FAZENDA_PUBLICA_-_TJPR_filter.xes",
}  # fmt: skip
FINES = "eventdataR/traffic_fines"
COUNTS = ("cases", "events", "activities", "variants")
SECONDS = ("mean_s", "median_s", "max_s")
SHIPPED = Path(__file__).resolve().parents[2] / "scenes" / "observed" / "demo" / "colombo.csv.gz"
# Of the court's log as published; the shipped file is that log without what the replay does not read.
COLOMBO = {"cases": 316, "events": 8661}


def figures(city: City, log: CaseLog, batch: str) -> dict[str, float]:
    """Replay in one transaction, then count by the scene's indicators."""
    from lianban.actions.replay_log import replay_log
    from lianban.doors.cli.replay import figures_of

    with city.acting_as("court.recorder", _now()) as acting:
        replayed = replay_log(acting, "observed", log, batch)
        return figures_of(acting, replayed.batch)


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def agree(found: dict, expected: dict) -> None:
    """Counts exactly, durations to the millisecond."""
    assert {key: found[key] for key in COUNTS} == {key: expected[key] for key in COUNTS}
    for key in SECONDS:
        assert math.isclose(found[key], expected[key], abs_tol=0.001), (
            f"{key}: {found[key]}, not {expected[key]}"
        )


def expected_of(real_inputs: Path, name: str) -> dict:
    every = json.loads((real_inputs / "eventlogs" / "expected_stats.json").read_text("utf-8"))
    return next(one for one in every if one["log"] == name)


def found_in(real_inputs: Path, name: str) -> Path:
    return real_inputs / "eventlogs" / FILES.get(name, Path(name).name)


@pytest.mark.data
@pytest.mark.parametrize("name", FILES)
def test_replay_gives_the_published_figures(city, real_inputs, name):
    """Cases, events, activities, variants, mean, median and longest duration, of a real log."""
    log = read_log(found_in(real_inputs, name))
    agree(figures(city, log, name), expected_of(real_inputs, name))


@pytest.mark.data
def test_replay_every_expected_log_is_tried(real_inputs):
    """The file of expected figures names no log that these tests leave out."""
    every = json.loads((real_inputs / "eventlogs" / "expected_stats.json").read_text("utf-8"))
    assert {one["log"] for one in every} <= {*FILES, FINES}


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.timeout(900)  # a minute on an idle machine
def test_replay_of_ten_thousand_fines(city, real_inputs):
    """The largest log: ten thousand cases, 34 thousand events."""
    log = read_log(real_inputs / "eventlogs" / "traffic_fines.csv.gz")
    agree(figures(city, log, "fines"), expected_of(real_inputs, FINES))


@pytest.mark.data
def test_replay_of_the_same_log_in_two_formats(city, real_inputs):
    """The small example as CSV gives the figures of the example as XES."""
    log = read_log(real_inputs / "eventlogs" / "running-example.csv")
    agree(figures(city, log, "csv"), expected_of(real_inputs, "pm4py/running-example.xes"))


def test_replay_of_the_shipped_court(city):
    """The court's log that is shipped with the project, with nothing but the project at hand."""
    found = figures(city, read_log(SHIPPED), "colombo")
    assert {key: found[key] for key in COLOMBO} == COLOMBO
    assert city.one("SELECT count(*) FROM matter WHERE state = 'closed'") == COLOMBO["cases"]
    assert city.one("SELECT count(*) FROM event WHERE activity IS NOT NULL") == COLOMBO["events"]
    assert (
        city.one("SELECT count(*) FROM ledger_entry WHERE act = 'observations.record'") == COLOMBO["events"]
    )


# --- small logs of our own: times, ties, repetitions, breaking off


def small_log(tmp_path: Path, rows: str) -> CaseLog:
    file = tmp_path / "log.csv"
    file.write_text("case_id,activity,timestamp\n" + rows, "utf-8")
    return read_log(file)


ROWS = (
    "A,立案,2024-01-01T09:00:00+08:00\nA,送达,2024-01-03T09:00:00+08:00\nA,结案,2024-01-03T09:00:00+08:00\n"
    "NA,立案,2024-02-01T09:00:00+08:00\n"
)  # fmt: skip


def test_replay_keeps_times_and_ties(city, tmp_path):
    """Events keep the log's times, equal times the order of the file, and a case called NA is a case."""
    found = figures(city, small_log(tmp_path, ROWS), "small")
    assert (found["cases"], found["events"], found["max_s"]) == (2, 4, 172800.0)
    observed = city.rows(
        "SELECT m.number, e.activity FROM event e JOIN matter m ON m.id = e.matter_id WHERE e.activity IS NOT NULL"
        " ORDER BY m.number, e.seq"
    )
    assert observed == [("A", "立案"), ("A", "送达"), ("A", "结案"), ("NA", "立案")]
    first = city.one("SELECT min(occurred_at) FROM event WHERE activity IS NOT NULL")
    assert first.isoformat() == "2024-01-01T01:00:00+00:00"
    assert city.one("SELECT opened_at, closed_at - opened_at FROM matter WHERE number = 'A'") == (
        first,
        days(2),
    )


def test_replay_twice_adds_nothing(city, tmp_path):
    """The same batch again finds its matters and adds nothing, in any table."""
    log = small_log(tmp_path, ROWS)
    first = figures(city, log, "small")
    before = city.digests()
    assert figures(city, log, "small") == first
    assert city.digests() == before


def test_replay_broken_off_leaves_nothing(city, tmp_path, monkeypatch):
    """A replay that fails in its second wave leaves no matter, no event, no entry."""
    from lianban.actions import replay_log as module

    log = small_log(tmp_path, ROWS)
    completions = iter(range(100))

    def fails_later(*args):
        if next(completions) == 2:
            raise ValueError("the log breaks off")
        return completion(*args)

    completion = module._completion
    monkeypatch.setattr(module, "_completion", fails_later)
    before = city.digests()
    with pytest.raises(ValueError, match="breaks off"):
        figures(city, log, "small")
    assert city.digests() == before


@pytest.mark.parametrize(
    "rows",
    ["A,立案,not a time\n", "A,,2024-01-01T09:00:00+08:00\n", ",立案,2024-01-01T09:00:00+08:00\n", "A,立案\n", ""],
    ids=["time", "activity", "case", "short", "empty"],
)  # fmt: skip
def test_replay_broken_log(city, tmp_path, rows):
    """A broken log is refused by its line before anything is opened."""
    from lianban.engines.errors import YourMistake

    before = city.digests()
    with pytest.raises(YourMistake) as caught:
        figures(city, small_log(tmp_path, rows), "broken")
    assert caught.value.text("zh")
    assert caught.value.text("en")
    assert city.digests() == before


def test_replay_of_the_future(city, tmp_path):
    """A log whose events lie in the future is refused as a whole."""
    from lianban.actions.errors import OccurredInTheFuture

    before = city.digests()
    with pytest.raises(OccurredInTheFuture):
        figures(city, small_log(tmp_path, ROWS + "B,立案,2099-01-01T09:00:00+08:00\n"), "future")
    assert city.digests() == before


def test_replay_figures_open_their_matters(city, tmp_path):
    """Behind the number of cases stand exactly the matters of the batch."""
    from django.db import connection

    from lianban.engines.indicators import Condition, Op, Scope
    from lianban.records.figures import definition, matters_behind

    figures(city, small_log(tmp_path, ROWS), "small")
    with city.acting_as("court.judge", _now()) as acting, connection.cursor() as cursor:
        scope = Scope(as_of=acting.now, scene="observed", also=(Condition("batch", Op.EQ, "small"),))
        behind = matters_behind(cursor, definition("observed", "cases"), scope)
    assert sorted(behind) == sorted(city.column("SELECT id FROM matter"))
