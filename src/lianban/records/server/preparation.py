"""Roles and database: what must exist in the server before a migration can run. Doing it again changes nothing."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from lianban.records.server.addresses import External
from lianban.records.server.errors import DatabaseUrlUnusable, RolePasswordsUnusable, ServerTooOld
from lianban.records.server.passwords import role_passwords
from lianban.records.server.roles import DATABASE, WORKING_ROLES, Role

if TYPE_CHECKING:
    from lianban.records.server.supervisor import Server

_OLDEST = 180000  # server_version_num of PostgreSQL 18.0


def prepare_own(server: Server) -> None:
    """Make roles and database in the embedded server. The marker saves a connection at every later start."""
    passwords = role_passwords(server.places)
    mark = {
        "cluster": (server.places.cluster / "PG_VERSION").stat().st_mtime_ns,
        "passwords": server.places.passwords.stat().st_mtime_ns if server.places.passwords.exists() else 0,
    }
    try:
        if json.loads(server.places.prepared.read_text(encoding="utf-8")) == mark:
            return
    except (OSError, ValueError):
        pass
    import psycopg

    try:
        connection = psycopg.connect(**server.dsn(Role.SUPERUSER, "postgres"), autocommit=True)
    except psycopg.OperationalError as error:
        if "password authentication failed" not in str(error):
            raise
        raise RolePasswordsUnusable(
            file=str(server.places.passwords), reason="the server does not accept the passwords in it"
        ) from error
    with connection:
        make_roles(connection, passwords)
        make_database(connection, DATABASE)
    server.places.prepared.write_text(json.dumps(mark), encoding="utf-8")


def make_roles(connection: Any, passwords: dict[Role, str]) -> None:
    """Every working role: may log in, and may not rise, make roles or pass row-level security."""
    from psycopg import sql

    for role in WORKING_ROLES:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role.value]).fetchone()
        connection.execute(
            sql.SQL(
                "{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {password}"
            ).format(
                verb=sql.SQL("ALTER" if known else "CREATE"),
                role=sql.Identifier(role.value),
                password=sql.Literal(passwords[role]),
            )
        )


def make_database(connection: Any, name: str, template: str | None = None) -> bool:
    """A database owned by the owner role that only our roles may enter. Returns whether it had to be made."""
    from psycopg import sql

    made = not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    database, owner = sql.Identifier(name), sql.Identifier(Role.OWNER.value)
    if made:
        # UTF-8 whatever the server's template holds: names of people need all of Unicode.
        source = sql.SQL("TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL(
            "TEMPLATE template0 ENCODING 'UTF8'"
        )  # fmt: skip
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} {}").format(database, owner, source))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for role in WORKING_ROLES:
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role.value))
        )
    return made


def drop_database(connection: Any, name: str) -> None:
    """Remove a database, ending the sessions in it."""
    from psycopg import sql

    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def answers(address: External) -> bool:
    """Whether the server of the URL takes connections."""
    import psycopg

    try:
        psycopg.connect(**address.dsn("postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def version_of(address: External) -> str:
    """The version of the server of the URL."""
    import psycopg

    try:
        with psycopg.connect(**_first_that_answers(address)) as connection:
            return _dotted(connection.info.server_version)
    except psycopg.OperationalError as error:
        raise DatabaseUrlUnusable(reason=" ".join(str(error).split())) from error


def prepare_external(address: External, passwords: dict[Role, str]) -> None:
    """Check the version of somebody's server, then make what is missing there as far as the account may.

    With ``LIANBAN_ROLE_PASSWORDS`` given and all roles there, an administrator has prepared the server: nothing is
    changed, and the account of the URL needs no rights beyond connecting.
    """
    import psycopg

    try:
        connection = psycopg.connect(**_first_that_answers(address), autocommit=True)
    except psycopg.OperationalError as error:
        raise DatabaseUrlUnusable(reason=" ".join(str(error).split())) from error
    with connection:
        if connection.info.server_version < _OLDEST:
            raise ServerTooOld(found_version=_dotted(connection.info.server_version))
        names = [role.value for role in WORKING_ROLES]
        known = connection.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", [names]
        ).fetchone()
        there = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [address.dbname]
        ).fetchone()
        if known == (len(names),) and there and os.environ.get("LIANBAN_ROLE_PASSWORDS", "").strip():
            return
        try:
            make_roles(connection, passwords)
            if not _is_superuser(connection):
                # Owning a database for another role asks for membership in that role.
                connection.execute(f"GRANT {Role.OWNER} TO CURRENT_USER")
            make_database(connection, address.dbname)
        except psycopg.errors.InsufficientPrivilege as error:
            raise DatabaseUrlUnusable(reason=" ".join(str(error).split())) from error


def _first_that_answers(address: External) -> dict[str, Any]:
    import psycopg

    try:
        psycopg.connect(**address.dsn(), connect_timeout=10).close()
    except psycopg.OperationalError:
        return address.dsn("postgres") | {"connect_timeout": 10}
    return address.dsn() | {"connect_timeout": 10}


def _is_superuser(connection: Any) -> bool:
    return bool(
        connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER").fetchone()[0]
    )


def _dotted(number: int) -> str:
    return f"{number // 10000}.{number % 10000}"
