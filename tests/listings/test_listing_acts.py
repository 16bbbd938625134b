"""A debtor is listed, limited, objects and is let go: what the court does, which clocks run, what the database refuses."""

from __future__ import annotations

import psycopg
import pytest
from case_making import at, look, open_case, resident_id
from officials import MONDAY, refused

FACTS = {"ground": "obstructs", "facts": "执行中持械抗拒"}


def propose(case, **more):
    return case.act("list_debtor", {"party": case.party("沈砚"), **FACTS, **more})


def sign(case, key, moment=MONDAY, decision="sign", **more):
    case.do("court.president", "listings.sign", {"decision": decision, **more}, key, at=moment)


def listed(city, key):
    return city.one(
        "SELECT state, term_years, term_ends_on::text, published_on::text FROM listing WHERE id = %s", key
    )


def test_listing_from_proposal_to_deletion(city):
    """Proposed by the judge, signed by the president, deleted by the clerk within three working days of the term's end."""
    case = open_case(city)
    key = propose(case)
    assert city.one("SELECT state FROM listing WHERE id = %s", key) == "proposed"
    sign(case, key)
    assert listed(city, key) == ("listed", 2, "2028-03-02", "2026-03-02")
    assert case.clocks(key) == {"enforcement.discredit_term": "2028-03-02"}
    look(city, at("2028-03-03 00:01"))
    assert "listings.delete" in case.open_elements()
    case.do("court.clerk", "listings.delete", {"deleted": True}, key, at=at("2028-03-06 10:00"))
    assert city.one("SELECT state, removal_event FROM listing WHERE id = %s", key) == (
        "removed",
        "term_ended",
    )
    assert case.clocks(key) == {}


def test_age_is_looked_at_and_the_look_is_ledgered(city):
    """The identity number is opened to read the birth date; the ledger says so; the date is in no table."""
    case = open_case(city)
    key = propose(case)
    assert city.one("SELECT adult_checked_at IS NOT NULL FROM listing WHERE id = %s", key)
    said = city.one("SELECT payload FROM ledger_entry WHERE matter_id = %s AND act = 'unmask'", case.matter)
    assert "listings.age" in said
    born = city.person(1).id_number[6:14]
    assert born not in str(city.rows("SELECT * FROM listing")) + str(
        city.rows("SELECT payload FROM ledger_entry")
    )


@pytest.mark.parametrize("born", ["20080302", "20100101", "20250101"])
def test_minor_is_never_listed(city, born):
    """Seventeen years old, or eighteen today: refused, and nothing is written."""
    from lianban.engines.listings.errors import MinorNeverListed

    case = open_case(city, ids={"沈砚": resident_id(born)})
    refused(city, MinorNeverListed, lambda: propose(case))
    refused(
        city,
        MinorNeverListed,
        lambda: case.act("request_listing", {"party": case.party("沈砚"), "facts": "申请纳入名单"}),
    )


def test_eighteen_since_yesterday_may_be_listed(city):
    """The day after the eighteenth birthday is the first."""
    case = open_case(city, ids={"沈砚": resident_id("20080301")})
    assert propose(case)


def test_ground_one_with_security_is_refused(city):
    """有履行能力而拒不履行, but secured: refused with the reason."""
    from lianban.engines.listings.errors import GroundBarred

    case = open_case(city)
    refused(city, GroundBarred, lambda: propose(case, ground="able_but_refuses", bars=["secured"]))


def test_request_is_decided_in_fifteen_days(city):
    """The creditor asks: fifteen days; listed on the request, or refused with reasons."""
    case = open_case(city)
    key = case.act(
        "request_listing", {"party": case.party("沈砚"), "facts": "有车有房拒不履行"}, by="court.clerk"
    )
    assert case.clocks(key) == {"enforcement.discredit_request_decision": "2026-03-17"}
    case.act("list_on_request", {**FACTS}, key)
    assert case.clocks(key) == {}
    sign(case, key)
    assert city.one("SELECT origin, state FROM listing WHERE id = %s", key) == ("request", "listed")
    other = open_case(city)
    second = other.act("request_listing", {"party": other.party("沈砚"), "facts": "有车有房拒不履行"})
    other.act("refuse_listing", {"reason": "没有证据证明有履行能力"}, second)
    assert city.one("SELECT state FROM listing WHERE id = %s", second) == "refused"
    assert "listings.sign" not in other.open_elements()


def test_deletion_at_the_creditors_request_bars_his_next(city):
    """He had it deleted: refused for six months; ex officio it may be listed at once."""
    from lianban.engines.listings.errors import RequestBarred

    case = open_case(city)
    key = propose(case, ground="able_but_refuses", facts="名下有收入拒不履行")
    sign(case, key)
    case.act("remove_listing", {"event": "creditor_asked"}, key, at=at("2026-03-03 09:00"))
    assert case.clocks(key) == {"enforcement.discredit_delete": "2026-03-06"}
    case.do("court.clerk", "listings.delete", {"deleted": True}, key, at=at("2026-03-04 09:00"))
    ask = {"party": case.party("沈砚"), "facts": "再次申请纳入名单"}
    refused(city, RequestBarred, lambda: case.act("request_listing", ask, at=at("2026-09-04 09:00")))
    assert case.act("request_listing", ask, at=at("2026-09-05 09:00"))
    other = open_case(city)
    first = propose(other)
    sign(other, first)


def test_event_that_does_not_fit_a_term_is_refused(city):
    """With a term, performance alone does not delete; active performance does."""
    from lianban.engines.listings.errors import RemovalDoesNotApply

    case = open_case(city)
    key = propose(case)
    sign(case, key)
    refused(city, RemovalDoesNotApply, lambda: case.act("remove_listing", {"event": "performed"}, key))
    case.act("remove_listing", {"event": "active_performance"}, key)
    case.do("court.clerk", "listings.delete", {"deleted": True}, key)
    assert city.one("SELECT removal_event FROM listing WHERE id = %s", key) == "active_performance"


def test_grace_runs_before_publication(city):
    """Signed with a month's grace: not published before it is over, then the judge is asked."""
    from lianban.actions.case_errors import OutOfPeriod

    case = open_case(city)
    key = propose(case, grace_months=1)
    sign(case, key)
    assert listed(city, key)[0] == "grace"
    refused(
        city,
        OutOfPeriod,
        lambda: case.act("publish_listing", {"not_performed": True}, key, at=at("2026-04-02 09:00")),
    )
    look(city, at("2026-04-03 00:01"))
    case.do("court.judge", "listings.publish", {"not_performed": True}, key, at=at("2026-04-03 09:00"))
    assert listed(city, key) == ("listed", 2, "2028-04-03", "2026-04-03")


def test_president_may_refuse_to_sign(city):
    """Not signed: refused, with the president's word."""
    case = open_case(city)
    key = propose(case)
    sign(case, key, decision="refuse", remark="事实不清")
    assert city.one("SELECT state, reason FROM listing WHERE id = %s", key) == ("refused", "事实不清")


@pytest.mark.parametrize(
    ("by", "query", "error"),
    [
        # a judge signs for the president
        ("court.judge", "UPDATE listing SET state = 'listed', signed_at = now(), signed_by_id = lianban.officer(), published_on = now(),"
         " term_ends_on = now()", psycopg.errors.RaiseException),
        # the president signs in another's name
        ("court.president", "UPDATE listing SET state = 'listed', signed_at = now(), signed_by_id = (SELECT id FROM officer LIMIT 1),"
         " published_on = now(), term_ends_on = now()", psycopg.errors.RaiseException),
        # the look at the age is taken away
        ("court.judge", "UPDATE listing SET adult_checked_at = NULL", psycopg.errors.CheckViolation),
        # a term that its ground does not have
        ("court.judge", "UPDATE listing SET term_years = 0", psycopg.errors.CheckViolation),
        ("court.judge", "UPDATE listing SET term_years = 9", psycopg.errors.CheckViolation),
        # deleted by nobody's event
        ("court.judge", "UPDATE listing SET state = 'removed', removed_at = now(), removal_event = 'performed'",
         psycopg.errors.RaiseException),
        ("court.judge", "DELETE FROM listing", psycopg.errors.InsufficientPrivilege),
    ],
)  # fmt: skip
def test_database_refuses(city, by, query, error):
    """With a session of the court, past the actions."""
    case = open_case(city)
    propose(case)
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session(by)])
        with pytest.raises(error):
            connection.execute(query)


def test_limits_of_an_organisation_and_its_successor(city):
    """The firm, its representative; the new representative takes the old one's place in the same act."""
    from lianban.actions.case_errors import PersonNotSaid

    case = open_case(city, debtors=(), firms=("云澜机电有限公司",))
    firm = case.party("云澜机电有限公司")
    case.act("limit_consumption", {"party": firm, "capacity": "debtor"})
    refused(
        city, PersonNotSaid, lambda: case.act("limit_consumption", {"party": firm, "capacity": "controller"})
    )
    number = city.person(7).id_number
    old = case.act("limit_consumption", {"party": firm, "capacity": "legal_representative", "person": "许知行",
                                         "id_kind": "resident_id", "id_number": number})  # fmt: skip
    assert number not in str(city.rows("SELECT * FROM consumption_limit"))
    assert city.one("SELECT masked FROM consumption_limit WHERE id = %s", old).startswith("990")
    case.act("end_limit", {"event": "successor_limited", "person": "顾明远", "id_kind": "resident_id",
                           "id_number": city.person(8).id_number}, old)  # fmt: skip
    assert case.clocks(old) == {"enforcement.consumption_lift": "2026-03-05"}
    case.do("court.clerk", "limits.lift", {"lifted": True}, old)
    assert city.rows("SELECT person, lifted_at IS NULL FROM consumption_limit WHERE capacity = 'legal_representative' ORDER BY id") == [
        ("许知行", False), ("顾明远", True),
    ]  # fmt: skip


def test_correction_upheld_deletes_in_three_working_days(city):
    """The debtor asks for a correction: fifteen days to decide; upheld, three working days to put it right."""
    case = open_case(city)
    key = propose(case)
    sign(case, key)
    objection = case.act("file_objection", {"kind": "listing_correction", "party": case.party("沈砚"), "listing": str(key),
                                            "request": "不应将其纳入名单", "received_on": "2026-03-02"})  # fmt: skip
    assert case.clocks(objection) == {"enforcement.discredit_correction": "2026-03-17"}
    case.act(
        "decide_objection",
        {"decision": "upheld", "reasons": "申请人已提供担保"},
        objection,
        at=at("2026-03-10 09:00"),
    )
    assert case.clocks(objection) == {}
    assert case.clocks(key)["enforcement.discredit_correction_fix"] == "2026-03-13"
    case.do("court.clerk", "listings.delete", {"deleted": True}, key, at=at("2026-03-11 09:00"))
    assert city.one("SELECT removal_event FROM listing WHERE id = %s", key) == "corrected"


def test_correction_refused_opens_the_review(city):
    """Refused and served: ten days to ask the upper court, fifteen to decide; late, it is refused."""
    from lianban.engines.objections.errors import NotTheNextRemedy, TooLate

    case = open_case(city)
    key = propose(case)
    sign(case, key)
    first = case.act("file_objection", {"kind": "listing_correction", "party": case.party("沈砚"), "listing": str(key),
                                        "request": "不应将其纳入名单", "received_on": "2026-03-02"})  # fmt: skip
    again = {
        "kind": "listing_review",
        "party": case.party("沈砚"),
        "request": "请求上级法院复议",
        "received_on": "2026-03-20",
    }
    refused(city, NotTheNextRemedy, lambda: case.act("next_remedy", again, first, at=at("2026-03-20 09:00")))
    case.act("decide_objection", {"decision": "refused", "reasons": "理由不成立", "served_on": "2026-03-10"}, first,
             at=at("2026-03-10 09:00"))  # fmt: skip
    assert case.clocks(first) == {"enforcement.discredit_review_request": "2026-03-20"}
    late = {**again, "received_on": "2026-03-21"}
    refused(city, TooLate, lambda: case.act("next_remedy", late, first, at=at("2026-03-21 09:00")))
    review = case.act("next_remedy", again, first, at=at("2026-03-20 09:00"))
    assert case.clocks(review) == {"enforcement.discredit_review_decision": "2026-04-07"}
    assert case.clocks(first) == {}
    assert city.one("SELECT state FROM listing WHERE id = %s", key) == "listed"  # 复议期间不停止执行


def test_third_partys_claim_bars_disposal(city):
    """From receipt until the refusal's fifteen days are over; a suit takes the bar over; its end lets go."""
    case = open_case(city)

    def barred(moment, asset=None):
        return city.one("SELECT lianban.disposal_barred(%s, %s, %s::date)", case.matter, asset, moment)

    assert not barred("2026-03-02")
    claim = case.act("file_objection", {"kind": "third_party", "objector": "孟案外", "request": "该车归我所有",
                                        "received_on": "2026-03-02"})  # fmt: skip
    assert set(case.clocks(claim)) == {
        "enforcement.objection_file",
        "enforcement.third_party_objection_review",
    }
    assert barred("2026-03-02")
    assert not barred("2026-03-01")
    case.act("register_objection", {}, claim, at=at("2026-03-03 09:00"))
    case.act(
        "decide_objection", {"decision": "refused", "reasons": "证据不足"}, claim, at=at("2026-03-10 09:00")
    )
    assert barred("2027-03-10")  # not served: without end
    case.act("serve_objection", {"served_on": "2026-03-12"}, claim, at=at("2026-03-12 09:00"))
    assert barred("2026-03-27")
    assert not barred("2026-03-28")
    suit = case.act("next_remedy", {"kind": "third_party_suit", "objector": "孟案外", "request": "起诉确权",
                                    "received_on": "2026-03-26"}, claim, at=at("2026-03-26 09:00"))  # fmt: skip
    assert barred("2026-12-01")
    case.act(
        "decide_objection",
        {"decision": "refused", "reasons": "判决驳回诉讼请求"},
        suit,
        at=at("2026-12-01 09:00"),
    )
    assert not barred("2026-12-01")


def test_reconsideration_is_extended_once(city):
    """Thirty days, and thirty more by the president; not twice."""
    from lianban.actions.case_errors import OutOfPeriod

    case = open_case(city)
    act = case.act("file_objection", {"kind": "act", "party": case.party("沈砚"), "request": "拍卖程序违法",
                                      "received_on": "2026-03-02"})  # fmt: skip
    assert case.clocks(act) == {
        "enforcement.objection_file": "2026-03-05",
        "enforcement.objection_review": "2026-03-17",
    }
    case.act("decide_objection", {"decision": "refused", "reasons": "程序合法", "served_on": "2026-03-10"}, act,
             at=at("2026-03-10 09:00"))  # fmt: skip
    again = case.act("next_remedy", {"kind": "act_reconsideration", "party": case.party("沈砚"), "request": "请求上级法院复议",
                                     "received_on": "2026-03-12"}, act, at=at("2026-03-12 09:00"))  # fmt: skip
    assert case.clocks(again) == {"enforcement.reconsideration_decision": "2026-04-13"}
    extend = {"reason": "案情复杂，须调查"}
    case.act("extend_objection", extend, again, by="court.president", at=at("2026-03-20 09:00"))
    assert case.clocks(again) == {"enforcement.reconsideration_decision": "2026-05-11"}
    refused(
        city,
        OutOfPeriod,
        lambda: case.act("extend_objection", extend, again, by="court.president", at=at("2026-03-21 09:00")),
    )


def test_what_was_decided_does_not_change(city):
    """A decision stands as it was made; the bar ends only as the law says."""
    case = open_case(city)
    claim = case.act("file_objection", {"kind": "third_party", "objector": "孟案外", "request": "该车归我所有",
                                        "received_on": "2026-03-02"})  # fmt: skip
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("court.judge")])
        with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
            connection.execute("UPDATE objection SET bars_until = '2020-01-01'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("UPDATE objection SET bars = false")
    case.act("decide_objection", {"decision": "upheld", "reasons": "证据充分"}, claim)
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("court.judge")])
        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute("UPDATE objection SET decision = 'refused'")
