"""The clerk brings cases in from a table and sends the bad rows back; the leader opens the cases behind a figure. Desk and phone."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook
from test_accessibility import AXE
from test_township import PHONE, looked_at

from lianban.engines.imports import write_table

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HEADS = [
    "案号", "立案日期", "结案日期", "执行依据文号", "案由", "执行类别", "申请执行标的·本金",
    "当事人1·诉讼地位", "当事人1·类型", "当事人1·姓名或名称", "当事人1·证件种类", "当事人1·证件号码",
    "当事人2·诉讼地位", "当事人2·类型", "当事人2·姓名或名称", "当事人2·证件种类", "当事人2·证件号码",
]  # fmt: skip


def row(number: int, last: str = "990101199003070031", closed: str = "") -> list[str]:
    return [
        f"（2025）云9901执{number}号", "2025-03-03", closed, f"（2024）云9901民初{number}号", "买卖合同纠纷", "民事执行", "28840",
        "申请执行人", "自然人", "周衡", "居民身份证", "990101199003070015", "被执行人", "自然人", "沈砚", "居民身份证", last,
    ]  # fmt: skip


@pytest.mark.timeout(300)
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_clerk_imports_cases(shown, person, device):
    """Three rows, one spoilt: it is told at its column, comes back in a file with the reason, and the others are cases."""
    assert AXE
    first = 9101 if device else 9001
    page = person("court.clerk", **device)
    page.goto("/matters")
    page.get_by_role("link", name="导入与导出").click()
    found = looked_at(page, f"imports-{first}")
    page.select_option("#scene", "enforcement")
    table = write_table(
        HEADS, [row(first), row(first + 1, last="990101199003070032"), row(first + 2, closed="2025-06-30")]
    )
    page.set_input_files(
        "#file", {"name": f"立案{first}.xlsx", "mimeType": "application/octet-stream", "buffer": table}
    )
    page.get_by_role("button", name="读取并核对").click()
    page.get_by_role("button", name="导入 2 件").wait_for()
    assert page.get_by_text("第 3 行").is_visible()
    assert page.get_by_text("当事人2·证件号码").first.is_visible()
    found += looked_at(page, f"import-checked-{first}")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载这些行").click()
    refused = (
        CalamineWorkbook.from_filelike(io.BytesIO(download.value.path().read_bytes()))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert refused[1][0] == "3"
    assert "当事人2·证件号码" in refused[1][1]
    page.get_by_role("button", name="导入 2 件").click()
    page.get_by_role("link", name="查看事项").click()
    page.get_by_text(f"（2025）云9901执{first}号", exact=True).first.wait_for()
    assert page.get_by_text(f"（2025）云9901执{first + 2}号").first.is_visible()
    assert page.get_by_text(f"（2025）云9901执{first + 1}号").count() == 0
    assert found == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_leader_opens_the_cases_behind_a_figure(shown, person, device):
    """The president reads a figure with its period and what is left out, and opens the matters it counts."""
    page = person("court.president", **device)
    page.goto("/figures?scene=enforcement")
    found = looked_at(page, "figures-of-enforcement")
    page.get_by_text("推送乡镇", exact=False).first.wait_for()
    page.locator("a[href*='/figures/']").first.click()
    page.wait_for_load_state()
    found += looked_at(page, "behind-a-figure")
    assert page.locator("h1").inner_text()
    assert found == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_supervisor_sees_dates_and_no_contents(shown, person, device):
    """The supervising officer reads the bulletin in the order of area codes and a case's clocks, and no name of a party."""
    page = person("political_legal.supervisor", **device)
    page.goto("/bulletin")
    found = looked_at(page, "bulletin")
    text = page.locator("main").inner_text()
    assert "青坪镇" in text
    assert "排名" not in text.replace("不排名", "").replace("不作排名", "")
    page.goto(f"/matters/{shown.case}")
    found += looked_at(page, "case-supervised")
    seen = page.locator("main").inner_text()
    for name in ("沈砚", "孟案外"):
        assert name not in seen
    assert found == []
