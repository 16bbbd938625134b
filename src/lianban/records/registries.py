"""The registries of this deployment: their declarations, the index that answers, and the directory pages read.

Declarations are files (``LIANBAN_REGISTRIES``); the tables they name stand below ``LIANBAN_REGISTRY_DATA`` or with their
agencies; the index is in the data folder, readable by its owner alone. Nothing of a table is ever in the database but
the fields of an answer.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings

from lianban.engines import matching
from lianban.engines.matching import BuildReport, NoIndex, PointIndex, Registry, Status
from lianban.records import scenes
from lianban.records.directory import directory
from lianban.records.identity import new_id

SEALED = 0o700

_STATE = {Status.NONE: "ready", Status.HIT: "ready", Status.LATE: "late", Status.BROKEN: "broken"}


def declared() -> Mapping[str, Registry]:
    """Every declared registry, by code. Raises what the engine found wrong with the declarations."""
    folder = Path(settings.REGISTRIES)
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return _declared(folder, tuple((file.name, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _declared(folder: Path, files: tuple[tuple[str, int], ...]) -> Mapping[str, Registry]:
    if not files:
        return {}
    questions: dict[str, set[str]] = {}
    for pack in scenes.scenes().values():
        for question in pack.questions.values():
            questions.setdefault(question.code, set()).update(field.code for field in question.fields)
    return matching.load_registries(folder, questions=questions)


def of_agency(
    code: str, questions: Iterable[str], basis: str, known: Mapping[str, Registry] | None = None
) -> dict[str, Registry]:
    """The registries of an agency that answer any of these questions and accept the legal basis. ``known`` spares the
    look at the files that declare them."""
    wanted = set(questions)
    return {
        name: one for name, one in (declared() if known is None else known).items()
        if one.agency == code and wanted & set(one.questions) and basis in one.accepts
    }  # fmt: skip


# --- the index


def index_folder() -> Path:
    """Where the packed keys are: in the data folder, mode 0700."""
    folder = Path(settings.REGISTRY_INDEX or Path(settings.DATA_FOLDER) / "registries" / "index")
    for place in (folder,) if settings.REGISTRY_INDEX else (folder.parent, folder):
        place.mkdir(mode=SEALED, parents=True, exist_ok=True)
        if place.stat().st_mode & 0o077 and place.stat().st_uid == os.geteuid():
            place.chmod(SEALED)
    return folder


def build(now: datetime, only: Iterable[str] = ()) -> BuildReport:
    """Index the tables and swap the new index in. Those who read keep the old one until they ask again."""
    return matching.build_index(
        declared(), index_folder(), data=Path(settings.REGISTRY_DATA), now=now, only=tuple(only), sources=sources(),
        demo=settings.DEMO,
    )  # fmt: skip


def sources() -> matching.Sources | None:
    """The adapters of registries that are not files: an agency's PostgreSQL, its REST service."""
    name = "lianban.records.registry_sources"
    return import_module(name).sources() if find_spec(name) else None


_open: dict[tuple[Any, ...], PointIndex] = {}


def point_index() -> PointIndex | None:
    """The index, open for the life of the process; None where none was built yet."""
    known = declared()
    if not known:
        return None
    key = (id(known), index_folder(), settings.DEMO)
    if key not in _open:
        for old in _open.values():
            old.close()
        _open.clear()
        try:
            _open[key] = PointIndex(
                known, key[1], data=Path(settings.REGISTRY_DATA), sources=sources(), demo=settings.DEMO
            )
        except NoIndex:
            return None
    return _open[key]


def close_index() -> None:
    """Let go of the index (a test's folder goes away with it)."""
    for old in _open.values():
        old.close()
    _open.clear()


# --- the directory


@dataclass(frozen=True, slots=True)
class RegistryLine:
    """One registry as the pages show it. ``fields`` are by question code the codes that may leave."""

    code: str
    agency: UUID
    name_zh: str
    name_en: str
    fields: Mapping[str, list[str]]
    legal_basis: list[str]
    read_from: str
    rows: int
    as_of: datetime | None
    fresh_hours: int
    state: str
    reason: str
    index_version: str
    indexed_at: datetime | None
    checked_at: datetime

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_zh


_COLUMNS = (
    "code", "agency_id", "name_zh", "name_en", "fields::text", "legal_basis", "read_from", "rows", "as_of", "fresh_hours",
    "state", "reason", "index_version", "indexed_at", "checked_at",
)  # fmt: skip


def lines(cursor: Any) -> list[RegistryLine]:
    """Every registry, agency by agency in the order of the directory."""
    cursor.execute(
        f"SELECT {', '.join(f'r.{name}' for name in _COLUMNS)} FROM registry r JOIN agency a ON a.id = r.agency_id"  # noqa: S608
        " ORDER BY a.sort_key, a.code, r.code"
    )
    return [RegistryLine(*[*row[:4], orjson.loads(row[4]), *row[5:]]) for row in cursor.fetchall()]


def publish(cursor: Any, now: datetime, version: str = "") -> list[RegistryLine]:
    """Write what the index says of each registry now into the directory, and drop those no longer declared. Run by the
    owner role, after a build and whenever the state is looked at."""
    known, index = declared(), point_index()
    states = index.states(now) if index else {}
    agencies = directory(cursor)
    cursor.execute("DELETE FROM registry WHERE NOT code = ANY(%s)", [list(known)])
    for code, one in known.items():
        state = states.get(code)
        cursor.execute(
            """INSERT INTO registry (id, code, agency_id, name_zh, name_en, fields, legal_basis, read_from, rows, as_of,
                                     fresh_hours, state, reason, index_version, indexed_at, checked_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
               ON CONFLICT (code) DO UPDATE SET
                   agency_id = excluded.agency_id, name_zh = excluded.name_zh, name_en = excluded.name_en,
                   fields = excluded.fields, legal_basis = excluded.legal_basis, read_from = excluded.read_from,
                   rows = excluded.rows, as_of = excluded.as_of, fresh_hours = excluded.fresh_hours,
                   state = excluded.state, reason = excluded.reason, indexed_at = excluded.indexed_at,
                   index_version = coalesce(nullif(excluded.index_version, ''), registry.index_version),
                   checked_at = excluded.checked_at""",
            [new_id(), code, agencies.agency(one.agency).id, one.title.zh, one.title.en,
             orjson.dumps({answering.question: [field.field for field in answering.fields]
                           for answering in one.answers}).decode(),
             sorted(one.accepts), one.rows.value, state.rows if state else 0, state.as_of if state else None,
             one.fresh_hours, _STATE.get(state.status, "broken") if state else "broken",
             (state.reason.value if state.reason else "") if state else "not_indexed", version,
             state.indexed_at if state else None, now],
        )  # fmt: skip
    return lines(cursor)
