"""A server named by LIANBAN_DATABASE_URL: checked, prepared as far as the account may, never started or stopped."""

import json
from urllib.parse import quote

import psycopg
import pytest

from lianban.records import server
from lianban.records.server import errors, preparation


@pytest.fixture
def elsewhere(own_data_folder, prepared, monkeypatch):
    """Another data folder's server plays somebody else's; its URL is in the environment."""
    running = server.ensure(prepared(own_data_folder / "theirs"))
    dsn = running.dsn(server.Role.SUPERUSER)
    url = f"postgresql://{dsn['user']}:{quote(dsn['password'])}@{quote(dsn['host'], safe='')}:{dsn['port']}/city"
    monkeypatch.setenv("LIANBAN_DATABASE_URL", url)
    monkeypatch.setenv("LIANBAN_DATA_FOLDER", str(own_data_folder / "ours"))
    yield running
    monkeypatch.undo()
    running.stop()


def test_external_server_is_prepared_and_left_running(elsewhere):
    """Roles and database are made on a server we may administer; stopping our use does not stop it."""
    running = server.ensure()
    with psycopg.connect(**running.dsn("app")) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == (
            "lianban_app",
            "city",
        )
    settings = server.connection_settings("worker")
    assert (settings["NAME"], settings["USER"]) == ("city", "lianban_worker")
    running.stop()
    assert elsewhere.running()


def test_external_server_with_roles_made_by_its_administrator(elsewhere, own_data_folder, monkeypatch):
    """Where an administrator has made the roles, their passwords come from a file and nothing is changed."""
    server.ensure()
    passwords = own_data_folder / "roles.json"
    passwords.write_text(json.dumps({role.value: f"given-{role}" for role in server.WORKING_ROLES}))
    passwords.chmod(0o600)
    with psycopg.connect(**elsewhere.dsn(server.Role.SUPERUSER, "postgres"), autocommit=True) as connection:
        for role in server.WORKING_ROLES:
            connection.execute(f"ALTER ROLE {role} PASSWORD 'given-{role}'")
        connection.execute("DROP ROLE IF EXISTS plain")
        connection.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'")
        connection.execute("GRANT CONNECT ON DATABASE city TO plain")
    dsn = elsewhere.dsn("app")
    monkeypatch.setenv(
        "LIANBAN_DATABASE_URL", f"postgresql://plain:plain@{quote(dsn['host'], safe='')}:{dsn['port']}/city"
    )
    monkeypatch.setenv("LIANBAN_ROLE_PASSWORDS", str(passwords))
    running = server.ensure()
    assert running.dsn("app")["password"] == "given-lianban_app"
    psycopg.connect(**running.dsn("app")).close()


def test_external_server_account_without_rights_is_told(elsewhere, monkeypatch):
    """An account that may not make roles is told what is needed."""
    with psycopg.connect(**elsewhere.dsn(server.Role.SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE poor LOGIN PASSWORD 'poor'")
    dsn = elsewhere.dsn("app")
    monkeypatch.setenv(
        "LIANBAN_DATABASE_URL", f"postgresql://poor:poor@{quote(dsn['host'], safe='')}:{dsn['port']}/new"
    )
    with pytest.raises(errors.DatabaseUrlUnusable, match="LIANBAN_ROLE_PASSWORDS"):
        server.ensure()


def test_external_server_too_old_is_refused(elsewhere, monkeypatch):
    """A server older than 18 is refused with its version and the remedy."""
    monkeypatch.setattr(preparation, "_OLDEST", 990000)
    with pytest.raises(errors.ServerTooOld, match=r"PostgreSQL 18\.\d+; 18 or newer is needed"):
        server.ensure()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root@127.0.0.1/city",
        "postgresql:///city",
        "postgresql://u:p@127.0.0.1:port/city",
        "postgresql://u:p@127.0.0.1:1/city",
    ],
)
def test_external_server_bad_address(url, monkeypatch, own_data_folder):
    """An address that is wrong, or where nobody answers, gets one clear error."""
    monkeypatch.setenv("LIANBAN_DATABASE_URL", url)
    monkeypatch.setenv("LIANBAN_DATA_FOLDER", str(own_data_folder))
    with pytest.raises(errors.DatabaseUrlUnusable):
        server.ensure()


def test_settings_are_read_where_nothing_can_be_written(monkeypatch):
    """Reading settings never fails for want of a database: the password is then empty."""
    monkeypatch.setenv("LIANBAN_DATA_FOLDER", "/proc/nowhere")
    settings = server.connection_settings("app")
    assert (settings["USER"], settings["PASSWORD"]) == ("lianban_app", "")
    with pytest.raises(errors.DataFolderUnusable):
        server.ensure()
