"""Listing and limits on consumption by the rules of the day, and objections by theirs: grounds, terms, bars, events, clocks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianban.engines.clocks import ClockBook
from lianban.engines.listings import (
    Candidate,
    Kind,
    ListingBook,
    Origin,
    WithTerm,
    applies,
    is_adult,
    lift,
    plan_limit,
    plan_listing,
    removal,
    require_adult,
)
from lianban.engines.listings.errors import (
    AgeNotKnown,
    BadListingData,
    CapacityDoesNotFit,
    GraceNotAllowed,
    GroundBarred,
    MinorNeverListed,
    RemovalDoesNotApply,
    RequestBarred,
    TermNotAllowed,
    UnknownGround,
)
from lianban.engines.objections import ObjectionBook, ThirdPartyClaim, bars_disposal, raise_objection
from lianban.engines.objections.errors import NotTheNextRemedy, TooLate, UnknownObjection

DAY = date(2026, 3, 2)
BOOK, CLOCKS = ListingBook.standard(), ClockBook.standard()
BORN = date(1980, 5, 6)


def plan(ground="obstructs", **more):
    return plan_listing(BOOK, CLOCKS, Candidate(ground, **{"person": True, "born": BORN, **more}), DAY)


def test_six_grounds_and_who_has_a_term():
    """Six grounds in force; only (二) to (六) have a term, of two years."""
    rows = BOOK.rows(Kind.GROUND, DAY)
    assert [row.item for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.term for row in rows] == [False, True, True, True, True, True]
    for row in rows:
        assert plan(row.code).term_years == (2 if row.term else 0)


def test_term_is_longer_only_for_violence_or_several_acts():
    """One to three years more, only where the facts are said; never on ground (一)."""
    planned = plan(more_years=3, violent_or_several=True)
    assert planned.term_years == 5
    assert planned.ends_on(CLOCKS, DAY) == date(2031, 3, 2)
    for bad in (
        {"more_years": 1},
        {"more_years": 4, "violent_or_several": True},
        {"more_years": -1, "violent_or_several": True},
    ):
        with pytest.raises(TermNotAllowed):
            plan(**bad)
    with pytest.raises(TermNotAllowed):
        plan("able_but_refuses", more_years=1, violent_or_several=True)
    assert plan("able_but_refuses").ends_on(CLOCKS, DAY) is None


@given(st.dates(date(1950, 1, 1), date(2026, 3, 1)))
def test_minors_are_never_listed(born):
    """Whatever the birth date and the ground: before the day after the eighteenth birthday, refused."""
    eighteen = (
        born.replace(year=born.year + 18) if (born.month, born.day) != (2, 29) else date(born.year + 18, 3, 1)
    )
    assert is_adult(born, DAY) is (eighteen < DAY)
    if eighteen < DAY:
        require_adult(born, DAY)
        return
    for row in BOOK.rows(Kind.GROUND, DAY):
        with pytest.raises(MinorNeverListed) as caught:
            plan(row.code, born=born)
        assert born.isoformat() not in str(caught.value)


def test_age_must_be_known():
    """Without a birth date a person is not listed; an organisation has no age."""
    with pytest.raises(AgeNotKnown):
        plan(born=None)
    assert plan(person=False, born=None).term_years == 2


@pytest.mark.parametrize("bar", [row.code for row in BOOK.rows(Kind.BAR, DAY)])
def test_ground_one_is_barred(bar):
    """Security, or frozen assets that suffice, bar ground (一) and no other."""
    with pytest.raises(GroundBarred):
        plan("able_but_refuses", bars=frozenset([bar]))
    assert plan("evades", bars=frozenset([bar])).term_years == 2


def test_request_is_barred_for_six_months():
    """After a deletion the creditor asked for, his request waits six months; the court may act by itself meanwhile."""
    deleted = date(2025, 9, 2)  # six months end on 2 March 2026
    with pytest.raises(RequestBarred):
        plan(origin=Origin.REQUEST, deleted_on_request=deleted)
    plan(origin=Origin.EX_OFFICIO, deleted_on_request=deleted)
    plan(origin=Origin.REQUEST, deleted_on_request=date(2025, 9, 1))


def test_grace_is_one_to_three_months():
    """Publication follows the day after the grace."""
    assert plan(grace_months=1).published_from(CLOCKS, DAY) == date(2026, 4, 3)
    assert plan().published_from(CLOCKS, DAY) == DAY
    with pytest.raises(GraceNotAllowed):
        plan(grace_months=4)


def test_seven_events_do_not_apply_where_a_term_was_set():
    """Seven events without a term; with one, its end or active performance; a correction either way. Three working days."""
    seven = [row for row in BOOK.rows(Kind.REMOVAL, DAY) if row.item]
    assert len(seven) == 7
    for row in seven:
        assert removal(BOOK, row.code, has_term=False, on=DAY)[1] == "enforcement.discredit_delete"
        with pytest.raises(RemovalDoesNotApply):
            removal(BOOK, row.code, has_term=True, on=DAY)
    for code in ("term_ended", "active_performance"):
        removal(BOOK, code, has_term=True, on=DAY)
        with pytest.raises(RemovalDoesNotApply):
            removal(BOOK, code, has_term=False, on=DAY)
    for has_term in (True, False):
        removal(BOOK, "corrected", has_term=has_term, on=DAY)
    assert CLOCKS.due("enforcement.discredit_delete", DAY).legal_date == date(2026, 3, 5)


@given(st.sampled_from([row.code for row in BOOK.rows(Kind.REMOVAL, DAY)]), st.booleans())
def test_an_event_fits_exactly_what_the_database_lets_through(code, has_term):
    """The engine and the trigger say the same of every event."""
    row = BOOK.row(Kind.REMOVAL, code, DAY)
    with_term = {"term_ended", "active_performance"}
    trigger = code == "corrected" or (code in with_term) is has_term
    assert applies(row, has_term=has_term) is trigger
    assert row.with_term in WithTerm


def test_nine_items_and_four_kinds_of_people():
    """Nine items; of an organisation four kinds of people beside itself; of a person nobody else."""
    assert [row.item for row in plan_limit(BOOK, "debtor", organisation=False, on=DAY).items] == list(
        range(1, 10)
    )
    four = [row.code for row in BOOK.rows(Kind.CAPACITY, DAY) if row.organisation]
    assert four == ["legal_representative", "principal", "directly_responsible", "controller"]
    for code in four:
        plan_limit(BOOK, code, organisation=True, on=DAY)
        with pytest.raises(CapacityDoesNotFit):
            plan_limit(BOOK, code, organisation=False, on=DAY)


def test_lifting_is_a_duty_since_2021():
    """On security or consent the court may lift before December 2021 and must from then on."""
    for code in ("secured", "creditor_agrees"):
        assert not lift(BOOK, code, date(2020, 5, 1)).must
        assert lift(BOOK, code, DAY).must
    with pytest.raises(UnknownGround):
        lift(BOOK, "weather", DAY)


@pytest.mark.parametrize(
    ("old", "new"),
    [("term = true", "trem = true"), ('tag = "V"', 'tag = "W"'), ("[[ground]]", "[[grund]]"),
     ("from = 2017-05-01", 'from = "2017"')],
)  # fmt: skip
def test_wrong_data_is_refused(tmp_path, old, new):
    """A slip in the file is an error of the operator's, with its place."""
    from lianban.engines.listings.book import STANDARD_LISTINGS

    path = tmp_path / "listings.toml"
    path.write_text(STANDARD_LISTINGS.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises((BadListingData, TypeError)):
        ListingBook.from_file(path).rows(Kind.GROUND, DAY)


# --- objections


def test_every_remedy_names_clocks_of_the_book():
    """Nine kinds; each names clocks there are; each chain ends."""
    book = ObjectionBook.standard()
    book.check_against(CLOCKS)
    assert len(book.kinds) == 9
    for kind in book.kinds.values():
        chain, here = [kind.code], kind
        while here.then:
            here = book.kind(here.then)
            assert here.code not in chain
            chain.append(here.code)
    with pytest.raises(UnknownObjection):
        book.kind("complaint")


def test_review_needs_a_refusal_and_comes_in_time():
    """A review without a refusal before it, or after its ten days, is refused; put off, it is taken."""
    book = ObjectionBook.standard()
    with pytest.raises(NotTheNextRemedy):
        raise_objection(book, CLOCKS, "listing_review", DAY, served_on=date(2026, 2, 25))
    late = date(2026, 2, 19)  # ten days end on 1 March, a Sunday, and roll to the 2nd
    raise_objection(book, CLOCKS, "listing_review", DAY, served_on=late, refused_before=True)
    with pytest.raises(TooLate):
        raise_objection(book, CLOCKS, "listing_review", DAY, served_on=date(2026, 2, 16), refused_before=True)
    raise_objection(
        book, CLOCKS, "listing_review", DAY, served_on=date(2026, 2, 16), refused_before=True, put_off=True
    )


@settings(max_examples=200)
@given(
    st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.sampled_from([None, True, False]),
    st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 6, 1))), st.booleans(), st.booleans(),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)  # fmt: skip
def test_disposal_is_barred_until_somebody_lets_go(received, upheld, served, suit, ended, on):
    """Never barred before receipt; always until a refusal; after it until fifteen days or the suit are over."""
    claim = ThirdPartyClaim(received, upheld, served, suit, ended)
    barred = bars_disposal(CLOCKS, claim, on)
    if on < received:
        assert not barred
    elif upheld is not False:
        assert barred
    elif suit:
        assert barred is not ended
    elif served is None:
        assert barred
    else:
        assert barred is (on <= CLOCKS.due("enforcement.third_party_suit", served).legal_date)
        assert not bars_disposal(CLOCKS, claim, max(on, served + timedelta(days=40)))
