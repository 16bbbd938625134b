"""The made-up registries: the same from the same seed, with every trap, and matched by rule and by hand alike."""

from __future__ import annotations

import sqlite3
from collections import Counter
from itertools import islice
from pathlib import Path

import duckdb
import pytest
from registry_making import NOW, naive

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching import (
    Asked,
    NameCheck,
    Parties,
    PointIndex,
    Reason,
    Scope,
    Status,
    build_index,
    collide_batch,
    load_registries,
)
from lianban.engines.matching.recipes import RECIPES
from lianban.engines.matching.synthetic import PER_MILLE, Trap, make_registries
from lianban.engines.scenes.city import load_city

PROJECT = Path(__file__).resolve().parents[2]
CITY = load_city(PROJECT / "scenes" / "city.yaml")
PEOPLE, FIRMS = list(islice(CITY.people(5), 60)), list(islice(CITY.firms(5), 30))


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """The thirteen registries with 26,000 rows, indexed."""
    folder = tmp_path_factory.mktemp("made")
    made = make_registries(CITY, folder / "data", at=NOW, rows=26_000, people=PEOPLE, firms=FIRMS)
    registries = load_registries(PROJECT / "scenes" / "registries")
    report = build_index(registries, folder / "index", data=folder / "data", now=NOW, demo=True)
    return folder, registries, {one.registry: one for one in made}, report


def rows_of(folder: Path, recipe) -> list[tuple]:
    """(number, name) of every row of a table, by row number."""
    path = folder / "data" / recipe.file
    if recipe.file.endswith("sqlite"):
        with sqlite3.connect(path) as table:
            found = table.execute(
                f"SELECT {recipe.number}, {recipe.name} FROM {recipe.code} ORDER BY rowid"
            ).fetchall()
        table.close()
        return found
    if recipe.file.endswith("csv"):
        # An empty cell of a CSV is no text: as the engine reads it.
        lines = path.read_text(encoding="gb18030").splitlines()
        head = lines[0].split(",")
        cells = [line.split(",") for line in lines[1:]]
        return [(row[head.index(recipe.number)].strip('"'), row[head.index(recipe.name)]) for row in cells]
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT {recipe.number}, {recipe.name} FROM read_parquet('{path}', file_row_number = true) ORDER BY file_row_number"
        ).fetchall()


def test_made_registries_are_the_same_from_the_same_seed(tmp_path):
    """Byte for byte where the format allows: the same seed gives the same tables, another gives others."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make_registries(CITY, tmp_path / name, at=NOW, rows=3_000, seed=seed, people=PEOPLE)
    same = [(tmp_path / name / "vehicles.parquet").read_bytes() for name in "abc"]
    assert same[0] == same[1] != same[2]


def test_made_registries_hold_every_trap(ground):
    """Each trap is planted about as often as it says, in every table."""
    _folder, _registries, made, report = ground
    total: Counter = Counter()
    for one in made.values():
        total.update(one.planted)
    rows = sum(one.rows for one in made.values())
    for trap, share in PER_MILLE.items():
        assert 0.5 < total[trap] / rows * 1000 / share < 1.5, trap
    found = report.registries["household"]
    planted = made["household"].planted
    assert found.blank == planted[Trap.BLANK]
    assert found.invalid == planted[Trap.MISTYPED]
    assert 0 < found.old <= planted[Trap.OLD]
    assert report.broken == ("insurance",)
    assert report.registries["insurance"].detail == "xjjz"


def test_made_registries_by_rule_and_by_hand(ground):
    """For every given person and firm and for those of trapped rows, point, batch and the naive executor agree."""
    folder, registries, _made, _report = ground
    questions = frozenset(question for registry in registries.values() for question in registry.questions)
    scope = Scope(questions, "cpl_2023_253")
    asked = [
        Asked(f"p{n}", IdentifierKind.RESIDENT_ID, one.id_number, one.name)
        for n, one in enumerate(PEOPLE[:40])
    ]
    asked += [
        Asked(f"f{n}", IdentifierKind.CREDIT_CODE, one.credit_code, one.name)
        for n, one in enumerate(FIRMS[:20])
    ]
    vehicles = rows_of(folder, next(recipe for recipe in RECIPES if recipe.code == "vehicles"))
    odd = [
        row for row in vehicles if (row[0] and len(row[0].strip()) != 18) or (row[0] and not row[0].isascii())
    ]
    asked += [
        Asked(f"o{n}", IdentifierKind.RESIDENT_ID, number, name) for n, (number, name) in enumerate(odd[:20])
    ]
    point = PointIndex(registries, folder / "index", data=folder / "data", demo=True)
    collisions = [point.collide(one, scope, now=NOW) for one in asked]
    checks: Counter = Counter()
    for recipe in RECIPES:
        if recipe.code == "insurance":
            continue
        table = [((number, name),) for number, name in rows_of(folder, recipe)]
        for one, collision in zip(asked, collisions, strict=True):
            answer = collision.answer(recipe.code)
            expected = naive(registries[recipe.code], table, one)
            start = 1 if recipe.file.endswith("sqlite") else 0  # rowids begin with 1
            assert {hit.row - start: hit.check for hit in answer.hits} == expected, (recipe.code, one.ref)
            checks.update(expected.values())
    assert checks[NameCheck.CONFIRMED] > 100
    assert checks[NameCheck.NAME_ONLY] and checks[NameCheck.NAME_DIFFERS]
    batch = collide_batch(
        registries, folder / "index", Parties.of(asked), scope, data=folder / "data", now=NOW, demo=True
    )
    by_batch = {(hit.ref, hit.registry, hit.hit.row): hit.hit for hit in batch.hits()}
    by_point = {
        (collision.ref, answer.registry, hit.row): hit
        for collision in collisions for answer in collision.answers for hit in answer.hits
    }  # fmt: skip
    assert by_batch == by_point
    batch.close()
    late, broken = (collisions[0].answer(code) for code in ("rural_rights", "insurance"))
    assert (late.status, late.reason) == (Status.LATE, Reason.OLD)
    assert (broken.status, broken.reason) == (Status.BROKEN, Reason.SCHEMA_CHANGED)
