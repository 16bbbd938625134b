"""Batch collision: the parties of open matters against the registries, joined on packed keys by DuckDB.

The segments of the index hold the packed keys, the names and the fields of every row, so one join a
registry gives its hits with all they need. The same rows, checks and fields come out as of
:class:`~lianban.engines.matching.point.PointIndex`, one party at a time; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import orjson

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.names import comparison_key
from lianban.engines.matching.asking import Asked, Scope
from lianban.engines.matching.errors import NotAKey
from lianban.engines.matching.keys import LANE_OF, Lane, pack_texts
from lianban.engines.matching.opened import fitting, whole
from lianban.engines.matching.planning import ASKED
from lianban.engines.matching.point import ORDER, best_check, hit_of, rows_at_source
from lianban.engines.matching.registries import KEY_KINDS, Registry, Rows
from lianban.engines.matching.results import Hit, NameCheck, Reason, RegistryAnswer, Status
from lianban.engines.matching.segments import LOOSE, PLAIN_SQL, TABLE, field_columns
from lianban.engines.matching.sources import Sources, SourceTrouble
from lianban.engines.matching.standing import Standings
from lianban.engines.matching.values import literal

_OPEN = 16  # and the key column's place: a check that SQL alone cannot decide
_PAGE = 10_000
_CHECKS = tuple(NameCheck)


@dataclass(frozen=True, slots=True)
class Parties:
    """Parties as columns of equal length: a million of them are no million objects."""

    refs: Sequence[str]
    kinds: Sequence[IdentifierKind]
    numbers: Sequence[str]
    names: Sequence[str]

    @classmethod
    def of(cls, asked: Iterable[Asked]) -> Parties:
        rows = tuple(asked)
        return cls(
            [one.ref for one in rows],
            [one.kind for one in rows],
            [one.number for one in rows],
            [one.name for one in rows],
        )


@dataclass(frozen=True, slots=True)
class BatchHit:
    """One row of one registry that belongs to one party."""

    ref: str
    registry: str
    hit: Hit


class BatchCollision:
    """What a batch found: one answer a registry, and a stream of hits. Close it to let go of its memory."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        parties: Parties,
        standings: Standings,
        answers: dict[str, RegistryAnswer],
        index: str,
        demo: bool,
    ) -> None:
        self.index = index
        self._connection, self._parties, self._standings, self._demo = connection, parties, standings, demo
        self._answers = answers

    @property
    def answers(self) -> Mapping[str, RegistryAnswer]:
        """Each registry's state and as-of time. ``hits`` are empty here; ``HIT`` says that there are some.

        A registry whose rows are read at the source can still turn out broken while its hits are read.
        """
        return self._answers

    def count(self) -> int:
        """How many pairs of a party and a row were joined."""
        return sum(
            self._connection.execute(f'SELECT count(*) FROM "hits {code}"').fetchall()[0][0]  # noqa: S608
            for code in self._joined()
        )

    def hits(self) -> Iterator[BatchHit]:
        """Every hit: by registry, then by the party's place in the list, then by row."""
        for code in self._joined():
            registry = self._standings.registries[code]
            if registry.rows is Rows.PREPARED:
                yield from self._prepared(registry)
            else:
                yield from self._at_source(registry)

    def close(self) -> None:
        self._connection.close()
        self._standings.close()

    def _joined(self) -> list[str]:
        return [code for code, answer in self._answers.items() if answer.status in (*ASKED, Status.HIT)]

    def _prepared(self, registry: Registry) -> Iterator[BatchHit]:
        questions = self._answers[registry.code].questions
        columns = ", ".join(field_columns(registry))
        cursor = self._connection.cursor().execute(
            f'SELECT party, row_no, best, CAST(json_array({columns}) AS VARCHAR) FROM "hits {registry.code}" '  # noqa: S608
            "ORDER BY party, row_no"
        )
        while page := cursor.fetchmany(_PAGE):
            for party, row, best, values in page:
                hit = hit_of(registry, row, _CHECKS[best], questions, orjson.loads(values))
                yield BatchHit(self._parties.refs[party], registry.code, hit)

    def _at_source(self, registry: Registry) -> Iterator[BatchHit]:
        answer = self._answers[registry.code]
        cursor = self._connection.cursor().execute(
            f'SELECT party, row_no, ways FROM "hits {registry.code}" ORDER BY party, row_no'  # noqa: S608
        )
        lanes = tuple(Lane)
        rows = iter(cursor.fetchone, None)
        for party, group in groupby(rows, key=lambda row: row[0]):
            reached = {row: [(way // 4, lanes[way % 4]) for way in ways] for _party, row, ways in group}
            asked = self._party(party)
            try:
                found = rows_at_source(self._standings, registry, reached, asked, demo=self._demo)
            except SourceTrouble as trouble:
                self._answers[registry.code] = replace(
                    answer, status=Status.BROKEN, reason=Reason(trouble.reason)
                )
                return
            wanted = comparison_key(asked.name)
            for row, values in found.items():
                check = best_check(registry, reached[row], values, asked.name, wanted)
                hit = hit_of(registry, row, check, answer.questions, values)
                yield BatchHit(asked.ref, registry.code, hit)

    def _party(self, place: int) -> Asked:
        parties = self._parties
        return Asked(parties.refs[place], parties.kinds[place], parties.numbers[place], parties.names[place])


def collide_batch(
    registries: Mapping[str, Registry],
    folder: Path | str,
    parties: Parties,
    scope: Scope,
    *,
    data: Path | str,
    now: datetime,
    sources: Sources | None = None,
    demo: bool = False,
    memory: str = "2GB",
    threads: int | None = None,
) -> BatchCollision:
    """Collide ``parties`` with every registry of the scope; the same hits as :class:`PointIndex` one by one.

    Raises :class:`~lianban.engines.matching.errors.NoIndex` where none was built, and
    :class:`~lianban.engines.matching.errors.NotAKey` for other kinds of identifier.
    """
    for kind in set(parties.kinds):
        if kind not in KEY_KINDS:
            raise NotAKey(kind=kind.value)
    root = Path(folder)
    manifest = fitting(root, demo=demo)
    standings = Standings(registries, Path(data), sources)
    kinds = frozenset(parties.kinds)
    answers = {
        code: standings.opened(registry, manifest, scope, kinds, now)
        for code, registry in standings.registries.items()
    }
    settings: dict[str, str | bool | int | float | list[str]] = {"memory_limit": memory}
    # What does not fit into memory spills beside the index, in its sealed folder, and not wherever the process stands.
    settings["temp_directory"] = str(root / "spill")
    if threads:
        settings["threads"] = threads
    connection = duckdb.connect(config=settings)
    connection.execute("SET TimeZone = 'Asia/Shanghai'")
    _load(connection, parties, demo)
    for code, answer in answers.items():
        entry = manifest.registries.get(code)
        if answer.status not in ASKED or entry is None or entry.segment is None:
            continue
        try:
            path = whole(root, entry.segment)
            connection.execute(f"ATTACH {literal(str(path))} AS segment (READ_ONLY)")
            lanes = _lanes(entry.invalid, entry.blank, by_name=scope.by_name)
            found = _join(connection, standings.registries[code], kinds, lanes)
            connection.execute("DETACH segment")
        except (OSError, duckdb.IOException, duckdb.SerializationException):
            answers[code] = replace(answer, status=Status.BROKEN, reason=Reason.INDEX_DAMAGED)
            continue
        if found and answer.status is Status.NONE:
            answers[code] = replace(answer, status=Status.HIT)
    return BatchCollision(connection, parties, standings, answers, manifest.version, demo)


def _load(connection: duckdb.DuckDBPyConnection, parties: Parties, demo: bool) -> None:
    """The parties as a table: place, keys by lane, name and comparison key of the name."""
    size = len(parties.refs)
    arrays: dict[str, Any] = {
        "party": np.arange(size, dtype=np.uint32),
        "kind": np.fromiter((kind is IdentifierKind.RESIDENT_ID for kind in parties.kinds), np.bool_, size),
        "name": np.array([*parties.names, ""], dtype=object)[:-1],
    }
    # Each number is judged as what it is said to be: by far the most lists hold one kind.
    text = np.full(size, "", object)
    valid = np.zeros(size, np.bool_)
    resident, high, low = (np.zeros(size, np.uint64) for _ in range(3))
    for kind in set(parties.kinds):
        places = np.flatnonzero(arrays["kind"] == (kind is IdentifierKind.RESIDENT_ID))
        texts = (
            list(parties.numbers)
            if len(places) == size
            else [parties.numbers[place] for place in places.tolist()]
        )
        packed = pack_texts(texts, (kind,), demo=demo)
        valid[places] = packed.valid
        resident[places], high[places], low[places] = packed.resident, packed.credit_high, packed.credit_low
        for place, compacted in packed.invalid.items():
            text[places[place]] = compacted
    arrays |= {"valid": valid, "resident": resident, "high": high, "low": low, "text": text}
    connection.register("given", arrays)
    connection.execute(
        "CREATE TABLE parties AS SELECT party, kind, CASE WHEN valid AND kind THEN resident END AS r, "  # noqa: S608
        "CASE WHEN valid AND NOT kind THEN (high::UHUGEINT << 64) | low END AS c, nullif(text, '') AS t, "
        f"name, CASE WHEN {PLAIN_SQL.format('name')} THEN name END AS n FROM given"
    )
    connection.unregister("given")
    others = connection.execute("SELECT DISTINCT name FROM parties WHERE n IS NULL AND name <> ''").fetchall()
    _keep_names(connection, "other_names", (name for (name,) in others))
    connection.execute(
        "UPDATE parties SET n = other_names.key FROM other_names WHERE parties.name = other_names.name AND other_names.key <> ''"
    )


def _lanes(invalid: int, blank: int, *, by_name: bool) -> frozenset[Lane]:
    """The lanes beside the numbers' own that a registry has rows in."""
    lanes = {Lane.TEXT} if invalid else set()
    return frozenset(lanes | ({Lane.NAME} if by_name and invalid + blank else set()))


def _join(
    connection: duckdb.DuckDBPyConnection,
    registry: Registry,
    kinds: frozenset[IdentifierKind],
    besides: frozenset[Lane],
) -> int:
    """Join one segment into a table of its hits, one row a party and row; returns how many there are.

    ``besides`` are the lanes other than the numbers' own that are to be joined.
    """
    # The comparison of names needs them, also where the fields are read at the source.
    carried = [f"name{place}" for place, key in enumerate(registry.keys) if key.name]
    if registry.rows is Rows.PREPARED:
        carried += [f"f{place}" for place in range(len(registry.fields))]
    # Rows that are read at the source are looked at once more, by the way that led to them.
    at_source = registry.rows is Rows.SOURCE
    by_number, others = [], []
    for place, key in enumerate(registry.keys):
        asked = kinds.intersection(key.kinds)
        by_number += [_way(registry, place, LANE_OF[kind], carried, at_source) for kind in sorted(asked)]
        others += [_way(registry, place, lane, carried, at_source) for lane in sorted(besides) if asked]
    table = f'"hits {registry.code}"'
    connection.execute(f"CREATE TABLE {table} AS {' UNION ALL '.join(by_number)}")
    _compare_other_names(connection, table, registry)
    # A row reached in several ways is one hit, the best of them; what it carries is the same in all. With
    # one key column a number excludes the other ways, and the large join is left as it is.
    carries = "".join(f", any_value({column}) AS {column}" for column in carried)
    carries += ", flatten(list(ways)) AS ways" if at_source else ""
    together = f"SELECT party, row_no, min(best) AS best{carries} FROM ({{0}}) GROUP BY party, row_no"  # noqa: S608
    rest = " UNION ALL ".join(others)
    if len(registry.keys) > 1:
        if others:
            connection.execute(f"INSERT INTO {table} {rest}")
        connection.execute(f"CREATE TABLE together AS {together.format(f'FROM {table}')}")
        connection.execute(f"DROP TABLE {table}")
        connection.execute(f"ALTER TABLE together RENAME TO {table}")
    elif others:
        connection.execute(f"INSERT INTO {table} BY NAME {together.format(rest)}")
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])  # noqa: S608


def _way(registry: Registry, place: int, lane: Lane, carried: Sequence[str], at_source: bool) -> str:
    """The rows that parties reach through one key column and lane, each with its check so far."""
    key = registry.keys[place]
    on = {Lane.RESIDENT: "r", Lane.CREDIT: "c", Lane.TEXT: "t", Lane.NAME: "n"}[lane]
    table = LOOSE if lane in (Lane.TEXT, Lane.NAME) else TABLE
    if lane is Lane.NAME:
        best = f"{ORDER[NameCheck.NAME_ONLY]}"
    elif lane is Lane.TEXT:
        best = f"{ORDER[NameCheck.KEY_INVALID]}"
    elif not key.name:
        best = f"{ORDER[NameCheck.NAME_MISSING]}"
    else:
        confirmed, differs = ORDER[NameCheck.CONFIRMED], ORDER[NameCheck.NAME_DIFFERS]
        best = (
            f"CASE WHEN p.n IS NULL OR s.name{place} IS NULL THEN {ORDER[NameCheck.NAME_MISSING]} "
            f"WHEN s.p{place} THEN CASE WHEN s.name{place} = p.n THEN {confirmed} ELSE {differs} END ELSE {_OPEN + place} END"
        )
    fits = ""
    if len(set(key.kinds)) == 1:
        fits = " AND p.kind" if key.kinds[0] is IdentifierKind.RESIDENT_ID else " AND NOT p.kind"
    ways = f", [{place * 4 + tuple(Lane).index(lane)}::UTINYINT] AS ways" if at_source else ""
    chosen = "".join(f", s.{column}" for column in carried)
    return (
        f"SELECT p.party, s.row_no, ({best})::UTINYINT AS best{ways}{chosen} "  # noqa: S608
        f"FROM segment.{table} s JOIN parties p ON s.{on}{place} = p.{on}{fits}"
    )


def _compare_other_names(connection: duckdb.DuckDBPyConnection, table: str, registry: Registry) -> None:
    """Decide the hits whose names SQL could not compare: names with spaces, dots, letters, rare characters."""
    for place in range(len(registry.keys)):
        mark = _OPEN + place
        marked = f"SELECT DISTINCT name{place} FROM {table} WHERE best = {mark}"  # noqa: S608
        others = connection.execute(marked).fetchall()
        if not others:
            continue
        _keep_names(connection, "other_names", (name for (name,) in others))
        connection.execute(
            f"UPDATE {table} AS h SET best = CASE WHEN o.key = '' THEN {ORDER[NameCheck.NAME_MISSING]} "  # noqa: S608
            f"WHEN o.key = p.n THEN {ORDER[NameCheck.CONFIRMED]} ELSE {ORDER[NameCheck.NAME_DIFFERS]} END "
            f"FROM other_names o, parties p WHERE h.best = {mark} AND h.name{place} = o.name AND h.party = p.party"
        )


def _keep_names(connection: duckdb.DuckDBPyConnection, table: str, names: Iterable[str]) -> None:
    """A table of names with their comparison keys."""
    known = list(names)
    arrays = {
        "name": np.array([*known, ""], dtype=object)[:-1],
        "key": np.array([*map(comparison_key, known), ""], dtype=object)[:-1],
    }
    connection.register("named", arrays)
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT name::VARCHAR AS name, key::VARCHAR AS key FROM named"  # noqa: S608
    )
    connection.unregister("named")
