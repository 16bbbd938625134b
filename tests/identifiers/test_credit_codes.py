"""Unified social credit codes and the organisation codes inside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from lianban.engines.identifiers import check_identifier, organisation_code
from lianban.engines.identifiers import errors as e
from lianban.engines.identifiers.credit_codes import (
    ALPHABET,
    REGISTRARS,
    check_character,
    organisation_check_character,
)

INVALID = [
    ("91110000600037341", e.WrongLength, {"length": 17}),
    ("9111000060003734IL", e.WrongCharacter, {"position": 17, "character": "I"}),
    ("9111O000600037341L", e.WrongCharacter, {"position": 5, "character": "O"}),
    ("9A110000600037341L", e.WrongCharacter, {"position": 2, "character": "A"}),
    ("B1110000600037341L", e.UnknownRegistrar, {"character": "B1"}),
    ("98110000600037341L", e.UnknownRegistrar, {"character": "98"}),
    ("91880000600037341L", e.UnknownAreaCode, {"position": 3, "area": "880000"}),
    ("91110000600037342L", e.WrongCheckDigit, {"position": 17, "expected": "1", "standard": "GB 11714"}),
    ("91110000600037341M", e.WrongCheckDigit, {"position": 18, "expected": "L", "standard": "GB 32100"}),
]


def make(first_eight: str, body: str) -> str:
    inner = first_eight + body + organisation_check_character(body)
    return inner + check_character(inner)


def test_credit_code_vector():
    """The vector of the domain rules: an enterprise of Beijing, with its organisation code."""
    found = check_identifier("credit_code", "91110000600037341L")
    assert found.normalised == "91110000600037341L"
    assert found.masked == "9111**********341L"
    assert organisation_code(found.normalised) == "60003734-1"


def test_credit_code_writings():
    """Small letters, spaces and full width are one code."""
    for text in ("91110000600037341l", "9111 0000 6000 3734 1L", "９１１１００００６０００３７３４１Ｌ"):
        assert check_identifier("credit_code", text).normalised == "91110000600037341L"


@pytest.mark.parametrize(("text", "error", "facts"), INVALID)
def test_credit_code_invalid(text, error, facts):
    """Each refusal names the character and the standard broken, without echoing the code."""
    with pytest.raises(error) as caught:
        check_identifier("credit_code", text)
    assert facts.items() <= caught.value.found.items()
    assert text not in str(caught.value.found)


def test_credit_code_letters_as_departments():
    """Military, farm and other bodies begin with letters, which python-stdnum refuses."""
    for prefix in ("A1", "N2", "Y1"):
        code = make(f"{prefix}110000", "MA001234")
        assert check_identifier("credit_code", code).normalised == code
        assert not uscc.is_valid(code)


def test_credit_code_demo_area():
    """Registration area 99 is for made-up firms, and passes in demo mode only."""
    code = make("91990100", "MA0DEM0X")
    with pytest.raises(e.DemoNumberRefused):
        check_identifier("credit_code", code)
    assert check_identifier("credit_code", code, demo=True).normalised == code


def test_organisation_code_alone():
    """Old certificates bear the nine characters alone, with a hyphen."""
    assert check_identifier("organisation_code", "60003734-1").normalised == "600037341"
    with pytest.raises(e.WrongCheckDigit):
        check_identifier("organisation_code", "600037342")
    # GB 11714's own example of a check character X.
    assert check_identifier("organisation_code", "D2143569-X").normalised == "D2143569X"


@given(
    registrar=st.sampled_from([d + c for d, (_name, kinds) in REGISTRARS.items() for c in kinds]),
    body=st.text(alphabet=ALPHABET, min_size=8, max_size=8),
)
def test_credit_code_built_is_accepted(registrar, body):
    """Every code built by the two standards is accepted, and by python-stdnum where it starts with a digit."""
    code = make(f"{registrar}331004", body)
    assert check_identifier("credit_code", code).normalised == code
    if registrar[0].isdigit():
        assert uscc.is_valid(code)


@given(
    body=st.text(alphabet=ALPHABET, min_size=8, max_size=8),
    position=st.integers(min_value=8, max_value=17),
    step=st.integers(min_value=1, max_value=30),
)
def test_credit_code_one_wrong_character_is_found(body, position, step):
    """One wrong character after the area is always found by one of the two checks."""
    code = make("91331004", body)
    other = ALPHABET[(ALPHABET.index(code[position]) + step) % 31]
    with pytest.raises(e.WrongCheckDigit):
        check_identifier("credit_code", code[:position] + other + code[position + 1 :])


@given(st.text(max_size=30))
def test_credit_code_any_text_gives_the_family(text):
    """Whatever is typed, the result is a code or an error of the family."""
    try:
        check_identifier("credit_code", text)
    except e.InvalidIdentifier as error:
        problem = error
    else:
        return
    assert problem.text("zh") != problem.text("en")
