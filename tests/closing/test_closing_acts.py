"""A case is closed, watched for five years, resumed: by the acts, and by the database whatever the acts forget."""

from __future__ import annotations

import psycopg
import pytest
from case_making import (
    GUIDANCE,
    LATER,
    LEAD,
    SEARCHES,
    STATED,
    at,
    limited,
    look,
    open_case,
    proofs,
    terminate,
)
from officials import refused


def state(case):
    return case.city.one("SELECT state FROM matter WHERE id = %s", case.matter)


def test_terminated_with_proof_of_every_search(city):
    """Closed with a proof for each line, ten queries ahead, and the matter closed, not withdrawn."""
    case = open_case(city)
    limited(case)
    key = terminate(case)
    assert state(case) == "closed"
    required = city.one("SELECT required FROM closing WHERE id = %s", key)
    assert set(required) == {*SEARCHES, *STATED, *GUIDANCE, "consumption_limit"}
    proved = dict(
        city.rows("SELECT item, array_agg(kind) FROM closing_proof WHERE closing_id = %s GROUP BY item", key)
    )
    assert set(required) | {"summary"} == set(proved)
    assert proved["consumption_limit"] == ["limit"]
    assert city.one("SELECT claimed_fen, recovered_fen, case_type, filed_on::text, legal_end_on::text, queries_until::text"
                    " FROM closing WHERE id = %s", key) == (
        2_884_000 + 33_260, 0, "执", "2026-03-02", "2026-09-02", "2031-06-03")  # fmt: skip
    assert case.open_elements() == []
    assert "closing.close" in case.acts()


def test_court_switches_unverified_lines_off(city):
    """The setting names lines whose source was not read: they are asked no more, and no other line can be named."""
    from lianban.engines.closing.errors import BadClosingData

    case = open_case(city)
    limited(case)
    city.superuser.execute(
        "INSERT INTO lianban.setting VALUES ('closing_items_off', 'guidance_2024_search, guidance_2024_heard', 'lines')"
    )
    key = terminate(case)
    required = city.one("SELECT required FROM closing WHERE id = %s", key)
    assert set(required) == {
        *SEARCHES,
        *STATED,
        "guidance_2024_notice",
        "guidance_2024_limits",
        "consumption_limit",
    }
    city.superuser.execute(
        "UPDATE lianban.setting SET value = 'search_deposits' WHERE name = 'closing_items_off'"
    )
    other = open_case(city)
    limited(other)
    with pytest.raises(BadClosingData):
        terminate(other)


def test_answers_of_the_registries_prove_searches(city):
    """The housing bureau answered a letter that names this case: the search of immovables is proved by its answer."""
    case = open_case(city)
    limited(case)
    letter = city.open(("housing",), case_no=case.number)
    city.send(letter)
    city.sign_and_route(letter, "housing")
    answer = city.answer(letter, "housing", "no")
    key = terminate(case, "search_immovables")
    assert city.rows(
        "SELECT kind, reference FROM closing_proof WHERE closing_id = %s AND item = 'search_immovables'", key
    ) == [("answer", answer)]


def test_too_early_or_without_proof_is_refused_with_the_list(city):
    """Before three months, without a limit, without two searches: all of it is said at once, and nothing is written."""
    from lianban.engines.closing.errors import MayNotCloseYet

    case = open_case(city)
    given = proofs(case, "search_vehicles")
    error = refused(city, MayNotCloseYet, lambda: terminate(case, moment=at("2026-06-02 10:00"), given=given))
    said = error.text("zh")
    for part in ("三个月", "限制消费", "车辆"):
        assert part in said
    # Three months, the limit twice (as a condition and as a line), the vehicles.
    assert error.found["count"] == 4


def test_completed_needs_everything_paid_and_released(city):
    """An unverified objection keeps a case open; decided, it may be closed as performed."""
    from lianban.engines.closing.errors import MayNotCloseYet

    case = open_case(city)
    objection = case.act("file_objection", {"kind": "act", "party": case.party("沈砚"), "request": "请求停止执行",
                                            "received_on": "2026-03-02"})  # fmt: skip
    close = {"mode": "completed", "ground": "performed", "summary": "已全部履行"}
    refused(city, MayNotCloseYet, lambda: case.act("close_matter", close))
    case.act("decide_objection", {"decision": "withdrawn", "reasons": "异议人撤回"}, objection)
    case.act("close_matter", close)
    assert state(case) == "closed"


def test_closing_by_the_drawings_own_task(city):
    """The last task of the drawing asks the same, and the drawing ends in its archive."""
    from lianban.engines.closing.errors import MayNotCloseYet

    case = open_case(city)
    city.do("court.clerk", case.matter, "accept", {"handler": "court.judge"})
    city.do("court.judge", case.matter, "notify", {"notice_on": "2026-03-02", "report_within_days": 15})
    city.do("court.judge", case.matter, "search", {"found": "none", "summary": "未查得财产"})
    bad = {
        "mode": "terminated",
        "ground": "nothing_found",
        "summary": "无财产",
        "ruling_no": "（2026）云9901执1号之一",
    }
    refused(city, MayNotCloseYet, lambda: city.do("court.judge", case.matter, "conduct", bad))
    city.do(
        "court.judge",
        case.matter,
        "conduct",
        {"mode": "completed", "ground": "performed", "summary": "已全部履行"},
    )
    assert state(case) == "closed"
    assert {"closing.close", "matters.archive"} <= set(case.acts())


@pytest.mark.parametrize(
    ("mode", "ground"),
    [
        ("ended", "withdrawn"),
        ("struck_off", "other_court_first"),
        ("not_enforced", "award"),
        ("dismissed", "not_admissible"),
    ],
)
def test_other_modes_with_their_ruling(city, mode, ground):
    """With the number of a ruling where the mode needs one; without it, refused."""
    from lianban.actions.case_errors import RulingMissing

    case = open_case(city)
    close = {"mode": mode, "ground": ground, "summary": "依法办理"}
    if mode != "struck_off":
        refused(city, RulingMissing, lambda: case.act("close_matter", close))
        close["ruling_no"] = "（2026）云9901执1号之一"
    case.act("close_matter", close)
    assert city.one("SELECT mode, ground FROM closing WHERE matter_id = %s", case.matter) == (mode, ground)


def test_ground_of_another_mode_is_refused_by_the_form(city):
    """Bankrupt is no way to be struck off."""
    from lianban.engines.forms.errors import FormRefused

    case = open_case(city)
    refused(
        city,
        FormRefused,
        lambda: case.act("close_matter", {"mode": "struck_off", "ground": "bankrupt", "summary": "破产"}),
    )


def test_half_yearly_queries_in_the_closed_matter(city):
    """A week before each half year a task; done or overdue, the next is counted; property found leads to a resumption."""
    case = open_case(city)
    limited(case)
    closing = terminate(case)
    first = city.one("SELECT id FROM terminated_query WHERE closing_id = %s", closing)
    assert case.clocks(first) == {"enforcement.terminated_query": "2026-12-03"}
    look(city, at("2026-11-25 12:00"))
    assert case.open_elements() == []
    look(city, at("2026-11-26 09:00"))
    case.do("court.clerk", "closing.query", {"found": "no", "summary": "未发现", "creditor_told_on": "2026-11-27"}, first,
            at=at("2026-11-27 09:00"))  # fmt: skip
    assert case.clocks(first, "met") == {"enforcement.terminated_query": "2026-12-03"}
    # The second is missed: it stays on the list as overdue, and the third is counted from the closing, not from the delay.
    look(city, at("2027-05-27 09:01"))
    look(city, at("2027-06-04 00:01"))
    assert case.open_elements() == ["closing.query"]
    assert city.rows("SELECT number, due_on::text, done_at IS NULL FROM terminated_query ORDER BY number") == [
        (1, "2026-12-03", False), (2, "2027-06-03", True), (3, "2027-12-03", True),
    ]  # fmt: skip


def test_ten_queries_and_no_more(city):
    """Five years of queries, each done by a person, then none."""
    case = open_case(city)
    limited(case)
    closing = terminate(case)
    while open_ones := city.rows(
        "SELECT id, due_on FROM terminated_query WHERE closing_id = %s AND done_at IS NULL", closing
    ):
        key, due = open_ones[0]
        look(city, at(f"{due} 09:00"))
        case.do("court.clerk", "closing.query", {"found": "no"}, key, at=at(f"{due} 10:00"))
    assert city.one("SELECT count(*), max(due_on)::text FROM terminated_query") == (10, "2031-06-03")
    look(city, at("2033-01-01 00:00"))
    assert case.open_elements() == []


def test_resumed_at_any_time(city):
    """Years later, without limitation: the same matter goes on under its 执恢 number, and the queries stop."""
    case = open_case(city)
    limited(case)
    closing = terminate(case)
    case.act("reopen_matter", {"reason": "发现被执行人名下房产"}, by="court.clerk", at=at("2030-01-10 09:00"))
    assert state(case) == "open"
    assert city.one("SELECT number FROM reopening WHERE closing_id = %s", closing) == "（2030）云9901执恢1号"
    assert "accept" in case.open_elements()
    assert city.column("SELECT state FROM clock WHERE code = 'enforcement.terminated_query'") == ["stopped"]
    # What is pushed from now on carries the new number.
    case.act("push_to_township", {"township": "qingping", "party": case.party("沈砚"), "asked": "mediate"},
             at=at("2030-01-11 09:00"))  # fmt: skip
    assert city.one("SELECT case_no FROM collaboration_push") == "（2030）云9901执恢1号"
    # And it is closed again, as a resumed case.
    case.act("close_matter", {"mode": "completed", "ground": "settlement_performed", "summary": "和解履行完毕"},
             at=at("2030-03-01 09:00"))  # fmt: skip
    assert city.column("SELECT case_type FROM closing ORDER BY closed_at") == ["执", "执恢"]


def test_what_is_final_is_not_resumed(city):
    """Enforced in full: refused; and only a 执恢 number is taken."""
    from lianban.actions.case_errors import NotAReopeningNumber
    from lianban.engines.closing.errors import NothingToReopen

    case = open_case(city)
    case.act("close_matter", {"mode": "completed", "ground": "performed", "summary": "已全部履行"})
    refused(city, NothingToReopen, lambda: case.act("reopen_matter", {"reason": "另有财产"}))
    other = open_case(city)
    limited(other)
    terminate(other)
    number = {"reason": "发现财产线索", "number": "（2026）云9901执99号"}
    refused(city, NotAReopeningNumber, lambda: other.act("reopen_matter", number, at=LATER))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"filed_on": "2025-01-01"}, "says the days"),
        ({"closed_on": "2026-12-01"}, "says the days"),
        ({"required": "{}"}, "closing_terminated_has_a_checklist"),
        ({"queries_until": None}, "closing_terminated_has_a_checklist"),
        ({"mode": "forgotten"}, "closing_mode|not yet"),
        ({}, "without proof"),
    ],
)
def test_database_refuses_a_closing(city, change, said):
    """With the judge's session, past the actions: too early, without a checklist, without proofs."""
    case = open_case(city)
    limited(case)
    from lianban.records.identity import new_id

    row = {
        "id": new_id(), "matter_id": case.matter, "lead_agency_id": city.agency("court"), "mode": "terminated",
        "ground": "nothing_found", "ruling_no": "（2026）云9901执1号之一", "filed_on": "2026-03-02", "closed_on": "2026-06-03",
        "legal_end_on": "2026-09-02", "case_type": "执", "required": "{a,b,c,d,e,f}", "circumstances": "{}", "claimed_fen": 1,
        "recovered_fen": 0, "closed_at": "2026-06-03 10:00+08", "closed_by_id": city.officer("court.judge"),
        "queries_until": "2031-06-03", "recorded_at": "2026-06-03 10:00+08", **change,
    }  # fmt: skip
    query = f"INSERT INTO closing ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"
    with city.connect("app", autocommit=True) as connection:

        def attack():
            with connection.transaction():
                connection.execute("SELECT lianban.enter(%s)", [city.session("court.judge")])
                connection.execute(query, list(row.values()))

        with pytest.raises(psycopg.errors.Error, match=said):
            attack()


@pytest.mark.parametrize(
    "missing", ["three_months", "consumption_limited", "no_lead_unverified", "no_objection_open"]
)
def test_database_says_what_is_not_yet(city, missing):
    """lianban.not_yet names each condition by itself, as the engine does."""
    case = open_case(city)
    if missing != "consumption_limited":
        limited(case)
    day = "2026-06-02" if missing == "three_months" else "2026-06-03"
    if missing == "no_objection_open":
        case.act("file_objection", {"kind": "act", "party": case.party("沈砚"), "request": "请求停止执行",
                                    "received_on": "2026-03-02"})  # fmt: skip
    if missing == "no_lead_unverified":
        key = case.act(
            "push_to_township",
            {"township": "qingping", "party": case.party("沈砚"), "asked": "look_for_property"},
        )
        case.do("qingping.liaison", "collaborations.sign", {}, key)
        case.do("qingping.grid_worker", "collaborations.report", LEAD, key)
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("court.judge")])
        assert connection.execute("SELECT lianban.not_yet(%s, 'terminated', 'nothing_found', %s::date)",
                                  [case.matter, day]).fetchone()[0] == [missing]  # fmt: skip


def test_a_closed_matter_is_not_opened_by_hand(city):
    """Past the actions the court cannot set a closed matter open, or point a proof at what is not there."""
    case = open_case(city)
    case.act("close_matter", {"mode": "completed", "ground": "performed", "summary": "已全部履行"})
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("court.judge")])
        with pytest.raises(psycopg.errors.RaiseException, match="re-opening"), connection.transaction():
            connection.execute(
                "UPDATE matter SET state = 'open', closed_at = NULL WHERE id = %s", [case.matter]
            )
        with pytest.raises(psycopg.errors.RaiseException, match="not there"), connection.transaction():
            connection.execute(
                "INSERT INTO closing_proof (id, closing_id, matter_id, lead_agency_id, item, kind, reference, statement)"
                " SELECT gen_random_uuid(), id, matter_id, lead_agency_id, 'search_deposits', 'document', gen_random_uuid(), ''"
                " FROM closing WHERE matter_id = %s", [case.matter],
            )  # fmt: skip


def test_insolvency_is_a_link(city):
    """The case of a firm is linked to its insolvency; a person's is not."""
    from lianban.actions.case_errors import NoSuchParty

    case = open_case(city, firms=("云澜机电有限公司",))
    link = {"way": "transferred", "court": "云澜市中级人民法院", "sent_on": "2026-03-02"}
    case.act("link_insolvency", {**link, "party": case.party("云澜机电有限公司")})
    refused(city, NoSuchParty, lambda: case.act("link_insolvency", {**link, "party": case.party("沈砚")}))
    assert city.one("SELECT way, court FROM insolvency_link") == ("transferred", "云澜市中级人民法院")
    assert state(case) == "open"


def test_listing_and_limit_do_not_outlive_the_case(city):
    """Performed: a listing without a term and the limit go within three working days, by tasks that stay open in the closed case."""
    case = open_case(city)
    limited(case)
    listing = case.act(
        "list_debtor", {"party": case.party("沈砚"), "ground": "able_but_refuses", "facts": "有收入拒不履行"}
    )
    case.do("court.president", "listings.sign", {"decision": "sign"}, listing)
    case.act("close_matter", {"mode": "completed", "ground": "performed", "summary": "已全部履行"})
    assert case.open_elements() == ["limits.lift", "listings.delete"]
    assert case.clocks(listing) == {"enforcement.discredit_delete": "2026-03-05"}
    case.do("court.clerk", "listings.delete", {"deleted": True}, listing, at=at("2026-03-03 09:00"))
    case.do("court.clerk", "limits.lift", {"lifted": True}, at=at("2026-03-03 09:05"))
    assert city.one("SELECT state, removal_event FROM listing WHERE id = %s", listing) == (
        "removed",
        "performed",
    )
    assert city.one("SELECT lift_event, lifted_at IS NOT NULL FROM consumption_limit") == ("performed", True)


def test_end_of_a_round_lifts_nothing(city):
    """终本 is no performance: listing and limit stand, and a township's open task is over."""
    case = open_case(city)
    limited(case)
    listing = case.act(
        "list_debtor", {"party": case.party("沈砚"), "ground": "able_but_refuses", "facts": "有收入拒不履行"}
    )
    case.do("court.president", "listings.sign", {"decision": "sign"}, listing)
    case.act("push_to_township", {"township": "qingping", "party": case.party("沈砚"), "asked": "mediate"})
    terminate(case)
    assert case.open_elements() == []
    assert city.one("SELECT state, removal_event FROM listing WHERE id = %s", listing) == ("listed", "")
    assert city.column("SELECT state FROM clock WHERE about_kind = 'collaboration'") == ["stopped"]
