"""What the engine needs of a table, wherever it stands.

Files (Parquet, CSV, DuckDB, SQLite) are read by :mod:`lianban.engines.matching.files`. Servers
(PostgreSQL, an agency's REST service) need the network, which an engine does not have: their adapters are
in :mod:`lianban.records.registry_sources` and are handed in as :class:`Sources`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from duckdb import DuckDBPyConnection

from lianban.engines.matching.registries import Registry, SourceKind


class SourceTrouble(Exception):
    """A table cannot be used now. ``reason`` is a value of :class:`~lianban.engines.matching.results.Reason`.

    Never leaves the engine: a build records it, a question answers ``broken``.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


class Table(Protocol):
    """One table, open for reading. Every method may raise :class:`SourceTrouble`."""

    def fingerprint(self) -> str:
        """Changes whenever the data does, cheap enough to be taken at every question ("" if nothing can tell)."""

    def stage(self, connection: DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
        """Make ``table`` in ``connection`` with ``lianban_row`` UBIGINT (the row's number from 0, or its key)
        and the named columns, in the table's order."""

    def modified(self) -> float | None:
        """When the table was last written, in seconds since 1970; ``None`` if nothing says so."""

    def fetch(self, rows: Sequence[int], columns: Sequence[str]) -> Mapping[int, Sequence[Any]]:
        """The named columns of some rows, by row number or key; rows that are gone are left out."""

    def close(self) -> None: ...


Opener = Callable[[Registry], Table]
Sources = Mapping[SourceKind, Opener]
