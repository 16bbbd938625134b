"""Tables from outside: what is read, what is refused, and at which row and column."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.forms.words import Words
from lianban.engines.imports import (
    Column,
    HeadsWrong,
    RowChecker,
    TableTooLarge,
    TableUnreadable,
    columns_of,
    match,
    read_table,
    template_heads,
    write_csv,
    write_table,
)
from lianban.engines.imports.checking import iso_day
from lianban.engines.imports.tables import MOST_COLUMNS, as_text

SCENES = Path(__file__).resolve().parents[2] / "scenes"
OWN = (Column("number", Words("案号", "Case number"), required=True),)
GOOD = {
    "案号": "（2025）云9901执7号", "执行依据文号": "（2024）云9901民初88号", "案由": "买卖合同纠纷", "执行类别": "民事执行",
    "申请执行标的·本金": "28,840.00", "申请执行标的·履行期限届满日": "2025年1月31日",
    "当事人1·诉讼地位": "申请执行人", "当事人1·类型": "自然人", "当事人1·姓名或名称": "周衡",
    "当事人1·证件种类": "居民身份证", "当事人1·证件号码": "990101199003070015",
    "当事人2·诉讼地位": "被执行人", "当事人2·类型": "自然人", "当事人2·姓名或名称": "沈砚",
    "当事人2·证件种类": "居民身份证", "当事人2·证件号码": "990101199003070031",
}  # fmt: skip


@pytest.fixture(scope="module")
def form():
    from lianban.engines.scenes import load_scene

    return load_scene(SCENES / "enforcement").forms["matter"]


def checked(form, **cells):
    row = {**GOOD, **cells}
    heads = [head for head, cell in row.items() if cell is not None]
    found = match(heads, columns_of(form, {"subjects": 3}, OWN))
    return RowChecker(form, found, ["number"], demo=True).check(2, [row[head] for head in heads])


def test_row_as_people_write_it(form):
    """Words instead of codes, yuan with commas, a Chinese date: the row is the form's data."""
    row = checked(form)
    assert row.errors == ()
    assert row.own == {"number": "（2025）云9901执7号"}
    assert row.data["claim"] == {"principal": 2_884_000, "due_on": "2025-01-31"}
    assert [party["role"] for party in row.data["subjects"]] == ["creditor", "debtor"]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"当事人2·证件号码": "990101199003070032"}, "当事人2·证件号码", "format"),
        ({"当事人2·证件号码": 9.90101199003070e17}, "当事人2·证件号码", "spoilt"),
        ({"案由": ""}, "案由", "required"),
        ({"执行类别": "别的"}, "执行类别", "enum"),
        ({"申请执行标的·本金": "两万"}, "申请执行标的·本金", "type"),
        ({"申请执行标的·履行期限届满日": "2025-02-30"}, "申请执行标的·履行期限届满日", "format"),
        ({"案由": "案" * 5001}, "案由", "maxLength"),
    ],
)  # fmt: skip
def test_bad_cell_is_told_at_its_column(form, cells, column, code):
    """The mistake names the column the reader filled in, and the other cells stay good."""
    errors = checked(form, **cells).errors
    assert [(where, error.code) for where, error in errors] == [(column, code)]
    assert errors[0][1].zh
    assert errors[0][1].en


def test_what_stands_beyond_the_heads_is_told(form):
    """A cell under no head is not dropped in silence."""
    heads = list(GOOD)
    checker = RowChecker(form, match(heads, columns_of(form, own=OWN)), ["number"], demo=True)
    assert [error.code for _, error in checker.check(2, [*GOOD.values(), "备注"]).errors] == ["beyond"]


def test_heads_are_matched_generously_and_never_guessed(form):
    """Stars, brackets, widths and English do not matter; unknown, double, missing and forbidden heads are all named."""
    columns = columns_of(form, own=OWN)
    assert match(
        ["案　号*", "Cause of action"], [c for c in columns if c.name in ("number", "cause")]
    ).names() == {"number", "cause"}
    with pytest.raises(HeadsWrong) as caught:
        match(["案号", "案号", "案由 ", "民族", "案油"], columns)
    text = caught.value.text("zh")
    for words in ("“案号”出现两次", "“民族”不能导入", "没有名为“案油”的列", "缺少“执行依据文号”"):
        assert words in text


def test_template_is_taken_back_as_it_is(form):
    """What the template asks for is what the import reads: written, filled in, read, without an error."""
    columns = columns_of(form, {"subjects": 2}, OWN)
    heads = template_heads(columns)
    row = [GOOD.get(column.title.zh, "") for column in columns]
    for content in (write_table(heads, [row]), write_csv(heads, [row])):
        table = read_table(content, "立案.xlsx")
        found = match(table.heads, columns)
        [(number, cells)] = table.numbered()
        assert number == 2
        assert RowChecker(form, found, ["number"], demo=True).check(number, cells).errors == ()


def test_excel_keeps_what_cells_are():
    """A date is a date, a number a number: the checker can tell what a program has spoilt."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    page.write_row(1, 0, ["甲", "乙", "丙"])
    page.write_datetime(
        2, 0, __import__("datetime").datetime(2026, 3, 2), book.add_format({"num_format": "yyyy-mm-dd"})
    )
    page.write_number(2, 1, 28840)
    page.write_boolean(2, 2, True)
    book.close()
    table = read_table(out.getvalue(), "a.xlsx")
    assert table.heads == ("甲", "乙", "丙")
    [(number, cells)] = table.numbered()
    assert (number, [as_text(cell) for cell in cells]) == (3, ["2026-03-02", "28840", "是"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_of_every_office(encoding, separator):
    """Whatever program wrote it: its encoding and its separator are found."""
    text = separator.join(["案号", "案由"]) + "\r\n" + separator.join(["一", "二"])
    table = read_table(text.encode(encoding), "a.csv")
    assert table.heads == ("案号", "案由")
    assert list(table.numbered()) == [(2, ["一", "二"])]


@pytest.mark.parametrize(
    "content",
    [b"", b"\r\n\r\n", b"\xff\xfe\x00\x01\x80", b"PK\x03\x04 no book", '案号\n"未闭合'.encode(), b"a\x00b"],
)
def test_what_is_no_table_is_refused(content):
    """Nothing, bytes, half a book, an open quote: each refused in words."""
    with pytest.raises(TableUnreadable) as caught:
        read_table(content, "坏.csv")
    assert "坏.csv" in caught.value.text("zh")


def test_table_that_is_too_wide_is_refused():
    """Bounds are checked before anything is built from the rows."""
    with pytest.raises(TableTooLarge):
        read_table(",".join(f"列{i}" for i in range(MOST_COLUMNS + 1)).encode(), "宽.csv")


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), min_size=2, max_size=4
        ),
        min_size=1,
        max_size=6,
    )
)
def test_csv_written_is_read_back(rows):
    """What is written is read: but for an apostrophe before what a spreadsheet would run."""
    width = max(map(len, rows))
    heads = [f"列{i}" for i in range(width)]
    table = read_table(write_csv(heads, rows), "a.csv")
    back = [row for _, row in table.numbered()]
    wanted = [row for row in rows if any(row)]
    assert [[cell.lstrip("'").strip() for cell in row] for row in back] == [
        [cell.lstrip("'").strip() for cell in row] for row in wanted
    ]


@given(st.text(max_size=8))
def test_no_formula_leaves_in_an_export(text):
    """No cell of an export begins with what a spreadsheet runs, unless it is a number."""
    cells = next(
        csv.reader(
            io.StringIO(write_csv(["头"], [["=" + text]]).decode("utf-8-sig").split("\r\n", 1)[1], newline="")
        )
    )
    assert cells[0].startswith("'=")


@pytest.mark.parametrize(
    ("text", "iso"),
    [("2026年3月2日", "2026-03-02"), ("2026/3/2", "2026-03-02"), ("2026.03.02", "2026-03-02"), ("20260302", "2026-03-02"),
     ("2026-3-2 00:00:00", "2026-03-02"), ("三月二日", "三月二日"), ("2026-13-01", "2026-13-01")],
)  # fmt: skip
def test_days_as_people_write_them(text, iso):
    """Usual ways to write a day are one; what is none stays for the form to refuse."""
    assert iso_day(text) == iso
