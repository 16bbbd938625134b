"""Document numbers, as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.documents import DocumentNumber, NumberPattern
from lianban.engines.documents.errors import NumberWrong, TemplateBroken

LETTER = NumberPattern("〔{year}〕{organ}协函{number}号")
ORGANS = st.text("浙临检民台建法院ABC", min_size=1, max_size=8)


def test_number_is_printed_as_the_standard_wants():
    """The year in full in hexagonal brackets, the number without padding."""
    assert LETTER.render(DocumentNumber("浙临", 2026, 12)) == "〔2026〕浙临协函12号"
    assert NumberPattern("{organ}建〔{year}〕{number}号").render(DocumentNumber("浙临检", 2026, 3)) == (
        "浙临检建〔2026〕3号"
    )


@pytest.mark.parametrize(
    "typed", ["[2026]浙临协函12号", "〔２０２６〕浙临协函１２号", "【2026】 浙临协函 12号"]
)
def test_number_typed_with_other_brackets_is_understood(typed):
    """What people type for the hexagonal brackets is read as such."""
    assert LETTER.parse(typed) == DocumentNumber("浙临", 2026, 12)


@pytest.mark.parametrize(
    "typed",
    ["〔2026〕浙临协函012号", "〔2026〕浙临协函第12号", "〔26〕浙临协函12号", "〔2026〕浙临函12号", ""],
)
def test_number_of_another_form_is_refused_with_an_example(typed):
    """The refusal shows the pattern and an example to follow."""
    with pytest.raises(NumberWrong) as refusal:
        LETTER.parse(typed)
    assert refusal.value.found["example"] == "〔2026〕浙临协函12号"


@pytest.mark.parametrize("parts", [("浙临", 2026, 0), ("", 2026, 1), ("浙临", 12, 1), ("浙1", 2026, 1)])
def test_number_that_could_not_be_read_back_is_not_printed(parts):
    """Nothing is printed that parsing would refuse."""
    with pytest.raises(NumberWrong):
        LETTER.render(DocumentNumber(*parts))


@pytest.mark.parametrize(
    "pattern", ["{organ}{number}号", "〔{year}〕{organ}{number}{number}", "{year}{organ}{number}{x}"]
)
def test_pattern_without_its_three_parts_is_refused(pattern):
    """A pattern names organ, year and number, each once, and nothing else."""
    with pytest.raises(TemplateBroken):
        NumberPattern(pattern)


@given(ORGANS, st.integers(1949, 9999), st.integers(1, 999_999_999))
def test_number_round_trip(organ, year, number):
    """Every printed number reads back as its parts, in both orders of organ and year."""
    parts = DocumentNumber(organ, year, number)
    for pattern in (LETTER, NumberPattern("{organ}建〔{year}〕{number}号")):
        assert pattern.parse(pattern.render(parts)) == parts
