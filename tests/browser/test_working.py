"""People at work: by keyboard alone, with files, with forms whose fields depend on each other."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MIB = 1024 * 1024


def tab_to(page, selector: str, most: int = 120) -> None:
    """Press Tab until the wanted element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by Tab")


def test_task_is_completed_by_keyboard_alone(shown, person):
    """Sign in, find the task, answer the form, send it: without touching a mouse, with the focus always to be seen."""
    page = person("")
    page.goto("/sign-in")
    tab_to(page, "#username")
    page.keyboard.type("housing.handler_1")
    page.keyboard.press("Tab")
    from officials import PASSWORD

    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(shown.address + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    tab_to(page, f"a[href='/tasks/{shown.tasks['answer']}']")
    outline = page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
    )
    assert outline == "solid2px"
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    # Sent empty: the mistakes are told, and the focus is on them.
    tab_to(page, "button.first")
    with person.expecting_complaints():
        page.keyboard.press("Enter")
        page.locator(".note.bad").wait_for()
    assert page.evaluate("document.activeElement.className") == "note bad"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first mistake leads to its field
    assert page.evaluate("location.hash") == "#f-result"
    tab_to(page, "input[name=result]")
    while page.evaluate("document.activeElement.value") != "supplement":
        page.keyboard.press("ArrowDown")
    tab_to(page, "textarea[name=supplement]")
    page.keyboard.type("请补充身份证件种类")
    tab_to(page, "button.first")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?done=*")
    assert page.locator(".note.good").is_visible()


def test_fields_appear_with_the_answer(shown, person):
    """Only the fields that belong to the chosen result are shown; what is chosen decides, not what was chosen before."""
    page = person("court.judge")
    page.goto(f"/tasks/{shown.tasks['check']}")
    remark = page.locator("[name=remark]")
    remark.wait_for(state="hidden")
    page.get_by_label("退回重新反馈").check()
    remark.wait_for(state="visible")
    page.get_by_label("核验通过", exact=True).check()
    remark.wait_for(state="hidden")


def test_long_lists_are_found_and_filled(shown, person):
    """Thirty-one units: find some by a word, choose all, see how many."""
    page = person("court.clerk")
    page.goto("/matters/new/assistance")
    units = page.locator("#f-units")
    units.get_by_role("button", name="全选").click()
    assert units.get_by_text("已选").inner_text().split()[-1] == "31"
    units.get_by_role("button", name="清除").click()
    units.get_by_role("searchbox").fill("公安")
    assert [one.inner_text() for one in units.locator(".tick").all() if one.is_visible()] == ["云澜市公安局"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/matters")


def test_file_over_the_limit_loses_nothing_typed(shown, person, tmp_path):
    """Thirty megabytes are refused in words, in place; the answer that was being written stands as it was."""
    large = tmp_path / "案卷.pdf"
    with large.open("wb") as file:
        file.truncate(30 * MIB)
    page = person("court.judge")
    page.goto(f"/tasks/{shown.tasks['check']}")
    page.get_by_label("退回重新反馈").check()
    page.locator("[name=remark]").fill("请补充查询时间")
    with person.expecting_complaints():
        page.set_input_files("#file", large)
        page.get_by_text("这个文件超过 20 MiB").wait_for()
        page.get_by_role("button", name="上传", exact=True).click()
        page.locator("#uploaded .note.bad").wait_for(timeout=30_000)
    assert "超过上限 20 MiB" in page.locator("#uploaded").inner_text()
    assert page.locator("[name=remark]").input_value() == "请补充查询时间"
    assert "/tasks/" in page.url
    page.set_input_files(
        "#file", {"name": "回函.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 ok"}
    )
    page.get_by_role("button", name="上传", exact=True).click()
    page.get_by_text("已上传：回函.pdf").wait_for()
    assert page.locator("[name=remark]").input_value() == "请补充查询时间"
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/")


def test_uploaded_file_can_be_attached(shown, person):
    """A file handed in beside a form is ticked in it at once."""
    page = person("housing.handler_2")
    page.goto("/letters")
    page.goto(f"/matters/{shown.matter}")
    page.locator("section[aria-labelledby=s-documents] summary").click()
    page.set_input_files(
        "#file", {"name": "清单.csv", "mimeType": "text/csv", "buffer": "户名,号码".encode()}
    )
    page.get_by_role("button", name="上传", exact=True).click()
    page.locator("section[aria-labelledby=s-documents] a", has_text="清单.csv").wait_for()


def test_whole_number_is_shown_in_place(shown, person):
    """The masked number becomes the whole one by a button, without leaving the page."""
    page = person("court.judge")
    page.goto(f"/matters/{shown.matter}")
    section = page.locator("section[aria-labelledby=s-parties]")
    section.get_by_role("button", name="显示完整号码").first.click()
    section.get_by_text("（已记入存证）").wait_for()
    assert "****" not in section.locator("li").first.inner_text()
    assert page.url.endswith(str(shown.matter))


def test_theme_and_language_are_chosen_from_the_menu(shown, person):
    """The menu opens and closes by keyboard; what is chosen there stays."""
    page = person("court.judge")
    page.locator("details.who > summary").click()
    page.keyboard.press("Escape")
    assert not page.locator("details.who").evaluate("(menu) => menu.open")
    page.locator("details.who > summary").click()
    page.get_by_role("button", name="深色").click()
    page.wait_for_load_state()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 22, 24)"
    page.locator("details.who > summary").click()
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "My tasks"


def test_chart_is_drawn_with_its_table(shown, person):
    """The chart has as many bars as its table has rows, in the table's order."""
    page = person("court.judge")
    page.goto("/figures?of=letters_sent")
    page.locator(".chart svg").wait_for()
    names = page.locator("#by-agency tbody td:first-child").all_inner_texts()
    drawn = page.locator(".chart svg").inner_html()
    assert len(names) == 4
    assert all(name[:8] in drawn for name in names)
    page.locator("#by-agency a").first.click()
    page.wait_for_url("**/figures/assistance/letters_sent?addressee=*")
