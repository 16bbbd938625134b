"""A closing as a register tells it: read as it stands, or told what is wrong, cell by cell."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.closing import ClosingBook, Flaw, Told, grounds_known, modes_known, read_register

BOOK = ClosingBook.standard()
DAY = "2025-06-30"


def read(mode="", ground="", ruling_no="", recovered="", closed_on=DAY):
    cells = {"mode": mode, "ground": ground, "ruling_no": ruling_no, "recovered": recovered}
    return read_register(BOOK, cells, closed_on)


def test_six_modes_by_code_name_and_name_in_use():
    """The six of 执行规定 64, by what registers call them."""
    assert [code for code, _ in modes_known(BOOK)] == [
        "completed", "terminated", "ended", "struck_off", "not_enforced", "dismissed",
    ]  # fmt: skip
    for text in ("terminated", "终结本次执行程序", "终本", "end of this round (终本)"):
        assert read(text, recovered="0") == Told("terminated", "", "", 0), text
    assert read("执毕").mode == "completed"
    assert read("驳回申请") == Told("dismissed", "not_admissible", "", 0)


def test_row_without_a_mode_tells_nothing():
    """A date alone is what an import took before: the matter is closed, and is in no figure of closings."""
    assert read() is None
    assert read(closed_on="") is None


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"mode": "结了"}, "mode"),
        ({"mode": "completed", "closed_on": ""}, "closed_on"),
        ({"ground": "withdrawn"}, "mode"),
        ({"recovered": "100"}, "mode"),
        ({"mode": "ended", "recovered": "0"}, "ground"),
        ({"mode": "struck_off"}, "ground"),
        ({"mode": "not_enforced", "ground": "withdrawn"}, "ground"),
        ({"mode": "terminated"}, "recovered"),
        ({"mode": "completed", "ground": "settlement_performed"}, "recovered"),
        ({"mode": "completed", "recovered": "-5"}, "recovered"),
        ({"mode": "completed", "recovered": "约五千元"}, "recovered"),
        ({"mode": "completed", "recovered": "很多"}, "recovered"),
    ],
)
def test_flaw_is_told_at_its_cell(cells, cell):
    """Each thing that is wrong has its own cell, and says in both languages what to do."""
    found = read(**cells)
    assert isinstance(found, list)
    assert [flaw.cell for flaw in found] == [cell]
    assert all(flaw.zh and flaw.en for flaw in found)


def test_amount_that_is_missing():
    """Enforced in full means the claim; what never was enforced means nothing; the rest must say."""
    assert read("completed").recovered_fen is None
    assert read("completed", recovered="28,840.00").recovered_fen == 2_884_000
    assert read("struck_off", "other_court_first").recovered_fen == 0
    assert read("ended", "withdrawn", recovered="1.2万").recovered_fen == 1_200_000


def test_register_older_than_the_rows():
    """A case that was ended in 2009, before the article had its number of today, is read all the same."""
    assert read("终结执行", "申请人撤销申请", recovered="0", closed_on="2009-05-04") == Told("ended", "withdrawn", "", 0)  # fmt: skip


@given(
    st.sampled_from([code for code, _ in modes_known(BOOK)]), st.sampled_from([code for code, _ in grounds_known(BOOK)]),
    st.sampled_from(["", "0", "12.5", "x"]), st.sampled_from(["", DAY]),
)  # fmt: skip
def test_read_or_flawed_never_half(mode, ground, recovered, closed_on):
    """Any cells are read whole or told as flaws; what is read has a ground of its mode."""
    found = read(mode, ground, recovered=recovered, closed_on=closed_on)
    if isinstance(found, list):
        assert found
        assert all(isinstance(flaw, Flaw) for flaw in found)
    else:
        assert ground in {one.code for one in BOOK.mode_of_register(mode, date(2025, 6, 30)).grounds}
        assert found.recovered_fen is None or found.recovered_fen >= 0
