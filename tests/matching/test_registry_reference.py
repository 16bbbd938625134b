"""The reference page is what the code says, and every error and reason speaks both languages."""

from __future__ import annotations

import string
from pathlib import Path

from lianban.engines.errors import LianbanError
from lianban.engines.matching import REASON_WORDS, Reason, errors
from lianban.engines.matching.reference import render

PROJECT = Path(__file__).resolve().parents[2]


def test_registry_page_is_up_to_date():
    """docs/reference/registries.md is written from the code and the city's declarations."""
    page = PROJECT / "docs" / "reference" / "registries.md"
    assert page.read_text(encoding="utf-8") == render(PROJECT / "scenes" / "registries")


def test_every_reason_has_words():
    """A registry never says why it is broken in one language only."""
    assert set(REASON_WORDS) == set(Reason)
    assert all(words.zh and words.en for words in REASON_WORDS.values())


def test_matching_errors_have_codes_and_both_languages():
    """Each error has a code of this engine and the same fields in both sentences."""
    found = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, LianbanError)
    ]
    own = [kind for kind in found if kind.__module__ == errors.__name__]
    assert len(own) == 6
    for kind in own:
        assert kind.code.startswith("LB-MATCHING-")
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (kind.zh, kind.en)
        ]
        assert {name.removesuffix("_zh") for name in fields[0]} == {
            name.removesuffix("_en") for name in fields[1]
        }
