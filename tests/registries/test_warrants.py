"""No collision without a live warrant: held by the database for whoever writes SQL as the app role, told by the action."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from registry_city import BASIS, now

from lianban.actions.query_errors import WarrantRefused

STANDING = {
    "kind": "standing",
    "legal_basis": BASIS,
    "questions": ["vehicles"],
    "days": 30,
    "quota": 50,
    "reason": "夜间查询",
}


def issue(registry_city, matter, at=None, **more):
    from lianban.actions.act_on_matter import act_on_matter

    with registry_city.city.acting_as("court.judge", at or now()) as acting:
        return act_on_matter(acting, matter, "issue_warrant", {**STANDING, **more})


def collide(registry_city, matter, warrant):
    from lianban.actions.act_on_matter import act_on_matter

    with registry_city.city.acting_as("court.judge", now()) as acting:
        act_on_matter(acting, matter, "collide_now", {"reason": "核实线索"}, warrant)


@pytest.fixture
def open_matter(registry_city):
    """A matter with a standing warrant for one question, and a registry that answers it."""
    registry_city.put("vehicles", (registry_city.number(), "温清和", "云A12345", "某牌", "2020-05-01"))
    registry_city.build()
    matter = registry_city.city.open(("police",), ["vehicles"], at=now())
    return matter, issue(registry_city, matter)


def forged(
    registry_city, warrant, *, username="court.judge", holder="police", questions=("vehicles",), subjects=None
):
    """What a statement of the app role gets: the state of the error, or None where the row was written."""
    city = registry_city.city
    matter, party = city.one("SELECT m.id, p.id FROM matter m JOIN party p ON p.matter_id = m.id LIMIT 1")
    subjects = [party] if subjects is None else subjects
    with registry_city.as_app(username) as connection:
        try:
            connection.execute(
                """INSERT INTO collision (id, warrant_id, matter_id, lead_agency_id, agency_id, requester_id, legal_basis, way,
                                          questions, subjects, queries, registries, unsettled, found, pending, occurred_at)
                   VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, 'x', 'point', %s, %s, 0, '[]', '{}', 0, 0, now())""",
                [
                    warrant,
                    matter,
                    city.agency("court"),
                    city.agency(holder),
                    city.officer("court.judge"),
                    list(questions),
                    subjects,
                ],
            )
        except psycopg.Error as error:
            return error.sqlstate, error.diag.message_primary.rpartition(": ")[2]
        finally:
            connection.rollback()
    return None


def test_forged_collision_without_warrant(registry_city, open_matter):
    """An SQL statement in a court's session gets no further than the rule; with the warrant it does."""
    _, warrant = open_matter
    assert forged(registry_city, warrant) is None
    assert forged(registry_city, uuid4()) == ("LB004", "none")
    assert forged(registry_city, warrant, questions=["household"]) == ("LB004", "question")
    assert forged(registry_city, warrant, questions=[]) == ("LB004", "question")
    assert forged(registry_city, warrant, subjects=[uuid4()]) == ("LB004", "subject")
    assert forged(registry_city, warrant, holder="court") == ("LB004", "holder")
    assert forged(registry_city, warrant, username="tax.liaison") == ("LB004", "none")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            "UPDATE warrant SET expires_at = now() - interval '1 second', issued_at = now() - interval '2 days'",
            "expired",
        ),
        ("UPDATE warrant SET revoked_at = now()", "revoked"),
        ("UPDATE warrant SET basis_to = current_date - 2", "basis"),
        ("UPDATE warrant SET basis_from = current_date + 2", "basis"),
        ("UPDATE warrant SET used = quota", "quota"),
        ("UPDATE matter SET state = 'closed', closed_at = now()", "closed"),
        ("UPDATE matter SET state = 'withdrawn', closed_at = now()", "closed"),
        (
            "UPDATE lianban.setting SET value = '0' WHERE name = 'queries_of_a_requester_a_day'",
            "quota_requester",
        ),
        ("UPDATE lianban.setting SET value = '0' WHERE name = 'queries_of_an_agency_a_day'", "quota_agency"),
    ],
)
def test_dead_warrant(registry_city, open_matter, change, why):
    """Expired, revoked, out of force, used up, closed: refused by the database, told in words, and ledgered; nothing is
    asked."""
    from lianban.actions.query_errors import words_of

    city = registry_city.city
    matter, warrant = open_matter
    city.superuser.execute(change)
    assert forged(registry_city, warrant) == ("LB004", why)
    collide(registry_city, matter, warrant)
    assert not city.rows("SELECT 1 FROM collision")
    (entry,) = registry_city.entries("collisions.refused")
    assert entry["said"]["refused"] == why and entry["officer"] == str(city.officer("court.judge"))
    shown = city.one(
        "SELECT data ->> 'zh' FROM event WHERE matter_id = %s AND kind = 'collisions.refused'", matter
    )
    assert shown == words_of(why).zh and shown != why


def test_quota_is_counted(registry_city, open_matter):
    """Each collision counts question × subject on its warrant and on the day, whatever the writer says of it."""
    city = registry_city.city
    matter, warrant = open_matter
    collide(registry_city, matter, warrant)
    collide(registry_city, matter, warrant)
    assert city.one("SELECT used FROM warrant") == 2
    assert sorted(city.column("SELECT used FROM query_count")) == [2, 2]
    with registry_city.as_app("court.judge") as connection:
        for statement in (
            "UPDATE warrant SET used = 0",
            "UPDATE warrant SET quota = 10000",
            "UPDATE query_count SET used = 0",
            "UPDATE warrant SET expires_at = now() + interval '9 years'",
            "DELETE FROM collision",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)


def test_quota_ends_in_the_middle(registry_city):
    """A letter that would go over the requester's day goes to people, with the reason in the ledger."""
    city = registry_city.city
    registry_city.put("vehicles")
    registry_city.build()
    city.superuser.execute(
        "UPDATE lianban.setting SET value = '1' WHERE name = 'queries_of_a_requester_a_day'"
    )
    first, second = registry_city.sent(), registry_city.sent()
    assert city.letter_state(first, "police") == "answered"
    assert city.letter_state(second, "police") == "delivered"
    assert city.open_tasks(second) == [("police", "sign")]
    assert registry_city.entries("collisions.refused")[-1]["said"]["refused"] == "quota_requester"


def test_letter_whose_warrant_is_gone(registry_city):
    """Revoked between approval and seal, the letter is delivered and answered by people."""
    from lianban.actions.act_on_matter import act_on_matter

    city = registry_city.city
    registry_city.put("vehicles")
    registry_city.build()
    matter = city.open(("police",), ["vehicles"], at=now())
    city.do("court.clerk", matter, "draft", {}, now())
    city.do("court.judge", matter, "approve", {"decision": "approve"}, now())
    with city.acting_as("court.judge", now()) as acting:
        act_on_matter(
            acting, matter, "revoke_warrant", {"reason": "案件和解"}, city.one("SELECT id FROM warrant")
        )
    city.do("court.seal_keeper", matter, "seal", {"checked": True}, now())
    assert city.open_tasks(matter) == [("police", "sign")]
    assert registry_city.entries("collisions.refused")[-1]["said"]["refused"] == "revoked"


def test_warrant_names_debtors_only(registry_city, open_matter):
    """A party that is no debtor is in no warrant, by the action and by the database; the two lists are one."""
    from lianban.actions.issue_warrant import ASKED_ABOUT

    city = registry_city.city
    matter, warrant = open_matter
    assert sorted(city.column("SELECT role FROM lianban.query_role")) == sorted(ASKED_ABOUT)
    spouse = city.one("INSERT INTO party (id, matter_id, role, kind, name, recorded_at)"
                      " VALUES (gen_random_uuid(), %s, 'spouse', 'person', '某某', now()) RETURNING id", matter)  # fmt: skip
    with registry_city.as_app("court.judge") as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(
            "INSERT INTO warrant_subject VALUES (%s, %s, %s)", [spouse, city.agency("court"), warrant]
        )
    assert refused.value.sqlstate in ("LB003", "23503")
    issued = issue(registry_city, matter)
    assert spouse not in city.column("SELECT party_id FROM warrant_subject WHERE warrant_id = %s", issued)


def test_warrant_bounds(registry_city, open_matter):
    """Longer than the setting, in nobody's name, for a closed matter, on an article not in force: none is issued."""
    city = registry_city.city
    matter, _ = open_matter
    with pytest.raises(WarrantRefused, match="180"):
        issue(registry_city, matter, days=181)
    with pytest.raises(WarrantRefused, match=r"施行期|in force"):
        issue(registry_city, matter, legal_basis="cpl_2021_249")
    with registry_city.as_app("court.judge") as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(
            """INSERT INTO warrant (id, matter_id, lead_agency_id, kind, legal_basis, basis_from, questions, requester_id,
                                    post_id, reason, issued_at, expires_at, quota, used, revoked_reason)
               VALUES (gen_random_uuid(), %s, %s, 'standing', 'x', current_date, '{vehicles}', %s, %s, '', now(),
                       now() + interval '400 days', 5, 0, '')""",
            [matter, city.agency("court"), city.officer("court.judge"), city.post("court", "judge")],
        )
    assert refused.value.sqlstate == "LB001"
    city.superuser.execute("UPDATE matter SET state = 'closed', closed_at = now()")
    for kind in ("standing", "follow_up"):
        with pytest.raises(WarrantRefused):
            issue(registry_city, matter, kind=kind)


def test_warrant_is_a_judges(registry_city, open_matter):
    """A clerk issues none, and a unit sees none."""
    from lianban.actions.act_on_matter import act_on_matter
    from lianban.actions.errors import RoleMayNot

    city = registry_city.city
    matter, _ = open_matter
    with pytest.raises(RoleMayNot), city.acting_as("court.clerk", now()) as acting:
        act_on_matter(acting, matter, "issue_warrant", STANDING)
    with registry_city.as_app("police.liaison") as connection:
        assert connection.execute("SELECT count(*) FROM warrant").fetchone() == (0,)


def follow_up(registry_city, matter, from_at):
    """The clock that runs after a matter ended without result, as whatever closes a matter starts it."""
    registry_city.city.superuser.execute(
        """INSERT INTO clock (id, matter_id, lead_agency_id, about_kind, about, code, verb, from_at, due_on, due_at,
                              provisional, unverified, warn_days, next_at, state)
           SELECT gen_random_uuid(), id, lead_agency_id, 'matter', id, 'enforcement.terminated_query', 'registries.follow_up',
                  %s, (%s::timestamptz + interval '6 months')::date, %s::timestamptz + interval '6 months', false, true, '{}',
                  %s::timestamptz + interval '6 months', 'running' FROM matter WHERE id = %s""",
        [from_at, from_at, from_at, from_at, matter],
    )


def test_follow_up_of_a_closed_matter(registry_city, open_matter):
    """While the follow-up clock runs a closed matter is asked on a follow-up warrant, and on no other; N times too often
    is told to the auditor."""
    city = registry_city.city
    matter, standing = open_matter
    city.superuser.execute("UPDATE matter SET state = 'closed', closed_at = now() - interval '1 hour'")
    follow_up(registry_city, matter, now())
    issued = issue(registry_city, matter, kind="follow_up", days=1800)
    assert forged(registry_city, standing) == ("LB004", "closed")
    for _ in range(4):
        collide(registry_city, matter, issued)
    assert not city.rows("SELECT 1 FROM query_alert")
    collide(registry_city, matter, issued)
    assert city.one("SELECT times, most FROM query_alert") == (5, 4)
    for username, seen in (("platform.auditor", 1), ("court.judge", 0), ("police.liaison", 0)):
        with registry_city.as_app(username) as connection:
            assert connection.execute("SELECT count(*) FROM query_alert").fetchone() == (seen,)
    city.superuser.execute("UPDATE clock SET state = 'stopped', closed_at = now(), next_at = NULL")
    assert forged(registry_city, issued) == ("LB004", "closed")


def test_follow_up_clock_begins_anew(registry_city, open_matter):
    """When a period ends the worker begins the next; it has no grant on warrants or registries, and needs none."""
    from lianban.actions.acting import Acting
    from lianban.actions.run_clocks import run_clocks

    city = registry_city.city
    matter, _ = open_matter
    city.superuser.execute("UPDATE matter SET state = 'closed', closed_at = now()")
    follow_up(registry_city, matter, now() - timedelta(days=200))
    with city.as_role("worker"):
        assert run_clocks(Acting(None, now(), purpose="时限到期")) == 1
    assert sorted(city.column("SELECT state FROM clock")) == ["expired", "running"]
    assert city.one("SELECT verb FROM clock WHERE state = 'running'") == "registries.follow_up"
