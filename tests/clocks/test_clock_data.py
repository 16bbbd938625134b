"""Clock files: what they may say, and errors that name the file, the clock and the field."""

import doctest
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lianban.engines import clocks
from lianban.engines.clocks import ArticleMap, ClockBook
from lianban.engines.clocks.errors import BadClockData
from lianban.engines.clocks.loading import read_clock_file

GOOD = """
title = { zh = "试", en = "Test" }
[[clock]]
code = "test.clock"
zh = "试验期限"
en = "A test"
whose = "court"
trigger = { zh = "起算", en = "it starts" }
expiry = { zh = "届满", en = "it ends" }
[[clock.version]]
from = 2020-01-01
length = "7 days"
law = "试验法"
article = "1"
tag = "V"
"""


def write(tmp_path, text, name="test.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_deployments_own_file_joins_the_book(tmp_path):
    """A city adds a clock without touching the shipped ones; a code that exists is refused."""
    book = ClockBook.standard().with_files([write(tmp_path, GOOD)])
    assert book.due("test.clock", date(2026, 3, 2)).legal_date == date(2026, 3, 9)
    assert len(book) == len(ClockBook.standard()) + 1
    with pytest.raises(BadClockData, match="twice"):
        ClockBook.standard().with_files([write(tmp_path, GOOD.replace("test.clock", "assistance.answer"))])
    with pytest.raises(BadClockData, match="twice"):
        ClockBook.from_files([write(tmp_path, GOOD), write(tmp_path, GOOD, "again.toml")])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('length = "7 days"', 'length = "7 dayz"', "7 dayz"),
        ('length = "7 days"', 'length = "0 days"', "0 days"),
        ('length = "7 days"', "", "length"),
        ('length = "7 days"', 'length = "fixed"', "fixed_from"),
        ('length = "7 days"', 'length = "document 7 days"', "set_by"),
        ('length = "7 days"', 'length = "7 hours"\nrolls = true', "roll"),
        ('whose = "court"', 'whose = "judge"', "judge"),
        ('whose = "court"', 'whose = "court"\nnature = "effekt"', "effekt"),
        ('whose = "court"', 'whose = "court"\nnature = "effect"\nbound = "earliest"', "latest end"),
        ('tag = "V"', 'tag = "X"', "'X'"),
        ('tag = "V"', 'tag = "V"\ncolour = "red"', "colour"),
        ('en = "A test"', 'en = ""', "'en'"),
        ("from = 2020-01-01", "from = 'soon'", "from"),
        ('trigger = { zh = "起算", en = "it starts" }', 'trigger = "起算"', "trigger"),
        ('law = "试验法"', 'law = "试验法"\npauses = [{ code = "a", zh = "b", en = "c" }]', "source"),
        ('law = "试验法"', 'law = "试验法"\nfixed_from = "noon"', "noon"),
        ("[[clock.version]]", "[[clock.edition]]", "edition"),
        ('title = { zh = "试", en = "Test" }', "title = ", "test.toml"),
    ],
)
def test_bad_data_names_the_file_and_the_problem(tmp_path, old, new, problem):
    """Each mistake is refused by name; nothing is half-loaded."""
    assert old in GOOD
    with pytest.raises(BadClockData) as caught:
        read_clock_file(write(tmp_path, GOOD.replace(old, new)))
    assert "test.toml" in str(caught.value)
    assert problem in str(caught.value)


def test_a_clock_without_versions_or_with_overlapping_ones_is_refused(tmp_path):
    """Two rules for one day would make the answer depend on their order."""
    with pytest.raises(BadClockData, match="at least one version"):
        read_clock_file(write(tmp_path, GOOD[: GOOD.index("[[clock.version]]")]))
    twice = GOOD + GOOD[GOOD.index("[[clock.version]]") :]
    with pytest.raises(BadClockData, match="overlaps"):
        read_clock_file(write(tmp_path, twice))
    later = twice.replace("2020-01-01", "2021-01-01").replace("2021-01-01", "2020-01-01", 1)
    (rule,) = read_clock_file(write(tmp_path, later))
    assert rule.versions[0].to_day == date(2020, 12, 31)


def test_a_missing_file_is_named(tmp_path):
    """A path that is not there is an error of the family, with its name."""
    with pytest.raises(BadClockData, match=r"nowhere\.toml"):
        read_clock_file(tmp_path / "nowhere.toml")


def test_article_map_with_an_unknown_edition_is_refused(tmp_path):
    """A row may only speak of editions that the file declares."""
    text = '[[law]]\nname = "法"\neditions = [{ name = "2020", from = 2020-01-01 }]\n'
    text += '[[row]]\nlaw = "法"\nzh = "甲"\nen = "a"\nnumbers = { 2021 = "1" }\ntag = "V"\n'
    with pytest.raises(BadClockData, match="2021"):
        ArticleMap.from_file(write(tmp_path, text))


def test_hours_can_be_paused_and_extended_to_the_minute(tmp_path):
    """A clock of hours with a ground of its own is put off by exactly the time that it took."""
    text = GOOD.replace('length = "7 days"', 'length = "48 hours"')
    text += 'pauses = [{ code = "storm", zh = "风暴", en = "storm", source = "试验法 2" }]\n'
    text += (
        'extensions = [{ code = "head", zh = "延长", en = "longer", approver = { zh = "负责人", en = "the head" }, '
        'length = "24 hours", source = "试验法 3" }]\n'
    )
    book = ClockBook.standard().with_files([write(tmp_path, text)])
    clock = clocks.start(book, "test.clock", datetime(2026, 3, 2, 1, 20, tzinfo=UTC))
    assert clock.due_at == datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
    storm = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    clock = clocks.exclude(book, clock, "storm", storm, storm + timedelta(hours=5, minutes=45))
    assert clock.due_at == datetime(2026, 3, 4, 7, 45, tzinfo=UTC)
    clock = clocks.extend(book, clock, "head", granted_at=storm)
    assert clock.due_at == datetime(2026, 3, 5, 7, 45, tzinfo=UTC)
    assert "风暴，不计入345分钟" in clocks.explain(book, clock)
    assert "storm, 345 minutes not counted" in clocks.explain(book, clock, "en")


def test_document_agrees_with_units_that_follow_one_another(tmp_path):
    """Days after months count from the month's end, months after days from the day reached."""
    text = GOOD.replace('length = "7 days"', 'length = "1 month"').replace(
        'whose = "court"', 'whose = "court"\nnature = "effect"'
    )
    text += (
        'extensions = [{ code = "days", zh = "加日", en = "days", approver = { zh = "院", en = "court" }, length = '
        '"3 days", most_times = 0, source = "x" }, { code = "month", zh = "加月", en = "month", approver = { zh = "院", '
        'en = "court" }, length = "1 month", most_times = 0, source = "x" }]\n'
    )
    book = ClockBook.standard().with_files([write(tmp_path, text)])

    def ends(*rules):
        clock = clocks.start(book, "test.clock", date(2026, 1, 31))
        for rule in rules:
            clock = clocks.extend(book, clock, rule, granted_at=datetime(2026, 2, 1, tzinfo=UTC))
        return clock.due_on

    assert ends() == date(2026, 2, 28)
    assert ends("month") == date(2026, 3, 31)
    assert ends("days") == date(2026, 3, 3)
    assert ends("days", "month") == date(2026, 4, 3)
    assert ends("month", "days") == date(2026, 4, 3)


def test_the_packages_own_example_is_true():
    """The example in the package's docstring gives what it prints."""
    result = doctest.testmod(clocks)
    assert (result.failed, result.attempted) == (0, 3)


def test_engine_code_names_no_scene():
    """The Python of this engine knows no scene: scenes are files of data."""
    folder = Path(clocks.__file__).parent
    scenes = {path.stem for path in (folder / "data" / "clocks").glob("*.toml")} - {"shared"}
    for path in folder.glob("*.py"):
        code = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for name in scenes:
            assert f'"{name}' not in code, (path.name, name)


def test_engine_imports_nothing_but_python_and_numpy():
    """The single clock does not even need numpy: only the bulk module imports it."""
    source = (
        "import sys; import lianban.engines.clocks; "
        "print([m for m in ('numpy', 'django', 'chinese_calendar', 'ruamel') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert found.stdout.strip() == "[]"
