"""Registries that stand on servers: an agency's PostgreSQL, an agency's REST service.

A declaration names a server; ``LIANBAN_REGISTRY_SERVERS`` is a YAML file, readable by its owner alone, that says where
each is::

    traffic: {address: "postgresql://reader:…@10.0.0.5/jdc"}
    insurers: {address: "https://registry.example/api", token: "…"}

Both adapters read only. PostgreSQL is read in one snapshot; neither can say cheaply whether it changed, so its as-of time
alone says how old it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from lianban.engines.errors import OurFault
from lianban.engines.matching import Reason, Registry, SourceKind, Sources, SourceTrouble, Table
from lianban.records.registry_postgres import PostgresTable
from lianban.records.registry_rest import RestTable


class RegistryServersUnreadable(OurFault):
    code = "LB-RECORDS-062"
    zh = "登记库服务器清单 {file} 不能使用：{found}。请更正，并只允许所有者读取（chmod 600）。"
    en = "The list of registry servers {file} cannot be used: {found}. Mend it, and let its owner alone read it (chmod 600)."


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is. The address of a PostgreSQL may hold a password; neither is ever printed."""

    address: str
    token: str = ""

    def __repr__(self) -> str:
        return "Server(…)"


def sources() -> Sources:
    """The adapters, ready to be handed to the engine."""
    return {SourceKind.POSTGRESQL: _postgres, SourceKind.REST: _rest}


def servers() -> Mapping[str, Server]:
    """The servers of this deployment, by name; none where no list is given."""
    path = settings.REGISTRY_SERVERS
    if path is None:
        return {}
    try:
        found = path.stat()
    except OSError as error:
        raise RegistryServersUnreadable(file=path.name, found=error.strerror) from None
    if found.st_mode & 0o077:
        raise RegistryServersUnreadable(file=path.name, found=f"mode {found.st_mode & 0o777:o}")
    return _read(path, found.st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, _written: int) -> Mapping[str, Server]:
    try:
        loaded = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return {str(name): Server(**entry) for name, entry in loaded.items()}
    except (OSError, YAMLError, TypeError, AttributeError) as error:
        # The kind of mistake alone: the text would quote a password.
        raise RegistryServersUnreadable(file=path.name, found=type(error).__name__) from None


def _postgres(registry: Registry) -> Table:
    return PostgresTable(registry, _server(registry).address)


def _rest(registry: Registry) -> Table:
    server = _server(registry)
    return RestTable(registry, server.address, server.token)


def _server(registry: Registry) -> Server:
    known = servers()
    if registry.source.location not in known:
        raise SourceTrouble(Reason.UNREACHABLE, f"server {registry.source.location} is not listed")
    return known[registry.source.location]
