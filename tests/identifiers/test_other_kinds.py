"""Permits, phones, plates and vessels: the published forms, old and new."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.identifiers import Identifier, IdentifierKind, check_identifier, label, mask
from lianban.engines.identifiers import errors as e

# kind, written, normalised, form
VALID = [
    ("passport", "E12345678", "E12345678", "ordinary, electronic"),
    ("passport", "ea1234567", "EA1234567", "ordinary, electronic, since 2017"),
    ("passport", "G12345678", "G12345678", "ordinary, before 2012"),
    ("passport", "PE1234567", "PE1234567", "public affairs, service, diplomatic, electronic"),
    ("passport", "K12345678", "K12345678", "Hong Kong SAR"),
    ("passport", "MA1234567", "MA1234567", "Macau SAR"),
    ("passport", "C01X00T47", "C01X00T47", "foreign"),
    ("hk_macau_permit", "H12345678", "H12345678", "card of 2013"),
    ("hk_macau_permit", "M1234567801", "M1234567801", "card of 1999, with number of issue"),
    ("taiwan_permit", "12345678", "12345678", "card of 2015"),
    ("taiwan_permit", "0123456701(B)", "0123456701B", "booklet, with number of issue"),
    ("residence_permit", "810000199408230021", "810000199408230021", "Hong Kong"),
    ("residence_permit", "830000199201300022", "830000199201300022", "Taiwan"),
    ("foreign_resident", "911124198108030024", "911124198108030024", "card of 2023"),
    ("foreign_resident", "CAN110081080310", "CAN110081080310", "card of 2004 and 2017"),
    ("hong_kong_id", "A123456(3)", "A1234563", "card"),
    ("hong_kong_id", "AB987654(3)", "AB9876543", "card"),
    ("macau_id", "1234567(8)", "12345678", "card"),
    ("taiwan_id", "A123456789", "A123456789", "card"),
    ("phone", "138 0000 0000", "13800000000", "mobile"),
    ("phone", "+86-138-0000-0000", "13800000000", "mobile"),
    ("phone", "0086 13800000000", "13800000000", "mobile"),
    ("phone", "（0576）88881234", "0576-88881234", "landline"),
    ("phone", "0576-88881234转12", "0576-88881234-12", "landline"),
    ("phone", "010 6555 1234", "010-65551234", "landline"),
    ("phone", "+86 10 65551234", "010-65551234", "landline"),
    ("phone", "0998-6571234", "0998-6571234", "landline"),
    ("phone", "12368", "12368", "service"),
    ("phone", "110", "110", "service"),
    ("phone", "400-123-4567", "400-1234567", "service"),
    ("plate", "浙J·12345", "浙J12345", "ordinary"),
    ("plate", "浙j d12345", "浙JD12345", "new-energy"),
    ("plate", "浙J12345F", "浙J12345F", "new-energy, large"),
    ("plate", "浙J1234警", "浙J1234警", "police"),
    ("plate", "新Q1234挂", "新Q1234挂", "trailer"),
    ("plate", "豫D1234学", "豫D1234学", "driving school"),
    ("plate", "粤Z1234港", "粤Z1234港", "Hong Kong, Macau"),
    ("plate", "沪A1234领", "沪A1234领", "consulate, embassy"),
    ("plate", "WJ浙1234A", "WJ浙1234A", "armed police"),
    ("vessel", "浙台渔12345", "浙台渔12345", "fishing"),
    ("vessel", "浙玉渔运00123号", "浙玉渔运00123", "fishing"),
    ("vessel", "浙 岱 渔 １２３４５", "浙岱渔12345", "fishing"),
    ("vessel", "闽狮渔07778", "闽狮渔07778", "fishing"),
    ("vessel", "浙渔00012", "浙渔00012", "fishing"),
    ("vessel", "苏海门渔02345", "苏海门渔02345", "fishing"),
    ("vessel", "浙普渔水10001", "浙普渔水10001", "fishing"),
    ("vessel", "海天一号", "海天一号", "other"),
    ("vessel", "台州港66", "台州港66", "other"),
    ("vessel", "Ocean Star 8", "OCEAN STAR 8", "foreign"),
]

# kind, written, error, facts
INVALID = [
    ("passport", "E1234567", None, {}),
    ("passport", "ABC", e.WrongForm, {}),
    ("passport", "EI12345#7", e.WrongForm, {}),
    ("hk_macau_permit", "A12345678", e.WrongForm, {}),
    ("hk_macau_permit", "H123456789", e.WrongForm, {}),
    ("taiwan_permit", "1234567", e.WrongForm, {}),
    ("residence_permit", "810000199408230020", e.WrongCheckDigit, {"position": 18, "expected": "1"}),
    ("residence_permit", "840000199408230021", e.UnknownPrefix, {"prefix": "840000"}),
    ("residence_permit", "81000019940823002", e.WrongLength, {"length": 17}),
    ("foreign_resident", "911124198108030025", e.WrongCheckDigit, {"position": 18, "expected": "4"}),
    ("foreign_resident", "CAN110081080311", e.WrongCheckDigit, {"position": 15, "expected": "0"}),
    ("foreign_resident", "12345", e.WrongForm, {}),
    ("hong_kong_id", "A123456(4)", e.WrongCheckDigit, {"expected": "3"}),
    ("taiwan_id", "A123456788", e.WrongCheckDigit, {"expected": "9"}),
    ("taiwan_id", "A323456788", e.WrongForm, {}),
    ("phone", "1380000000", e.WrongLength, {"expected": "11", "length": 10}),
    ("phone", "138000000000", e.WrongLength, {"length": 12}),
    ("phone", "15400000000", e.UnknownPrefix, {"prefix": "154"}),
    ("phone", "0576-888812", e.WrongLength, {"length": 10}),
    ("phone", "0576-12345678", e.UnknownPrefix, {"prefix": "0576-1"}),
    ("phone", "abc", e.WrongForm, {}),
    ("plate", "浙J1234O", e.WrongCharacter, {"position": 7, "character": "O"}),
    ("plate", "国J12345", e.UnknownPrefix, {"prefix": "国"}),
    ("plate", "浙J123", e.WrongForm, {}),
    ("vessel", "国台渔12345", e.UnknownPrefix, {"prefix": "国"}),
    ("vessel", "浙台渔123", e.WrongLength, {"length": 3}),
    ("vessel", "浙台渔123456", e.WrongLength, {"length": 6}),
    ("vessel", "12345", e.WrongForm, {}),
]


@pytest.mark.parametrize(("kind", "text", "normalised", "form"), VALID)
def test_kind_valid(kind, text, normalised, form):
    """Every published form is accepted and normalised."""
    found = check_identifier(kind, text)
    assert (found.normalised, found.form) == (normalised, form)


@pytest.mark.parametrize(("kind", "text", "error", "facts"), INVALID)
def test_kind_invalid(kind, text, error, facts):
    """Every refusal says what is wrong; a form that only a foreign State could use is not refused."""
    if error is None:
        assert check_identifier(kind, text).form == "foreign"
        return
    with pytest.raises(error) as caught:
        check_identifier(kind, text)
    assert type(caught.value) is error
    assert facts.items() <= caught.value.found.items()
    assert label(kind) in caught.value.text("zh")
    assert label(kind, english=True) in caught.value.text("en")
    if len(text) > 6:
        assert text not in str(caught.value.found)


def test_kind_lasting_part():
    """A renewed travel permit is compared without the number of its issue; other numbers whole."""
    old, new = (check_identifier("hk_macau_permit", text) for text in ("H1234567801", "H12345678"))
    assert old.lasting == new.lasting == "H12345678"
    assert check_identifier("taiwan_permit", "1234567801(B)").lasting == "12345678"
    assert check_identifier("passport", "E12345678").lasting == "E12345678"


def test_kind_unknown():
    """An unknown kind is an error that lists the kinds there are."""
    with pytest.raises(e.UnknownKind) as caught:
        check_identifier("fingerprint", "x")
    assert "resident_id" in caught.value.text("zh")


def test_permit_born_after_the_day():
    """Permits built like resident numbers are held to the same day."""
    assert check_identifier("residence_permit", "810000199408230021", on=date(1994, 8, 23))
    with pytest.raises(e.BirthDateOutOfRange):
        check_identifier("residence_permit", "810000199408230021", on=date(1994, 8, 22))


@given(kind=st.sampled_from(IdentifierKind), text=st.text(max_size=30))
def test_kind_any_text_gives_the_family(kind, text):
    """Whatever is typed, the result is an identifier or an error of the family, and masks never fail."""
    assert len(mask(kind, text)) == len(text)
    try:
        found = check_identifier(kind, text)
    except e.InvalidIdentifier as error:
        problem = error
    else:
        assert isinstance(found, Identifier)
        assert check_identifier(kind, found.normalised).normalised == found.normalised
        return
    assert problem.text("zh") != problem.text("en")


@given(kind=st.sampled_from(IdentifierKind), text=st.text(alphabet="0123456789X", min_size=4, max_size=20))
def test_mask_hides_at_least_half(kind, text):
    """A mask hides at least half of the characters, whatever the text."""
    assert mask(kind, text).count("*") * 2 >= len(text)
