"""The batch check gives the answer of the single check, on every text."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lianban.engines.identifiers import check_identifier, pack_credit_code, pack_resident_id
from lianban.engines.identifiers.batch import CHUNK, check_credit_codes, check_resident_ids
from lianban.engines.identifiers.credit_codes import ALPHABET, REGISTRARS, organisation_check_character
from lianban.engines.identifiers.credit_codes import check_character as credit_check
from lianban.engines.identifiers.errors import InvalidIdentifier
from lianban.engines.identifiers.resident_ids import check_character as resident_check

WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def resident(area, born, order):
    digits = f"{area}{born:%Y%m%d}{order:03d}"
    return digits + resident_check(digits)


RESIDENT = st.builds(
    resident,
    st.sampled_from(
        ["110105", "331021", "331083", "652123", "650422", "650502", "110103", "990101", "123456"]
    ),
    st.dates(date(1800, 1, 1), date(2100, 1, 1)),
    st.integers(0, 999),
)
CREDIT = st.builds(
    lambda registrar, area, body: (
        (inner := registrar + area + body + organisation_check_character(body)) + credit_check(inner)
    ),
    st.sampled_from([d + c for d, (_name, kinds) in REGISTRARS.items() for c in kinds] + ["98", "B1"]),
    st.sampled_from(["331004", "100000", "990101", "880000"]),
    st.text(alphabet=ALPHABET, min_size=8, max_size=8),
)


@st.composite
def spoiled(draw, written):
    """The text as it is, or as people spoil it."""
    text = draw(written)
    match draw(st.integers(0, 9)):
        case 0:
            return text.lower()
        case 1:
            return f" {text[:6]} {text[6:]}"
        case 2:
            return text.translate(WIDE)
        case 3:
            place = draw(st.integers(0, 17))
            return text[:place] + draw(st.characters(codec="utf-8")) + text[place + 1 :]
        case 4:
            return text[:6] + text[8:17]
        case 5:
            return draw(st.text(max_size=20))
        case _:
            return text


def one_by_one(kind, texts, **options):
    found = []
    for text in texts:
        try:
            found.append(check_identifier(kind, text, **options).normalised)
        except InvalidIdentifier:
            found.append(None)
    return found


@given(
    texts=st.lists(spoiled(RESIDENT), max_size=20),
    demo=st.booleans(),
    on=st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2030, 1, 1))),
)
@settings(max_examples=300)
def test_batch_resident_ids_as_one_by_one(texts, demo, on):
    """Valid rows and their keys are those of the single check."""
    batch = check_resident_ids(texts, demo=demo, on=on)
    single = one_by_one("resident_id", texts, demo=demo, on=on)
    assert batch.valid.tolist() == [number is not None for number in single]
    assert batch.keys.tolist() == [pack_resident_id(number) if number else 0 for number in single]


@given(texts=st.lists(spoiled(CREDIT), max_size=20), demo=st.booleans())
@settings(max_examples=300)
def test_batch_credit_codes_as_one_by_one(texts, demo):
    """Valid rows and the two halves of their keys are those of the single check."""
    batch = check_credit_codes(texts, demo=demo)
    single = one_by_one("credit_code", texts, demo=demo)
    assert batch.valid.tolist() == [code is not None for code in single]
    keys = [(int(high) << 64) | int(low) for high, low in batch.keys]
    assert keys == [pack_credit_code(code) if code else 0 for code in single]


def test_batch_across_chunks():
    """More rows than a chunk holds, with odd ones at the seams, keep their places."""
    number = "11010519491231002X"
    texts = [number] * (2 * CHUNK + 3)
    odd = {0: "110105491231002", CHUNK - 1: "11010519491231002x", CHUNK: "", 2 * CHUNK + 2: number[:17] + "1"}
    for row, text in odd.items():
        texts[row] = text
    batch = check_resident_ids(texts)
    assert np.flatnonzero(~batch.valid).tolist() == [CHUNK, 2 * CHUNK + 2]
    assert set(batch.keys[batch.valid].tolist()) == {11010519491231002}


def test_batch_empty():
    """No rows are no rows."""
    assert check_resident_ids([]).keys.shape == (0,)
    assert check_credit_codes([]).keys.shape == (0, 2)
