"""Cases of the past come with how they ended: counted as closings made here, watched after 终本, resumed when property is found."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from case_making import look
from cases import HEADS, case
from officials import MONDAY
from test_importing import check, start, take

TOLD = [*HEADS, "结案方式", "结案事由", "结案裁定文号", "实际到位金额"]


def told(number, mode="", ground="", ruling="", recovered="", closed="2025-06-30"):
    return [*case(number, closed=closed), mode, ground, ruling, recovered]


def imported(city, rows, name="旧案.csv"):
    run = start(city, rows, name=name, heads=TOLD)
    found = check(city, run)
    while found.state == "checked":
        found = take(city, run)
    return run, found


def figure(city, code, by="court.judge"):
    from django.db import connection

    from lianban.engines.indicators import Scope
    from lianban.records import figures

    with city.acting_as(by), connection.cursor() as cursor:
        return figures.figure(
            cursor, figures.definition("enforcement", code), Scope(scene="enforcement")
        ).rounded()


def test_closings_are_counted_as_those_made_here(city):
    """Four closed cases with their mode, one without: rates of closings, of money and of the case load see the four."""
    _, found = imported(city, [
        told(1, "执行完毕"), told(2, "终本", recovered="884"), told(3, "终结执行", "申请人撤销申请", "（2025）云9901执3号之一", "0"),
        told(4, "驳回申请"), told(5),
    ])  # fmt: skip
    assert (found.taken, found.bad) == (5, 0)
    assert city.rows(
        "SELECT m.number, c.mode, c.ground, c.ruling_no, c.recovered_fen, c.claimed_fen, c.case_type, c.source, c.filed_on::text,"
        " c.closed_on::text, c.legal_end_on::text FROM closing c JOIN matter m ON m.id = c.matter_id ORDER BY m.number"
    ) == [
        ("（2025）云9901执1号", "completed", "", "", 2_884_000, 2_884_000, "执", "import", "2025-03-03", "2025-06-30", "2025-09-03"),
        ("（2025）云9901执2号", "terminated", "", "", 88_400, 2_884_000, "执", "import", "2025-03-03", "2025-06-30", "2025-09-03"),
        ("（2025）云9901执3号", "ended", "withdrawn", "（2025）云9901执3号之一", 0, 2_884_000, "执", "import", "2025-03-03", "2025-06-30",
         "2025-09-03"),
        ("（2025）云9901执4号", "dismissed", "not_admissible", "", 0, 2_884_000, "执", "import", "2025-03-03", "2025-06-30", "2025-09-03"),
    ]  # fmt: skip
    for by in ("court.judge", "political_legal.supervisor"):
        assert figure(city, "completion_rate", by) == 25
        assert figure(city, "real_share_of_closed", by) == 75
        assert figure(city, "closed_in_legal_period", by) == 100
        assert f"{figure(city, 'recovered_rate', by):.2f}" == "25.77"  # 29,724 of 115,360 yuan
    assert city.one("SELECT count(*) FROM fact_caseload WHERE mode IS NOT NULL") == 4


def test_each_flaw_is_told_at_its_row_and_column(city):
    """Unknown mode, mode without a day, closed before filing, a ground of another mode, no amount: the good row is taken."""
    bad = [
        (told(2, "结了"), "结案方式", "没有结案方式“结了”"), (told(3, "终本", recovered="0", closed=""), "结案日期", "请填写结案日期"),
        (told(4, "执行完毕", closed="2025-01-01"), "结案日期", "早于立案日期"),
        (told(5, "不予执行", "申请人撤销申请"), "结案事由", "没有这一事由"), (told(6, "终结执行", recovered="0"), "结案事由", "请填写事由"),
        (told(7, "终本"), "实际到位金额", "请填写实际到位金额"), (told(8, ruling="（2025）云9901执8号"), "结案方式", "请填写结案方式"),
    ]  # fmt: skip
    run, found = imported(city, [told(1, "执行完毕"), *(row for row, _, _ in bad)])
    assert (found.taken, found.bad) == (1, len(bad))
    errors = dict(city.rows("SELECT number, errors FROM import_row WHERE run_id = %s AND state = 'bad'", run))
    for at, (_, column, words) in enumerate(bad, 3):
        assert [one["column"] for one in errors[at]] == [column], errors[at]
        assert words in errors[at][0]["zh"]
        assert errors[at][0]["en"]


def test_template_names_modes_and_grounds(city):
    """The template has the four columns with their choices; a scene without closings has none of them."""
    from lianban.actions.importing import columns_for
    from lianban.records import scenes

    columns = {column.title.zh: column for column in columns_for(scenes.scene("enforcement"))}
    assert [option.label.zh for option in columns["结案方式"].options][:3] == [
        "执行完毕",
        "终结本次执行程序",
        "终结执行",
    ]
    assert "申请人撤销申请" in [option.label.zh for option in columns["结案事由"].options]
    assert not any(columns[name].required for name in TOLD[-4:])
    assert "结案方式" not in {column.title.zh for column in columns_for(scenes.scene("assistance"))}


def test_queries_after_a_terminated_round_go_on_here(city):
    """Closed on 30 June 2025: on 2 March 2026 the second query lies ahead; its clock runs, and asks in its last week."""
    imported(city, [told(1, "终本", recovered="0"), told(2, "终本", recovered="0", closed="2025-12-01")])
    assert city.rows("SELECT number, due_on::text FROM terminated_query ORDER BY due_on") == [
        (1, "2026-06-01"), (2, "2026-06-30"),
    ]  # fmt: skip
    assert city.rows(
        "SELECT code, due_on::text, state FROM clock WHERE about_kind = 'terminated_query' ORDER BY due_on"
    ) == [
        ("enforcement.terminated_query", "2026-06-01", "running"), ("enforcement.terminated_query", "2026-06-30", "running"),
    ]  # fmt: skip
    look(city, MONDAY + timedelta(days=87))  # 28 May
    assert city.column("SELECT element FROM task WHERE state = 'open'") == ["closing.query"]


def test_imported_round_is_resumed(city):
    """Property turned up in a case that came closed: it goes on under a 执恢 number, and the queries stop."""
    from lianban.actions.act_on_matter import act_on_matter

    imported(city, [told(1, "终本", recovered="0"), told(2, "执行完毕")])
    matter, final = city.column("SELECT id FROM matter ORDER BY number")
    with city.acting_as("court.judge") as acting:
        act_on_matter(acting, matter, "reopen_matter", {"reason": "发现被执行人有新的存款"}, None)
    assert city.one("SELECT state FROM matter WHERE id = %s", matter) == "open"
    assert city.one("SELECT count(*) FROM clock WHERE matter_id = %s AND state = 'running' AND about_kind = 'terminated_query'",
                    matter) == 0  # fmt: skip
    assert city.one("SELECT count(*) FROM task WHERE matter_id = %s AND state = 'open'", matter) == 1
    from lianban.engines.closing.errors import NothingToReopen

    with city.acting_as("court.judge") as acting, pytest.raises(NothingToReopen):
        act_on_matter(acting, final, "reopen_matter", {"reason": "再次执行"}, None)


def test_export_says_how_cases_ended(city):
    """What was imported comes out under the same heads, so that it can be corrected and compared."""
    from lianban.actions.export_matters import export_matters

    imported(city, [told(1, "终结执行", "申请人撤销申请", "（2025）云9901执1号之一", "12000.50")])
    with city.acting_as("court.judge", MONDAY) as acting:
        made = export_matters(acting, "enforcement")
    row = dict(zip((column.title.zh for column in made.columns), made.rows[0], strict=True))
    assert [row[name] for name in TOLD[-4:]] == [
        "终结执行",
        "申请人撤销申请",
        "（2025）云9901执1号之一",
        "12000.50",
    ]


@pytest.mark.parametrize(
    "change", ["source = 'act'", "closed_at = now()", "recorded_at = now()", "filed_on = '2025-03-04'"]
)
def test_database_takes_an_imported_closing_only_with_its_matter(city, change):
    """A closing is not slipped under a matter later, under another day, or as if it had been made here."""
    imported(city, [told(1, "执行完毕"), told(2)])
    named = change.split(" ")[0]
    copied = ["mode", "ground", "ruling_no", "filed_on", "closed_on", "legal_end_on", "case_type", "required", "circumstances",
              "claimed_fen", "recovered_fen", "closed_at", "recorded_at", "source"]  # fmt: skip
    taken = ", ".join(change.split(" = ")[1] if one == named else one for one in copied)
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("court.clerk")])
        with pytest.raises((psycopg.errors.RaiseException, psycopg.errors.CheckViolation)):
            connection.execute(
                f"INSERT INTO closing (id, matter_id, lead_agency_id, closed_by_id, {', '.join(copied)})"
                f" SELECT gen_random_uuid(), (SELECT id FROM matter WHERE number = '（2025）云9901执2号'), lead_agency_id, closed_by_id,"
                f" {taken} FROM closing"
            )
