"""Pages that move while another person acts, and what they say when they cannot."""

from __future__ import annotations

import time

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WATCH = """(stage) => { window.moved = null; const place = document.querySelector('.stages').closest('section');
  const seen = () => place.querySelector(`[data-stage="${stage}"]`)?.className;
  const before = seen();
  new MutationObserver(() => { if (!window.moved && seen() !== before) window.moved = Date.now(); })
    .observe(place, {subtree: true, childList: true, attributes: true, characterData: true}); }"""


def sign(page, shown, matter) -> tuple[float, float]:
    """The tax bureau signs for its letter in its own browser; returns when it clicked and when it was answered."""
    page.goto(f"/matters/{matter}")
    page.locator("a[href^='/tasks/']").first.click()
    page.wait_for_url("**/tasks/*")
    clicked = time.time()
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        page.get_by_role("button", name="提交", exact=True).click()
    answered = time.time()
    assert posted.value.status == 302
    page.wait_for_load_state()
    return clicked, answered


def test_stages_move_while_another_acts(shown, person, record_property):
    """The judge watches the matter; a liaison elsewhere signs; the judge's stages change by themselves."""
    matter = shown.moving.pop()
    judge, liaison = person("court.judge"), person("tax.liaison")
    judge.goto(f"/matters/{matter}")
    assert judge.locator("[data-stage=route]").get_attribute("class") == "ahead"
    judge.wait_for_timeout(700)  # the stream is open
    judge.evaluate(WATCH, "route")
    clicked, answered = sign(liaison, shown, matter)
    judge.wait_for_function("() => window.moved !== null")
    moved = judge.evaluate("window.moved") / 1000
    record_property("live_seconds", round(moved - clicked, 3))
    print(
        f"\nthe judge's stages moved {moved - clicked:.3f} s after the liaison's click, {moved - answered:.3f} s after its answer"
    )
    # Nothing polls, so only the stream can have moved it. How fast is recorded; this bound is for a broken one.
    assert moved - answered < 10
    assert judge.locator("[data-stage=route]").get_attribute("class") == "waiting"
    # The other sections follow too: the step of the tax bureau, the letter's state, the history.
    judge.get_by_text("已签收").first.wait_for()


def test_stages_move_without_a_shared_worker(shown, person):
    """A browser without shared workers opens a stream of the page's own."""
    matter = shown.moving.pop()
    judge, liaison = person("court.judge"), person("tax.liaison")
    judge.context.add_init_script("delete window.SharedWorker")
    judge.goto(f"/matters/{matter}")
    judge.wait_for_timeout(700)
    sign(liaison, shown, matter)
    judge.wait_for_function(
        "() => document.querySelector('[data-stage=route]').className === 'waiting'", timeout=3000
    )


def test_inbox_takes_in_a_new_task(shown, person):
    """A liaison's list shows what was routed to the handler without a reload, and loses what a colleague did."""
    matter = shown.moving.pop()
    liaison, watching = person("tax.liaison"), person("tax.liaison")
    watching.goto("/")
    watching.wait_for_timeout(700)
    before = watching.locator("#task-list li").count()
    names = watching.locator("#task-list").inner_text()
    sign(liaison, shown, matter)
    watching.wait_for_function(
        "(names) => document.querySelector('#task-list').innerText !== names", arg=names, timeout=3000
    )
    assert watching.locator("#task-list li").count() == before  # one signed for, one to route


def test_drawing_lights_where_the_matter_rests(shown, person):
    """The drawing lights the live steps with their numbers, moves with them, and says the same in a list."""
    matter = shown.moving.pop()
    judge, liaison = person("court.judge"), person("tax.liaison")
    judge.goto(f"/matters/{matter}/drawing")
    judge.wait_for_selector("#drawing[data-lit~=sign]")
    assert judge.locator(".djs-element.lit[data-element-id=sign]").count() == 1
    assert judge.locator(".tally").all_inner_texts() == ["2"]
    assert "签收: 2" in judge.locator("#live-steps").inner_text()
    sign(liaison, shown, matter)
    judge.wait_for_selector("#drawing[data-lit~=route]", timeout=3000)
    assert sorted(judge.locator("#live-steps li").all_inner_texts()) == ["单位内分办: 1", "签收: 1"]
    before = judge.locator("#drawing .viewport").get_attribute("transform")
    judge.locator("#drawing").focus()
    judge.keyboard.press("+")
    judge.keyboard.press("ArrowRight")
    assert judge.locator("#drawing .viewport").get_attribute("transform") != before


def test_many_pages_share_one_stream(shown, person):
    """Seven pages of one browser all load: with a stream each, the seventh would wait for ever."""
    page = person("court.judge")
    for _ in range(7):
        another = page.context.new_page()
        another.goto(f"/matters/{shown.matter}")
        another.locator("#s-history ~ * li, section[aria-labelledby=s-history] li").first.wait_for(
            timeout=5000
        )


def test_section_that_fails_is_tried_again_by_itself(shown, person):
    """One section fails, the others are there; its button fetches it alone."""
    page = person("court.judge")
    with person.expecting_complaints():
        page.route("**/parts/parties", lambda route: route.abort())
        page.goto(f"/matters/{shown.matter}")
        section = page.locator("section[aria-labelledby=s-parties]")
        section.get_by_role("button", name="重试").wait_for()
        page.locator("section[aria-labelledby=s-letters] li").first.wait_for()
        page.unroute("**/parts/parties")
        section.get_by_role("button", name="重试").click()
        section.locator("strong", has_text="温清和").wait_for()


def test_lost_stream_is_told_and_comes_back(shown, person):
    """While the server is away the page says so; when it is back, the note goes and the page is up to date."""
    page = person("court.judge")
    page.goto(f"/matters/{shown.matter}")
    page.wait_for_timeout(700)
    note = page.locator("#stream-down")
    assert note.is_hidden()
    with person.expecting_complaints():
        shown.stop()
        note.wait_for(state="visible", timeout=10_000)
        assert note.inner_text() == "连接中断，正在重连"
        shown.start()
        note.wait_for(state="hidden", timeout=20_000)
        page.wait_for_timeout(500)
