"""What a township may be asked and told: the order of steps, leads about property only, a question that says nothing else."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.collaboration import (
    FOLLOWS,
    WORDS,
    Asked,
    Helper,
    LeadKind,
    Measured,
    PropertyLead,
    Rating,
    Result,
    Step,
    check_lead,
    check_question,
    found_in,
    require_next,
)
from lianban.engines.collaboration.errors import (
    NotAboutProperty,
    SaysTooMuch,
    StepOutOfOrder,
    WindowBackwards,
    WithoutWindow,
)


def test_steps_follow_the_seven():
    """推送 → 签收 → 摸排 → 线索 → 约定协同日 → 结果 → 评议 can be walked in order, and nothing comes before the signature."""
    walk = list(Step)
    for before, after in itertools.pairwise(walk):
        require_next(before, after)
    for step in set(Step) - {Step.SIGNED}:
        with pytest.raises(StepOutOfOrder):
            require_next(Step.PUSHED, step)
    assert FOLLOWS[Step.RATED] == ()


@given(st.lists(st.sampled_from(list(Step)), min_size=1, max_size=12))
def test_no_walk_rates_before_a_result(walk):
    """However the steps are tried, a rating has a result before it and a result a signature."""
    state, done = Step.PUSHED, [Step.PUSHED]
    for step in walk:
        try:
            require_next(state, step)
        except StepOutOfOrder:
            continue
        state = step
        done.append(step)
    if Step.RATED in done:
        assert done.index(Step.SIGNED) < done.index(Step.RESULT_RECORDED) < done.index(Step.RATED)
        assert done[-1] is Step.RATED


def test_every_word_has_both_languages():
    """Every code a person reads has its words."""
    for words in (Asked, Helper, Step, LeadKind, Measured, Result, Rating):
        for one in words:
            assert WORDS[one].zh, one
            assert WORDS[one].en, one


@pytest.mark.parametrize(
    "text",
    ["住址旁棉花地，110105194912310021", "证号１１０１０５１９４９１２３１００２１", "卡号6222 0212 3456 7890 123", "找他打13812345678",
     "电话 138-1234-5678", "+86 13812345678", "1101 0519 4912 3100 2X"],
)  # fmt: skip
def test_numbers_of_people_are_found(text):
    """Identity, card and telephone numbers, spaced, wide or plain, are not facts about property."""
    assert found_in(text) is not None
    with pytest.raises(NotAboutProperty) as caught:
        check_lead(PropertyLead(LeadKind.HOUSE, "青坪村东", note=text))
    assert text not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["约30亩棉花，9月采收", "（2026）云9901执12号", "2884000元", "3栋2单元501室", "2026-09-01至2026-10-15"],
)
def test_facts_about_property_pass(text):
    """Quantities, case numbers, sums, addresses and dates are let through."""
    assert found_in(text) is None
    check_lead(PropertyLead(LeadKind.HOUSE, "青坪村东", note=text))


@given(st.text(alphabet="0123456789 -约亩棉花Xx", max_size=40))
def test_long_runs_of_digits_never_pass(text):
    """Whatever stands around it, eighteen digits in a row are found."""
    assert found_in(f"{text}棉{'9' * 17}X{'花'}{text}") is not None


def test_seasonal_leads_say_when():
    """A crop without its window cannot be told of in time; a window does not close before it opens."""
    with pytest.raises(WithoutWindow):
        check_lead(PropertyLead(LeadKind.CROP, "青坪村东"))
    with pytest.raises(WindowBackwards):
        check_lead(
            PropertyLead(LeadKind.CROP, "青坪村东", opens_on=date(2026, 9, 1), closes_on=date(2026, 8, 1))
        )
    check_lead(PropertyLead(LeadKind.CROP, "青坪村东", opens_on=date(2026, 9, 1)))


def test_question_names_nobody_else():
    """The question may name the debtor, not the creditor, and no number."""
    check_question("沈砚在贵镇有无种植、养殖？", "沈砚", ["沈砚", "周衡"])
    for bad in ("沈砚欠周衡的钱，有无财产？", "证号110105194912310021有无财产？"):
        with pytest.raises(SaysTooMuch):
            check_question(bad, "沈砚", ["沈砚", "周衡"])
