"""Every page, light and dark, on a phone and wide, in both languages: nothing for axe to find, nothing to scroll aside."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AXE = (Path(__file__).resolve().parents[2] / "frontend" / ".parts" / "axe-core" / "axe.min.js").read_text("utf-8") \
    if (Path(__file__).resolve().parents[2] / "frontend" / ".parts" / "axe-core").is_dir() else ""  # fmt: skip
RUN = """() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
                                  resultTypes: ['violations']})
  .then(({violations}) => violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target + ' ' + (n.any[0]?.message ?? '')).slice(0, 3).join(' | ')}`))"""


def pages(shown):
    """Who looks at what."""
    matter, tasks = shown.matter, shown.tasks
    return {
        "": ["/sign-in", "/verify/"],
        "court.judge": ["/", "/letters", "/letters?heap=all", "/matters", f"/matters/{matter}", f"/matters/{matter}/drawing",
                        f"/letters/{shown.letter}", f"/tasks/{tasks['check']}", "/figures", "/figures?scene=observed",
                        "/figures/assistance/answered_in_time", "/ledger", "/health", "/nothing-here"],
        "court.clerk": ["/matters/new/assistance"],
        "housing.handler_1": [f"/tasks/{tasks['answer']}", "/?heap=held"],
        "tax.liaison": [f"/tasks/{tasks['route']}", "/"],
        "political_legal.supervisor": ["/letters?overdue=1"],
        "platform.auditor": ["/ledger"],
    }  # fmt: skip


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_every_page_is_accessible(shown, person, language, record_property):
    """WCAG 2.2 AA and axe's good practice: 0 violations in four lights and widths of each page."""
    assert AXE, "axe-core is not there: python -m lianban.doors.web.parts fetch"
    found, runs = [], 0
    for username, addresses in pages(shown).items():
        page = person(username, language)
        page.emulate_media(reduced_motion="reduce")
        for address in addresses:
            with person.expecting_complaints() if address == "/nothing-here" else _nothing():
                page.goto(address)
                page.wait_for_function(
                    "() => !document.querySelector('.htmx-request') && ![...document.querySelectorAll('[data-part]')].some((p) => p.textContent.trim() === '…')"
                )
            page.evaluate(AXE)
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 844})
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    found.append(f"{address} {width}: {wide} px wide")
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)
                    runs += 1
                    found += [f"{address} {width} {scheme}: {one}" for one in page.evaluate(RUN)]
    record_property("axe_runs", runs)
    assert found == []
    assert runs >= 80


class _nothing:
    def __enter__(self):
        return None

    def __exit__(self, *_):
        return None


def test_targets_on_a_phone_are_large_enough(shown, person):
    """What is pressed with a finger is at least 44 px high: buttons, inputs, tabs, entries of the navigation."""
    page = person("housing.handler_1", viewport={"width": 390, "height": 844}, has_touch=True)
    for address in ("/", "/letters", f"/tasks/{shown.tasks['answer']}"):
        page.goto(address)
        small = page.evaluate(
            """() => [...document.querySelectorAll('main button, main select, main input:not([type=hidden], [type=radio], [type=checkbox]), .tabs a, .head nav a, .tick, .rows b a')]
                .filter((one) => one.offsetParent !== null).map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
                .filter(([, height]) => height < 43.5)"""
        )
        assert small == [], address


def test_print_shows_the_matter_without_controls(shown, person):
    """On paper a page is its content: no navigation, no buttons."""
    page = person("court.judge")
    page.goto(f"/matters/{shown.matter}")
    page.emulate_media(media="print")
    assert page.locator(".head nav").is_hidden()
    assert page.locator(".stages").is_visible()
    assert not [button for button in page.locator("button").all() if button.is_visible()]
