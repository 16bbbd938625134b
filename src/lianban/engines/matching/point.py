"""Point collision: one party against every registry at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import lmdb
import orjson

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.names import comparison_key
from lianban.engines.matching.asking import Asked, Scope
from lianban.engines.matching.errors import NotAKey
from lianban.engines.matching.keys import Key, Lane, key_of
from lianban.engines.matching.manifest import NAME
from lianban.engines.matching.opened import Opened, Reached, open_index, stamp_of
from lianban.engines.matching.planning import Plans
from lianban.engines.matching.registries import KEY_KINDS, Registry, Rows
from lianban.engines.matching.results import (
    Collision,
    Hit,
    NameCheck,
    Reason,
    RegistryAnswer,
    RegistryState,
    Status,
)
from lianban.engines.matching.sources import Sources, SourceTrouble
from lianban.engines.matching.standing import Standings
from lianban.engines.matching.values import read_value

# The best that was found of a row counts: two key columns, or text and name, may have reached it.
ORDER = {check: place for place, check in enumerate(NameCheck)}


class PointIndex:
    """An index open for reading, to be kept and used by many threads and processes at once.

    It looks at every question whether a newer index was swapped in, and follows; a question under way
    goes on reading the one it began with. Whether the tables are still what was indexed is looked at when
    ``now`` has moved by a second.
    """

    def __init__(
        self,
        registries: Mapping[str, Registry],
        folder: Path | str,
        *,
        data: Path | str,
        sources: Sources | None = None,
        demo: bool = False,
    ) -> None:
        """Raises :class:`~lianban.engines.matching.errors.NoIndex` where none was built, and
        :class:`~lianban.engines.matching.errors.IndexUnreadable` for one that is damaged or was built with
        another ``demo``."""
        self.folder, self.demo = Path(folder), demo
        self._manifest = str(self.folder / NAME)
        self.standings = Standings(registries, Path(data), sources)
        self._opened: tuple[Opened, Plans] | None = None
        self._current()

    def collide(self, asked: Asked, scope: Scope, *, now: datetime) -> Collision:
        """What the registries say about one party, within the scope. ``now`` decides what is late.

        Raises :class:`~lianban.engines.matching.errors.NotAKey` for other kinds of identifier.
        """
        if asked.kind not in KEY_KINDS:
            raise NotAKey(kind=asked.kind.value)
        opened, plans = self._current()
        plan = plans.plan(scope, asked.kind, now)
        key = key_of(asked.kind, asked.number, asked.name, demo=self.demo)
        answers = dict(plan.answers)
        found = opened.find(key, plan.slots, by_name=scope.by_name)
        if found:
            wanted = comparison_key(asked.name)
            for code, reached in found.items():
                answers[code] = self._with_hits(opened, answers[code], reached, asked, wanted)
        return Collision(asked.ref, now, opened.version, key.valid, tuple(answers.values()))

    def find(self, asked: Asked) -> list[int]:
        """The postings of a party's number: what the index alone costs, for measurements."""
        key = key_of(asked.kind, asked.number, "", demo=self.demo)
        return self._current()[0].postings.find(key.lane, key.value) if key.value is not None else []

    def states(self, now: datetime) -> dict[str, RegistryState]:
        """Which registries can be asked now, and why others cannot."""
        manifest = self._current()[0].manifest
        return {
            code: self.standings.state(registry, manifest, now)
            for code, registry in self.standings.registries.items()
        }

    @property
    def version(self) -> str:
        """The version of the index that is answered from now."""
        return self._current()[0].version

    def close(self) -> None:
        """Let go of the index and of the tables. A question under way in another thread still ends."""
        self._opened = None
        self.standings.close()

    def _current(self) -> tuple[Opened, Plans]:
        held = self._opened
        if held is None or held[0].stamp != stamp_of(self._manifest):
            opened = open_index(self.folder, demo=self.demo)
            held = self._opened = opened, Plans(self.standings, opened)
        return held

    def _with_hits(
        self, opened: Opened, answer: RegistryAnswer, reached: dict[int, Reached], asked: Asked, wanted: str
    ) -> RegistryAnswer:
        registry = self.standings.registries[answer.registry]
        try:
            if registry.rows is Rows.PREPARED:
                rows: Mapping[int, Sequence[Any]] = opened.stores[registry.code].fetch(sorted(reached))
            else:
                rows = rows_at_source(self.standings, registry, reached, asked, demo=self.demo)
        except SourceTrouble as trouble:
            return replace(answer, status=Status.BROKEN, reason=Reason(trouble.reason))
        except (LookupError, lmdb.Error, orjson.JSONDecodeError):
            return replace(answer, status=Status.BROKEN, reason=Reason.INDEX_DAMAGED)
        hits = tuple(
            hit_of(
                registry,
                row,
                best_check(registry, reached[row], values, asked.name, wanted),
                answer.questions,
                values,
            )
            for row, values in rows.items()
        )
        status = Status.HIT if hits and answer.status is Status.NONE else answer.status
        return RegistryAnswer(
            answer.registry,
            answer.title,
            answer.agency,
            status,
            answer.questions,
            answer.as_of,
            hits,
            answer.reason,
        )


def best_check(
    registry: Registry, ways: Reached, values: Sequence[Any], asked: str, wanted: str
) -> NameCheck:
    """The best way in which a row was recognised. ``wanted`` is the comparison key of the name ``asked``."""
    if len(ways) == 1:
        return _check(registry, *ways[0], values, asked, wanted)
    return min((_check(registry, *way, values, asked, wanted) for way in ways), key=ORDER.__getitem__)


def _check(
    registry: Registry, place: int, lane: Lane, values: Sequence[Any], asked: str, wanted: str
) -> NameCheck:
    if lane is Lane.NAME:
        return NameCheck.NAME_ONLY
    if lane is Lane.TEXT:
        return NameCheck.KEY_INVALID
    name_place = registry.name_places[place]
    name = values[name_place] if name_place is not None else None
    if not name or not wanted:
        return NameCheck.NAME_MISSING
    if name == asked:
        return NameCheck.CONFIRMED
    key = comparison_key(name)
    if not key:
        return NameCheck.NAME_MISSING
    return NameCheck.CONFIRMED if key == wanted else NameCheck.NAME_DIFFERS


def hit_of(
    registry: Registry, row: int, check: NameCheck, questions: Sequence[str], values: Sequence[Any]
) -> Hit:
    """A hit out of a row of names and fields. Who checks a hit that is no fact sees the names of the row."""
    name = ""
    if check is not NameCheck.CONFIRMED:
        name = "、".join(dict.fromkeys(str(text) for text in values[: len(registry.names)] if text))
    return Hit(row, check, fields_of(registry, questions, values), name)


def fields_of(
    registry: Registry, questions: Sequence[str], values: Sequence[Any]
) -> dict[str, dict[str, Any]]:
    """By question, its fields out of a row of names and fields."""
    names = len(registry.names)
    return {
        question: {field: values[names + place] for field, place in registry.field_places[question]}
        for question in questions
    }


def rows_at_source(
    standings: Standings, registry: Registry, reached: Mapping[int, Reached], asked: Asked, *, demo: bool
) -> dict[int, list[Any]]:
    """Names and fields of rows read from the table as it is now, less those that are another's by now."""
    keys = [key.column for key in registry.keys]
    columns = [*keys, *registry.names, *(field.column for field in registry.fields)]
    found = standings.table(registry).fetch(sorted(reached), columns)
    rows: dict[int, list[Any]] = {}
    wanted = key_of(asked.kind, asked.number, asked.name, demo=demo)
    names = [*range(len(keys), len(keys) + len(registry.names))]
    for row in sorted(reached):
        if row not in found:
            continue
        values = found[row]
        still = [
            (place, lane)
            for place, lane in reached[row]
            if _still(wanted, lane, _key_now(registry, place, values, names, asked.kind, demo))
        ]
        if still:
            reached[row][:] = still
            texts = [None if values[place] is None else str(values[place]) for place in names]
            fields = zip(values[len(keys) + len(names) :], registry.fields, strict=True)
            rows[row] = [*texts, *(read_value(value, field.reading) for value, field in fields)]
    return rows


def _key_now(
    registry: Registry,
    place: int,
    values: Sequence[Any],
    names: Sequence[int],
    kind: IdentifierKind,
    demo: bool,
) -> Key:
    name_place = registry.name_places[place]
    name = values[names[name_place]] if name_place is not None else None
    number = values[place]
    return key_of(kind, "" if number is None else str(number), "" if name is None else str(name), demo=demo)


def _still(wanted: Key, lane: Lane, now: Key) -> bool:
    if lane is Lane.NAME:
        return not now.valid and now.name == wanted.name
    return now.lane is lane and now.value == wanted.value
