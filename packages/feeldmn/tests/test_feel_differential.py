"""Beside feelin: where the two disagree, the standard says why (docs/reference/feelin.md)."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "differential"))

import explained


def test_every_disagreement_is_explained(feelin):
    """Thousands of expressions give the same, or a rule of the standard explains the difference."""
    sources = explained.corpus(explained.cases_of_tests())
    found = explained.disagreements(feelin, sources)
    by_rule, rest = explained.explained(found)
    assert [(left.source, left.mine, left.theirs) for left in rest] == []
    assert [title for title, hits in by_rule.items() if not hits] == []
    assert len(found) < len(sources) / 3


def test_difference_is_noticed():
    """The comparison itself can tell values apart."""
    assert explained.same({"value": {"number": "0.30000000000000004"}}, {"value": {"number": "0.3"}})
    assert not explained.same({"value": {"number": "1"}}, {"value": {"number": "2"}})
    assert not explained.same({"value": True}, {"value": {"number": "1"}})
    assert not explained.same({"value": None}, {"value": False})
