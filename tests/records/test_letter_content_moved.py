"""Migration 0015 on tables with letters in them: nothing that was said is lost, and it says who was asked about whom."""

from __future__ import annotations

import importlib
import json
import os
from uuid import UUID, uuid4

import psycopg
import pytest

MIGRATION = "0015_letter_content"
COLUMNS = """id, matter_id, scene, kind, number, legal_basis, questions, content, state, drafted_at, due_provisional, result,
             returned_count, reminded_count, sender_id, addressee_id"""


def _migrate(to: str) -> None:
    from django.core.management import call_command

    call_command("migrate", "records", to, database="owner", interactive=False, verbosity=0)


@pytest.fixture
def before(database_server, database_copies, django_db_setup, django_db_blocker):
    """A superuser's connection to a database as it was before the migration."""
    from django.db import connections

    from lianban.records import server

    known = connections["default"].settings_dict["NAME"]
    name = f"test_moved_{os.getpid()}"
    migration = importlib.import_module(f"lianban.records.migrations.{MIGRATION}").Migration
    with psycopg.connect(**database_server.dsn("super", "postgres"), autocommit=True) as postgres:
        server.drop_database(postgres, name)
        server.make_database(postgres, name)
        with django_db_blocker.unblock():
            try:
                database_copies.point_django_at(name)
                _migrate(migration.dependencies[0][1])
                with psycopg.connect(**database_server.dsn("super", name), autocommit=True) as superuser:
                    yield superuser
            finally:
                database_copies.point_django_at(known)
                server.drop_database(postgres, name)


def _letter(superuser, matter: UUID, sender: UUID, said: dict[str, str], parties: list[UUID]) -> UUID:
    key = uuid4()
    superuser.execute(
        f"INSERT INTO letter ({COLUMNS}) VALUES (%s, %s, 'assistance', 'query', '', 'x', '{{}}', %s, 'delivered', now(),"
        " false, '', 0, 0, %s, %s)", [key, matter, json.dumps(said), sender, uuid4()],
    )  # fmt: skip
    for party in parties:
        superuser.execute(
            "INSERT INTO letter_subject (id, letter_id, party_id, matter_id) VALUES (%s, %s, %s, %s)",
            [uuid4(), key, party, matter],
        )
    return key


def test_letters_moved_with_what_they_said(before):
    """Letters of one matter that say the same of the same people share a row; any other keeps one of its own."""
    court = uuid4()
    superuser, one, other, anna, ben = before, uuid4(), uuid4(), uuid4(), uuid4()
    superuser.execute(
        "SET session_replication_role = replica"
    )  # letters refer to their matter and sender, and to no city
    superuser.execute(
        "INSERT INTO agency (id, code, kind, organ, name_zh, name_en, area_code, sort_key) VALUES"
        " (%s, 'c', 'court', '', '', '', '', '')",
        [court],
    )
    for matter in (one, other):
        superuser.execute(
            "INSERT INTO matter (id, scene, number, title, drawing_id, lead_agency_id, state, opened_at, recorded_at, last_event)"
            " VALUES (%s, 'assistance', '', '', %s, %s, 'open', now(), now(), 0)", [matter, uuid4(), court],
        )  # fmt: skip
    said = {"cause": "买卖合同纠纷", "contact": "王某"}
    wanted = {
        _letter(superuser, matter, court, says, parties): (says, set(parties), group)
        for group, matter, says, parties in [
            ("a", one, said, [anna, ben]), ("a", one, dict(reversed(said.items())), [ben, anna]),
            ("b", one, said, [anna]), ("c", one, {**said, "seal": "0f"}, [anna, ben]), ("d", other, said, [anna, ben]),
            ("e", other, said, []), ("e", other, said, []),
        ]
    }  # fmt: skip
    superuser.execute("SET session_replication_role = origin")
    _migrate(MIGRATION)
    found = {
        key: (data, set(parties), content) for key, content, data, parties in superuser.execute(
            "SELECT l.id, c.id, c.data, coalesce((SELECT array_agg(s.party_id) FROM letter_subject s"
            " WHERE s.content_id = c.id AND s.matter_id = l.matter_id), '{}') FROM letter l"
            " JOIN letter_content c ON (c.id, c.matter_id, c.sender_id) = (l.content_id, l.matter_id, l.sender_id)"
        ).fetchall()
    }  # fmt: skip
    assert {key: row[:2] for key, row in found.items()} == {key: row[:2] for key, row in wanted.items()}
    groups = {(wanted[key][2], row[2]) for key, row in found.items()}
    assert len(groups) == len({group for group, _ in groups}) == len({content for _, content in groups}) == 5
    forced = superuser.execute(
        "SELECT bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class"
        " WHERE relname IN ('letter', 'letter_subject', 'letter_content')"
    ).fetchone()
    assert forced == (True,)
