"""Who is asking is what the database validated. The app role cannot say it otherwise, replay it, or read what proves it."""

from __future__ import annotations

import psycopg
import pytest
from officials import days, refused

from lianban.records.context import entered, new_key

FORGERIES = ("SET lianban.context = {}", "SET LOCAL lianban.context = {}", "SELECT set_config('lianban.context', {}, false)",
             "SELECT set_config('lianban.context', {}, true)")  # fmt: skip


@pytest.fixture
def matter(city):
    matter = city.open(units=("police",))
    city.send(matter)
    return matter


def visible(connection) -> int:
    return connection.execute("SELECT count(*) FROM matter").fetchone()[0]


def sealed(connection) -> str:
    return connection.execute("SELECT current_setting('lianban.context', true)").fetchone()[0]


def test_context_ends_with_its_transaction(city, matter):
    """After the commit and after a rollback the same connection sees nothing again."""
    with city.connect("app") as connection:
        for end in (connection.commit, connection.rollback):
            connection.execute("SELECT lianban.enter(%s)", [city.session("court.judge")])
            assert visible(connection) == 1
            end()
            assert visible(connection) == 0
            connection.rollback()


@pytest.mark.parametrize("forgery", FORGERIES)
def test_context_forged(city, matter, forgery):
    """A context made up, whole or with another agency put in, shows nothing."""
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("housing.liaison")])
        genuine = sealed(connection)
        assert visible(connection) == 0
        court, housing = str(city.agency("court")), str(city.agency("housing"))
        assert housing in genuine
        made_up = f"{city.officer('court.judge')}|{city.post('court', 'judge')}|{court}|judge||"
        for text in (
            made_up,
            f"{made_up}|{'0' * 64}",
            genuine.replace(housing, court),
            genuine.replace("liaison", "supervisor"),
        ):
            connection.execute(psycopg.sql.SQL(forgery).format(psycopg.sql.Literal(text)))
            assert visible(connection) == 0
            assert connection.execute("SELECT lianban.present()").fetchone()[0] is False


@pytest.mark.parametrize("forgery", FORGERIES)
def test_context_replayed(city, matter, forgery):
    """A genuine context means nothing in the next transaction of the same backend, nor in another backend."""
    with city.connect("app") as connection, city.connect("app") as other:
        connection.execute("SELECT lianban.enter(%s)", [city.session("court.judge")])
        genuine = sealed(connection)
        assert visible(connection) == 1
        other.execute(psycopg.sql.SQL(forgery).format(psycopg.sql.Literal(genuine)))
        assert visible(other) == 0, "another backend took it"
        connection.commit()
        connection.execute(psycopg.sql.SQL(forgery).format(psycopg.sql.Literal(genuine)))
        assert visible(connection) == 0, "the next transaction took it"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM lianban.context_key", "SELECT * FROM officer_secret", "SELECT * FROM access_session",
        "SELECT * FROM machine_account", "SELECT * FROM identity_index", "SELECT * FROM outbox",
        "SELECT lianban.seal_context('x')", "SELECT lianban.open_session(gen_random_uuid(), gen_random_uuid(), 'x')",
        "SELECT lianban.posts_of(gen_random_uuid())", "SELECT lianban.sign_in_failed(gen_random_uuid())",
        "SELECT lianban.evidence_digest('answer', gen_random_uuid())", "SELECT lianban.ensure_partitions(current_date, 1)",
        "UPDATE event SET kind = 'x'", "DELETE FROM event", "UPDATE ledger_entry SET payload = NULL",
        "DELETE FROM ledger_entry", "DELETE FROM ledger_pending", "UPDATE ledger_tile SET hashes = 'x'",
        "DELETE FROM ledger_tile", "INSERT INTO ledger_checkpoint (size, root, note, signed_at) VALUES (1, 'x', 'x', now())",
        "UPDATE ledger_tile SET entries = NULL", "UPDATE answer SET data = '{}'", "UPDATE answer SET result = 'yes'",
        "UPDATE answer SET digest = 'x'", "DELETE FROM answer", "UPDATE document SET content = 'x'", "DELETE FROM document",
        "UPDATE party SET name = 'x'", "DELETE FROM party", "UPDATE party_identifier SET sealed = 'x'",
        "UPDATE matter SET lead_agency_id = gen_random_uuid()", "DELETE FROM matter", "DELETE FROM letter", "DELETE FROM leg",
        "UPDATE officer SET administrator = 'audit'", "INSERT INTO appointment SELECT * FROM appointment",
        "UPDATE lianban.setting SET value = '0'", "CREATE TABLE mine (x int)", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE matter DISABLE ROW LEVEL SECURITY", "DROP POLICY opens ON matter", "SET ROLE lianban_owner",
        "SET SESSION AUTHORIZATION lianban_owner", "SET session_replication_role = replica",
        "TRUNCATE matter", "COPY matter TO PROGRAM 'cat'",
    ],
)  # fmt: skip
def test_app_role_cannot(city, matter, statement):
    """Even a judge's session cannot run what no action runs: the role has no such right."""
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("court.judge")])
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue)):
            connection.execute(statement)


def test_row_security_off_is_refused(city, matter):
    """Turning row security off is not a way in: PostgreSQL refuses the query then."""
    with city.connect("app") as connection:
        connection.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute("SELECT * FROM matter")


def test_partitions_are_no_way_round(city, matter):
    """A partition asked directly shows no more than its parent does."""
    partitions = city.column("SELECT c.relname FROM pg_class c WHERE c.relispartition AND c.relkind = 'r'")
    assert len(partitions) > 20
    with city.connect("app", autocommit=True) as connection:
        for name in partitions:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT count(*) FROM {name}")


def test_row_security_forced_everywhere(city):
    """Every table of ours forces row security, partitions included; no role of ours may bypass it or is a superuser."""
    loose = city.column(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'"
        " AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    )
    assert loose == ["django_migrations"]
    strong = city.column(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'lianban%%' AND (rolbypassrls OR rolsuper OR rolcreaterole)"
    )
    assert strong == ["lianban_super"]
    views = city.rows(
        "SELECT relname, reloptions FROM pg_class WHERE relkind = 'v' AND relname LIKE 'fact%%'"
    )
    # fact_hits counts what a court may not be shown (a rejected hit), fact_funds for a supervisor what is a court's alone (money);
    # both without a name or a field, and both ask themselves whose a row is.
    assert {name for name, _ in views} == {
        "fact_matters", "fact_letters", "fact_observations", "fact_collaborations", "fact_closings", "fact_caseload", "fact_hits",
        "fact_funds",
    }  # fmt: skip
    assert all(
        name in ("fact_hits", "fact_funds") or "security_invoker=true" in options for name, options in views
    )


def test_owner_is_bound(city, matter):
    """Not even the owner of the tables reads a person or an answer through a forgotten connection."""
    city.sign_and_route(matter, "police")
    city.answer(matter, "police")
    with city.connect("owner", autocommit=True) as connection:
        for table in ("party", "letter", "event", "matter_content", "ledger_entry"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table


def test_definer_functions_have_a_path(city):
    """Every function that runs as the owner names where it looks for tables, so that nobody's table stands before."""
    open_ended = city.column(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'lianban'"
        " AND p.prosecdef AND NOT EXISTS (SELECT FROM unnest(coalesce(p.proconfig, '{}')) c WHERE c LIKE 'search_path=%%')"
    )
    assert open_ended == []


def test_another_officer_cannot_be_named(city, matter):
    """A row that names another actor than the session's is refused by the database, in both histories."""
    judge = city.officer("court.judge")
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("court.clerk")])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO event (matter_id, seq, kind, agency_id, officer_id, occurred_at)"
                " VALUES (%s, 99, 'x', %s, %s, now())", [matter, city.agency("court"), judge],
            )  # fmt: skip
        connection.rollback()
        connection.execute("SELECT lianban.enter(%s)", [city.session("court.clerk")])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO ledger_entry (id, act, agency_id, officer_id, commitment)"
                " VALUES (gen_random_uuid(), 'x', %s, %s, 'x')", [city.agency("court"), judge],
            )  # fmt: skip


def test_unit_cannot_write_into_another_branch(city):
    """A unit's session can neither change nor remove the process rows of another unit, even blindly."""
    matter = city.open(units=("police", "housing"))
    city.send(matter)
    others = city.rows("SELECT id, state, pending FROM scope WHERE agency_id = %s", city.agency("police"))
    tokens = city.one("SELECT count(*) FROM token WHERE agency_id = %s", city.agency("police"))
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("housing.liaison")])
        connection.execute("UPDATE scope SET state = 'open'")
        connection.execute("DELETE FROM token")
        connection.execute("UPDATE task SET state = 'done'")
        connection.commit()
    assert (
        city.rows("SELECT id, state, pending FROM scope WHERE agency_id = %s", city.agency("police"))
        == others
    )
    assert city.one("SELECT count(*) FROM token WHERE agency_id = %s", city.agency("police")) == tokens
    assert (
        city.one("SELECT state FROM task WHERE element = 'sign' AND agency_id = %s", city.agency("police"))
        == "open"
    )


def test_same_identity_only_in_own_matters(city):
    """A known number leads to the asker's own matters and to nobody else's."""
    from lianban.records.envelopes import blind_index

    matter = city.open(units=("police",))
    city.send(matter)
    wanted = blind_index("resident_id", city.person(0).id_number)
    for username, found in (
        ("court.judge", [matter]),
        ("police.handler_1", []),
        ("political_legal.supervisor", []),
    ):
        with city.connect("app") as connection:
            connection.execute("SELECT lianban.enter(%s)", [city.session(username)])
            rows = connection.execute("SELECT matter FROM lianban.same_identity(%s)", [wanted]).fetchall()
            assert [row[0] for row in rows] == found, username


# --- sessions


def test_session_key_unknown(city):
    """A key nobody was given, or one too short, enters nothing."""
    for key in (new_key(), b"", b"short"):
        with entered(key) as identity:
            assert identity is None


def test_session_idle_and_old(city, matter):
    """A session unused for half an hour is over, and so is one that is twelve hours old, used or not."""
    key = city.session("court.judge")
    for change in ("seen_at = now() - interval '31 minutes'", "expires_at = now()", "ended_at = now()"):
        city.superuser.execute(f"UPDATE access_session SET {change}")
        with entered(key) as identity:
            assert identity is None, change
        city.superuser.execute(
            "UPDATE access_session SET seen_at = now(), expires_at = now() + interval '1 hour', ended_at = NULL"
        )
        with entered(key) as identity:
            assert identity is not None


def test_session_used_stays_alive(city):
    """Use moves the idle limit, at most once a minute."""
    key = city.session("court.judge")
    city.superuser.execute("UPDATE access_session SET seen_at = now() - interval '29 minutes'")
    with entered(key):
        pass
    assert city.one("SELECT seen_at > now() - interval '10 seconds' FROM access_session")


def test_officer_locked_is_out(city):
    """An officer who is locked or has left is out at once."""
    key = city.session("court.judge")
    for state in ("locked", "left"):
        city.superuser.execute("UPDATE officer SET state = %s WHERE username = 'court.judge'", [state])
        with entered(key) as identity:
            assert identity is None
        city.superuser.execute("UPDATE officer SET state = 'active' WHERE username = 'court.judge'")


def test_sign_out(city):
    """Signed out is out, at once and for good."""
    from lianban.actions.sign_in import sign_out

    key = city.session("court.judge")
    sign_out(key)
    with entered(key) as identity:
        assert identity is None


# --- sign-in


def attempt(username, password, *, demo=True):
    from datetime import UTC, datetime

    from lianban.actions.sign_in import sign_in

    return sign_in(username, password, datetime.now(UTC), demo=demo)


def test_sign_in_right_and_wrong(city):
    """The right password opens a session; a wrong one, a wrong name and no name get the same sentence."""
    from officials import PASSWORD

    from lianban.actions.errors import SignInRefused

    opened = attempt("court.judge", PASSWORD)
    with entered(opened.key) as identity:
        assert identity.officer == city.officer("court.judge")
    said = set()
    for username, password in (("court.judge", "wrong"), ("court.nobody", PASSWORD), ("", "")):
        with pytest.raises(SignInRefused) as caught:
            attempt(username, password)
        said.add(caught.value.text("zh"))
    assert len(said) == 1


def test_sign_in_locks_after_five(city):
    """Five wrong passwords lock the account for fifteen minutes, also for the right one; then it opens again."""
    from officials import PASSWORD

    from lianban.actions.errors import SignInRefused

    for _ in range(5):
        with pytest.raises(SignInRefused):
            attempt("court.clerk", "wrong")
    with pytest.raises(SignInRefused):
        attempt("court.clerk", PASSWORD)
    minutes = city.one(
        "SELECT extract(epoch FROM locked_until - now()) / 60 FROM officer_secret WHERE officer_id = %s",
        city.officer("court.clerk"),
    )
    assert 14 < minutes <= 15
    city.superuser.execute("UPDATE officer_secret SET locked_until = now() - interval '1 second'")
    attempt("court.clerk", PASSWORD)
    assert (
        city.one(
            "SELECT failed_sign_ins FROM officer_secret WHERE officer_id = %s", city.officer("court.clerk")
        )
        == 0
    )


def test_sign_in_says_the_deployments_own_limits(city):
    """The sentence tells the limits that are set, not those of another deployment."""
    from lianban.actions.errors import SignInRefused

    city.superuser.execute("UPDATE lianban.setting SET value = '3' WHERE name = 'sign_in_failures'")
    with pytest.raises(SignInRefused) as caught:
        attempt("court.clerk", "wrong")
    assert caught.value.found == {"failures": 3, "minutes": 15}


def test_sign_in_demo_people_only_in_the_demo(city):
    """Outside of demo mode the demo's people do not sign in, whatever the password."""
    from officials import PASSWORD

    from lianban.actions.errors import SignInRefused

    with pytest.raises(SignInRefused):
        attempt("court.judge", PASSWORD, demo=False)


def test_sign_in_demo_only_from_this_machine(city):
    """The page and the API let demo people in from a loopback address only."""
    import json

    from django.test import Client
    from officials import PASSWORD

    for address, status in (("127.0.0.1", 200), ("203.0.113.9", 403)):
        client = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=address)
        said = json.dumps({"username": "court.judge", "password": PASSWORD})
        assert client.post("/api/v1/sessions", said, content_type="application/json").status_code == status
        page = client.post("/sign-in", {"username": "court.judge", "password": PASSWORD})
        assert page.status_code == (302 if status == 200 else 403)


def test_change_of_post_only_to_ones_own(city):
    """Nobody opens a session in a post that is another's."""
    from lianban.actions.sign_in import change_post

    assert change_post(city.officer("court.clerk"), city.post("court", "judge")) is None
    assert change_post(city.officer("court.clerk"), city.post("police", "liaison")) is None


@pytest.mark.parametrize("kind", ["system", "security", "audit"])
def test_administrators_are_three_people(city, kind):
    """The three kinds of administration lie with three people, and one person cannot hold two kinds."""
    holders = city.rows("SELECT username, administrator FROM officer WHERE administrator <> ''")
    assert len(holders) == len({kind for _, kind in holders}) == 3
    with pytest.raises(psycopg.errors.CheckViolation):
        city.superuser.execute(
            "UPDATE officer SET administrator = %s || ',audit' WHERE username = 'court.judge'", [kind]
        )


def test_administrator_holds_no_second_administration_by_post(city):
    """An administrator of one kind cannot be appointed to the post of another kind."""
    with pytest.raises(psycopg.errors.RaiseException):
        city.superuser.execute(
            "INSERT INTO appointment (id, officer_id, post_id, begins_on) VALUES (gen_random_uuid(), %s, %s, '2026-01-01')",
            [city.officer("platform.system_administrator"), city.post("platform", "auditor")],
        )


def test_machine_account(city, matter):
    """An agency's system acts in its post, is nobody's name, and is out when it is revoked."""
    from django.db import connections, transaction
    from officials import MONDAY

    from lianban.actions.acting import Acting
    from lianban.actions.complete_task import complete_task
    from lianban.records import machines

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        _, key = machines.create(cursor, "police", "liaison", "公安协查系统", MONDAY)
    with entered(key) as identity:
        assert (identity.officer, identity.session, identity.agency) == (None, None, city.agency("police"))
        complete_task(Acting(identity, MONDAY + days(1)), city.task(matter, "sign", "police"), {})
    assert city.one("SELECT officer_id, post_id FROM event WHERE kind = 'letters.sign'") == (
        None,
        city.post("police", "liaison"),
    )
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        assert machines.revoke(cursor, "公安协查系统", MONDAY) == 1
    with entered(key) as identity:
        assert identity is None


def test_refused_without_a_session_in_actions(city, matter):
    """An action called with an identity the database did not validate finds no matter."""
    from officials import MONDAY

    from lianban.actions import errors
    from lianban.actions.acting import Acting
    from lianban.actions.withdraw_matter import withdraw_matter
    from lianban.records.context import Identity

    made_up = Identity(
        None, city.officer("court.judge"), city.post("court", "judge"), city.agency("court"), "judge"
    )
    refused(city, errors.MatterNotFound, lambda: withdraw_matter(Acting(made_up, MONDAY), matter, "伪造身份"))
