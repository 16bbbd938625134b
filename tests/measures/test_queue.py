"""Effect, rank, promotion, renewal and lapse of measures on one asset."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_making import BOOK, LIMITS, at, measure

from lianban.engines.measures import (
    Answer,
    LegalBasis,
    MeasureKind,
    MeasureSettings,
    Outcome,
    Renewal,
    RenewalState,
    State,
    WaitingTerm,
    longest_end,
    next_moment,
    stand,
    stand_all,
)
from lianban.engines.measures.errors import DuplicateMeasure, NotOneAsset, WrongOrderOfEvents

DEFAULT = MeasureSettings()


def standing(measures, now, id="m1", settings=DEFAULT):
    return stand(BOOK, LIMITS, measures, at(now), settings).of(id)


def served_renewal(on, until=None):
    return Renewal(
        date.fromisoformat(on), RenewalState.SERVED, at(on), date.fromisoformat(until) if until else None
    )


def test_order_has_no_effect_until_it_reaches_the_unit():
    """An order that is written and not served holds nothing (查扣冻规定 1)."""
    order = measure(served=None)
    assert standing([order], "2026-12-01").state is State.ORDERED
    arrived = order.served(at("2026-03-09"))
    assert standing([arrived], "2026-03-08").state is State.ORDERED
    found = standing([arrived], "2026-03-10")
    assert (found.state, found.rank, found.ends_on) == (State.EFFECTIVE, 1, date(2027, 3, 9))


def test_measure_lapses_by_itself_on_a_rest_day():
    """The last day is a Saturday; a period of effect never rolls to Monday."""
    held = measure(served="2025-03-07")
    assert standing([held], "2026-03-07").holds
    found = standing([held], "2026-03-08")
    assert (found.state, found.ends_on) == (State.LAPSED, date(2026, 3, 7))


@pytest.mark.parametrize(("printed", "end", "note"), [
    ("2026-09-02", "2026-09-02", False),
    ("2027-03-02", "2027-03-02", False),
    ("2029-03-02", "2027-03-02", True),
])  # fmt: skip
def test_measure_ends_at_the_earlier_of_printed_and_computed(printed, end, note):
    """min(printed, computed); a printed end beyond the law is noted, not obeyed."""
    found = standing([measure(printed_end=date.fromisoformat(printed))], "2026-03-03")
    assert found.ends_on == date.fromisoformat(end)
    assert ("printed_end_too_late" in found.notes) is note


def test_renewal_in_time_goes_on_from_the_end_before():
    """Served on the last day it counts, with the same maximum from where the term ended."""
    held = replace(measure(), renewals=(served_renewal("2027-03-02"),))
    assert standing([held], "2027-06-01").ends_on == date(2028, 3, 2)


def test_renewal_one_day_late_prolongs_nothing():
    """Served the day after the end, it revives nothing and the next in line is first."""
    late = replace(measure(), renewals=(served_renewal("2027-03-03"),))
    queue = stand(BOOK, LIMITS, [late, measure("m2", "2026-05-04")], at("2027-04-01"))
    assert queue.of("m1").state is State.LAPSED
    assert "renewal_too_late" in queue.of("m1").notes
    assert queue.of("m2").holds


def test_renewal_only_drafted_or_signed_prolongs_nothing():
    """A signature on a desk is not with the bank."""
    signed = replace(measure(), renewals=(Renewal(date(2027, 2, 1), RenewalState.SIGNED),))
    assert standing([signed], "2027-03-03").state is State.LAPSED


def test_administrative_freeze_is_renewed_once():
    """Thirty days and once thirty more; a second renewal is not allowed (行政强制法 32)."""
    held = measure(basis=LegalBasis.ADMINISTRATIVE)
    once = replace(held, renewals=(served_renewal("2026-04-01"),))
    assert standing([once], "2026-04-20").ends_on == date(2026, 5, 1)
    twice = replace(once, renewals=(*once.renewals, served_renewal("2026-04-30")))
    found = standing([twice], "2026-05-02")
    assert (found.state, found.ends_on) == (State.LAPSED, date(2026, 5, 1))


def test_renewal_of_the_old_law_was_half():
    """Under the rules of 2004 a renewal was at most half; one served under the rules of 2015 is a full term."""
    held = measure(served="2010-03-02")
    assert standing([replace(held, renewals=(served_renewal("2010-09-01"),))], "2010-10-01").ends_on == date(
        2010, 12, 2
    )
    newer = replace(measure(served="2014-09-01"), renewals=(served_renewal("2015-02-20"),))
    assert standing([newer], "2015-02-25").ends_on == date(2016, 3, 1)


def test_waiting_measure_comes_first_when_the_first_is_released():
    """Promotion by itself at the moment of release, and the term counts from then (查扣冻规定 26)."""
    first = measure("m1").released(at("2026-08-03"))
    second = measure("m2", "2026-04-01", outcome=Outcome.WAITING, rank=2)
    before = stand(BOOK, LIMITS, [measure("m1"), second], at("2026-08-02"))
    assert (before.of("m2").state, before.of("m2").rank, before.of("m2").net_fen) == (State.WAITING, 2, 0)
    after = stand(BOOK, LIMITS, [first, second], at("2026-08-04"))
    assert (after.of("m2").state, after.of("m2").ends_on) == (State.EFFECTIVE, date(2027, 8, 3))
    assert [(p.measure, p.at, p.after) for p in after.promotions] == [("m2", at("2026-08-03"), "m1")]


def test_waiting_measure_comes_first_when_the_first_lapses():
    """A lapse promotes too, at 24:00 of the last day."""
    both = [measure("m1"), measure("m2", "2026-04-01")]
    assert standing(both, "2027-03-02", "m2").state is State.WAITING
    found = standing(both, "2027-03-03", "m2")
    assert (found.state, found.ends_on) == (State.EFFECTIVE, date(2028, 3, 2))


def test_waiting_term_from_service_is_a_setting():
    """A court that counts a waiting measure from its service gets that."""
    both = [measure("m1"), measure("m2", "2026-04-01")]
    chosen = MeasureSettings(waiting_term=WaitingTerm.FROM_SERVICE)
    assert standing(both, "2026-06-01", "m2", chosen).ends_on == date(2027, 4, 1)


def test_waiting_measure_with_a_printed_end_lapses_while_it_waits():
    """The end printed on a waiting measure counts although nothing has effect yet; a renewal in time carries it on."""
    second = measure("m2", "2026-04-01", printed_end=date(2026, 6, 30))
    assert standing([measure("m1"), second], "2026-07-01", "m2").state is State.LAPSED
    longer = replace(second, renewals=(served_renewal("2026-06-30", "2027-06-30"),))
    assert standing([measure("m1"), longer], "2026-07-01", "m2").state is State.WAITING
    assert standing([measure("m1"), longer], "2027-03-03", "m2").ends_on == date(2027, 6, 30)


def test_released_waiting_measure_leaves_the_first_alone():
    """Who leaves the line from the middle promotes nobody past the first."""
    line = [
        measure("m1"),
        measure("m2", "2026-04-01").released(at("2026-05-06")),
        measure("m3", "2026-04-02"),
    ]
    queue = stand(BOOK, LIMITS, line, at("2026-06-01"))
    assert [(s.measure.id, s.state, s.rank) for s in queue.standings] == [
        ("m1", State.EFFECTIVE, 1), ("m2", State.RELEASED, None), ("m3", State.WAITING, 2),
    ]  # fmt: skip


def test_disposal_ends_control_for_everyone():
    """The asset is sold by the first court: nothing is left to come first on (查扣冻规定 27)."""
    line = [measure("m1").disposed(at("2026-08-03")), measure("m2", "2026-04-01")]
    queue = stand(BOOK, LIMITS, line, at("2026-08-04"))
    assert {s.state for s in queue.standings} == {State.DISPOSED}
    assert not queue.promotions


def test_unit_that_knows_of_another_court_is_believed():
    """The unit answers third in line and we know of nobody: it waits and counts nothing until the unit says otherwise."""
    told = measure("m1", outcome=Outcome.WAITING, rank=3, found=5000)
    found = standing([told, measure("m2", "2026-04-01")], "2026-05-01")
    assert (found.state, found.rank, found.net_fen) == (State.WAITING, 3, 0)
    assert standing([told, measure("m2", "2026-04-01")], "2026-05-01", "m2").rank == 4
    later = told.answered(Answer(at("2026-06-01"), Outcome.DONE, 5000))
    found = standing([later], "2026-06-02")
    assert (found.state, found.net_fen, found.ends_on) == (State.EFFECTIVE, 5000, date(2027, 3, 2))


def test_answers_are_recorded_as_they_came():
    """An answer that contradicts the order is kept, the later one counts, and the disagreement is noted."""
    held = measure(answered=False)
    assert "unanswered" in standing([held], "2026-03-03").notes
    held = held.answered(Answer(at("2026-03-03"), Outcome.DONE, 700, 1, date(2026, 12, 31)))
    held = held.answered(Answer(at("2026-03-05"), Outcome.NOT_FOUND, remark="账户已销"))
    assert len(held.answers) == 2
    assert standing([held], "2026-03-04").state is State.NO_OBJECT
    first_only = replace(held, answers=held.answers[:1])
    assert "answered_end_differs" in standing([first_only], "2026-03-04").notes


def test_preservation_goes_on_as_enforcement_without_a_gap():
    """Basis changes, the end does not (保全规定 17)."""
    held = measure(basis=LegalBasis.PRESERVATION)
    as_before, after = standing([held], "2026-09-01"), standing([held.as_enforcement()], "2026-09-01")
    assert (as_before.ends_on, as_before.rank) == (after.ends_on, after.rank)
    with pytest.raises(WrongOrderOfEvents):
        held.as_enforcement().as_enforcement()


def test_history_that_contradicts_itself_is_refused():
    """Served before it was made, ended before it was served, served or released twice."""
    with pytest.raises(WrongOrderOfEvents):
        measure(served=None, ordered_on=date(2026, 3, 9)).served(at("2026-03-08"))
    with pytest.raises(WrongOrderOfEvents):
        measure().released(at("2026-03-01"))
    with pytest.raises(WrongOrderOfEvents):
        measure().served(at("2026-03-09"))
    with pytest.raises(WrongOrderOfEvents):
        measure().released(at("2026-05-01")).released(at("2026-05-02"))
    with pytest.raises(WrongOrderOfEvents):
        Renewal(date(2026, 3, 1), RenewalState.SERVED)


def test_queue_refuses_two_assets_and_twice_the_same():
    """Ranks are of one asset; an id is one measure."""
    with pytest.raises(NotOneAsset):
        stand(BOOK, LIMITS, [measure("m1"), measure("m2", key="a2")], at("2026-04-01"))
    with pytest.raises(DuplicateMeasure):
        stand(BOOK, LIMITS, [measure("m1"), measure("m1")], at("2026-04-01"))
    with pytest.raises(DuplicateMeasure):
        stand_all(BOOK, LIMITS, [measure("m1"), measure("m1", key="a2")], at("2026-04-01"))


def test_exempt_asset_held_all_the_same_still_lapses():
    """An answer that shows control of something exempt is recorded, and it cannot last longer than the family's term."""
    assert standing([measure(kind="farm_wage_account")], "2026-04-01").ends_on == date(2027, 3, 2)


def test_next_moment_is_when_the_first_ends():
    """A timer set to it finds the measure lapsed."""
    queue = stand(BOOK, LIMITS, [measure()], at("2026-04-01"))
    moment = next_moment(queue)
    assert stand(BOOK, LIMITS, [measure()], moment).of("m1").state is State.LAPSED
    assert stand(BOOK, LIMITS, [measure()], moment - timedelta(microseconds=1)).of("m1").holds


days = st.dates(min_value=date(2016, 1, 1), max_value=date(2026, 6, 30))
kinds = st.sampled_from(["deposit", "vehicle", "immovable", "equity"])


@st.composite
def lines(draw):
    """A line on one asset with all that may happen."""
    kind = draw(kinds)
    line = []
    for number in range(draw(st.integers(1, 6))):
        day = draw(days)
        one = measure(
            f"m{number}", day.isoformat(), kind=kind, found=draw(st.integers(0, 10**9)),
            printed_end=draw(st.none() | st.integers(0, 1500).map(lambda n, day=day: day + timedelta(days=n))),
        )  # fmt: skip
        for offset in sorted(draw(st.lists(st.integers(1, 1500), max_size=3))):
            on = day + timedelta(days=offset)
            end = draw(st.none() | st.integers(0, 1500).map(lambda n, on=on: on + timedelta(days=n)))
            one = replace(
                one, renewals=(*one.renewals, Renewal(on, RenewalState.SERVED, at(on.isoformat()), end))
            )
        if draw(st.booleans()):
            one = one.released(at((day + timedelta(days=draw(st.integers(1, 1500)))).isoformat()))
        line.append(one)
    return line


@given(lines(), days, st.randoms(use_true_random=False))
def test_queue_has_one_first_and_does_not_depend_on_the_order_given(line, now, random):
    """At most one measure holds an asset; the ranks are 1, 2, 3 …; shuffling changes nothing."""
    queue = stand(BOOK, LIMITS, line, at(now.isoformat()))
    assert sum(s.holds for s in queue.standings) <= 1
    ranks = [s.rank for s in queue.standings if s.rank is not None]
    assert ranks == list(range(1, len(ranks) + 1))
    if ranks:
        assert next(s for s in queue.standings if s.rank == 1).holds, "somebody waits behind nobody"
    shuffled = list(line)
    random.shuffle(shuffled)
    assert stand(BOOK, LIMITS, shuffled, at(now.isoformat())) == queue


@given(lines(), days)
def test_measure_never_outlives_its_maximum(line, now):
    """No end lies beyond the longest term from where it last began to count: the effect, or a renewal's predecessor."""
    for found in stand(BOOK, LIMITS, line, at(now.isoformat())).standings:
        if found.effective_from is None or found.ends_on is None:
            continue
        terms = 1 + sum(r.served_at is not None for r in found.measure.renewals)
        end = longest_end(BOOK, LIMITS, found.measure, found.effective_from).legal_date
        for _ in range(terms - 1):
            end = longest_end(BOOK, LIMITS, found.measure, end).legal_date
        assert found.ends_on <= end
        if terms == 1 and found.measure.printed_end is not None:
            assert found.ends_on <= max(
                found.measure.printed_end, found.effective_from.date() + timedelta(days=1)
            )


@given(lines(), days, st.integers(0, 800))
def test_ended_measure_never_comes_back(line, now, later):
    """What has lapsed or been released is never effective again at any later moment."""
    gone = {
        s.measure.id
        for s in stand(BOOK, LIMITS, line, at(now.isoformat())).standings
        if s.state in (State.LAPSED, State.RELEASED)
    }
    after = stand(BOOK, LIMITS, line, at((now + timedelta(days=later)).isoformat()))
    assert not gone & {s.measure.id for s in after.standings if s.rank is not None}


def test_deduction_holds_nothing():
    """A deduction takes at once; it has no term and no rank."""
    found = standing([measure(kind="deposit", found=100)], "2026-04-01")
    assert found.net_fen == 100
    taken = replace(measure(found=100), kind=MeasureKind.DEDUCT)
    assert standing([taken], "2026-04-01").net_fen == 0
