"""The reference pages say what the data says."""

from pathlib import Path

from worked_examples import TABLE

from lianban.engines.clocks import ClockBook, letter_kinds
from lianban.engines.clocks.reference import render, render_examples

PAGES = Path(__file__).parents[2] / "docs" / "reference"
BOOK = ClockBook.standard()
HOW = "run: python -m lianban.engines.clocks.reference docs/reference tests/clocks/worked_examples.csv"


def test_reference_page_is_current():
    """docs/reference/clocks.md was written from the data as it is now."""
    assert (PAGES / "clocks.md").read_text(encoding="utf-8") == render(BOOK), HOW


def test_worked_examples_page_is_current():
    """docs/reference/clocks-worked-examples.md was written from the table as it is now."""
    page = (PAGES / "clocks-worked-examples.md").read_text(encoding="utf-8")
    assert page == render_examples(BOOK, TABLE), HOW


def test_reference_page_names_every_clock_and_marks_the_unverified():
    """No clock is left out, and every unverified version carries its mark."""
    page = render(BOOK)
    assert all(f"`{rule.code}`" in page for rule in BOOK)
    unverified = sum(v.source.unverified for rule in BOOK for v in rule.versions)
    rows = sum(row.tag.value == "U" for row in BOOK.articles.rows)
    assert page.count("⚠ ") == unverified + rows + 1  # and once in the heading


def test_letters_name_clocks_that_exist():
    """Each kind of letter is answered within clocks of the book."""
    assert len(letter_kinds()) == 9
    for kind in letter_kinds().values():
        for code in kind.clocks():
            assert BOOK.rule(code).code == code


def test_urgent_letters_are_due_before_ordinary_ones():
    """The urgent clock of a letter is never the longer one."""
    from datetime import date

    for kind in letter_kinds().values():
        if kind.urgent and not BOOK.rule(kind.urgent).versions[-1].needs_length:
            start = date(2026, 3, 2)
            assert BOOK.due(kind.urgent, start).at < BOOK.due(kind.reply, start).at
