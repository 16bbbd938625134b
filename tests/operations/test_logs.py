"""Logs are for operators: they hold what happened, never whom it was about."""

import io
import json
import logging

import pytest
import structlog

from lianban.config import logs


@pytest.fixture
def lines(monkeypatch):
    """What is written to standard error while the test runs, as parsed lines."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    before = logging.getLogger().handlers, logging.getLogger().level
    monkeypatch.setenv("LIANBAN_LOG_LEVEL", "INFO")
    logs.configure()
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().handlers, level = before[0], before[1]
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def test_fields_of_people_are_dropped(lines):
    """A field that could hold a person's data is not written, also inside another."""
    structlog.get_logger("t").info(
        "seen", name="张三", password="x", matter="m1", more={"phone": "1", "code": "c"}
    )
    (line,) = lines()
    assert line["event"] == "seen"
    assert line["matter"] == "m1"
    assert line["more"] == {"code": "c"}
    assert "张三" not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize(
    "secret",
    ["990101199003071237", "11010519491231002X", "13812345678", "91110000600037341L", "A" * 43 + "="],
)
def test_numbers_of_people_are_blotted_out(lines, secret):
    """An identity number, phone number, credit code or session key is blotted out of every text and traceback."""
    try:
        raise ValueError(f"bad value {secret}")
    except ValueError:
        logging.getLogger("lianban.t").exception("failed for %s in /matters", secret)
    (line,) = lines()
    assert secret not in json.dumps(line)
    assert "▇▇▇" in line["event"]
    assert "ValueError" in line["exception"]


def test_plain_numbers_stay(lines):
    """Counts, dates and durations are what an operator needs."""
    logging.getLogger("lianban.t").info("placed 5000 entries in 12.5 s on 2026-11-24")
    assert lines()[0]["event"] == "placed 5000 entries in 12.5 s on 2026-11-24"
