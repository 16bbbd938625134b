"""An operator finds every switch on one page."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "reference" / "settings.md"


def _named_in_code():
    files = [
        *PROJECT.glob("src/**/*.py"),
        PROJECT / "bootstrap.py",
        PROJECT / "Makefile",
        PROJECT / "tests" / "conftest.py",
    ]
    return set().union(*(re.findall(r"LIANBAN_[A-Z][A-Z_]*[A-Z]", file.read_text("utf-8")) for file in files))


def test_every_setting_is_documented_and_every_documented_one_exists():
    """The variables named in the code are those named on the page, no more and no fewer."""
    documented = set(re.findall(r"LIANBAN_[A-Z][A-Z_]*[A-Z]", PAGE.read_text("utf-8")))
    assert _named_in_code() == documented


def test_settings_of_the_database_are_documented():
    """The rows of lianban.setting stand on the page with their values."""
    sql = (PROJECT / "src/lianban/records/sql/context.sql").read_text("utf-8")
    page = PAGE.read_text("utf-8")
    rows = re.findall(r"\('(\w+)', '(\d+)', '", sql)
    assert rows
    for name, value in rows:
        assert f"`{name}` ({value})" in page
