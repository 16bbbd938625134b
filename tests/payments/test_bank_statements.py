"""Bank statements in CSV and Excel: every mistake at its row, and every fen beside the court's books."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from money_making import open_enforcement
from officials import MONDAY, days, refused

from lianban.actions import money_errors as errors
from lianban.actions.errors import NothingToDo, RoleMayNot
from lianban.engines.imports import write_csv, write_table
from lianban.engines.payments import read_statement

HEADS = ["交易日期", "收入", "支出", "余额", "流水号", "对方户名", "摘要"]
ROWS = [
    ["2026-03-02", "100000.00", "", "150000.00", "A1", "沈砚", "执行款"],
    ["2026/3/2", "", "30,000.50", "119999.50", "A2", "周衡", "发放"],
    ["20260303", "5.5", "", "120005.00", "A3", "某公司", ""],
]


@pytest.mark.parametrize("write", [write_csv, lambda heads, rows: write_table(heads, rows)])
def test_statement_is_read_to_the_fen(write):
    """The usual heads, three ways to write a day, thousands and a running balance that tells the opening one."""
    file = read_statement(write(HEADS, [*ROWS, ["合计", "100005.5", "30000.50"]]), "账.csv")
    assert file.problems == ()
    assert [(line.on, line.amount_fen, line.reference) for line in file.lines] == [
        (date(2026, 3, 2), 100_000_00, "A1"), (date(2026, 3, 2), -30_000_50, "A2"), (date(2026, 3, 3), 5_50, "A3")
    ]  # fmt: skip
    assert (file.opening_fen, file.closing_fen) == (50_000_00, 120_005_00)


@pytest.mark.parametrize(
    ("change", "row", "column", "word"),
    [
        ((0, 0, "三月二日"), 2, "交易日期", "不是日期"),
        ((1, 2, "30000.505"), 3, "支出", "不足一分"),
        ((1, 2, "-5"), 3, "支出", "不是金额"),
        ((1, 1, "1"), 3, "收入", "只有一笔"),
        ((1, 2, ""), 3, "收入", "不为零"),
        ((1, 3, "119999.51"), 3, "余额", "119,999.50"),
        ((2, 4, "A1"), 4, "流水号", "第 2 行"),
    ],
)
def test_statement_mistakes_at_their_row(change, row, column, word):
    """Each mistake names its row, its column and what to do; nothing is read past it in silence."""
    rows = [list(one) for one in ROWS]
    rows[change[0]][change[1]] = change[2]
    problem = read_statement(write_csv(HEADS, rows), "账.csv").problems[0]
    assert (problem.row, problem.column) == (row, column)
    assert word in problem.zh and problem.en


def test_statement_without_heads_or_balance():
    """Columns that must be there are named; without balances the opening one is asked for; an empty file says so."""
    assert [p.zh[:8] for p in read_statement(write_csv(["日子", "钱"], [["2026-03-02", "1"]]), "账.csv").problems] == [
        "缺少“交易日期”", "缺少“收入”“支"
    ]  # fmt: skip
    plain = write_csv(["日期", "金额"], [["2026-03-02", "-1.00"]])
    assert "期初余额" in read_statement(plain, "账.csv").problems[0].zh
    file = read_statement(plain, "账.csv", 500)
    assert (file.closing_fen, file.lines[0].amount_fen) == (400, -100)
    assert "没有一笔" in read_statement(write_csv(HEADS, []), "账.csv").problems[0].zh


@given(st.lists(st.integers(-(10**12), 10**12).filter(bool), min_size=1, max_size=30), st.integers(0, 10**12))
def test_statement_any_amounts_come_back(amounts, opening):
    """Whatever sums a bank prints, with a sign in one column: each comes back as it was, to the fen."""
    rows = [
        ["2026-03-02", f"{fen / 100:.2f}" if abs(fen) < 10**12 else str(fen // 100), f"R{n}"]
        for n, fen in enumerate(amounts)
    ]
    file = read_statement(write_csv(["日期", "金额", "流水号"], rows), "账.csv", opening)
    assert not file.problems
    assert [line.amount_fen for line in file.lines] == amounts
    assert file.closing_fen == opening + sum(amounts)


@pytest.fixture
def court(city):
    return open_enforcement(city)


def imported(court, rows, heads=HEADS, *, by="court.cashier", name="三月.csv", opening=None):
    from lianban.actions.import_statement import import_statement

    with court.city.acting_as(by, MONDAY + days(2)) as acting:
        return import_statement(acting, name, write_csv(heads, rows), opening)


def matched(court):
    return court.city.rows(
        "SELECT e.reference, m.by, m.difference_fen FROM bank_match m JOIN bank_entry e ON e.id = m.entry_id"
        " WHERE m.undone_at IS NULL ORDER BY 1"
    )


def test_reconciling_by_reference_and_by_day(court):
    """What the bank calls by number is found by number; a lone sum of a day by sum and day; the rest is to be done."""
    from lianban.records import bank

    court.act(
        "receive_payment",
        {"amount": 100_000_00, "arrived_on": "2026-03-02", "bank_reference": "A1"},
        by="court.cashier",
    )
    court.act(
        "receive_payment",
        {"amount": 5_50, "arrived_on": "2026-03-03"},
        by="court.cashier",
        at=MONDAY + days(1),
    )
    assert imported(court, ROWS).matched == 2
    assert matched(court) == [("A1", "reference", 0), ("A3", "amount_and_day", 0)]
    with court.city.acting_as("court.judge"):
        from django.db import connection

        with connection.cursor() as cursor:
            (left,) = bank.unmatched_lines(cursor)
            assert left.amount_fen == -30_000_50
            assert bank.statements(cursor)[0].unmatched == 1


def test_reconciling_leaves_twins_to_a_person(court):
    """Two equal sums on one day are not guessed: an officer says which is which; a wrong word is taken back with a reason."""
    from lianban.actions.import_statement import match_entry, undo_match

    for _ in range(2):
        court.act("receive_payment", {"amount": 500_00, "arrived_on": "2026-03-02"}, by="court.cashier")
    rows = [
        ["2026-03-02", "500.00", "", "500.00", "T1", "", ""],
        ["2026-03-02", "500.00", "", "1000.00", "T2", "", ""],
    ]
    assert imported(court, rows).matched == 0
    line = court.city.one("SELECT id FROM bank_entry WHERE reference = 'T1'")
    fund = court.city.column("SELECT id FROM fund ORDER BY id")[0]
    with court.city.acting_as("court.cashier") as acting:
        match_entry(acting, line, f"fund:{fund}")
    assert matched(court) == [("T1", "officer", 0)]

    def again():
        with court.city.acting_as("court.cashier") as acting:
            match_entry(acting, line, f"fund:{fund}")

    refused(court.city, errors.LineMatched, again)
    with court.city.acting_as("court.cashier") as acting:
        undo_match(acting, line, "看错了流水")
    assert matched(court) == []


def test_statement_twice_is_refused(court):
    """The same file, and the same movement in another file, are refused with the name of the first."""
    imported(court, ROWS)
    refused(court.city, NothingToDo, lambda: imported(court, ROWS, name="又一次.csv"))
    told = refused(court.city, errors.StatementRefused, lambda: imported(
        court, [["2026-03-04", "1.00", "", "1.00", "A1", "", ""]], name="四月.csv"))  # fmt: skip
    assert "三月.csv" in told.found["rows"][0]["zh"]
    refused(court.city, RoleMayNot, lambda: imported(court, ROWS, by="court.seal_keeper"))


def test_unknown_line_becomes_an_unclaimed_arrival(court):
    """Money nobody knew of is recorded from its line, claimed for a matter by one officer, and by no second one."""
    from lianban.actions.import_statement import receive_line

    imported(court, ROWS)
    line = court.city.one("SELECT id FROM bank_entry WHERE reference = 'A1'")
    with court.city.acting_as("court.cashier") as acting:
        fund = receive_line(acting, line)
    assert court.city.rows("SELECT matter_id, amount_fen, payer FROM fund") == [(None, 100_000_00, "沈砚")]
    claim = court.act("record_claim", {"creditor": str(court.party("周衡")), "basis": "判决书",
                                       "tranches": [{"amount": 200_000_00, "last_day": "2026-01-31"}]})  # fmt: skip
    court.act("claim_fund", {"notified_on": "2026-03-02"}, fund, by="court.clerk")
    assert court.city.rows("SELECT claim_id, amount_fen FROM receipt") == [(claim, 100_000_00)]
    assert court.city.column("SELECT code FROM clock WHERE about = %s", fund) == ["business.fund_payout"]
    refused(court.city, errors.FundTaken, lambda: court.act("claim_fund", {}, fund))
