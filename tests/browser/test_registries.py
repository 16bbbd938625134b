"""A letter answered as it is delivered, a doubtful hit decided, a recall that reaches its reader: by the pages, wide and on a
phone, in light and dark, in both languages."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from registries_server import registries_shown  # noqa: F401
from test_accessibility import AXE, RUN

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SHOTS = os.environ.get("LIANBAN_SCREENSHOTS")


@pytest.fixture
def shown(registries_shown):  # noqa: F811
    """``person`` opens its pages on the city that has registries."""
    return registries_shown


def settled(page):
    page.wait_for_function(
        "() => !document.querySelector('.htmx-request') && ![...document.querySelectorAll('[data-part]')].some((p) => p.textContent.trim() === '…')"
    )


def looked_over(page, name):
    """Wide and on a phone, light and dark: nothing for axe to find, nothing to scroll aside."""
    page.emulate_media(reduced_motion="reduce")
    settled(page)
    page.evaluate(AXE)
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{name} {width}: {wide} px wide")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{name} {width} {scheme}: {one}" for one in page.evaluate(RUN)]
            if SHOTS:
                page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}-{scheme}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 844})
    page.emulate_media(color_scheme="light")
    return found


def test_answer_at_once_by_the_pages(shown, person):
    """The keeper seals; before the judge has turned round, the answer lies there to be checked, and is marked automatic."""
    keeper = person("court.seal_keeper")
    keeper.goto("/")
    keeper.locator(f"a[href='/tasks/{shown.seal}']").click()
    keeper.locator("input[name=checked]").check()
    keeper.locator("button.first").last.click()
    keeper.wait_for_url(re.compile(r"done="))
    judge = person("court.judge")
    judge.goto(f"/matters/{shown.matter}")
    settled(judge)
    judge.locator("a[href^='/letters/']", has_text="公安局").first.click()
    judge.wait_for_url("**/letters/*")
    article = judge.locator("article", has_text="自动反馈")
    assert "云A12345" in article.inner_text()
    assert "机动车登记库" in judge.locator("section", has_text="登记库自动反馈").first.inner_text()
    assert looked_over(judge, "letter") == []


def test_hit_decided_and_recall_read(shown, person):
    """The tax bureau's liaison sees a hit whose name differs and rejects it; the police recall, and the judge is told."""
    liaison = person("tax.liaison")
    liaison.goto("/")
    settled(liaison)
    liaison.locator("a[href='/hits']").first.click()
    liaison.wait_for_url("**/hits")
    assert looked_over(liaison, "hits") == []
    liaison.locator("input[name=confirms][value=no]").check()
    liaison.fill("textarea[name=reason]", "同号不同人，系登记差错")
    liaison.locator("button.first").click()
    liaison.wait_for_url("**/hits?done=*")
    assert "没有待核对的命中" in liaison.content()
    judge = person("court.judge")
    judge.goto(f"/letters/{shown.read}")
    police = person("police.liaison")
    police.goto(f"/letters/{shown.read}")
    assert "谁读过反馈" in police.content()
    assert looked_over(police, "letter-unit") == []
    police.locator("summary", has_text="撤回这份反馈").first.click()
    police.locator("details[open] textarea").fill("车辆已过户，登记滞后")
    police.locator("details[open] button").click()
    police.wait_for_url("**/letters/*")
    judge.goto("/")
    settled(judge)
    assert "车辆已过户，登记滞后" in judge.locator("section", has_text="您读过的反馈已被撤回").inner_text()
    assert looked_over(judge, "recalled") == []
    judge.fill("section:has(h2#recalled) textarea", "未据此办理")
    judge.locator("section:has(h2#recalled) button").click()
    judge.wait_for_url("**/?done=*")
    settled(judge)
    assert "您读过的反馈已被撤回" not in judge.content()


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_registry_pages_are_accessible(shown, person, language):
    """The registries, the warrants of a matter and the form that issues one, in both languages."""
    judge = person("court.judge", language)
    found = []
    for name, address in (("registries", "/registries"), ("matter", f"/matters/{shown.warranted}"),
                          ("issue", f"/matters/{shown.warranted}/acts/issue_warrant")):  # fmt: skip
        judge.goto(address)
        found += looked_over(judge, f"{name}-{language[:2]}")
    auditor = person("platform.auditor", language)
    auditor.goto("/registries")
    found += looked_over(auditor, f"registries-auditor-{language[:2]}")
    assert found == []
    if language == "en-US":
        text = judge.locator("main").inner_text()
        assert not re.search(r"[一-鿿]", re.sub(r"（\d+）云9901协查\d+号", "", text)), text


def test_registry_targets_on_a_phone(shown, person):
    """What is pressed with a finger is at least 44 px high."""
    page = person("police.liaison", viewport={"width": 390, "height": 844}, has_touch=True)
    for address in ("/registries", "/hits", "/recalls"):
        page.goto(address)
        small = page.evaluate(
            """() => [...document.querySelectorAll('main button, main input:not([type=radio], [type=hidden])')]
                .filter((one) => one.offsetParent !== null).map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
                .filter(([, height]) => height < 43.5)"""
        )
        assert small == [], address
