"""Money by the pages: a payout by three officers, a statement of the bank, a plan with its objection; wide and on a phone."""

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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "payments"))

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SHOTS = os.environ.get("LIANBAN_SCREENSHOTS")
RESTS = "() => !document.querySelector('.htmx-request') && ![...document.querySelectorAll('[data-part]')].some((p) => p.textContent.trim() === '…')"

BEYOND = """(width) => [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > width + 1
  && !one.closest('.wide-table')).map((one) => one.tagName + '.' + one.className + ' ' + one.textContent.trim().slice(0, 30)).slice(-4)"""


@pytest.fixture(scope="module")
def money(database_server, city_database, database_copies, worker_id, django_db_blocker):
    name = f"test_money_{worker_id}_{os.getpid()}"
    with database_copies.copy(database_server, city_database, name):
        with in_the_city(database_server, name, database_copies, django_db_blocker) as city:
            made = _fill(city)
        environment = os.environ | {"LIANBAN_DATABASE_NAME": name, "LIANBAN_DEMO": "1", "LIANBAN_ROLE": "app"}
        port = _free_port()
        made.server = Shown(
            f"http://127.0.0.1:{port}", made.one.matter, [], made.one.matter, {}, environment, port, {}
        )
        made.server.start()
        try:
            yield made
        finally:
            made.server.stop()


@pytest.fixture
def shown(money):
    """``person`` opens its pages on the city that has money."""
    return money.server


def _fill(city):
    from money_making import open_enforcement

    from lianban.actions.import_statement import import_statement
    from lianban.engines.imports import write_csv

    now = datetime.now(UTC)
    ago = now - timedelta(days=40)

    def day(count):
        return (now - timedelta(days=count)).date().isoformat()

    def claim(court, name, fen, **more):
        return court.act("record_claim", {
            "creditor": str(court.party(name)), "basis": "（2025）云9901民初88号民事判决书", "costs": 3_325_00,
            "tranches": [{"amount": fen, "last_day": day(120)}],
            "interest_rates": [{"yearly_percent": "3.85", "first_day": day(400)}], **more}, at=ago)  # fmt: skip

    one = open_enforcement(city, at=ago)
    claim(one, "周衡", 1_000_000_00, enforcement_costs=12_400_00)
    fund = one.act("receive_payment", {"amount": 500_000_00, "arrived_on": day(20), "notified_on": day(20), "payer": "沈砚",
                                       "bank_reference": "YL2026000077"}, by="court.cashier", at=now - timedelta(days=20))  # fmt: skip
    late = one.act("receive_payment", {"amount": 60_000_00, "arrived_on": day(38), "notified_on": day(38), "payer": "沈砚"},
                   by="court.cashier", at=now - timedelta(days=38))  # fmt: skip
    one.act(
        "hold_fund",
        {
            "kind": "account_missing",
            "reason": "申请执行人账户已注销，尚未提供新账户",
            "approval": "院长已批准",
        },
        late,
        at=now,
    )
    many = open_enforcement(city, creditors=("周衡", "秦越"), at=ago)
    a = claim(many, "周衡", 600_000_00)
    b = claim(many, "秦越", 300_000_00, participant=True)
    sold = many.act("receive_payment", {"amount": 450_000_00, "arrived_on": day(30), "kind": "sale", "notified_on": day(30)},
                    by="court.cashier", at=now - timedelta(days=30))  # fmt: skip
    plan = many.act("distribute", {}, sold, at=now - timedelta(days=29))
    many.act("serve_distribution", {"served_on": day(25)}, plan, at=now - timedelta(days=25))
    many.act("object_to_distribution", {"by": "沈砚", "against": str(b), "disputed": 100_000_00, "ground": "债权已部分清偿",
                                        "received_on": day(15)}, plan, at=now - timedelta(days=15))  # fmt: skip
    paying = open_enforcement(city, at=ago)
    c = claim(paying, "周衡", 30_000_00)
    agreed = paying.act("agree_instalments", {
        "ground": "agreement", "creditor_document": "执行和解笔录", "agreed_on": day(35), "total": 30_000_00,
        "instalments": [{"due_on": day(20), "amount": 10_000_00}, {"due_on": day(2), "amount": 10_000_00},
                        {"due_on": (now + timedelta(days=20)).date().isoformat(), "amount": 10_000_00}]}, c, at=ago + timedelta(days=5))  # fmt: skip
    paying.act(
        "record_instalment",
        {"amount": 10_000_00, "arrived_on": day(21)},
        agreed,
        by="court.cashier",
        at=now - timedelta(days=21),
    )
    with city.acting_as("court.cashier", now) as acting:
        heads = ["交易日期", "收入", "支出", "余额", "流水号", "对方户名", "摘要"]
        import_statement(acting, "执行案款专户.csv", write_csv(heads, [
            [day(20), "500000.00", "", "500000.00", "YL2026000077", "沈砚", "执行款"],
            [day(3), "8888.00", "", "508888.00", "YL2026000091", "不详", "转账"],
        ]))  # fmt: skip
    return SimpleNamespace(
        one=one, many=many, paying=paying, fund=fund, plan=plan, a=a, city=None, server=None
    )


def looked_over(page, name):
    """Wide and on a phone, light and dark: nothing for axe to find, nothing to scroll aside."""
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(RESTS)
    page.evaluate(AXE)
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            beyond = page.evaluate(BEYOND, width)
            found.append(f"{name} {width}: {wide} px wide: {beyond}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{name} {width} {scheme}: {one}" for one in page.evaluate(RUN)]
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 844})
    assert found == []


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
@pytest.mark.parametrize("name", ["payments", "one", "many", "instalments", "claim"])
def test_pages_of_money_are_accessible(money, person, name, language):
    """The court's page, three matters with every kind of record, and the longest form: axe finds nothing."""
    assert AXE, "axe-core is not there: python -m lianban.doors.web.parts fetch"
    addresses = {
        "payments": "/payments", "one": f"/matters/{money.one.matter}", "many": f"/matters/{money.many.matter}",
        "instalments": f"/matters/{money.paying.matter}", "claim": f"/matters/{money.one.matter}/acts/record_claim",
    }  # fmt: skip
    page = person("court.judge", language)
    page.goto(addresses[name])
    page.wait_for_function(RESTS)
    for summary in page.locator("details:not(.who) > summary").all():
        summary.click()
    looked_over(page, f"{name}-{language[:2]}")


def test_payout_goes_through_three_hands(money, person):
    """The clerk proposes what the form already says, the judge approves, the cashier records that it left."""
    section = "[hx-get$='/parts/payments']"
    page = person("court.clerk")
    page.goto(f"/matters/{money.one.matter}")
    page.locator(f"{section} a[href*='/acts/propose_payout/{money.fund}']").click()
    page.fill("#f-amount", "100000")
    page.click("button.first")
    page.wait_for_url("**?done=propose_payout")
    page.locator(f"{section} >> text=待审批").wait_for()
    judge = person("court.judge", viewport={"width": 390, "height": 844}, has_touch=True)
    judge.goto(f"/matters/{money.one.matter}")
    judge.locator(f"{section} a[href*='/acts/approve_payout/']").click()
    judge.check("input[value=approve]") if judge.locator(
        "input[value=approve]"
    ).count() else judge.select_option("#f-decision", "approve")
    judge.click("button.first")
    judge.wait_for_url("**?done=approve_payout")
    cashier = person("court.cashier")
    cashier.goto(f"/matters/{money.one.matter}")
    cashier.locator(f"{section} a[href*='/acts/pay_out/']").click()
    cashier.fill("#f-bank_reference", "YL2026000099")
    cashier.click("button.first")
    cashier.wait_for_url("**?done=pay_out")
    line = cashier.locator(f"{section} li", has_text="YL2026000099")
    line.wait_for()
    assert "已发放" in line.inner_text() and "100,000.00" in line.inner_text()


def test_clerk_claims_an_unknown_line_of_the_bank(money, person):
    """A line nobody knew becomes an arrival, is claimed by the number of a case, and counts at once."""
    page = person("court.cashier", viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/payments")
    page.locator("#bank li", has_text="YL2026000091").get_by_role("button", name="登记为待认领到账").click()
    page.wait_for_url("**/payments#bank")
    clerk = person("court.clerk")
    clerk.goto(f"/matters/{money.one.matter}")
    number = clerk.locator("strong.num").inner_text()
    clerk.goto("/payments")
    row = clerk.locator("#waiting li", has_text="YL2026000091")
    row.locator("input[name=number]").fill(number)
    row.get_by_role("button", name="认领").click()
    clerk.wait_for_url("**/acts/claim_fund/*")
    clerk.click("button.first")
    clerk.wait_for_url("**?done=claim_fund")
    clerk.locator("[hx-get$='/parts/payments'] .money", has_text="YL2026000091").wait_for()


def test_bad_statement_says_where(money, person, tmp_path):
    """A file with mistakes comes back with every row that is wrong; nothing was taken."""
    (tmp_path / "坏.csv").write_text("日期,金额\n昨天,5\n2026-03-02,3.005\n", "utf-8")
    page = person("court.cashier")
    page.goto("/payments")
    page.locator("summary", has_text="导入银行对账单").click()
    page.set_input_files("#s-file", str(tmp_path / "坏.csv"))
    with person.expecting_complaints():
        page.get_by_role("button", name="导入并对账").click()
        page.locator(".note.bad").wait_for()
    assert page.locator(".note.bad tbody tr").count() == 2
    assert page.locator("#bank").inner_text().count("坏.csv") == 0
