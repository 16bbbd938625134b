"""Builds the index of all registries, or anew of some: streaming, sorted, swapped in at once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from lianban.engines.matching.errors import IndexBusy, IndexUnreadable, NoIndex, UnknownRegistry
from lianban.engines.matching.files import open_table
from lianban.engines.matching.keys import DIGEST_SQL, LANE_OF, Lane
from lianban.engines.matching.manifest import (
    NAME,
    File,
    Indexed,
    Manifest,
    read_manifest,
    sealed,
    sync_folder,
)
from lianban.engines.matching.postings import ROW_BITS, PostingWriter
from lianban.engines.matching.registries import Registry, Rows
from lianban.engines.matching.results import Reason
from lianban.engines.matching.segments import TABLE, Counted, prepare
from lianban.engines.matching.sources import Sources, SourceTrouble
from lianban.engines.matching.values import literal

LOCK = "build.lock"
# Sorted entries handed on at once: 16 or 24 MB.
_CHUNK = 1 << 20
_COLUMN = {Lane.RESIDENT: "r", Lane.CREDIT: "c", Lane.TEXT: "t", Lane.NAME: "n"}


@dataclass(frozen=True, slots=True)
class RegistryReport:
    """What a build found in one registry. The four kinds of key texts add up to the key columns' cells.

    ``valid`` texts are valid identifiers (``old`` of them of fifteen digits), ``invalid`` are not,
    ``blank`` are empty; ``repeated`` counts rows beyond the first of a valid key.
    """

    registry: str
    rows: int
    valid: int
    old: int
    invalid: int
    blank: int
    repeated: int
    as_of: datetime | None
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. ``version`` names the index that is now answered from."""

    version: str
    registries: Mapping[str, RegistryReport]

    @property
    def broken(self) -> tuple[str, ...]:
        """The registries that could not be indexed; they answer ``broken`` until they can."""
        return tuple(code for code, report in self.registries.items() if report.reason is not None)


def build_index(
    registries: Mapping[str, Registry],
    folder: Path | str,
    *,
    data: Path | str,
    now: datetime,
    only: Collection[str] = (),
    sources: Sources | None = None,
    demo: bool = False,
    memory: str = "2GB",
    threads: int | None = None,
) -> BuildReport:
    """Index ``registries`` into ``folder`` and swap the new index in; those who read keep the old one.

    ``data`` is the folder that declared files stand below. ``only`` reads these registries again and takes
    the others as they were indexed before (one that was not, or is declared otherwise now, is read as
    well). ``demo`` accepts numbers of made-up people (prefix 99). A registry whose table cannot be read
    does not stop the build: the report and every later answer say so; only where its server did not answer,
    what was indexed before stays, and grows late by itself. Killed at any moment, the index that was there
    still answers. ``memory`` bounds what sorting may use before it spills into ``folder``. Raises
    :class:`~lianban.engines.matching.errors.IndexBusy` while another build runs,
    :class:`~lianban.engines.matching.errors.UnknownRegistry` for a wrong ``only``.
    """
    for code in only:
        if code not in registries:
            raise UnknownRegistry(registry=code, known=", ".join(registries) or "—")
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(root):
        before = _before(root)
        build = _Build(root, Path(data), (before.generation if before else 0) + 1, now, sources, demo)
        build.sweep(before)
        # An index that took other numbers for valid has nothing that could be kept.
        kept = before.registries if before and before.demo == demo else {}
        with build.database(memory, threads) as connection:
            entries: dict[str, Indexed] = {}
            reports: dict[str, RegistryReport] = {}
            for slot, (code, registry) in enumerate(sorted(registries.items())):
                slots = tuple(slot << 4 | place for place in range(len(registry.keys)))
                old = kept.get(code)
                if only and code not in only and old and old.segment and old.hash == registry.hash:
                    entry = replace(old, slots=slots)
                else:
                    entry = build.registry(registry, slots, connection)
                if entry.reason is Reason.UNREACHABLE and old and old.segment and old.hash == registry.hash:
                    reports[code], entry = _report(entry), replace(old, slots=slots)
                entries[code] = entry
                reports.setdefault(code, _report(entry))
            postings = build.postings(entries, registries, connection)
        manifest = Manifest(build.generation, now, demo, postings, entries)
        sync_folder(root)
        manifest.write(root)
        build.sweep(manifest)
        return BuildReport(manifest.version, reports)


@dataclass(frozen=True)
class _Build:
    """One run. Files of its generation carry its number."""

    root: Path
    data: Path
    generation: int
    now: datetime
    sources: Sources | None
    demo: bool

    @contextmanager
    def database(self, memory: str, threads: int | None) -> Iterator[duckdb.DuckDBPyConnection]:
        """The build's own database, on disk so that what exceeds memory spills; removed afterwards."""
        path = self.root / f"build-{self.generation:06d}.duckdb"
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": str(self.root / "build.spill"),
        }
        if threads:
            settings["threads"] = threads
        with closing(duckdb.connect(str(path), config=settings)) as connection:
            connection.execute("SET TimeZone = 'Asia/Shanghai'")
            yield connection

    def registry(
        self, registry: Registry, slots: tuple[int, ...], connection: duckdb.DuckDBPyConnection
    ) -> Indexed:
        """Read one registry. Trouble with its table is part of the result."""
        segment = self.root / f"{registry.code}-{self.generation:06d}.duckdb"
        store = None
        if registry.rows is Rows.PREPARED:
            store = self.root / f"{registry.code}-{self.generation:06d}.rows"
        try:
            with closing(open_table(registry, self.data, self.sources)) as table:
                fingerprint = table.fingerprint()
                counted = prepare(registry, table, connection, segment, store, demo=self.demo)
                if table.fingerprint() != fingerprint:
                    raise SourceTrouble(Reason.INDEX_STALE, "changed while it was read")
        except SourceTrouble as trouble:
            for path in (segment, store):
                if path is not None:
                    path.unlink(missing_ok=True)
            nothing = self._indexed(registry, "", slots, Counted(), None, None)
            return replace(nothing, reason=Reason(trouble.reason), detail=trouble.detail)
        return self._indexed(
            registry, fingerprint, slots, counted, sealed(segment), sealed(store) if store else None
        )

    def _indexed(
        self,
        registry: Registry,
        fingerprint: str,
        slots: tuple[int, ...],
        counted: Counted,
        segment: File | None,
        store: File | None,
    ) -> Indexed:
        return Indexed(
            registry=registry.code, hash=registry.hash, fingerprint=fingerprint, slots=slots, as_of=counted.as_of,
            indexed_at=self.now, rows=counted.rows, valid=counted.valid, old=counted.old, invalid=counted.invalid,
            blank=counted.blank, repeated=counted.repeated, segment=segment, store=store,
        )  # fmt: skip

    def postings(
        self,
        entries: Mapping[str, Indexed],
        registries: Mapping[str, Registry],
        connection: duckdb.DuckDBPyConnection,
    ) -> File:
        """Sort the postings of every segment, lane by lane, into one file."""
        whole = [(code, entry) for code, entry in entries.items() if entry.segment is not None]
        for code, entry in whole:
            assert entry.segment is not None
            connection.execute(
                f'ATTACH {literal(str(self.root / entry.segment.name))} AS "s {code}" (READ_ONLY)'
            )
        path = self.root / f"postings-{self.generation:06d}.lmdb"
        writer = PostingWriter(path, sum(4 * entry.rows * len(entry.slots) for _code, entry in whole))
        for lane in Lane:
            parts = [
                _postings_of(lane, code, place, slot)
                for code, entry in whole
                for place, slot in enumerate(entry.slots)
                if lane in (Lane.TEXT, Lane.NAME)
                or lane in {LANE_OF[kind] for kind in registries[code].keys[place].kinds}
            ]
            if not parts:
                continue
            words = ["key"] if lane is Lane.RESIDENT else ["high", "low"]
            order = ", ".join([*words, "posting"])
            union = " UNION ALL ".join(parts)
            connection.execute(f"CREATE TABLE sorted AS SELECT {order} FROM ({union}) ORDER BY {order}")  # noqa: S608
            for start in range(0, connection.execute("SELECT count(*) FROM sorted").fetchall()[0][0], _CHUNK):
                chunk = connection.execute(
                    f"SELECT {order} FROM sorted WHERE rowid >= {start} AND rowid < {start + _CHUNK} ORDER BY rowid"  # noqa: S608
                ).fetchnumpy()
                writer.add(lane, *(chunk[word] for word in [*words, "posting"]))
            connection.execute("DROP TABLE sorted")
        writer.finish()
        for code, _entry in whole:
            connection.execute(f'DETACH "s {code}"')
        return sealed(path)

    def sweep(self, manifest: Manifest | None) -> None:
        """Remove what ``manifest`` does not name: of builds that were killed, of the generation before."""
        named = (manifest.files if manifest else frozenset()) | {NAME, LOCK}
        for path in self.root.iterdir():
            if path.is_dir() and path.name == "build.spill":
                for spilled in path.iterdir():
                    spilled.unlink()
                path.rmdir()
            elif path.name not in named:
                path.unlink()


def _postings_of(lane: Lane, code: str, place: int, slot: int) -> str:
    column = f"{_COLUMN[lane]}{place}"
    posting = f"({slot}::UBIGINT << {ROW_BITS}) | row_no AS posting"
    if lane is Lane.RESIDENT:
        keys = f"{column} AS key"
    else:
        wide = column if lane is Lane.CREDIT else DIGEST_SQL.format(column)
        keys = (
            f"(({wide}) >> 64)::UBIGINT AS high, (({wide}) & 18446744073709551615::UHUGEINT)::UBIGINT AS low"
        )
    return f'SELECT {keys}, {posting} FROM "s {code}".{TABLE} WHERE {column} IS NOT NULL'  # noqa: S608


def _before(root: Path) -> Manifest | None:
    """The index that is there, if it can be read."""
    try:
        return read_manifest(root)
    except (NoIndex, IndexUnreadable):
        return None


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """One build at a time; the lock of a killed process goes with it."""
    handle = os.open(root / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy(folder=root.name) from None
        yield
    finally:
        os.close(handle)


def _report(entry: Indexed) -> RegistryReport:
    return RegistryReport(
        entry.registry, entry.rows, entry.valid, entry.old, entry.invalid, entry.blank, entry.repeated,
        entry.as_of, entry.reason, entry.detail,
    )  # fmt: skip
