"""The matter's section, the court's page and the papers, as a browser without scripts meets them."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from money_making import open_enforcement
from officials import MONDAY

from lianban.engines.imports import write_csv


@pytest.fixture
def court(city):
    return open_enforcement(city, creditors=("周衡", "秦越"))


@pytest.fixture
def page(city):
    """``page("court.judge", "/payments")`` is the text of a page; with ``data`` it is posted to."""
    from django.test import Client

    from lianban.doors.web.language import COOKIE as LANGUAGE
    from lianban.doors.web.sessions import COOKIE
    from lianban.records.keys import encoded_key

    def get(username, address, data=None, status=200, language="zh-hans"):
        client = Client(headers={"host": "127.0.0.1"})
        client.cookies[COOKIE], client.cookies[LANGUAGE] = encoded_key(city.session(username)), language
        response = client.get(address) if data is None else client.post(address, data)
        assert response.status_code == status, response.content.decode()[-2000:]
        return response.headers.get("Location", "") if status == 302 else response.content.decode()

    return get


def money_in(court):
    claim = court.act("record_claim", {
        "creditor": str(court.party("周衡")), "basis": "（2025）云9901民初88号", "costs": 10_000_00, "enforcement_costs": 12_400_00,
        "tranches": [{"amount": 1_000_000_00, "last_day": "2026-01-31"}],
        "interest_rates": [{"yearly_percent": "3.85", "first_day": "2025-01-01"}]})  # fmt: skip
    fund = court.act("receive_payment", {"amount": 500_000_00, "arrived_on": "2026-03-02", "notified_on": "2026-03-02",
                                         "payer": "沈砚", "bank_reference": "B-77"}, by="court.cashier")  # fmt: skip
    return claim, fund


def test_section_shows_the_statement_and_its_arithmetic(court, page):
    """Every part to the fen, each arrival and what it paid, the stretches with their rates, and only acts that fit."""
    claim, fund = money_in(court)
    text = page("court.judge", f"/matters/{court.matter}/parts/payments")
    for said in ("周衡", "500,000.00", "12,400.00", "0.0175%", "本金等金钱债务", "B-77", "利息怎样算出来"):
        assert said in text, said
    assert f"/acts/propose_payout/{fund}" in text
    assert f"/acts/correct_claim/{claim}" in text
    assert "/acts/claim_fund/" not in text
    assert f"/acts/propose_payout/{fund}" not in page(
        "court.seal_keeper", f"/matters/{court.matter}/parts/payments"
    )
    assert "Principal and other money debts" in page(
        "court.judge", f"/matters/{court.matter}/parts/payments", language="en"
    )


def test_forms_of_acts_are_filled_in(court, page):
    """A claim begins with what the case was filed with, a payout with what can be paid, a correction with what there is."""
    filed = page("court.judge", f"/matters/{court.matter}/acts/record_claim")
    assert "1000000.00" in filed and "（2025）云9901民初88号" in filed
    claim, fund = money_in(court)
    assert "487600.00" in page("court.clerk", f"/matters/{court.matter}/acts/propose_payout/{fund}")
    assert "3.85" in page("court.judge", f"/matters/{court.matter}/acts/correct_claim/{claim}")
    said = page(
        "court.clerk",
        f"/matters/{court.matter}/acts/propose_payout/{fund}",
        {"purpose": "claim", "amount": "500001"},
        409,
    )
    assert "可发放" in said and "500001" in said


def test_court_page_lists_what_is_to_be_done(court, page):
    """Unclaimed, leaving with its days, held with its reason; a line of the bank becomes an arrival and is claimed."""
    _, fund = money_in(court)
    court.act("hold_fund", {"kind": "dispute", "reason": "车辆权属有争议", "amount": 100_00}, fund)
    text = page("court.cashier", "/payments")
    assert "车辆权属有争议" in text and "没有待认领的到账" in text
    bank = write_csv(
        ["日期", "金额", "余额", "流水号", "对方户名"], [["2026-03-02", "300.00", "300.00", "L1", "某人"]]
    )
    page("court.cashier", "/payments/statements", {"file": SimpleUploadedFile("三月.csv", bank)}, 302)
    line = court.city.one("SELECT id FROM bank_entry")
    page("court.cashier", f"/payments/lines/{line}", {"verb": "arrival"}, 302)
    arrived = court.city.one("SELECT id FROM fund WHERE matter_id IS NULL")
    assert "某人" in page("court.clerk", "/payments")
    number = court.city.one("SELECT number FROM matter WHERE id = %s", court.matter)
    assert page("court.clerk", f"/payments/funds/{arrived}/claim", {"number": number}, 302) == (
        f"/matters/{court.matter}/acts/claim_fund/{arrived}"
    )
    page("court.clerk", f"/payments/funds/{arrived}/claim", {"number": "（2099）无此案号"}, 404)
    page(
        "court.cashier",
        "/payments/arrivals",
        {"amount": "12.34", "arrived_on": "2026-03-02", "payer": "某厂"},
        302,
    )
    assert court.city.one("SELECT amount_fen FROM fund WHERE payer = '某厂'") == 12_34
    page("court.cashier", "/payments/arrivals", {"amount": "十二", "arrived_on": "2026-03-02"}, 404)
    page("police.liaison", "/payments", status=403)


def test_bad_statement_is_shown_row_by_row(court, page):
    """Nothing is imported; every mistake stands with its row and column."""
    bank = write_csv(["日期", "金额", "余额"], [["昨天", "300.00", ""], ["2026-03-02", "3.005", ""]])
    text = page("court.cashier", "/payments/statements", {"file": SimpleUploadedFile("坏.csv", bank)}, 400)
    assert "不是日期" in text and "不足一分" in text
    assert court.city.one("SELECT count(*) FROM bank_statement") == 0


def pdf(content: bytes) -> str:
    return (
        "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
        .replace("\n", "")
        .replace(" ", "")
    )


def test_papers_are_printed_the_same_twice(court, page):
    """Receipt, notice of payout and plan of distribution: byte for byte the same, ledgered, verifiable by their code."""
    from lianban.actions.errors import NothingToDo
    from lianban.actions.print_money import print_distribution, print_fund, print_payout

    _, fund = money_in(court)
    payout = court.act("propose_payout", {"amount": 1_234_56, "account_tail": "8888"}, fund, by="court.clerk")

    def printed(function, key, by="court.judge"):
        with court.city.acting_as(by, MONDAY) as acting:
            return function(acting, key)

    with pytest.raises(NothingToDo):
        printed(print_payout, payout)
    court.act("approve_payout", {"decision": "approve"}, payout)
    number, notice = printed(print_payout, payout)
    assert (number, notice) == printed(print_payout, payout)
    assert "1234.56元" in pdf(notice) and "8888" in pdf(notice)
    _, receipt = printed(print_fund, fund)
    assert "执行费用12400元" in pdf(receipt) and "本金等金钱债务" in pdf(receipt)
    court.act("record_claim", {"creditor": str(court.party("秦越")), "basis": "另案判决", "participant": True,
                               "tranches": [{"amount": 200_000_00, "last_day": "2026-03-01"}]})  # fmt: skip
    other = court.act(
        "receive_payment",
        {"amount": 300_000_00, "arrived_on": "2026-03-02", "kind": "sale"},
        by="court.cashier",
    )
    plan = court.act("distribute", {}, other)
    _, paper = printed(print_distribution, plan)
    assert "秦越" in pdf(paper) and "300000元" in pdf(paper)
    assert court.city.one("SELECT count(*) FROM printed_document") == 3
    assert court.city.one("SELECT count(*) FROM ledger_entry WHERE act = 'payments.print'") == 4
    page("police.liaison", f"/payouts/{payout}/notice.pdf", status=404)


def test_late_money_stays_late_until_it_is_paid(court, page):
    """After its clock has ended an arrival is told as overdue on both pages, and another hold gives no second alarm."""
    from datetime import UTC, datetime, timedelta

    from lianban.actions.acting import Acting
    from lianban.actions.run_clocks import run_clocks

    now = datetime.now(UTC)
    ago = now - timedelta(days=45)
    day = ago.date().isoformat()
    money_in(court)
    fund = court.act(
        "receive_payment",
        {"amount": 100_00, "arrived_on": day, "notified_on": day, "payer": "沈砚"},
        by="court.cashier",
        at=ago,
    )
    with court.city.as_role("worker"):
        while run_clocks(Acting(None, now, "时限")):
            pass
    late = "SELECT count(*) FROM task WHERE about = %s AND element = 'payout_overdue'"
    assert court.city.one(late, fund) == 1
    assert "逾期" in page("court.judge", "/payments").split('id="leaving"')[1].split('id="held"')[0]
    assert "逾期" in page("court.judge", f"/matters/{court.matter}/parts/payments")
    court.act("hold_fund", {"kind": "president", "reason": "等待账户", "approval": "已批准"}, fund, at=now)
    with court.city.as_role("worker"):
        run_clocks(Acting(None, now + timedelta(minutes=1), "时限"))
    assert court.city.one(late, fund) == 1
