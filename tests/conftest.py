"""What every test stands on: its own database server, no network, the real inputs or an honest skip.

The tests have a data folder of their own (``LIANBAN_TEST_DATA_FOLDER`` moves it) and never see the one of a
deployment. It is set here, before Django reads its settings: that is why ``DJANGO_SETTINGS_MODULE`` is named here and
not in pyproject.toml. The first test that needs a database makes a migrated template; each worker then copies it,
which takes a tenth of a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def _test_data_folder() -> Path:
    given = os.environ.get("LIANBAN_TEST_DATA_FOLDER")
    if given:
        return Path(given).absolute()
    if os.geteuid() == 0:
        # Root lends the server a service account, which could not reach a folder in root's home.
        return Path("/var/lib/lianban") / f"test-{hashlib.sha256(os.fsencode(PROJECT)).hexdigest()[:12]}"
    return PROJECT / "test-artifacts" / "data"


os.environ["LIANBAN_DATA_FOLDER"] = str(_test_data_folder())
os.environ["LIANBAN_TEST_FSYNC"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "lianban.config.settings"
for _name in (
    "LIANBAN_DATABASE_URL",
    "LIANBAN_ROLE_PASSWORDS",
    "LIANBAN_ROLE",
    "LIANBAN_DATABASE_NAME",
    "LIANBAN_DEMO",
):
    os.environ.pop(_name, None)


def pytest_configure(config):
    """Load the models before any test module imports them."""
    import django

    django.setup()


# --- real inputs and Chromium: present, or skipped and counted; under CI the inputs must be there


def data_folder() -> Path:
    """Where the real inputs are: ``LIANBAN_DATA``, by default beside the project."""
    return Path(os.environ.get("LIANBAN_DATA") or PROJECT.parent / "shared" / "data").absolute()


def chromium() -> str | None:
    """A Chromium that is installed, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def pytest_runtest_setup(item):
    if item.get_closest_marker("data") and not data_folder().is_dir():
        _without(f"the real inputs are not at {data_folder()} (LIANBAN_DATA)")
    if item.get_closest_marker("browser") and chromium() is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")


def _without(what):
    if os.environ.get("CI"):
        pytest.fail(f"under CI this may not be missing: {what}", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def real_inputs() -> Path:
    """The folder of the real inputs."""
    if not data_folder().is_dir():
        _without(f"the real inputs are not at {data_folder()} (LIANBAN_DATA)")
    return data_folder()


# --- no network: only this machine may be talked to

_connect = socket.socket.connect


def _connect_here_only(self, address):
    if self.family != socket.AF_UNIX:
        host = str(address[0])
        if not (host.startswith("127.") or host in ("localhost", "::1", "")):
            raise PermissionError(f"a test tried to reach {host}: tests never use the network")
    return _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    socket.socket.connect = _connect_here_only
    yield
    socket.socket.connect = _connect


# --- the database


@contextmanager
def _one_at_a_time(name: str):
    folder = _test_data_folder()
    with (folder / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def database_server():
    """The tests' own PostgreSQL, running until the last worker ends."""
    from lianban.records import server

    running = server.ensure()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def template_database(database_server, django_db_blocker) -> str:
    """The name of a database with all migrations applied, made once for all workers and kept for the next run."""
    import psycopg

    from lianban.records import server

    digest = hashlib.sha256()
    records = PROJECT / "src" / "lianban" / "records"
    for file in sorted([*records.glob("migrations/*.py"), *records.glob("sql/**/*.sql")]):
        digest.update(file.read_bytes())
    name = f"template_{digest.hexdigest()[:12]}"
    with (
        _one_at_a_time("template"),
        psycopg.connect(
            **database_server.dsn(server.Role.SUPERUSER, "postgres"), autocommit=True
        ) as connection,
    ):
        known = [
            row[0]
            for row in connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^template_'")
        ]
        if name in known:
            return name
        for old in _old_templates(connection):
            server.drop_database(connection, old)
        half = f"making_{name}"
        server.drop_database(connection, half)
        server.make_database(connection, half)
        with django_db_blocker.unblock():
            from django.core.management import call_command

            _point_django_at(half)
            call_command("migrate", database="owner", interactive=False, verbosity=0)
            _point_django_at(None)
        connection.execute(f"ALTER DATABASE {half} RENAME TO {name}")
    return name


TEMPLATES_KEPT = 8
"""A run that began before a migration changed goes on with its own template, so the newest few are kept."""


def _old_templates(connection) -> list[str]:
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE datname ~ '^template_[0-9a-f]{12}$' ORDER BY oid DESC OFFSET %s",
        [TEMPLATES_KEPT - 1],
    )
    return [row[0] for row in rows]


@pytest.fixture(scope="session")
def django_db_setup(database_server, template_database, worker_id, django_db_blocker):
    """Django's connections, as the roles they really are, to this worker's copy of the template."""
    name = f"test_{worker_id}_{os.getpid()}"
    with _copy(database_server, template_database, name), django_db_blocker.unblock():
        _point_django_at(name)
        yield
        _point_django_at(None)


@pytest.fixture
def fresh_database(database_server, template_database, django_db_setup, worker_id, django_db_blocker) -> str:
    """A database of its own for a test that commits: nothing needs to be rolled back or emptied afterwards."""
    from django.db import connections

    before = connections["default"].settings_dict["NAME"]
    name = f"fresh_{worker_id}_{os.getpid()}"
    with _copy(database_server, template_database, name), django_db_blocker.unblock():
        _point_django_at(name)
        yield name
        _point_django_at(before)


@pytest.fixture(scope="session")
def database_copies() -> SimpleNamespace:
    """With what other fixtures make databases: a copy of one, and pointing Django at it."""
    return SimpleNamespace(copy=_copy, point_django_at=_point_django_at)


@contextmanager
def _copy(running, template: str, name: str):
    import psycopg

    from lianban.records import server

    # A template may not be in use while it is copied, so copies are made one after another.
    with (
        _one_at_a_time("template"),
        psycopg.connect(**running.dsn(server.Role.SUPERUSER, "postgres"), autocommit=True) as connection,
    ):
        _drop_leftovers(connection)
        server.drop_database(connection, name)
        server.make_database(connection, name, template)
    yield name
    with psycopg.connect(**running.dsn(server.Role.SUPERUSER, "postgres"), autocommit=True) as connection:
        server.drop_database(connection, name)


def _drop_leftovers(connection) -> None:
    """Databases of test runs that were killed: their names end with the number of a process that is gone."""
    from lianban.records import server

    for (name,) in connection.execute(
        "SELECT datname FROM pg_database WHERE datname ~ '^(test|fresh)_.*_[0-9]+$'"
    ):
        if not Path(f"/proc/{name.rsplit('_', 1)[1]}").exists() and Path("/proc/self").exists():
            server.drop_database(connection, name)


def _point_django_at(name: str | None) -> None:
    """Point every connection at another database, also those of programs that the tests start."""
    from django.conf import settings
    from django.db import connections

    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name
    if name:
        os.environ["LIANBAN_DATABASE_NAME"] = name
    else:
        os.environ.pop("LIANBAN_DATABASE_NAME", None)
