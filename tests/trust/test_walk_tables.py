"""Every table and every view as every role: exactly the rows that the role may see, and no other."""

from __future__ import annotations

import psycopg
import pytest
from busy import ROLES, make_busy
from officials import in_the_city

LED = "matter_id IN (SELECT id FROM matter WHERE lead_agency_id = %(me)s)"
IN_IT = "matter_id IN (SELECT matter_id FROM leg WHERE agency_id = %(me)s)"
SUPERVISOR = "%(role)s = 'supervisor'"
LETTER = f"(l.sender_id = %(me)s OR l.state NOT IN ('draft', 'sealed') AND (l.addressee_id = %(me)s OR {SUPERVISOR}))"
# What a letter says: its sender's, and its addressee's from delivery on. Not the supervisor's, who sees the letter.
CONTENT = """(sender_id = %(me)s OR id IN (SELECT l.content_id FROM letter l WHERE l.addressee_id = %(me)s
                                            AND l.state NOT IN ('draft', 'sealed')))"""
PARTY = f"""({LED} OR id IN (SELECT s.party_id FROM letter_subject s JOIN letter l ON l.content_id = s.content_id
                              WHERE l.addressee_id = %(me)s AND l.state NOT IN ('draft', 'sealed', 'withdrawn'))
             OR id IN (SELECT a.party_id FROM measure m JOIN asset a ON a.id = m.asset_id
                        WHERE m.unit_agency_id = %(me)s AND m.sent_at IS NOT NULL))"""
# A township acts in a matter without seeing its thread.
NO_TOWNSHIP = "NOT EXISTS (SELECT FROM agency WHERE id = %(me)s AND kind = 'township')"
BRANCH = f"(agency_id = %(me)s OR {LED} OR agency_id IS NULL AND {IN_IT} AND {NO_TOWNSHIP})"
TASK = f"(agency_id = %(me)s OR lead_agency_id = %(me)s OR {SUPERVISOR})"
MATTER = (
    f"(lead_agency_id = %(me)s OR id IN (SELECT matter_id FROM leg WHERE agency_id = %(me)s) OR {SUPERVISOR})"
)
EVENT = f"(agency_id = %(me)s OR {LED} OR milestone AND ({IN_IT} OR {SUPERVISOR}) AND {NO_TOWNSHIP})"

LEADS = "lead_agency_id = %(me)s"

DENIED = None
# A view that asks itself whose a row is, and is compared with its table in a test of its own.
ITSELF = "itself"
# What of each table a signed-in role may see: a condition over the whole truth, or DENIED.
SEEN: dict[str, str | None] = {
    "agency": "true", "post": "true", "officer": "true", "appointment": "true", "drawing": "true", "data_key": "true",
    "document_number": "true", "ledger_tile": "true", "ledger_checkpoint": "true",
    "officer_secret": DENIED, "access_session": DENIED, "machine_account": DENIED, "identity_index": DENIED,
    "valuation": "lead_agency_id = %(me)s", "sale": "lead_agency_id = %(me)s",
    "import_run": "agency_id = %(me)s", "import_row": "agency_id = %(me)s",
    "clock": f"(lead_agency_id = %(me)s OR {SUPERVISOR})",
    "migrated_matter": DENIED, "drawing_migration": "true", "scene_owner": "true", "publication": "true",
    "draft": "%(role)s IN ('clerk', 'judge', 'liaison', 'supervisor') AND scene IN (SELECT o.scene FROM scene_owner o"
             " JOIN agency a ON a.kind = o.agency_kind WHERE a.id = %(me)s)",
    "outbox": DENIED, "ledger_pending": DENIED, "printed_document": DENIED, "django_migrations": DENIED,
    "delegation": "agency_id = %(me)s",
    "matter": MATTER,
    "matter_content": LED,
    "leg": f"(agency_id = %(me)s OR lead_agency_id = %(me)s OR {SUPERVISOR})",
    "party": PARTY,
    "party_identifier": f"party_id IN (SELECT id FROM party WHERE {PARTY})",
    "scope": BRANCH, "token": BRANCH, "timer": BRANCH,
    "task": TASK,
    "countersign": f"(agency_id = %(me)s OR task_id IN (SELECT id FROM task WHERE {TASK}))",
    "letter": f"id IN (SELECT id FROM letter l WHERE {LETTER})",
    "letter_content": CONTENT,
    "letter_subject": f"content_id IN (SELECT id FROM letter_content WHERE {CONTENT})",
    "answer": "%(me)s IN (agency_id, reader_id)",
    "reminder": f"letter_id IN (SELECT id FROM letter l WHERE {LETTER})",
    "document": "(agency_id = %(me)s OR letter_id IN (SELECT id FROM letter l WHERE l.sender_id = %(me)s"
                " OR l.addressee_id = %(me)s AND l.state NOT IN ('draft', 'sealed')))",
    "asset_kind": "true", "measure_limit": "true",
    "asset": LEADS, "asset_value": LEADS, "measure_excess": LEADS,
    "measure": f"({LEADS} OR unit_agency_id = %(me)s AND sent_at IS NOT NULL)",
    "measure_renewal": f"({LEADS} OR unit_agency_id = %(me)s AND sent_at IS NOT NULL)",
    "measure_answer": "%(me)s IN (agency_id, lead_agency_id)",
    "measure_release": "%(me)s IN (unit_agency_id, lead_agency_id)",
    "idempotency_key": "agency = %(me)s",
    "registry": "true",
    "warrant": "lead_agency_id = %(me)s", "warrant_subject": "lead_agency_id = %(me)s",
    "query_count": "agency_id = %(me)s",
    "collision": "%(me)s IN (lead_agency_id, agency_id)",
    "collision_hit": "(agency_id = %(me)s OR lead_agency_id = %(me)s AND state IN ('fact', 'confirmed'))",
    "answer_read": "%(me)s IN (agency_id, answering_id)",
    "query_alert": "%(role)s = 'auditor'",
    # Its rows are facts without contents, and filtered by the view itself: of a hit the court counts that it was rejected.
    "fact_hits": "true",
    "fact_funds": ITSELF,
    **dict.fromkeys(
        ("claim", "claim_version", "claim_tranche", "claim_interest", "claim_pause", "receipt", "fund_hold", "payout",
         "distribution", "distribution_share", "distribution_objection", "instalment_plan", "instalment"),
        "lead_agency_id = %(me)s",
    ),
    **dict.fromkeys(("fund", "bank_statement", "bank_entry", "bank_match"), "agency_id = %(me)s"),
    "event": EVENT,
    "ledger_entry": f"(agency_id = %(me)s OR %(role)s = 'auditor' OR {LED})",
    # Townships: what was pushed is the court's and the township's; how it stands the supervisor's too.
    "collaboration": f"(%(me)s IN (lead_agency_id, township_id) OR {SUPERVISOR})",
    "collaboration_step": f"(%(me)s IN (lead_agency_id, township_id) OR {SUPERVISOR})",
    "collaboration_push": "%(me)s IN (lead_agency_id, township_id)",
    "property_lead": "%(me)s IN (lead_agency_id, township_id)",
    "fact_collaborations": f"id IN (SELECT id FROM collaboration WHERE %(me)s IN (lead_agency_id, township_id) OR {SUPERVISOR})",
    "listing": "lead_agency_id = %(me)s", "consumption_limit": "lead_agency_id = %(me)s",
    "objection": "lead_agency_id = %(me)s", "closing_proof": "lead_agency_id = %(me)s",
    "terminated_query": "lead_agency_id = %(me)s", "reopening": "lead_agency_id = %(me)s",
    "insolvency_link": "lead_agency_id = %(me)s",
    "closing": f"(lead_agency_id = %(me)s OR {SUPERVISOR})",
    "fact_closings": f"id IN (SELECT id FROM closing WHERE lead_agency_id = %(me)s OR {SUPERVISOR})",
    "fact_caseload": f"id IN (SELECT id FROM matter WHERE {MATTER})",
    "fact_matters": f"id IN (SELECT id FROM matter WHERE {MATTER})",
    "fact_letters": f"id IN (SELECT id FROM letter l WHERE {LETTER})",
    "fact_observations": f"(matter_id, seq) IN (SELECT matter_id, seq FROM event WHERE {EVENT})",
}  # fmt: skip


@pytest.fixture(scope="module")
def busy(database_server, city_database, database_copies, django_db_blocker):
    with in_the_city(database_server, city_database, database_copies, django_db_blocker) as city:
        yield make_busy(city)


def every(city) -> list[str]:
    views = city.column("SELECT viewname FROM pg_views WHERE schemaname = 'public'")
    return [*city.tables(), *views]


def test_every_table_has_its_rule(busy):
    """A table or view that nobody has thought about fails here."""
    assert set(every(busy.city)) == set(SEEN)


def _seen(connection, table) -> list[str] | None:
    try:
        with connection.transaction():
            return sorted(row[0] for row in connection.execute(f"SELECT t::text FROM {table} t").fetchall())
    except psycopg.errors.InsufficientPrivilege:
        return DENIED


@pytest.mark.parametrize("username", ROLES)
def test_tables_as(busy, username):
    """Through a session, each table shows what the rule says, and nothing that another may see."""
    city = busy.city
    agency, role = city.one(
        "SELECT p.agency_id, p.role FROM officer o JOIN appointment a ON a.officer_id = o.id JOIN post p"
        " ON p.id = a.post_id WHERE o.username = %s", username,
    )  # fmt: skip
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session(username)])
        for table, rule in SEEN.items():
            if rule is ITSELF:
                continue
            seen = _seen(connection, table)
            if rule is DENIED:
                assert seen is DENIED, f"{username} may read {table}"
                continue
            query = f"SELECT t::text FROM {table} t WHERE {rule}"
            wanted = sorted(
                row[0] for row in city.superuser.execute(query, {"me": agency, "role": role}).fetchall()
            )
            assert seen == wanted, f"{username} sees {table} otherwise than the rule says"


@pytest.mark.parametrize("username", ROLES)
def test_funds_that_are_counted_as(busy, username):
    """When money was due and paid, a court counts for itself and a supervisor for every court; nobody else counts any."""
    city = busy.city
    agency, role = city.one(
        "SELECT p.agency_id, p.role FROM officer o JOIN appointment a ON a.officer_id = o.id JOIN post p"
        " ON p.id = a.post_id WHERE o.username = %s", username,
    )  # fmt: skip
    wanted = city.superuser.execute(
        f"SELECT id FROM fund WHERE matter_id IS NOT NULL AND superseded_at IS NULL AND (agency_id = %(me)s OR {SUPERVISOR})",
        {"me": agency, "role": role},
    ).fetchall()
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session(username)])
        assert sorted(connection.execute("SELECT id FROM fact_funds").fetchall()) == sorted(wanted)
    assert bool(wanted) is (username.startswith("court.") or role == "supervisor")


@pytest.mark.parametrize("username", ROLES)
def test_canaries_as(busy, username):
    """No text of any row that a role sees holds what it may not be shown."""
    city, agency = busy.city, username.split(".")[0]
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session(username)])
        for table in SEEN:
            for row in _seen(connection, table) or ():
                for text in busy.forbidden(agency):
                    assert text not in row, f"{username} finds {text} in {table}"


@pytest.mark.parametrize(
    ("username", "nothing_of"),
    [
        ("political_legal.supervisor", ("matter_content", "party", "party_identifier", "letter_content", "letter_subject",
                                        "answer", "document")),
        ("platform.auditor", ("matter", "matter_content", "leg", "party", "party_identifier", "letter", "letter_content", "letter_subject",
                              "answer", "document", "task", "scope", "event", "reminder", "fact_matters", "fact_letters")),
        ("platform.system_administrator", ("matter", "letter", "letter_content", "party", "answer", "event", "ledger_entry", "document")),
        ("forestry.liaison", ("matter", "letter", "party", "answer", "task", "event", "document")),
    ],
)  # fmt: skip
def test_nothing_of(busy, username, nothing_of):
    """In so many words: the supervisor sees no person, nothing a letter says and no answer, the auditor no matter, an administrator neither."""
    with busy.city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [busy.city.session(username)])
        assert {table: _seen(connection, table) for table in nothing_of} == {
            table: [] for table in nothing_of
        }


def test_supervisor_and_auditor_see_theirs(busy):
    """What they are there for they do see: the supervisor letters and their delays, the auditor the whole ledger."""
    city = busy.city
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("political_legal.supervisor")])
        assert len(_seen(connection, "letter")) == city.one(
            "SELECT count(*) FROM letter WHERE state <> 'draft'"
        )
    with city.connect("app") as connection:
        connection.execute("SELECT lianban.enter(%s)", [city.session("platform.auditor")])
        assert len(_seen(connection, "ledger_entry")) == city.one("SELECT count(*) FROM ledger_entry")


def test_without_context(busy):
    """Nobody is signed in: no row of any table, whatever is asked for and however."""
    with busy.city.connect("app", autocommit=True) as connection:
        for table in SEEN:
            assert not _seen(connection, table), table
    with busy.city.connect("signin", autocommit=True) as connection:
        readable = {table for table in SEEN if _seen(connection, table) is not DENIED}
    assert readable == {"agency", "post", "officer", "officer_secret", "appointment"}


def test_worker_and_auditor_roles(busy):
    """The roles without a person: neither can read whom a matter is about or what was answered."""
    city = busy.city
    private = {"party", "party_identifier", "identity_index", "answer", "matter_content", "document", "letter_subject",
               "letter_content", "data_key", "officer_secret", "access_session", "machine_account", "idempotency_key",
               "warrant", "warrant_subject", "collision", "collision_hit", "answer_read", "query_alert"}  # fmt: skip
    for role in ("worker", "auditor"):
        with city.connect(role, autocommit=True) as connection:
            assert {table for table in private if _seen(connection, table) is not DENIED} == set()
            for table in ("party", "answer", "document", "matter_content", "letter_content"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"SELECT count(*) FROM {table}")
    with city.connect("auditor", autocommit=True) as connection:
        assert not {
            table
            for table in ("matter", "letter", "event", "task", "scope")
            if _seen(connection, table) is not DENIED
        }
        answer = city.column("SELECT id FROM answer LIMIT 1")[0]
        digest = connection.execute("SELECT lianban.evidence_digest('answer', %s)", [answer]).fetchone()[0]
        assert digest == city.one("SELECT digest FROM answer WHERE id = %s", answer)
