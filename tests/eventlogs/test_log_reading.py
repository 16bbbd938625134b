"""Reading logs of every shape, and the message that each broken one gives."""

import gzip
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.eventlogs import Columns, read_log, stream_events
from lianban.engines.eventlogs.errors import (
    ColumnMissing,
    ColumnTwice,
    LogBroken,
    LogEmpty,
    LogTooLarge,
    LogUnreadable,
    NoCases,
    NotXes,
    RowLength,
    TimeUnreadable,
    UnsafeXml,
    ValueMissing,
    WrongEncoding,
)
from lianban.engines.eventlogs.times import time_reader

HEADER = "case_id,activity,timestamp\n"
ROWS = "1,open,2026-01-01T08:00:00+08:00\n1,close,2026-01-02T08:00:00+08:00\n"
XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
  <!-- a comment -->
  <trace>
    <string key="concept:name" value="1"/>
    <event>
      <string key="concept:name" value="open"/>
      <string key="org:resource" value="Pete"/>
      <string key="lifecycle:transition" value="start"/>
      <date key="time:timestamp" value="2026-01-01T08:00:00.250+08:00"/>
    </event>
    <event>
      <string key="concept:name" value="open"/>
      <string key="lifecycle:transition" value="complete"/>
      <date key="time:timestamp" value="2026-01-01T09:00:00+08:00"/>
    </event>
  </trace>
  <trace><string key="concept:name" value="empty"/></trace>
</log>
"""


@pytest.fixture
def write(tmp_path):
    def write(content, name="log.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def moments(log):
    return [(event.case, event.activity, event.occurred_at) for case in log.cases for event in case.events]


TWO = [
    ("1", "open", datetime(2026, 1, 1, tzinfo=UTC)),
    ("1", "close", datetime(2026, 1, 2, tzinfo=UTC)),
]


@pytest.mark.parametrize(
    "content",
    [
        HEADER + ROWS,
        "\ufeff" + HEADER + ROWS,
        (HEADER + ROWS).replace("\n", "\r\n"),
        (HEADER + ROWS).replace(",", ";"),
        (HEADER + ROWS).replace(",", "\t"),
        (HEADER + ROWS).replace(",", "|"),
        HEADER + ROWS + "\n\n",
        "Case ID, Activity ,TIMESTAMP\n" + ROWS,
        "case:concept:name,concept:name,time:timestamp\n" + ROWS,
        "案号,环节,发生时间\n" + ROWS,
        gzip.compress((HEADER + ROWS).encode()),
        (HEADER + ROWS).encode("utf-16"),
    ],
    ids=[
        "plain", "bom", "crlf", "semicolon", "tab", "pipe", "blank lines", "spelling", "xes names", "chinese",
        "gzip", "utf-16",
    ],
)  # fmt: skip
def test_csv_every_usual_shape(content, write):
    """Delimiters, spellings, line ends, compression and marks of encoding are recognised."""
    assert moments(read_log(write(content))) == TWO


def test_csv_standard_names_win(write):
    """Where XES names and others stand side by side, the XES names count."""
    path = write("case,activity,case:concept:name,concept:name,time:timestamp\nx,y,1,open,2026-01-01\n")
    assert [(e.case, e.activity) for e in stream_events(path)] == [("1", "open")]


def test_csv_named_columns(write):
    """The caller may name any column, and several columns that look alike are then no trouble."""
    path = write("n,step,when,case\n1,open,2026-01-01,x\n")
    columns = Columns(case="n", activity="step", timestamp="when")
    assert [(e.case, e.activity) for e in stream_events(path, columns=columns)] == [("1", "open")]


@pytest.mark.parametrize("name", ["NA", "NaN", "null", "None", "nan", "N/A", "0", " ", "-"])
def test_case_names_that_look_missing(name, write):
    """A case called NA is a case like any other, in CSV and in XES; so is an activity."""
    path = write(HEADER + ROWS.replace("1,", f"{name},", 2).replace("open", name))
    assert [case.name for case in read_log(path).cases] == [name]
    assert next(stream_events(path)).activity == name
    path = write(XES.replace('value="1"', f'value="{name}"'), "log.xes")
    assert [case.name for case in read_log(path).cases] == [name]


def test_ties_keep_the_order_of_the_file(write):
    """Events of one instant stay as written, later ones that stand earlier are put in order."""
    rows = "1,c,2026-01-02\n1,b,2026-01-01\n2,x,2026-01-01\n1,a,2026-01-01\n1,b,2026-01-01\n"
    log = read_log(write(HEADER + rows))
    assert [case.variant for case in log.cases] == [("b", "a", "b", "c"), ("x",)]
    assert [event.position for event in log.events()] == [1, 2, 3, 4, 0]


def test_duplicates_are_events(write):
    """The same line twice is two events: a log may not be corrected by its reader."""
    log = read_log(write(HEADER + ROWS + ROWS))
    assert len(log.cases[0].events) == 4


def test_xes_events_and_lifecycle(write):
    """Traces without events give nothing; every transition counts unless the caller chooses."""
    path = write(XES, "log.xes")
    log = read_log(path)
    assert [(e.activity, e.lifecycle, e.position, e.line) for e in log.events()] == [
        ("open", "start", 0, 6),
        ("open", "complete", 1, 12),
    ]
    assert log.cases[0].events[0].occurred_at == datetime(2026, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)
    assert [e.lifecycle for e in stream_events(path, lifecycle={"complete"})] == ["complete"]
    with pytest.raises(NoCases):
        read_log(path, lifecycle={"suspend"})


def test_personal_attributes_are_not_read(write):
    """The name of an official is read only when the caller asks for it by name."""
    path = write(XES, "log.xes")
    assert all(not event.attributes for event in stream_events(path))
    assert "Pete" not in repr(list(stream_events(path)))
    asked = list(stream_events(path, attributes=("org:resource", "case:concept:name")))
    assert dict(asked[0].attributes) == {"org:resource": "Pete", "case:concept:name": "1"}
    assert dict(asked[1].attributes) == {"org:resource": "", "case:concept:name": "1"}
    path = write("case_id,activity,timestamp,resource\n1,open,2026-01-01,Pete\n")
    assert "Pete" not in repr(list(stream_events(path)))
    assert dict(next(stream_events(path, attributes=("resource",))).attributes) == {"resource": "Pete"}


def test_csv_quotes_and_line_breaks(write):
    """Quoted delimiters and line breaks belong to the value, and later lines keep their numbers."""
    path = write(HEADER + '1,"a, ""b""\nc",2026-01-01\n1,x,nonsense\n')
    events = stream_events(path)
    assert next(events).activity == 'a, "b"\nc'
    with pytest.raises(TimeUnreadable) as caught:
        next(events)
    assert caught.value.found["line"] == 4


def test_csv_other_encoding_when_stated(write):
    """A file from a Chinese office is read when its encoding is stated, and named by line when it is not."""
    path = write(("案号,环节,时间\n1,立案,2026-01-01\n").encode("gb18030"))
    assert [e.activity for e in stream_events(path, encoding="gb18030")] == ["立案"]
    with pytest.raises(WrongEncoding) as caught:
        read_log(path)
    assert caught.value.found["line"] == 1
    assert "GB18030" in caught.value.text("zh")


BROKEN = {
    "empty": (b"", LogEmpty, None),
    "header only": (HEADER, NoCases, None),
    "no time column": ("case_id,activity,tme stamp\n1,a,b\n", ColumnMissing, None),
    "column twice": ("case_id,activity,activity,timestamp\n1,a,b,2026-01-01\n", ColumnTwice, None),
    "no time": (HEADER + "1,a,\n", ValueMissing, 2),
    "no case": (HEADER + ROWS + ",a,2026-01-01\n", ValueMissing, 4),
    "no activity": (HEADER + "1,,2026-01-01\n", ValueMissing, 2),
    "no such day": (HEADER + ROWS + "1,a,2026-02-30\n", TimeUnreadable, 4),
    "day first": (HEADER + "1,a,03/04/2026 10:00\n", TimeUnreadable, 2),
    "too few fields": (HEADER + ROWS + "1,a\n", RowLength, 4),
    "too many fields": (HEADER + "1,a,2026-01-01,x\n", RowLength, 2),
    "open quote": (HEADER + '1,"a,2026-01-01\n', LogBroken, 2),
    "mixed encodings": ((HEADER + ROWS).encode() + "1,立案,2026-01-01\n".encode("gb18030"), WrongEncoding, 4),
    "cut gzip": (gzip.compress((HEADER + ROWS * 50).encode())[:-12], LogBroken, None),
    "no gzip": (b"\x1f\x8b\x08\x00nonsense", LogBroken, 1),
    "xes: no traces": ("<log/>", NoCases, None),
    "xes: cut": (XES[:500], LogBroken, XES[:500].count("\n") + 1),
    "xes: no time": (XES.replace('key="time:timestamp"', 'key="time"'), ValueMissing, 6),
    "xes: no activity": (XES.replace('value="open"', 'value=""', 1), ValueMissing, 6),
    "xes: no case": (XES.replace('value="1"', 'value=""'), ValueMissing, 4),
    "xes: bad time": (XES.replace("2026-01-01T09", "2026-13-01T09"), TimeUnreadable, 12),
    "xes: mixed encodings": (XES.encode().replace(b"Pete", "张".encode("gb18030")), WrongEncoding, 8),
    "xes: other root": ("<html><body/></html>", NotXes, None),
    "xes: trace under other root": (XES.replace("<log", "<bag").replace("</log", "</bag"), NotXes, None),
    "xes: bomb": (
        XES.replace("<log", '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<log', 1),
        UnsafeXml,
        2,
    ),
    "xes: outside file": (
        XES.replace("<log", '<!DOCTYPE log SYSTEM "http://example.org/x.dtd">\n<log', 1),
        UnsafeXml,
        2,
    ),
    "xes: bomb in utf-16": (
        '<?xml version="1.0" encoding="UTF-16"?>\n<!DOCTYPE log [<!ENTITY a "a">]>\n<log/>'.encode("utf-16"),
        UnsafeXml,
        2,
    ),
    "xes: late bomb": (
        "<!--" + "x" * 70_000 + "-->\n<!DOCTYPE log [<!ENTITY a 'a'>]><log><trace/></log>",
        UnsafeXml,
        1,
    ),
    "too large": (gzip.compress(b"a" * 3_000_000), LogTooLarge, None),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_log(what, write):
    """Every broken log is refused with its own error, which names the line where there is one."""
    content, error, line = BROKEN[what]
    path = write(content, "broken.log")
    with pytest.raises(error) as caught:
        read_log(path, limit=2_000_000)
    if line is not None:
        assert caught.value.found["line"] == line
    for language in ("zh", "en"):
        text = caught.value.text(language)
        assert "broken.log" in text
        assert "{" not in text


def test_missing_column_suggests_the_nearest(write):
    """The message lists the columns there are and the one that was probably meant."""
    with pytest.raises(ColumnMissing) as caught:
        read_log(write("case_id,activity,time_stamp\n1,a,2026-01-01\n"))
    assert caught.value.found["nearest"] == "time_stamp"
    assert "time_stamp" in caught.value.text("zh")
    with pytest.raises(ColumnMissing) as caught:
        read_log(write(HEADER + ROWS), columns=Columns(activity="Activty"))
    assert caught.value.found["nearest"] == "activity"


def test_file_that_is_not_there(tmp_path):
    """A path that does not exist, or a folder, is an error of the family."""
    with pytest.raises(LogUnreadable):
        read_log(tmp_path / "none.csv")
    with pytest.raises(LogUnreadable):
        read_log(tmp_path)


def test_xes_many_lines_keep_their_numbers(write):
    """Beyond line 65,535 the numbers are right, or too high by one as libxml2 keeps them."""
    padding = "\n" * 70_000
    path = write(XES.replace("<trace>", padding + "<trace>", 1).replace("2026-01-01T09", "x"), "log.xes")
    with pytest.raises(TimeUnreadable) as caught:
        read_log(path)
    assert caught.value.found["line"] in (70_012, 70_013)


def test_xes_is_streamed(write):
    """Events are given out while the file is still being read: what is wrong at its end comes late."""
    path = write(
        XES[: XES.index("</log>")] + XES[XES.index("<trace>") : XES.index("<trace><")] * 3000, "log.xes"
    )
    events = stream_events(path)
    assert next(events).case == "1"
    with pytest.raises(LogBroken):
        list(events)


CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T01:05:00Z",
        "2026-01-02T09:05:00+08:00",
        "2026-01-02 09:05:00.000000+0800",
        "2026-01-02T01:05:00.000000000Z",
        "2026-01-02T01:05:00,000+00:00",
        "2026-01-02 09:05",
        "2026-1-2 9:05",
        "2026/1/2 9:05:00",
        "2026.01.02 09:05",
        "2026年1月2日 9:05",
        " 2026-01-02 09:05:00 ",
        "2026-01-02 01:05:00 UTC",
    ],
)
def test_time_forms(text):
    """Every usual year-first form is the same instant; where no zone is written the caller's counts."""
    assert time_reader(CHINA)(text) == datetime(2026, 1, 2, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "20260102",
        "2026-W01-5",
        "02-01-2026",
        "2026-13-01",
        "0000-01-01",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_time_refused(text):
    """What would need a guess, or does not exist, is refused."""
    with pytest.raises(ValueError):
        time_reader()(text)


def test_time_stated_format():
    """A day-first date is read when its format is stated."""
    assert time_reader(UTC, "%d/%m/%Y %H:%M")("03/04/2026 10:00") == datetime(2026, 4, 3, 10, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)), st.integers(-12, 14))
def test_time_round_trip(moment, hours):
    """Any instant in any zone is read back to the microsecond."""
    aware = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert time_reader()(aware.isoformat()) == aware
    assert time_reader()(aware.isoformat(sep=" ")) == aware
