"""The six ways a case ends, by rules: what each needs, the checklist of 终本, the queries after it, what may be resumed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianban.engines.clocks import ClockBook
from lianban.engines.closing import (
    CaseFacts,
    ClosingBook,
    Need,
    Proof,
    ProofKind,
    Standing,
    checklist,
    first_day,
    judge,
    next_query,
    query_days,
    require_reopenable,
)
from lianban.engines.closing.book import CIRCUMSTANCES
from lianban.engines.closing.errors import (
    BadClosingData,
    GroundDoesNotFit,
    MayNotCloseYet,
    NothingToReopen,
    ProofDoesNotFit,
    UnknownMode,
)
from lianban.records.identity import new_id

BOOK, CLOCKS = ClosingBook.standard(), ClockBook.standard()
FILED, DAY = date(2026, 1, 5), date(2026, 6, 1)
OWN = [item for item in BOOK.checklist(DAY) if not item.derived]


def proof_of(item):
    """One proof of the first kind that fits."""
    kind = sorted(item.proof)[0]
    statement = "已依法办理并记录" if kind is ProofKind.STATEMENT else ""
    return Proof(item.code, kind, None if statement else new_id(), statement)


def proved(**more):
    return CaseFacts(FILED, proofs=tuple(proof_of(item) for item in OWN), **more)


def test_six_modes():
    """Six, with their grounds; only 终本 leaves enforcement to go on, and it alone is no 实结."""
    modes = BOOK.modes_on(DAY)
    assert [mode.code for mode in modes] == [
        "completed",
        "terminated",
        "ended",
        "struck_off",
        "not_enforced",
        "dismissed",
    ]
    assert [mode.code for mode in modes if not mode.ends] == ["terminated"]
    assert [mode.code for mode in modes if not mode.real] == ["terminated"]
    for mode in modes:
        assert mode.grounds
    with pytest.raises(UnknownMode):
        BOOK.mode("forgotten", DAY)
    with pytest.raises(GroundDoesNotFit):
        BOOK.mode("completed", DAY).ground("bankrupt")


def test_terminated_with_everything():
    """Every line proved, three months over, consumption limited: it may be closed."""
    verdict = judge(BOOK, CLOCKS, "terminated", "nothing_found", proved(), DAY)
    assert verdict.may
    verdict.require()


@given(st.integers(0, 400))
def test_terminated_never_within_three_months(days):
    """Whatever is proved: on the last day of the three months it is too early, on the day after it is not."""
    on = FILED + timedelta(days=days)
    verdict = judge(BOOK, CLOCKS, "terminated", "nothing_found", proved(), on)
    early = any("三个月" in words.zh for words in verdict.missing)
    assert early is (on < first_day(CLOCKS, FILED))
    assert first_day(CLOCKS, FILED) == date(2026, 4, 6)


@given(
    st.sets(st.sampled_from([item.code for item in OWN])),
    st.sets(st.sampled_from(sorted(CIRCUMSTANCES))),
)
def test_every_line_without_proof_is_named(left_out, circumstances):
    """Leave out any lines: exactly those are missing that the circumstances ask for, all at once."""
    facts = proved(circumstances=frozenset(circumstances))
    facts = replace(facts, proofs=tuple(proof for proof in facts.proofs if proof.item not in left_out))
    lines = {line.item.code: line for line in checklist(BOOK, facts, DAY)}
    wanted = {
        item.code for item in OWN
        if item.code in left_out and (not item.only_if or item.only_if in circumstances)
    }  # fmt: skip
    assert {
        code for code, line in lines.items() if line.standing is Standing.MISSING and not line.item.derived
    } == wanted
    verdict = judge(BOOK, CLOCKS, "terminated", "nothing_found", facts, DAY)
    assert len(verdict.missing) == len(wanted)
    if wanted:
        with pytest.raises(MayNotCloseYet) as caught:
            verdict.require()
        for code in wanted:
            assert lines[code].item.name.zh in caught.value.text("zh")


def test_a_search_is_not_proved_by_a_statement():
    """The searches of the network need a row of the records; an officer's word is refused."""
    for code in (
        "search_deposits",
        "search_vehicles",
        "search_immovables",
        "search_securities",
        "consumption_limit",
    ):
        with pytest.raises(ProofDoesNotFit):
            checklist(
                BOOK, CaseFacts(FILED, proofs=(Proof(code, ProofKind.STATEMENT, None, "已查无财产"),)), DAY
            )


@pytest.mark.parametrize(
    ("mode", "ground", "facts", "need"),
    [
        ("completed", "performed", {"outstanding_fen": 1}, Need.NOTHING_OUTSTANDING),
        ("completed", "performed", {"undistributed_fen": 1}, Need.NOTHING_UNDISTRIBUTED),
        ("completed", "performed", {"open_objections": 1}, Need.NO_OBJECTION_OPEN),
        ("completed", "performed", {"live_measures": 1}, Need.NO_MEASURE_LEFT),
        ("terminated", "nothing_found", {"debtors_not_limited": 1}, Need.CONSUMPTION_LIMITED),
        ("terminated", "nothing_found", {"unverified_leads": 1}, Need.NO_LEAD_UNVERIFIED),
        ("ended", "withdrawn", {"live_measures": 1}, Need.NO_MEASURE_LEFT),
        ("dismissed", "not_admissible", {"undistributed_fen": 1}, Need.NOTHING_UNDISTRIBUTED),
    ],
)
def test_conditions(mode, ground, facts, need):
    """Each condition alone refuses its mode, and without it the mode is possible."""
    assert judge(BOOK, CLOCKS, mode, ground, proved(), DAY).may
    verdict = judge(BOOK, CLOCKS, mode, ground, proved(**facts), DAY)
    assert [one for one, holds in verdict.needs if not holds] == [need]
    with pytest.raises(MayNotCloseYet):
        verdict.require()


def test_settlement_that_was_performed_ends_the_claim():
    """和解履行完毕: what the document demanded beyond the settlement is no obstacle."""
    assert judge(BOOK, CLOCKS, "completed", "settlement_performed", proved(outstanding_fen=5_000_00), DAY).may


@given(st.dates(date(2017, 1, 1), date(2030, 12, 31)))
def test_queries_are_ten_in_five_years(closed):
    """Half a year apart, ten in all, the last on the day the five years end; months end on their corresponding day."""
    days = query_days(CLOCKS, closed)
    assert len(days) == 10
    assert list(days) == sorted(set(days))
    for number, day in enumerate(days, start=1):
        month = (closed.month - 1 + 6 * number) % 12 + 1
        assert day.month == month
        assert day.day == closed.day or (day + timedelta(days=1)).month != day.month


@given(st.dates(date(2017, 1, 1), date(2026, 12, 31)), st.dates(date(2017, 1, 1), date(2033, 12, 31)))
def test_next_query_is_the_first_that_lies_ahead(closed, today):
    """Whichever day is asked about: the same as going through all ten from the first."""
    ahead = [(n, day) for n, day in enumerate(query_days(CLOCKS, closed), 1) if day >= today]
    assert next_query(CLOCKS, closed, today) == (ahead[0] if ahead else None)


def test_unverified_lines_are_marked_and_may_be_switched_off():
    """The guidance of 2024 was not read: marked, and a court may leave it out; what was read may not be left out."""
    marked = [item.code for item in BOOK.checklist(DAY) if item.unverified]
    assert marked == [
        f"guidance_2024_{one}"
        for one in ("notice", "limits", "search", "three_months", "whereabouts", "heard")
    ]
    left = BOOK.without(*marked[:5]).checklist(DAY)
    assert [item.code for item in left if item.unverified] == ["guidance_2024_heard"]
    with pytest.raises(BadClosingData):
        BOOK.without("search_deposits")
    # An older case is judged by the list of its day.
    assert not any(item.unverified for item in BOOK.checklist(date(2024, 12, 29)))


def test_six_preconditions_follow_from_the_other_lines():
    """Each of the six is as weak as the weakest line it rests on; a gap is told once, at the line where it is."""
    facts = proved()

    def six(facts):
        verdict = judge(BOOK, CLOCKS, "terminated", "nothing_found", facts, DAY)
        return verdict, {
            line.item.code.removeprefix("guidance_2024_"): line.standing.value
            for line in verdict.lines if line.item.unverified
        }  # fmt: skip

    verdict, standings = six(facts)
    assert verdict.may
    assert set(standings.values()) <= {"proved", "stated"}
    # The debtor is not missing and nobody obstructs: moot without proofs.
    plain = replace(facts, proofs=tuple(p for p in facts.proofs if p.item not in ("whereabouts", "coercion")))
    assert six(plain)[1]["whereabouts"] == "moot"
    missing, broken = six(
        replace(facts, proofs=tuple(p for p in facts.proofs if p.item != "search_vehicles"))
    )
    assert (broken["search"], len(missing.missing)) == ("missing", 1)
    early = judge(BOOK, CLOCKS, "terminated", "nothing_found", facts, FILED + timedelta(days=30))
    line = next(one for one in early.lines if one.item.code == "guidance_2024_three_months")
    assert (line.standing, len(early.missing)) == (Standing.MISSING, 1)
    said = replace(facts, proofs=tuple(
        replace(p, kind=ProofKind.STATEMENT, reference=None, statement="已核查全部线索") if p.item == "leads_verified" else p
        for p in facts.proofs
    ))  # fmt: skip
    assert six(said)[1]["search"] == "stated"


def test_only_a_round_is_resumed():
    """终本 is resumed, and a withdrawn application applied for again; what is final is not."""
    require_reopenable(BOOK.mode("terminated", DAY), "nothing_found")
    require_reopenable(BOOK.mode("ended", DAY), "withdrawn")
    for mode, ground in (("completed", "performed"), ("ended", "bankrupt"), ("dismissed", "not_admissible")):
        with pytest.raises(NothingToReopen):
            require_reopenable(BOOK.mode(mode, DAY), ground)


def test_counting_leaves_out_resumed_cases():
    """执恢, 执保 and pre-suit cases are not first cases; the statistical year is a setting of the data."""
    counting = BOOK.counting("first_cases", DAY)
    assert counting.counts("执")
    for left_out in ("执恢", "执保", "诉前调"):
        assert not counting.counts(left_out)
    assert counting.year_begins == "12-01"


@pytest.mark.parametrize(
    ("old", "new"),
    [('needs = ["nothing_outstanding"', 'needs = ["nothing_outstandin"'), ('only_if = "obstructed"', 'only_if = "obstrcted"'),
     ('proof = ["limit"]', 'proof = ["limits"]'), ('code = "dismissed"', 'kode = "dismissed"'), ("[[item]]", "[[itme]]")],
)  # fmt: skip
def test_wrong_data_is_refused(tmp_path, old, new):
    """A slip in the file is an error of the operator's, with its place."""
    from lianban.engines.closing.book import STANDARD_CLOSING

    text = STANDARD_CLOSING.read_text("utf-8")
    assert old in text
    path = tmp_path / "closing.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadClosingData):
        ClosingBook.from_file(path)
