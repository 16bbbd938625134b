"""Resident identity numbers: tables a reader can check, and the rules as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from lianban.engines.identifiers import IdentifierKind, birth_date, check_identifier, is_demo, is_male, mask
from lianban.engines.identifiers import errors as e
from lianban.engines.identifiers.resident_ids import check_character

# text, normalised, why
VALID = [
    ("11010519491231002X", "11010519491231002X", "the example printed in GB 11643"),
    ("11010519491231002x", "11010519491231002X", "a small x"),
    (" 110105 19491231 002X ", "11010519491231002X", "spaces of the card"),
    ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", "full width"),
    ("110105-19491231-002X", "11010519491231002X", "hyphens"),
    ("\u200b11010519491231002X\ufeff", "11010519491231002X", "invisible characters of a paste"),
    ("110105491231002", "11010519491231002X", "fifteen digits become eighteen"),
    ("110105491231996", "110105184912319965", "order codes 996-999 of fifteen digits: born in 18xx"),
    ("440524188001010014", "440524188001010014", "born 1880, second example of the standard"),
]

# text, error, the fact it names
INVALID = [
    ("110105194912310021", e.WrongCheckDigit, {"position": 18, "character": "1", "expected": "X"}),
    ("110105194912310029", e.WrongCheckDigit, {"position": 18, "character": "9", "expected": "X"}),
    ("11010519491231002", e.WrongLength, {"length": 17}),
    ("1101051949123100200", e.WrongLength, {"length": 19}),
    ("", e.WrongLength, {"length": 0}),
    ("1101O519491231002X", e.WrongCharacter, {"position": 5, "character": "O"}),
    ("11010519491231002Y", e.WrongCharacter, {"position": 18, "character": "Y"}),
    ("1101051949123100X2", e.WrongCharacter, {"position": 17, "character": "X"}),
    ("11010549123X002", e.WrongCharacter, {"position": 12, "character": "X"}),
    ("110105194913310024", e.ImpossibleBirthDate, {"position": 11, "component": "month", "value": "13"}),
    ("110105194902300029", e.ImpossibleBirthDate, {"position": 13, "component": "day", "value": "30"}),
    ("110105190002290028", e.ImpossibleBirthDate, {"component": "day", "value": "29"}),
    ("110105000001010021", e.ImpossibleBirthDate, {"position": 7, "component": "year"}),
    ("110105170001010020", e.BirthDateOutOfRange, {"position": 7}),
    ("000000199001010015", e.UnknownAreaCode, {"position": 1, "area": "000000"}),
    ("123456199001010017", e.UnknownAreaCode, {"position": 1, "area": "123456"}),
]


def with_check(first_seventeen: str) -> str:
    return first_seventeen + check_character(first_seventeen)


@pytest.mark.parametrize(("text", "normalised", "why"), VALID)
def test_resident_id_valid(text, normalised, why):
    """Every accepted writing gives the one normalised number."""
    found = check_identifier("resident_id", text)
    assert found.normalised == normalised, why
    assert found.kind is IdentifierKind.RESIDENT_ID


@pytest.mark.parametrize(("text", "error", "facts"), INVALID)
def test_resident_id_invalid(text, error, facts):
    """Every refusal names the position and the reason, and does not echo the number."""
    # The rows on dates and areas carry a right check digit, so that it is not what is refused.
    if error in (e.ImpossibleBirthDate, e.BirthDateOutOfRange, e.UnknownAreaCode):
        text = with_check(text[:17])
    with pytest.raises(error) as caught:
        check_identifier("resident_id", text)
    assert facts.items() <= caught.value.found.items()
    if len(text) > 8:
        for shown in (str(caught.value.found), caught.value.text("zh"), caught.value.text("en")):
            assert text not in shown
            assert text[6:14] not in shown, "no birth date in an error"


def test_resident_id_demo_prefix():
    """The unassigned prefix 99 passes only where demo is given."""
    number = with_check("99010119900307123")
    with pytest.raises(e.DemoNumberRefused):
        check_identifier("resident_id", number)
    found = check_identifier("resident_id", number, demo=True)
    assert is_demo(found.normalised)
    assert not is_demo(check_identifier("resident_id", "11010519491231002X", demo=True).normalised)


def test_resident_id_demo_does_not_excuse_the_rest():
    """A demo number still needs a possible date and a right check digit."""
    number = with_check("99010119901307123")
    with pytest.raises(e.ImpossibleBirthDate):
        check_identifier("resident_id", number, demo=True)
    wrong = "0" if number[17] != "0" else "1"
    with pytest.raises(e.WrongCheckDigit):
        check_identifier("resident_id", number[:17] + wrong, demo=True)


# area, birth, on, error or None, why
AREAS_BY_DATE = [
    ("331021", "19900307", None, None, "玉环县 had this code 1994-2017; a card of 1994 bears it"),
    ("331021", "20240307", None, e.AreaCodeOutOfForce, "玉环 was a city with another code by then"),
    (
        "331083",
        "19900307",
        date(2016, 1, 1),
        e.AreaCodeOutOfForce,
        "玉环市 not yet founded on the day of issue",
    ),
    ("331083", "19900307", date(2020, 1, 1), None, "first number given late in life"),
    ("331083", "20240307", date(2024, 4, 1), None, "born in the city"),
    ("652123", "19850307", None, None, "托克逊县 before 2015"),
    ("652123", "20200307", None, e.AreaCodeOutOfForce, "托克逊县 is 650422 since 2015"),
    ("650422", "20200307", None, None, "托克逊县 since 2015"),
    ("654125", "19850307", None, None, "新源县 before 2001"),
    ("654025", "20100307", None, None, "新源县 since 2001"),
    ("650502", "20170307", None, None, "伊州区 since 2016"),
    ("650502", "20100307", date(2014, 1, 1), e.AreaCodeOutOfForce, "伊州区 not founded in 2014"),
    ("652201", "19850307", None, None, "哈密市 before 2016"),
    ("110103", "19600307", None, None, "崇文区, abolished in 2010, stays resolvable"),
    ("440301", "19500307", None, None, "born long before Shenzhen's districts: issued later"),
]


@pytest.mark.parametrize(("area", "born", "on", "error", "why"), AREAS_BY_DATE)
def test_resident_id_area_as_of_issue(area, born, on, error, why):
    """The area must have been in use when the number could have been issued, not today."""
    number = with_check(f"{area}{born}001")
    if error is None:
        assert check_identifier("resident_id", number, on=on).normalised == number, why
    else:
        with pytest.raises(error):
            check_identifier("resident_id", number, on=on)


def test_resident_id_born_after_issue():
    """A birth after the day of issue is refused."""
    number = with_check("11010520240307001")
    with pytest.raises(e.BirthDateOutOfRange):
        check_identifier("resident_id", number, on=date(2024, 3, 6))
    assert check_identifier("resident_id", number, on=date(2024, 3, 7))


def test_resident_id_reads_off():
    """Birth date and sex are read from the number where a rule needs them."""
    assert birth_date("11010519491231002X") == date(1949, 12, 31)
    assert not is_male("11010519491231002X")
    assert is_male("360426199101010071")


def test_resident_id_masked():
    """Screens, repr and str show the masked form only."""
    found = check_identifier("resident_id", "11010519491231002X")
    assert found.masked == str(found) == "1101**********002X"
    assert "19491231" not in repr(found)
    assert mask("resident_id", "99010119900307123X") == "9901**********123X"


@given(
    area=st.sampled_from(["110105", "331004", "331023", "410482", "653122", "653222", "654201"]),
    born=st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 12, 31)),
    order=st.integers(min_value=0, max_value=999),
)
def test_resident_id_agrees_with_stdnum(area, born, order):
    """Where the area always existed, python-stdnum and this engine agree on every number."""
    number = with_check(f"{area}{born:%Y%m%d}{order:03d}")
    assert check_identifier("resident_id", number).normalised == number
    assert ric.calc_check_digit(number) == number[17]


@given(
    born=st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 12, 31)),
    order=st.integers(min_value=0, max_value=999),
    position=st.integers(min_value=0, max_value=16),
    other=st.integers(min_value=1, max_value=9),
)
def test_resident_id_one_wrong_digit_is_found(born, order, position, other):
    """MOD 11-2 finds every single wrong digit."""
    number = with_check(f"110105{born:%Y%m%d}{order:03d}")
    wrong = number[:position] + str((int(number[position]) + other) % 10) + number[position + 1 :]
    with pytest.raises(e.WrongCheckDigit):
        check_identifier("resident_id", wrong)


@given(
    born=st.dates(min_value=date(1900, 1, 1), max_value=date(1999, 12, 31)),
    order=st.integers(min_value=0, max_value=995),
)
def test_resident_id_fifteen_is_the_same_person(born, order):
    """The fifteen-digit number and the one that replaced it normalise alike."""
    number = with_check(f"110105{born:%Y%m%d}{order:03d}")
    short = number[:6] + number[8:17]
    assert check_identifier("resident_id", short).normalised == number


@given(text=st.text(max_size=40), days=st.integers(min_value=0, max_value=40000))
def test_resident_id_any_text_gives_the_family(text, days):
    """Whatever is typed, the result is a number or an error of the family, never another exception."""
    try:
        check_identifier("resident_id", text, demo=True, on=date(1950, 1, 1) + timedelta(days=days))
    except e.InvalidIdentifier as error:
        problem = error
    else:
        return
    assert problem.text("zh") != problem.text("en")
