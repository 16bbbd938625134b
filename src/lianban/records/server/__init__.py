"""The database server: a real PostgreSQL 18 in the data folder, or the one of ``LIANBAN_DATABASE_URL``.

Settings call :func:`connection_settings`, which starts nothing. Programs call :func:`ensure` first::

    from lianban.records import server

    running = server.ensure()
    with psycopg.connect(**running.dsn(server.Role.APP)) as connection: ...
"""

from lianban.records.server.addresses import connection_settings, dsn_for
from lianban.records.server.places import Places, data_folder, project_folder
from lianban.records.server.preparation import drop_database, make_database
from lianban.records.server.roles import DATABASE, WORKING_ROLES, Role
from lianban.records.server.supervisor import (
    ExternalServer,
    Server,
    check,
    current,
    ensure,
    program,
    renew_passwords,
    version,
)

__all__ = [
    "DATABASE",
    "WORKING_ROLES",
    "ExternalServer",
    "Places",
    "Role",
    "Server",
    "check",
    "connection_settings",
    "current",
    "data_folder",
    "drop_database",
    "dsn_for",
    "ensure",
    "make_database",
    "program",
    "project_folder",
    "renew_passwords",
    "version",
]
