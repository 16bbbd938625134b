"""The ground of the benchmark: eight registries, their tables and the index over them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from benchmarks.deployment import tell, timed
from benchmarks.table import PROJECT, WrongResult

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching import Asked, Registry, Scope, build_index, load_registries
from lianban.engines.matching.synthetic import make_registries
from lianban.engines.scenes.city import City, load_city

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
EIGHT = (
    "bank_accounts", "business_registration", "household", "provident_fund", "real_estate", "social_security", "tax", "vehicles",
)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """Where the tables and the index are."""

    folder: Path
    registries: Mapping[str, Registry]
    rows: int
    scope: Scope

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def index(self) -> Path:
        return self.folder / "index"

    def columns(self, registry: Registry) -> list[str]:
        """What a bare look-up selects: the name and the fields, by the table's own columns."""
        return [*registry.names, *(field.column for field in registry.fields)]

    def asked(self, count: int) -> list[Asked]:
        """Persons of the registries, drawn by their rows; every fifth is a number that nobody has."""
        with duckdb.connect() as connection:
            found = connection.execute(
                f"SELECT zjhm, xm FROM '{self.data}/household.parquet' WHERE length(zjhm) = 18 USING SAMPLE reservoir({count} ROWS) REPEATABLE (7)"
            ).fetchall()
        draw = random.Random(7)
        strangers = large_city().people(99)
        chosen = []
        for place, (number, name) in enumerate(found):
            if place % 5 == 0:
                stranger = next(strangers)
                number, name = stranger.id_number, stranger.name
            chosen.append(Asked(str(place), IdentifierKind.RESIDENT_ID, number, name))
        draw.shuffle(chosen)
        return chosen


def large_city() -> City:
    """The demo city with as many names as a large one: some millions, by a hundred surnames."""
    city = load_city(PROJECT / "scenes" / "city.yaml")
    letters = [chr(number) for number in range(0x4E00, 0x9FA5, 31)]
    return replace(city, surnames="".join(letters[:100]), given="".join(letters[100:600]))


def made(folder: Path, rows: int, only: tuple[str, ...] = EIGHT) -> Ground:
    """Write and index ``rows`` rows in all."""
    registries = {
        code: r for code, r in load_registries(PROJECT / "scenes" / "registries").items() if code in only
    }
    city = large_city()
    with timed(f"write {rows:,} rows in {len(only)} registries", rows):
        written = sum(
            made.rows for made in make_registries(city, folder / "data", at=NOW, rows=rows, only=only)
        )
    with timed("index them", written):
        report = build_index(
            registries, folder / "index", data=folder / "data", now=NOW, demo=True, memory="4GB"
        )
    if report.broken:
        raise WrongResult(f"not indexed: {report.broken}")
    size = sum(path.stat().st_blocks * 512 for path in (folder / "index").glob("postings-*"))
    keys = sum(one.valid for one in report.registries.values())
    tell(f"  postings: {size / 2**20:,.0f} MB on disk, {size / keys:.1f} bytes a key")
    questions = frozenset(question for registry in registries.values() for question in registry.questions)
    return Ground(folder, registries, written, Scope(questions, "cpl_2023_253"))
