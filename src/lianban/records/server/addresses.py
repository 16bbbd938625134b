"""How each role reaches the database. Computed from the environment; nothing is started or asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from lianban.engines.errors import LianbanError
from lianban.records.server.errors import DatabaseUrlUnusable
from lianban.records.server.passwords import role_passwords
from lianban.records.server.places import PORT, Places, data_folder
from lianban.records.server.roles import DATABASE, Role


@dataclass(frozen=True)
class External:
    """A server named by ``LIANBAN_DATABASE_URL``: who may make roles there, and where it is."""

    host: str
    port: int
    user: str
    password: str
    dbname: str
    options: tuple[tuple[str, str], ...] = ()
    """Further libpq parameters of the URL, such as ``sslmode``."""

    def dsn(self, dbname: str | None = None) -> dict[str, Any]:
        """Arguments for ``psycopg.connect`` as the account of the URL."""
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": dbname or self.dbname,
            **dict(self.options),
        }


def external() -> External | None:
    """The server of ``LIANBAN_DATABASE_URL``, or None where the embedded one is used."""
    given = os.environ.get("LIANBAN_DATABASE_URL", "").strip()
    if not given:
        return None
    parts = urlsplit(given)
    if parts.scheme not in ("postgresql", "postgres"):
        raise DatabaseUrlUnusable(reason=f"its scheme is “{parts.scheme}”")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    try:
        port = parts.port
    except ValueError as error:
        raise DatabaseUrlUnusable(reason="its port is not a number") from error
    host = query.pop("host", "") or unquote(parts.hostname or "")
    if not host or not parts.username:
        raise DatabaseUrlUnusable(reason="it names no host or no user")
    return External(
        host=host,
        port=int(query.pop("port", port or PORT)),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        dbname=unquote(parts.path.lstrip("/")) or DATABASE,
        options=tuple(sorted(query.items())),
    )


def dsn_for(role: Role | str, database: str | None = None, places: Places | None = None) -> dict[str, Any]:
    """Arguments for ``psycopg.connect(**dsn)`` as ``role``: host, port, user, password, dbname.

    Nothing is started. ``database`` defaults to the deployment's own.
    """
    role = role if isinstance(role, Role) else Role.named(role)
    places = places or Places(data_folder())
    other = external()
    if other and role is Role.SUPERUSER:
        return other.dsn(database)
    address: dict[str, Any] = {
        "host": other.host if other else str(places.socket),
        "port": other.port if other else PORT,
        "user": role.value,
        "password": role_passwords(places)[role],
        "dbname": database or (other.dbname if other else DATABASE),
    }
    return address | dict(other.options) if other else address


def connection_settings(role: Role | str, database: str | None = None) -> dict[str, Any]:
    """One entry of Django's ``DATABASES`` for ``role``.

    Reading settings must never fail because no database was made yet (``lianban --help`` in a folder one may
    only read): then the password is empty, and :func:`lianban.records.server.ensure` says what is wrong.
    """
    try:
        dsn = dsn_for(role, database)
    except (LianbanError, OSError):
        dsn = {"user": Role.named(role).value if isinstance(role, str) else role.value, "dbname": DATABASE}
    known = ("dbname", "user", "password", "host", "port")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": dsn["dbname"],
        "USER": dsn["user"],
        "PASSWORD": dsn.get("password", ""),
        "HOST": dsn.get("host", ""),
        "PORT": dsn.get("port", PORT),
        "OPTIONS": {key: value for key, value in dsn.items() if key not in known},
    }
