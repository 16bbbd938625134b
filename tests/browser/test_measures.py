"""Measures by the pages: an order from the judge's desk to the unit's phone, the radar's batch, a look in every light."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import Shown, _free_port
from officials import in_the_city
from test_accessibility import AXE, RUN

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "measures"))

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

RESTS = "() => !document.querySelector('.htmx-request') && ![...document.querySelectorAll('[data-part]')].some((p) => p.textContent.trim() === '…')"
PHONE = {"width": 390, "height": 844}
ON_A_PHONE = {"viewport": PHONE, "has_touch": True, "is_mobile": True}


def look(page, name: str) -> None:
    """A picture for whoever works on the pages: only where LIANBAN_PICTURES names a folder."""
    if folder := os.environ.get("LIANBAN_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture(scope="module")
def held(database_server, city_database, database_copies, worker_id, django_db_blocker):
    name = f"test_measures_{worker_id}_{os.getpid()}"
    with database_copies.copy(database_server, city_database, name):
        with in_the_city(database_server, name, database_copies, django_db_blocker) as city:
            made = _fill(city)
        environment = os.environ | {"LIANBAN_DATABASE_NAME": name, "LIANBAN_DEMO": "1", "LIANBAN_ROLE": "app"}
        port = _free_port()
        made.server = Shown(
            f"http://127.0.0.1:{port}", made.matter, [], made.matter, {}, environment, port, {}
        )
        made.server.start()
        try:
            yield made
        finally:
            made.server.stop()


@pytest.fixture
def shown(held):
    """``person`` opens its pages on the city that holds things."""
    return held.server


def _fill(city):
    """One matter with everything in it, another with an excess, and a desk full of measures that end soon."""
    from measure_city import Holding

    holding, now = Holding(city), datetime.now(UTC)

    def ago(days: int) -> datetime:
        return now - timedelta(days=days)

    matter = holding.matter(2_000_000_00, when=ago(300), costs=23_000_00)
    debtor = city.one("SELECT id FROM party WHERE matter_id = %s AND role = 'debtor'", matter)
    account = holding.asset(
        matter, key="6222 0210 0100 7788", when=ago(300), name="云澜市商业银行云湖支行存款", party=str(debtor)
    )
    frozen = holding.held(matter, 350_000_00, when=ago(300), asset=account, ceiling=400_000_00)
    house = holding.asset(matter, "immovable", key="云（2019）云湖不动产权第0012345号", unit="natural_resources", when=ago(200),
                          name="澄远路12号3幢501室", value_fen=1_800_000_00, share_numerator=1, share_denominator=2,
                          encumbrance_fen=300_000_00, party=str(debtor))  # fmt: skip
    sealed = holding.order(matter, house, 600_000_00, kind="seal", when=ago(200))
    holding.serve(sealed, ago(199), "natural_resources.liaison")
    holding.answer(sealed, when=ago(199), by="natural_resources.liaison", rank=1)
    cattle = holding.asset(matter, "livestock", key="东屿镇养殖登记 0817", unit="agriculture", when=ago(30), name="肉牛",
                           value_fen=120_000_00, heads=14, crop="西门塔尔", found_by="lead")  # fmt: skip
    new = holding.asset(
        matter, "housing_fund", key="GJJ-330-0091", unit="housing", when=ago(3), name="住房公积金账户"
    )
    more = holding.asset(
        matter, "housing_fund", key="GJJ-330-0092", unit="housing", when=ago(3), name="住房补贴账户"
    )
    over = holding.matter(100_000_00, when=ago(60))
    holding.held(over, 90_000_00, when=ago(60), ceiling=100_000_00)
    holding.held(over, 60_000_00, when=ago(2), ceiling=100_000_00)
    desk = holding.matter(9_000_000_00, when=ago(364))
    soon = []
    for number in range(14):
        left = (2, 5, 6, 9, 13, 15, 18, 24, 29, 33, 41, 50, 55, 59)[number]
        asset = holding.asset(
            desk,
            key=f"6217 {number:04d} 5566",
            when=ago(365 - left),
            name=f"云澜市农村商业银行存款 {number + 1}",
        )
        soon.append(holding.held(desk, 10_000_00, when=ago(365 - left), asset=asset, ceiling=20_000_00))
    holding.act(desk, "renew_measure", {}, soon[1], when=now)
    holding.act(desk, "decline_renewal", {"reason": "已与申请执行人核实，债务清偿完毕"}, soon[6], when=now)
    fresh = holding.order(
        desk, holding.asset(desk, key="6228 9999", when=now, name="手机上签收的存款"), 30_000_00, when=now
    )
    city.sequence()
    return SimpleNamespace(
        matter=matter, over=over, desk=desk, frozen=frozen, house=house, cattle=cattle, new=new, more=more, soon=soon, fresh=fresh,
        task=holding.task(fresh, "measure_service"),
    )  # fmt: skip


def go(page, address: str) -> None:
    page.goto(address)
    page.wait_for_function(RESTS)


@pytest.mark.parametrize(
    ("which", "name", "key", "judge_on", "unit_on"),
    [("new", "住房公积金账户", "GJJ-330-0091", {}, ON_A_PHONE), ("more", "住房补贴账户", "GJJ-330-0092", ON_A_PHONE, {})],
    ids=["judge at a desk, unit on a phone", "judge on a phone, unit at a desk"],
)  # fmt: skip
def test_order_goes_from_the_judge_to_the_unit_and_its_answer_back(
    held, person, which, name, key, judge_on, unit_on
):
    """The judge orders from the asset; the housing bureau signs and answers; the judge sees it hold."""
    judge = person("court.judge", **judge_on)
    go(judge, f"/matters/{held.matter}")
    look(judge, "matter-measures")
    judge.locator(f"a[href='/matters/{held.matter}/acts/order_measure/{getattr(held, which)}']").click()
    look(judge, "order-form")
    assert judge.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    judge.get_by_role("button", name="提交").click()
    judge.wait_for_url(f"**/matters/{held.matter}?done=*")
    judge.wait_for_function(RESTS)
    row = judge.locator(".measures > li", has_text=name)
    assert "已作出，未送达" in row.inner_text()
    assert "公积金归类未定" in row.inner_text()

    unit = person("housing.liaison", **unit_on)
    go(unit, "/")
    unit.get_by_role("link", name="签收协助执行通知书").first.click()
    unit.wait_for_url("**/tasks/*")
    assert key in unit.locator("main").inner_text()
    look(unit, "unit-sign")
    unit.get_by_role("button", name="提交").click()
    unit.wait_for_url("**/tasks/*?done=*")  # on to the answer
    unit.get_by_label("已办理", exact=True).check()
    unit.locator("[name=amount_fen]").fill("86,000")
    look(unit, "unit-answer")
    unit.get_by_role("button", name="提交").click()
    unit.wait_for_url("**/?done=*")

    go(judge, f"/matters/{held.matter}")
    row = judge.locator(".measures > li", has_text=name)
    assert "正在控制" in row.inner_text() and "86,000.00" in row.inner_text()


def test_radar_renews_many_and_says_of_each_what_became_of_it(held, person):
    """Choose all that end within fifteen days, draft and sign: each with its result; what stays undecided stays marked."""
    judge = person("court.judge")
    go(judge, "/radar")
    look(judge, "radar")
    go(judge, "/radar?days=15")
    judge.get_by_role("button", name="全选").click()
    judge.get_by_role("button", name="起草并签发").click()
    judge.locator("#r-done").wait_for()
    look(judge, "radar-done")
    said = judge.locator("section", has=judge.locator("#r-done")).inner_text()
    assert "3 项中办成 3 项" in said
    assert said.count("已签发，待单位签收") == 3
    go(judge, "/radar?unsigned=1")
    assert str(held.soon[3]) not in judge.content()
    # The bank signs for one: it goes on for a year.
    bank = person("central_bank.liaison", viewport=PHONE, has_touch=True)
    go(bank, "/")
    bank.get_by_role("link", name="签收续行协助执行通知书").first.click()
    bank.wait_for_url("**/tasks/*")
    look(bank, "renewal-sign-phone")
    bank.get_by_role("button", name="提交").click()
    bank.wait_for_url("**?done=*")  # on to the next one of the same matter


def test_radar_works_by_keyboard(held, person):
    """Without a mouse: the first measure is chosen by the space bar, drafted by Enter, and the result has the focus."""
    judge = person("court.judge")
    go(judge, "/radar?days=60")
    judge.locator("input[name=measure]").first.focus()
    judge.keyboard.press("Space")
    judge.get_by_role("button", name="起草续行", exact=True).focus()
    judge.keyboard.press("Enter")
    judge.locator("#r-done").wait_for()
    assert judge.evaluate("document.activeElement.querySelector('#r-done') !== null")


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_pages_of_measures_are_accessible(held, person, language):
    """WCAG 2.2 AA in four lights and widths of each page, nothing to scroll aside, fingers find their targets."""
    assert AXE, "axe-core is not there: python -m lianban.doors.web.parts fetch"
    found = []
    looks = {
        "court.judge": ["/radar", "/radar?whole=1&unsigned=1", f"/matters/{held.matter}", f"/matters/{held.over}",
                        f"/matters/{held.matter}/acts/record_asset", f"/matters/{held.matter}/acts/order_measure/{held.cattle}",
                        f"/matters/{held.matter}/acts/release_measure/{held.frozen}"],
        "central_bank.liaison": [f"/tasks/{held.task}", f"/matters/{held.desk}"],
    }  # fmt: skip
    for username, addresses in looks.items():
        page = person(username, language)
        page.emulate_media(reduced_motion="reduce")
        for address in addresses:
            go(page, address)
            page.evaluate(AXE)
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 844})
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    found.append(f"{address} {width}: {wide} px wide")
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)
                    name = address.strip("/").replace("/", "-").replace("?", "-")[:40]
                    look(page, f"{name}-{width}-{scheme}-{language[:2]}")
                    found += [f"{address} {width} {scheme}: {one}" for one in page.evaluate(RUN)]
    assert found == []
