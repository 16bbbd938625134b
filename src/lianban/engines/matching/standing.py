"""How a registry stands at the moment of asking: whole and fresh, late, broken, or not to be asked at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching.asking import Scope
from lianban.engines.matching.files import open_table
from lianban.engines.matching.manifest import Manifest
from lianban.engines.matching.registries import Registry
from lianban.engines.matching.results import Reason, RegistryAnswer, RegistryState, Status
from lianban.engines.matching.sources import Sources, SourceTrouble, Table

# A clock that runs ahead a little is no lie; an as-of time next year says nothing about the data.
_AHEAD = timedelta(hours=24)


class Standings:
    """The tables of declared registries, held open to see whether they are still what was indexed."""

    def __init__(self, registries: Mapping[str, Registry], data: Path, sources: Sources | None) -> None:
        self.registries = dict(sorted(registries.items()))
        self.data, self.sources = data, sources
        self.tables: dict[str, Table] = {}

    def table(self, registry: Registry) -> Table:
        """Its table, opened once. Raises :class:`SourceTrouble`."""
        table = self.tables.get(registry.code)
        if table is None:
            table = self.tables[registry.code] = open_table(registry, self.data, self.sources)
        return table

    def state(self, registry: Registry, manifest: Manifest, now: datetime) -> RegistryState:
        """Its state in the index of ``manifest`` at ``now``."""
        entry = manifest.registries.get(registry.code)
        if entry is None:
            return RegistryState(registry.code, Status.BROKEN, Reason.NOT_INDEXED, None, 0, None)
        status, reason = Status.BROKEN, entry.reason
        if entry.hash != registry.hash:
            reason = Reason.DECLARATION_CHANGED
        elif reason is None:
            reason = self._trouble(registry, entry.fingerprint)
        if reason is None:
            status, reason = _lateness(entry.as_of, registry.fresh_hours, now)
        return RegistryState(registry.code, status, reason, entry.as_of, entry.rows, entry.indexed_at)

    def opened(
        self,
        registry: Registry,
        manifest: Manifest,
        scope: Scope,
        kinds: frozenset[IdentifierKind],
        now: datetime,
    ) -> RegistryAnswer:
        """The answer of a registry but for its hits: ``NONE`` or ``LATE`` where it is to be asked.

        ``kinds`` are those of the identifiers asked about; one in common is enough.
        """
        questions = tuple(question for question in registry.questions if question in scope.questions)
        reason = None
        if not questions or (scope.registries and registry.code not in scope.registries):
            reason = Reason.QUESTION
        elif scope.basis not in registry.accepts:
            reason = Reason.BASIS
        elif not kinds & registry.kinds:
            reason = Reason.SUBJECT
        if reason is not None:
            return RegistryAnswer(
                registry.code, registry.title, registry.agency, Status.NOT_ASKED, (), None, reason=reason
            )
        state = self.state(registry, manifest, now)
        return RegistryAnswer(
            registry.code,
            registry.title,
            registry.agency,
            state.status,
            questions,
            state.as_of,
            reason=state.reason,
        )

    def close(self) -> None:
        for table in self.tables.values():
            table.close()
        self.tables.clear()

    def _trouble(self, registry: Registry, fingerprint: str) -> Reason | None:
        try:
            current = self.table(registry).fingerprint()
        except SourceTrouble as trouble:
            return Reason(trouble.reason)
        # A source that cannot tell cheaply has no fingerprint; its as-of time alone says how old it is.
        return Reason.INDEX_STALE if fingerprint and current and current != fingerprint else None


def _lateness(as_of: datetime | None, fresh_hours: int, now: datetime) -> tuple[Status, Reason | None]:
    if as_of is None or as_of - now > _AHEAD:
        return Status.LATE, Reason.NO_AS_OF
    if now - as_of > timedelta(hours=fresh_hours):
        return Status.LATE, Reason.OLD
    return Status.NONE, None
