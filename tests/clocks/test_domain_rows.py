"""Completeness: every period of the domain rules is a clock of the book, by name, and no clock is without its row."""

import csv
from pathlib import Path

import pytest

from lianban.engines.clocks import ClockBook

BOOK = ClockBook.standard()
ROWS = list(
    csv.DictReader((Path(__file__).parent / "domain_rows.csv").read_text(encoding="utf-8").splitlines())
)


def test_every_row_names_clocks_of_the_book_or_why_it_is_none():
    """A row of the domain rules leads to clocks that exist, or says why it is not a period."""
    assert len(ROWS) > 150
    for row in ROWS:
        if row["clocks"].startswith("- "):
            continue
        assert row["clocks"].split(), row
        for code in row["clocks"].split():
            assert code in BOOK.rules, row


def test_every_clock_stands_in_a_row():
    """No clock of the book is without a row of the domain rules."""
    named = {code for row in ROWS if not row["clocks"].startswith("- ") for code in row["clocks"].split()}
    assert set(BOOK.rules) == named


def test_every_section_has_rows():
    """All sixteen scenes, the shared rules and the reply matrix are covered."""
    assert {row["section"] for row in ROWS} == {str(n) for n in range(1, 17)} | {"0.1", "0.3", "matrix"}


@pytest.mark.data
def test_rows_are_quoted_from_the_domain_rules(real_inputs):
    """Where the domain rules are at hand, every row is found in them word for word."""
    text = real_inputs.parent / "DOMAIN.md"
    if not text.is_file():
        pytest.skip("the domain rules do not lie beside the real inputs")
    domain = text.read_text(encoding="utf-8")
    assert [row["row"] for row in ROWS if row["row"] not in domain] == []


def test_every_clock_is_complete():
    """Names, trigger and effect of expiry in both languages, a source and a tag, for every version."""
    for rule in BOOK:
        for words in (rule.name, rule.trigger, rule.expiry):
            assert words.zh.strip(), rule.code
            assert words.en.strip(), rule.code
            assert words.en.isascii() or "终本" in words.en or "°" in words.en, (rule.code, words.en)
        for version in rule.versions:
            assert version.source.law, rule.code
            for change in (*version.pauses, *version.restarts, *version.extensions):
                assert change.source, (rule.code, change.code)


def test_unverified_clocks_can_be_set_or_are_history():
    """What is unverified today is a default that a deployment can change, or a printed notice or date."""
    for rule in BOOK:
        version = rule.versions[-1]
        if version.source.unverified:
            assert version.adjustable or version.fixed_until, rule.code


def test_periods_of_effect_never_roll():
    """A freeze, a custody or an exit ban that ends on a rest day ends on that day."""
    for rule in BOOK:
        for version in rule.versions:
            if (
                rule.nature.value == "effect"
                or rule.direction.value == "before"
                or rule.bound.value == "earliest"
            ):
                assert not version.rolls, rule.code
