"""What can happen to a clock that runs, and what may not."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from lianban.engines import clocks
from lianban.engines.clocks import ClockBook, State
from lianban.engines.clocks.errors import (
    BadClockState,
    DateNeedsMoment,
    ExtensionRefused,
    MomentOutOfOrder,
    NoSuchExtension,
    NoSuchPause,
    ObstacleRefused,
    WrongState,
)

BOOK = ClockBook.standard()


def noon(year, month, day):
    """Noon in Shanghai."""
    return datetime(year, month, day, 4, tzinfo=UTC)


def trial():
    """An ordinary first instance filed on 10 March 2026, due on 10 September."""
    return clocks.start(BOOK, "business.first_instance", date(2026, 3, 10))


def test_start_keeps_everything_a_row_needs():
    """Code, version, trigger, length and end are in the state."""
    clock = trial()
    assert (clock.code, clock.version, clock.state) == (
        "business.first_instance",
        "2013-01-01",
        State.RUNNING,
    )
    assert clock.due_on == date(2026, 9, 10)
    assert clock.provisional is False


def test_start_hours_need_a_moment():
    """A clock of hours cannot start at a mere date."""
    with pytest.raises(DateNeedsMoment):
        clocks.start(BOOK, "disputes.protection_order", date(2026, 3, 2))


def test_pause_takes_the_end_away_and_resume_gives_it_back_later():
    """While paused there is no end; after it the end is later by the days between."""
    paused = clocks.pause(BOOK, trial(), "appraisal", noon(2026, 5, 1))
    assert (paused.state, paused.due_on, paused.due_at) == (State.PAUSED, None, None)
    with pytest.raises(WrongState):
        clocks.due_of(BOOK, paused)
    assert clocks.due_of(BOOK, paused, ongoing_until=noon(2026, 5, 11)).legal_date == date(2026, 9, 20)
    resumed = clocks.resume(BOOK, paused, noon(2026, 5, 11))
    assert (resumed.state, resumed.due_on) == (State.RUNNING, date(2026, 9, 20))  # a Sunday made a workday
    assert "鉴定期间，不计入10日" in clocks.explain(BOOK, resumed)


def test_pause_two_grounds_at_once_resume_one_keeps_it_paused():
    """Each ground ends by itself; days under both are left out once."""
    clock = clocks.pause(BOOK, trial(), "appraisal", noon(2026, 5, 1))
    clock = clocks.pause(BOOK, clock, "settlement_talks", noon(2026, 5, 6))
    clock = clocks.resume(BOOK, clock, noon(2026, 5, 11), "appraisal")
    assert clock.state is State.PAUSED
    with pytest.raises(NoSuchPause):
        clocks.resume(BOOK, clock, noon(2026, 5, 12), "appraisal")
    clock = clocks.resume(BOOK, clock, noon(2026, 5, 21))
    assert clock.due_on == date(2026, 9, 30)  # 20 days, not 25


def test_pause_refusals():
    """Unknown grounds, a ground twice, moments outside the period and finished clocks are refused."""
    clock = trial()
    with pytest.raises(NoSuchPause, match="public_notice"):
        clocks.pause(BOOK, clock, "holiday", noon(2026, 5, 1))
    with pytest.raises(MomentOutOfOrder):
        clocks.pause(BOOK, clock, "appraisal", noon(2026, 9, 11))
    with pytest.raises(MomentOutOfOrder):
        clocks.exclude(BOOK, clock, "appraisal", noon(2026, 5, 2), noon(2026, 5, 1))
    with pytest.raises(MomentOutOfOrder):
        clocks.exclude(BOOK, clock, "appraisal", noon(2026, 3, 1), noon(2026, 5, 1))
    paused = clocks.pause(BOOK, clock, "appraisal", noon(2026, 5, 1))
    with pytest.raises(WrongState):
        clocks.pause(BOOK, paused, "appraisal", noon(2026, 5, 2))
    with pytest.raises(MomentOutOfOrder):
        clocks.resume(BOOK, paused, noon(2026, 4, 30))
    with pytest.raises(WrongState):
        clocks.resume(BOOK, clock, noon(2026, 5, 2))
    done = clocks.finish(BOOK, clock, noon(2026, 5, 2))
    with pytest.raises(WrongState):
        clocks.pause(BOOK, done, "appraisal", noon(2026, 5, 3))


def test_exclude_recorded_late_lets_an_expired_clock_run_again():
    """The appraisal of May is entered in September, after the limit seemed over."""
    expired = clocks.expire(trial(), noon(2026, 9, 11))
    assert expired.state is State.EXPIRED
    again = clocks.exclude(BOOK, expired, "appraisal", noon(2026, 5, 1), noon(2026, 5, 11))
    assert (again.state, again.due_on) == (State.RUNNING, date(2026, 9, 20))
    assert clocks.expire(again, noon(2026, 9, 21)).state is State.EXPIRED


def test_extend_asked_one_day_late_is_refused_and_says_until_when():
    """Fifteen days before the end is 26 August; the 27th is too late."""
    clock = trial()
    ok = clocks.extend(BOOK, clock, "president", granted_at=noon(2026, 9, 1), asked_on=date(2026, 8, 26))
    assert ok.due_on == date(2027, 3, 10)
    with pytest.raises(ExtensionRefused, match="2026-08-26"):
        clocks.extend(BOOK, clock, "president", granted_at=noon(2026, 9, 1), asked_on=date(2026, 8, 27))
    with pytest.raises(ExtensionRefused):
        clocks.extend(BOOK, clock, "president", granted_at=noon(2026, 9, 1))


def test_extend_refusals():
    """Twice, too long, after the end, unknown, without a length where the approver decides."""
    clock = clocks.start(BOOK, "finrisk.admin_seal", date(2026, 4, 3))
    once = clocks.extend(BOOK, clock, "head", granted_at=noon(2026, 4, 30))
    with pytest.raises(ExtensionRefused, match="1 at most"):
        clocks.extend(BOOK, once, "head", granted_at=noon(2026, 5, 20))
    with pytest.raises(ExtensionRefused, match="30 days at most"):
        clocks.extend(BOOK, clock, "head", granted_at=noon(2026, 4, 30), length=31)
    with pytest.raises(ExtensionRefused, match="within the period"):
        clocks.extend(BOOK, clock, "head", granted_at=noon(2026, 5, 4))
    with pytest.raises(NoSuchExtension, match="head"):
        clocks.extend(BOOK, clock, "president", granted_at=noon(2026, 4, 30))
    finish = clocks.start(BOOK, "enforcement.finish", date(2026, 3, 10))
    with pytest.raises(ExtensionRefused, match="how much"):
        clocks.extend(BOOK, finish, "high_court", granted_at=noon(2026, 9, 1))
    longer = clocks.extend(BOOK, finish, "high_court", granted_at=noon(2026, 9, 1), length=4)
    assert longer.due_on == date(2027, 1, 11)


def test_extend_beyond_the_outer_limit_is_refused():
    """A patent ruling takes five months at most: one month and one month more, never three."""
    clock = clocks.start(BOOK, "ip.patent_ruling", date(2026, 3, 2))
    clock = clocks.extend(BOOK, clock, "head", granted_at=noon(2026, 6, 1))
    clock = clocks.extend(BOOK, clock, "head", granted_at=noon(2026, 7, 1))
    assert clock.due_on == date(2026, 8, 3)  # 2 August is a Sunday
    with pytest.raises(ExtensionRefused):
        clocks.extend(BOOK, clock, "head", granted_at=noon(2026, 8, 1))
    limited = clocks.start(BOOK, "enterprise.complaint_handle", date(2026, 3, 2))
    assert clocks.extend(BOOK, limited, "complex", granted_at=noon(2026, 3, 20)).due_on == date(2026, 6, 1)


def test_extend_outer_limit_does_not_count_days_left_out():
    """Days of a pause do not use up the outer limit."""
    clock = clocks.start(BOOK, "enforcement.finish_criminal_fine", date(2026, 3, 2))
    clock = clocks.exclude(BOOK, clock, "sale", noon(2026, 4, 1), noon(2026, 4, 21))
    clock = clocks.extend(BOOK, clock, "president", granted_at=noon(2026, 6, 1))
    assert clock.due_on == date(2026, 9, 22)


def test_restart_forgets_pauses_but_keeps_the_history():
    """An interrupted limitation begins anew; where it came from is kept."""
    clock = clocks.start(BOOK, "enforcement.right_to_apply", date(2023, 5, 15))
    again = clocks.restart(BOOK, clock, "limitation_interrupted", noon(2024, 8, 1))
    assert again.due_on == date(2026, 8, 3)  # 1 August is a Saturday
    assert again.restarts[0].trigger == clock.trigger
    with pytest.raises(NoSuchPause):
        clocks.restart(BOOK, clock, "holiday", noon(2024, 8, 1))
    with pytest.raises(MomentOutOfOrder):
        clocks.restart(BOOK, clock, "limitation_interrupted", noon(2025, 5, 16))


def test_obstacle_only_for_what_a_party_must_do_in_procedure():
    """A court's own limit cannot be put off, nor can a freeze."""
    for code in ("enforcement.file_application", "enforcement.freeze_deposit"):
        clock = clocks.start(BOOK, code, date(2026, 3, 2))
        with pytest.raises(ObstacleRefused, match="86"):
            clocks.suspend_for_obstacle(
                BOOK, clock, noon(2026, 3, 3), noon(2026, 3, 5), asked_on=date(2026, 3, 6)
            )


def test_obstacle_asked_after_ten_days_or_begun_after_the_end_is_refused():
    """Ten days after the obstacle; and an obstacle that came after the end changes nothing."""
    clock = clocks.start(BOOK, "enforcement.reconsideration_request", date(2026, 7, 6))
    with pytest.raises(ObstacleRefused, match="2026-07-30"):
        clocks.suspend_for_obstacle(
            BOOK, clock, noon(2026, 7, 10), noon(2026, 7, 20), asked_on=date(2026, 7, 31)
        )
    with pytest.raises(ObstacleRefused, match="before the period ended"):
        clocks.suspend_for_obstacle(
            BOOK, clock, noon(2026, 7, 17), noon(2026, 7, 20), asked_on=date(2026, 7, 21)
        )


def test_obstacle_revives_an_expired_clock():
    """The usual case: the period ran out during the flood, and the court puts it off."""
    clock = clocks.start(BOOK, "enforcement.reconsideration_request", date(2026, 7, 6))
    expired = clocks.expire(clock, noon(2026, 7, 17))
    assert expired.state is State.EXPIRED
    revived = clocks.suspend_for_obstacle(
        BOOK, expired, noon(2026, 7, 14), noon(2026, 7, 24), asked_on=date(2026, 7, 27)
    )
    assert (revived.state, revived.due_on) == (State.RUNNING, date(2026, 7, 27))
    assert "因障碍顺延" in clocks.explain(BOOK, revived)


def test_expire_to_the_microsecond():
    """The last microsecond of the day is in time; the next one is not."""
    clock = trial()
    assert clocks.expire(clock, clock.due_at) is clock
    assert clocks.expire(clock, clock.due_at + timedelta(microseconds=1)).state is State.EXPIRED
    paused = clocks.pause(BOOK, clock, "appraisal", noon(2026, 5, 1))
    assert clocks.expire(paused, noon(2030, 1, 1)) is paused


def test_finish_posted_before_the_end_is_in_time():
    """What counts is the day of posting, not of arrival."""
    clock = clocks.start(BOOK, "enforcement.reconsideration_request", date(2026, 7, 6))
    assert clocks.finish(BOOK, clock, noon(2026, 7, 16)).in_time is True
    assert clocks.finish(BOOK, clock, noon(2026, 7, 20)).in_time is False
    posted = clocks.finish(BOOK, clock, noon(2026, 7, 20), posted_at=noon(2026, 7, 16))
    assert (posted.in_time, posted.state) == (True, State.DONE)
    with pytest.raises(MomentOutOfOrder):
        clocks.finish(BOOK, clock, noon(2026, 7, 15), posted_at=noon(2026, 7, 16))


def test_finish_before_an_earliest_end_is_too_early():
    """A suit brought while the public notice still stands is premature."""
    clock = clocks.start(BOOK, "ecology.civil_notice", date(2026, 9, 2))
    assert clocks.finish(BOOK, clock, noon(2026, 10, 2)).in_time is False
    assert clocks.finish(BOOK, clock, noon(2026, 10, 3)).in_time is True


def test_finish_while_paused_is_in_time():
    """A paused period has not ended."""
    paused = clocks.pause(BOOK, trial(), "appraisal", noon(2026, 5, 1))
    assert clocks.finish(BOOK, paused, noon(2028, 1, 1)).in_time is True


def test_state_survives_json_with_all_its_history():
    """What is stored is plain JSON and comes back equal."""
    clock = clocks.exclude(BOOK, trial(), "appraisal", noon(2026, 4, 1), noon(2026, 4, 11))
    clock = clocks.extend(BOOK, clock, "president", granted_at=noon(2026, 9, 1), asked_on=date(2026, 8, 26))
    paused = clocks.pause(BOOK, clock, "settlement_talks", noon(2026, 9, 5))
    limitation = clocks.start(BOOK, "enforcement.right_to_apply", date(2023, 5, 15))
    again = clocks.restart(BOOK, limitation, "limitation_interrupted", noon(2024, 8, 1))
    freeze = clocks.start(
        BOOK, "enforcement.freeze_deposit", date(2025, 10, 8), printed_end=date(2026, 9, 30)
    )
    for state in (clock, paused, again, freeze, clocks.finish(BOOK, freeze, noon(2026, 9, 30))):
        stored = json.dumps(clocks.to_json(state), ensure_ascii=False)
        assert clocks.from_json(json.loads(stored)) == state


def test_state_damaged_or_of_another_format_is_refused():
    """A row that cannot be read says so and is not half-read."""
    data = clocks.to_json(trial())
    for bad in ({**data, "format": 2}, {**data, "state": "sleeping"}, {k: v for k, v in data.items() if k != "code"},
                {**data, "trigger": "2026-03-10T00:00:00"}, {**data, "length": [1]}):  # fmt: skip
        with pytest.raises((BadClockState, clocks.errors.MomentWithoutZone)):
            clocks.from_json(bad)


def test_clock_without_grounds_cannot_be_paused():
    """The law knows no ground on which the hours of a protection order stand still."""
    clock = clocks.start(BOOK, "disputes.protection_order", noon(2026, 3, 2))
    with pytest.raises(NoSuchPause, match="—"):
        clocks.pause(BOOK, clock, "appraisal", noon(2026, 3, 3))
