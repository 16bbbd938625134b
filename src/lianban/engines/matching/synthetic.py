"""Made-up registries of a made-up city, from a seed: what a demo shows and what benchmarks read.

Every number has area 99 and every name is drawn from the city's lists. Planted in each table, in known
numbers: what makes real registries hard (:class:`Trap`), so that a matcher that drops or guesses is seen.
Tables are written by DuckDB; three hundred thousand rows take a second or two, a hundred million fit on a
disk without fitting in memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from lianban.engines.identifiers.credit_codes import ALPHABET, ORGANISATION_WEIGHTS
from lianban.engines.matching.recipes import RECIPES, Recipe
from lianban.engines.matching.registries import SourceKind
from lianban.engines.matching.segments import SHANGHAI
from lianban.engines.matching.values import literal, quoted
from lianban.engines.scenes.city import City, MadeUpFirm, MadeUpPerson

LATE_DAYS = 90
# Rows made at once.
_CHUNK = 2_000_000
# Persons are numbered through these birth dates, then through a thousand order codes a day, then areas.
_BORN_FROM, _BORN_DAYS = "1955-01-01", 17_897
_ANOTHER = "(i + 7000000)"
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Trap(StrEnum):
    """What is planted. The number in :data:`PER_MILLE` is how many rows of a thousand have it."""

    NONE = "none"
    REPEATED = "repeated"  # the row before once more
    BLANK = "blank"  # no number
    OLD = "old"  # the fifteen digits of the same person
    MISTYPED = "mistyped"  # a wrong check character
    OTHER_NAME = "other_name"  # the right number, another's name
    OTHER_NUMBER = "other_number"  # the right name, another's number
    UNTIDY = "untidy"  # lower case, full width or spaces


PER_MILLE: Mapping[Trap, int] = {
    Trap.REPEATED: 6, Trap.BLANK: 5, Trap.OLD: 8, Trap.MISTYPED: 5, Trap.OTHER_NAME: 4, Trap.OTHER_NUMBER: 4, Trap.UNTIDY: 6,
}  # fmt: skip
_TRAPS = tuple(Trap)


@dataclass(frozen=True, slots=True)
class MadeRegistry:
    """One table that was written. ``planted`` counts its rows by trap; the rest are plain."""

    registry: str
    path: Path
    rows: int
    planted: Mapping[Trap, int]


def make_registries(
    city: City,
    folder: Path | str,
    *,
    at: datetime,
    seed: int = 1,
    rows: int = 320_000,
    people: Iterable[MadeUpPerson] = (),
    firms: Iterable[MadeUpFirm] = (),
    only: Collection[str] = (),
) -> tuple[MadeRegistry, ...]:
    """Write the city's registries into ``folder``, ``rows`` in all; the same arguments, the same rows.

    ``people`` and ``firms`` (the parties of the demo's matters, say) are given rows in most registries; the
    others are numbered through. ``at`` is shortly after the tables' as-of time, but for one registry that is
    ``LATE_DAYS`` old, and one that lacks a declared column, so that both states can be seen.
    """
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    recipes = [recipe for recipe in RECIPES if not only or recipe.code in only]
    shares = sum(recipe.share for recipe in recipes)
    with closing(duckdb.connect(config={"temp_directory": str(root / ".spill")})) as connection:
        known = _known(connection, people, firms)
        _names(connection, city)
        return tuple(
            _write(
                connection,
                recipe,
                root,
                city,
                at,
                max(1, rows * recipe.share // shares),
                (seed, place),
                known,
            )
            for place, recipe in enumerate(recipes)
        )


def _write(
    connection: duckdb.DuckDBPyConnection,
    recipe: Recipe,
    root: Path,
    city: City,
    at: datetime,
    rows: int,
    seed: tuple[int, int],
    known: tuple[int, int],
) -> MadeRegistry:
    draw = np.random.default_rng(seed)
    # As-of times have a day's resolution here: the table is the one of last night.
    as_of = (at.astimezone(SHANGHAI) - timedelta(days=LATE_DAYS if recipe.late else 0, hours=6)).strftime(
        "%Y-%m-%d %H:%M:%S"
    )
    planted = dict.fromkeys(_TRAPS, 0)
    connection.execute("DROP TABLE IF EXISTS made")
    for start in range(0, rows, _CHUNK):
        size = min(_CHUNK, rows - start)
        arrays, traps = _draws(draw, recipe, start, size, rows, known)
        connection.register("drawn", arrays)
        selection = _selection(recipe, city, as_of)
        verb = "INSERT INTO made" if start else "CREATE TABLE made AS"
        connection.execute(f"{verb} {selection}")
        connection.unregister("drawn")
        for trap, count in zip(_TRAPS, np.bincount(traps, minlength=len(_TRAPS)).tolist(), strict=True):
            planted[trap] += count
    path = root / recipe.file
    _save(connection, recipe, path)
    connection.execute("DROP TABLE made")
    return MadeRegistry(recipe.code, path, rows, planted)


def _draws(
    draw: np.random.Generator, recipe: Recipe, start: int, size: int, rows: int, known: tuple[int, int]
) -> tuple[dict[str, Any], np.ndarray]:
    """For each row its owner's number, whether the owner is a firm, its trap, and a random word for its fields."""
    firm = draw.random(size) < recipe.firms
    turn = np.arange(start, start + size)
    persons = max(1000, rows // 2)
    strangers = turn if recipe.once else draw.integers(0, persons, size)
    owner = np.where(firm, known[1] + draw.integers(0, max(500, persons // 5), size), known[0] + strangers)
    # The first rows, each second one, go to those who are given: to half of them, whom the draw picks.
    for place, is_firm in enumerate((False, True)):
        picked = draw.permutation(known[place])[: -(-known[place] // 2)]
        chosen = picked if recipe.once else np.concatenate([picked, picked[: len(picked) // 3]])
        mine = np.flatnonzero((turn % 2 == 0) & (firm == is_firm))[: len(chosen) if not start else 0]
        owner[mine] = chosen[: len(mine)]
    traps = np.zeros(size, np.uint8)
    dice = draw.integers(0, 1000, size)
    edge = 0
    for trap, share in PER_MILLE.items():
        traps[(dice >= edge) & (dice < edge + share)] = _TRAPS.index(trap)
        edge += share
    # Old numbers are those of persons; a firm's row stays plain.
    traps[(traps == _TRAPS.index(Trap.OLD)) & firm] = 0
    repeated = np.flatnonzero(traps == _TRAPS.index(Trap.REPEATED))
    repeated = repeated[repeated > 0]
    words = draw.integers(0, 2**62, size)
    owner[repeated], firm[repeated], words[repeated] = (
        owner[repeated - 1],
        firm[repeated - 1],
        words[repeated - 1],
    )
    return {"i": owner, "firm": firm, "trap": traps, "h": words, "turn": turn}, traps


def _selection(recipe: Recipe, city: City, as_of: str) -> str:
    """One row of the table for each draw. ``h`` feeds the recipe's own columns."""
    area, trap = int(city.area_code), {trap: place for place, trap in enumerate(_TRAPS)}
    person, firm = _person_number("i", area), _firm_number("i", area)
    number = f"CASE WHEN firm THEN coalesce(kf.code, {firm}) ELSE coalesce(kp.id, {person}) END"
    other = (
        f"CASE WHEN trap <> {trap[Trap.OTHER_NUMBER]} THEN NULL "
        f"WHEN firm THEN {_firm_number(_ANOTHER, area)} ELSE {_person_number(_ANOTHER, area)} END"
    )
    name = f"CASE WHEN firm THEN coalesce(kf.name, {_firm_name('i', city)}) ELSE coalesce(kp.name, {_person_name('i', city)}) END"
    other_name = f"CASE WHEN trap <> {trap[Trap.OTHER_NAME]} THEN NULL WHEN firm THEN {_firm_name('i + 1', city)} ELSE {_person_name('i + 1', city)} END"
    wrong = "left(number, 17) || CASE WHEN right(number, 1) = '0' THEN '1' ELSE '0' END"
    untidy = (
        "CASE h % 3 WHEN 0 THEN lower(number) WHEN 1 THEN translate(number, '0123456789', '０１２３４５６７８９') "
        "ELSE ' ' || number || '　' END"
    )
    chosen = [
        f"CASE trap WHEN {trap[Trap.BLANK]} THEN CASE h % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE ' ' END "
        # Born before 2000, an old card is possible; after, the number stays as it is.
        f"WHEN {trap[Trap.OLD]} THEN CASE WHEN number[7:8] = '19' THEN number[1:6] || number[9:17] ELSE number END "
        f"WHEN {trap[Trap.MISTYPED]} THEN {wrong} WHEN {trap[Trap.OTHER_NUMBER]} THEN other "
        f"WHEN {trap[Trap.UNTIDY]} THEN {untidy} ELSE number END AS {quoted(recipe.number)}",
        f"CASE WHEN trap = {trap[Trap.OTHER_NAME]} THEN other_name ELSE name END AS {quoted(recipe.name)}",
        *(f"{sql} AS {quoted(column)}" for column, sql in recipe.columns.items()),
        f"TIMESTAMP {literal(as_of)} AS gxsj",
    ]
    return (
        f"SELECT {', '.join(chosen)} FROM (SELECT d.*, {number} AS number, {other} AS other, {name} AS name, "  # noqa: S608
        f"{other_name} AS other_name FROM drawn d LEFT JOIN known_people kp ON NOT d.firm AND d.i = kp.place "
        "LEFT JOIN known_firms kf ON d.firm AND d.i = kf.place) ORDER BY turn"
    )


def _person_number(i: str, area: int) -> str:
    """The resident number of person ``i``, its check character by GB 11643."""
    digits = (
        f"(({area}::BIGINT + ({i}) // {_BORN_DAYS * 1000}) * 100000000000 + "
        f"strftime(DATE '{_BORN_FROM}' + (({i}) * 7919 % {_BORN_DAYS})::INTEGER, '%Y%m%d')::BIGINT * 1000 + "
        f"({i}) // {_BORN_DAYS} % 1000)"
    )
    total = " + ".join(
        f"({digits} // {10 ** (16 - place)} % 10) * {weight}"
        for place, weight in enumerate(_RESIDENT_WEIGHTS)
    )
    return f"({digits}::VARCHAR || substr('10X98765432', (1 + ({total}) % 11)::INTEGER, 1))"


def _firm_number(i: str, area: int) -> str:
    """The credit code of firm ``i``: department 9, category 1, its subject in eight digits."""
    subject = f"({i} + 10000000)"
    digits = [f"({subject} // {10 ** (7 - place)} % 10)" for place in range(8)]
    inner = f"((11 - ({' + '.join(f'{d} * {w}' for d, w in zip(digits, ORGANISATION_WEIGHTS, strict=True))}) % 11) % 11)"
    head = f"91{area}"
    values = [*head, *digits, f"CASE {inner} WHEN 10 THEN {ALPHABET.index('X')} ELSE {inner} END"]
    total = " + ".join(f"({value}) * {pow(3, place, 31)}" for place, value in enumerate(values))
    middle = f"CASE {inner} WHEN 10 THEN 'X' ELSE {inner}::VARCHAR END"
    return f"('{head}' || {subject}::VARCHAR || {middle} || substr('{ALPHABET}', (1 + (31 - ({total}) % 31) % 31)::INTEGER, 1))"


def _person_name(i: str, city: City) -> str:
    second = f"CASE WHEN ({i}) % 3 > 0 THEN given[(1 + ({i}) // 7 % {len(city.given)})::INTEGER] ELSE '' END"
    return (
        (
            f"(surnames[(1 + ({i}) * 31 % {len(city.surnames)})::INTEGER] || "
            f"given[(1 + ({i}) // 3 % {len(city.given)})::INTEGER] || {second})"
        )
        .replace("surnames[", "getvariable('surnames')[")
        .replace("given[", "getvariable('given')[")
    )


def _firm_name(i: str, city: City) -> str:
    return (
        "("
        + " || ".join(
            f"getvariable('{words}')[(1 + ({i}) // {step} % {len(getattr(city, words))})::INTEGER]"
            for words, step in (("firm_words", 1), ("firm_trades", 5), ("firm_forms", 11))
        )
        + ")"
    )


def _names(connection: duckdb.DuckDBPyConnection, city: City) -> None:
    for variable in ("surnames", "given", "firm_words", "firm_trades", "firm_forms"):
        words = ", ".join(literal(word) for word in getattr(city, variable))
        connection.execute(f"SET VARIABLE {variable} = [{words}]")


def _known(
    connection: duckdb.DuckDBPyConnection, people: Iterable[MadeUpPerson], firms: Iterable[MadeUpFirm]
) -> tuple[int, int]:
    """Tables of those who are given; returns how many persons and firms they are."""
    persons, companies = list(people), list(firms)
    connection.execute("CREATE TABLE known_people (place BIGINT, id VARCHAR, name VARCHAR)")
    connection.execute("CREATE TABLE known_firms (place BIGINT, code VARCHAR, name VARCHAR)")
    for table, rows in (
        ("known_people", [(place, one.id_number, one.name) for place, one in enumerate(persons)]),
        ("known_firms", [(place, one.credit_code, one.name) for place, one in enumerate(companies)]),
    ):
        if rows:
            arrays = {name: np.array([row[column] for row in rows], dtype=kind) for column, (name, kind) in enumerate((("place", np.int64), ("number", object), ("name", object)))}  # fmt: skip
            connection.register("given_rows", arrays)
            connection.execute(f"INSERT INTO {table} SELECT * FROM given_rows")  # noqa: S608
            connection.unregister("given_rows")
    return len(persons), len(companies)


def _save(connection: duckdb.DuckDBPyConnection, recipe: Recipe, path: Path) -> None:
    """Written beside and renamed, so that who reads it never sees half a table."""
    beside = path.with_name(f".{path.name}.new")
    if recipe.lacks:
        connection.execute(f"ALTER TABLE made DROP COLUMN {quoted(recipe.lacks)}")
    match recipe.kind:
        case SourceKind.CSV:
            connection.execute(f"COPY made TO {literal(str(beside))} (FORMAT csv, HEADER)")
            # As Chinese Windows writes it.
            text = beside.read_text(encoding="utf-8")
            beside.write_text(text, encoding="gb18030", newline="")
        case SourceKind.SQLITE:
            beside.unlink(missing_ok=True)
            _save_sqlite(connection, recipe, beside)
        case _:
            connection.execute(f"COPY made TO {literal(str(beside))} (FORMAT parquet, COMPRESSION zstd)")
    beside.replace(path)


def _save_sqlite(connection: duckdb.DuckDBPyConnection, recipe: Recipe, path: Path) -> None:
    described = connection.execute("DESCRIBE made").fetchall()
    columns = ", ".join(f"{quoted(row[0])} {'INTEGER' if 'INT' in row[1] else 'TEXT'}" for row in described)
    with closing(sqlite3.connect(path)) as target, target:
        target.execute(f"CREATE TABLE {quoted(recipe.code)} ({columns})")
        cursor = connection.execute(f"SELECT {', '.join(f'{quoted(r[0])}' if 'INT' in r[1] else f'{quoted(r[0])}::VARCHAR' for r in described)} FROM made")  # noqa: S608  # fmt: skip
        marks = ", ".join("?" * len(described))
        while rows := cursor.fetchmany(50_000):
            target.executemany(f"INSERT INTO {quoted(recipe.code)} VALUES ({marks})", rows)  # noqa: S608
