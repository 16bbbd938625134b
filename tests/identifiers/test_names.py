"""Names of persons and companies: stored as written, compared by what they have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.identifiers import mask_name, names_equal, normalise_name
from lianban.engines.identifiers.names import InvalidName, NameCharacter, NameTooLong, comparison_key

# written, stored
STORED = [
    ("张三", "张三"),
    (" 张 三 ", "张三"),
    ("张　三", "张三"),
    ("买买提•吐尔逊", "买买提·吐尔逊"),
    ("买买提．吐尔逊", "买买提·吐尔逊"),
    ("阿卜杜拉・阿卜杜热合曼", "阿卜杜拉·阿卜杜热合曼"),
    ("古丽 · 热娜", "古丽·热娜"),
    ("John  Smith", "John Smith"),
    ("ＡＢＣ（中国）有限公司", "ABC(中国)有限公司"),
    ("𠮷野家", "𠮷野家"),
    ("葛\U000e0100亮", "葛\U000e0100亮"),
    ("王䶮", "王䶮"),
    ("李𬭎\u200b", "李𬭎"),
    ("O’Neil", "O’Neil"),
]

EQUAL = [
    ("张三", "张 三"),
    ("买买提•吐尔逊", "买买提·吐尔逊"),
    ("买买提吐尔逊", "买买提·吐尔逊"),
    ("ＡＢＣ（中国）有限公司", "abc(中国)有限公司"),
    ("某某【集团】公司", "某某（集团）公司"),
    ("葛\U000e0100亮", "葛亮"),
    ("王\ue855", "王\U000241fe"),
    ("\uf9dd民", "利民"),
    ("JOHN SMITH", "John Smith"),
]

DIFFERENT = [("张三", "张叁"), ("刘铮", "刘峥"), ("后羿", "後羿"), ("", ""), ("··", "  "), ("𠮷", "吉")]


@pytest.mark.parametrize(("written", "stored"), STORED)
def test_name_stored(written, stored):
    """Width, spaces and dots become uniform; characters stay."""
    assert normalise_name(written) == stored


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_name_equal(left, right):
    """Width, case, dots, spaces, brackets, glyph variants and old private codes make no difference."""
    assert names_equal(left, right)
    assert names_equal(right, left)


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_name_different(left, right):
    """Different characters are different names, and nothing equals nothing."""
    assert not names_equal(left, right)


def test_name_length():
    """A hundred characters pass, a hundred and one do not; a variation selector is no character."""
    assert normalise_name("\U00030edd" * 100)
    assert normalise_name("葛\U000e0100" * 100)
    with pytest.raises(NameTooLong) as caught:
        normalise_name("买" * 101)
    assert caught.value.found == {"length": 101, "longest": 100}


@pytest.mark.parametrize("text", ["", "  ", "··", "\u200b"])
def test_name_empty(text):
    """A name of nothing is refused."""
    with pytest.raises(InvalidName):
        normalise_name(text)


def test_name_wrong_character():
    """Control characters and symbols are refused with their place; the name is not echoed."""
    for text, position in (("张\x00三", 2), ("张三<script>", 3), ("张三😀", 3), ("张*", 2)):
        with pytest.raises(NameCharacter) as caught:
            normalise_name(text)
        assert caught.value.found["position"] == position
        assert "张" not in str(caught.value.found)


def test_name_masked():
    """Lists show the surname, compound surnames whole, and the first part of a name with dots."""
    table = {
        "张三": "张*",
        "张三丰": "张**",
        "欧阳娜娜": "欧阳**",
        "欧阳": "欧*",
        "买买提·吐尔逊": "买买提·**",
        "李": "李*",
        "": "",
    }
    assert {name: mask_name(name) for name in table} == table


@given(st.text(max_size=120))
def test_name_normalising_twice_changes_nothing(text):
    """A stored name normalises to itself and equals what was written."""
    try:
        stored = normalise_name(text)
    except InvalidName:
        return
    assert normalise_name(stored) == stored
    assert comparison_key(stored) == comparison_key(text)
