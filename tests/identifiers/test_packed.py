"""Packed keys: lossless, ordered, within their bits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.identifiers import packed
from lianban.engines.identifiers.credit_codes import ALPHABET
from lianban.engines.identifiers.credit_codes import check_character as credit_check
from lianban.engines.identifiers.resident_ids import check_character as resident_check

RESIDENT = (
    st.integers(0, 10**17 - 1).map("{:017d}".format).map(lambda digits: digits + resident_check(digits))
)
CREDIT = st.text(alphabet=ALPHABET, min_size=17, max_size=17).map(lambda code: code + credit_check(code))


def test_packed_examples():
    """The two vectors of the domain rules."""
    assert packed.pack_resident_id("11010519491231002X") == 11010519491231002
    assert packed.unpack_resident_id(11010519491231002) == "11010519491231002X"
    key = packed.pack_credit_code("91110000600037341L")
    assert packed.unpack_credit_code(key) == "91110000600037341L"


@given(left=RESIDENT, right=RESIDENT)
def test_packed_resident_id(left, right):
    """Sixty-four bits hold it, it unpacks to itself, and keys sort as numbers do."""
    key = packed.pack_resident_id(left)
    assert key < 2**63
    assert packed.unpack_resident_id(key) == left
    assert (key < packed.pack_resident_id(right)) == (left[:17] < right[:17])


@given(left=CREDIT, right=CREDIT)
def test_packed_credit_code(left, right):
    """A hundred and twenty-eight bits hold it, it unpacks to itself, and keys sort as codes do."""
    key = packed.pack_credit_code(left)
    assert key < 2**127
    assert packed.unpack_credit_code(key) == left
    assert (key < packed.pack_credit_code(right)) == (left[:17] < right[:17])


def test_packed_out_of_range():
    """A key that no identifier packs to is refused."""
    for key in (-1, 10**17):
        with pytest.raises(ValueError, match="packed"):
            packed.unpack_resident_id(key)
    for key in (-1, 31**17):
        with pytest.raises(ValueError, match="packed"):
            packed.unpack_credit_code(key)
