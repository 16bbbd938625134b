"""The reference page says what the code does."""

import re
from pathlib import Path

from lianban.engines.errors import LianbanError
from lianban.engines.identifiers.reference import TABLES, refreshed

PACKAGE = "lianban.engines.identifiers"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "identifiers.md"


def test_reference_page_is_current():
    """Every table of the page is the one the code prints today."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == refreshed(page), (
        "run: python -m lianban.engines.identifiers.reference docs/reference/identifiers.md"
    )


def test_reference_page_has_every_table():
    """No table is forgotten, and none is empty."""
    page = PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"<!-- table ([\w-]+) -->", page)) == set(TABLES)
    assert "-->\n<!-- end" not in page


def test_reference_page_codes_are_unique():
    """Every error of the engine is in the table, and no two share a code."""

    def below(error):
        return {error}.union(*(below(kind) for kind in error.__subclasses__()))

    ours = {error for error in below(LianbanError) if error.__module__.startswith(PACKAGE)}
    codes = [row[0] for row in TABLES["errors"]()][1:]
    assert len(codes) == len(set(codes))
    assert {error.code for error in ours} == set(codes)
    assert len(ours) == len(codes)
