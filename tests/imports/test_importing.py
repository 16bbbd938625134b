"""Importing matters from a file: every row told, nothing half done, nothing left behind."""

from __future__ import annotations

import pytest
from cases import HEADS, case
from officials import MONDAY, refused


def start(city, rows, name="立案.csv", by="court.clerk", heads=HEADS):
    from lianban.actions.start_import import start_import
    from lianban.engines.imports import write_csv

    with city.acting_as(by) as acting:
        return start_import(acting, "enforcement", name, write_csv(heads, rows))


def check(city, run, limit=2_000, by="court.clerk"):
    from lianban.actions.check_import import check_import

    with city.acting_as(by) as acting:
        return check_import(acting, run, limit)


def take(city, run, limit=1_000, by="court.clerk"):
    from lianban.actions.take_import import take_import

    with city.acting_as(by) as acting:
        return take_import(acting, run, limit)


def test_rows_become_matters(city):
    """Open ones with their first task and dates of their own, closed ones without; the rows are erased."""
    run = start(city, [case(1), case(2, closed="2025-06-30"), case(3)])
    assert city.column("SELECT count(*) FROM import_row WHERE sealed IS NOT NULL") == [3]
    found = check(city, run)
    assert (found.state, found.good, found.bad) == ("checked", 3, 0)
    done = take(city, run)
    assert (done.state, done.taken, done.good) == ("done", 3, 0)
    assert city.rows("SELECT number, state, opened_at::date::text, closed_at::date::text FROM matter ORDER BY number") == [
        ("（2025）云9901执1号", "open", "2025-03-03", None), ("（2025）云9901执2号", "closed", "2025-03-03", "2025-06-30"),
        ("（2025）云9901执3号", "open", "2025-03-03", None),
    ]  # fmt: skip
    assert city.one("SELECT count(*) FROM task") == 2
    assert city.one("SELECT count(*) FROM party") == 6
    assert (
        city.one("SELECT count(*) FROM import_row WHERE sealed IS NOT NULL OR data_key_id IS NOT NULL") == 0
    )
    assert city.column("SELECT act FROM ledger_entry ORDER BY id") == [
        "imports.start", "matter.opened", "matter.opened", "matter.imported", "imports.done",
    ]  # fmt: skip


def test_every_bad_row_is_told_and_keeps_no_other_back(city, spoil):
    """Each kind of mistake is told at its row and column; the good rows are taken, the bad never."""
    rows = [case(n) for n in range(1, 31)]
    for at, (column, cell, _) in enumerate(spoil, 5):
        rows[at][column] = cell
    run = start(city, rows)
    found = check(city, run)
    assert (found.good, found.bad) == (30 - len(spoil), len(spoil))
    told = dict(city.rows("SELECT number, errors::text FROM import_row WHERE state = 'bad' ORDER BY number"))
    for at, (column, _, words) in enumerate(spoil, 5):
        assert words in told[at + 2], (told[at + 2], words)
        assert HEADS[column] in told[at + 2]
    done = take(city, run)
    assert (done.taken, done.bad, done.state) == (22, len(spoil), "done")
    assert city.one("SELECT count(*) FROM matter") == 22


def test_rows_to_correct_come_back_as_they_were(city, spoil):
    """The file of bad rows holds their cells, their row and the reasons: corrected, it is taken whole."""
    from lianban.actions.refused_rows import refused_rows

    rows = [case(n) for n in range(1, 5)]
    rows[2][16] = "990101199003070032"
    run = start(city, rows)
    check(city, run)
    take(city, run)
    with city.acting_as("court.clerk") as acting:
        heads, back = refused_rows(acting, run)
    assert heads == ["行号", "需要改正", *HEADS]
    assert back[0][0] == "4"
    assert "当事人2·证件号码" in back[0][1]
    back[0][18] = "990101199003070031"
    again = start(city, [row[2:] for row in back], name="改正.csv")
    assert check(city, again).good == 1
    assert take(city, again).taken == 1
    assert city.one("SELECT count(*) FROM matter") == 4


def test_steps_are_whole_and_go_on(city):
    """Checked and taken a few rows at a time, by two people in turn: every row once."""
    run = start(city, [case(n) for n in range(1, 24)])
    for _ in range(4):
        check(city, run, limit=7)
    seen = set()
    for turn in range(5):
        found = take(city, run, limit=5, by=("court.clerk", "court.judge")[turn % 2])
        seen.add(found.taken)
    assert seen == {5, 10, 15, 20, 23}
    assert city.one("SELECT count(DISTINCT number) FROM matter") == 23


def test_number_that_stands_already_is_refused(city):
    """A case that was imported before is told row by row, and not opened twice."""
    run = start(city, [case(1), case(2)])
    check(city, run)
    take(city, run)
    again = start(city, [case(2), case(3)], name="又.csv")
    assert (check(city, again).good, check(city, again).bad) == (1, 1)
    assert "已有这个案号" in city.one("SELECT errors::text FROM import_row WHERE state = 'bad'")


def test_same_file_twice_is_refused(city):
    """Pressing twice files no case twice."""
    from lianban.actions.import_errors import ImportedBefore

    start(city, [case(1)])
    refused(city, ImportedBefore, lambda: start(city, [case(1)], name="改名.csv"))


def test_file_that_does_not_fit_leaves_nothing(city):
    """Wrong heads, a forbidden column, no rows: refused in words, and no table has changed."""
    from lianban.actions.import_errors import ImportIsEmpty
    from lianban.engines.imports import HeadsWrong

    refused(city, HeadsWrong, lambda: start(city, [case(1)], heads=["案号", *HEADS[2:]]))
    error = refused(city, HeadsWrong, lambda: start(city, [[*case(1), "汉"]], heads=[*HEADS, "民族"]))
    assert "民族" in error.text("zh")
    refused(city, ImportIsEmpty, lambda: start(city, []))


def test_cancelled_import_is_erased(city):
    """What was not taken is gone, what was taken stays."""
    from lianban.actions.cancel_import import cancel_import
    from lianban.actions.import_errors import ImportNotReady

    run = start(city, [case(n) for n in range(1, 4)])
    check(city, run)
    take(city, run, limit=1)
    with city.acting_as("court.clerk") as acting:
        cancel_import(acting, run)
    assert city.one("SELECT count(*) FROM import_row WHERE sealed IS NOT NULL") == 0
    assert city.one("SELECT count(*) FROM matter") == 1
    refused(city, ImportNotReady, lambda: take(city, run))


def test_import_is_the_agencys_own(city):
    """Another agency neither sees nor moves it, and no unit imports a court's cases."""
    from lianban.actions.errors import RoleMayNot
    from lianban.actions.import_errors import ImportNotFound
    from lianban.actions.importing import run_in_hand
    from lianban.actions.work import working

    run = start(city, [case(1)])
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("tax.liaison")])
        assert connection.execute("SELECT count(*) FROM import_run").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM import_row").fetchone() == (0,)
    refused(city, RoleMayNot, lambda: start(city, [case(9)], by="tax.liaison"))
    with city.acting_as("tax.liaison") as acting, working(acting) as work, pytest.raises(ImportNotFound):
        run_in_hand(work, run)


def test_rows_at_rest_hold_no_name(city):
    """What waits in the table is sealed: neither a name nor a number can be read from it."""
    start(city, [case(1)])
    text = city.one("SELECT string_agg(r::text, '') FROM import_row r")
    for word in ("沈砚", "周衡", "990101199003070031"):
        assert word not in text
        assert word.encode().hex() not in text


def test_export_masks_numbers_and_names_everybody_in_the_ledger(city):
    """What was imported is exported with the same heads; one entry names the parties that left."""
    from lianban.actions.export_matters import export_matters

    run = start(city, [case(1), case(2, closed="2025-06-30")])
    check(city, run)
    take(city, run)
    with city.acting_as("court.judge", MONDAY) as acting:
        made = export_matters(acting, "enforcement", state="closed")
    row = dict(zip((column.title.zh for column in made.columns), made.rows[0], strict=True))
    assert (row["案号"], row["结案日期"], row["申请执行标的·本金"]) == (
        "（2025）云9901执2号",
        "2025-06-30",
        "28840.00",
    )
    assert (row["当事人2·姓名或名称"], row["执行类别"]) == ("沈砚", "民事执行")
    assert "990101199003070031" not in str(made.rows)
    assert len(city.one("SELECT subjects FROM ledger_entry WHERE act = 'matters.export'")) == 2
