"""Tables that were made by other migrations than ours are refused before anything happens to them."""

import psycopg
import pytest

from lianban.records import server
from lianban.records.server import migrations


@pytest.fixture
def cursor(own_data_folder, prepared):
    running = server.ensure(prepared(own_data_folder))
    with psycopg.connect(**running.dsn("owner")) as connection, connection.cursor() as cursor:
        yield cursor


@pytest.fixture
def records(tmp_path):
    """Two migrations, the second of which runs an SQL file."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "sql").mkdir()
    (tmp_path / "migrations" / "0001_initial.py").write_text("tables")
    (tmp_path / "migrations" / "0002_security.py").write_text('run("policies")')
    (tmp_path / "sql" / "policies.sql").write_text("one")
    return tmp_path


def test_migrations_unknown_past_is_accepted(cursor, records):
    """An empty database, and tables from before digests were kept, are accepted."""
    migrations.check_unchanged(cursor, records, records)
    cursor.execute("CREATE TABLE django_migrations (id int)")
    migrations.check_unchanged(cursor, records, records)


@pytest.mark.parametrize("edited", ["migrations/0001_initial.py", "sql/policies.sql"])
def test_migrations_that_changed_are_named(cursor, records, edited):
    """What was edited after it was applied is named, with the remedy."""
    cursor.execute("CREATE TABLE django_migrations (id int)")
    migrations.remember(cursor, records)
    migrations.check_unchanged(cursor, records, records)
    (records / edited).write_text("edited")
    name = edited.split("/")[1].removesuffix(".py")
    with pytest.raises(migrations.TablesOfAnotherState, match=rf"{name} changed since.*LIANBAN_DATA_FOLDER"):
        migrations.check_unchanged(cursor, records, records)


def test_migrations_that_come_later_may_run_changed_sql(cursor, records):
    """A new migration, and SQL that it runs in a new form, are an upgrade and no trouble."""
    cursor.execute("CREATE TABLE django_migrations (id int)")
    migrations.remember(cursor, records)
    (records / "sql" / "policies.sql").write_text("two")
    (records / "migrations" / "0003_policies.py").write_text('run("policies")')
    migrations.check_unchanged(cursor, records, records)
    migrations.remember(cursor, records)
    migrations.check_unchanged(cursor, records, records)
