"""Clocks on records: warned of on a working morning, ended once, also in a closed matter, and never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from officials import MONDAY, days

from lianban.engines.process.timers import BEIJING

FORM = {
    "basis_no": "（2025）云9901民初88号", "cause": "买卖合同纠纷", "kind": "civil",
    "claim": {"principal": 2_884_000, "costs": 33_260},
}  # fmt: skip


def open_case(city) -> object:
    """A case of the scene whose matters have records, with a creditor and a debtor."""
    from lianban.actions.open_matter import Opening, open_matter

    people = [
        {"role": role, "kind": "person", "name": name, "id_kind": "resident_id", "id_number": city.person(number).id_number}
        for number, (role, name) in enumerate((("creditor", "周衡"), ("debtor", "沈砚")))
    ]  # fmt: skip
    with city.acting_as("court.clerk") as acting:
        return open_matter(acting, "enforcement", Opening({**FORM, "subjects": people}))


def start(city, matter, **more):
    """Start a clock on the matter, as the court."""
    from lianban.actions.running_clocks import start_clock
    from lianban.actions.work import working

    given = {
        "code": "enforcement.release_on_ground",
        "about_kind": "matter",
        "about": matter,
        "from_at": MONDAY,
    }
    with city.acting_as("court.judge") as acting, working(acting) as work:
        work.lock([matter])
        return start_clock(work, work.matters[matter], **{**given, **more})


def look(city, at, failed=None) -> int:
    """What the worker does at an instant."""
    from lianban.actions.acting import Acting
    from lianban.actions.run_clocks import run_clocks

    with city.as_role("worker"):
        looked = 0
        while count := run_clocks(Acting(None, at, "时限到期"), **({"failed": failed} if failed else {})):
            looked += count
        return looked


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)


def said(city, matter) -> list[str]:
    return city.column(
        "SELECT kind || coalesce(':' || (data ->> 'days_left'), '') FROM event WHERE matter_id = %s"
        " AND kind LIKE 'clock.%%' ORDER BY seq", matter,
    )  # fmt: skip


def test_clock_ends_with_its_last_day(city):
    """Five days from a Monday end on Saturday and roll to Monday; the last minute of it is in time, the next is not."""
    matter = open_case(city)
    clock = start(city, matter)
    assert str(city.one("SELECT due_on FROM clock WHERE id = %s", clock)) == "2026-03-09"
    assert look(city, at("2026-03-09 23:59")) == 0
    assert look(city, at("2026-03-10 00:00")) == 1
    assert city.one("SELECT state FROM clock WHERE id = %s", clock) == "expired"
    assert said(city, matter) == ["clock.expired"]
    assert look(city, at("2026-04-10 00:00")) == 0


def test_clock_warns_on_working_mornings(city):
    """A warning whose day is a rest day is given on the working day before, at nine."""
    matter = open_case(city)
    # 2026-06-14 is a Sunday: its warning T-7 falls on Sunday the 7th, and is given on Friday the 5th.
    start(city, matter, due_on=datetime(2026, 6, 14).date(), warn_days=(60, 30, 15, 7))
    assert look(city, at("2026-06-05 08:59")) == 1
    assert said(city, matter) == ["clock.warned:15"]
    assert look(city, at("2026-06-05 09:00")) == 1
    assert said(city, matter)[-1] == "clock.warned:7"


def test_warnings_that_came_due_together_are_one(city):
    """A worker that was down gives the nearest warning once, not four of them."""
    matter = open_case(city)
    start(city, matter, due_on=datetime(2026, 6, 14).date(), warn_days=(60, 30, 15, 7))
    assert look(city, at("2026-06-08 09:00")) == 1
    assert said(city, matter) == ["clock.warned:7"]


def test_clock_runs_in_a_closed_matter(city):
    """A freeze of a case that is closed lapses as any other: the clock does not ask whether the matter is open."""
    matter = open_case(city)
    clock = start(city, matter)
    for officer, element, data in (
        ("court.clerk", "accept", {"handler": "court.judge"}),
        ("court.judge", "notify", {"notice_on": "2026-03-03", "report_within_days": 15}),
        ("court.judge", "search", {"found": "none", "summary": "未发现可供执行的财产"}),
        ("court.judge", "conduct", {"summary": "已全部履行"}),
    ):
        if element == "conduct" and city.column("SELECT action FROM task WHERE element = 'conduct'") != [""]:
            city.superuser.execute(
                "UPDATE matter SET state = 'closed', closed_at = now() WHERE id = %s", [matter]
            )
            break
        city.do(officer, matter, element, data)
    assert city.one("SELECT state FROM matter WHERE id = %s", matter) == "closed"
    assert look(city, at("2026-03-10 00:00")) >= 1
    assert city.one("SELECT state FROM clock WHERE id = %s", clock) == "expired"


def test_met_clock_says_nothing(city):
    """What was done in time is neither warned of nor expired."""
    from lianban.actions.running_clocks import meet_clocks
    from lianban.actions.work import working

    matter = open_case(city)
    clock = start(city, matter)
    with city.acting_as("court.judge") as acting, working(acting) as work:
        work.lock([matter])
        meet_clocks(work, matter, MONDAY + days(1))
    assert city.one("SELECT state FROM clock WHERE id = %s", clock) == "met"
    assert look(city, at("2026-05-10 00:00")) == 0
    assert said(city, matter) == []


def test_verb_that_fails_stops_no_other(city):
    """One clock whose verb fails is put off; the others of the batch are looked at, and it is tried again."""
    from lianban.actions.abilities import CLOCK_VERBS, ClockVerb, on_clock

    tries = []

    def fails(work, matter, clock, now):
        tries.append(now)
        raise RuntimeError("a verb that fails")

    on_clock("tests.fails", ClockVerb(expired=fails))
    try:
        bad, good = open_case(city), open_case(city)
        start(city, bad, verb="tests.fails")
        clock = start(city, good)
        failed = []
        look(city, at("2026-03-10 00:00"), failed=lambda matter, error: failed.append(matter))
        assert failed == [bad]
        assert city.one("SELECT state FROM clock WHERE id = %s", clock) == "expired"
        assert city.one("SELECT state FROM clock WHERE matter_id = %s", bad) == "running"
        count = len(tries)
        look(city, at("2026-03-10 00:16"), failed=lambda matter, error: None)
        assert len(tries) > count
    finally:
        del CLOCK_VERBS["tests.fails"]


def test_worker_never_sees_a_party_by_a_clock(city):
    """Running clocks needs no look at people: the worker's role cannot read them."""
    import psycopg

    open_case(city)
    with city.connect("worker") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM party")


def test_clock_of_another_court_is_not_seen(city):
    """A unit without a leg neither sees a clock nor starts or changes one."""
    import psycopg

    matter = open_case(city)
    clock = start(city, matter)
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("tax.liaison")])
        assert connection.execute("SELECT count(*) FROM clock").fetchone()[0] == 0
        assert connection.execute(
            "UPDATE clock SET state = 'met', closed_at = now(), next_at = NULL WHERE id = %s", [clock]
        ).rowcount == 0  # fmt: skip
        assert connection.execute("SELECT lianban.meet_clocks(%s, NULL, now())", [matter]).fetchone()[0] == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO clock (id, matter_id, lead_agency_id, about_kind, about, code, verb, from_at, due_on, due_at,"
                " provisional, unverified, warn_days, state) SELECT gen_random_uuid(), matter_id, lead_agency_id, '', about,"
                " code, '', now(), now(), now(), false, false, '{}', 'running' FROM (SELECT %s::uuid AS matter_id,"
                " %s::uuid AS lead_agency_id, %s::uuid AS about, 'x' AS code) d",
                [matter, city.agency("court"), matter],
            )
        connection.rollback()


def test_ask_another_agency(city):
    """A task outside the drawing reaches the agency, which has a leg from then on and sees nothing but its task."""
    from lianban.actions.complete_task import complete_task
    from lianban.actions.work import working

    matter = open_case(city)
    with city.acting_as("court.judge") as acting, working(acting) as work:
        work.lock([matter])
        task = work.ask(work.matters[matter], city.agency("tax"), "liaison", "请核实", element="verify", about=matter,
                        due_at=MONDAY + timedelta(days=3))  # fmt: skip
    assert ("tax", "verify") in city.open_tasks(matter)
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("tax.liaison")])
        seen = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("task", "leg", "party", "matter_content", "clock")}  # fmt: skip
    assert seen == {"task": 1, "leg": 1, "party": 0, "matter_content": 0, "clock": 0}
    with city.acting_as("tax.liaison") as acting:
        complete_task(acting, task, {})
    assert ("tax", "verify") not in city.open_tasks(matter)


def test_every_clock_of_enforcement_can_run(city):
    """Whatever period of the book a case meets can be run on it, ends when the book says, and is met by hand."""
    from lianban.actions import timing
    from lianban.actions.act_on_matter import Act, act_on_matters
    from lianban.records import scenes

    matter = open_case(city)
    codes = scenes.scene("enforcement").forms["clock"].schema["properties"]["clock"]["enum"]
    own = {"enforcement.debtor_report": "2026-03-20", "enforcement.discredit_grace": "2026-04-20"}
    assert len(codes) >= 70
    acts = [
        Act(matter, "run_a_clock", {"clock": code, "from_on": "2026-03-02", **({"due_on": own[code]} if code in own else {})})
        for code in codes
    ]  # fmt: skip
    with city.acting_as("court.judge") as acting:
        keys = act_on_matters(acting, acts)
    due = dict(city.rows("SELECT code, due_on::text FROM clock"))
    for code in codes:
        wanted = own.get(code) or timing.due(code, at("2026-03-02 09:00")).legal_date.isoformat()
        assert due[code] == wanted, code
    with city.acting_as("court.clerk") as acting:
        act_on_matters(acting, [Act(matter, "meet_a_clock", {}, key) for key in keys])
    assert city.column("SELECT DISTINCT state FROM clock") == ["met"]


def test_clock_without_a_length_needs_its_last_day(city):
    """A period only a document can set is refused without one, in words."""
    from lianban.actions.act_on_matter import act_on_matter
    from lianban.engines.clocks.errors import LengthMissing

    matter = open_case(city)
    with city.acting_as("court.judge") as acting, pytest.raises(LengthMissing):
        act_on_matter(
            acting, matter, "run_a_clock", {"clock": "enforcement.debtor_report", "from_on": "2026-03-02"}
        )
