"""A push from court to township and back: what each sees, which clocks run, what the database refuses."""

from __future__ import annotations

import psycopg
import pytest
from case_making import LEAD, at, look, open_case
from officials import MONDAY, refused


def push(case, **more):
    data = {"township": "qingping", "party": case.party("沈砚"), "asked": "look_for_property", **more}
    return case.act("push_to_township", data)


def sign(case, key, moment=MONDAY):
    case.do("qingping.liaison", "collaborations.sign", {}, key, at=moment)


def test_life_of_a_push(city):
    """推送 → 签收 → 摸排 → 线索 → 约定协同日 → 结果 → 评议: each step with its date, its officer and its helper."""
    case = open_case(city)
    key = push(case)
    sign(case, key, at("2026-03-03 10:00"))
    case.do("qingping.grid_worker", "collaborations.report", LEAD, key, at=at("2026-03-04 10:00"))
    lead = city.one("SELECT id FROM property_lead WHERE collaboration_id = %s", key)
    case.do(
        "court.judge",
        "leads.verify",
        {"confirmed": "yes", "finding": "实地查看属实"},
        lead,
        at=at("2026-03-05 09:00"),
    )
    case.act("agree_day", {"day": "2026-03-10"}, key, at=at("2026-03-05 10:00"))
    result = {"result": "settled", "helper": "mediator"}
    case.do("qingping.grid_worker", "collaborations.record_result", result, key, at=at("2026-03-10 15:00"))
    case.act("rate_collaboration", {"rating": "good"}, key, at=at("2026-03-11 09:00"))
    assert city.rows(
        "SELECT s.step, s.helper, o.username FROM collaboration_step s JOIN officer o ON o.id = s.officer_id"
        " WHERE s.collaboration_id = %s ORDER BY s.occurred_at, s.id", key,
    ) == [
        ("pushed", "", "court.judge"), ("signed", "", "qingping.liaison"),
        ("lead_reported", "grid_worker", "qingping.grid_worker"), ("day_agreed", "", "court.judge"),
        ("result_recorded", "mediator", "qingping.grid_worker"), ("rated", "", "court.judge"),
    ]  # fmt: skip
    assert city.one("SELECT state, result, rating, leads FROM collaboration WHERE id = %s", key) == (
        "rated", "settled", "good", 1,
    )  # fmt: skip
    assert city.one("SELECT state FROM property_lead WHERE id = %s", lead) == "confirmed"
    assert {"collaborations.push", "collaborations.sign", "collaborations.report", "leads.verify", "collaborations.agree_day",
            "collaborations.record_result", "collaborations.rate"} <= set(case.acts())  # fmt: skip
    assert [one for one in case.open_elements() if one.startswith(("coll", "lead"))] == []


def test_township_sees_four_facts(city):
    """Connected as the township's officer: its push, its leads, its task; no number, no other party, no content, no history of others."""
    case = open_case(city, creditors=("金丝雀债权人",))
    key = push(case)
    sign(case, key)
    case.act("limit_consumption", {"party": case.party("沈砚"), "capacity": "debtor"})
    number = city.person(1).id_number
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("qingping.grid_worker")])
        every = [
            *city.tables(), *city.column("SELECT viewname FROM pg_views WHERE schemaname = 'public'"),
        ]  # fmt: skip
        seen = {}
        for table in every:
            try:
                with connection.transaction():
                    rows = [row[0] for row in connection.execute(f"SELECT t::text FROM {table} t").fetchall()]
            except psycopg.errors.InsufficientPrivilege:
                continue
            seen[table] = rows
            for row in rows:
                assert "金丝雀债权人" not in row, table
                assert number not in row, table
                assert "买卖合同" not in row, table
                assert "民初88号" not in row, table
    for hidden in ("party", "party_identifier", "matter_content", "consumption_limit", "closing", "objection", "scope", "token",
                   "timer", "letter", "document", "clock"):  # fmt: skip
        assert seen[hidden] == [], hidden
    assert len(seen["collaboration_push"]) == 1
    assert len(seen["task"]) == 2  # signed for, and to be reported
    # Of the history only what the township did itself.
    assert city.column("SELECT kind FROM event WHERE agency_id = %s", city.agency("qingping")) == [
        "collaborations.sign"
    ]
    assert len(seen["event"]) == 1


def test_push_has_exactly_four_facts(city):
    """The table has no other column for content than name, number, amount and question; ids say nothing to a reader."""
    columns = city.column(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'collaboration_push' AND data_type <> 'uuid'"
    )
    assert sorted(columns) == ["amount_fen", "case_no", "name", "question"]
    case = open_case(city)
    push(case)
    assert city.one("SELECT name, case_no, amount_fen, question FROM collaboration_push") == (
        "沈砚", case.number, 2_884_000 + 33_260, "摸排财产线索",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "周衡"}, "names a party"),
        ({"case_no": "（2026）云9901执999号"}, "number of its own case"),
        ({"question": "沈砚欠周衡的钱，有何财产"}, "another party"),
        ({"question": "110105194912310021有何财产"}, "push_question_says_no_number"),
        ({"township_id": "police"}, "township"),
        ({"amount_fen": -1}, "push_amount_fen"),
    ],
)
def test_database_refuses_a_push_that_says_more(city, change, said):
    """As the app role with the judge's own session, past the actions: the database holds what a push may say."""
    case = open_case(city)
    push(case)
    ids = {name: city.agency(name) for name in ("court", "qingping", "police")}
    row = dict(zip(
        ("collaboration_id", "matter_id", "lead_agency_id", "township_id", "party_id", "name", "case_no", "amount_fen", "question"),
        city.one("SELECT * FROM (SELECT collaboration_id, matter_id, lead_agency_id, township_id, party_id, name, case_no,"
                 " amount_fen, question FROM collaboration_push) x"), strict=True))  # fmt: skip
    changed = {key: ids.get(value, value) if key == "township_id" else value for key, value in change.items()}
    from lianban.records.identity import new_id

    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("court.judge")])
        key = new_id()
        connection.execute(
            "INSERT INTO collaboration (id, matter_id, lead_agency_id, township_id, asked, state, pushed_at, result, rating, leads,"
            " recorded_at) SELECT %s, matter_id, lead_agency_id, township_id, asked, 'pushed', pushed_at, '', '', 0, recorded_at"
            " FROM collaboration WHERE id = %s", [key, row["collaboration_id"]],
        )  # fmt: skip
        new = {**row, **changed, "collaboration_id": key}
        with pytest.raises(psycopg.errors.Error, match=said):
            connection.execute(
                f"INSERT INTO collaboration_push ({', '.join(new)}) VALUES ({', '.join(['%s'] * len(new))})",
                list(new.values()),
            )


def test_township_cannot_do_the_courts_steps(city):
    """As the township's session: no rating, no agreed day, no lead for another's push, no look at another township's."""
    case = open_case(city)
    key = push(case)
    sign(case, key)
    from lianban.records.identity import new_id

    def attack(username, query, params, error):
        with city.connect("app") as connection:
            connection.execute("SELECT lianban.enter(%s)", [city.session(username)])
            with pytest.raises(error):
                connection.execute(query, params)

    broken = psycopg.errors.RaiseException
    attack("qingping.liaison", "UPDATE collaboration SET state = 'rated', rating = 'good', rated_at = now(), result = 'settled',"
           " result_at = now() WHERE id = %s", [key], broken)  # fmt: skip
    attack(
        "qingping.liaison",
        "UPDATE collaboration SET state = 'day_agreed', agreed_on = now() WHERE id = %s",
        [key],
        broken,
    )
    attack("court.judge", "UPDATE collaboration SET state = 'lead_reported' WHERE id = %s", [key], broken)
    attack("qingping.liaison", "UPDATE collaboration_push SET question = '其他' WHERE collaboration_id = %s", [key],
           psycopg.errors.InsufficientPrivilege)  # fmt: skip
    step = ("INSERT INTO collaboration_step (id, collaboration_id, matter_id, lead_agency_id, township_id, step, helper, agency_id,"
            " officer_id, occurred_at, recorded_at) SELECT %s, c.id, c.matter_id, c.lead_agency_id, c.township_id, 'rated', '',"
            " c.township_id, lianban.officer(), now(), now() FROM collaboration c WHERE c.id = %s")  # fmt: skip
    attack("qingping.liaison", step, [new_id(), key], psycopg.errors.InsufficientPrivilege)
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("liuxi.liaison")])
        for table in ("collaboration", "collaboration_push", "collaboration_step", "property_lead"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_lead_with_a_number_changes_nothing(city):
    """A telephone number in the note: refused in words, and no row of any table is different."""
    from lianban.actions.complete_task import complete_task
    from lianban.engines.collaboration.errors import NotAboutProperty

    case = open_case(city)
    key = push(case)
    sign(case, key)
    task = case.task("collaborations.report", key)

    def act():
        with city.acting_as("qingping.grid_worker") as acting:
            complete_task(acting, task, {**LEAD, "note": "他电话13812345678"})

    refused(city, NotAboutProperty, act)


def test_only_towns_receive_pushes(city):
    """The police are no township, and the creditor is no debtor."""
    from lianban.actions.case_errors import NoSuchParty, NotATownship

    case = open_case(city)
    refused(city, NotATownship, lambda: push(case, township="police"))
    refused(city, NoSuchParty, lambda: push(case, party=case.party("周衡")))


def test_free_text_feeds_no_search(city):
    """No index and no view touches a lead's free text, and the search for matters does not find it."""
    case = open_case(city)
    key = push(case)
    sign(case, key)
    case.do("qingping.grid_worker", "collaborations.report", {**LEAD, "note": "金丝雀棉花"}, key)
    indexed = city.column("SELECT indexdef FROM pg_indexes WHERE tablename = 'property_lead'")
    assert not [one for one in indexed if any(word in one for word in ("note", "place", "buyer", "finding"))]
    viewed = city.column(
        "SELECT view_name FROM information_schema.view_column_usage WHERE table_name = 'property_lead'"
    )
    assert viewed == []
    with city.acting_as("court.judge"):
        from django.db import connection

        from lianban.records import matter_view

        with connection.cursor() as cursor:
            assert matter_view.heads(cursor, search="金丝雀棉花") == []
            assert matter_view.heads(cursor, search="青坪村") == []


def test_answer_clock_runs_and_reminds(city):
    """Ten working days from the signature; overdue, the clerk is asked to remind; an answer stops it."""
    case = open_case(city)
    key = push(case)
    sign(case, key)
    assert case.clocks(key) == {"enforcement.township_answer": "2026-03-16"}
    look(city, at("2026-03-17 00:01"))
    assert "collaborations.remind" in case.open_elements()
    case.do("court.clerk", "collaborations.remind", {"how": "call"}, key, at=at("2026-03-17 10:00"))
    assert "collaborations.remind" in case.acts()
    other = open_case(city)
    second = push(other)
    sign(other, second)
    other.do("qingping.grid_worker", "collaborations.report", {"found": "no", "helper": "village_team"}, second,
             at=at("2026-03-04 10:00"))  # fmt: skip
    assert other.clocks(second) == {}
    look(city, at("2026-04-17 00:01"))
    assert "collaborations.remind" not in other.open_elements()


def test_push_that_nobody_signs_is_noticed(city):
    """The agreed period runs from the push until it is signed for."""
    case = open_case(city)
    push(case)
    look(city, at("2026-03-17 00:01"))
    assert "collaborations.remind" in case.open_elements()


def test_harvest_is_told_thirty_days_before(city):
    """A crop that opens on 1 September: the judge is asked for a plan on 2 August, not before."""
    case = open_case(city)
    key = push(case)
    sign(case, key)
    case.do("qingping.grid_worker", "collaborations.report", LEAD, key, at=at("2026-03-04 10:00"))
    lead = city.one("SELECT id FROM property_lead")
    assert case.clocks(lead)["enforcement.harvest_warning"] == "2026-08-02"
    look(city, at("2026-08-02 12:00"))
    assert "leads.harvest" not in case.open_elements()
    look(city, at("2026-08-03 00:01"))
    case.do("court.judge", "leads.harvest", {"plan": "control_and_sell"}, lead, at=at("2026-08-03 09:00"))


def test_one_entry_after_another(city):
    """More than one thing found: the same task comes again, and each lead is a row of its own."""
    case = open_case(city)
    key = push(case)
    sign(case, key)
    case.do("qingping.grid_worker", "collaborations.report", {**LEAD, "more": True}, key)
    case.do("qingping.grid_worker", "collaborations.report", {"found": "yes", "helper": "grid_worker", "kind": "livestock",
            "place": "青坪村西", "quantity": 12, "measured": "head", "opens_on": "2026-05-01"}, key)  # fmt: skip
    assert city.one("SELECT leads FROM collaboration WHERE id = %s", key) == 2
    assert city.column("SELECT kind FROM property_lead ORDER BY id") == ["crop", "livestock"]


def test_bulletin_counts_and_does_not_rank(city):
    """Counts for each township, to the supervisor of all, to a township of itself; in the order of codes, whatever the counts."""
    from django.db import connection

    from lianban.records import collaborations

    for township, count in (("liuxi", 1), ("qingping", 2)):
        for _ in range(count):
            case = open_case(city)
            case.act(
                "push_to_township", {"township": township, "party": case.party("沈砚"), "asked": "mediate"}
            )
    first, until = at("2026-03-01 00:00"), at("2026-04-01 00:00")

    def counts(username):
        with city.acting_as(username), connection.cursor() as cursor:
            found = collaborations.bulletin(cursor, first, until)
            order = [code for key, code, _ in collaborations.townships(cursor)]
            return {key: line.pushed for key, line in found.items()}, order

    found, order = counts("political_legal.supervisor")
    assert found == {city.agency("qingping"): 2, city.agency("liuxi"): 1}
    codes = city.column("SELECT area_code FROM agency WHERE kind = 'township' ORDER BY area_code")
    assert len(order) == 16
    assert order == city.column("SELECT code FROM agency WHERE kind = 'township' ORDER BY area_code, code")
    assert codes == sorted(codes)
    assert counts("liuxi.liaison")[0] == {city.agency("liuxi"): 1}
    assert counts("police.liaison")[0] == {}
