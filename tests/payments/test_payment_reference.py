"""The reference page is what data and tests say, and every error of the engine speaks both languages."""

import string
from pathlib import Path

from lianban.engines.errors import LianbanError
from lianban.engines.payments import RateBook, errors
from lianban.engines.payments.reference import render

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "payments.md"


def test_payment_page_is_up_to_date():
    """docs/reference/payments.md is written from the rates and the worked examples."""
    assert PAGE.read_text(encoding="utf-8") == render(RateBook.standard(), Path(__file__).parent)


def test_payment_errors_have_codes_and_both_languages():
    """Codes are unique and of this engine; both sentences use the same fields."""
    kinds = [
        v for v in vars(errors).values()
        if isinstance(v, type) and issubclass(v, LianbanError) and v.__module__ == errors.__name__
    ]  # fmt: skip
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes) > 10
    for kind in kinds:
        assert kind.code.startswith("LB-PAYMENTS-")
        zh, en = (
            {f.removesuffix("_zh").removesuffix("_en") for _, f, _, _ in string.Formatter().parse(t) if f}
            for t in (kind.zh, kind.en)
        )
        assert zh == en, kind
