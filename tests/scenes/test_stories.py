"""Stories of the sample city: who takes which step, how small a city can be made, what the file may not say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from lianban.engines.scenes import load_scene
from lianban.engines.scenes.city import load_city
from lianban.engines.scenes.coverage import Item, Sort, cover
from lianban.engines.scenes.problems import SceneRefused
from lianban.engines.scenes.stories import FILE, Words, load_stories

SCENES = Path(__file__).parents[2] / "scenes"
TODAY = date(2026, 11, 24)
HEAD = """
seed: 1
data:
  case: {cause: 纠纷}
stories:
  - code: payouts
    zh: 发放
    en: Payouts
    count: 10
    opened: [[40, 50], [20, 20]]
    draws: {end: {each_of: [paid, refused, kept]}}
    data: case
    steps:
"""


@pytest.fixture(scope="module")
def scene():
    return load_scene(SCENES / "enforcement")


@pytest.fixture
def told(scene, tmp_path):
    """Stories from the text of the one story's steps."""

    def load(steps: str, more: str = ""):
        (tmp_path / "demo").mkdir(exist_ok=True)
        (tmp_path / FILE).write_text(HEAD + steps + more, encoding="utf-8")
        return load_stories(scene, load_city(SCENES / "city.yaml"), tmp_path)

    return load


PAY = "      - {after: 5, by: court.cashier, act: pay_out, chance: 1, only: {end: [paid]}, data: {}}\n"


def test_story_is_told_in_full_however_small(told):
    """A city of a thousandth has a matter for every choice of the story, and each choice is there."""
    lives = list(told(PAY).lives(TODAY, 0.001))
    assert [life.drawn["end"] for life in lives] == ["paid", "refused", "kept"]


def test_story_count_follows_the_scale(told):
    """What is more than that follows the scale."""
    assert len(list(told(PAY).lives(TODAY, 1.0))) == 10


def test_opening_ranges_go_round(told):
    """The first of each range is as old as the range says; the others fall within it."""
    ages = [(TODAY - life.opened).days for life in told(PAY).lives(TODAY)]
    assert ages[:2] == [50, 20]
    assert all(40 <= age <= 50 for age in ages[2::2])
    assert set(ages[1::2]) == {20}


def test_step_is_for_those_whose_draw_it_names(told):
    """The first matter takes its step whatever the chance; one with another end never does."""
    stories = told(PAY)
    step = stories.stories[0].steps[0]
    lives = list(stories.lives(TODAY, 0.001))
    for life in lives:
        life.matter = uuid4()
    assert [life.takes(step, TODAY) for life in lives] == [True, False, False]


def test_step_before_its_day_is_not_taken(told):
    """A day that has not come brings nothing."""
    stories = told("      - {after: 51, by: court.cashier, act: pay_out}\n")
    life = next(stories.lives(TODAY))
    life.matter = uuid4()
    assert not life.takes(stories.stories[0].steps[0], TODAY)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (PAY + PAY.replace("after: 5", "after: 4"), "in the order of their days"),
        ("      - {after: 5, by: a, act: pay_out, move: hold}\n", "one of the three"),
        ("      - {after: 5, by: a, move: dance}\n", "is not a value"),
        ("      - {after: 5, by: a, act: pay_out, only: {end: paid}}\n", '"only"'),
    ],
    ids=["order", "two", "unknown move", "only"],
)
def test_steps_that_make_no_sense_are_named(told, steps, said):
    """Each mistake is named with what to do."""
    with pytest.raises(SceneRefused) as refused:
        told(steps)
    assert any(said in problem.en for problem in refused.value.problems)


def test_matters_of_the_past_need_numbers(told):
    """What was closed before it came here bears a number; the stories say of which word."""
    past = (
        "  - {code: past, zh: 旧案, en: Past, count: 1, opened: [400, 500], closed: [20, 90], data: case}\n"
    )
    with pytest.raises(SceneRefused) as refused:
        told(PAY, past)
    assert any('say "numbers"' in problem.en for problem in refused.value.problems)
    assert told(PAY, past + "numbers: 执\n").numbers == "执"


def test_words_are_listed_by_a_form_of_the_scene(told):
    """A column's words come from a field that lists some."""
    more = "listed:\n  - {table: closing, column: ground, form: closing_close, field: summary}\n"
    with pytest.raises(SceneRefused) as refused:
        told(PAY, more)
    assert any("lists no words" in problem.en for problem in refused.value.problems)


def test_exceptions_have_reasons(told):
    """What cannot be shown is read with its reason in both languages."""
    found = told(
        PAY, "not_shown:\n  - {items: [enforcement.bidding], zh: 平台, en: the platform}\n"
    ).not_shown
    assert found == {"enforcement.bidding": Words("平台", "the platform")}


def test_cover_counts_shown_excused_and_missing():
    """An item is shown, excused or missing; a reason for what is shown, or is not there, is needless."""
    state, clock, alarm = Item(Sort.STATE, "a"), Item(Sort.CLOCK, "b"), Item(Sort.ALARM, "c")
    why = Words("无", "none")
    found = cover([state, clock, alarm], {state: 2}, {"a": why, "b": why, "d": why})
    assert [line.item for line in found.missing] == [alarm]
    assert found.needless == ("a", "d")
    assert found.summary() == Words("状态 1/1、时限 0/0、提醒 0/1", "states 1/1, clocks 0/0, alarms 0/1")
