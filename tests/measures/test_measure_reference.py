"""The reference page is what the data says, and every error of the engine speaks both languages."""

import string
from pathlib import Path

from measure_making import BOOK, LIMITS

from lianban.engines.errors import LianbanError
from lianban.engines.measures import errors
from lianban.engines.measures.reference import render

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "measures.md"


def test_measure_page_is_up_to_date():
    """docs/reference/measures.md is written from the rows and the worked examples."""
    assert PAGE.read_text(encoding="utf-8") == render(LIMITS, BOOK, Path(__file__).parent / "limits.csv")


def test_measure_errors_have_codes_and_both_languages():
    """Codes are unique and of this engine; most fields of one sentence are in the other."""
    kinds = [
        v
        for v in vars(errors).values()
        if isinstance(v, type) and issubclass(v, LianbanError) and v.__module__ == errors.__name__
    ]
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes) > 10
    for kind in kinds:
        assert kind.code.startswith("LB-MEASURES-")
        zh, en = (
            {f.removesuffix("_zh").removesuffix("_en") for _, f, _, _ in string.Formatter().parse(t) if f}
            for t in (kind.zh, kind.en)
        )
        assert zh == en, kind
