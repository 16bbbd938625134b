"""The pages of measures: the sections of a matter, the unit's task, the radar with its batch of renewals, the papers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from measure_city import OTHER

from lianban.records.keys import encoded_key

NOW = datetime.now(UTC)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def browse(holding):
    """A client signed in as an officer."""
    from lianban.doors.web.language import COOKIE as LANGUAGE
    from lianban.doors.web.sessions import COOKIE

    def signed_in(username: str, language: str = "zh-hans") -> Client:
        client = Client(REMOTE_ADDR="127.0.0.1")
        client.cookies[LANGUAGE] = language
        client.cookies[COOKIE] = encoded_key(holding.city.session(username))
        return client

    return signed_in


def text(response, status: int = 200) -> str:
    assert response.status_code == status, response.content[:600]
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_sections_show_what_is_held_and_what_is_next(holding, browse, language):
    """The judge sees the sum, the measure and the acts that fit; in both languages, with nothing unsaid."""
    matter = holding.matter(when=ago(20))
    measure = holding.held(matter, 80_000_00, when=ago(20))
    client = browse("court.judge", language)
    page = text(client.get(f"/matters/{matter}/parts/measures"))
    assert "80,000.00" in page and "100,000.00" in page
    assert f"/acts/release_measure/{measure}" in page and f"/acts/renew_measure/{measure}" in page
    assert f"/acts/serve_measure/{measure}" not in page  # it has been served
    assets = text(client.get(f"/matters/{matter}/parts/assets"))
    assert f"/acts/order_measure/{holding.row(measure)['asset_id']}" in assets
    assert text(client.get(f"/matters/{matter}"))
    order = text(client.get(f"/matters/{matter}/acts/order_measure/{holding.row(measure)['asset_id']}"))
    assert (
        'value="20,000.00"' in order or 'value="20000.00"' in order or "20000" in order
    )  # what is still missing


def test_excess_is_shown_with_its_clock_and_what_can_go(holding, browse):
    """Red, with the day by which it must be released, and the engine's proposal."""
    matter = holding.matter(when=ago(9))
    holding.held(matter, 90_000_00, when=ago(9))
    holding.held(matter, 60_000_00, when=ago(2))
    page = text(browse("court.judge").get(f"/matters/{matter}/parts/measures"))
    assert "超标的 50,000.00 元" in page and "可部分解除" in page and '<time class="due' in page
    assert "超标的，须解除" in text(browse("court.judge").get("/radar"))


def test_unit_sees_its_order_on_the_task_and_nothing_of_the_rest(holding, browse):
    """The liaison's task shows the asset, the ceiling and the papers; the matter's page only this unit's orders."""
    matter = holding.matter(when=ago(3))
    holding.held(matter, 1_00, when=ago(3))
    secret = holding.asset(matter, "vehicle", key="云A7777", unit="police", value_fen=1_00, when=ago(3))
    holding.order(matter, secret, kind="seal", when=ago(3))
    fresh = holding.order(
        matter, holding.asset(matter, key="6222-fresh", when=ago(2)), ceiling=12_345_00, when=ago(2)
    )
    client = browse("central_bank.liaison")
    page = text(client.get(f"/tasks/{holding.task(fresh, 'measure_service')}"))
    assert "6222-fresh" in page and "12,345.00" in page and f"/measures/{fresh}/notice.pdf" in page
    section = text(client.get(f"/matters/{matter}/parts/measures"))
    assert "6222-fresh" in section
    assert "云A7777" not in section  # another unit's order
    assert "债权和费用" not in section  # what the matter claims and holds is the court's
    assert client.get(f"/matters/{matter}/acts/order_measure/{secret}").status_code == 403
    # Done on the page itself: the unit signs, and the order has effect from that moment.
    assert client.post(f"/tasks/{holding.task(fresh, 'measure_service')}", {}).status_code == 302
    assert holding.stands(fresh)[:2] == ("effective", 1)


def test_radar_sorts_by_days_left_and_renews_a_batch_with_results(holding, browse):
    """T−7, −15, −30, −60; one renewed already is refused by name, the others are drafted, signed and sent."""
    matter = holding.matter(when=ago(360))
    year = 365
    soon = {days: holding.held(matter, 1_00, when=ago(year - days), ceiling=1_00) for days in (3, 12, 25, 50)}
    far = holding.held(matter, 1_00, when=ago(100), ceiling=1_00)
    client = browse("court.judge")
    page = text(client.get("/radar"))
    assert "5 项正在生效" in page
    for days, measure in soon.items():
        assert str(measure) in page, days
    assert str(far) not in page
    assert [int(n) for n in re.findall(r'T−\d+ <span class="num">(\d+)', page)] == [1, 1, 1, 1]
    assert str(soon[3]) in text(client.get("/radar?days=7")) and str(soon[25]) not in text(
        client.get("/radar?days=7")
    )
    holding.renew(soon[12], NOW)
    assert str(soon[12]) not in text(client.get("/radar?unsigned=1"))
    response = text(client.post("/radar", {"deed": "both", "measure": [str(key) for key in soon.values()]}))
    assert "4 项中办成 3 项" in response and "已有一份续行正在办理" in response
    states = holding.city.column("SELECT state FROM measure_renewal ORDER BY id")
    assert states == ["sent"] * 4
    assert (
        holding.city.one("SELECT count(*) FROM task WHERE element = 'renewal_service' AND state = 'open'")
        == 4
    )
    assert holding.city.one("SELECT count(*) FROM ledger_entry WHERE act = 'measures.sign_renewal'") == 4


def test_radar_is_the_judges_own_unless_asked(holding, browse):
    """Another court's judge sees none of it; a clerk sees the court's; a clerk cannot sign."""
    matter = holding.matter(when=ago(360))
    measure = holding.held(matter, 1_00, when=ago(360), ceiling=1_00)
    assert str(measure) in text(browse("court.judge").get("/radar"))
    assert str(measure) in text(browse("court.clerk").get("/radar"))
    for username in (f"{OTHER}.judge", "central_bank.liaison", "platform.auditor"):
        assert str(measure) not in text(browse(username).get("/radar?whole=1")), username
    assert (
        browse("court.clerk").post("/radar", {"deed": "sign", "measure": [str(measure)]}).status_code == 403
    )
    assert (
        browse(f"{OTHER}.judge").post("/radar", {"deed": "draft", "measure": [str(measure)]}).status_code
        == 200
    )
    assert holding.city.one("SELECT count(*) FROM measure_renewal") == 0


def test_radar_of_a_delegate_and_who_is_away(holding, browse):
    """Who stands in for a judge finds the judge's measures, marked with until when she is away."""
    from lianban.actions.delegate import delegate

    matter = holding.matter(when=ago(360))
    measure = holding.held(matter, 1_00, when=ago(360), ceiling=1_00)
    with holding.city.acting_as("court.judge", NOW) as acting:
        delegate(
            acting,
            holding.city.officer("court.clerk"),
            NOW - timedelta(hours=1),
            NOW + timedelta(days=9),
            "休假",
        )
    client = Client(REMOTE_ADDR="127.0.0.1")
    from lianban.doors.web.sessions import COOKIE

    client.cookies[COOKIE] = encoded_key(holding.city.session("court.clerk", "judge"))
    page = text(client.get("/radar"))
    assert str(measure) in page and "承办人不在岗至" in page


PRINTS = pytest.mark.skipif(
    not any((settings.PROJECT / "frontend" / ".parts").glob("*noto-serif*")), reason="fonts are not fetched"
)


@PRINTS
def test_papers_are_the_same_for_court_and_unit_and_refused_to_others(holding, browse):
    """Ruling and notice of an order, a renewal and a release: same bytes for both ends, ledgered, verifiable by number."""
    matter = holding.matter(when=ago(340))
    debtor = holding.city.one("SELECT id FROM party WHERE matter_id = %s AND role = 'debtor'", matter)
    asset = holding.asset(matter, when=ago(340), party=str(debtor))
    measure = holding.held(matter, 70_000_00, when=ago(340), asset=asset)
    renewal = holding.renew(measure, ago(1))
    papers = [
        f"/measures/{measure}/{kind}.pdf{of}"
        for kind in ("ruling", "notice")
        for of in ("", f"?of={renewal}")
    ]
    judge, liaison = browse("court.judge"), browse("central_bank.liaison")
    for paper in papers:
        first, second = judge.get(paper), liaison.get(paper)
        assert first.status_code == 200 and first.content.startswith(b"%PDF"), paper
        assert first.content == second.content
    for username in ("tax.liaison", f"{OTHER}.judge"):
        assert browse(username).get(papers[0]).status_code == 404
    assert (
        holding.city.one(
            "SELECT count(*) FROM ledger_entry WHERE act = 'measures.print' AND subjects <> '{}'"
        )
        == 8
    )
    assert (
        holding.city.one(
            "SELECT count(*) FROM printed_document WHERE number = %s", holding.row(measure)["number"]
        )
        == 2
    )
    assert judge.get(f"/measures/{measure}/poem.pdf").status_code == 404


def test_claim_is_what_the_matter_says(holding):
    """The ceiling is the form's claim with costs, until the claim has rows of its own."""
    matter = holding.matter(claim=10_00, costs=5_00)
    assert holding.city.one("SELECT most FROM lianban.control_of(%s)", matter) == 15_00
