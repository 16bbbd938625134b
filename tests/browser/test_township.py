"""A township's officer on a phone, the judge at a desk: a push is signed for, a field of cotton reported, a day agreed, a result written."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from test_accessibility import AXE, RUN

from lianban.engines.process.timers import BEIJING

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}


def settled(page) -> None:
    page.wait_for_function(
        "() => !document.querySelector('.htmx-request') && ![...document.querySelectorAll('[data-part]')].some((p) => p.textContent.trim() === '…')"
    )


def looked_at(page, name: str) -> list[str]:
    """What axe finds on this page, light and dark, and whether it must be scrolled aside; a picture of it if one is asked for."""
    page.emulate_media(reduced_motion="reduce")
    settled(page)
    page.wait_for_timeout(300)  # what faded in when the page came has come
    page.evaluate(AXE)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{name} {scheme}: {one}" for one in page.evaluate(RUN)]
        if folder := os.environ.get("LIANBAN_TEST_PICTURES"):
            page.screenshot(path=str(Path(folder) / f"{name}-{scheme}.png"), full_page=True)
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if wide[0] > wide[1]:
        found.append(f"{name}: {wide[0]} px wide")
    return found


def open_task(page, words: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=words).first.click()
    page.wait_for_url("**/tasks/*")
    settled(page)


def choose(page, name: str, value: str) -> None:
    """Choose in a list, which is a select where it is long and radio buttons where it is short."""
    field = page.locator(f"select[name={name}]")
    if field.count():
        field.select_option(value)
    else:
        page.locator(f"[name={name}][value={value}]").check()


@pytest.mark.timeout(600)  # a minute on an idle machine, with axe on every page in two lights
def test_township_on_a_phone(shown, person):
    """Signed for with one touch, a lead in under a minute, the day kept, the result said; and axe finds nothing on the way."""
    assert AXE, "axe-core is not there: python -m lianban.doors.web.parts fetch"
    found = []
    liaison = person("qingping.liaison", **PHONE)
    found += looked_at(liaison, "township-inbox")
    open_task(liaison, "签收乡镇协查任务")
    assert liaison.get_by_text("沈砚").first.is_visible()
    found += looked_at(liaison, "township-sign")
    liaison.locator("button.first").click()
    liaison.wait_for_url(lambda url: "/tasks/" not in url or "done" in url)

    grid = person("qingping.grid_worker", **PHONE)
    began = time.monotonic()
    open_task(grid, "摸排并反馈线索")
    for text in ("沈砚", "摸排财产线索", "29,172.60"):
        assert grid.get_by_text(text).first.is_visible()
    grid.get_by_label("有线索").check()
    grid.get_by_label("网格员", exact=True).check()
    choose(grid, "kind", "crop")
    grid.locator("[name=place]").fill("青坪村东三组")
    grid.locator("[name=quantity]").fill("30")
    choose(grid, "measured", "mu")
    opens = (datetime.now(BEIJING) + timedelta(days=90)).date()
    grid.locator("[name=opens_on]").fill(opens.isoformat())
    found += looked_at(grid, "township-report")
    # A telephone number slips in: refused in words, and what was typed stands.
    grid.locator("[name=note]").fill("电话13812345678")
    with person.expecting_complaints():
        grid.locator("button.first").click()
        grid.locator(".note.bad").first.wait_for()
    assert grid.locator("[name=place]").input_value() == "青坪村东三组"
    found += looked_at(grid, "township-refused")
    grid.locator("[name=note]").fill("棉花长势好")
    grid.locator("button.first").click()
    grid.wait_for_url(lambda url: "/tasks/" not in url or "done" in url)
    assert time.monotonic() - began < 60

    judge = person("court.judge", viewport={"width": 1280, "height": 900})
    judge.goto(f"/matters/{shown.case}")
    settled(judge)
    judge.get_by_text("青坪村东三组").first.wait_for()
    assert judge.get_by_text("案外人异议或异议之诉未结").is_visible()
    found += looked_at(judge, "case-desk")
    judge.get_by_role("link", name="约定协同日").first.click()
    judge.locator("[name=day]").fill(datetime.now(BEIJING).date().isoformat())
    judge.locator("button.first").click()
    judge.wait_for_url(f"**/matters/{shown.case}**")

    open_task(grid, "到场协同并登记结果")
    choose(grid, "result", "settled")
    found += looked_at(grid, "township-result")
    grid.locator("button.first").click()
    grid.wait_for_url(lambda url: "/tasks/" not in url or "done" in url)

    judge.goto(f"/matters/{shown.case}")
    settled(judge)
    judge.set_viewport_size({"width": 390, "height": 844})
    found += looked_at(judge, "case-phone")
    judge.get_by_text("达成和解").first.wait_for()
    assert found == []


def test_township_at_a_desk(shown, person):
    """The judge pushes to another township, whose officers work at a desk: signed for, searched, nothing found; the judge reads it."""
    judge = person("court.judge")
    judge.goto(f"/matters/{shown.case}/acts/push_to_township")
    field = judge.locator("select[name=township]")
    field.select_option(label="柳溪镇人民政府") if field.count() else judge.get_by_label(
        "柳溪镇人民政府"
    ).check()
    judge.locator("[name=party]").last.wait_for(state="attached")
    party = judge.locator("select[name=party]")
    party.select_option(index=1) if party.count() else judge.locator("[name=party]").first.check()
    choose(judge, "asked", "look_for_property")
    judge.locator("button.first").click()
    judge.wait_for_url(f"**/matters/{shown.case}**")

    liaison = person("liuxi.liaison")
    open_task(liaison, "签收乡镇协查任务")
    liaison.locator("button.first").click()
    liaison.wait_for_url(lambda url: "/tasks/" not in url or "done" in url)
    grid = person("liuxi.grid_worker")
    open_task(grid, "摸排并反馈线索")
    grid.get_by_label("没有发现").check()
    choose(grid, "helper", "mediator")
    grid.locator("button.first").click()
    grid.wait_for_url(lambda url: "/tasks/" not in url or "done" in url)

    judge.goto(f"/matters/{shown.case}")
    settled(judge)
    section = judge.locator("section[aria-labelledby=s-collaborations]")
    assert "柳溪镇" in section.inner_text()
    row = section.locator("li", has_text="柳溪镇").first
    assert "已摸排" in row.inner_text()


@pytest.mark.timeout(600)
def test_other_pages_of_a_case(shown, person):
    """The president signs, the forms of closing and listing, the bulletin: wide and on a phone, nothing for axe to find."""
    found = []
    president = person("court.president")
    open_task(president, "签发失信决定书")
    found += looked_at(president, "president")
    judge = person("court.judge")
    supervisor = person("political_legal.supervisor")
    for width in (1280, 390):
        for page in (judge, supervisor):
            page.set_viewport_size({"width": width, "height": 844})
        for code in (
            "close_matter",
            "list_debtor",
            "limit_consumption",
            "file_objection",
            "push_to_township",
        ):
            judge.goto(f"/matters/{shown.case}/acts/{code}")
            found += looked_at(judge, f"{code}-{width}")
        for address, name in (("/bulletin", "bulletin"), ("/figures?scene=enforcement", "figures")):
            supervisor.goto(address)
            found += looked_at(supervisor, f"{name}-{width}")
    assert found == []
